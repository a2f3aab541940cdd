//! Provider configs.

use super::{Connection, Result, parsed, parsed_option, words};
use crate::clock::Millis;
use model::ids::{ApplicationId, ClientId, ProviderConfigId};
use model::provider_configs::ProviderConfigState;
use sqlx::Row as _;
use sqlx::any::AnyRow;

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: ProviderConfigId,
    pub(crate) application_id: ApplicationId,
    pub(crate) key: String,
    pub(crate) provider: String,
    pub(crate) state: ProviderConfigState,
    pub(crate) scopes: Vec<String>,
    pub(crate) current_client_id: Option<ClientId>,
    pub(crate) verified_at: Option<Millis>,
    pub(crate) probed_at: Option<Millis>,
    pub(crate) rejection: Option<String>,
    pub(crate) entry_snapshot: String,
    pub(crate) entry_hash: String,
    /// Sealed; `upsert` leaves it alone.
    pub(crate) webhook_secret: Option<Vec<u8>>,
    pub(crate) created_at: Millis,
    pub(crate) updated_at: Millis,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, application_id, key, provider, state, scopes, current_client_id, verified_at, probed_at, rejection, \
             entry_snapshot, entry_hash, webhook_secret, created_at, updated_at FROM provider_configs ",
            $rest
        )
    };
}

/// Writes the row, new or changed. The key of a row never changes.
pub(crate) async fn upsert(db: &mut Connection, row: &Row) -> Result<()> {
    let sql = "INSERT INTO provider_configs (id, application_id, key, provider, state, scopes, current_client_id, verified_at, \
               probed_at, rejection, entry_snapshot, entry_hash, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
               ON CONFLICT (id) DO UPDATE SET state = excluded.state, scopes = excluded.scopes, \
               current_client_id = excluded.current_client_id, verified_at = excluded.verified_at, \
               probed_at = excluded.probed_at, rejection = excluded.rejection, entry_snapshot = excluded.entry_snapshot, \
               entry_hash = excluded.entry_hash, updated_at = excluded.updated_at";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(row.application_id.to_string()).bind(&row.key);
    let query = query.bind(&row.provider).bind(row.state.as_str()).bind(row.scopes.join(" "));
    let query = query.bind(row.current_client_id.map(|c| c.to_string())).bind(row.verified_at).bind(row.probed_at);
    let query = query.bind(row.rejection.as_deref()).bind(&row.entry_snapshot).bind(&row.entry_hash);
    query.bind(row.created_at).bind(row.updated_at).execute(db).await.map(drop)
}

/// Holds the row until the transaction ends: consents and revocations at one provider config come one after the other,
/// so that each sees what the one before it has connected.
pub(crate) async fn hold(db: &mut Connection, id: ProviderConfigId) -> Result<()> {
    let sql = "UPDATE provider_configs SET updated_at = updated_at WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).execute(db).await.map(drop)
}

/// The live one under this key.
pub(crate) async fn by_key(db: &mut Connection, application: ApplicationId, key: &str) -> Result<Option<Row>> {
    let sql = select!("WHERE application_id = $1 AND key = $2 AND removed_at IS NULL");
    sqlx::query(sql).bind(application.to_string()).bind(key).fetch_optional(db).await?.as_ref().map(row).transpose()
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, id: ProviderConfigId) -> Result<Option<Row>> {
    let sql = select!("WHERE id = $1 AND application_id = $2");
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// The text of a snapshot that a provider config of the application was saved with.
pub(crate) async fn snapshot(
    db: &mut Connection,
    application: ApplicationId,
    provider: &str,
    hash: &str,
) -> Result<Option<String>> {
    let sql = "SELECT entry_snapshot FROM provider_configs WHERE application_id = $1 AND provider = $2 AND entry_hash = $3 LIMIT 1";
    let query = sqlx::query(sql).bind(application.to_string()).bind(provider).bind(hash);
    query.fetch_optional(db).await?.map(|r| r.try_get("entry_snapshot")).transpose()
}

/// Keys of the provider configs that use this provider and are not removed.
pub(crate) async fn keys_of_provider(
    db: &mut Connection,
    application: ApplicationId,
    provider: &str,
) -> Result<Vec<String>> {
    let sql = "SELECT key FROM provider_configs WHERE application_id = $1 AND provider = $2 AND removed_at IS NULL ORDER BY key";
    let rows = sqlx::query(sql).bind(application.to_string()).bind(provider).fetch_all(db).await?;
    rows.iter().map(|r| r.try_get("key")).collect()
}

/// Moves a provider config to another entry, if it still runs on the one that is known.
pub(crate) async fn adopt_entry(
    db: &mut Connection,
    id: ProviderConfigId,
    from: &str,
    text: &str,
    hash: &str,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE provider_configs SET entry_snapshot = $3, entry_hash = $4, updated_at = $5 \
               WHERE id = $1 AND entry_hash = $2 AND removed_at IS NULL";
    let query = sqlx::query(sql).bind(id.to_string()).bind(from).bind(text).bind(hash).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn list(db: &mut Connection, application: ApplicationId) -> Result<Vec<Row>> {
    let sql = select!("WHERE application_id = $1 AND removed_at IS NULL ORDER BY key");
    sqlx::query(sql).bind(application.to_string()).fetch_all(db).await?.iter().map(row).collect()
}

/// Stores the secret that the provider's notices are signed with, or forgets it.
pub(crate) async fn set_webhook_secret(
    db: &mut Connection,
    id: ProviderConfigId,
    sealed: Option<&[u8]>,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE provider_configs SET webhook_secret = $2, updated_at = $3 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(sealed).bind(now).execute(db).await.map(drop)
}

/// Authorizations whose last refresh failed since then, and those that the provider has refused since then; each counted
/// up to `most`.
pub(crate) async fn count_troubles(
    db: &mut Connection,
    id: ProviderConfigId,
    since: Millis,
    most: i64,
) -> Result<(i64, i64)> {
    let sql = "SELECT (SELECT count(*) FROM (SELECT 1 AS one FROM token_sets WHERE provider_config_id = $1 \
               AND last_failure_at > $2 AND revoked_at IS NULL AND needs_reconnect_at IS NULL AND tests_at IS NULL LIMIT $3) AS f) AS failing, \
               (SELECT count(*) FROM (SELECT 1 AS one FROM token_sets WHERE provider_config_id = $1 \
               AND needs_reconnect_at > $2 AND revoked_at IS NULL AND tests_at IS NULL LIMIT $3) AS l) AS lost";
    let r = sqlx::query(sql).bind(id.to_string()).bind(since).bind(most).fetch_one(db).await?;
    Ok((r.try_get("failing")?, r.try_get("lost")?))
}

/// What has been seen of a provider config from which its set-up at the provider can be told.
pub(crate) struct Seen {
    /// How many different tenants are among its first thousand accounts.
    pub(crate) tenants: i64,
    /// Whether a notice has come lately: one or none.
    pub(crate) notices: i64,
}

pub(crate) async fn seen(db: &mut Connection, id: ProviderConfigId) -> Result<Seen> {
    let sql = "SELECT (SELECT count(DISTINCT tenant) FROM (SELECT provider_tenant_id AS tenant FROM connected_accounts \
               WHERE provider_config_id = $1 AND status = 'active' LIMIT 1000) AS first_ones) AS tenants, \
               (SELECT count(*) FROM (SELECT 1 AS one FROM provider_events WHERE provider_config_id = $1 LIMIT 1) AS n) AS notices";
    let r = sqlx::query(sql).bind(id.to_string()).fetch_one(db).await?;
    Ok(Seen { tenants: r.try_get("tenants")?, notices: r.try_get("notices")? })
}

/// Removed provider configs with accounts that are not revoked yet.
pub(crate) async fn removed_with_accounts(
    db: &mut Connection,
    limit: i64,
) -> Result<Vec<(ApplicationId, ProviderConfigId)>> {
    let sql = "SELECT application_id, id FROM provider_configs p WHERE removed_at IS NOT NULL \
               AND EXISTS (SELECT 1 FROM connected_accounts a WHERE a.provider_config_id = p.id \
               AND a.status IN ('active', 'needs_reconnect')) LIMIT $1";
    let rows = sqlx::query(sql).bind(limit).fetch_all(db).await?;
    rows.iter().map(|r| Ok((parsed(r, "application_id")?, parsed(r, "id")?))).collect()
}

/// Sets the state, unless the row has been removed meanwhile.
pub(crate) async fn set_state(
    db: &mut Connection,
    id: ProviderConfigId,
    state: ProviderConfigState,
    now: Millis,
) -> Result<bool> {
    let removed_at = (state == ProviderConfigState::Removed).then_some(now);
    let sql =
        "UPDATE provider_configs SET state = $2, removed_at = $3, updated_at = $4 WHERE id = $1 AND removed_at IS NULL";
    let query = sqlx::query(sql).bind(id.to_string()).bind(state.as_str()).bind(removed_at).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// The provider refused the credentials of this client, if it is still the current one. Whether that changed the state.
pub(crate) async fn reject(
    db: &mut Connection,
    id: ProviderConfigId,
    client: ClientId,
    words: &str,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE provider_configs SET state = 'rejected', rejection = $3, probed_at = $4, verified_at = NULL, updated_at = $4 \
               WHERE id = $1 AND current_client_id = $2 AND state = 'active'";
    let query = sqlx::query(sql).bind(id.to_string()).bind(client.to_string()).bind(words).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// The provider accepted the credentials of this client, if it is still the current one. Whether that ended a rejection.
pub(crate) async fn accept(db: &mut Connection, id: ProviderConfigId, client: ClientId, now: Millis) -> Result<bool> {
    let sql = "UPDATE provider_configs SET state = 'active', rejection = NULL, probed_at = $3, verified_at = $3 \
               WHERE id = $1 AND current_client_id = $2 AND state = 'rejected'";
    let query = sqlx::query(sql).bind(id.to_string()).bind(client.to_string()).bind(now);
    if query.execute(&mut *db).await?.rows_affected() == 1 {
        return Ok(true);
    }
    let sql = "UPDATE provider_configs SET verified_at = $3, probed_at = $3 \
               WHERE id = $1 AND current_client_id = $2 AND state IN ('active', 'disabled') AND verified_at IS NULL";
    sqlx::query(sql).bind(id.to_string()).bind(client.to_string()).bind(now).execute(db).await?;
    Ok(false)
}

/// Claims the next probe of a rejected provider config: one an hour, whoever comes first.
pub(crate) async fn claim_probe(
    db: &mut Connection,
    id: ProviderConfigId,
    not_since: Millis,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE provider_configs SET probed_at = $3 \
               WHERE id = $1 AND state = 'rejected' AND (probed_at IS NULL OR probed_at <= $2)";
    let query = sqlx::query(sql).bind(id.to_string()).bind(not_since).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Provider configs whose credentials are refused and were not tried since `before`.
pub(crate) async fn rejected_since(db: &mut Connection, before: Millis, limit: i64) -> Result<Vec<Row>> {
    let sql = select!("WHERE state = 'rejected' AND (probed_at IS NULL OR probed_at <= $1) LIMIT $2");
    sqlx::query(sql).bind(before).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

pub(crate) async fn set_probed(db: &mut Connection, id: ProviderConfigId, now: Millis) -> Result<()> {
    let sql = "UPDATE provider_configs SET probed_at = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        application_id: parsed(r, "application_id")?,
        key: r.try_get("key")?,
        provider: r.try_get("provider")?,
        state: parsed(r, "state")?,
        scopes: words(r, "scopes")?,
        current_client_id: parsed_option(r, "current_client_id")?,
        verified_at: r.try_get("verified_at")?,
        probed_at: r.try_get("probed_at")?,
        rejection: r.try_get("rejection")?,
        entry_snapshot: r.try_get("entry_snapshot")?,
        entry_hash: r.try_get("entry_hash")?,
        webhook_secret: r.try_get("webhook_secret")?,
        created_at: r.try_get("created_at")?,
        updated_at: r.try_get("updated_at")?,
    })
}
