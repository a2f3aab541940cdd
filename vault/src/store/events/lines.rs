//! Lines that were written together: token reads and proxied calls of one API key.

use super::super::kept_connections::KeptConnections;
use super::super::{Connection, Result, Statement, json};
use crate::clock::Millis;
use model::ids::EventId;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

const ONCE: &str = "ON CONFLICT DO NOTHING";

/// A line that is about to be written.
pub(crate) struct NewLine {
    /// The event that it is written under.
    pub(crate) event: EventId,
    pub(crate) position: u16,
    pub(crate) r#type: &'static str,
    pub(crate) target: String,
    pub(crate) request_id: Option<String>,
    /// As JSON, without personal data.
    pub(crate) detail: String,
    pub(crate) personal: Option<Personal>,
    pub(crate) created_at: Millis,
}

/// Personal fields, as JSON, and what the chain knows them by.
pub(crate) struct Personal {
    pub(crate) text: String,
    pub(crate) salt: [u8; 16],
    pub(crate) digest: [u8; 32],
}

pub(crate) struct Row {
    pub(crate) position: u16,
    pub(crate) r#type: String,
    pub(crate) target: String,
    pub(crate) request_id: Option<String>,
    pub(crate) detail: serde_json::Value,
    pub(crate) personal: Option<String>,
    pub(crate) personal_salt: Option<Vec<u8>>,
    pub(crate) personal_digest: Option<Vec<u8>>,
    pub(crate) created_at: Millis,
}

/// Writes lines, at most a few hundred, of events that are there.
pub(crate) async fn insert(db: &mut Connection, lines: &[&NewLine]) -> Result<()> {
    let Some(statement) = statement(lines.len(), 0) else { return Ok(()) };
    bind(sqlx::query(AssertSqlSafe(statement)), lines.iter().copied()).execute(db).await.map(drop)
}

/// Writes an event and its lines by one statement, which is a transaction of its own: one trip to the database instead of
/// four. What is there already is not written again.
pub(crate) async fn insert_with_event(
    writer: &KeptConnections,
    event: &super::NewRow<'_>,
    now: Millis,
    lines: &[NewLine],
) -> Result<()> {
    let Some(statement) = statement(lines.len(), super::COLUMNS) else { return Ok(()) };
    let sql = format!("WITH event AS ({} {ONCE}) {statement} {ONCE}", super::INSERT);
    let make = || bind(super::bind(sqlx::query(AssertSqlSafe(sql.clone())), event, now), lines.iter());
    writer.execute(make).await
}

/// The statement has places for a power of two of lines, so that a few statements are prepared and not hundreds; the last
/// line fills the places that are left, and those are not inserted. `None` without lines.
fn statement(lines: usize, bound_before: usize) -> Option<String> {
    if lines == 0 {
        return None;
    }
    let place = |row: usize| (1..=10).map(move |at| format!("${}", bound_before + 10 * row + at));
    let places = |row: usize| place(row).collect::<Vec<_>>().join(", ");
    let rows: Vec<String> = (0..lines.next_power_of_two()).map(|row| format!("({})", places(row))).collect();
    Some(format!(
        "INSERT INTO event_lines (event_id, position, type, target, request_id, detail, created_at, personal, personal_salt, \
         personal_digest) SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9, column10 \
         FROM (VALUES {}) AS line WHERE column2 >= 0",
        rows.join(", ")
    ))
}

fn bind<'q>(query: Statement<'q>, lines: impl ExactSizeIterator<Item = &'q NewLine> + Clone) -> Statement<'q> {
    let fill = lines.len().next_power_of_two() - lines.len();
    let last = lines.clone().last().map(|line| (line, -1));
    let all = lines.map(|line| (line, i64::from(line.position)));
    let all = all.chain(last.into_iter().flat_map(|last| std::iter::repeat_n(last, fill)));
    all.fold(query, |query, (line, position)| {
        let query = query.bind(line.event.to_string()).bind(position).bind(line.r#type).bind(&line.target);
        let query = query.bind(line.request_id.as_deref()).bind(&line.detail).bind(line.created_at);
        let personal = line.personal.as_ref();
        let query = query.bind(personal.map(|p| p.text.as_str()));
        query.bind(personal.map(|p| p.salt.as_slice())).bind(personal.map(|p| p.digest.as_slice()))
    })
}

/// The lines of an event in their order, from a position on.
pub(crate) async fn of_event(db: &mut Connection, event: EventId, from: i64, limit: i64) -> Result<Vec<Row>> {
    let sql = "SELECT position, type, target, request_id, detail, created_at, personal, personal_salt, personal_digest \
               FROM event_lines WHERE event_id = $1 AND position >= $2 ORDER BY position LIMIT $3";
    let rows = sqlx::query(sql).bind(event.to_string()).bind(from).bind(limit).fetch_all(db).await?;
    rows.iter().map(row).collect()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        position: u16::try_from(r.try_get::<i64, _>("position")?).unwrap_or(u16::MAX),
        r#type: r.try_get("type")?,
        target: r.try_get("target")?,
        request_id: r.try_get("request_id")?,
        detail: json(r, "detail")?,
        personal: r.try_get("personal")?,
        personal_salt: r.try_get("personal_salt")?,
        personal_digest: r.try_get("personal_digest")?,
        created_at: r.try_get("created_at")?,
    })
}
