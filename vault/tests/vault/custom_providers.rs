//! Entries of an application's own: as a form, as TOML, and where they may lead.

use model::custom_providers::EntryForm;
use vault::testing::sandbox::{Client, ScopeParameter};
use vault::testing::{CLIENT_ID, CLIENT_SECRET, TestVault, client, form as config_form};
use vault::{AllowedHosts, Saved, Vault, VaultError};

/// A vault whose operator lets tenants reach the sandbox, and whose client there has these scopes.
pub(crate) async fn with_tenants(scopes: &[&str]) -> TestVault {
    let mut test = TestVault::new("zoom").await;
    let address = test.sandbox.address();
    let hosts = format!("{address},tenants:{address}");
    let allow = |options: &mut vault::Options| options.allowed_hosts = AllowedHosts::parse(&hosts).unwrap();
    test.vault = test.open_again(allow).await.unwrap();
    let scopes: Vec<String> = scopes.iter().map(|&scope| scope.to_owned()).collect();
    let mut ours = Client { scopes, ..client() };
    ours.scope_parameter = ScopeParameter::Honoured;
    test.sandbox.add_client(ours).unwrap();
    test
}

/// An entry that points at the sandbox, filled in by hand.
pub(crate) fn by_hand(test: &TestVault) -> EntryForm {
    let at = |path: &str| format!("{}{path}", test.sandbox.base_url());
    EntryForm {
        name: "Acme ID".into(),
        authorize: at("/oauth/authorize"),
        token: at("/oauth/token"),
        revoke: at("/oauth/revoke"),
        userinfo: at("/oauth/userinfo"),
        ..EntryForm::default()
    }
}

/// Saves an entry and a provider config under it; both have the slug as their name.
pub(crate) async fn set_up(test: &mut TestVault, form: &EntryForm, scopes: &[&str]) -> String {
    let slug = test.vault.save_custom_provider(&test.caller, None, form).await.unwrap();
    let mut config = config_form(&slug, CLIENT_ID, CLIENT_SECRET, false);
    config.scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    assert!(matches!(test.vault.save_provider_config(&test.caller, config).await, Ok(Saved::Saved(_))));
    test.key.clone_from(&slug);
    slug
}

async fn refused(test: &TestVault, form: &EntryForm) -> Vec<(String, String)> {
    match test.vault.save_custom_provider(&test.caller, None, form).await {
        Err(VaultError::Invalid(invalid)) => invalid.fields,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_application_connects_accounts_of_a_provider_it_wrote_itself() {
    let mut test = with_tenants(&["user:read:user"]).await;
    let form = by_hand(&test);
    let slug = set_up(&mut test, &form, &["user:read:user"]).await;
    assert_eq!(slug, "custom-acme-id");
    let account = test.connected().await;
    let account = test.vault.connected_account(&test.caller, account).await.unwrap();
    assert_eq!(
        (account.provider.as_str(), account.provider_account.id.as_deref()),
        (slug.as_str(), Some("AdaLovelace_0000000001"))
    );
    let listed = test.vault.custom_providers(&test.caller).await.unwrap();
    assert_eq!(listed[0].name, "Acme ID");
}

#[tokio::test]
async fn form_and_toml_are_one_entry_and_the_toml_wins() {
    let test = with_tenants(&[]).await;
    let mut form = by_hand(&test);
    form.advanced =
        "description = \"Ours\"\nname = \"Of the TOML\"\n[refresh]\nrotates = false\nreuse = \"refused\"\n".into();
    let slug = test.vault.save_custom_provider(&test.caller, None, &form).await.unwrap();
    let shown = test.vault.custom_provider(&test.caller, &slug).await.unwrap().form;
    assert_eq!((shown.name.as_str(), shown.token.as_str()), ("Of the TOML", form.token.as_str()));
    for left_to_the_form in ["Of the TOML", &form.token, &form.authorize, &form.userinfo] {
        assert!(!shown.advanced.contains(left_to_the_form), "{}", shown.advanced);
    }
    assert!(shown.advanced.contains("rotates = false") && shown.advanced.contains("calls_per_second = 20"));
    // What is shown is the same entry: saving it again changes nothing.
    test.vault.save_custom_provider(&test.caller, Some(&slug), &shown).await.unwrap();
    assert_eq!(test.vault.custom_provider(&test.caller, &slug).await.unwrap().form, shown);
}

#[tokio::test]
async fn what_nobody_says_is_careful() {
    let test = with_tenants(&[]).await;
    let slug = test.vault.save_custom_provider(&test.caller, None, &by_hand(&test)).await.unwrap();
    let rest = test.vault.custom_provider(&test.caller, &slug).await.unwrap().form.advanced;
    for careful in [
        "rotates = true",
        "reuse = \"revokes\"",
        "pkce = \"always\"",
        "error = \"invalid_grant\"",
        "error = \"unauthorized_client\"",
    ] {
        assert!(rest.contains(careful), "{careful} in {rest}");
    }
    assert!(!rest.contains("probe"), "credentials are tried only where the entry says how");
}

#[tokio::test]
async fn a_mistake_in_the_toml_is_told_with_its_line() {
    let test = with_tenants(&[]).await;
    let check = async |advanced: &str, told: &[&str]| {
        let form = EntryForm { advanced: advanced.into(), ..by_hand(&test) };
        let fields = refused(&test, &form).await;
        assert_eq!(fields[0].0, "advanced");
        assert!(told.iter().all(|part| fields[0].1.contains(part)), "{}", fields[0].1);
        assert!(!fields[0].1.contains('`') && !fields[0].1.contains("expected"), "no parser's words: {}", fields[0].1);
    };
    check("description = \"a\"\n[refresh\n", &["Line 2"]).await;
    check("description = \"a\"\n\n[refresh]\nrotate = true\n", &["Line 4", "rotate"]).await;
    check("[refresh]\nreuse = \"sometimes\"\n", &["Line 2", "sometimes"]).await;
    check("[authorize]\npkce = \"never\"\n", &["Line 2", "pkce_reason"]).await;
    check("[authorize.parameters]\nredirect_uri = \"https://evil.example\"\n", &["redirect_uri"]).await;
    check("icon = \"../../secret\"\n", &["icon"]).await;
}

/// Checklist 58 and 116: https, and public hosts alone. What is open to the operator's own entries is not open to a
/// tenant's.
#[tokio::test]
async fn an_entry_of_a_tenant_cannot_name_a_private_host() {
    let test = TestVault::empty("zoom").await;
    let sandbox = test.sandbox.base_url();
    for inwards in [
        sandbox.as_str(),
        "https://127.0.0.1",
        "https://169.254.169.254",
        "https://[::ffff:10.0.0.1]",
        "https://[::1]",
        "https://0x7f000001",
        "http://id.example",
        "https://user@id.example",
    ] {
        let form = EntryForm { token: format!("{inwards}/token"), ..by_hand(&test) };
        let fields = refused(&test, &form).await;
        assert!(fields.iter().any(|(name, _)| name == "token"), "{inwards}: {fields:?}");
    }
    let form = EntryForm { advanced: "[identity]\nurl = \"https://10.0.0.1/me\"\n".into(), ..public() };
    assert_eq!(refused(&test, &form).await[0].0, "userinfo");
}

fn public() -> EntryForm {
    EntryForm {
        name: "Public".into(),
        authorize: "https://id.example/authorize".into(),
        token: "https://id.example/token".into(),
        ..EntryForm::default()
    }
}

/// A name is judged when it is resolved: it may lead inwards only later.
#[tokio::test]
async fn a_name_that_leads_inwards_is_never_called() {
    let mut test = TestVault::empty("zoom").await;
    let port = test.sandbox.address().port();
    let allow = format!("localhost:{port}");
    test.vault = test.open_again(|options| options.allowed_hosts = AllowedHosts::parse(&allow).unwrap()).await.unwrap();
    let token = format!("https://localhost:{port}/oauth/token");
    let form = EntryForm { token, advanced: "[[probe]]\ngrant_type = \"client_credentials\"\n".into(), ..public() };
    let slug = test.vault.save_custom_provider(&test.caller, None, &form).await.unwrap();
    let saved = test.vault.save_provider_config(&test.caller, config_form(&slug, CLIENT_ID, CLIENT_SECRET, true)).await;
    let Ok(Saved::Saved(saved)) = saved else { panic!("not saved") };
    assert_eq!(saved.verdict, Some(model::provider_configs::ProbeVerdict::CannotTell));
    assert_eq!(test.sandbox.token_requests("client_credentials"), 0);
}

#[tokio::test]
async fn a_custom_provider_belongs_to_its_application_and_shadows_nothing() {
    let test = with_tenants(&[]).await;
    let form = EntryForm { name: "Zoom".into(), ..by_hand(&test) };
    let save = async || test.vault.save_custom_provider(&test.caller, None, &form).await.unwrap();
    assert_eq!((save().await.as_str(), save().await.as_str()), ("custom-zoom", "custom-zoom-2"));
    let other = test.vault.add_application(&test.member, "Other", model::applications::Environment::Development).await;
    let other = test.vault.enter(&test.member, other.unwrap().id).await.unwrap();
    assert!(matches!(test.vault.custom_provider(&other, "custom-zoom").await, Err(VaultError::NotFound)));
    let taken = test.vault.save_provider_config(&other, config_form("custom-zoom", CLIENT_ID, CLIENT_SECRET, false));
    assert!(matches!(taken.await, Err(VaultError::NotFound)));
    let changed = test.vault.save_custom_provider(&other, Some("custom-zoom"), &form).await;
    assert!(matches!(changed, Err(VaultError::NotFound)));
}

#[tokio::test]
async fn an_entry_in_use_is_not_removed() {
    let mut test = with_tenants(&["user:read:user"]).await;
    let form = by_hand(&test);
    let slug = set_up(&mut test, &form, &[]).await;
    let remove = async |vault: &Vault| vault.remove_custom_provider(&test.caller, &slug).await;
    assert!(matches!(remove(&test.vault).await, Err(VaultError::Conflict { code: "in_use", .. })));
    test.vault.remove_provider_config(&test.caller, &slug).await.unwrap();
    remove(&test.vault).await.unwrap();
    assert!(matches!(remove(&test.vault).await, Err(VaultError::NotFound)));
}

#[tokio::test]
async fn a_field_of_the_form_that_cannot_be_is_told_at_the_field() {
    let test = with_tenants(&[]).await;
    let form = EntryForm { authentication: "magic".into(), ..by_hand(&test) };
    let fields = refused(&test, &form).await;
    assert_eq!(
        fields[0],
        ("authentication".into(), "client.authentication is \"magic\", which is none of basic, body.".into())
    );
}

#[tokio::test]
async fn a_host_that_leads_inwards_by_its_name_is_told_when_saving() {
    let test = TestVault::empty("zoom").await;
    let form = EntryForm { token: "https://localhost/token".into(), ..public() };
    let slug = test.vault.save_custom_provider(&test.caller, None, &form).await.unwrap();
    let save =
        |anyway| test.vault.save_provider_config(&test.caller, config_form(&slug, CLIENT_ID, CLIENT_SECRET, anyway));
    let Ok(Saved::Doubtful { doubts, held_secret, .. }) = save(false).await else { panic!("nobody was told") };
    assert_eq!(doubts[0].0, "token");
    for part in ["localhost is on a private network", "Ask who runs this Keybearer to allow localhost:443"] {
        assert!(doubts[0].1.contains(part) && !doubts[0].1.contains("127.0.0.1"), "{}", doubts[0].1);
    }
    assert!(!held_secret.is_empty() && !held_secret.contains(CLIENT_SECRET));
    assert!(test.vault.provider_config(&test.caller, &slug).await.is_err(), "nothing is stored");
    let Ok(Saved::Saved(saved)) = save(true).await else { panic!("saved anyway") };
    assert!(saved.notes.iter().any(|note| note.contains("private network")));
}
