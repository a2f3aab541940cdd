//! Mail: plain text over SMTP, by way of the server that the operator names.

use crate::Vault;
use crate::secret::Secret;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::{self, AsyncSmtpTransport};
use lettre::{Address, AsyncTransport as _, Message, Tokio1Executor};
use std::time::Duration;
use url::Url;

/// A mail server that is silent for so long is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends mail. A clone shares everything with its original.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// A mail that is about to be sent.
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl Mailer {
    /// Puts both together.
    pub fn new(MailServer(transport): MailServer, Sender(from): Sender) -> Self {
        Self { transport, from }
    }

    async fn send(&self, letter: Letter) -> Result<(), String> {
        let Ok(to) = letter.to.parse::<Address>() else { return Err("the address cannot be written to".into()) };
        let message = Message::builder().from(self.from.clone()).to(Mailbox::new(None, to)).subject(letter.subject);
        let message = message.header(ContentType::TEXT_PLAIN).body(letter.text);
        let message = message.map_err(|e| format!("the mail cannot be written: {e}"))?;
        self.transport.send(message).await.map(drop).map_err(|e| in_words(&e))
    }
}

/// Where mail is sent to.
pub struct MailServer(AsyncSmtpTransport<Tokio1Executor>);

impl MailServer {
    /// Reads where to send mail, `smtps://user:password@host:port` or `smtp://…`. Beyond this machine `smtp` goes on only
    /// over STARTTLS, unless `?tls=` says otherwise: links in mails open accounts.
    ///
    /// # Errors
    /// What is wrong with the address, without a word of it, since it may hold a password.
    pub fn parse(url: &Secret) -> Result<Self, String> {
        // Installed once for the process, as the vault does; whoever comes first.
        drop(rustls::crypto::ring::default_provider().install_default());
        let shape = "it must look like smtps://user:password@mail.example.com, or smtp:// for STARTTLS";
        let mut url = Url::parse(url.expose()).map_err(|_| shape.to_owned())?;
        if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none_or(str::is_empty) {
            return Err(shape.to_owned());
        }
        let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let says = url.query_pairs().any(|(name, _)| name == "tls");
        if url.scheme() == "smtp" && !local && !says {
            url.set_query(Some("tls=required"));
        }
        // lettre goes without when nothing is said of TLS.
        if url.query() == Some("tls=none") {
            url.set_query(None);
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str());
        let builder =
            builder.map_err(|_| "after ? there may be tls=required, tls=opportunistic or tls=none".to_owned())?;
        Ok(Self(builder.timeout(Some(PATIENCE)).build()))
    }
}

/// From whom mail comes.
pub struct Sender(Mailbox);

impl Sender {
    /// Reads `Keybearer <keybearer@example.com>`, or the address alone.
    ///
    /// # Errors
    /// When it is no address.
    pub fn parse(from: &str) -> Result<Self, String> {
        let shape = |_| format!("\"{from}\" is not an address such as Keybearer <keybearer@example.com>");
        from.parse().map(Self).map_err(shape)
    }
}

impl Vault {
    /// Whether this server sends mail.
    pub fn sends_mail(&self) -> bool {
        self.mail.is_some()
    }

    /// Sends a letter, and logs a failure. `what` names it in the log.
    ///
    /// # Errors
    /// Why it could not be sent, in words without the address.
    pub(crate) async fn send_mail(&self, what: &'static str, letter: Letter) -> Result<(), String> {
        let Some(mailer) = &self.mail else { return Err("no mail server is set up".into()) };
        let sent = mailer.send(letter).await;
        if let Err(problem) = &sent {
            tracing::warn!(mail.what = what, error = problem, "A mail could not be sent.");
        }
        sent
    }

    /// A full address of the portal.
    pub(crate) fn portal_address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}

/// What is wrong with an e-mail address.
pub(crate) fn address_mistake(email: &str) -> Option<&'static str> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | ',' | ';' | '\\');
    let fits = email.len() <= 254 && !email.contains(odd) && crate::text::can_be_shown(email);
    (!fits || email.parse::<Address>().is_err()).then_some("Enter an e-mail address such as ada@example.com.")
}

/// The mail server's own words may repeat the address, which no log may hold: its code says enough.
fn in_words(error: &smtp::Error) -> String {
    match error.status() {
        Some(code) if error.is_transient() => format!("the mail server could not take it now ({code})"),
        Some(code) => format!("the mail server refused it ({code})"),
        None if error.is_response() => "the mail server answered what is no SMTP".into(),
        None if error.is_timeout() => "the mail server did not answer in time".into(),
        None if error.is_tls() => format!("no safe connection to the mail server: {error}"),
        None if error.is_client() => format!("the mail server cannot do what is needed: {error}"),
        None => format!("the mail server could not be reached: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_bring_a_header_or_a_second_recipient() {
        for good in ["ada@example.com", "a.b+c@mail.example.org", "o'neill@example.com", "root@localhost"] {
            assert_eq!(address_mistake(good), None, "{good}");
        }
        for bad in [
            "ada@example.com\r\nBcc: eve@example.com",
            "ada@example.com\nSubject: x",
            "ada@example.com,eve@example.com",
            "ada@example.com;eve@example.com",
            "Ada <ada@example.com>",
            "\"ada eve\"@example.com",
            "ada@exam\u{202e}ple.com",
            "ada",
            "@example.com",
            "ada@",
            "",
        ] {
            assert!(address_mistake(bad).is_some(), "{bad:?}");
        }
    }

    #[test]
    fn a_mail_server_is_told_from_what_is_none() {
        let server = |url: &str| MailServer::parse(&Secret::new(url.to_owned())).err();
        for good in [
            "smtps://user:p%40ss@mail.example.com",
            "smtp://mail.example.com:587",
            "smtp://mail.example.com?tls=none",
            "smtp://127.0.0.1:2525",
        ] {
            assert_eq!(server(good), None, "{good}");
        }
        for bad in
            ["mail.example.com", "http://canary@mail.example.com", "smtp:", "smtp://h?tls=canary", "smtp//canary"]
        {
            assert!(server(bad).is_some_and(|words| !words.contains("canary")), "{bad}");
        }
        assert!(Sender::parse("Keybearer <keybearer@example.com>").is_ok() && Sender::parse("Keybearer").is_err());
    }
}
