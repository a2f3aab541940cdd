//! Opening the vault, and founding it.

use crate::Vault;
use crate::catalogue::{Catalogue, Sources};
use crate::clock::{Clock, HOUR};
use crate::error::{VaultError, internal};
use crate::events::{ReadEvents, ReadLog};
use crate::http::{AllowedHosts, Http};
use crate::keyring::{self, Keyring, MasterKey};
use crate::mail::Mailer;
use crate::proxy::ProxyLimits;
use crate::random;
use crate::retention::Retention;
use crate::secret::Secret;
use crate::store::{Store, instance, master_keys};
use model::people::{SignUp, SignUpState};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// What a vault is opened with.
pub struct Options {
    /// `sqlite:…` or `postgres://…`.
    pub database_url: String,
    /// Where the master keys are.
    pub master_keys: MasterKeys,
    /// A folder of catalogue files over the built-in ones.
    pub catalogue_folder: Option<PathBuf>,
    /// Hosts that the address guard lets through.
    pub allowed_hosts: AllowedHosts,
    /// The address of the sandbox provider, if it runs.
    pub sandbox: Option<String>,
    /// What browsers see.
    pub public_url: Url,
    /// The base of connect pages and callbacks.
    pub connect_url: Url,
    /// Sends mail, where a mail server is set up.
    pub mail: Option<Mailer>,
    /// Who may sign up.
    pub sign_up: SignUp,
    /// Time-outs and size limits of proxied calls.
    pub proxy_limits: ProxyLimits,
    /// How long what is over is kept.
    pub retention: Retention,
    /// Where the time comes from.
    pub clock: Clock,
    /// How lines of token reads and proxied calls are kept.
    pub read_events: ReadEvents,
    /// Work with a PostgreSQL that may lose what it has committed; for tests.
    pub unsafe_durability: bool,
}

/// Where the master keys are.
pub enum MasterKeys {
    /// Lines of `id:base64`.
    Given(Secret),
    /// A file, made with mode 0600 if it is not there and the database holds no key record.
    File {
        /// Where it is.
        path: PathBuf,
        /// Whether it may be made.
        generate: bool,
    },
}

impl Vault {
    /// Opens the database, brings it up to date, tries the master keys and loads the catalogue.
    ///
    /// # Errors
    /// [`VaultError::Settings`] with what the operator must change.
    pub async fn open(options: Options) -> Result<Self, VaultError> {
        // Installed once for the process; a second vault in it finds it in place.
        drop(rustls::crypto::ring::default_provider().install_default());
        let sources = Sources {
            folder: options.catalogue_folder.as_deref(),
            sandbox: options.sandbox.as_deref(),
            allowed: options.allowed_hosts.clone(),
        };
        let catalogue = Catalogue::load(&sources)?;
        let store = Store::open(&options.database_url, options.clock.clone(), options.unsafe_durability).await?;
        store.migrate().await?;
        let now = options.clock.now();
        let keys = read_keys(&store, options.master_keys).await?;
        let keyring = Keyring::open_for(&store, keys, now).await?;
        instance::insert(&mut *store.connection().await?, options.public_url.as_str(), now).await?;
        let vault = Self {
            store,
            catalogue: Arc::new(catalogue),
            keyring: Arc::new(keyring),
            http: Http::new(options.allowed_hosts, options.proxy_limits.connect)?,
            proxy_limits: options.proxy_limits,
            futile: Arc::default(),
            retention: options.retention,
            clock: options.clock,
            public_url: Arc::new(options.public_url),
            connect_url: Arc::new(options.connect_url),
            refreshes: Arc::default(),
            hosts: Arc::default(),
            waiting: Arc::default(),
            quarantined: Arc::default(),
            closing: CancellationToken::new(),
            last_use: Arc::default(),
            reads: Arc::new(ReadLog::new(options.read_events)),
            refused: Arc::default(),
            lanes: Arc::default(),
            calls: TaskTracker::new(),
            process: Arc::from(random::base62_digits(16)?.expose().as_str()),
            hashing: Arc::new(tokio::sync::Semaphore::new(2)),
            mail: options.mail,
            sign_up: options.sign_up,
        };
        vault.check_quarantine().await?;
        Ok(vault)
    }

    /// Waits for token calls under way: from the first byte sent, each is finished and its answer kept.
    pub async fn close(&self) {
        self.closing.cancel();
        self.calls.close();
        self.calls.wait().await;
        if let Err(error) = self.write_every_last_use().await {
            tracing::warn!(error = crate::error::chain(&error), "When accounts were last used could not be written.");
        }
        self.store.close().await;
    }

    /// The providers.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The base of connect pages, callbacks and provider events.
    pub fn connect_url(&self) -> &Url {
        &self.connect_url
    }

    /// A full address below the public URL.
    pub(crate) fn public_address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }

    /// A full address below the connect URL.
    pub fn connect_address(&self, path: &str) -> String {
        format!("{}{path}", self.connect_url.as_str().trim_end_matches('/'))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check_health(&self) -> Result<(), VaultError> {
        instance::get(&mut *self.store.connection().await?).await.map(drop).map_err(Into::into)
    }

    /// What the sign-up page must know.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_up_state(&self, set_up_code_needed: bool) -> Result<SignUpState, VaultError> {
        let row = instance::get(&mut *self.store.connection().await?).await?;
        let founded = row.is_some_and(|r| r.founded_at.is_some());
        let by_invitation = self.sign_up == SignUp::Invite;
        Ok(SignUpState { founded, set_up_code_needed: set_up_code_needed && !founded, by_invitation })
    }

    /// Makes a new set-up code, good for 24 hours; the one before it is over. `None` when there is a founder already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new_set_up_code(&self) -> Result<Option<Secret>, VaultError> {
        // 22 base62 characters are 131 bits.
        let code = random::base62_digits(22)?;
        let expires_at = self.clock.now() + 24 * HOUR;
        let set = instance::set_set_up_code(&mut *self.store.connection().await?, &code.sha256(), expires_at).await?;
        Ok(set.then_some(code))
    }
}

/// For whoever must make a master key file by hand.
const HOW_TO_MAKE: &str = "Make one: (umask 077; echo \"main:$(openssl rand -base64 32)\" > master.key), \
                           keep a copy apart from the database, and name it in KEYBEARER_MASTER_KEY_FILE.";

async fn read_keys(store: &Store, keys: MasterKeys) -> Result<Vec<MasterKey>, VaultError> {
    match keys {
        MasterKeys::Given(text) => keyring::parse(text.expose()),
        MasterKeys::File { path, generate } if !path.exists() => {
            let known = !master_keys::list(&mut *store.connection().await?).await?.is_empty();
            if known || !generate {
                let why = if known {
                    "the database was sealed with it, so no other can take its place"
                } else {
                    "only the SQLite default makes its own"
                };
                let (path, what_next) =
                    (path.display(), if known { "Give it back from your backup." } else { HOW_TO_MAKE });
                return Err(VaultError::Settings(format!("there is no master key file at {path}: {why}. {what_next}")));
            }
            let line = keyring::generate()?;
            write_private(&path, line.expose()).map_err(|e| internal("cannot write the master key file", e))?;
            keyring::parse(line.expose())
        }
        MasterKeys::File { path, .. } => {
            let text = std::fs::read_to_string(&path).map_err(|e| {
                VaultError::Settings(format!("cannot read the master key file {}: {e}", path.display()))
            })?;
            keyring::parse(Secret::new(text).expose())
        }
    }
}

/// Makes the file, readable by its owner alone, and waits until it is on the disk: without it the database is lost.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
