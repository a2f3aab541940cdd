use super::{
    layout,
    markup::{escape, hidden, options},
};
use crate::{authorize::Request, client::Client, http::Answer, user::User};
use hyper::StatusCode;

/// Asks a user for consent. The form carries the request along, and it is checked again when it comes back.
pub(crate) fn consent(client: &Client, request: &Request, users: &[User], signed_in: Option<&User>) -> Answer {
    let name = escape(&client.name);
    let body = format!(
        r#"<div class="head"><h1>Allow {name} to use your account?</h1>
        <p>This is the sandbox: its users are made up, and so is their data.</p></div>
        <form method="post" action="/oauth/authorize">{fields}
        <label>Sign in as<select name="user">{users}</select></label>
        {required}{optional}
        <div class="row"><button class="primary" name="decision" value="allow">Allow</button>
        <button name="decision" value="decline">Decline</button></div></form>"#,
        fields = hidden(request.fields()),
        users = options(users.iter().map(|user| (user.id.as_str(), label(user), signed_in == Some(user)))),
        required = required_scopes(client, request),
        optional = optional_scopes(client, request),
    );
    layout::narrow(StatusCode::OK, &format!("Allow {}", client.name), &body)
}

fn label(user: &User) -> String {
    let admin = if user.admin { ", admin" } else { "" };
    format!("{} ({}{admin})", user.display_name(), user.email)
}

fn required_scopes(client: &Client, request: &Request) -> String {
    let asked = request.asked(client);
    let items: String = asked
        .iter()
        .filter(|scope| client.scopes.contains(scope))
        .map(|scope| format!("<li><code>{}</code></li>", escape(scope)))
        .collect();
    if items.is_empty() { items } else { format!(r#"<div><p class="label">It may</p><ul>{items}</ul></div>"#) }
}

fn optional_scopes(client: &Client, request: &Request) -> String {
    let asked = request.asked(client);
    let boxes: String = asked
        .iter()
        .filter(|scope| !client.scopes.contains(scope))
        .map(|scope| {
            let scope = escape(scope);
            format!(
                r#"<label><input type="checkbox" name="ticked" value="{scope}" checked><code>{scope}</code></label>"#
            )
        })
        .collect();
    if boxes.is_empty() { boxes } else { format!("<fieldset><legend>And, if you like</legend>{boxes}</fieldset>") }
}
