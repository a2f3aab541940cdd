//! Where each organization's chain of events ends, and its signed checkpoints.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::OrganizationId;
use sqlx::Row as _;
use sqlx::any::AnyRow;

pub(crate) struct Row {
    pub(crate) seq: i64,
    pub(crate) hash: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    pub(crate) private_key_sealed: Vec<u8>,
    pub(crate) checkpoint_seq: i64,
    pub(crate) checkpoint_at: Millis,
}

/// What a chain was at some moment.
pub(crate) struct Checkpoint {
    pub(crate) seq: i64,
    pub(crate) hash: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) created_at: Millis,
}

/// Begins a chain, unless it has begun.
pub(crate) async fn insert(
    db: &mut Connection,
    organization: OrganizationId,
    hash: &[u8],
    (public_key, private_key_sealed): (&[u8], &[u8]),
    now: Millis,
) -> Result<()> {
    let sql = "INSERT INTO event_chains (organization_id, seq, hash, public_key, private_key_sealed, checkpoint_at) \
               VALUES ($1, 0, $2, $3, $4, $5) ON CONFLICT (organization_id) DO NOTHING";
    let query = sqlx::query(sql).bind(organization.to_string()).bind(hash).bind(public_key);
    query.bind(private_key_sealed).bind(now).execute(db).await.map(drop)
}

pub(crate) async fn exists(db: &mut Connection, organization: OrganizationId) -> Result<bool> {
    let sql = "SELECT seq FROM event_chains WHERE organization_id = $1";
    Ok(sqlx::query(sql).bind(organization.to_string()).fetch_optional(db).await?.is_some())
}

/// Holds a chain until the transaction ends: whoever else would lengthen it waits.
pub(crate) async fn hold(db: &mut Connection, organization: OrganizationId) -> Result<Option<Row>> {
    let sql = "UPDATE event_chains SET seq = seq WHERE organization_id = $1 \
               RETURNING seq, hash, public_key, private_key_sealed, checkpoint_seq, checkpoint_at";
    sqlx::query(sql).bind(organization.to_string()).fetch_optional(db).await?.as_ref().map(row).transpose()
}

pub(crate) async fn set_end(db: &mut Connection, organization: OrganizationId, seq: i64, hash: &[u8]) -> Result<()> {
    let sql = "UPDATE event_chains SET seq = $2, hash = $3 WHERE organization_id = $1";
    sqlx::query(sql).bind(organization.to_string()).bind(seq).bind(hash).execute(db).await.map(drop)
}

/// Keeps a checkpoint, at most one for each place.
pub(crate) async fn add_checkpoint(db: &mut Connection, of: OrganizationId, checkpoint: &Checkpoint) -> Result<()> {
    let sql = "INSERT INTO event_checkpoints (organization_id, seq, hash, signature, created_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (organization_id, seq) DO NOTHING";
    let query = sqlx::query(sql).bind(of.to_string()).bind(checkpoint.seq).bind(&checkpoint.hash);
    query.bind(&checkpoint.signature).bind(checkpoint.created_at).execute(&mut *db).await?;
    let sql = "UPDATE event_chains SET checkpoint_seq = $2, checkpoint_at = $3 WHERE organization_id = $1";
    let query = sqlx::query(sql).bind(of.to_string()).bind(checkpoint.seq).bind(checkpoint.created_at);
    query.execute(db).await.map(drop)
}

/// The checkpoints after one place up to another.
pub(crate) async fn checkpoints(
    db: &mut Connection,
    of: OrganizationId,
    (after, up_to): (i64, i64),
) -> Result<Vec<Checkpoint>> {
    let sql = "SELECT seq, hash, signature, created_at FROM event_checkpoints \
               WHERE organization_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq";
    let rows = sqlx::query(sql).bind(of.to_string()).bind(after).bind(up_to).fetch_all(db).await?;
    rows.iter().map(checkpoint).collect()
}

/// The last checkpoint at a place or before it.
pub(crate) async fn checkpoint_at(db: &mut Connection, of: OrganizationId, place: i64) -> Result<Option<Checkpoint>> {
    let sql = "SELECT seq, hash, signature, created_at FROM event_checkpoints \
               WHERE organization_id = $1 AND seq <= $2 ORDER BY seq DESC LIMIT 1";
    sqlx::query(sql).bind(of.to_string()).bind(place).fetch_optional(db).await?.as_ref().map(checkpoint).transpose()
}

fn checkpoint(r: &AnyRow) -> Result<Checkpoint> {
    let (seq, hash) = (r.try_get("seq")?, r.try_get("hash")?);
    Ok(Checkpoint { seq, hash, signature: r.try_get("signature")?, created_at: r.try_get("created_at")? })
}

/// Chains that have grown since their last checkpoint, which is older than a time.
pub(crate) async fn without_checkpoint_since(
    db: &mut Connection,
    since: Millis,
    limit: i64,
) -> Result<Vec<OrganizationId>> {
    let sql = "SELECT organization_id FROM event_chains WHERE seq > checkpoint_seq AND checkpoint_at <= $1 \
               ORDER BY checkpoint_at LIMIT $2";
    let rows = sqlx::query(sql).bind(since).bind(limit).fetch_all(db).await?;
    rows.iter().map(|r| parsed(r, "organization_id")).collect()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        seq: r.try_get("seq")?,
        hash: r.try_get("hash")?,
        public_key: r.try_get("public_key")?,
        private_key_sealed: r.try_get("private_key_sealed")?,
        checkpoint_seq: r.try_get("checkpoint_seq")?,
        checkpoint_at: r.try_get("checkpoint_at")?,
    })
}
