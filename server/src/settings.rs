//! Settings: flags of `keybearer serve` and environment variables, read once, and all mistakes told together.

mod check;
mod master_key;
mod proxy;
mod rate_limits;
mod retention;
pub(crate) mod unknown;

pub use master_key::MasterKeySource;
pub use proxy::ProxyArguments;
pub use rate_limits::{RateLimit, RateLimits};
pub use retention::RetentionArguments;

use check::Check;
use clap::Args;
use model::people::SignUp;
use std::net::SocketAddr;
use std::path::PathBuf;
use url::Url;
use vault::{AllowedHosts, Mailer, Networks, ProxyLimits, ReadEvents, Retention};

const LISTEN: &str = "127.0.0.1:4000";
const DATABASE_URL: &str = "sqlite:data/keybearer.db";

/// Settings as they are typed. `keybearer serve` takes them as flags, every command from the environment.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Settings")]
pub struct Arguments {
    /// Address of the portal, connect pages and API [default: 127.0.0.1:4000]
    #[arg(long, env = "KEYBEARER_LISTEN", value_name = "IP:PORT", hide_env_values = true)]
    pub listen: Option<String>,
    /// What browsers and providers see; https is required beyond loopback [default: http://localhost:4000]
    #[arg(long, env = "KEYBEARER_PUBLIC_URL", value_name = "URL", hide_env_values = true)]
    pub public_url: Option<String>,
    /// Base of connect pages, callbacks and provider events [default: the public URL]
    #[arg(long, env = "KEYBEARER_CONNECT_URL", value_name = "URL", hide_env_values = true)]
    pub connect_url: Option<String>,
    /// sqlite:… or postgres://… [default: sqlite:data/keybearer.db]
    #[arg(long, env = "KEYBEARER_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// File with one id:base64 a line, 32 bytes each; the first seals, all open [default: data/master.key]
    #[arg(long, env = "KEYBEARER_MASTER_KEY_FILE", value_name = "FILE", hide_env_values = true)]
    pub master_key_file: Option<String>,
    /// Command that prints the master keys. The keys themselves come from KEYBEARER_MASTER_KEY, never from a flag
    #[arg(long, env = "KEYBEARER_MASTER_KEY_COMMAND", value_name = "COMMAND", hide_env_values = true)]
    pub master_key_command: Option<String>,
    /// Directory of provider TOML files laid over the built-in ones, by file name
    #[arg(long, env = "KEYBEARER_CATALOGUE_DIR", value_name = "DIR", hide_env_values = true)]
    pub catalogue_dir: Option<String>,
    /// Hosts that the address guard lets through although they are private: host or host:port, with commas
    #[arg(long, env = "KEYBEARER_ALLOW_PRIVATE_HOSTS", value_name = "HOSTS", hide_env_values = true)]
    pub allow_private_hosts: Option<String>,
    /// Who may sign up: first (the founder; everybody else is invited) or invite [default: first]
    #[arg(long, env = "KEYBEARER_SIGN_UP", value_name = "WHO", hide_env_values = true)]
    pub sign_up: Option<String>,
    /// From whom mail comes: Keybearer <keybearer@example.com>. The mail server comes from KEYBEARER_SMTP_URL, never from
    /// a flag
    #[arg(long, env = "KEYBEARER_MAIL_FROM", value_name = "ADDRESS", hide_env_values = true)]
    pub mail_from: Option<String>,
    /// Starts the sandbox provider there; other commands take it as running there. Beyond loopback its control API
    /// needs KEYBEARER_SANDBOX_TOKEN
    #[arg(long, env = "KEYBEARER_SANDBOX_LISTEN", value_name = "IP:PORT", hide_env_values = true)]
    pub sandbox_listen: Option<String>,
    /// How token reads are kept in the audit log: durable (an answer waits for its line), batched (nobody waits, and a
    /// crash may lose the lines of a moment) or off [default: durable]
    #[arg(long, env = "KEYBEARER_TOKEN_READ_EVENTS", value_name = "HOW", hide_env_values = true)]
    pub token_read_events: Option<String>,
    /// Prometheus endpoint on an address of its own
    #[arg(long, env = "KEYBEARER_METRICS_LISTEN", value_name = "IP:PORT", hide_env_values = true)]
    pub metrics_listen: Option<String>,
    /// What is logged, as a tracing filter [default: info]
    #[arg(long, env = "KEYBEARER_LOG", value_name = "FILTER", hide_env_values = true)]
    pub log: Option<String>,
    /// text or json [default: text on a terminal, else json]
    #[arg(long, env = "KEYBEARER_LOG_FORMAT", value_name = "FORMAT", hide_env_values = true)]
    pub log_format: Option<String>,
    /// Proxies whose X-Forwarded-* is believed, as CIDRs with commas
    #[arg(long, env = "KEYBEARER_TRUSTED_PROXIES", value_name = "CIDRS", hide_env_values = true)]
    pub trusted_proxies: Option<String>,
    /// How often one API key may call a server: calls and seconds, or off [default: 1200000/60]
    #[arg(long, env = "KEYBEARER_RATE_LIMIT_KEY", value_name = "N/SECONDS", hide_env_values = true)]
    pub rate_limit_key: Option<String>,
    /// The same for one address, before authentication [default: 2400000/60]
    #[arg(long, env = "KEYBEARER_RATE_LIMIT_ADDRESS", value_name = "N/SECONDS", hide_env_values = true)]
    pub rate_limit_address: Option<String>,
    /// What the operator allows proxied calls.
    #[command(flatten)]
    pub proxy: ProxyArguments,
    /// How long what is over is kept.
    #[command(flatten)]
    pub retention: RetentionArguments,
    /// Where traces go
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL", hide_env_values = true)]
    pub otlp_endpoint: Option<String>,
    /// Work with a PostgreSQL that may lose what it has committed: 1. For tests alone
    #[arg(long, env = "KEYBEARER_UNSAFE_DURABILITY", value_name = "1", hide_env_values = true)]
    pub unsafe_durability: Option<String>,
}

/// Settings that can be worked with.
pub struct Settings {
    /// Address of the portal, connect pages and API.
    pub listen: SocketAddr,
    /// What browsers see.
    pub public_url: Url,
    /// The base of connect pages and callbacks.
    pub connect_url: Url,
    /// `sqlite:…` or `postgres://…`.
    pub database_url: String,
    /// Where the master keys are.
    pub master_key: MasterKeySource,
    /// Files laid over the built-in catalogue.
    pub catalogue_dir: Option<PathBuf>,
    /// Hosts that the address guard lets through.
    pub allowed_hosts: AllowedHosts,
    /// Sends mail, where a mail server is set up.
    pub mail: Option<Mailer>,
    /// Who may sign up.
    pub sign_up: SignUp,
    /// Where the sandbox provider listens.
    pub sandbox_listen: Option<SocketAddr>,
    /// What the sandbox's control API asks for.
    pub sandbox_token: Option<String>,
    /// What is logged; `None` leaves it to the command.
    pub log: Option<String>,
    /// How log lines look; `None` leaves it to where they go.
    pub log_format: Option<LogFormat>,
    /// Whose forwarding headers are believed.
    pub trusted_proxies: Networks,
    /// How lines of token reads are kept.
    pub read_events: ReadEvents,
    /// How often the API may be called.
    pub rate_limits: RateLimits,
    /// Time-outs and size limits of proxied calls.
    pub proxy_limits: ProxyLimits,
    /// How long what is over is kept.
    pub retention: Retention,
    /// Work with a PostgreSQL that may lose what it has committed.
    pub unsafe_durability: bool,
    /// Settings that are well-formed but of no effect yet, to be told at start.
    pub without_effect: Vec<&'static str>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one object a line.
    Json,
}

impl Arguments {
    /// Checks everything.
    ///
    /// # Errors
    /// Every mistake, each in a sentence that names its variable.
    pub fn check(self) -> Result<Settings, Vec<String>> {
        let mut check = Check::default();
        let listen = check.address("KEYBEARER_LISTEN", self.listen).unwrap_or_else(|| check::fixed(LISTEN));
        // The default follows the port that is listened on, so that links lead here.
        let public_url = self.public_url.or_else(|| Some(format!("http://localhost:{}", listen.port())));
        let public_url = check.base_url("KEYBEARER_PUBLIC_URL", public_url);
        let connect_url = check.base_url("KEYBEARER_CONNECT_URL", self.connect_url).or_else(|| public_url.clone());
        let database_url = check.database_url("KEYBEARER_DATABASE_URL", self.database_url, DATABASE_URL);
        let master_key =
            check.master_key(self.master_key_file, self.master_key_command, database_url.starts_with("sqlite:"));
        let catalogue_dir = check.directory("KEYBEARER_CATALOGUE_DIR", self.catalogue_dir);
        let allowed_hosts =
            check.parsed("KEYBEARER_ALLOW_PRIVATE_HOSTS", self.allow_private_hosts, AllowedHosts::parse);
        let sandbox_listen = check.address("KEYBEARER_SANDBOX_LISTEN", self.sandbox_listen);
        let sandbox_token = check.sandbox_token(sandbox_listen);
        let log = check.filter("KEYBEARER_LOG", self.log);
        let log_format = check.log_format("KEYBEARER_LOG_FORMAT", self.log_format);
        let trusted_proxies = check.parsed("KEYBEARER_TRUSTED_PROXIES", self.trusted_proxies, Networks::parse);
        let usual = RateLimits::default();
        let mut limit = |name, text| check.parsed(name, text, RateLimit::parse);
        let rate_limits = RateLimits {
            key: limit("KEYBEARER_RATE_LIMIT_KEY", self.rate_limit_key).unwrap_or(usual.key),
            address: limit("KEYBEARER_RATE_LIMIT_ADDRESS", self.rate_limit_address).unwrap_or(usual.address),
        };
        let sign_up = check.sign_up("KEYBEARER_SIGN_UP", self.sign_up);
        let mail = check.mail("KEYBEARER_MAIL_FROM", self.mail_from);
        let proxy_limits = self.proxy.check(&mut check);
        let retention = self.retention.check(&mut check);
        let read_events = check.parsed("KEYBEARER_TOKEN_READ_EVENTS", self.token_read_events, str::parse::<ReadEvents>);
        check.unused("KEYBEARER_METRICS_LISTEN", self.metrics_listen);
        check.unused("OTEL_EXPORTER_OTLP_ENDPOINT", self.otlp_endpoint);
        let unsafe_durability = check.switch("KEYBEARER_UNSAFE_DURABILITY", self.unsafe_durability);
        let (Some(public_url), Some(connect_url)) = (public_url, connect_url) else { return Err(check.mistakes) };
        let without_effect = check.finish()?;
        Ok(Settings {
            listen,
            public_url,
            connect_url,
            database_url,
            master_key,
            catalogue_dir,
            allowed_hosts: allowed_hosts.unwrap_or_default(),
            mail,
            sign_up,
            sandbox_listen,
            sandbox_token,
            log,
            log_format,
            trusted_proxies: trusted_proxies.unwrap_or_default(),
            read_events: read_events.unwrap_or_default(),
            rate_limits,
            proxy_limits,
            retention,
            unsafe_durability,
            without_effect,
        })
    }
}

/// Whether a URL's host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
