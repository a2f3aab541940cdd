//! How a provider config does: what wants attention, its clients with their secrets, what is left to do.

use crate::ids::ClientId;
use serde::{Deserialize, Serialize};

crate::states::states! {
    /// How much something wants attention.
    Urgency {
        /// It does not work.
        Now = "now",
        /// It will stop working.
        Soon = "soon",
    }
}

/// Something that wants attention, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// How much.
    pub urgency: Urgency,
    /// What it is: "Client secret ends in 6 days".
    pub words: String,
}

/// How a provider config does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigHealth {
    /// Authorizations whose last refresh failed within a day; tokens are kept and it is tried again. Counted up to
    /// [`crate::provider_configs::MOST_COUNTED`].
    pub failing: i64,
    /// Authorizations that the provider has refused within a day, counted likewise.
    pub lost: i64,
    /// When the current client's secret ends, as the developer said.
    pub secret_expires_at: Option<String>,
    /// What wants attention, the worst first.
    pub attention: Vec<Attention>,
}

/// An OAuth client of a provider config: never with a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientView {
    /// Its id.
    pub id: ClientId,
    /// The OAuth client id.
    pub client_id: String,
    /// Whether new accounts are connected with it.
    pub is_current: bool,
    /// The last four characters of its secret.
    pub secret_ends: String,
    /// When the provider last refused that secret, if it did since it last worked.
    pub secret_refused_at: Option<String>,
    /// When that secret ends, as the developer said.
    pub secret_expires_at: Option<String>,
    /// The secret that is taking its place.
    pub next: Option<NextSecretView>,
    /// When the provider last took a token call of this client.
    pub worked_at: Option<String>,
    /// Authorizations that stand on it, counted up to [`crate::provider_configs::MOST_COUNTED`].
    pub authorizations: i64,
}

/// A secret that is taking the place of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextSecretView {
    /// Its last four characters.
    pub ends: String,
    /// When it was added.
    pub added_at: Option<String>,
    /// Since when it works; `None` until it has.
    pub works_since: Option<String>,
    /// When the provider last refused it.
    pub refused_at: Option<String>,
    /// When it ends, as the developer said.
    pub expires_at: Option<String>,
}

crate::states::states! {
    /// Whether a point of the readiness list is dealt with.
    ReadinessState {
        /// It is.
        Done = "done",
        /// It is not.
        ToDo = "to_do",
        /// Only the provider's own pages tell.
        Unseen = "unseen",
    }
}

/// A point of the list of what a set-up needs before end users come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// What is to be so: "The app is published".
    pub title: String,
    /// How to check it, and what to do.
    pub text: String,
    /// Whether it is.
    pub state: ReadinessState,
    /// The page of the report that the state comes from.
    #[serde(default)]
    pub report: Option<String>,
}
