//! Reads single settings and gathers what is wrong with them.

use super::{LogFormat, MasterKeySource, is_loopback};
use model::people::SignUp;
use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use tracing_subscriber::EnvFilter;
use url::Url;
use vault::{MailServer, Mailer, Sender};

const MASTER_KEY: &str = "KEYBEARER_MASTER_KEY";
const SANDBOX_TOKEN: &str = "KEYBEARER_SANDBOX_TOKEN";
const SMTP_URL: &str = "KEYBEARER_SMTP_URL";
/// What is taken from the environment alone.
pub(super) const SECRETS: [&str; 3] = [MASTER_KEY, SANDBOX_TOKEN, SMTP_URL];

/// The mistakes so far, and the settings that change nothing yet.
#[derive(Default)]
pub(super) struct Check {
    pub(super) mistakes: Vec<String>,
    without_effect: Vec<&'static str>,
}

impl Check {
    pub(super) fn finish(self) -> Result<Vec<&'static str>, Vec<String>> {
        if self.mistakes.is_empty() { Ok(self.without_effect) } else { Err(self.mistakes) }
    }

    pub(super) fn parsed<T, E: Display>(
        &mut self,
        name: &str,
        text: Option<String>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = given(text)?;
        parse(&text).map_err(|e| self.mistakes.push(format!("{name}: {e}"))).ok()
    }

    pub(super) fn address(&mut self, name: &str, text: Option<String>) -> Option<SocketAddr> {
        self.parsed(name, text, |text| {
            let text = text.replace("localhost:", "127.0.0.1:");
            text.parse().map_err(|_| format!("\"{text}\" is not an IP address and a port such as 127.0.0.1:4000"))
        })
    }

    pub(super) fn base_url(&mut self, name: &str, text: Option<String>) -> Option<Url> {
        self.parsed(name, text, |text| {
            let url =
                Url::parse(text).map_err(|e| format!("\"{text}\" is not a URL such as https://example.com ({e})"))?;
            let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
            match url.scheme() {
                _ if !bare || !url.username().is_empty() || url.password().is_some() => {
                    Err(format!("\"{text}\" must be scheme, host and port alone"))
                }
                "https" => Ok(url),
                "http" if is_loopback(&url) => Ok(url),
                "http" => Err(format!("\"{text}\" must be https: only loopback addresses do without")),
                _ => Err(format!("\"{text}\" must begin with https://")),
            }
        })
    }

    pub(super) fn database_url(&mut self, name: &str, text: Option<String>, default: &str) -> String {
        let text = given(text).unwrap_or_else(|| default.to_owned());
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
            // The rest may hold a password.
            self.mistakes.push(format!("{name}: it must begin with sqlite: or postgres://"));
        }
        text
    }

    pub(super) fn master_key(
        &mut self,
        file: Option<String>,
        command: Option<String>,
        generate: bool,
    ) -> MasterKeySource {
        let (file, command, keys) = (given(file), given(command), secret(MASTER_KEY));
        if [file.is_some(), command.is_some(), keys.is_some()].iter().filter(|given| **given).count() > 1 {
            self.mistakes.push(
                "KEYBEARER_MASTER_KEY_FILE, KEYBEARER_MASTER_KEY and KEYBEARER_MASTER_KEY_COMMAND: set only one of them"
                    .to_owned(),
            );
        }
        match (keys, command, file) {
            (Some(keys), _, _) => MasterKeySource::Given(vault::Secret::new(keys)),
            (None, Some(command), _) => MasterKeySource::Command(command),
            (None, None, file) => {
                let path = PathBuf::from(file.unwrap_or_else(|| "data/master.key".to_owned()));
                MasterKeySource::File { path, generate }
            }
        }
    }

    pub(super) fn directory(&mut self, name: &str, text: Option<String>) -> Option<PathBuf> {
        self.parsed(name, text, |text| {
            let path = PathBuf::from(text);
            if path.is_dir() { Ok(path) } else { Err(format!("there is no directory {text}")) }
        })
    }

    pub(super) fn sandbox_token(&mut self, listen: Option<SocketAddr>) -> Option<String> {
        let token = secret(SANDBOX_TOKEN);
        if token.is_none() && listen.is_some_and(|address| !address.ip().is_loopback()) {
            self.mistakes.push(
                "KEYBEARER_SANDBOX_LISTEN: beyond loopback anybody could control the sandbox; set \
                 KEYBEARER_SANDBOX_TOKEN too, or listen on 127.0.0.1"
                    .to_owned(),
            );
        }
        token
    }

    pub(super) fn sign_up(&mut self, name: &str, text: Option<String>) -> SignUp {
        let chosen = self.parsed(name, text, |text| match text {
            "open" => Err("\"open\" is not offered: a stranger's e-mail address is not verified yet; choose first or \
                           invite, and invite people under Settings, Members"
                .to_owned()),
            text => text.parse().map_err(|_| format!("\"{text}\" is neither first nor invite")),
        });
        chosen.unwrap_or(SignUp::First)
    }

    /// Both or neither: where mail goes, and from whom.
    pub(super) fn mail(&mut self, name: &str, from: Option<String>) -> Option<Mailer> {
        let url = secret(SMTP_URL).map(vault::Secret::new);
        match (&url, given(from.clone())) {
            (Some(_), None) => self.mistakes.push(format!("{name}: say from whom mail comes, since {SMTP_URL} is set")),
            (None, Some(_)) => self.mistakes.push(format!("{SMTP_URL}: say where to send mail, since {name} is set")),
            _ => {}
        }
        let server = url
            .and_then(|url| MailServer::parse(&url).map_err(|e| self.mistakes.push(format!("{SMTP_URL}: {e}"))).ok());
        let sender = self.parsed(name, from, Sender::parse);
        Some(Mailer::new(server?, sender?))
    }

    pub(super) fn filter(&mut self, name: &str, text: Option<String>) -> Option<String> {
        self.parsed(name, text, |text| match EnvFilter::try_new(text) {
            Ok(_) => Ok(text.to_owned()),
            Err(error) => Err(format!("\"{text}\" is not a filter such as info or vault=debug,warn ({error})")),
        })
    }

    pub(super) fn log_format(&mut self, name: &str, text: Option<String>) -> Option<LogFormat> {
        self.parsed(name, text, |text| match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            other => Err(format!("\"{other}\" is neither text nor json")),
        })
    }

    /// A time-out; a day is as good as none.
    pub(super) fn seconds(&mut self, name: &str, text: Option<String>, usual: Duration) -> Duration {
        let given = self.parsed(name, text, |text| match text.parse::<u64>() {
            Ok(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
            _ => Err(format!("\"{text}\" is not a number of seconds from 1 to 86400")),
        });
        given.unwrap_or(usual)
    }

    /// A size limit; none, unless one is given.
    pub(super) fn bytes(&mut self, name: &str, text: Option<String>) -> Option<u64> {
        self.parsed(name, text, |text| match text.parse::<u64>() {
            Ok(bytes @ 1..) => Ok(bytes),
            _ => Err(format!("\"{text}\" is not a number of bytes such as 1073741824; leave it out for any number")),
        })
    }

    /// A choice whose first value is the only one that works so far.
    pub(super) fn unused(&mut self, name: &'static str, text: Option<String>) {
        if given(text).is_some() {
            self.without_effect.push(name);
        }
    }

    pub(super) fn switch(&mut self, name: &str, text: Option<String>) -> bool {
        let on = self.parsed(name, text, |text| match text {
            "1" | "true" => Ok(true),
            "0" | "false" => Ok(false),
            other => Err(format!("\"{other}\" is neither 1 nor 0")),
        });
        on.unwrap_or_default()
    }
}

/// An address that stands in this program.
pub(super) fn fixed(address: &str) -> SocketAddr {
    address.parse().unwrap_or_else(|_| SocketAddr::from((Ipv4Addr::LOCALHOST, 4000)))
}

/// An empty variable is as good as none.
fn given(text: Option<String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

/// Secrets have no flag: a process's arguments can be read by everybody on the machine.
fn secret(name: &str) -> Option<String> {
    given(std::env::var_os(name).and_then(|value| value.into_string().ok()))
}

#[cfg(test)]
mod tests {
    use super::super::{Arguments, ProxyArguments, RetentionArguments};

    #[track_caller]
    fn refused(arguments: Arguments, parts: &[&str]) {
        let mistakes = arguments.check().err().unwrap().join("\n");
        for part in parts {
            assert!(mistakes.contains(part), "{part} in {mistakes}");
        }
        assert_eq!(mistakes.lines().count(), parts.len(), "{mistakes}");
    }

    #[test]
    fn all_mistakes_are_told_together() {
        let text = |text: &str| Some(text.to_owned());
        refused(
            Arguments {
                listen: text("four thousand"),
                public_url: text("http://vault.example.com"),
                database_url: text("mysql://x"),
                log_format: text("xml"),
                sign_up: text("everybody"),
                trusted_proxies: text("10.0.0.0/99"),
                rate_limit_key: text("many"),
                proxy: ProxyArguments {
                    idle_timeout: text("0"),
                    max_response_bytes: text("2 GB"),
                    ..ProxyArguments::default()
                },
                retention: RetentionArguments { keep_events: text("7"), ..RetentionArguments::default() },
                ..Arguments::default()
            },
            &[
                "KEYBEARER_LISTEN",
                "must be https",
                "KEYBEARER_DATABASE_URL",
                "neither text nor json",
                "KEYBEARER_SIGN_UP",
                "KEYBEARER_TRUSTED_PROXIES",
                "KEYBEARER_RATE_LIMIT_KEY",
                "KEYBEARER_PROXY_IDLE_TIMEOUT",
                "KEYBEARER_PROXY_MAX_RESPONSE_BYTES",
                "KEYBEARER_KEEP_EVENTS",
            ],
        );
    }

    #[test]
    fn the_defaults_are_those_of_the_documentation() {
        let settings = Arguments::default().check().ok().unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:4000");
        assert_eq!(settings.public_url.as_str(), "http://localhost:4000/");
        assert_eq!(settings.connect_url, settings.public_url);
        assert_eq!(settings.database_url, "sqlite:data/keybearer.db");
        assert_eq!(settings.proxy_limits, vault::ProxyLimits::default());
        assert_eq!(settings.retention, vault::Retention::default());
        assert!(settings.without_effect.is_empty() && settings.sandbox_listen.is_none());
    }

    #[test]
    fn a_public_url_is_an_origin() {
        for url in
            ["https://example.com/vault", "https://u:p@example.com", "https://example.com/?x", "ftp://example.com"]
        {
            let arguments = Arguments { public_url: Some(url.to_owned()), ..Arguments::default() };
            refused(arguments, &["KEYBEARER_PUBLIC_URL"]);
        }
    }

    #[test]
    fn sign_up_is_open_to_nobody_whose_address_is_unknown() {
        let sign_up = |text: &str| Arguments { sign_up: Some(text.to_owned()), ..Arguments::default() };
        refused(sign_up("open"), &["KEYBEARER_SIGN_UP"]);
        assert!(sign_up("invite").check().is_ok_and(|settings| settings.sign_up == model::people::SignUp::Invite));
    }

    #[test]
    fn a_sender_alone_sends_nothing() {
        let arguments = Arguments { mail_from: Some("keybearer@example.com".to_owned()), ..Arguments::default() };
        refused(arguments, &["KEYBEARER_SMTP_URL"]);
    }

    #[test]
    fn the_sandbox_beyond_loopback_needs_a_token() {
        let arguments = Arguments { sandbox_listen: Some("0.0.0.0:4001".to_owned()), ..Arguments::default() };
        refused(arguments, &["KEYBEARER_SANDBOX_TOKEN"]);
    }
}
