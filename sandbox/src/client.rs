use crate::notices::NoticeEndpoint;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The client id that every new sandbox knows.
pub const BUILT_IN_CLIENT_ID: &str = "KeybearerSandboxApp_01";
/// The secret of [`BUILT_IN_CLIENT_ID`].
pub const BUILT_IN_CLIENT_SECRET: &str = "not-a-secret-just-for-my-sandbox";

/// An app registered at the sandbox, with the switches that say how the sandbox treats it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Client {
    /// 22 characters; made up when empty.
    pub client_id: String,
    /// 32 characters; made up when empty, or kept if the client exists already.
    #[serde(skip_serializing)]
    pub client_secret: String,
    /// Works beside the other one where it is not empty: a provider while a secret is replaced.
    #[serde(skip_serializing)]
    pub second_secret: String,
    /// What the consent page calls the app.
    pub name: String,
    /// Compared character for character.
    pub redirect_uris: Vec<String>,
    /// Besides those of the list, any https address and any http address of loopback will do.
    pub any_redirect_uri: bool,
    /// What every user grants.
    pub scopes: Vec<String>,
    /// What a user may untick.
    pub optional_scopes: Vec<String>,
    /// Lifetime of access tokens.
    pub access_token_seconds: u32,
    /// Lifetime of refresh tokens; each refresh starts it again.
    pub refresh_token_seconds: u32,
    /// Only admins may consent.
    pub admin_managed: bool,
    /// Show the consent page even to those who consented before.
    pub always_ask: bool,
    /// Refused at the token endpoint with `unauthorized_client`.
    pub disabled: bool,
    /// What to make of `scope` in an authorization request.
    pub scope_parameter: ScopeParameter,
    /// What a spent refresh token does.
    pub reuse: Reuse,
    /// The access token of before a refresh stays good until it expires.
    pub keep_previous_access_token: bool,
    /// Where it hears of users who removed the app.
    pub notices: NoticeEndpoint,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            client_id: String::new(),
            client_secret: String::new(),
            second_secret: String::new(),
            name: "Unnamed app".into(),
            redirect_uris: Vec::new(),
            any_redirect_uri: false,
            scopes: vec!["user:read:user".into(), "meeting:read:list_meetings".into()],
            optional_scopes: Vec::new(),
            access_token_seconds: 3600,
            refresh_token_seconds: 90 * 24 * 3600,
            admin_managed: false,
            always_ask: false,
            disabled: false,
            scope_parameter: ScopeParameter::default(),
            reuse: Reuse::default(),
            keep_previous_access_token: false,
            notices: NoticeEndpoint::default(),
        }
    }
}

impl Client {
    /// A client with id and secret, an exact list of redirect URIs, and the default scopes and switches.
    pub fn new(client_id: &str, client_secret: &str, redirect_uris: &[&str]) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            redirect_uris: redirect_uris.iter().map(|&uri| uri.into()).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn built_in() -> Self {
        Self {
            client_id: BUILT_IN_CLIENT_ID.into(),
            client_secret: BUILT_IN_CLIENT_SECRET.into(),
            name: "My first app".into(),
            any_redirect_uri: true,
            optional_scopes: vec!["cloud_recording:read:list_user_recordings".into()],
            ..Self::default()
        }
    }

    /// All scopes, required ones first.
    pub(crate) fn all_scopes(&self) -> Vec<String> {
        self.scopes.iter().chain(&self.optional_scopes).cloned().collect()
    }

    pub(crate) fn accepts_redirect_uri(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| registered == uri)
            || self.any_redirect_uri && is_https_or_loopback(uri)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("client_id", &self.client_id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// What the authorization page makes of a `scope` parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeParameter {
    /// An "Invalid scope" page, whatever it says.
    #[default]
    Refused,
    /// As if it had not been sent.
    Ignored,
    /// Narrows the grant; a scope that the client does not have is an "Invalid scope" page.
    Honoured,
}

/// What a refresh token that was spent before does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Reuse {
    /// `invalid_grant`; the newer tokens live on.
    #[default]
    Refused,
    /// `invalid_grant`, and the newer tokens die with it.
    Revokes,
    /// Works again for this many seconds after it was spent, and each time gives another pair.
    Window(u32),
}

impl TryFrom<String> for Reuse {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "refused" => Ok(Self::Refused),
            None if text == "revokes" => Ok(Self::Revokes),
            Some(("window", seconds)) => {
                seconds.parse().map(Self::Window).map_err(|_| format!("{seconds:?} is not a number of seconds"))
            }
            _ => Err(format!("reuse is \"refused\", \"revokes\" or \"window:SECONDS\", not {text:?}")),
        }
    }
}

impl From<Reuse> for String {
    fn from(reuse: Reuse) -> Self {
        match reuse {
            Reuse::Refused => "refused".into(),
            Reuse::Revokes => "revokes".into(),
            Reuse::Window(seconds) => format!("window:{seconds}"),
        }
    }
}

fn is_https_or_loopback(uri: &str) -> bool {
    let Ok(parsed) = uri.parse::<hyper::Uri>() else { return false };
    let host = parsed.host().unwrap_or_default();
    !uri.contains('#')
        && match parsed.scheme_str() {
            Some("https") => !host.is_empty(),
            Some("http") => crate::http::is_loopback_host(host),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_credentials_have_the_lengths_of_real_ones() {
        assert_eq!((BUILT_IN_CLIENT_ID.len(), BUILT_IN_CLIENT_SECRET.len()), (22, 32));
    }

    #[test]
    fn any_redirect_uri_means_https_or_loopback() {
        let check = |uri: &str, accepted: bool| {
            assert_eq!(Client::built_in().accepts_redirect_uri(uri), accepted, "{uri}");
        };
        check("https://vault.example.com/oauth/callback/app_1/zoom", true);
        check("http://localhost:4000/oauth/callback", true);
        check("http://127.0.0.1:4000/cb", true);
        check("http://[::1]:4000/cb", true);
        check("http://vault.example.com/cb", false);
        check("http://localhost.example.com/cb", false);
        check("https://vault.example.com/cb#fragment", false);
        check("javascript:alert(1)", false);
        check("/relative", false);
        check("", false);
    }

    #[test]
    fn reuse_reads_what_it_writes() {
        for reuse in [Reuse::Refused, Reuse::Revokes, Reuse::Window(30)] {
            assert_eq!(Reuse::try_from(String::from(reuse)), Ok(reuse));
        }
        assert!(Reuse::try_from("window:soon".to_owned()).is_err());
        assert!(Reuse::try_from("sometimes".to_owned()).is_err());
    }
}
