//! Forms for time, installs and a fresh start.

use super::{super::markup::options, section};
use crate::{clock, state::State};

pub(super) fn clock(state: &State) -> String {
    let steps = [("3600", "1 hour"), ("86400", "1 day"), ("5184000", "60 days"), ("7862400", "91 days")];
    let body = format!(
        r#"<p>It is <strong>{now}</strong> here, {skipped} seconds ahead. Access tokens live an hour, refresh tokens 90 days.</p>
        <form method="post" action="/control/clock/advance"><label>Move the clock forward by
        <select name="seconds">{steps}</select></label><div><button>Move the clock</button></div></form>
        <form method="post" action="/control/expire"><div><button>Expire all access tokens</button></div></form>"#,
        now = clock::rfc3339(state.now()),
        skipped = state.clock.skipped_seconds(),
        steps = options(steps.map(|(seconds, label)| (seconds, label.to_owned(), false))),
    );
    section("Clock", &body)
}

pub(super) fn install(state: &State) -> String {
    let body = format!(
        r#"<p>Some users start at the provider, and the vault gets a code that it did not ask for, without a state.</p>
        <form method="post" action="/control/install">
        <label>App<select name="client_id">{clients}</select></label>
        <label>User<select name="user">{users}</select></label>
        <label>Redirect URI, if not the one used last<input name="redirect_uri" inputmode="url" autocomplete="off"></label>
        <div><button>Install from the marketplace</button></div></form>"#,
        clients = clients(state),
        users = users(state),
    );
    section("Install from the marketplace", &body)
}

pub(super) fn reset() -> String {
    section(
        "Start again",
        r#"<p>Forgets clients, users, tokens, faults, journal and the time skipped.</p>
        <form method="post" action="/control/reset"><div><button>Reset the sandbox</button></div></form>"#,
    )
}

pub(super) fn clients(state: &State) -> String {
    options(state.clients.values().map(|client| (client.client_id.as_str(), client.name.clone(), false)))
}

pub(super) fn users(state: &State) -> String {
    options(
        state.users.iter().map(|user| (user.id.as_str(), format!("{} ({})", user.display_name(), user.email), false)),
    )
}
