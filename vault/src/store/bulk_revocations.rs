//! Bulk revocations, with how far they have come.

use super::connected_accounts::Filter;
use super::{Connection, Result, Store, json, parsed, parsed_option};
use crate::clock::Millis;
use model::bulk_revocations::{BulkRevocationState, Failure};
use model::ids::{ApplicationId, BulkRevocationId, ConnectedAccountId, OrganizationId, PersonId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

pub(crate) struct Row {
    pub(crate) id: BulkRevocationId,
    pub(crate) application_id: ApplicationId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) state: BulkRevocationState,
    pub(crate) filter: Filter,
    /// Later accounts are not meant.
    pub(crate) newest_account_id: ConnectedAccountId,
    /// The account that was looked at last.
    pub(crate) last_account_id: Option<ConnectedAccountId>,
    pub(crate) reason: String,
    pub(crate) accounts: i64,
    pub(crate) revoked: i64,
    pub(crate) failed: i64,
    pub(crate) failures: Vec<Failure>,
    pub(crate) requested_by: Option<PersonId>,
    pub(crate) confirmed_by: Option<PersonId>,
    /// The persons' e-mail addresses.
    pub(crate) requested_by_email: Option<String>,
    pub(crate) confirmed_by_email: Option<String>,
    pub(crate) stopped_by_email: Option<String>,
    pub(crate) created_at: Millis,
    pub(crate) confirm_by: Option<Millis>,
    pub(crate) ended_at: Option<Millis>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.application_id, b.organization_id, b.state, b.filter, b.newest_account_id, b.last_account_id, \
             b.reason, b.accounts, b.revoked, b.failed, b.failures, b.requested_by, b.confirmed_by, b.created_at, \
             b.confirm_by, b.ended_at, asker.email AS requested_by_email, second.email AS confirmed_by_email, \
             stopper.email AS stopped_by_email FROM bulk_revocations b LEFT JOIN people asker ON asker.id = b.requested_by \
             LEFT JOIN people second ON second.id = b.confirmed_by LEFT JOIN people stopper ON stopper.id = b.stopped_by ",
            $rest
        )
    };
}

/// Writes a new one, unless there is one of this id. Whether it did.
pub(crate) async fn insert(db: &mut Connection, row: &Row) -> Result<bool> {
    let sql = "INSERT INTO bulk_revocations (id, application_id, organization_id, state, filter, newest_account_id, reason, \
               accounts, requested_by, created_at, confirm_by, started_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN $4 = 'running' THEN $10 END) \
               ON CONFLICT (id) DO NOTHING";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(row.application_id.to_string());
    let query = query.bind(row.organization_id.to_string()).bind(row.state.as_str());
    let query = query.bind(serde_json::to_string(&row.filter).unwrap_or_default());
    let query = query.bind(row.newest_account_id.to_string()).bind(&row.reason).bind(row.accounts);
    let query = query.bind(row.requested_by.map(|p| p.to_string())).bind(row.created_at).bind(row.confirm_by);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, id: BulkRevocationId) -> Result<Option<Row>> {
    let sql = select!("WHERE b.id = $1 AND b.application_id = $2");
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// For the work in the background, which is of all applications.
pub(crate) async fn get_any(db: &mut Connection, id: BulkRevocationId) -> Result<Option<Row>> {
    let sql = select!("WHERE b.id = $1 AND b.state = 'running'");
    sqlx::query(sql).bind(id.to_string()).fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// The application's, newest first.
pub(crate) async fn list(db: &mut Connection, application: ApplicationId, limit: i64) -> Result<Vec<Row>> {
    let sql = select!("WHERE b.application_id = $1 ORDER BY b.id DESC LIMIT $2");
    sqlx::query(sql).bind(application.to_string()).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

/// Those that nobody confirmed in time.
pub(crate) async fn overdue(db: &mut Connection, now: Millis) -> Result<Vec<Row>> {
    let sql = select!("WHERE b.state = 'waiting' AND b.confirm_by <= $1 ORDER BY b.id LIMIT 100");
    sqlx::query(sql).bind(now).fetch_all(db).await?.iter().map(row).collect()
}

/// A second person confirms. Whether it still waited.
pub(crate) async fn confirm(db: &mut Connection, id: BulkRevocationId, by: PersonId, now: Millis) -> Result<bool> {
    let sql = "UPDATE bulk_revocations SET state = 'running', confirmed_by = $2, started_at = $3 \
               WHERE id = $1 AND state = 'waiting' AND confirm_by > $3";
    Ok(sqlx::query(sql).bind(id.to_string()).bind(by.to_string()).bind(now).execute(db).await?.rows_affected() == 1)
}

/// Ends one that waits or runs. Whether it did.
pub(crate) async fn end(
    db: &mut Connection,
    id: BulkRevocationId,
    state: BulkRevocationState,
    by: Option<PersonId>,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE bulk_revocations SET state = $2, stopped_by = $3, ended_at = $4, lease_owner = NULL, \
               lease_expires_at = NULL WHERE id = $1 AND state IN ('waiting', 'running')";
    let query = sqlx::query(sql).bind(id.to_string()).bind(state.as_str()).bind(by.map(|p| p.to_string()));
    Ok(query.bind(now).execute(db).await?.rows_affected() == 1)
}

/// Takes the lease of one that runs and that nobody works on, by the database's clock.
pub(crate) async fn take(
    store: &Store,
    db: &mut Connection,
    owner: &str,
    life: Millis,
) -> Result<Option<BulkRevocationId>> {
    let sql = "UPDATE bulk_revocations SET lease_owner = $1, lease_expires_at = {now} + $2 WHERE id = ( \
                 SELECT id FROM bulk_revocations WHERE state = 'running' \
                 AND (lease_expires_at IS NULL OR lease_expires_at <= {now}) ORDER BY id LIMIT 1) \
               AND state = 'running' AND (lease_expires_at IS NULL OR lease_expires_at <= {now}) RETURNING id";
    let row = sqlx::query(store.with_now(sql)).bind(owner).bind(life).fetch_optional(db).await?;
    row.as_ref().map(|r| parsed(r, "id")).transpose()
}

/// Goes past an account in the transaction that revokes it. Whether the lease is still this owner's and nobody has stopped
/// it: otherwise the transaction must be dropped.
pub(crate) async fn step(
    store: &Store,
    db: &mut Connection,
    (id, owner): (BulkRevocationId, &str),
    account: ConnectedAccountId,
    life: Millis,
) -> Result<bool> {
    let sql = "UPDATE bulk_revocations SET last_account_id = $3, revoked = revoked + 1, lease_expires_at = {now} + $4 \
               WHERE id = $1 AND lease_owner = $2 AND state = 'running'";
    let query = sqlx::query(store.with_now(sql)).bind(id.to_string()).bind(owner).bind(account.to_string()).bind(life);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Goes past an account that could not be revoked. Whether the lease is still this owner's.
pub(crate) async fn step_over(
    db: &mut Connection,
    (id, owner): (BulkRevocationId, &str),
    account: ConnectedAccountId,
    failures: &[Failure],
) -> Result<bool> {
    let sql = "UPDATE bulk_revocations SET last_account_id = $3, failed = failed + 1, failures = $4 \
               WHERE id = $1 AND lease_owner = $2 AND state = 'running'";
    let query = sqlx::query(sql).bind(id.to_string()).bind(owner).bind(account.to_string());
    let query = query.bind(serde_json::to_string(failures).unwrap_or_else(|_| "[]".to_owned()));
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Gives the lease back.
pub(crate) async fn release(db: &mut Connection, id: BulkRevocationId, owner: &str) -> Result<()> {
    let sql =
        "UPDATE bulk_revocations SET lease_owner = NULL, lease_expires_at = NULL WHERE id = $1 AND lease_owner = $2";
    sqlx::query(sql).bind(id.to_string()).bind(owner).execute(db).await.map(drop)
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        application_id: parsed(r, "application_id")?,
        organization_id: parsed(r, "organization_id")?,
        state: parsed(r, "state")?,
        filter: json(r, "filter")?,
        newest_account_id: parsed(r, "newest_account_id")?,
        last_account_id: parsed_option(r, "last_account_id")?,
        reason: r.try_get("reason")?,
        accounts: r.try_get("accounts")?,
        revoked: r.try_get("revoked")?,
        failed: r.try_get("failed")?,
        failures: json(r, "failures")?,
        requested_by: parsed_option(r, "requested_by")?,
        confirmed_by: parsed_option(r, "confirmed_by")?,
        requested_by_email: r.try_get("requested_by_email")?,
        confirmed_by_email: r.try_get("confirmed_by_email")?,
        stopped_by_email: r.try_get("stopped_by_email")?,
        created_at: r.try_get("created_at")?,
        confirm_by: r.try_get("confirm_by")?,
        ended_at: r.try_get("ended_at")?,
    })
}
