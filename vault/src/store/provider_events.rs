//! Provider events that were taken in, and the token sets that they are about.

use super::{Connection, Result, parsed, words};
use crate::clock::Millis;
use model::ids::{ProviderConfigId, TokenSetId};
use sqlx::any::AnyRow;

/// Writes down that this body arrived. Whether it is the first time.
pub(crate) async fn insert(
    db: &mut Connection,
    config: ProviderConfigId,
    body_hash: &[u8],
    now: Millis,
) -> Result<bool> {
    let sql = "INSERT INTO provider_events (provider_config_id, body_hash, received_at) VALUES ($1, $2, $3) \
               ON CONFLICT (provider_config_id, body_hash) DO NOTHING";
    let query = sqlx::query(sql).bind(config.to_string()).bind(body_hash).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn set_handled(
    db: &mut Connection,
    config: ProviderConfigId,
    body_hash: &[u8],
    outcome: &str,
    now: Millis,
) -> Result<()> {
    let sql =
        "UPDATE provider_events SET handled_at = $4, outcome = $3 WHERE provider_config_id = $1 AND body_hash = $2";
    let query = sqlx::query(sql).bind(config.to_string()).bind(body_hash).bind(outcome).bind(now);
    query.execute(db).await.map(drop)
}

/// Forgets what no signature is good for any more.
pub(crate) async fn forget_older_than(db: &mut Connection, at: Millis) -> Result<u64> {
    let done = sqlx::query("DELETE FROM provider_events WHERE received_at < $1").bind(at).execute(db).await?;
    Ok(done.rows_affected())
}

/// What a notice can mean: token sets of one client of a provider config, or of all, that were granted before it and
/// still hold tokens.
pub(crate) struct Meant<'a> {
    pub(crate) config: ProviderConfigId,
    /// The OAuth client id.
    pub(crate) client: Option<&'a str>,
    pub(crate) granted_before: Millis,
}

/// A token set that a notice can mean.
pub(crate) struct Granted {
    pub(crate) id: TokenSetId,
    pub(crate) scopes: Vec<String>,
}

macro_rules! clients {
    () => {
        "(SELECT c.id FROM clients c WHERE c.provider_config_id = $1 AND (CAST($2 AS TEXT) IS NULL OR c.client_id = $2))"
    };
}

/// Whether these clients have ever had tokens of this user, or an account here is theirs.
pub(crate) async fn is_known(db: &mut Connection, meant: &Meant<'_>, user: &str) -> Result<bool> {
    let sql = concat!(
        "SELECT t.id FROM token_sets t WHERE t.provider_user_id = $3 AND t.client_id IN ",
        clients!(),
        " UNION ALL SELECT a.id FROM connected_accounts a WHERE a.provider_config_id = $1 AND a.provider_user_id = $3 LIMIT 1"
    );
    let query = sqlx::query(sql).bind(meant.config.to_string()).bind(meant.client).bind(user);
    Ok(query.fetch_optional(db).await?.is_some())
}

/// The token sets of this user, and those under the user's connected accounts: where the provider did not say whose
/// tokens it gave, an account that was reconnected on purpose still knows.
pub(crate) async fn of_user(db: &mut Connection, meant: &Meant<'_>, user: &str) -> Result<Vec<Granted>> {
    let sql = concat!(
        "SELECT t.id, t.scopes FROM token_sets t WHERE t.provider_user_id = $3 AND t.client_id IN ",
        clients!(),
        " AND t.granted_at < $4 AND t.erased_at IS NULL \
         UNION SELECT t.id, t.scopes FROM connected_accounts a JOIN token_sets t ON t.id = a.token_set_id \
         WHERE a.provider_config_id = $1 AND a.provider_user_id = $3 AND t.client_id IN ",
        clients!(),
        " AND t.granted_at < $4 AND t.erased_at IS NULL ORDER BY id"
    );
    let query = sqlx::query(sql).bind(meant.config.to_string()).bind(meant.client).bind(user);
    query.bind(meant.granted_before).fetch_all(db).await?.iter().map(granted).collect()
}

/// The token sets under the connected accounts of this tenant.
pub(crate) async fn of_tenant(db: &mut Connection, meant: &Meant<'_>, tenant: &str) -> Result<Vec<Granted>> {
    let sql = concat!(
        "SELECT DISTINCT t.id, t.scopes FROM connected_accounts a JOIN token_sets t ON t.id = a.token_set_id \
         WHERE a.provider_config_id = $1 AND a.provider_tenant_id = $3 AND t.client_id IN ",
        clients!(),
        " AND t.granted_at < $4 AND t.erased_at IS NULL ORDER BY t.id"
    );
    let query = sqlx::query(sql).bind(meant.config.to_string()).bind(meant.client).bind(tenant);
    query.bind(meant.granted_before).fetch_all(db).await?.iter().map(granted).collect()
}

fn granted(r: &AnyRow) -> Result<Granted> {
    Ok(Granted { id: parsed(r, "id")?, scopes: words(r, "scopes")? })
}
