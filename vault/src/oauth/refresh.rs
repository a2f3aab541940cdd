//! A refresh token for new tokens (RFC 6749, 6). No scope is sent: it could only ask for less or for too much.

use super::{Credentials, client_authentication};
use crate::catalogue::Entry;
use crate::clock::Millis;
use crate::error::VaultError;
use crate::http::Request;
use crate::secret::Secret;

pub(crate) fn request(
    entry: &Entry,
    credentials: &Credentials,
    refresh_token: &Secret,
    deadline: Millis,
) -> Result<Request, VaultError> {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose())];
    client_authentication::post(entry, credentials, &entry.endpoints.token, &fields, deadline)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    /// Checklist 40: a refresh never asks for more scope than granted: it asks for none.
    #[test]
    fn no_scope_is_sent() {
        let provider = Catalogue::load(&crate::catalogue::Sources {
            folder: None,
            sandbox: Some("http://127.0.0.1:4001"),
            allowed: crate::AllowedHosts::default(),
        });
        let catalogue = provider.unwrap();
        let entry = &catalogue.get("sandbox").unwrap().entry;
        let secret = |text: &str| Secret::new(text.to_owned());
        let credentials = Credentials { client_id: "an id".into(), client_secret: secret("a secret") };
        let request = request(entry, &credentials, &secret("a token"), 1_000).unwrap();
        assert_eq!(request.body.unwrap().1, "grant_type=refresh_token&refresh_token=a+token");
        assert_eq!(request.url.query(), None);
    }
}
