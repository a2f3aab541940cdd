//! What keeps end users at the provider: told on the provider's own page alone, so that Keybearer hears nothing.

use serde::{Deserialize, Serialize};

/// A likely cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeverReturned {
    /// What the end user sees: `"Invalid redirect url"`.
    pub shows: String,
    /// Why.
    pub cause: String,
    /// What to do about it.
    pub cure: String,
    /// Which evidence speaks for it.
    pub likely_when: LikelyWhen,
}

/// What is known of others who went to the provider with the same client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LikelyWhen {
    /// Nobody has ever come back: the set-up is wrong.
    NobodyReturns,
    /// Others come back: it lies with this end user's account.
    OthersReturn,
}

/// For entries that name none.
pub(crate) fn usual(provider: &str) -> Vec<NeverReturned> {
    let cause = |shows: &str, cause: String, cure: &str, likely_when| NeverReturned {
        shows: shows.to_owned(),
        cause,
        cure: cure.to_owned(),
        likely_when,
    };
    vec![
        cause(
            "An error about the redirect URI",
            format!("The redirect URI is not registered at {provider}, or differs in a letter or a slash."),
            "Copy the redirect URI from the provider config and paste it at the provider.",
            LikelyWhen::NobodyReturns,
        ),
        cause(
            "An error about scopes or the app",
            format!("{provider} does not let the app ask for these scopes, or the app is not published yet."),
            "Compare the scopes with those of your app at the provider, and check who may use it.",
            LikelyWhen::NobodyReturns,
        ),
        cause(
            "Nothing unusual",
            "The end user closed the page, or declined without being sent back.".to_owned(),
            "Ask the end user, and create a new link.",
            LikelyWhen::OthersReturn,
        ),
    ]
}
