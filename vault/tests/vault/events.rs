//! The audit log: filters, pages, words, personal fields and exports.

use model::connect_sessions::ConnectSessionFilter;
use model::events::{EventFilter, EventLine, Personal};
use model::lists::Turn;
use model::people::Role;
use vault::testing::TestVault;
use vault::{DAY, ExportFormat, Filter, Secret, SignIn, VaultError};

async fn page(test: &TestVault, filter: &EventFilter) -> Vec<EventLine> {
    test.vault.events(&test.caller, filter, &Turn::default(), 100).await.unwrap().data
}

fn types(lines: &[EventLine]) -> Vec<&str> {
    lines.iter().map(|line| line.r#type.as_str()).collect()
}

#[tokio::test]
async fn each_filter_lets_through_what_it_names() {
    let test = TestVault::new("zoom").await;
    let account = test.connected().await;
    test.advance(3 * DAY);
    test.vault.add_api_key(&test.caller, "Backend").await.unwrap();
    test.vault.refresh_now(&test.caller, account).await.unwrap();
    let by = |change: fn(&mut EventFilter)| {
        let mut filter = EventFilter::default();
        change(&mut filter);
        filter
    };
    let all = page(&test, &EventFilter::default()).await;
    assert_eq!(types(&all).first(), Some(&"token_set.refreshed"));
    assert_eq!(types(&page(&test, &by(|f| f.group = "api_keys".into())).await), ["api_key.created"]);
    assert_eq!(types(&page(&test, &by(|f| f.group = "tokens".into())).await), ["token_set.refreshed"]);
    let sessions = page(&test, &by(|f| f.group = "connect_sessions".into())).await;
    let expected = ["connect_session.finished", "connect_session.started", "connect_session.created"];
    assert_eq!(types(&sessions), expected, "the types of a group are merged by time");
    let of_users = page(&test, &by(|f| f.actor = "end_user".into())).await;
    assert!(!of_users.is_empty() && of_users.iter().all(|line| line.actor.kind == "end_user"));
    let person = EventFilter { actor: test.member.person().to_string(), ..EventFilter::default() };
    let of_person = page(&test, &person).await;
    assert!(of_person.iter().all(|line| line.actor.name == "owner@example.com") && of_person.len() < all.len());
    let target = EventFilter { id: account.to_string(), ..EventFilter::default() };
    assert_eq!(types(&page(&test, &target).await), ["connected_account.connected"]);
    let called =
        |kind: &str| all.iter().find(|line| line.target.kind == kind).and_then(|line| line.target.name.clone());
    for (kind, name) in [
        ("Connected account", "user_42"),
        ("Tokens", "user_42"),
        ("Connect session", "user_42"),
        ("Provider", "zoom"),
        ("API key", "Backend"),
    ] {
        assert_eq!(called(kind).as_deref(), Some(name), "{kind}");
    }
    let one = EventFilter { id: all[0].id.to_string(), ..EventFilter::default() };
    assert_eq!(page(&test, &one).await, all[..1]);
    assert!(page(&test, &by(|f| f.outcome = "not_ok".into())).await.is_empty());
    assert_eq!(page(&test, &by(|f| f.outcome = "ok".into())).await.len(), all.len());
    let late = page(&test, &by(|f| f.from = "2026-01-04".into())).await;
    let early = page(&test, &by(|f| f.to = "2026-01-03".into())).await;
    assert_eq!(types(&late), ["token_set.refreshed", "api_key.created"]);
    assert_eq!((early.len() + late.len(), types(&early).last()), (all.len(), Some(&"application.created")));
    let both = by(|f| (f.group, f.from, f.to) = ("api_keys".into(), "2026-01-04".into(), "2026-01-04".into()));
    assert_eq!(types(&page(&test, &both).await), ["api_key.created"]);
}

#[tokio::test]
async fn pages_lead_both_ways_over_the_same_rows() {
    let test = TestVault::new("zoom").await;
    for number in 0..12 {
        if number % 3 == 0 {
            test.advance(1_000);
        }
        test.vault.add_api_key(&test.caller, "Backend").await.unwrap();
    }
    for filter in [EventFilter::default(), EventFilter { group: "api_keys".into(), ..EventFilter::default() }] {
        let all: Vec<_> = page(&test, &filter).await.into_iter().map(|line| line.id).collect();
        let (mut seen, mut turn) = (Vec::new(), Turn::default());
        let last = loop {
            let page = test.vault.events(&test.caller, &filter, &turn, 5).await.unwrap();
            assert_eq!(page.newer.is_none(), turn.cursor.is_empty());
            seen.extend(page.data.iter().map(|line| line.id));
            match page.older {
                Some(cursor) => turn = Turn { cursor, newer: false },
                None => break page.newer,
            }
        };
        assert_eq!(seen, all);
        let back = Turn { cursor: last.unwrap(), newer: true };
        let page = test.vault.events(&test.caller, &filter, &back, 5).await.unwrap();
        let ids: Vec<_> = page.data.iter().map(|line| line.id).collect();
        let end = all.len() - (all.len() - 1) % 5 - 1;
        assert_eq!(ids, all[end - 5..end]);
        assert!(page.older.is_some());
    }
}

#[tokio::test]
async fn personal_fields_are_for_admins_and_the_organizations_log_too() {
    let test = TestVault::new("zoom").await;
    test.session(|_| ()).await;
    let created = EventFilter { group: "connect_sessions".into(), ..EventFilter::default() };
    let id = page(&test, &created).await[0].id;
    let shown = test.vault.event(&test.caller, id).await.unwrap();
    assert_eq!(shown.personal, Personal::Fields(vec![("end user".into(), "user_42".into())]));
    assert!(shown.facts.iter().any(|(name, value)| name == "providers" && value == "zoom"));

    let password = Secret::new("canary-password-456".into());
    test.vault.add_member(None, "dev@example.com", Role::Developer, password.clone()).await.unwrap();
    let signed_in = test.vault.sign_in("dev@example.com", password, "127.0.0.1").await.unwrap();
    let SignIn::Complete(developer) = signed_in else { panic!("no second factor is set up") };
    let caller = test.vault.enter(&developer, test.caller.application()).await.unwrap();
    assert_eq!(test.vault.event(&caller, id).await.unwrap().personal, Personal::Hidden);
    let (filter, turn) = (EventFilter::default(), Turn::default());
    let log = test.vault.organization_events(&developer, &filter, &turn, 50).await;
    assert!(matches!(log, Err(VaultError::Forbidden)));
    let export = test.vault.export_events(&caller, filter.clone(), ExportFormat::Csv).await;
    assert!(matches!(export, Err(VaultError::Forbidden)));

    let log = test.vault.organization_events(&test.member, &filter, &turn, 50).await.unwrap().data;
    assert_eq!(types(&log), ["person.sign_in", "member.added", "organization.founded"]);
    assert_eq!((log[0].actor.name.as_str(), log[0].says.as_str()), ("dev@example.com", "Signed in"));
    let found = test.vault.event(&test.caller, log[0].id).await;
    assert!(matches!(found, Err(VaultError::NotFound)), "it is not of the application");
}

#[tokio::test]
async fn an_export_has_every_row_once_and_stands_in_the_log() {
    let test = TestVault::new("zoom").await;
    for _ in 0..520 {
        test.session(|_| ()).await;
    }
    let filter = EventFilter { group: "connect_sessions".into(), ..EventFilter::default() };
    let mut export = test.vault.export_events(&test.caller, filter.clone(), ExportFormat::JsonLines).await.unwrap();
    let (mut text, mut pieces) = (String::new(), 0);
    while let Some(piece) = export.next().await.unwrap() {
        text.push_str(&piece);
        pieces += 1;
    }
    let ids: std::collections::BTreeSet<_> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!((ids.len(), text.lines().count(), pieces), (520, 520, 2));
    let mut csv = test.vault.export_events(&test.caller, filter, ExportFormat::Csv).await.unwrap();
    let head = csv.next().await.unwrap().unwrap();
    assert!(head.starts_with("id,at,type,says,outcome,actor_kind,"), "{head}");
    let exported = EventFilter { group: "application".into(), ..EventFilter::default() };
    let lines = page(&test, &exported).await;
    assert_eq!(types(&lines)[..2], ["application.events_exported", "application.events_exported"]);
    let facts = test.vault.event(&test.caller, lines[0].id).await.unwrap().facts;
    assert!(facts.contains(&("format".into(), "csv".into())), "{facts:?}");
}

#[tokio::test]
async fn what_cannot_be_read_lets_nothing_through() {
    let test = TestVault::new("zoom").await;
    let by = |name: &str, value: &str| {
        let (mut filter, value) = (EventFilter::default(), value.to_owned());
        match name {
            "group" => filter.group = value,
            "outcome" => filter.outcome = value,
            "from" => filter.from = value,
            _ => filter.to = value,
        }
        filter
    };
    let named = |error: VaultError| match error {
        VaultError::Invalid(invalid) => invalid.fields.into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
        other => panic!("{other}"),
    };
    for (name, value) in [("group", "bogus"), ("outcome", "bogus"), ("from", "bogus"), ("to", "2026-02-30")] {
        let filter = by(name, value);
        let page = test.vault.events(&test.caller, &filter, &Turn::default(), 10).await;
        assert_eq!(named(page.err().unwrap()), [name]);
        let page = test.vault.organization_events(&test.member, &filter, &Turn::default(), 10).await;
        assert_eq!(named(page.err().unwrap()), [name]);
        let export = test.vault.export_events(&test.caller, filter.clone(), ExportFormat::Csv).await;
        assert_eq!(named(export.err().unwrap()), [name]);
        let export = test.vault.export_organization_events(&test.member, filter, ExportFormat::Csv).await;
        assert_eq!(named(export.err().unwrap()), [name]);
    }
    for cursor in ["garbage", "evt_00000000000000000000000000"] {
        let turn = Turn { cursor: cursor.to_owned(), newer: false };
        let page = test.vault.events(&test.caller, &EventFilter::default(), &turn, 10).await;
        assert_eq!(named(page.err().unwrap()), ["cursor"], "{cursor}");
    }
    let garbage = Turn { cursor: "garbage".to_owned(), newer: true };
    let accounts = test.vault.connected_accounts_page(&test.caller, &Filter::default(), &garbage, 10).await;
    assert_eq!(named(accounts.err().unwrap()), ["cursor"]);
    let lacking = test.vault.accounts_lacking_scopes(&test.caller, "zoom", &garbage, 10).await;
    assert_eq!(named(lacking.err().unwrap()), ["cursor"]);
    let every = ConnectSessionFilter::default();
    let sessions = test.vault.connect_session_log(&test.caller, &every, &garbage, 10).await;
    assert_eq!(named(sessions.err().unwrap()), ["cursor"]);
    let bogus = ConnectSessionFilter { outcome: "bogus".into(), ..every };
    let sessions = test.vault.connect_session_log(&test.caller, &bogus, &Turn::default(), 10).await;
    assert_eq!(named(sessions.err().unwrap()), ["outcome"]);
    let log = page(&test, &EventFilter::default()).await;
    assert!(!types(&log).contains(&"application.events_exported"), "nothing left the house");
}
