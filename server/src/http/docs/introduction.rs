//! What holds for every operation.

use super::words::blocks;
use leptos::prelude::*;
use model::api_keys::KeyScope;

/// The sections: anchor and heading.
pub(super) const NAMES: [(&str, &str); 8] = [
    ("authentication", "Authentication"),
    ("scopes", "Scopes"),
    ("errors", "Errors"),
    ("paging", "Paging"),
    ("idempotency", "Idempotency"),
    ("rate-limits", "Rate limits"),
    ("request-ids", "Request ids"),
    ("times-and-ids", "Times and ids"),
];

const AUTHENTICATION: &str = "\
Send an API key of the application with every request: `Authorization: Bearer kb_live_…`, or `kb_test_…` for an application in \
development. Members make keys on the application's page API keys. A key sees its own application and nothing else: whatever \
belongs to another one is not found.

Keys belong on servers. A key in an address is refused, since addresses end up in logs.";

const SCOPES: &str = "\
Each operation below names the scope that it needs. A key that names no scopes has all of them but `connected_accounts:import`; one \
that does is refused everything else with `missing_scope`. A key may also be restricted to networks (`source_not_allowed`), and a \
proxy-only one gets no tokens (`proxy_only`). None of this is changed afterwards: make another key, or rotate it.";

const ERRORS: &str = "\
What goes wrong is answered with a problem (RFC 9457): `application/problem+json` with `type`, `title`, `status`, `detail`, \
`code` and `request_id`. The code is stable, and `type` leads to what this reference says about it. With `invalid_request`, \
`fields` names every member that is wrong, all at once. Members that are not known are refused, so that a misspelt one does not \
pass unseen.

- 4xx: the request has to change, or somebody has to do something. The same request fails again, 409 and 429 aside.
- 5xx: try again, after `Retry-After` where it is given.";

const PAGING: &str = "\
Lists are `{\"data\": […], \"next_cursor\": …}`, newest first. `limit` is 1 to 100, and 20 when absent. Give `next_cursor` back as \
`cursor` for the next page; on the last one it is null. What is made meanwhile does not shift the pages.";

const IDEMPOTENCY: &str = "\
Send `Idempotency-Key` with a `POST` that makes or changes something, 1 to 255 characters such as a UUID, and the same call can be \
sent again after a lost connection: for 24 hours the stored answer comes back, with `Idempotent-Replayed: true`. Another call under \
the same key is 422 `idempotency_key_reused`, one that is still running 409 `idempotency_in_progress`. Answers of 429 and 5xx are not \
kept, so that the call can be tried again. Calls that fetch tokens and those of the proxy take none.";

const RATE_LIMITS: &str = "\
The operator's limits hold for each key and each address, at each server. `RateLimit-Policy: \"key\";q=100;w=1` says that a key may \
make 100 calls in 1 second, and `RateLimit: \"key\";r=99;t=1` that 99 are left and all of them again in 1 second. Beyond it is 429 \
with `Retry-After`. An address that sends wrong keys over and over has to wait.";

const REQUEST_IDS: &str = "\
Every answer has `X-Request-Id`. The same name stands in problems, in the audit log and in the operator's log: quote it when you \
ask somebody to look.";

const TIMES_AND_IDS: &str = "\
Times are RFC 3339 in UTC with milliseconds: `2026-11-24T09:30:00.000Z`. Ids begin with what they are, `ca_…` or `cs_…`, and sort by \
when they were made. End users are named by your own ids. In answers, members that may be null are always there. Take members that \
you do not know: there will be more.";

/// The sections, in the order of their names.
pub(super) fn sections(base: &str) -> AnyView {
    let texts = [AUTHENTICATION, SCOPES, ERRORS, PAGING, IDEMPOTENCY, RATE_LIMITS, REQUEST_IDS, TIMES_AND_IDS];
    let base = base.to_owned();
    let sections = NAMES.into_iter().zip(texts).map(move |((id, name), text)| {
        let more = match id {
            "authentication" => Some(view! { <p>"The base address is "<code>{base.clone()}</code>"."</p> }.into_any()),
            "scopes" => Some(scopes()),
            "errors" => Some(view! { <p><a href="/docs/problems">"All codes, with what to do"</a></p> }.into_any()),
            _ => None,
        };
        view! { <section class="docs-section" id=id><h2>{name}</h2>{blocks(text)}{more}</section> }
    });
    sections.collect_view().into_any()
}

fn scopes() -> AnyView {
    let rows = KeyScope::ALL.iter().map(|scope| {
        view! { <tr><th scope="row"><code>{scope.as_str()}</code></th><td>{scope.words()}</td></tr> }
    });
    view! { <table class="docs-fields"><caption>"Scopes"</caption><tbody>{rows.collect_view()}</tbody></table> }
        .into_any()
}
