//! End users, by the developer's own id.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::connected_accounts::EndUserView;
use model::ids::{ApplicationId, EndUserId};
use sqlx::Row as _;

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
