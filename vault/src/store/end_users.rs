//! End users, by the developer's own id.

use super::{Connection, Result, Store, parsed};
use crate::clock::Millis;
use model::connected_accounts::EndUserView;
use model::ids::{ApplicationId, EndUserId};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

/// An end user.
pub(crate) struct Row {
    pub(crate) id: EndUserId,
    pub(crate) external_id: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) created_at: Millis,
    pub(crate) updated_at: Millis,
}

/// What a list of end users is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct EndUserFilter {
    /// The developer's grouping.
    pub group: Option<String>,
    /// What an id, a name or an e-mail address begins with, in capitals or not.
    pub search: Option<String>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, external_id, name, email, end_user_group, created_at, updated_at FROM end_users ",
            "WHERE application_id = $1 AND erased_at IS NULL ",
            $rest
        )
    };
}

/// Makes the row or brings it up to date: what the caller leaves out stays.
pub(crate) async fn upsert(
    db: &mut Connection,
    application: ApplicationId,
    end_user: &EndUserView,
    now: Millis,
) -> Result<EndUserId> {
    let sql = "INSERT INTO end_users (id, application_id, external_id, name, email, end_user_group, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
               ON CONFLICT (application_id, external_id) DO UPDATE SET \
                 name = COALESCE(excluded.name, end_users.name), email = COALESCE(excluded.email, end_users.email), \
                 end_user_group = COALESCE(excluded.end_user_group, end_users.end_user_group), updated_at = excluded.updated_at \
               RETURNING id";
    let query = sqlx::query(sql).bind(EndUserId::new().to_string()).bind(application.to_string()).bind(&end_user.id);
    let query = query.bind(end_user.name.as_deref()).bind(end_user.email.as_deref()).bind(end_user.group.as_deref());
    parsed(&query.bind(now).fetch_one(db).await?, "id")
}

/// The row of one that is known.
pub(crate) async fn by_external_id(
    db: &mut Connection,
    application: ApplicationId,
    external_id: &str,
) -> Result<Option<EndUserId>> {
    let sql = "SELECT id FROM end_users WHERE application_id = $1 AND external_id = $2 AND erased_at IS NULL";
    let row = sqlx::query(sql).bind(application.to_string()).bind(external_id).fetch_optional(db).await?;
    row.map(|r| parsed(&r, "id")).transpose()
}

/// Holds the row until the transaction ends. Whether the end user is still known.
pub(crate) async fn hold_known(db: &mut Connection, id: EndUserId) -> Result<bool> {
    let sql = "UPDATE end_users SET updated_at = updated_at WHERE id = $1 AND erased_at IS NULL";
    Ok(sqlx::query(sql).bind(id.to_string()).execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, id: EndUserId) -> Result<Option<EndUserView>> {
    let sql = "SELECT external_id, name, email, end_user_group FROM end_users WHERE id = $1 AND application_id = $2";
    let row = sqlx::query(sql).bind(id.to_string()).bind(application.to_string()).fetch_optional(db).await?;
    row.map(|r| {
        Ok(EndUserView {
            id: r.try_get("external_id")?,
            name: r.try_get("name")?,
            email: r.try_get("email")?,
            group: r.try_get("end_user_group")?,
            row: Some(id),
        })
    })
    .transpose()
}

/// Newest first, without the end user of connection tests.
pub(crate) async fn list(
    store: &Store,
    db: &mut Connection,
    application: ApplicationId,
    filter: &EndUserFilter,
    before: Option<EndUserId>,
    limit: usize,
) -> Result<Vec<Row>> {
    const FIRST: &str = select!(
        "AND substr(external_id, 1, 10) <> 'keybearer:' AND (CAST($2 AS TEXT) IS NULL OR id < $2) \
         AND (CAST($3 AS TEXT) IS NULL OR end_user_group = $3) AND (CAST($4 AS TEXT) IS NULL"
    );
    let bytewise = store.bytewise();
    let begins = |column: &str| {
        format!(" OR (lower({column}){bytewise} >= lower($4) AND lower({column}){bytewise} < lower($5))")
    };
    let searched: String = ["external_id", "name", "email"].into_iter().map(begins).collect();
    let sql = format!("{FIRST}{searched}) ORDER BY id DESC LIMIT $6");
    let last = filter.search.as_ref().map(|search| format!("{search}\u{10FFFF}"));
    let query = sqlx::query(AssertSqlSafe(sql)).bind(application.to_string()).bind(before.map(|id| id.to_string()));
    let query = query.bind(filter.group.as_deref()).bind(filter.search.as_deref()).bind(last);
    let rows = query.bind(i64::try_from(limit).unwrap_or(i64::MAX)).fetch_all(db).await?;
    rows.iter().map(row_of).collect()
}

/// One, by the developer's own id.
pub(crate) async fn row(db: &mut Connection, application: ApplicationId, external_id: &str) -> Result<Option<Row>> {
    let query = sqlx::query(select!("AND external_id = $2")).bind(application.to_string()).bind(external_id);
    query.fetch_optional(db).await?.as_ref().map(row_of).transpose()
}

/// Stores what may be changed; false when the end user was erased meanwhile.
pub(crate) async fn update(db: &mut Connection, application: ApplicationId, row: &Row) -> Result<bool> {
    let sql = "UPDATE end_users SET name = $3, email = $4, end_user_group = $5, updated_at = $6 \
               WHERE application_id = $1 AND id = $2 AND erased_at IS NULL";
    let query = sqlx::query(sql).bind(application.to_string()).bind(row.id.to_string()).bind(row.name.as_deref());
    let query = query.bind(row.email.as_deref()).bind(row.group.as_deref()).bind(row.updated_at);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

fn row_of(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        external_id: r.try_get("external_id")?,
        name: r.try_get("name")?,
        email: r.try_get("email")?,
        group: r.try_get("end_user_group")?,
        created_at: r.try_get("created_at")?,
        updated_at: r.try_get("updated_at")?,
    })
}
