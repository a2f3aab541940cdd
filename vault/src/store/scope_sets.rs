//! The sets of scopes that accounts were granted. There are few of them: they are found one after the other along an
//! index of active accounts, whatever the number of accounts is.

use super::{Connection, Result, parsed, words};
use crate::secret::sha256;
use data_encoding::HEXLOWER;
use model::ids::{ConnectedAccountId, ProviderConfigId};
use model::lists::Turn;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::BTreeSet;

/// So many accounts of a set are counted for a page.
pub(crate) const COUNTED_LIVE: i64 = 200;
/// So many sets of a provider config are looked at.
pub(crate) const MOST: usize = 300;

/// A set of scopes that active accounts have.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) scopes: Vec<String>,
    /// Active accounts with it, up to as many as were to be counted.
    pub(crate) live: i64,
    /// What the last round has counted, if they are more.
    pub(crate) counted: Option<i64>,
}

/// The id of a set, whatever the order of its scopes.
pub(crate) fn id(scopes: &[String]) -> String {
    let set: BTreeSet<&str> = scopes.iter().map(String::as_str).collect();
    let text: Vec<_> = set.into_iter().collect();
    HEXLOWER.encode(&sha256(text.join(" ").as_bytes())).chars().take(24).collect()
}

/// Whether two lists name different sets.
pub(crate) fn differ(one: &[String], other: &[String]) -> bool {
    one.iter().collect::<BTreeSet<_>>() != other.iter().collect()
}

/// The sets of a provider config, one more than [`MOST`] at most, each counted up to a number. Each step is one look into
/// the index, which the ranges and orders here leave no other plan than: bound, an equality is planned for a set of
/// average size.
pub(crate) async fn of_config(db: &mut Connection, config: ProviderConfigId, up_to: i64) -> Result<Vec<Row>> {
    let sql = format!(
        "WITH RECURSIVE firsts(id, step) AS (\
           SELECT (SELECT id FROM connected_accounts WHERE provider_config_id = $1 AND status = 'active' \
             ORDER BY scope_set, id LIMIT 1), 1 \
           UNION ALL SELECT (SELECT a.id FROM connected_accounts a WHERE a.provider_config_id = $1 AND a.status = 'active' \
             AND a.scope_set > (SELECT b.scope_set FROM connected_accounts b WHERE b.id = firsts.id) \
             ORDER BY a.scope_set, a.id LIMIT 1), step + 1 FROM firsts WHERE firsts.id IS NOT NULL AND step < {most}) \
         SELECT f.scope_set, f.scopes, g.counted, (SELECT count(*) FROM (SELECT c.id FROM connected_accounts c \
             WHERE c.provider_config_id = $1 AND c.status = 'active' \
             AND c.scope_set >= f.scope_set AND c.scope_set <= f.scope_set \
             ORDER BY c.scope_set, c.id LIMIT {counted}) AS few) AS live \
         FROM firsts JOIN connected_accounts f ON f.id = firsts.id LEFT JOIN scope_set_figures g \
         ON g.provider_config_id = f.provider_config_id AND g.scope_set = f.scope_set",
        most = MOST + 1,
        counted = up_to
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(config.to_string()).fetch_all(db).await?;
    rows.iter().map(row).collect()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: r.try_get("scope_set")?,
        scopes: words(r, "scopes")?,
        live: r.try_get("live")?,
        counted: r.try_get("counted")?,
    })
}

/// An active account with one of the sets.
pub(crate) struct Account {
    pub(crate) id: ConnectedAccountId,
    pub(crate) end_user: String,
    pub(crate) end_user_name: Option<String>,
    pub(crate) provider_user: Option<String>,
    pub(crate) scopes: Vec<String>,
}

/// Active accounts with any of the sets, in the turn's direction: the newest of each set, merged.
pub(crate) async fn accounts(
    db: &mut Connection,
    config: ProviderConfigId,
    sets: &[String],
    turn: &Turn,
    limit: usize,
) -> Result<Vec<Account>> {
    if sets.is_empty() {
        return Ok(Vec::new());
    }
    let order = if turn.newer { "ASC" } else { "DESC" };
    let of_set = |at: usize| {
        let set = at + 3;
        let edge = match (turn.cursor.is_empty(), turn.newer) {
            (true, _) => format!("scope_set >= ${set} AND scope_set <= ${set} AND $2 = ''"),
            (false, true) => format!("(scope_set, id) > (${set}, $2) AND scope_set <= ${set}"),
            (false, false) => format!("(scope_set, id) < (${set}, $2) AND scope_set >= ${set}"),
        };
        format!(
            "SELECT id FROM (SELECT id FROM connected_accounts WHERE provider_config_id = $1 AND status = 'active' \
             AND {edge} ORDER BY scope_set {order}, id {order} LIMIT {limit}) AS of_{at}"
        )
    };
    let every: Vec<_> = (0..sets.len()).map(of_set).collect();
    let sql = format!(
        "SELECT a.id, a.scopes, COALESCE(a.label, a.provider_user_name, a.provider_user_email, a.provider_user_id) \
         AS provider_user, e.external_id, e.name FROM (SELECT id FROM ({every}) AS merged ORDER BY id {order} LIMIT {limit}) AS page \
         JOIN connected_accounts a ON a.id = page.id JOIN end_users e ON e.id = a.end_user_id ORDER BY a.id {order}",
        every = every.join(" UNION ALL ")
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(config.to_string()).bind(&turn.cursor);
    let rows = sets.iter().fold(query, |query, set| query.bind(set)).fetch_all(db).await?;
    rows.iter().map(account).collect()
}

fn account(r: &AnyRow) -> Result<Account> {
    Ok(Account {
        id: parsed(r, "id")?,
        end_user: r.try_get("external_id")?,
        end_user_name: r.try_get("name")?,
        provider_user: r.try_get("provider_user")?,
        scopes: words(r, "scopes")?,
    })
}

/// Counts the active accounts of every set that has more than a page counts.
pub(crate) async fn count(db: &mut Connection) -> Result<()> {
    sqlx::query("DELETE FROM scope_set_figures").execute(&mut *db).await?;
    let sql = format!(
        "INSERT INTO scope_set_figures (provider_config_id, scope_set, counted) \
         SELECT provider_config_id, scope_set, count(*) FROM connected_accounts WHERE status = 'active' \
         GROUP BY provider_config_id, scope_set HAVING count(*) > {COUNTED_LIVE}"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(db).await.map(drop)
}
