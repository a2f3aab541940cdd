//! Forms for a client's endpoint for notices, and what came of the notices.

use super::{super::markup::escape, controls, section, table};
use crate::{notices::Delivery, state::State};

const SHOWN: usize = 10;

pub(super) fn endpoint(state: &State) -> String {
    let clients = controls::clients(state);
    let known: String = state
        .clients
        .values()
        .filter(|client| !client.notices.url.is_empty())
        .map(|client| format!("<dt>{}</dt><dd><code>{}</code></dd>", escape(&client.name), escape(&client.notices.url)))
        .collect();
    let body = format!(
        r#"<p>When a user removes an app, or the app revokes, its endpoint gets a signed notice; while it fails, again after
        5, 20 and 60 minutes.</p><dl>{known}</dl>
        <form method="post" action="/control/notices/endpoint">
        <label>App<select name="client_id">{clients}</select></label>
        <label>Deauthorization endpoint URL<input name="url" inputmode="url" autocomplete="off"></label>
        <label>Secret token, if not the one it has<input name="secret_token" autocomplete="off"></label>
        <div><button>Save the endpoint</button></div></form>
        <form method="post" action="/control/notices/validate">
        <label>App<select name="client_id">{clients}</select></label>
        <div><button>Validate the endpoint</button></div></form>"#
    );
    section("Notices", &body)
}

pub(super) fn misbehave(state: &State) -> String {
    let clients = controls::clients(state);
    let body = format!(
        r#"<form method="post" action="/control/notices/misbehave">
        <label>App<select name="client_id">{clients}</select></label>
        <label>Signed with<select name="signed_wrongly"><option value="">its secret token</option>
        <option value="true">another secret</option></select></label>
        <label>Signed so many seconds ago, negative for the future<input name="signed_ago_seconds" inputmode="numeric"
        pattern="-?[0-9]*" value="0" autocomplete="off"></label>
        <label>What it says of the user's data<select name="user_data_retention"><option>null</option><option>absent</option>
        <option value="text_true">"true"</option><option value="text_false">"false"</option>
        <option>true</option><option>false</option></select></label>
        <div><button>Sign notices like this</button></div></form>
        <form method="post" action="/control/notices/replay">
        <label>App<select name="client_id">{clients}</select></label>
        <div><button>Replay the last notice</button></div></form>"#
    );
    section("Odd notices", &body)
}

pub(super) fn deliveries(state: &State) -> String {
    let rows: String = state.notices.deliveries().rev().take(SHOWN).map(row).collect();
    if rows.is_empty() {
        return section("Notices sent", "<p>None yet.</p>");
    }
    let heads = ["No.", "Time", "App", "Event", "Attempt", "Status", "Outcome", "Again at"];
    section("Notices sent", &table("Notices sent", &heads, &rows))
}

fn row(delivery: &Delivery) -> String {
    let cells = [
        delivery.sequence.to_string(),
        escape(&delivery.at),
        escape(&delivery.client_id),
        escape(&delivery.event),
        delivery.attempt.to_string(),
        delivery.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string()),
        escape(&delivery.outcome),
        escape(delivery.next_attempt_at.as_deref().unwrap_or_default()),
    ];
    let cells: String = cells.map(|cell| format!("<td>{cell}</td>")).concat();
    format!("<tr>{cells}</tr>")
}
