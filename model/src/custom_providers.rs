//! Custom providers: entries that an application writes itself.

use crate::providers::ProviderSummary;
use serde::{Deserialize, Serialize};

/// The fields of an entry that most providers need, and the rest as TOML. No field stands in both: what the rest names
/// too wins, and stands in its field from then on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EntryForm {
    /// The name people know it by.
    pub name: String,
    /// The issuer identifier; empty for none.
    pub issuer: String,
    /// The authorization endpoint.
    pub authorize: String,
    /// The token endpoint.
    pub token: String,
    /// The revocation endpoint; empty for none.
    pub revoke: String,
    /// Called to learn whose tokens these are; empty for none.
    pub userinfo: String,
    /// The keys of ID tokens; empty for none.
    pub jwks: String,
    /// The base of the provider's API; empty for none.
    pub api_base: String,
    /// `basic` or `body`.
    pub authentication: String,
    /// `space`, `comma` or `none`.
    pub scope: String,
    /// Whether a redirect without `iss` is refused.
    pub iss_required: bool,
    /// Everything else, in TOML.
    pub advanced: String,
    /// What the issuer announced when it was asked, as JSON; empty when it was not.
    pub announced: String,
}

/// What an issuer announces of itself, for review before anything is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovered {
    /// Where the document was found.
    pub document: String,
    /// Endpoints and capabilities, in the order in which to show them.
    pub findings: Vec<Finding>,
    /// What to know before it is saved.
    pub warnings: Vec<String>,
    /// The form, filled in.
    pub form: EntryForm,
}

/// One line of what an issuer announces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub label: String,
    /// What the document says.
    pub value: String,
    /// The endpoint is on another host than the issuer.
    pub elsewhere: bool,
}

/// A custom provider as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomProviderView {
    /// What lists show.
    pub summary: ProviderSummary,
    /// Its entry.
    pub form: EntryForm,
    /// Keys of the provider configs that use it.
    pub used_by: Vec<String>,
    /// When the issuer was last asked what it announces.
    pub checked_at: Option<String>,
    /// Why that brought nothing.
    pub check_failure: Option<String>,
}

/// A difference between the entry that a provider config runs on and a newer one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryChange {
    /// The field, as files of the catalogue spell it.
    pub field: String,
    /// What is in force; empty for nothing.
    pub from: String,
    /// What it would become; empty for nothing.
    pub to: String,
    /// It says where credentials go, how they are sent, or what is asked for.
    pub matters: bool,
}

/// A newer entry that a provider config could run on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryOffer {
    /// The provider's name.
    pub provider: String,
    /// The issuer that announced it; `None` when the entry itself was changed.
    pub announced_by: Option<String>,
    /// The differences, what matters first. Never empty.
    pub changes: Vec<EntryChange>,
    /// Names the newer entry: only what was looked at is adopted.
    pub hash: String,
}

crate::states::states! {
    /// What a look at an issuer's announcement found.
    MetadataCheck {
        /// The same as before.
        Unchanged = "unchanged",
        /// Something else, which waits for somebody to adopt it.
        Changed = "changed",
        /// No answer that counts.
        Failed = "failed",
    }
}
