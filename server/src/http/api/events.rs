//! `/v1/events`: the audit log for machines.

use super::query::Query;
use crate::auth::{Backend, EventsRead};
use crate::openapi::tags;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::Uri;
use model::Page;
use model::ids::EventId;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vault::EventEntry;

/// What of the log is asked for.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters that `list` reads")]
pub(crate) struct Part {
    /// The `seq` of the last event that was read; 0, or absent, to begin at the beginning.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// How many at most; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// One line of the audit log.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the vault's entry")]
pub(crate) struct Event {
    /// Its place in the organization's log. Places grow, and no event appears later before one that was read already; those that
    /// are missing belong to other applications.
    seq: i64,
    /// Its id.
    id: EventId,
    /// What happened.
    r#type: String,
    /// When.
    at: String,
    /// Who did it.
    actor: Actor,
    /// The id of what it was done to.
    target: String,
    /// `ok` or a stable word for what went wrong.
    outcome: String,
    /// The request that caused it, as in the server's log.
    request_id: Option<String>,
    /// What else was recorded, by the type of the event; never anything personal.
    detail: Option<BTreeMap<String, Value>>,
}

/// Who did something.
#[derive(ToSchema)]
#[schema(as = EventActor)]
#[expect(dead_code, reason = "it describes the vault's entry")]
pub(crate) struct Actor {
    /// `member`, `api_key`, `end_user`, `command_line` or `keybearer`.
    kind: String,
    /// The person's or the key's id.
    id: Option<String>,
}

/// Lists events.
///
/// The application's audit log, oldest first: what stands behind `after`, a place that was read already. `next_cursor` is the
/// `after` of the next page; it is null once everything was read, until more is written. Remember the last `seq` and ask again with
/// it: nothing is missed.
#[utoipa::path(
    get,
    path = "/v1/events",
    operation_id = "listEvents",
    tag = tags::EVENTS,
    params(Part),
    responses((status = 200, body = Page<Event>, description = "A page of events.")),
    security(("api_key" = ["events:read"])),
    extensions(("x-problems" = json!([Code::EventsDeleted]))),
)]
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller, ..): Backend<EventsRead>,
    uri: Uri,
) -> Result<Json<Page<EventEntry>>, Problem> {
    let mut query = Query::of(&uri);
    let after: Option<i64> = query.parsed("after", "The seq of the last event that you have read, or 0.");
    let limit = query.limit();
    query.finish()?;
    let data = state.vault.events_after(&caller, after.unwrap_or_default().max(0), limit).await?;
    let next_cursor = data.last().filter(|_| data.len() >= usize::from(limit)).map(|event| event.seq.to_string());
    Ok(Json(Page { data, next_cursor }))
}
