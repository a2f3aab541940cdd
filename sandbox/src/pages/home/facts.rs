//! What one copies from the page, and who is there.

use super::{
    super::markup::{escape, hidden},
    section, table,
};
use crate::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, state::State};

pub(super) fn introduction() -> String {
    "<div class=\"head\"><h1>Sandbox provider</h1>\
     <p>An OAuth provider with made-up users, for trying out a vault. It has the manners of Zoom: refresh tokens work \
     once, and a second consent ends the tokens of the first. Below it can be told to misbehave.</p></div>"
        .into()
}

pub(super) fn client() -> String {
    let body = format!(
        "<p>Paste these where the vault asks for the credentials of an app.</p>\
         <dl><dt>Client ID</dt><dd><code>{BUILT_IN_CLIENT_ID}</code></dd>\
         <dt>Client secret</dt><dd><code>{BUILT_IN_CLIENT_SECRET}</code></dd>\
         <dt>Redirect URI</dt><dd>any https address, and http on this machine</dd></dl>"
    );
    section("Credentials", &body)
}

pub(super) fn endpoints(base_url: &str) -> String {
    let base = escape(base_url);
    let row = |name: &str, path: &str| format!("<dt>{name}</dt><dd><code>{base}{path}</code></dd>");
    let rows = [
        row("Authorize", "/oauth/authorize"),
        row("Token", "/oauth/token"),
        row("Revoke", "/oauth/revoke"),
        row("Identity", "/v2/users/me"),
        row("Meetings", "/v2/users/me/meetings"),
    ];
    section("Endpoints", &format!("<dl>{}</dl>", rows.concat()))
}

pub(super) fn users(state: &State) -> String {
    let rows: String = state
        .users
        .iter()
        .map(|user| {
            let role = if user.admin { "admin" } else { "member" };
            let [name, email, id] = [&user.display_name(), &user.email, &user.id].map(|text| escape(text));
            format!("<tr><td>{name}</td><td>{email}</td><td>{role}</td><td><code>{id}</code></td></tr>")
        })
        .collect();
    let sign_out = r#"<p>A browser that consented once is sent on without being asked again, as the same user.</p>
        <form method="post" action="/control/sign-out"><div><button>Sign out of the sandbox</button></div></form>"#;
    section("Users", &(table("Users", &["Name", "E-mail", "Role", "Id"], &rows) + sign_out))
}

pub(super) fn grants(state: &State) -> String {
    let rows: String = state
        .token_sets
        .live(state.now())
        .into_iter()
        .map(|(pair, token)| {
            let user = state.user(&pair.user_id).map_or(&pair.user_id, |user| &user.email);
            let name = state.clients.get(&pair.client_id).map_or(&pair.client_id, |client| &client.name);
            let [name, email, scopes] = [name, user, &token.scopes.join(" ")].map(|text| escape(text));
            let fields = hidden([("client_id", pair.client_id.as_str()), ("user", pair.user_id.as_str())]);
            format!(
                r#"<tr><td>{name}</td><td>{email}</td><td><form method="post" action="/control/revoke-grant">{fields}
                <button aria-label="Remove {name} from {email}">Remove app</button></form></td><td>{scopes}</td></tr>"#
            )
        })
        .collect();
    if rows.is_empty() {
        return section("Grants", "<p>Nobody has connected an app yet.</p>");
    }
    section("Grants", &table("Grants", &["App", "User", "Action", "Scopes"], &rows))
}
