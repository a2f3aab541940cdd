//! End users: the developer's customers, named by the developer's own ids.

use crate::connected_accounts::ProviderRevocation;
use crate::ids::ConnectedAccountId;
use serde::{Deserialize, Serialize};

/// A link with which an end user sees and ends what it has connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ManageLink))]
pub struct ManageLinkView {
    /// Where to send the end user. Only in this answer.
    pub url: String,
    /// When the link ends.
    pub expires_at: String,
}

/// What became of erasing an end user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasureReport {
    /// The developer's own id, which is nobody's from now on.
    pub end_user: String,
    /// When.
    pub erased_at: String,
    /// The accounts that were revoked with it.
    pub connected_accounts: Vec<ErasedAccount>,
    /// Connect sessions that were ended.
    pub connect_sessions: usize,
    /// Events whose personal fields were erased; the events themselves stay.
    pub events: u64,
}

/// An account of an end user that was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasedAccount {
    /// Its id.
    pub id: ConnectedAccountId,
    /// What the provider said: `pending` is asked again until it answers.
    pub provider_revocation: ProviderRevocation,
}

/// An end user as the application knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = EndUserRecord))]
pub struct EndUserRecord {
    /// The developer's own id.
    pub id: String,
    /// A name to show.
    pub name: Option<String>,
    /// An e-mail address to show.
    pub email: Option<String>,
    /// The developer's grouping, such as a company.
    pub group: Option<String>,
    /// When it was first invited.
    pub created_at: String,
    /// When a connect session or a change last named it.
    pub updated_at: String,
}
