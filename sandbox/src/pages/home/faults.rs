//! Forms for misbehaviour.

use super::{
    super::markup::{escape, options},
    controls, section, table,
};
use crate::{
    faults::{Fault, Times},
    state::State,
};

/// What the form offers; the control API has the rest.
const KINDS: [(&str, &str); 13] = [
    ("drop_after", "Do the work, then lose the answer"),
    ("drop_before", "Close the connection at once"),
    ("delay", "Answer late"),
    ("hold", "Hold until released"),
    ("status", "Answer with a status"),
    ("garbage", "Answer with garbage"),
    ("html", "Answer with a web page"),
    ("wrong_json", "Answer with {}"),
    ("truncated", "Break off in the middle"),
    ("missing_expires_in", "Leave out expires_in"),
    ("missing_refresh_token", "Leave out refresh_token"),
    ("huge_body", "Answer with 16 MiB"),
    ("error", "Answer invalid_grant"),
];

pub(super) fn set(state: &State) -> String {
    let endpoints = ["token", "revoke", "users", "api", "authorize"];
    let grant_types = ["", "refresh_token", "authorization_code", "client_credentials"];
    let body = format!(
        r#"<form method="post" action="/control/faults">
        <label>What happens<select name="kind">{kinds}</select></label>
        <label>Endpoint<select name="endpoint">{endpoints}</select></label>
        <label>Token requests of type<select name="grant_type">{grant_types}</select></label>
        <label>User<select name="user"><option value="">anybody</option>{users}</select></label>
        <label>How often<input name="times" value="1" pattern="[0-9]+|forever" autocomplete="off"></label>
        <label>Status, where it is one<input name="status" inputmode="numeric" pattern="[0-9]*" autocomplete="off"></label>
        <label>Retry-After, beside a status<input name="retry_after" autocomplete="off"></label>
        <label>Milliseconds, where it is late<input name="ms" inputmode="numeric" pattern="[0-9]*" value="2000" autocomplete="off"></label>
        <input type="hidden" name="error" value="invalid_grant">
        <div><button>Set the fault</button></div></form>"#,
        kinds = options(KINDS.map(|(kind, label)| (kind, label.to_owned(), false))),
        endpoints = options(endpoints.map(|endpoint| (endpoint, endpoint.to_owned(), false))),
        grant_types = options(grant_types.map(|grant_type| {
            let label = if grant_type.is_empty() { "any type" } else { grant_type };
            (grant_type, label.to_owned(), false)
        })),
        users = controls::users(state),
    );
    section("Set a fault", &body)
}

pub(super) fn waiting(state: &State, held: usize) -> String {
    let rows: String = state.faults.waiting().iter().map(row).collect();
    let list = if rows.is_empty() {
        "<p>The sandbox behaves well.</p>".to_owned()
    } else {
        table("Faults", &["Fault", "Endpoint", "For", "Times"], &rows)
    };
    let body = format!(
        r#"{list}<form method="post" action="/control/faults/clear"><div><button>Clear faults</button></div></form>
        <p>Requests held now: <strong>{held}</strong></p>
        <form method="post" action="/control/faults/release"><div><button>Release held requests</button></div></form>"#
    );
    section("Faults that wait", &body)
}

fn row(fault: &Fault) -> String {
    let narrowed = [&fault.grant_type, &fault.client_id, &fault.user].into_iter().flatten();
    let narrowed: Vec<_> = narrowed.map(|word| escape(word)).collect();
    let times = match fault.times {
        Times::Count(count) => count.to_string(),
        Times::Forever => "forever".into(),
    };
    let (kind, endpoint) = (fault.kind.name(), fault.endpoint.name());
    format!("<tr><td>{kind}</td><td>{endpoint}</td><td>{}</td><td>{times}</td></tr>", narrowed.join(", "))
}
