//! Saving credentials: what is trimmed, what is said, what the provider is asked.

use super::tokens::ask;
use model::provider_configs::{ProbeVerdict, ProviderConfigState, SavedProviderConfig};
use vault::testing::sandbox::{Endpoint, Fault, FaultKind};
use vault::testing::{CLIENT_ID, CLIENT_SECRET, TestVault, form};
use vault::{HOUR, Saved, VaultError};

fn saved(result: Result<Saved, VaultError>) -> SavedProviderConfig {
    match result {
        Ok(Saved::Saved(saved)) => *saved,
        Ok(Saved::Rejected { words, .. }) => panic!("rejected: {words}"),
        Ok(Saved::Doubtful { doubts, .. }) => panic!("doubtful: {doubts:?}"),
        Err(error) => panic!("{error:?}"),
    }
}

fn fields(result: Result<Saved, VaultError>) -> String {
    match result {
        Err(VaultError::Invalid(invalid)) => invalid.fields.into_iter().map(|(n, _)| n).collect::<Vec<_>>().join(" "),
        Err(other) => format!("{other:?}"),
        Ok(_) => "ok".to_owned(),
    }
}

#[tokio::test]
async fn good_credentials_are_accepted_and_the_secret_never_comes_back() {
    let test = TestVault::empty("zoom").await;
    let saved = saved(test.save(CLIENT_ID, CLIENT_SECRET, false).await);
    assert_eq!((saved.verdict, saved.config.state), (Some(ProbeVerdict::Accepted), ProviderConfigState::Active));
    assert!(saved.config.verified_at.is_some() && saved.notes.is_empty());
    assert_eq!(saved.config.client_secret_ends, "789a");
    assert!(!serde_json::to_string(&saved.config).unwrap().contains(CLIENT_SECRET));
    assert_eq!(test.sandbox.token_requests("client_credentials"), 1);
}

#[tokio::test]
async fn refused_credentials_are_kept_only_when_told_so() {
    let test = TestVault::empty("zoom").await;
    let Ok(Saved::Rejected { words, held_secret, .. }) =
        test.save(CLIENT_ID, "wrong-secret-000000000000000000a", false).await
    else {
        panic!()
    };
    assert!(words.contains("Invalid client_id or client_secret"), "{words}");
    assert!(matches!(test.vault.provider_config(&test.caller, "zoom").await, Err(VaultError::NotFound)));
    let mut anyway = form("zoom", CLIENT_ID, "", true);
    anyway.held_secret = held_secret.clone();
    let saved = saved(test.vault.save_provider_config(&test.caller, anyway).await);
    assert_eq!(saved.config.state, ProviderConfigState::Rejected);
    assert!(saved.config.rejection.is_some());
    let mut stolen = form("zoom", "Another_client_0000001", "", true);
    (stolen.key, stolen.held_secret) = ("zoom-2".into(), held_secret);
    assert_eq!(
        fields(test.vault.save_provider_config(&test.caller, stolen).await),
        "client_secret",
        "held for its own key only"
    );
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_never_blocks_a_save() {
    for kind in [FaultKind::status(500), FaultKind::retry_after(429, "60"), FaultKind::Garbage, FaultKind::DropBefore] {
        let test = TestVault::empty("zoom").await;
        test.sandbox.fault(Fault::new(Endpoint::Token, kind).forever());
        let saved = saved(test.save(CLIENT_ID, CLIENT_SECRET, false).await);
        assert_eq!((saved.verdict, saved.config.state), (Some(ProbeVerdict::CannotTell), ProviderConfigState::Active));
        assert!(saved.config.verified_at.is_none());
    }
    let test = TestVault::empty("zoom").await;
    test.sandbox.stop().await;
    assert_eq!(saved(test.save(CLIENT_ID, CLIENT_SECRET, false).await).verdict, Some(ProbeVerdict::CannotTell));
}

#[tokio::test]
async fn the_made_up_code_tells_where_the_first_step_cannot() {
    let test = TestVault::empty("zoom").await;
    let not_allowed = Fault::new(Endpoint::Token, FaultKind::error("unauthorized_client", "not for this app"));
    test.sandbox.fault(not_allowed.for_grant_type("client_credentials").forever());
    assert_eq!(saved(test.save(CLIENT_ID, CLIENT_SECRET, false).await).verdict, Some(ProbeVerdict::Accepted));
    assert!(matches!(
        test.save(CLIENT_ID, "wrong-secret-000000000000000000a", false).await,
        Ok(Saved::Rejected { .. })
    ));
}

#[tokio::test]
async fn a_secret_cannot_be_guessed_by_saving() {
    let test = TestVault::empty("zoom").await;
    for n in 0..10 {
        assert!(matches!(test.save(CLIENT_ID, &format!("guess-{n:026}"), false).await, Ok(Saved::Rejected { .. })));
    }
    let asked = test.sandbox.token_requests("client_credentials");
    let eleventh = saved(test.save(CLIENT_ID, CLIENT_SECRET, false).await);
    assert_eq!(
        (eleventh.verdict, test.sandbox.token_requests("client_credentials")),
        (Some(ProbeVerdict::CannotTell), asked)
    );
    test.advance(HOUR);
    let (verdict, _, config) = test.vault.verify_provider_config(&test.caller, "zoom").await.unwrap();
    assert_eq!((verdict, config.state), (ProbeVerdict::Accepted, ProviderConfigState::Active));
}

#[tokio::test]
async fn common_mistakes_are_named() {
    let test = TestVault::empty("zoom").await;
    let save = async |id: &str, secret: &str| test.save(id, secret, true).await;
    let notes = |s: SavedProviderConfig| s.notes.join("|");
    assert!(
        notes(saved(save(&format!(" {CLIENT_ID}\n"), &format!("{CLIENT_SECRET} ")).await)).contains("Spaces around")
    );
    assert!(notes(saved(save(CLIENT_SECRET, CLIENT_ID).await)).contains("look swapped"));
    assert!(
        notes(saved(save("short", CLIENT_SECRET).await))
            .contains("This Client ID has 5 characters; Zoom's usually have 22.")
    );
    assert_eq!(fields(save("", "").await), "client_id");
    assert_eq!(fields(save("a b", CLIENT_SECRET).await), "client_id");
    assert_eq!(fields(save(CLIENT_ID, CLIENT_ID).await), "client_secret");
    let mut bad_key = form("zoom", CLIENT_ID, CLIENT_SECRET, false);
    bad_key.key = "Not A Key".into();
    assert_eq!(fields(test.vault.save_provider_config(&test.caller, bad_key).await), "key");
}

#[tokio::test]
async fn an_empty_secret_keeps_the_stored_one_for_the_same_client_only() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let mut edit = form("zoom", CLIENT_ID, "", false);
    edit.scopes = vec!["user:read:user meeting:read:meeting".into()];
    let kept = saved(test.vault.save_provider_config(&test.caller, edit).await);
    assert_eq!((kept.verdict, kept.config.client_secret_ends.as_str()), (None, "789a"));
    assert_eq!(kept.config.scopes, ["user:read:user", "meeting:read:meeting"]);
    test.advance(2 * HOUR);
    assert!(ask(&test, id).await.is_ok());
    assert_eq!(
        fields(test.vault.save_provider_config(&test.caller, form("zoom", "Another_client_0000001", "", false)).await),
        "client_secret"
    );
}

/// Checklist 49: a refresh goes to the client under which the consent was given.
#[tokio::test]
async fn tokens_are_refreshed_with_the_client_they_were_issued_to() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let mut second = vault::testing::client();
    (second.client_id, second.client_secret) =
        ("SecondClient_000000001".into(), "second-secret-00000000000000000a".into());
    test.sandbox.add_client(second).unwrap();
    saved(test.save("SecondClient_000000001", "second-secret-00000000000000000a", false).await);
    test.advance(2 * HOUR);
    assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
    let by =
        test.sandbox.journal().into_iter().rev().find(|e| e.grant_type.as_deref() == Some("refresh_token")).unwrap();
    assert_eq!(by.client_id.as_deref(), Some(CLIENT_ID));
}

#[tokio::test]
async fn disabled_means_no_token_and_no_connect_until_enabled() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.vault.set_provider_config_disabled(&test.caller, "zoom", true).await.unwrap();
    assert_eq!(ask(&test, id).await, Err("provider_config_disabled".to_owned()));
    let enabled = test.vault.set_provider_config_disabled(&test.caller, "zoom", false).await.unwrap();
    assert_eq!(enabled.state, ProviderConfigState::Active);
    assert!(ask(&test, id).await.is_ok());
}

#[tokio::test]
async fn removing_revokes_everything_and_frees_the_key() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    assert_eq!(test.vault.remove_provider_config(&test.caller, "zoom").await.unwrap(), 1);
    assert_eq!(ask(&test, id).await, Err("revoked".to_owned()));
    test.another().await.reap().await.unwrap();
    test.vault.close().await;
    let again = test.another().await;
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
    assert!(matches!(again.provider_config(&test.caller, "zoom").await, Err(VaultError::NotFound)));
    saved(again.save_provider_config(&test.caller, form("zoom", CLIENT_ID, CLIENT_SECRET, false)).await);
}

#[tokio::test]
async fn removing_a_provider_config_ends_every_token_at_once_and_its_accounts_in_batches() {
    let test = TestVault::new("zoom").await;
    test.seed(250, test.clock.now()).await;
    let last = vault::testing::seeded_account(250).parse().unwrap();
    assert!(ask(&test, last).await.is_ok());
    assert_eq!(test.vault.remove_provider_config(&test.caller, "zoom").await.unwrap(), 250);
    assert_eq!(ask(&test, last).await, Err("revoked".to_owned()));
    // Whatever this process leaves another one's rounds end.
    let (filter, other) = (vault::Filter::default(), test.another().await);
    for _ in 0..5 {
        other.reap().await.unwrap();
    }
    let list = test.vault.connected_accounts(&test.caller, &filter, None, 100).await.unwrap();
    let revoked = list.data.iter().filter(|a| a.status == model::connected_accounts::ConnectedAccountStatus::Revoked);
    assert_eq!(revoked.count(), 100);
    let account = test.vault.connected_account(&test.caller, last).await.unwrap();
    assert_eq!(account.status, model::connected_accounts::ConnectedAccountStatus::Revoked);
}

#[tokio::test]
async fn a_scope_that_the_reference_lacks_is_told_and_saved_anyway() {
    let test = TestVault::new("zoom").await;
    let with = |scopes: &str, anyway: bool| {
        let mut form = form("zoom", CLIENT_ID, "", anyway);
        form.scopes = vec![scopes.to_owned()];
        test.vault.save_provider_config(&test.caller, form)
    };
    let Ok(Saved::Doubtful { doubts, held_secret, .. }) = with("user:read:user meeting:read:list_meeting", false).await
    else {
        panic!("nothing spoke against it")
    };
    let told = "Zoom's reference has no scope meeting:read:list_meeting; did you mean meeting:read:list_meetings?";
    assert_eq!((doubts, held_secret), (vec![("scopes".to_owned(), told.to_owned())], String::new()));
    assert!(test.vault.provider_config(&test.caller, "zoom").await.unwrap().scopes.is_empty(), "nothing is stored");
    let saved = saved(with("user:read:user meeting:read:list_meeting", true).await);
    assert_eq!(saved.notes, [told]);
    // What is there already is not asked about again, and a classic name is known.
    assert!(matches!(with("meeting:read:list_meeting meeting:read", false).await, Ok(Saved::Saved(_))));
}
