//! For tests: a vault on a database of its own, a clock that stands still, and the sandbox provider on a port.
//!
//! Tests run on SQLite, or on PostgreSQL where `DATABASE_URL` names one: each test makes a database of its own there.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "test support fails loudly and reads DATABASE_URL"
)]

use crate::{
    AllowedHosts, ApplicationCaller, Begun, Clock, Ended, Founding, MasterKeys, MemberCaller, NewConnectSession,
    Options, ProxyLimits, ReadEvents, Retention, Saved, Secret, Vault,
};
use model::applications::Environment;
use model::connect_sessions::ConnectSessionView;
use model::ids::ConnectedAccountId;
use model::people::SignUp;
use sandbox::{Client, ConsentRequest, Sandbox};
use std::path::PathBuf;
use tempfile::TempDir;
use url::Url;

mod authenticators;
mod elsewhere;
mod inputs;
mod mail;
mod members;
mod pictures;
mod receiver;
mod seeding;

pub use crate::store::testing::bulk::BareReads;
pub use crate::store::testing::{Onlooker, StoredAccount, make_database};
pub use authenticators::{Passkey, code_at};
pub use elsewhere::Elsewhere;
pub use inputs::{callback, client, form, link, new_import, new_session};
pub use mail::TestMail;
pub use pictures::png;
pub use receiver::{Received, Receiver};
pub use sandbox;
pub use seeding::{seeded_account, seeded_token_set};

/// When a manual clock begins: 2026-01-01.
pub const BEGINNING: i64 = 1_767_225_600_000;
/// The client id that tests save.
pub const CLIENT_ID: &str = "TestClient_00000000001";
/// The client secret that tests save: marked, so that a search of logs finds it.
pub const CLIENT_SECRET: &str = "canary-client-secret-0123456789a";
/// The password of the founder, owner@example.com.
pub const PASSWORD: &str = "canary-password-123";
/// The webhook secret that tests save, once they listen to provider events.
pub const WEBHOOK_SECRET: &str = "canary-webhook-secret-01";
/// An end user of the developer.
pub const END_USER: &str = "user_42";

/// Everything that a test needs. The database goes when it is dropped.
pub struct TestVault {
    /// The vault.
    pub vault: Vault,
    /// The provider.
    pub sandbox: Sandbox,
    /// The clock, standing at [`BEGINNING`].
    pub clock: Clock,
    /// Who founded it.
    pub member: MemberCaller,
    /// Who acts within the application.
    pub caller: ApplicationCaller,
    /// The master keys, to open the database a second time with.
    pub keys: Secret,
    /// Where the database is.
    pub database_url: String,
    /// The provider's slug, which is the provider config's key too. Its entry points at the sandbox.
    pub key: String,
    folder: TempDir,
    second: Option<TempDir>,
}

impl TestVault {
    /// A founded vault with a development application, a client at the sandbox, and no provider config. The entry of
    /// `slug` is the built-in one with the sandbox's addresses.
    pub async fn empty(slug: &str) -> Self {
        Self::start(slug).await
    }

    /// The same, but nobody has founded it; member and caller belong to another instance.
    pub async fn unfounded(slug: &str) -> Self {
        let mut test = Self::start(slug).await;
        let database = TempDir::new().unwrap();
        test.database_url = database_in(&database).await;
        test.vault = test.another().await;
        test.second = Some(database);
        test
    }

    async fn start(slug: &str) -> Self {
        let sandbox = Sandbox::start(sandbox::Options::default()).await.expect("a port for the sandbox");
        sandbox.set_time(BEGINNING);
        sandbox.add_client(client()).expect("a client");
        let folder = TempDir::new().unwrap();
        let clock = Clock::manual(BEGINNING);
        let keys = crate::generate_master_key().unwrap();
        let database_url = database_in(&folder).await;
        let catalogue = catalogue(&folder, slug);
        let options = options(&database_url, &keys, &sandbox, catalogue, clock.clone());
        let vault = Vault::open(options).await.expect("a vault");
        let member = found(&vault).await;
        let application = vault.add_application(&member, "Acme", Environment::Development).await.unwrap();
        let caller = vault.enter(&member, application.id).await.unwrap();
        Self { vault, sandbox, clock, member, caller, keys, database_url, key: slug.to_owned(), folder, second: None }
    }

    /// The same with the provider config saved.
    pub async fn new(slug: &str) -> Self {
        let test = Self::empty(slug).await;
        let saved = test.save(CLIENT_ID, CLIENT_SECRET, false).await.expect("saved");
        assert!(matches!(saved, Saved::Saved(_)), "the sandbox knows its client");
        test
    }

    /// A second process on the same database: what another server would be.
    pub async fn another(&self) -> Vault {
        self.open_again(|_| ()).await.expect("a second vault")
    }

    /// What this vault was opened with.
    pub fn options(&self) -> Options {
        let catalogue = catalogue(&self.folder, &self.key);
        options(&self.database_url, &self.keys, &self.sandbox, catalogue, self.clock.clone())
    }

    /// The same with other options.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub async fn open_again(&self, change: impl FnOnce(&mut Options)) -> Result<Vault, crate::VaultError> {
        let mut options = self.options();
        change(&mut options);
        Vault::open(options).await
    }

    /// Saves the provider config.
    ///
    /// # Errors
    /// As the vault's verb.
    pub async fn save(&self, client_id: &str, secret: &str, anyway: bool) -> Result<Saved, crate::VaultError> {
        self.vault.save_provider_config(&self.caller, form(&self.key, client_id, secret, anyway)).await
    }

    /// Saves a webhook secret, and has the sandbox send its notices to `url` signed with it.
    pub async fn listen_to_events(&self, url: &str) {
        let mut form = form(&self.key, CLIENT_ID, "", false);
        form.webhook_secret = Secret::new(WEBHOOK_SECRET.to_owned());
        assert!(matches!(self.vault.save_provider_config(&self.caller, form).await, Ok(Saved::Saved(_))));
        let listen = |client: &mut Client| {
            client.notices.url = url.to_owned();
            client.notices.secret_token = WEBHOOK_SECRET.to_owned();
        };
        self.sandbox.update_client(CLIENT_ID, listen).expect("the client");
    }

    /// Makes a table unusable, or usable again: what a database that fails is like.
    pub async fn hide_table(&self, table: &str, hidden: bool) {
        let away = format!("hidden_{table}");
        let (from, to) = if hidden { (table, away.as_str()) } else { (away.as_str(), table) };
        crate::store::testing::rename_table(&self.database_url, from, to).await;
    }

    /// A connect session for [`END_USER`], with changes.
    pub async fn session(&self, change: impl FnOnce(&mut NewConnectSession)) -> ConnectSessionView {
        let mut new = new_session(END_USER, &self.key);
        change(&mut new);
        self.vault.open_connect_session(&self.caller, new).await.expect("a session")
    }

    /// Goes the whole way in one browser, as `provider_user` at the sandbox.
    pub async fn consent(&self, session: &ConnectSessionView, provider_user: &str) -> Ended {
        let browser = crate::new_browser().unwrap();
        let url = self.begin(session, browser.expose()).await;
        let back = self.sandbox.consent(&ConsentRequest::allow(&url, provider_user)).expect("consent");
        self.vault.complete(callback(&back), Some(browser.expose())).await.expect("completed")
    }

    /// Presses Continue and gives the provider's address.
    pub async fn begin(&self, session: &ConnectSessionView, browser: &str) -> String {
        match self.vault.begin(link(session), browser, None).await.expect("begun") {
            Begun::GoTo(url) => url,
            _ => unreachable!("one provider is on offer"),
        }
    }

    /// Connects [`END_USER`] as Ada and gives the account.
    pub async fn connected(&self) -> ConnectedAccountId {
        self.connect(END_USER, "ada@example.com").await
    }

    /// Connects an end user as a user of the sandbox and gives the account.
    pub async fn connect(&self, end_user: &str, provider_user: &str) -> ConnectedAccountId {
        let session = self.session(|new| new.end_user.id = end_user.to_owned()).await;
        self.consent(&session, provider_user).await;
        let session = self.vault.connect_session(&self.caller, session.id).await.unwrap();
        session.results.first().and_then(|r| r.connected_account).expect("connected")
    }

    /// Moves both clocks.
    pub fn advance(&self, millis: i64) {
        self.clock.advance(millis);
        self.sandbox.advance(std::time::Duration::from_millis(millis.unsigned_abs()));
    }

    /// The bytes of a SQLite database, with its log; empty on PostgreSQL.
    pub fn database_bytes(&self) -> Vec<u8> {
        let files =
            ["test.db", "test.db-wal"].map(|name| std::fs::read(self.folder.path().join(name)).unwrap_or_default());
        files.concat()
    }
}

async fn found(vault: &Vault) -> MemberCaller {
    let founding = Founding {
        email: "owner@example.com".into(),
        password: Secret::new(PASSWORD.into()),
        organization: "Acme Ltd".into(),
        set_up_code: None,
        set_up_code_needed: false,
        address: "127.0.0.1".into(),
    };
    vault.found(founding).await.expect("founded")
}

fn options(database_url: &str, keys: &Secret, sandbox: &Sandbox, catalogue: PathBuf, clock: Clock) -> Options {
    let mut allowed_hosts = AllowedHosts::default();
    allowed_hosts.add(sandbox.address());
    let url = Url::parse("http://localhost:4000").expect("a URL");
    Options {
        database_url: database_url.to_owned(),
        master_keys: MasterKeys::Given(keys.clone()),
        catalogue_folder: Some(catalogue),
        allowed_hosts,
        sandbox: Some(sandbox.base_url()),
        public_url: url.clone(),
        connect_url: url,
        mail: None,
        sign_up: SignUp::First,
        proxy_limits: ProxyLimits::default(),
        retention: Retention::default(),
        clock,
        read_events: ReadEvents::Durable,
        unsafe_durability: true,
    }
}

/// An overlay that points the entry at the sandbox.
fn catalogue(folder: &TempDir, slug: &str) -> PathBuf {
    let path = folder.path().join("catalogue");
    std::fs::create_dir_all(&path).unwrap();
    let overlay = "extends = \"built-in\"\n[endpoints]\nauthorize = \"{sandbox}/oauth/authorize\"\ntoken = \"{sandbox}/oauth/token\"\n\
                   revoke = \"{sandbox}/oauth/revoke\"\napi_base = \"{sandbox}/v2\"\n[identity]\nurl = \"{sandbox}/v2/users/me\"\n";
    std::fs::write(path.join(format!("{slug}.toml")), overlay).unwrap();
    path
}

async fn database_in(folder: &TempDir) -> String {
    match std::env::var("DATABASE_URL") {
        Ok(server) if server.starts_with("postgres") => make_database(&server, folder.path()).await,
        _ => format!("sqlite:{}", folder.path().join("test.db").display()),
    }
}
