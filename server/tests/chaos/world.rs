//! Servers on one database, the provider they talk to, and an application's backend.

use crate::backend::Backend;
use crate::server::Server;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;
use vault::testing::sandbox::{Client, ConsentRequest, Entry, Options, Reuse, Sandbox, User};
use vault::testing::{CLIENT_ID, CLIENT_SECRET, Onlooker, StoredAccount, make_database};

/// Everything that a run needs. The sandbox runs in this process, the servers are processes of their own.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) servers: Vec<Server>,
    pub(crate) backend: Backend,
    pub(crate) onlooker: Onlooker,
    /// `SQLite` or `PostgreSQL`.
    pub(crate) database: &'static str,
    users: usize,
    folder: TempDir,
}

/// A connected account and the sandbox's user behind it.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) email: String,
}

/// A consent whose browser is on its way back from the provider.
#[derive(Clone, Debug)]
pub(crate) struct Returning {
    pub(crate) session: String,
    pub(crate) email: String,
    link: String,
    pub(crate) cookie: String,
    /// Path and query of the callback.
    pub(crate) callback: String,
}

impl World {
    /// So many servers on a database of their own, and access tokens that live so many seconds.
    pub(crate) async fn start(servers: usize, access_token_seconds: u32) -> Self {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let mut client = Client::new(CLIENT_ID, CLIENT_SECRET, &[]);
        (client.any_redirect_uri, client.access_token_seconds) = (true, access_token_seconds);
        sandbox.add_client(client).unwrap();
        let folder = TempDir::new().unwrap();
        let (database, url) = database_in(&folder).await;
        let environment = environment(&folder, &sandbox, &url);
        let key = found(&folder, &environment);
        let start = |number| Server::start(number, folder.path().to_owned(), &environment);
        let servers: Vec<_> = (0..servers).map(start).collect();
        let backend = Backend::new(servers.iter().map(|server| server.url.clone()).collect(), key);
        let onlooker = Onlooker::at(&url).await;
        let world = Self { sandbox, servers, backend, onlooker, database, users: 0, folder };
        world.ready().await;
        world
    }

    /// Comes back once every server answers.
    pub(crate) async fn ready(&self) {
        for server in &self.servers {
            server.ready(&self.backend.client).await;
        }
    }

    /// Access tokens that the sandbox issues from now on live so many seconds.
    pub(crate) fn let_access_tokens_live(&self, seconds: u32) {
        self.sandbox.update_client(CLIENT_ID, |client| client.access_token_seconds = seconds).unwrap();
    }

    /// Lets a spent refresh token work again at the sandbox for so many seconds.
    pub(crate) fn allow_reuse(&self, seconds: u32) {
        self.sandbox.update_client(CLIENT_ID, |client| client.reuse = Reuse::Window(seconds)).unwrap();
    }

    /// Connects a new end user by way of a server.
    pub(crate) async fn connect(&mut self, by: usize) -> Account {
        let returning = self.consent(by).await;
        self.come_back(by, &returning).await
    }

    /// A new end user says yes at the provider; the browser is not back yet.
    pub(crate) async fn consent(&mut self, by: usize) -> Returning {
        self.users += 1;
        let email = format!("user{}@example.com", self.users);
        self.sandbox.add_user(User::new(&email, "Ada", "Lovelace")).unwrap();
        let session = self.backend.invite(by, &format!("user_{}", self.users)).await;
        let text = |name: &str| session[name].as_str().unwrap().to_owned();
        let link = format!("/connect/{}", text("url").rsplit('/').next().unwrap());
        let blank = Returning { session: text("id"), email, link, cookie: String::new(), callback: String::new() };
        self.consent_again(by, &blank).await
    }

    /// Presses Continue and says yes at the provider, perhaps once more in the same session.
    pub(crate) async fn consent_again(&self, by: usize, returning: &Returning) -> Returning {
        let (cookie, provider) = self.backend.press(by, &returning.link, &returning.cookie).await;
        let back = self.sandbox.consent(&ConsentRequest::allow(&provider, &returning.email)).unwrap();
        let callback = back.split_once("://").and_then(|(_, rest)| rest.split_once('/')).unwrap().1;
        Returning { cookie, callback: format!("/{callback}"), ..returning.clone() }
    }

    /// The browser comes back from the provider, and the account is connected.
    pub(crate) async fn come_back(&self, to: usize, returning: &Returning) -> Account {
        let answer = self.backend.browse(to, &returning.callback, &returning.cookie).await.unwrap();
        answer.unwrap().expect(303);
        let session = self.backend.session(to, &returning.session).await;
        let id = session["results"][0]["connected_account"].as_str().unwrap_or_else(|| panic!("{session}"));
        Account { id: id.to_owned(), email: returning.email.clone() }
    }

    /// An account as it stands in the database.
    pub(crate) async fn stored(&mut self, account: &Account) -> StoredAccount {
        let accounts = self.onlooker.accounts().await;
        accounts.into_iter().find(|stored| stored.id.to_string() == account.id).expect("it is there")
    }

    /// Requests to the token endpoint about a user.
    pub(crate) fn journal(&self, email: &str) -> Vec<Entry> {
        let journal = self.sandbox.journal();
        assert!(journal.first().is_none_or(|entry| entry.sequence == 1), "the sandbox has forgotten its beginning");
        journal.into_iter().filter(|e| e.grant_type.is_some() && e.user.as_deref() == Some(email)).collect()
    }

    /// How often a user's refresh token was rotated.
    pub(crate) fn rotations(&self, email: &str) -> usize {
        self.journal(email).iter().filter(|entry| entry.rotated).count()
    }

    /// How many refreshes of a user's tokens the provider was asked for.
    pub(crate) fn refreshes(&self, email: &str) -> usize {
        self.journal(email).iter().filter(|entry| entry.grant_type.as_deref() == Some("refresh_token")).count()
    }

    /// Keeps the folder with logs and database, for a look after a failure.
    pub(crate) fn keep(&mut self) -> &Path {
        self.folder.disable_cleanup(true);
        self.folder.path()
    }
}

#[expect(clippy::disallowed_methods, reason = "DATABASE_URL decides where tests run")]
async fn database_in(folder: &TempDir) -> (&'static str, String) {
    match std::env::var("DATABASE_URL") {
        Ok(server) if server.starts_with("postgres") => ("PostgreSQL", make_database(&server, folder.path()).await),
        _ => ("SQLite", format!("sqlite:{}", folder.path().join("keybearer.db").display())),
    }
}

fn environment(folder: &TempDir, sandbox: &Sandbox, database_url: &str) -> Vec<(String, String)> {
    let (catalogue, keys) = (folder.path().join("catalogue"), folder.path().join("master.key"));
    std::fs::create_dir(&catalogue).unwrap();
    let dev = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dev/catalogue/zoom.toml");
    let overlay = std::fs::read_to_string(dev).unwrap().replace("{sandbox}", &sandbox.base_url());
    std::fs::write(catalogue.join("zoom.toml"), overlay).unwrap();
    std::fs::write(&keys, vault::generate_master_key().unwrap().expose()).unwrap();
    let settings = [
        ("KEYBEARER_CATALOGUE_DIR", catalogue.display().to_string()),
        ("KEYBEARER_MASTER_KEY_FILE", keys.display().to_string()),
        ("KEYBEARER_DATABASE_URL", database_url.to_owned()),
        ("KEYBEARER_ALLOW_PRIVATE_HOSTS", sandbox.address().to_string()),
        ("KEYBEARER_UNSAFE_DURABILITY", "1".to_owned()),
        ("KEYBEARER_LOG", "info,vault=debug".to_owned()),
        ("KEYBEARER_LOG_FORMAT", "json".to_owned()),
    ];
    settings.map(|(name, value)| (name.to_owned(), value)).into()
}

/// A founder, an application and its provider config; gives the application's API key.
fn found(folder: &TempDir, environment: &[(String, String)]) -> String {
    let run = |arguments: &[&str], input: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keybearer"));
        command.args(arguments).current_dir(folder.path()).env_clear().envs(environment.iter().cloned());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    };
    run(&["member", "add", "--email", "ada@example.com", "--role", "owner"], "a long password\n");
    let app = run(&["application", "add", "Acme", "--environment", "development"], "");
    run(&["provider-config", "set", "zoom", "--application", &app, "--client-id", CLIENT_ID], CLIENT_SECRET);
    run(&["api-key", "add", "--application", &app, "--name", "backend"], "")
}
