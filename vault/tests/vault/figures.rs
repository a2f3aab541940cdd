//! Figures of an application, and what needs attention.

use model::connected_accounts::ConnectedAccountStatus;
use model::figures::{Urgency, Window};
use vault::testing::{CLIENT_ID, TestVault};
use vault::{DAY, HOUR, MINUTE};

#[tokio::test]
async fn what_happened_is_counted_by_the_hour_and_once() {
    let test = TestVault::new("zoom").await;
    let account = test.connected().await;
    for _ in 0..3 {
        test.advance(HOUR);
        test.vault.refresh_now(&test.caller, account).await.unwrap();
    }
    for _ in 0..2 {
        // Another server, and a second round, count nothing twice.
        test.vault.count_figures().await.unwrap();
        test.another().await.count_figures().await.unwrap();
        test.advance(MINUTE);
    }
    let day = test.vault.happened(&test.caller, Window::Day).await.unwrap();
    assert_eq!((day.slots.len(), day.refreshed, day.failed, day.connected, day.lost), (24, 3, 0, 1, (0, 0)));
    let counts: Vec<_> = day.slots.iter().map(|slot| slot.refreshed).collect();
    assert_eq!(counts[20..], [0, 1, 1, 1]);
    assert_eq!(day.slots[23].label, "1 Jan, 03:00");
    assert!(day.counted_at.is_some());
    test.advance(2 * DAY);
    let day = test.vault.happened(&test.caller, Window::Day).await.unwrap();
    assert_eq!((day.refreshed, day.connected), (0, 0));
    for (window, slots) in [(Window::Week, 28), (Window::Month, 30)] {
        let happened = test.vault.happened(&test.caller, window).await.unwrap();
        assert_eq!((happened.slots.len(), happened.refreshed, happened.connected), (slots, 3, 1), "{window}");
        assert_eq!(happened.slots.iter().map(|slot| slot.refreshed).sum::<i64>(), 3);
    }
}

#[tokio::test]
async fn few_accounts_are_counted_live_and_many_by_rounds() {
    let test = TestVault::new("zoom").await;
    test.connect("somebody", "ada@example.com").await;
    let figures = test.vault.account_figures(&test.caller).await.unwrap();
    assert_eq!((figures.active.count, figures.active.or_more, figures.active.counted_at), (1, false, None));
    test.seed(5_100, test.clock.now()).await;
    let figures = test.vault.account_figures(&test.caller).await.unwrap();
    assert_eq!((figures.active.count, figures.active.or_more), (1_000, true), "nothing has counted them yet");
    test.vault.count_figures().await.unwrap();
    let figures = test.vault.account_figures(&test.caller).await.unwrap();
    assert_eq!((figures.active.count, figures.active.or_more), (5_101, false));
    assert!(figures.active.counted_at.is_some());
    assert_eq!(figures.needs_reconnect.count, 0);
}

#[tokio::test]
async fn what_does_not_work_is_named_with_the_page_where_it_is_put_right() {
    let test = TestVault::new("zoom").await;
    assert!(test.vault.attention(&test.caller).await.unwrap().is_empty());
    let account = test.connected().await;
    test.sandbox.revoke_grant(CLIENT_ID, "ada@example.com").unwrap();
    test.advance(2 * HOUR);
    drop(test.vault.refresh_now(&test.caller, account).await);
    test.vault.count_figures().await.unwrap();
    let items = test.vault.attention(&test.caller).await.unwrap();
    let [lost] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((lost.urgency, lost.title.as_str()), (Urgency::Warn, "1 account has to be connected again"));
    assert!(lost.path.ends_with(&format!("?status={}", ConnectedAccountStatus::NeedsReconnect)));
    assert!(lost.text.starts_with("1 in the last 24 hours, 0 in the 24 hours before."), "{}", lost.text);

    let wrong = "not-the-secret-of-this-client-00";
    test.save(CLIENT_ID, wrong, true).await.unwrap();
    let items = test.vault.attention(&test.caller).await.unwrap();
    assert_eq!((items[0].urgency, items.len()), (Urgency::Bad, 2));
    assert!(items[0].title.contains("refuses the credentials of zoom") && items[0].path.ends_with("/providers/zoom"));
}

#[tokio::test]
async fn steps_are_ticked_off_by_what_is_there() {
    let test = TestVault::empty("zoom").await;
    let steps = async || test.vault.first_steps(&test.caller).await.unwrap();
    assert_eq!(steps().await, model::applications::FirstSteps::default());
    test.save(CLIENT_ID, vault::testing::CLIENT_SECRET, false).await.unwrap();
    assert!(steps().await.provider && !steps().await.tried);
    test.session(|_| ()).await;
    assert!(steps().await.tried && !steps().await.from_code);
    let key = test.vault.add_api_key(&test.caller, "Backend").await.unwrap();
    assert!(steps().await.key);
    let backend = test.vault.authenticate(key.secret.expose(), None).await.unwrap().unwrap();
    test.vault.open_connect_session(&backend, vault::testing::new_session("user_1", "zoom")).await.unwrap();
    assert!(steps().await.from_code && !steps().await.connected);
    test.connected().await;
    assert!(steps().await.are_done());
}
