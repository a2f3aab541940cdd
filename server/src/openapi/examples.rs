//! Examples: one for each member, and whole bodies made of them.

use super::operations_mut;
use super::schemas::resolve;
use serde_json::{Map, Value, json};

/// What a member is shown with: by schema and name, or by name alone.
fn of_member(schema: &str, name: &str) -> Option<Value> {
    let of_schema = match (schema, name) {
        ("Application" | "ApplicationSettings", "name") => json!("Acme"),
        ("BrandingSettings", "accent") => json!("#1f6feb"),
        ("ConnectedAccount", "status_reason") => Value::Null,
        ("ConnectSession", "reconnect" | "origin") | ("NewConnectSession", "reconnect" | "origin") => Value::Null,
        ("Provider" | "ProviderSummary", "name") => json!("Sandbox"),
        ("ProviderAccount", "id") => json!("zQ3v9kTmRq2"),
        ("ProviderAccount", "name") => json!("Ada Lovelace"),
        ("EndUser" | "NewEndUser" | "EndUserRecord", "id") => json!("user_42"),
        ("TimelineEntry", "id") => json!("evt_01h455vb4pex5vsknk084sn02q"),
        ("TimelineEntry", "type") => json!("connected_account.refreshed"),
        ("TimelineEntry", "detail" | "next_step" | "connect_session") => Value::Null,
        ("TimelineEntry", "cause") => json!("The tokens were renewed."),
        ("ConnectError", "code") => json!("access_denied"),
        ("ConnectError", "detail") => json!("The end user said no at the provider."),
        ("ConnectResult", "status") => json!("connected"),
        ("StatusReason", "detail") => {
            json!("The provider refused the refresh token: send the end user a reconnect link.")
        }
        ("Revocation", "status") => json!("revoked"),
        ("RemovedProviderConfig", "state") => json!("removed"),
        ("ProviderConfig" | "SavedProviderConfig", "rejection") => Value::Null,
        ("NewImport", "verify") => json!("none"),
        ("ImportedTokens", "refresh_token") => json!("eyJhbGciOiJIUzUxMiJ9.e30.cmVmcmVzaA"),
        ("ImportedConnectedAccount", "identity") => json!("confirmed"),
        ("ImportedConnectedAccount", "verification") => json!("none"),
        ("ImportedConnectedAccount", "warnings") => json!([]),
        ("NewConnectSession", "expires_in") => json!(1_800),
        ("NewConnectSession", "scopes") => json!({ "sandbox": ["user:read"] }),
        ("Guide", "before") => json!("You need an account that may make apps."),
        ("GuideStep", "title") => json!("Make an app"),
        ("GuideStep", "text") => json!("Paste the redirect URI and copy client id and secret."),
        ("GuideStep", "path") => json!(["Develop", "Build app"]),
        _ => return of_news(schema, name).or_else(|| of_name(name)),
    };
    Some(of_schema)
}

/// The same of what tells what has happened.
fn of_news(schema: &str, name: &str) -> Option<Value> {
    Some(match (schema, name) {
        ("WebhookEndpoint" | "WebhookEndpointWithSecret", "paused" | "failing_since" | "previous_secret_until") => {
            Value::Null
        }
        ("WebhookEndpoint" | "WebhookEndpointWithSecret" | "NewWebhookEndpoint" | "WebhookEndpointChange", "url") => {
            json!("https://app.example.com/webhooks")
        }
        (
            "WebhookEndpoint" | "WebhookEndpointWithSecret" | "NewWebhookEndpoint" | "WebhookEndpointChange",
            "description",
        ) => {
            json!("Production")
        }
        ("Delivery" | "DeliveryDetail", "type") => json!("connected_account.revoked"),
        ("Delivery" | "DeliveryDetail", "next_attempt_at" | "last_error" | "given_up_at") => Value::Null,
        ("Delivery" | "DeliveryDetail", "status") => json!("delivered"),
        ("Delivery" | "DeliveryDetail", "attempts" | "seq") => json!(1),
        ("DeliveryAttempt", "number") => json!(1),
        ("DeliveryAttempt", "error") => Value::Null,
        ("DeliveryAttempt", "status") => json!(200),
        ("Problem", "code") => json!("needs_reconnect"),
        ("StatusReason", "code") => json!("refresh_rejected"),
        ("WebhookEndpointPause", "code") => json!("requested"),
        ("WebhookEndpointPause", "detail") => {
            json!("It was paused by hand. Deliveries are kept and sent when it is resumed.")
        }
        ("Event", "type") => json!("connected_account.revoked"),
        ("Event", "detail") => json!({ "reason": "revoked_by_application" }),
        ("Event", "actor") => json!({ "kind": "api_key", "id": "key_01h455vb4pex5vsknk084sn02q" }),
        ("EventActor", "kind") => json!("api_key"),
        ("EventActor", "id") => json!("key_01h455vb4pex5vsknk084sn02q"),
        ("ErasureReport", "end_user") => json!("user_42"),
        ("ErasureReport", "connect_sessions") => json!(1),
        ("ErasureReport", "events") => json!(7),
        (_, "seq") => json!(1_204),
        (_, "target") => json!("ca_01h455vb4pex5vsknk084sn02q"),
        (_, "request_id") => json!("req_01h455vb4pex5vsknk084sn02q"),
        (_, "secret") => json!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        (_, "body") => json!("{\"type\":\"connected_account.revoked\"}"),
        (_, "answer") => json!("ok"),
        (_, "last_status") => json!(200),
        (_, "took_ms") => json!(84),
        _ => return None,
    })
}

fn of_name(name: &str) -> Option<Value> {
    Some(match name {
        "access_token" => json!("eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl"),
        "token_type" => json!("Bearer"),
        "api_base_url" => json!("https://api.example.com/v2"),
        "scopes" => json!(["user:read"]),
        "missing_scopes" | "notes" => json!([]),
        "metadata" => json!({ "plan": "pro" }),
        "name" => json!("Ada"),
        "email" => json!("ada@example.com"),
        "group" => json!("Example Inc"),
        "label" => json!("Work"),
        "tenant_id" => json!("T7Qm2"),
        "provider" | "provider_config" | "key" | "slug" => json!("sandbox"),
        "providers" => json!(["sandbox"]),
        "end_user_id" => json!("user_42"),
        "url" => json!("https://vault.example.com/connect/9fVh2kQ7…"),
        "return_url" => json!("https://app.example.com/connected"),
        "return_addresses" => json!(["https://app.example.com/connected"]),
        "origin" => json!("https://app.example.com"),
        "display_name" => json!("Acme Cloud"),
        "support" => json!("https://example.com/help"),
        "logo_url" => Value::Null,
        "light" => json!("#1f6feb"),
        "dark" | "accent_dark" => json!("#6ea8fe"),
        "next_cursor" => Value::Null,
        "code" => json!("4xR7mTq9"),
        "client_id" => json!("Kb3xQ9vT2mLr7"),
        "client_secret" | "webhook_secret" => json!("from-the-providers-page"),
        "redirect_uri" => json!("https://vault.example.com/oauth/callback/app_01h455vb4pex5vsknk084sn02q/sandbox"),
        "provider_events_url" => {
            json!("https://vault.example.com/provider-events/app_01h455vb4pex5vsknk084sn02q/sandbox")
        }
        "rejected_token_sha256" => json!("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        "min_ttl_seconds" => json!(300),
        "expires_in" => json!(3_600),
        "active_accounts" => json!(1_204),
        "accounts_needing_reconnect" => json!(3),
        "revoked_accounts" => json!(1_207),
        "client_id_length" | "client_secret_length" => json!(22),
        "outcome" => json!("ok"),
        "actor" => json!("keybearer"),
        "category" => json!("Development"),
        "description" => json!("An account at the provider that comes with Keybearer."),
        "icon" => json!("<svg viewBox=\"0 0 24 24\">…</svg>"),
        "value" => json!("Rotate: each works once"),
        "symptom" => json!("The provider shows \"Invalid redirect\"."),
        "cure" => json!("Copy the redirect URI again."),
        "url_label" => json!("Notification address"),
        "secret_label" => json!("Secret token"),
        _ => return None,
    })
}

/// Puts an example on every member, and on every body.
pub(super) fn add(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).into_iter().flatten();
    for (schema, properties) in schemas.filter_map(|(name, schema)| Some((name, schema.get_mut("properties")?))) {
        for (name, property) in properties.as_object_mut().into_iter().flatten() {
            if let (Some(example), Some(property)) = (of_member(schema, name), property.as_object_mut()) {
                property.entry("examples").or_insert_with(|| json!([example]));
            }
        }
    }
    let known = document.clone();
    for (_, _, operation) in operations_mut(document) {
        if let Some(body) = operation.get_mut("requestBody") {
            add_to_body(&known, body);
        }
        let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
        for answer in answers.into_iter().flat_map(Map::values_mut) {
            add_to_body(&known, answer);
        }
    }
}

fn add_to_body(document: &Value, body: &mut Value) {
    let Some(media) = body.pointer_mut("/content/application~1json").and_then(Value::as_object_mut) else { return };
    if let Some(schema) = media.get("schema") {
        let example = of_schema(document, schema);
        media.insert("example".to_owned(), example);
    }
}

/// A value of a schema.
pub(crate) fn of_schema(document: &Value, schema: &Value) -> Value {
    if let Some(example) = schema.get("examples").and_then(|examples| examples.get(0)) {
        return example.clone();
    }
    let schema = resolve(document, schema);
    if let Some(example) = schema.get("examples").and_then(|examples| examples.get(0)) {
        return example.clone();
    }
    if let Some(word) = schema.get("enum").and_then(|words| words.get(0)) {
        return word.clone();
    }
    if let Some(of) = schema.get("oneOf").and_then(Value::as_array) {
        let real = of.iter().find(|schema| schema.get("type").and_then(Value::as_str) != Some("null"));
        return real.map(|schema| of_schema(document, schema)).unwrap_or_default();
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    match kind(schema) {
        "object" => {
            let members = properties.into_iter().flatten();
            members.map(|(name, schema)| (name.clone(), of_schema(document, schema))).collect()
        }
        "array" => schema.get("items").map(|items| json!([of_schema(document, items)])).unwrap_or_default(),
        "boolean" => json!(false),
        "null" => Value::Null,
        "integer" => schema.get("minimum").cloned().unwrap_or(json!(0)),
        _ if schema.get("format").and_then(Value::as_str) == Some("date-time") => json!("2026-11-24T09:30:00.000Z"),
        _ => json!("…"),
    }
}

/// The type of a schema's values, null left aside.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
        }
        _ => "object",
    }
}
