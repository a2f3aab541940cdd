//! The proxy's operations. Its one handler takes every method and all that follows the account in the address, of which
//! OpenAPI has no notion: described are the usual methods, each with one path.

use super::tags;
use crate::problem::Code;
use serde_json::{Map, Value, json};

/// What every address of the proxy begins with.
pub(super) use crate::http::api::proxy::PREFIX;

/// Each method with the name of its operation, a summary, and whether a body goes with it.
const METHODS: [(&str, &str, &str, bool); 5] = [
    ("get", "proxyGet", "Reads at the provider", false),
    ("post", "proxyPost", "Posts to the provider", true),
    ("put", "proxyPut", "Puts to the provider", true),
    ("patch", "proxyPatch", "Changes at the provider", true),
    ("delete", "proxyDelete", "Deletes at the provider", false),
];

const ABOUT: &str = "\
The vault makes the call to the provider's API and adds the token. `path` goes below the account's `api_base_url` just as it is sent, \
with its slashes and its query; headers and bodies pass both ways, streaming, apart from those that would speak for somebody else. \
`HEAD`, `OPTIONS` and WebSocket pass too.

The provider's answer comes back with its own status and `Keybearer-Upstream: provider`. Without that header the answer is \
Keybearer's, and a problem. `X-Request-Id`, `RateLimit` and `RateLimit-Policy` are Keybearer's own on every answer: what the provider \
says there comes as `Keybearer-Upstream-Request-Id`, `Keybearer-Upstream-RateLimit` and `Keybearer-Upstream-RateLimit-Policy`.";

/// What this server itself answers, beside what every operation can end with.
const PROBLEMS: [Code; 15] = [
    Code::PathRefused,
    Code::MethodNotAllowed,
    Code::NotAllowedByPolicy,
    Code::RequestInterrupted,
    Code::NeedsReconnect,
    Code::ProviderConfigDisabled,
    Code::NoApiBase,
    Code::Revoked,
    Code::TooLarge,
    Code::AnswerTooLarge,
    Code::ProviderUnreachable,
    Code::ProviderUnavailable,
    Code::ProviderConfigRejected,
    Code::RefreshInProgress,
    Code::ProviderTimedOut,
];

/// Adds the operations.
pub(super) fn add(document: &mut Value) {
    let operations: Map<String, Value> = METHODS
        .into_iter()
        .map(|(method, id, summary, body)| (method.to_owned(), operation(id, summary, body)))
        .collect();
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        paths.insert(format!("{PREFIX}{{account}}/{{path}}"), Value::Object(operations));
    }
}

fn operation(id: &str, summary: &str, body: bool) -> Value {
    let upstream =
        json!({ "description": "The answer of the provider, whatever it is.", "content": { "*/*": { "schema": {} } } });
    let path =
        "The path below the account's `api_base_url`, several segments among them; each is percent-encoded once.";
    let path = json!({ "name": "path", "in": "path", "required": true, "description": path, "example": "users/me", "schema": { "type": "string" } });
    let account = json!({
        "name": "account",
        "in": "path",
        "required": true,
        "description": "The connected account.",
        "schema": { "$ref": "#/components/schemas/ConnectedAccountId" },
    });
    let mut operation = json!({
        "operationId": id,
        "summary": summary,
        "description": ABOUT,
        "tags": [tags::PROXY],
        "parameters": [account, path],
        "responses": { "default": upstream },
        "security": [{ "api_key": ["proxy:call"] }],
        "x-problems": PROBLEMS,
    });
    if let Some(operation) = operation.as_object_mut().filter(|_| body) {
        let words = "What the provider takes, of any type.";
        operation
            .insert("requestBody".to_owned(), json!({ "description": words, "content": { "*/*": { "schema": {} } } }));
    }
    operation
}
