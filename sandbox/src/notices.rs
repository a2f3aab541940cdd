//! Notices to a client's own endpoint: a user has removed the app. They are signed, and repeated while they do not arrive.

mod endpoint;
mod queue;
mod sender;

pub use endpoint::{DataRetention, NoticeEndpoint};
pub use queue::Delivery;
pub(crate) use queue::Notices;
pub(crate) use sender::{deliver, validate};

use crate::{
    client::Client,
    clock::{self, Millis},
    random::Random,
    user::User,
};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_json::json;
use sha2::Sha256;

/// The event of a removal.
pub(crate) const REMOVED: &str = "app_deauthorized";
/// The event that only wants an answer.
pub(crate) const VALIDATION: &str = "endpoint.url_validation";

/// A signed request, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Where it goes.
    pub url: String,
    /// `x-zm-request-timestamp`: unix seconds.
    pub timestamp: String,
    /// `x-zm-signature`.
    pub signature: String,
    /// The body, byte for byte.
    pub body: String,
}

impl Notice {
    /// The headers that matter.
    pub fn headers(&self) -> [(&'static str, &str); 2] {
        [("x-zm-request-timestamp", &self.timestamp), ("x-zm-signature", &self.signature)]
    }

    /// Tells the client's endpoint that the user has removed the app.
    pub(crate) fn of_removal(client: &Client, user: &User, random: &mut Random, now: Millis) -> Self {
        let mut payload = json!({
            "account_id": user.account_id,
            "user_id": user.id,
            "client_id": client.client_id,
            "deauthorization_time": clock::rfc3339(now),
            // Names the event; nobody can check it.
            "signature": random.hex(64),
        });
        if let (Some(retention), Some(members)) = (client.notices.user_data_retention.value(), payload.as_object_mut())
        {
            members.insert("user_data_retention".to_owned(), retention);
        }
        Self::signed(client, json!({"event": REMOVED, "event_ts": now, "payload": payload}).to_string(), now)
    }

    /// Asks for an answer made with the secret token.
    pub(crate) fn of_validation(client: &Client, plain_token: &str, now: Millis) -> Self {
        let body = json!({"event": VALIDATION, "event_ts": now, "payload": {"plainToken": plain_token}});
        Self::signed(client, body.to_string(), now)
    }

    pub(crate) fn signed(client: &Client, body: String, now: Millis) -> Self {
        let endpoint = &client.notices;
        let timestamp = (now / 1000 - endpoint.signed_ago_seconds).to_string();
        let other_secret = endpoint.secret_token.chars().rev().collect::<String>() + "?";
        let secret = if endpoint.signed_wrongly { &other_secret } else { &endpoint.secret_token };
        let signature = format!("v0={}", hmac(secret, &format!("v0:{timestamp}:{body}")));
        Self { url: endpoint.url.clone(), timestamp, signature, body }
    }
}

/// What came of asking an endpoint to prove that it knows the secret token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Validation {
    /// Whether the answer was right.
    pub right: bool,
    /// The status, if there was an answer.
    pub status: Option<u16>,
    /// What was wrong.
    pub words: String,
}

/// HMAC-SHA256 in hexadecimal digits.
pub(crate) fn hmac(secret: &str, message: &str) -> String {
    // Keys of any length will do, so this does not fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(message.as_bytes());
    HEXLOWER.encode(&mac.finalize().into_bytes())
}
