//! Token sets: lease, version and sealed tokens.

macro_rules! columns {
    () => {
        "id, application_id, provider_config_id, client_id, provider_user_id, version, access_token, refresh_token, spare, \
         access_token_hash, scopes, api_base_url, granted_at, issued_at, expires_at, refresh_failures, \
         retry_at, last_failure, needs_reconnect_at, revoked_at, lease_fence, revocation_attempts, tests_at"
    };
}

mod ending;
mod imported;
mod lease;

pub(crate) use ending::*;
pub(crate) use imported::*;
pub(crate) use lease::*;

use super::{Connection, Result, parsed, words};
use crate::clock::Millis;
use crate::keyring::Place;
use model::ids::{ApplicationId, ClientId, ProviderConfigId, TokenSetId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: TokenSetId,
    pub(crate) application_id: ApplicationId,
    pub(crate) provider_config_id: ProviderConfigId,
    pub(crate) client_id: ClientId,
    pub(crate) provider_user_id: Option<String>,
    pub(crate) version: i64,
    pub(crate) access_token: Option<Vec<u8>>,
    pub(crate) refresh_token: Option<Vec<u8>>,
    pub(crate) spare: Option<Vec<u8>>,
    pub(crate) access_token_hash: Option<Vec<u8>>,
    pub(crate) scopes: Vec<String>,
    pub(crate) api_base_url: Option<String>,
    pub(crate) granted_at: Millis,
    pub(crate) issued_at: Millis,
    pub(crate) expires_at: Option<Millis>,
    pub(crate) refresh_failures: i64,
    pub(crate) retry_at: Option<Millis>,
    pub(crate) last_failure: Option<String>,
    pub(crate) needs_reconnect_at: Option<Millis>,
    pub(crate) revoked_at: Option<Millis>,
    pub(crate) lease_fence: i64,
    pub(crate) revocation_attempts: i64,
    /// A connection test brought it, and no account stands on it.
    pub(crate) tests_at: Option<Millis>,
}

/// Tokens of an answer, sealed for their row.
#[derive(Clone)]
pub(crate) struct Sealed {
    pub(crate) access_token: Vec<u8>,
    pub(crate) access_token_hash: Vec<u8>,
    /// `None` keeps the one that is stored.
    pub(crate) refresh_token: Option<Vec<u8>>,
    /// The same refresh token, sealed for the column `spare`.
    pub(crate) spare: Option<Vec<u8>>,
    pub(crate) token_type: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) api_base_url: Option<String>,
    pub(crate) metadata: String,
    pub(crate) issued_at: Millis,
    pub(crate) expires_at: Option<Millis>,
    /// When it is refreshed even if nobody uses it.
    pub(crate) keep_alive_at: Option<Millis>,
}

/// Where an access token stands.
pub(crate) fn access_place(row: &str) -> Place<'_> {
    Place { table: "token_sets", column: "access_token", row }
}

/// Where a refresh token stands.
pub(crate) fn refresh_place(row: &str) -> Place<'_> {
    Place { table: "token_sets", column: "refresh_token", row }
}

/// Where a refresh token stands that fitted no stored version.
pub(crate) fn spare_place(row: &str) -> Place<'_> {
    Place { table: "token_sets", column: "spare", row }
}

/// What is known of a token set before its tokens.
pub(crate) struct New {
    pub(crate) id: TokenSetId,
    pub(crate) application_id: ApplicationId,
    pub(crate) provider_config_id: ProviderConfigId,
    pub(crate) client_id: ClientId,
    pub(crate) granted_at: Millis,
}

pub(crate) async fn put(db: &mut Connection, new: &New, sealed: &Sealed, now: Millis) -> Result<()> {
    let sql = "INSERT INTO token_sets (id, application_id, provider_config_id, client_id, access_token, refresh_token, \
               access_token_hash, token_type, scopes, api_base_url, answer_metadata, granted_at, issued_at, expires_at, created_at, \
               keep_alive_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let query = sqlx::query(sql).bind(new.id.to_string()).bind(new.application_id.to_string());
    let query = query.bind(new.provider_config_id.to_string()).bind(new.client_id.to_string());
    let query = query.bind(sealed.access_token.as_slice()).bind(sealed.refresh_token.as_deref());
    let query = query.bind(sealed.access_token_hash.as_slice()).bind(&sealed.token_type).bind(sealed.scopes.join(" "));
    let query = query.bind(sealed.api_base_url.as_deref()).bind(&sealed.metadata).bind(new.granted_at);
    let query = query.bind(sealed.issued_at).bind(sealed.expires_at).bind(now).bind(sealed.keep_alive_at);
    query.execute(db).await.map(drop)
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, id: TokenSetId) -> Result<Option<Row>> {
    let sql = concat!("SELECT ", columns!(), " FROM token_sets WHERE id = $1 AND application_id = $2");
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// Token sets that are due and have somebody to be fresh for: those used since `used_since` a while before their access
/// token ends (ten minutes, or a fifth of its life), and those that nobody uses when the provider would soon forget
/// them. Imported ones that nobody has used yet may be another system's still. At most `each` of one provider config, in
/// turns, so that none waits for another's.
pub(crate) async fn due(db: &mut Connection, now: Millis, used_since: Millis, each: i64) -> Result<Vec<Row>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM (SELECT t.*, ROW_NUMBER() OVER (PARTITION BY t.provider_config_id ORDER BY t.expires_at) AS turn \
         FROM token_sets t WHERE t.id IN ( \
           SELECT s.id FROM token_sets s WHERE s.refresh_token IS NOT NULL AND s.revoked_at IS NULL \
             AND s.expires_at > $2 AND s.expires_at <= $1 + 600000 \
             AND s.expires_at - (s.expires_at - s.issued_at) / 5 <= $1 \
             AND EXISTS (SELECT 1 FROM connected_accounts a WHERE a.token_set_id = s.id AND a.status = 'active' \
                         AND COALESCE(a.last_used_at, a.created_at) > $2 \
                         AND (s.imported_hash IS NULL OR s.last_refreshed_at IS NOT NULL OR a.last_used_at IS NOT NULL)) \
           UNION SELECT s.id FROM token_sets s WHERE s.refresh_token IS NOT NULL AND s.revoked_at IS NULL \
             AND s.keep_alive_at <= $1 \
             AND EXISTS (SELECT 1 FROM connected_accounts a WHERE a.token_set_id = s.id AND a.status = 'active')) \
         AND t.needs_reconnect_at IS NULL AND t.erased_at IS NULL \
         AND (t.retry_at IS NULL OR t.retry_at <= $1) AND (t.lease_expires_at IS NULL OR t.lease_expires_at <= $1) \
         AND NOT EXISTS (SELECT 1 FROM intents i WHERE i.token_set_id = t.id AND i.version = t.version \
                         AND i.closed_at IS NULL) \
         AND EXISTS (SELECT 1 FROM provider_configs p WHERE p.id = t.provider_config_id AND p.state = 'active') \
         ) AS due WHERE turn <= $3 ORDER BY turn, expires_at"
    );
    sqlx::query(sql).bind(now).bind(used_since).bind(each).fetch_all(db).await?.iter().map(row).collect()
}

/// Keeps the tokens of an answer if the stored version is still the one that was spent for them; nothing else counts.
/// Whether it was.
pub(crate) async fn replace(db: &mut Connection, id: TokenSetId, spent: i64, sealed: &Sealed) -> Result<bool> {
    let sql = "UPDATE token_sets SET version = version + 1, access_token = $3, refresh_token = COALESCE($4, refresh_token), \
               access_token_hash = $5, token_type = $6, scopes = $7, api_base_url = COALESCE($8, api_base_url), \
               answer_metadata = $9, issued_at = $10, expires_at = $12, last_refreshed_at = $10, refresh_failures = 0, \
               retry_at = NULL, last_failure = NULL, last_failure_at = NULL, needs_reconnect_at = NULL, spare = NULL, keep_alive_at = $11 \
               WHERE id = $1 AND version = $2";
    let query = sqlx::query(sql).bind(id.to_string()).bind(spent).bind(sealed.access_token.as_slice());
    let query = query.bind(sealed.refresh_token.as_deref()).bind(sealed.access_token_hash.as_slice());
    let query = query.bind(&sealed.token_type).bind(sealed.scopes.join(" ")).bind(sealed.api_base_url.as_deref());
    let query = query.bind(&sealed.metadata).bind(sealed.issued_at).bind(sealed.keep_alive_at).bind(sealed.expires_at);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Keeps the refresh token of an answer that fitted no stored version, unless the token set is revoked. Whether it did.
pub(crate) async fn keep_spare(db: &mut Connection, id: TokenSetId, spare: Option<&[u8]>) -> Result<bool> {
    let sql = "UPDATE token_sets SET spare = COALESCE($2, spare) WHERE id = $1 AND revoked_at IS NULL";
    Ok(sqlx::query(sql).bind(id.to_string()).bind(spare).execute(db).await?.rows_affected() == 1)
}

/// Puts another refresh token in the place of one that was refused; a spare is spent with it.
pub(crate) async fn use_other(db: &mut Connection, id: TokenSetId, refused: i64, refresh_token: &[u8]) -> Result<bool> {
    let sql =
        "UPDATE token_sets SET refresh_token = $3, spare = NULL, version = version + 1 WHERE id = $1 AND version = $2";
    let query = sqlx::query(sql).bind(id.to_string()).bind(refused).bind(refresh_token);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// A refresh that brought nothing: everything is kept, and the next try has its time.
pub(crate) async fn set_failure(
    db: &mut Connection,
    id: TokenSetId,
    spent: i64,
    words: &str,
    retry_at: Millis,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE token_sets SET refresh_failures = refresh_failures + 1, retry_at = $3, last_failure = $4, last_failure_at = $5 \
               WHERE id = $1 AND version = $2";
    let query = sqlx::query(sql).bind(id.to_string()).bind(spent).bind(retry_at).bind(words).bind(now);
    query.execute(db).await.map(drop)
}

/// What the last refreshes failed by, and when the next one may be.
pub(crate) struct Failing {
    pub(crate) words: String,
    pub(crate) at: Option<Millis>,
    pub(crate) retry_at: Option<Millis>,
}

/// How refreshes fail at present, if they do.
pub(crate) async fn failing(db: &mut Connection, id: TokenSetId) -> Result<Option<Failing>> {
    let sql =
        "SELECT last_failure, last_failure_at, retry_at FROM token_sets WHERE id = $1 AND last_failure IS NOT NULL";
    let found = sqlx::query(sql).bind(id.to_string()).fetch_optional(db).await?;
    let read = |r: AnyRow| {
        Ok(Failing {
            words: r.try_get("last_failure")?,
            at: r.try_get("last_failure_at")?,
            retry_at: r.try_get("retry_at")?,
        })
    };
    found.map(read).transpose()
}

/// The provider refused this version. Checked and marked in one statement; whether it was still the stored one.
pub(crate) async fn set_needs_reconnect(
    db: &mut Connection,
    id: TokenSetId,
    refused: i64,
    fence: i64,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE token_sets SET needs_reconnect_at = $4 WHERE id = $1 AND version = $2 AND lease_fence = $3 AND revoked_at IS NULL";
    let query = sqlx::query(sql).bind(id.to_string()).bind(refused).bind(fence).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn set_provider_user(db: &mut Connection, id: TokenSetId, user: &str) -> Result<()> {
    let sql = "UPDATE token_sets SET provider_user_id = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(user).execute(db).await.map(drop)
}

/// Token sets that this client holds of this provider's user and that are neither revoked nor erased, other than `but`.
/// Superseded ones are among them: of exchanges that overlap, one may be settled before the other has its account.
pub(crate) async fn live_of_user(
    db: &mut Connection,
    client: ClientId,
    user: &str,
    but: TokenSetId,
) -> Result<Vec<Row>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM token_sets WHERE client_id = $1 AND provider_user_id = $2 AND id <> $3 \
         AND revoked_at IS NULL AND erased_at IS NULL ORDER BY granted_at DESC"
    );
    let query = sqlx::query(sql).bind(client.to_string()).bind(user).bind(but.to_string());
    query.fetch_all(db).await?.iter().map(row).collect()
}

/// A superseded token set of the same provider's user whose exchange overlapped that of `current`: nobody knows which of
/// the two the provider took last, so both are kept.
pub(crate) async fn overlapping_rival(db: &mut Connection, current: &Row) -> Result<Option<Row>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM token_sets WHERE client_id = $1 AND provider_user_id = $2 AND id <> $3 AND superseded_at IS NOT NULL \
         AND revoked_at IS NULL AND erased_at IS NULL AND refresh_token IS NOT NULL AND issued_at >= $4 \
         ORDER BY granted_at DESC, id DESC LIMIT 1"
    );
    let query = sqlx::query(sql).bind(current.client_id.to_string()).bind(current.provider_user_id.as_deref());
    let query = query.bind(current.id.to_string()).bind(current.granted_at);
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        application_id: parsed(r, "application_id")?,
        provider_config_id: parsed(r, "provider_config_id")?,
        client_id: parsed(r, "client_id")?,
        provider_user_id: r.try_get("provider_user_id")?,
        version: r.try_get("version")?,
        access_token: r.try_get("access_token")?,
        refresh_token: r.try_get("refresh_token")?,
        spare: r.try_get("spare")?,
        access_token_hash: r.try_get("access_token_hash")?,
        scopes: words(r, "scopes")?,
        api_base_url: r.try_get("api_base_url")?,
        granted_at: r.try_get("granted_at")?,
        issued_at: r.try_get("issued_at")?,
        expires_at: r.try_get("expires_at")?,
        refresh_failures: r.try_get("refresh_failures")?,
        retry_at: r.try_get("retry_at")?,
        last_failure: r.try_get("last_failure")?,
        needs_reconnect_at: r.try_get("needs_reconnect_at")?,
        revoked_at: r.try_get("revoked_at")?,
        lease_fence: r.try_get("lease_fence")?,
        revocation_attempts: r.try_get("revocation_attempts")?,
        tests_at: r.try_get("tests_at")?,
    })
}
