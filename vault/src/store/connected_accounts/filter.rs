//! What a list of connected accounts is narrowed by, and how much that leaves.

use super::super::{Connection, Result, Store, parsed};
use super::statement::Statement;
use crate::clock::Millis;
use model::connected_accounts::{ConnectedAccountStatus, StatusReasonCode};
use model::ids::{ApplicationId, ConnectedAccountId, EndUserId, ProviderConfigId};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

/// So many matches of a search or a group are gathered before the rest is looked at; of more than these every page finds
/// some soon.
const FEW: i64 = 5_000;

/// What a list is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// The developer's own id of the end user.
    pub end_user_id: Option<String>,
    /// The end user's group.
    pub group: Option<String>,
    /// The provider's slug or the provider config's key.
    pub provider: Option<String>,
    /// The key of a provider config that is not removed.
    pub provider_config: Option<String>,
    /// The status.
    pub status: Option<ConnectedAccountStatus>,
    /// Why it does not work.
    pub status_reason: Option<StatusReasonCode>,
    /// What an id, a name or an e-mail address begins with: of the end user, of the provider's user, or the account's id.
    pub search: Option<String>,
    /// Not used since this moment (unix milliseconds), or never.
    pub not_used_since: Option<Millis>,
    /// Never used.
    pub never_used: bool,
    /// Connected at this moment (unix milliseconds) or later.
    pub created_from: Option<Millis>,
    /// Connected before this moment (unix milliseconds).
    pub created_before: Option<Millis>,
    /// These and no others.
    pub ids: Option<Vec<ConnectedAccountId>>,
    /// Not revoked.
    pub live: bool,
    /// This one or older: later ones are not meant.
    pub newest: Option<ConnectedAccountId>,
}

impl Filter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How many a search or a group leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Breadth {
    /// It was not asked for.
    Open,
    /// So few that they are gathered first: how many each place has.
    Few(Vec<i64>),
    /// So many that the list is looked through.
    Many,
}

/// A filter with its names looked up.
pub(crate) struct Narrowed<'a> {
    pub(super) application: ApplicationId,
    pub(super) filter: &'a Filter,
    pub(super) configs: Option<Vec<ProviderConfigId>>,
    pub(super) end_user: Option<EndUserId>,
    pub(super) group: Breadth,
    pub(super) search: Breadth,
    pub(super) bytewise: &'static str,
}

/// Looks up what the filter names; `None` when there is no such thing, and so no account.
pub(crate) async fn narrow<'a>(
    store: &Store,
    db: &mut Connection,
    application: ApplicationId,
    filter: &'a Filter,
) -> Result<Option<Narrowed<'a>>> {
    let end_user = match &filter.end_user_id {
        None => None,
        Some(external) => match end_user(db, application, external).await? {
            None => return Ok(None),
            found => found,
        },
    };
    let configs = configs(db, application, filter).await?;
    if configs.as_ref().is_some_and(Vec::is_empty) || filter.ids.as_ref().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    let (group, search) = (Breadth::Open, Breadth::Open);
    let mut narrowed = Narrowed { application, filter, configs, end_user, group, search, bytewise: store.bytewise() };
    if filter.group.is_some() {
        narrowed.group = narrowed.breadth(db, Statement::group(&narrowed)).await?;
    }
    if filter.search.is_some() {
        narrowed.search = narrowed.breadth(db, Statement::search(&narrowed)).await?;
    }
    Ok(Some(narrowed))
}

impl Narrowed<'_> {
    async fn breadth(&self, db: &mut Connection, arms: Vec<Statement>) -> Result<Breadth> {
        let mut found = Vec::new();
        for arm in &arms {
            found.push(arm.count(db, FEW + 1).await?);
            if found.iter().sum::<i64>() > FEW {
                return Ok(Breadth::Many);
            }
        }
        Ok(Breadth::Few(found))
    }
}

async fn end_user(db: &mut Connection, application: ApplicationId, external_id: &str) -> Result<Option<EndUserId>> {
    let sql = "SELECT id FROM end_users WHERE application_id = $1 AND external_id = $2";
    let row = sqlx::query(sql).bind(application.to_string()).bind(external_id).fetch_optional(db).await?;
    row.as_ref().map(|r| parsed(r, "id")).transpose()
}

/// The provider configs that the filter means, if it means any.
async fn configs(
    db: &mut Connection,
    application: ApplicationId,
    filter: &Filter,
) -> Result<Option<Vec<ProviderConfigId>>> {
    if filter.provider.is_none() && filter.provider_config.is_none() {
        return Ok(None);
    }
    let sql = "SELECT id FROM provider_configs WHERE application_id = $1 \
               AND (CAST($2 AS TEXT) IS NULL OR provider = $2 OR key = $2) \
               AND (CAST($3 AS TEXT) IS NULL OR (key = $3 AND removed_at IS NULL)) ORDER BY id";
    let query = sqlx::query(sql).bind(application.to_string()).bind(filter.provider.as_deref());
    let rows = query.bind(filter.provider_config.as_deref()).fetch_all(db).await?;
    rows.iter().map(|r| parsed(r, "id")).collect::<Result<_>>().map(Some)
}

/// When an account of the application was connected: where a page in that order begins.
pub(super) async fn creation(
    db: &mut Connection,
    application: ApplicationId,
    id: ConnectedAccountId,
) -> Result<Option<Millis>> {
    let sql = "SELECT created_at FROM connected_accounts WHERE id = $1 AND application_id = $2";
    let row = sqlx::query(sql).bind(id.to_string()).bind(application.to_string()).fetch_optional(db).await?;
    row.map(|r| r.try_get("created_at")).transpose()
}
