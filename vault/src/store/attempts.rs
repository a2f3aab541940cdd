//! Attempts: single trips to a provider.

use super::{Connection, Result, parsed, parsed_option, words};
use crate::clock::Millis;
use crate::keyring::Place;
use model::connected_accounts::ProviderAccount;
use model::ids::{
    ApplicationId, AttemptId, ClientId, ConnectSessionId, ConnectedAccountId, ProviderConfigId, TokenSetId,
};
use sqlx::Row as _;
use sqlx::any::AnyRow;

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: AttemptId,
    pub(crate) application_id: ApplicationId,
    pub(crate) connect_session_id: ConnectSessionId,
    pub(crate) provider_config_id: ProviderConfigId,
    pub(crate) client_id: ClientId,
    pub(crate) browser_hash: Vec<u8>,
    pub(crate) pkce_verifier: Option<Vec<u8>>,
    /// SHA-256 of the nonce, where an ID token was asked for.
    pub(crate) nonce_hash: Option<Vec<u8>>,
    /// Sealed, from the answer until it is checked.
    pub(crate) id_token: Option<Vec<u8>>,
    /// Of the entry that the browser was sent away with.
    pub(crate) entry_hash: Option<String>,
    pub(crate) requested_scopes: Vec<String>,
    pub(crate) redirect_uri: String,
    pub(crate) created_at: Millis,
    pub(crate) expires_at: Millis,
    pub(crate) used_at: Option<Millis>,
    pub(crate) token_set_id: Option<TokenSetId>,
    pub(crate) connected_account_id: Option<ConnectedAccountId>,
    pub(crate) provider_account: ProviderAccount,
    pub(crate) error_code: Option<String>,
    pub(crate) error_detail: Option<String>,
}

/// Where an attempt's PKCE verifier stands.
pub(crate) fn verifier_place(row: &str) -> Place<'_> {
    Place { table: "attempts", column: "pkce_verifier", row }
}

/// Where an attempt's ID token stands.
pub(crate) fn id_token_place(row: &str) -> Place<'_> {
    Place { table: "attempts", column: "id_token", row }
}

macro_rules! columns {
    () => {
        "id, application_id, connect_session_id, provider_config_id, client_id, browser_hash, pkce_verifier, nonce_hash, id_token, \
         entry_hash, requested_scopes, redirect_uri, created_at, expires_at, used_at, token_set_id, connected_account_id, provider_user_id, \
         provider_tenant_id, provider_user_name, provider_user_email, error_code, error_detail"
    };
}

pub(crate) async fn insert(db: &mut Connection, row: &Row, state_hash: &[u8]) -> Result<()> {
    let sql = "INSERT INTO attempts (id, application_id, connect_session_id, provider_config_id, client_id, state_hash, \
               browser_hash, pkce_verifier, requested_scopes, redirect_uri, created_at, expires_at, nonce_hash, entry_hash) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(row.application_id.to_string());
    let query = query.bind(row.connect_session_id.to_string()).bind(row.provider_config_id.to_string());
    let query = query.bind(row.client_id.to_string()).bind(state_hash).bind(row.browser_hash.as_slice());
    let query = query.bind(row.pkce_verifier.as_deref()).bind(row.requested_scopes.join(" ")).bind(&row.redirect_uri);
    let query = query.bind(row.created_at).bind(row.expires_at).bind(row.nonce_hash.as_deref());
    query.bind(row.entry_hash.as_deref()).execute(db).await.map(drop)
}

pub(crate) async fn by_state(db: &mut Connection, state_hash: &[u8]) -> Result<Option<Row>> {
    let sql = concat!("SELECT ", columns!(), " FROM attempts WHERE state_hash = $1");
    sqlx::query(sql).bind(state_hash).fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// Marks the attempt used and returns it: one call only gets it, and only from the browser that began it. The
/// verifier leaves the table with it.
pub(crate) async fn take(db: &mut Connection, id: AttemptId, browser_hash: &[u8], now: Millis) -> Result<bool> {
    let sql = "UPDATE attempts SET used_at = $3, pkce_verifier = NULL \
               WHERE id = $1 AND browser_hash = $2 AND used_at IS NULL AND expires_at > $3";
    let query = sqlx::query(sql).bind(id.to_string()).bind(browser_hash).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// What the trip brought: tokens whose owner is not known yet, and perhaps an ID token that says it. `false` when somebody has given it up meanwhile.
pub(crate) async fn set_token_set(
    db: &mut Connection,
    id: AttemptId,
    token_set: TokenSetId,
    id_token: Option<&[u8]>,
) -> Result<bool> {
    let sql = "UPDATE attempts SET token_set_id = $2, id_token = $3 WHERE id = $1 AND finished_at IS NULL";
    let query = sqlx::query(sql).bind(id.to_string()).bind(token_set.to_string()).bind(id_token);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn set_provider_account(db: &mut Connection, id: AttemptId, account: &ProviderAccount) -> Result<()> {
    let sql = "UPDATE attempts SET provider_user_id = $2, provider_tenant_id = $3, provider_user_name = $4, \
               provider_user_email = $5, id_token = NULL WHERE id = $1";
    let query = sqlx::query(sql).bind(id.to_string()).bind(account.id.as_deref()).bind(account.tenant_id.as_deref());
    query.bind(account.name.as_deref()).bind(account.email.as_deref()).execute(db).await.map(drop)
}

pub(crate) async fn connected(
    db: &mut Connection,
    id: AttemptId,
    account: ConnectedAccountId,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE attempts SET connected_account_id = $2, finished_at = $3 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(account.to_string()).bind(now).execute(db).await.map(drop)
}

pub(crate) async fn failed(db: &mut Connection, id: AttemptId, code: &str, detail: &str, now: Millis) -> Result<()> {
    let sql = "UPDATE attempts SET error_code = $2, error_detail = $3, finished_at = $4, used_at = COALESCE(used_at, $4), \
               pkce_verifier = NULL, id_token = NULL WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(code).bind(detail).bind(now).execute(db).await.map(drop)
}

/// It came to its end without an account: that of a test.
pub(crate) async fn finished(db: &mut Connection, id: AttemptId, now: Millis) -> Result<()> {
    let sql = "UPDATE attempts SET finished_at = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// All trips of a session, oldest first.
pub(crate) async fn of_session(db: &mut Connection, session: ConnectSessionId) -> Result<Vec<Row>> {
    let sql = concat!("SELECT ", columns!(), " FROM attempts WHERE connect_session_id = $1 ORDER BY id");
    sqlx::query(sql).bind(session.to_string()).fetch_all(db).await?.iter().map(row).collect()
}

/// Attempts of open sessions whose code was taken before `at` and that have come to no end.
pub(crate) async fn unfinished(db: &mut Connection, at: Millis, limit: i64) -> Result<Vec<Row>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM attempts WHERE used_at <= $1 AND finished_at IS NULL AND connect_session_id IN \
         (SELECT id FROM connect_sessions WHERE status = 'open') ORDER BY used_at LIMIT $2"
    );
    sqlx::query(sql).bind(at).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        application_id: parsed(r, "application_id")?,
        connect_session_id: parsed(r, "connect_session_id")?,
        provider_config_id: parsed(r, "provider_config_id")?,
        client_id: parsed(r, "client_id")?,
        browser_hash: r.try_get("browser_hash")?,
        pkce_verifier: r.try_get("pkce_verifier")?,
        nonce_hash: r.try_get("nonce_hash")?,
        id_token: r.try_get("id_token")?,
        entry_hash: r.try_get("entry_hash")?,
        requested_scopes: words(r, "requested_scopes")?,
        redirect_uri: r.try_get("redirect_uri")?,
        created_at: r.try_get("created_at")?,
        expires_at: r.try_get("expires_at")?,
        used_at: r.try_get("used_at")?,
        token_set_id: parsed_option(r, "token_set_id")?,
        connected_account_id: parsed_option(r, "connected_account_id")?,
        provider_account: ProviderAccount {
            id: r.try_get("provider_user_id")?,
            tenant_id: r.try_get("provider_tenant_id")?,
            name: r.try_get("provider_user_name")?,
            email: r.try_get("provider_user_email")?,
        },
        error_code: r.try_get("error_code")?,
        error_detail: r.try_get("error_detail")?,
    })
}
