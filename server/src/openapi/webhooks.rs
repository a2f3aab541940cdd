//! What this server sends to webhook endpoints, in the part of the document that OpenAPI has for it (3.1, `webhooks`).

use super::examples::of_schema;
use super::tags;
use model::webhook_endpoints::{TEST_TYPE, WebhookType};
use serde_json::{Map, Value, json};

/// What comes with every delivery: name, words, example.
const HEADERS: [(&str, &str, &str); 3] = [
    (
        "webhook-id",
        "The delivery's id, the same each time it is sent: take what you have taken before as done.",
        "del_01h455vb4pex5vsknk084sn02q",
    ),
    (
        "webhook-timestamp",
        "When it was sent, in seconds since 1970. Refuse what is older than five minutes.",
        "1795512600",
    ),
    (
        "webhook-signature",
        "`v1,` and the HMAC-SHA256, in base64, of id, timestamp and body with full stops between; two of them while a secret is replaced.",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
];

const ABOUT: &str = "\
Sent to each webhook endpoint that hears of this type. Answer with a status from 200 to 299 within 15 seconds and work afterwards; \
anything else is repeated, for three days. The same id may arrive more than once, and deliveries may overtake each other: of one \
account the greatest `seq` is the newest.";

/// Adds one for each type. The schemas have their examples already.
pub(super) fn add(document: &mut Value) {
    let of = |of: &WebhookType| (of.as_str().to_owned(), json!({ "post": operation(document, *of) }));
    let mut webhooks: Map<String, Value> = WebhookType::ALL.iter().map(of).collect();
    webhooks.insert(TEST_TYPE.to_owned(), json!({ "post": test(document) }));
    if let Some(members) = document.as_object_mut() {
        members.insert("webhooks".to_owned(), Value::Object(webhooks));
    }
}

/// When it is sent, what its operation is called, and what `data` is.
const fn about(of: WebhookType) -> (&'static str, &'static str, &'static str) {
    use WebhookType as W;
    let account = "ConnectedAccount";
    match of {
        W::ConnectedAccountConnected => {
            ("An end user connected an account, or one was imported", "onConnectedAccountConnected", account)
        }
        W::ConnectedAccountReconnected => ("An account works again", "onConnectedAccountReconnected", account),
        W::ConnectedAccountRefreshFailed => {
            ("Refreshes of an account began to fail", "onConnectedAccountRefreshFailed", account)
        }
        W::ConnectedAccountNeedsReconnect => {
            ("An account's end user has to connect again", "onConnectedAccountNeedsReconnect", account)
        }
        W::ConnectedAccountRevoked => ("An account was revoked", "onConnectedAccountRevoked", account),
        W::ConnectedAccountScopesChanged => {
            ("An account has other scopes than before", "onConnectedAccountScopesChanged", account)
        }
        W::ConnectSessionCompleted => {
            ("A connect session brought an account", "onConnectSessionCompleted", "ConnectSession")
        }
        W::ConnectSessionFailed => ("A connect session ended without one", "onConnectSessionFailed", "ConnectSession"),
        W::ProviderConfigRejected => {
            ("A provider refused the credentials", "onProviderConfigRejected", "ProviderConfig")
        }
    }
}

fn operation(document: &Value, of: WebhookType) -> Value {
    let (summary, id, data) = about(of);
    let schema = body(of, data);
    let mut example = of_schema(document, &schema);
    if let Some(data) = example.get_mut("data").and_then(Value::as_object_mut) {
        fit(of, data);
    }
    sent((id, summary), &schema, &example)
}

fn sent((id, summary): (&str, &str), schema: &Value, example: &Value) -> Value {
    let header = |(name, words, example): &(&str, &str, &str)| {
        let schema = json!({ "type": "string" });
        json!({ "name": name, "in": "header", "required": true, "description": words, "schema": schema, "example": example })
    };
    json!({
        "operationId": id,
        "summary": summary,
        "description": ABOUT,
        "tags": [tags::WEBHOOK_ENDPOINTS],
        "parameters": HEADERS.iter().map(header).collect::<Vec<_>>(),
        "requestBody": { "required": true, "content": { "application/json": { "schema": schema, "example": example } } },
        "responses": {
            "2XX": { "description": "It is taken." },
            "410": { "description": "Nothing more is wanted: the endpoint is paused." },
        },
    })
}

/// Examples of members are made one by one: here they are brought to say what the type says.
fn fit(of: WebhookType, data: &mut Map<String, Value>) {
    use WebhookType as W;
    let mut set = |name: &str, value: Value| drop(data.insert(name.to_owned(), value));
    let reason = |code, detail| json!({ "code": code, "detail": detail, "at": "2026-11-24T09:30:00.000Z" });
    match of {
        W::ConnectedAccountNeedsReconnect => {
            let detail = "The provider refused the refresh token: send the end user a reconnect link.";
            set("status", json!("needs_reconnect"));
            set("status_reason", reason("refresh_rejected", detail));
        }
        W::ConnectedAccountRevoked => {
            set("status", json!("revoked"));
            set("status_reason", reason("revoked_by_application", "The application revoked it."));
        }
        W::ProviderConfigRejected => set("state", json!("rejected")),
        W::ConnectSessionCompleted => {
            set("status", json!("completed"));
            set(
                "results",
                json!([{ "provider": "sandbox", "status": "connected", "connected_account": "ca_01h455vb4pex5vsknk084sn02q" }]),
            );
            // The link stands in the answer that made it alone.
            data.remove("url");
        }
        W::ConnectSessionFailed => {
            set("status", json!("failed"));
            let error = json!({ "code": "access_denied", "detail": "The end user said no at the provider." });
            set("results", json!([{ "provider": "sandbox", "status": "failed", "error": error }]));
            data.remove("url");
        }
        W::ConnectedAccountConnected
        | W::ConnectedAccountReconnected
        | W::ConnectedAccountRefreshFailed
        | W::ConnectedAccountScopesChanged => {}
    }
}

/// A delivery's body. `data` is what the API answers for the same thing, as it was when it happened.
fn body(of: WebhookType, data: &str) -> Value {
    // Deliveries of accounts are counted, the others are not.
    let seq = if data == "ConnectedAccount" {
        json!({ "type": "integer", "minimum": 1, "description": "Counts what is told of this account." })
    } else {
        not_counted()
    };
    envelope(of.as_str(), &seq, &or_erased(schema(data), data))
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn not_counted() -> Value {
    json!({ "type": "null", "description": "Only what is told of accounts is counted." })
}

fn envelope(r#type: &str, seq: &Value, data: &Value) -> Value {
    json!({
        "type": "object",
        "required": ["id", "type", "created_at", "application_id", "seq", "data"],
        "properties": {
            "id": schema("DeliveryId"),
            "type": { "type": "string", "const": r#type, "examples": [r#type] },
            "created_at": { "type": "string", "format": "date-time", "description": "When it happened." },
            "application_id": schema("ApplicationId"),
            "seq": seq,
            "data": data,
        },
    })
}

/// What is still to be sent of an end user who was erased says no more than what it was about.
fn or_erased(schema: Value, data: &str) -> Value {
    if data == "ProviderConfig" {
        return schema;
    }
    let id = json!({ "type": "string", "description": "What it was about." });
    let erased = json!({ "type": "boolean", "const": true, "description": "Its end user was erased meanwhile." });
    let erased = json!({
        "type": "object",
        "required": ["id", "erased"],
        "properties": { "id": id, "erased": erased },
        "additionalProperties": false,
    });
    json!({ "oneOf": [schema, erased] })
}

/// What a member or a backend has sent to see whether it arrives. Nobody subscribes to it.
fn test(document: &Value) -> Value {
    let message =
        json!({ "type": "string", "description": "A sentence.", "examples": ["A test. Nothing has happened."] });
    let data = json!({
        "type": "object",
        "required": ["webhook_endpoint", "message"],
        "properties": { "webhook_endpoint": schema("WebhookEndpointId"), "message": message },
    });
    let schema = envelope(TEST_TYPE, &not_counted(), &data);
    sent(("onWebhookTest", "Somebody tests the endpoint"), &schema, &of_schema(document, &schema))
}
