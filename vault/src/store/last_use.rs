//! When API keys and connected accounts were last used. A later time that stands already is left.

use super::{Connection, Result};
use crate::clock::Millis;
use model::ids::{ApiKeyId, ConnectedAccountId};
use sqlx::AssertSqlSafe;

pub(crate) async fn of_key(db: &mut Connection, id: ApiKeyId, at: Millis) -> Result<()> {
    sqlx::query("UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND COALESCE(last_used_at, 0) < $2")
        .bind(id.to_string())
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}

/// Many at once. Rows repeat the last one up to a power of two, so that a few statements are prepared and not hundreds.
pub(crate) async fn of_accounts(db: &mut Connection, uses: &[(ConnectedAccountId, Millis)]) -> Result<()> {
    let Some(last) = uses.last() else { return Ok(()) };
    let count = uses.len().next_power_of_two();
    let places: Vec<String> = (1..=count).map(|row| format!("(${}, ${})", 2 * row - 1, 2 * row)).collect();
    let sql = format!(
        "UPDATE connected_accounts SET last_used_at = used.column2 FROM (VALUES {}) AS used \
         WHERE id = used.column1 AND COALESCE(last_used_at, 0) < used.column2",
        places.join(", ")
    );
    let rows = uses.iter().chain(std::iter::repeat(last)).take(count);
    let query = rows.fold(sqlx::query(AssertSqlSafe(sql)), |query, (id, at)| query.bind(id.to_string()).bind(*at));
    query.execute(db).await.map(drop)
}
