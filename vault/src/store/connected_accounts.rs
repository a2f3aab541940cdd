//! Connected accounts, with what their token set, provider config and end user say of them.

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.application_id, a.end_user_id, a.token_set_id, a.provider_user_id, \
             a.provider_tenant_id, a.provider_user_name, a.provider_user_email, a.label, a.status, a.status_reason, \
             a.status_detail, a.status_at, a.provider_revocation, a.scopes, a.missing_scopes, a.metadata, a.last_used_at, \
             a.created_at, e.external_id, e.name, e.email, e.end_user_group, p.key, p.state, p.provider, p.entry_hash, \
             t.api_base_url, t.expires_at, t.issued_at, t.last_refreshed_at, \
             CAST(CASE WHEN t.refresh_token IS NULL THEN 0 ELSE 1 END AS BIGINT) AS can_refresh \
             FROM connected_accounts a JOIN end_users e ON e.id = a.end_user_id \
             JOIN provider_configs p ON p.id = a.provider_config_id JOIN token_sets t ON t.id = a.token_set_id ",
            $rest
        )
    };
}

mod filter;
mod paging;
mod statement;
mod status;

pub use filter::Filter;
pub(crate) use filter::narrow;
pub(crate) use paging::{Edge, Ids, cheap_count, count_by_config, ids, rows};
pub(crate) use status::*;

use super::{Connection, Result, json, parsed, parsed_option, scope_sets, words};
use crate::clock::Millis;
use model::connected_accounts::{
    ConnectedAccountStatus, EndUserView, ProviderAccount, ProviderRevocation, StatusReasonCode,
};
use model::ids::{ApplicationId, ClientId, ConnectedAccountId, EndUserId, ProviderConfigId, TokenSetId};
use model::provider_configs::ProviderConfigState;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: ConnectedAccountId,
    pub(crate) application_id: ApplicationId,
    pub(crate) token_set_id: TokenSetId,
    pub(crate) provider_account: ProviderAccount,
    pub(crate) label: Option<String>,
    pub(crate) status: ConnectedAccountStatus,
    pub(crate) status_reason: Option<StatusReasonCode>,
    pub(crate) status_detail: Option<String>,
    pub(crate) status_at: Option<Millis>,
    pub(crate) provider_revocation: Option<ProviderRevocation>,
    pub(crate) scopes: Vec<String>,
    pub(crate) missing_scopes: Vec<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) last_used_at: Option<Millis>,
    pub(crate) created_at: Millis,
    pub(crate) end_user: EndUserView,
    pub(crate) config_key: String,
    pub(crate) config_state: ProviderConfigState,
    pub(crate) provider: String,
    /// Of the entry that the provider config runs on.
    pub(crate) entry_hash: String,
    pub(crate) api_base_url: Option<String>,
    pub(crate) expires_at: Option<Millis>,
    pub(crate) issued_at: Millis,
    pub(crate) last_refreshed_at: Option<Millis>,
    /// Whether there is a refresh token.
    pub(crate) can_refresh: bool,
}

pub(crate) async fn get(
    db: &mut Connection,
    application: ApplicationId,
    id: ConnectedAccountId,
) -> Result<Option<Row>> {
    let sql = select!("WHERE a.id = $1 AND a.application_id = $2");
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// Accounts of an end user at a provider, by slug or key, that are not revoked.
pub(crate) async fn of_end_user(
    db: &mut Connection,
    application: ApplicationId,
    external_id: &str,
    provider: &str,
) -> Result<Vec<Row>> {
    let sql = select!(
        "WHERE a.application_id = $1 AND e.external_id = $2 AND (p.provider = $3 OR p.key = $3) AND a.status <> 'revoked' ORDER BY a.id"
    );
    let query = sqlx::query(sql).bind(application.to_string()).bind(external_id).bind(provider);
    query.fetch_all(db).await?.iter().map(row).collect()
}

/// Whether an end user has ever connected an account at a provider, by slug or key.
pub(crate) async fn was_of_end_user(
    db: &mut Connection,
    application: ApplicationId,
    external_id: &str,
    provider: &str,
) -> Result<bool> {
    let sql = "SELECT a.id FROM connected_accounts a JOIN end_users e ON e.id = a.end_user_id \
               JOIN provider_configs p ON p.id = a.provider_config_id \
               WHERE a.application_id = $1 AND e.external_id = $2 AND (p.provider = $3 OR p.key = $3) LIMIT 1";
    let query = sqlx::query(sql).bind(application.to_string()).bind(external_id).bind(provider);
    query.fetch_optional(db).await.map(|row| row.is_some())
}

/// All accounts of an end user that are not revoked, oldest first.
pub(crate) async fn of_end_user_row(
    db: &mut Connection,
    application: ApplicationId,
    end_user: EndUserId,
) -> Result<Vec<Row>> {
    let sql = select!("WHERE a.application_id = $1 AND a.end_user_id = $2 AND a.status <> 'revoked' ORDER BY a.id");
    let query = sqlx::query(sql).bind(application.to_string()).bind(end_user.to_string());
    query.fetch_all(db).await?.iter().map(row).collect()
}

/// The one that the same four make, unless it is revoked.
pub(crate) async fn same_four(
    db: &mut Connection,
    config: ProviderConfigId,
    end_user: EndUserId,
    provider_user: &str,
) -> Result<Option<Row>> {
    let sql = select!(
        "WHERE a.provider_config_id = $1 AND a.end_user_id = $2 AND a.provider_user_id = $3 AND a.status <> 'revoked'"
    );
    let query = sqlx::query(sql).bind(config.to_string()).bind(end_user.to_string()).bind(provider_user);
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// Accounts that stand on a token set and are not revoked.
pub(crate) async fn of_token_set(db: &mut Connection, token_set: TokenSetId) -> Result<Vec<Row>> {
    let sql = select!("WHERE a.token_set_id = $1 AND a.status <> 'revoked' ORDER BY a.id");
    sqlx::query(sql).bind(token_set.to_string()).fetch_all(db).await?.iter().map(row).collect()
}

/// Active accounts of one provider's user at one client, other than one.
pub(crate) async fn active_of_user(
    db: &mut Connection,
    client: ClientId,
    user: &str,
    but: ConnectedAccountId,
) -> Result<i64> {
    let sql = "SELECT count(*) AS others FROM connected_accounts a JOIN token_sets t ON t.id = a.token_set_id \
               WHERE t.client_id = $1 AND a.provider_user_id = $2 AND a.id <> $3 AND a.status = 'active'";
    let query = sqlx::query(sql).bind(client.to_string()).bind(user).bind(but.to_string());
    query.fetch_one(db).await?.try_get("others")
}

/// Some of a provider config's accounts that are not revoked, the oldest first.
pub(crate) async fn live_of_config(db: &mut Connection, config: ProviderConfigId, limit: i64) -> Result<Vec<Row>> {
    let sql =
        select!("WHERE a.provider_config_id = $1 AND a.status IN ('active', 'needs_reconnect') ORDER BY a.id LIMIT $2");
    sqlx::query(sql).bind(config.to_string()).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

/// How many accounts of a provider config work, and how many need their end user; each counted up to `most`.
pub(crate) async fn count_of_config(db: &mut Connection, config: ProviderConfigId, most: i64) -> Result<(i64, i64)> {
    let sql = "SELECT (SELECT count(*) FROM (SELECT 1 AS one FROM connected_accounts \
               WHERE provider_config_id = $1 AND status = 'active' LIMIT $2) AS a) AS active, \
               (SELECT count(*) FROM (SELECT 1 AS one FROM connected_accounts \
               WHERE provider_config_id = $1 AND status = 'needs_reconnect' LIMIT $2) AS n) AS needing";
    let r = sqlx::query(sql).bind(config.to_string()).bind(most).fetch_one(db).await?;
    Ok((r.try_get("active")?, r.try_get("needing")?))
}

pub(crate) async fn insert(db: &mut Connection, new: &New<'_>, now: Millis) -> Result<()> {
    let sql = "INSERT INTO connected_accounts (id, application_id, provider_config_id, end_user_id, token_set_id, \
               provider_user_id, provider_tenant_id, provider_user_name, provider_user_email, status, scopes, missing_scopes, \
               scope_set, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'active', $10, $11, $13, $12, $12)";
    let account = new.provider_account;
    let query = sqlx::query(sql).bind(new.id.to_string()).bind(new.application_id.to_string());
    let query = query.bind(new.provider_config_id.to_string()).bind(new.end_user_id.to_string());
    let query = query.bind(new.token_set_id.to_string()).bind(account.id.as_deref()).bind(account.tenant_id.as_deref());
    let query = query.bind(account.name.as_deref()).bind(account.email.as_deref());
    let query = query.bind(new.scopes.join(" ")).bind(new.missing_scopes.join(" ")).bind(now);
    query.bind(scope_sets::id(new.scopes)).execute(db).await.map(drop)
}

/// A connected account that is about to be.
pub(crate) struct New<'a> {
    pub(crate) id: ConnectedAccountId,
    pub(crate) application_id: ApplicationId,
    pub(crate) provider_config_id: ProviderConfigId,
    pub(crate) end_user_id: EndUserId,
    pub(crate) token_set_id: TokenSetId,
    pub(crate) provider_account: &'a ProviderAccount,
    pub(crate) scopes: &'a [String],
    pub(crate) missing_scopes: &'a [String],
}

/// The same four consented again: new tokens, and whatever was wrong is over.
pub(crate) async fn renew(db: &mut Connection, id: ConnectedAccountId, new: &New<'_>, now: Millis) -> Result<()> {
    let sql = "UPDATE connected_accounts SET token_set_id = $2, provider_user_id = COALESCE($3, provider_user_id), \
               provider_tenant_id = COALESCE($4, provider_tenant_id), provider_user_name = COALESCE($5, provider_user_name), \
               provider_user_email = COALESCE($6, provider_user_email), status = 'active', status_reason = NULL, \
               status_detail = NULL, status_at = NULL, scopes = $7, missing_scopes = $8, updated_at = $9, scope_set = $10 \
               WHERE id = $1 AND status <> 'revoked'";
    let account = new.provider_account;
    let query = sqlx::query(sql).bind(id.to_string()).bind(new.token_set_id.to_string()).bind(account.id.as_deref());
    let query = query.bind(account.tenant_id.as_deref()).bind(account.name.as_deref()).bind(account.email.as_deref());
    let query = query.bind(new.scopes.join(" ")).bind(new.missing_scopes.join(" ")).bind(now);
    query.bind(scope_sets::id(new.scopes)).execute(db).await.map(drop)
}

/// The provider has said whose account it is, of which nothing was known.
pub(crate) async fn set_provider_account(
    db: &mut Connection,
    id: ConnectedAccountId,
    account: &ProviderAccount,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE connected_accounts SET provider_user_id = $2, provider_tenant_id = $3, provider_user_name = $4, \
               provider_user_email = $5, updated_at = $6 WHERE id = $1";
    let query = sqlx::query(sql).bind(id.to_string()).bind(account.id.as_deref()).bind(account.tenant_id.as_deref());
    let query = query.bind(account.name.as_deref()).bind(account.email.as_deref()).bind(now);
    query.execute(db).await.map(drop)
}

/// Moves an account to the token set that took the place of its own.
pub(crate) async fn move_to(
    db: &mut Connection,
    id: ConnectedAccountId,
    token_set: TokenSetId,
    scopes: &[String],
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE connected_accounts SET token_set_id = $2, scopes = $3, updated_at = $4, scope_set = $5 \
               WHERE id = $1 AND status = 'active'";
    let query = sqlx::query(sql).bind(id.to_string()).bind(token_set.to_string()).bind(scopes.join(" "));
    query.bind(now).bind(scope_sets::id(scopes)).execute(db).await.map(drop)
}

pub(crate) async fn describe(
    db: &mut Connection,
    id: ConnectedAccountId,
    label: Option<&str>,
    metadata: &BTreeMap<String, String>,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE connected_accounts SET label = $2, metadata = $3, updated_at = $4 WHERE id = $1";
    let metadata = serde_json::to_string(metadata).unwrap_or_else(|_| "{}".to_owned());
    sqlx::query(sql).bind(id.to_string()).bind(label).bind(metadata).bind(now).execute(db).await.map(drop)
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        application_id: parsed(r, "application_id")?,
        token_set_id: parsed(r, "token_set_id")?,
        provider_account: ProviderAccount {
            id: r.try_get("provider_user_id")?,
            name: r.try_get("provider_user_name")?,
            email: r.try_get("provider_user_email")?,
            tenant_id: r.try_get("provider_tenant_id")?,
        },
        label: r.try_get("label")?,
        status: parsed(r, "status")?,
        status_reason: parsed_option(r, "status_reason")?,
        status_detail: r.try_get("status_detail")?,
        status_at: r.try_get("status_at")?,
        provider_revocation: parsed_option(r, "provider_revocation")?,
        scopes: words(r, "scopes")?,
        missing_scopes: words(r, "missing_scopes")?,
        metadata: json(r, "metadata")?,
        last_used_at: r.try_get("last_used_at")?,
        created_at: r.try_get("created_at")?,
        end_user: EndUserView {
            id: r.try_get("external_id")?,
            name: r.try_get("name")?,
            email: r.try_get("email")?,
            group: r.try_get("end_user_group")?,
            row: Some(parsed(r, "end_user_id")?),
        },
        config_key: r.try_get("key")?,
        config_state: parsed(r, "state")?,
        provider: r.try_get("provider")?,
        entry_hash: r.try_get("entry_hash")?,
        api_base_url: r.try_get("api_base_url")?,
        expires_at: r.try_get("expires_at")?,
        issued_at: r.try_get("issued_at")?,
        last_refreshed_at: r.try_get("last_refreshed_at")?,
        can_refresh: r.try_get::<i64, _>("can_refresh")? == 1,
    })
}
