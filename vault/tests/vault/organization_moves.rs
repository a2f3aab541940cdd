//! An organization moves to another instance with everything that works, and works there.

use super::tokens::{ask, refreshes};
use super::webhook_endpoints::is_signed_with;
use super::{authenticators, custom_providers, organization_files as files};
use files::{Identity, export, export_to, import};
use model::ids::{ApplicationId, ConnectedAccountId, OrganizationId, WebhookEndpointId};
use model::people::Role;
use serde_json::Value;
use std::collections::BTreeMap;
use vault::testing::{CLIENT_SECRET, Elsewhere, Onlooker, PASSWORD, Receiver, TestVault, WEBHOOK_SECRET, code_at};
use vault::{
    AllowedHosts, ApplicationCaller, BrandingChange, ChainVerifier, Exporting, HOUR, Importing, NewWebhookEndpoint,
    Options, RequestSource, SECOND, SecondFactor, Secret, SignIn, TokenRequest, Vault,
};

/// An organization with something of everything.
pub(crate) struct World {
    pub(crate) test: TestVault,
    pub(crate) account: ConnectedAccountId,
    receiver: Receiver,
    key: String,
    endpoint: WebhookEndpointId,
    signing_secret: String,
    authenticator: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        let (mut test, receiver) = (TestVault::new("zoom").await, Receiver::start().await);
        test.vault = test.open_again(|options| reach(options, &receiver)).await.unwrap();
        let account = test.connected().await;
        test.listen_to_events("http://127.0.0.1:9/").await;
        let key = test.vault.add_api_key(&test.caller, "backend").await.unwrap().secret.expose().clone();
        let new = NewWebhookEndpoint { url: receiver.url(), ..NewWebhookEndpoint::default() };
        let endpoint = test.vault.add_webhook_endpoint(&test.caller, new).await.unwrap();
        test.vault.rotate_webhook_secret(&test.caller, endpoint.view.id).await.unwrap();
        let rotated = test.vault.rotate_webhook_secret(&test.caller, endpoint.view.id).await.unwrap();
        let gone = NewWebhookEndpoint { url: receiver.url(), ..NewWebhookEndpoint::default() };
        let gone = test.vault.add_webhook_endpoint(&test.caller, gone).await.unwrap().view.id;
        test.vault.delete_webhook_endpoint(&test.caller, gone).await.unwrap();
        test.connect("user_43", "grace@example.com").await;
        test.vault.deliver_due().await.unwrap();
        let entry = custom_providers::by_hand(&test);
        test.vault.save_custom_provider(&test.caller, None, &entry).await.unwrap();
        let brand = BrandingChange { display_name: "Acme Calendar".into(), ..Default::default() };
        test.vault.change_branding(&test.caller, &brand).await.unwrap();
        test.vault.change_logo(&test.caller, vault::testing::png(64, 64)).await.unwrap();
        test.vault.add_return_address(&test.caller, "http://localhost:3000/done").await.unwrap();
        let former = test.member_as("former@example.com", Role::Viewer).await;
        test.vault.invite(&test.member, "invited@example.com", Role::Admin).await.ok().unwrap();
        test.vault.remove_member(&test.member, former.view().member).await.ok().unwrap();
        let (authenticator, _) = authenticators::set_up(&test).await;
        let source = RequestSource { request_id: "req_1", address: None };
        test.vault.token(&key, account, TokenRequest::default(), &source).await.unwrap().unwrap();
        test.session(|_| ()).await;
        test.vault.count_figures().await.unwrap();
        let (endpoint, signing_secret) = (endpoint.view.id, rotated.secret.expose().clone());
        Self { test, account, receiver, key, endpoint, signing_secret, authenticator }
    }

    /// An instance that can reach what this one does.
    pub(crate) async fn elsewhere(&self) -> Elsewhere {
        self.test.elsewhere(|options| reach(options, &self.receiver)).await
    }

    async fn elsewhere_on_sqlite(&self) -> Elsewhere {
        self.test.elsewhere_on_sqlite(|options| reach(options, &self.receiver)).await
    }

    fn application(&self) -> ApplicationId {
        self.test.caller.application()
    }

    fn organization(&self) -> OrganizationId {
        self.test.member.view().organization
    }
}

fn reach(options: &mut Options, receiver: &Receiver) {
    let sandbox = options.sandbox.clone().unwrap().replace("http://", "");
    let hosts = format!("{sandbox},tenants:{sandbox},tenants:{}", receiver.address());
    options.allowed_hosts = AllowedHosts::parse(&hosts).unwrap();
}

async fn fresh(vault: &Vault, by: &ApplicationCaller, id: ConnectedAccountId) -> String {
    vault.fresh(by, id, TokenRequest::default()).await.unwrap().access_token.expose().clone()
}

#[tokio::test]
async fn what_worked_there_works_here() {
    let (world, identity) = (World::new().await, Identity::new());
    let before = ask(&world.test, world.account).await.unwrap();
    let file = export(&world.test.vault, &identity).await;
    let elsewhere = world.elsewhere().await;
    let imported = import(&elsewhere.vault, &identity, &file, Importing::SourceIsOff).await.unwrap();
    assert_eq!((imported.organization, imported.name.as_str()), (world.organization(), "Acme Ltd"));
    assert_eq!((imported.rows["connected_accounts"], imported.redirects.len()), (2, 0), "{imported:?}");
    let here = &elsewhere.vault;

    let backend = here.authenticate(&world.key, None).await.unwrap().expect("the key works");
    assert_eq!(fresh(here, &backend, world.account).await, before);
    for refreshed in 1..=2 {
        world.test.advance(2 * HOUR);
        let token = fresh(here, &backend, world.account).await;
        assert!(world.test.sandbox.token_is_live(&token) && token != before);
        assert_eq!(refreshes(&world.test), refreshed, "it rotates, and the new one is good for the next");
    }
    signs_in(&world, here).await;
    let owner = here.enter_from_command_line(world.application()).await.unwrap();
    here.test_webhook_endpoint(&owner, world.endpoint).await.unwrap();
    assert!(is_signed_with(world.receiver.received().last().unwrap(), &world.signing_secret));
    let of = async |vault: &Vault, by: &ApplicationCaller| {
        let config = vault.provider_config(by, "zoom").await.unwrap();
        let endpoints = vault.webhook_endpoints(by, None, 20).await.unwrap();
        format!(
            "{:?} {:?} {:?} {:?} {:?} {}",
            vault.branding(by).await.unwrap(),
            vault.custom_providers(by).await.unwrap().len(),
            vault.application(by).await.unwrap(),
            config.state,
            endpoints.data,
            config.webhook_secret_stored,
        )
    };
    assert_eq!(of(here, &owner).await, of(&world.test.vault, &world.test.caller).await);
    let accepted = here.verify_provider_config(&owner, "zoom").await.unwrap();
    assert!(accepted.2.verified_at.is_some(), "the client secret is the same");
    assert!(!here.sign_up_state(true).await.unwrap().set_up_code_needed, "nobody founds it any more");
}

async fn signs_in(world: &World, here: &Vault) {
    let password = Secret::new(PASSWORD.to_owned());
    let SignIn::SecondFactorNeeded(person) = here.sign_in("owner@example.com", password, "192.0.2.1").await.unwrap()
    else {
        panic!("the authenticator app came along")
    };
    world.test.clock.advance(60 * SECOND);
    let code = SecondFactor::Code(Secret::new(code_at(&world.authenticator, world.test.clock.now())));
    let owner = here.verify_second_factor(person, code, "192.0.2.1").await.unwrap();
    assert_eq!(owner.view().role, Role::Owner);
    let former = here.sign_in("former@example.com", Secret::new(PASSWORD.to_owned()), "192.0.2.1").await;
    assert!(former.is_err(), "who was a member comes without a password");
}

#[tokio::test]
async fn the_audit_log_is_one_chain_before_and_after() {
    let (world, identity) = (World::new().await, Identity::new());
    let before = verify(&world.test.vault, ChainVerifier::default()).await;
    let file = export(&world.test.vault, &identity).await;
    let elsewhere = world.elsewhere().await;
    import(&elsewhere.vault, &identity, &file, Importing::SourceIsOff).await.unwrap();
    let kept = ChainVerifier::default().expecting_key(&before.public_key).expecting(before.last_seq, &before.hash);
    let after = verify(&elsewhere.vault, kept).await;
    assert_eq!(after.events, before.events + 3, "the export, the import and this look at it");
    let mut onlooker = Onlooker::at(&elsewhere.database_url).await;
    for (r#type, count) in [("organization.exported", 1), ("organization.imported", 1)] {
        let sql = format!("SELECT COUNT(*) AS count FROM events WHERE type = '{type}' AND actor_kind = 'command_line'");
        assert_eq!(onlooker.counted(sql.leak()).await, count);
    }
    let texts = onlooker.texts().await;
    assert!(texts.iter().any(|(_, line)| line.contains("organization.exported") && line.contains(&identity.public())));
}

async fn verify(vault: &Vault, mut verifier: ChainVerifier) -> vault::ChainReport {
    let mut export = vault.export_event_chain_from_command_line(None, 0).await.unwrap();
    while let Some(piece) = export.next().await.unwrap() {
        piece.lines().for_each(|line| verifier.read(line).unwrap());
    }
    verifier.finish().unwrap()
}

/// From the kind of database that tests run on to SQLite and back, and nothing is another than it was.
#[tokio::test]
async fn nothing_changes_on_the_way_from_one_kind_of_database_to_the_other_and_back() {
    let (world, identity) = (World::new().await, Identity::new());
    let first = export(&world.test.vault, &identity).await;
    let there = world.elsewhere_on_sqlite().await;
    import(&there.vault, &identity, &first, Importing::SourceIsOff).await.unwrap();
    let second = export(&there.vault, &identity).await;
    let back = world.elsewhere().await;
    import(&back.vault, &identity, &second, Importing::SourceIsOff).await.unwrap();
    let third = export(&back.vault, &identity).await;
    let [first, second, third] = [first, second, third].map(|file| by_table(&identity, &file));
    for (table, rows) in &first {
        // Each export and import adds to the log.
        if !["events", "event_chains", "event_checkpoints"].contains(&table.as_str()) {
            assert_eq!((rows, rows), (&second[table], &third[table]), "{table}");
        }
    }
    assert!(first["events"].iter().all(|event| third["events"].contains(event)));
    let expected = [
        "authenticators",
        "deliveries",
        "delivery_attempts",
        "event_lines",
        "hourly_figures",
        "invitations",
        "recovery_codes",
    ];
    assert!(expected.iter().all(|table| first.contains_key(*table)), "{:?}", first.keys());
    assert_eq!(
        fresh(&back.vault, &world.test.caller, world.account).await,
        ask(&world.test, world.account).await.unwrap()
    );
}

fn by_table(identity: &Identity, file: &[u8]) -> BTreeMap<String, Vec<Value>> {
    let mut tables: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in identity.lines(file) {
        let mut line: Value = serde_json::from_str(&line).unwrap();
        if let Some(table) = line["table"].as_str().map(str::to_owned) {
            tables.entry(table).or_default().push(line["row"].take());
        }
    }
    // Databases order texts in their own ways.
    tables.values_mut().for_each(|rows| rows.sort_by_key(Value::to_string));
    tables
}

#[tokio::test]
async fn no_secret_is_in_the_file_or_in_the_clear_at_the_target() {
    let (world, identity) = (World::new().await, Identity::new());
    let token = ask(&world.test, world.account).await.unwrap();
    let secrets = [&token, CLIENT_SECRET, WEBHOOK_SECRET, &world.signing_secret, &world.authenticator, &world.key];
    let file = export(&world.test.vault, &identity).await;
    let elsewhere = world.elsewhere_on_sqlite().await;
    import(&elsewhere.vault, &identity, &file, Importing::SourceIsOff).await.unwrap();
    elsewhere.vault.close().await;
    let found = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let (stored, inside) = (elsewhere.bytes(), identity.lines(&file).join("\n"));
    assert!(found(&stored, "owner@example.com"), "the search itself works");
    for secret in secrets {
        assert!(!found(&file, secret) && !found(&stored, secret), "a secret is in the clear");
    }
    assert!(inside.contains(CLIENT_SECRET) && inside.contains(&token), "within the seal they are");
    for outside in [PASSWORD, elsewhere.keys.expose().trim(), &world.key] {
        assert!(!inside.contains(outside), "what only hashes are kept of is not even there");
    }
}

#[tokio::test]
async fn whoever_is_at_the_target_keeps_everything_of_their_own() {
    let (world, identity) = (World::new().await, Identity::new());
    let file = export(&world.test.vault, &identity).await;
    let elsewhere = world.elsewhere().await;
    let other = Secret::new("another long password".to_owned());
    elsewhere.vault.add_member(None, "owner@example.com", Role::Owner, other.clone()).await.unwrap();
    let imported = import(&elsewhere.vault, &identity, &file, Importing::SourceIsOff).await.unwrap();
    assert_eq!(imported.people_here_already, ["owner@example.com"]);
    assert_eq!(imported.members_elsewhere, ["owner@example.com"]);
    let SignIn::Complete(owner) = elsewhere.vault.sign_in("owner@example.com", other, "192.0.2.1").await.unwrap()
    else {
        panic!("no second factor came along")
    };
    assert_ne!(owner.view().organization, world.organization(), "and the portal shows what it showed");
    assert_eq!(Onlooker::at(&elsewhere.database_url).await.count("members").await, 3);
    assert_eq!(Onlooker::at(&elsewhere.database_url).await.count("authenticators").await, 0);
}

#[tokio::test]
async fn another_address_is_told_with_what_to_enter_at_providers() {
    let (world, identity) = (World::new().await, Identity::new());
    let file = export(&world.test.vault, &identity).await;
    let moved = |options: &mut Options| {
        options.public_url = "https://vault.example.com".parse().unwrap();
        options.connect_url = "https://connect.example.com".parse().unwrap();
    };
    let elsewhere = world.test.elsewhere(moved).await;
    let imported = import(&elsewhere.vault, &identity, &file, Importing::Check).await.unwrap();
    let [redirect] = imported.redirects.as_slice() else { panic!("one provider config") };
    let application = world.application();
    assert_eq!(redirect.redirect_uri, format!("https://connect.example.com/oauth/callback/{application}/zoom"));
    let events = format!("https://connect.example.com/provider-events/{application}/zoom");
    assert_eq!(redirect.provider_events_url.as_deref(), Some(events.as_str()));
    assert_eq!((imported.from.as_str(), imported.imported), ("http://localhost:4000/", false));
}

#[tokio::test]
async fn what_is_handed_over_is_refreshed_by_its_new_home_alone() {
    let (world, identity) = (World::new().await, Identity::new());
    let source = &world.test.vault;
    // A disk that is full.
    let full: &mut [u8] = &mut [0; 64];
    export_to(source, &identity, Exporting::HandOver, full).await.unwrap_err();
    assert!(!source.is_quarantined() && source.instance().await.unwrap().quarantine.is_none());
    let mut file = Vec::new();
    export_to(source, &identity, Exporting::HandOver, &mut file).await.unwrap();
    let why = source.instance().await.unwrap().quarantine.unwrap();
    assert!(source.is_quarantined() && why.contains("was handed over to another instance"), "{why}");
    let elsewhere = world.elsewhere().await;
    import(&elsewhere.vault, &identity, &file, Importing::SourceIsOff).await.unwrap();
    world.test.advance(2 * HOUR);
    assert_eq!(ask(&world.test, world.account).await, Err("provider_unavailable".to_owned()));
    assert_eq!((source.refresh_due().await.unwrap(), refreshes(&world.test)), (0, 0));
    let token = fresh(&elsewhere.vault, &world.test.caller, world.account).await;
    assert!(world.test.sandbox.token_is_live(&token) && !elsewhere.vault.is_quarantined());
}
