//! Branding, a JSON column of applications.

use super::{Connection, Result, json};
use crate::clock::Millis;
use model::branding::Branding;
use model::ids::ApplicationId;

pub(crate) async fn get(db: &mut Connection, id: ApplicationId) -> Result<Branding> {
    let sql = "SELECT branding FROM applications WHERE id = $1";
    json(&sqlx::query(sql).bind(id.to_string()).fetch_one(db).await?, "branding")
}

pub(crate) async fn set(db: &mut Connection, id: ApplicationId, branding: &Branding, now: Millis) -> Result<()> {
    let branding = serde_json::to_string(branding).unwrap_or_else(|_| "{}".to_owned());
    let sql = "UPDATE applications SET branding = $2, updated_at = $3 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(branding).bind(now).execute(db).await.map(drop)
}
