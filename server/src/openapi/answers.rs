//! What can go wrong with each operation: its own codes, and those that every operation of its kind has.

use super::{operations_mut, proxy};
use crate::idempotency;
use crate::problem::Code;
use serde_json::{Map, Value, json};

/// Which codes an operation adds to those of its kind: `extensions(("x-problems" = json!([Code::WrongConfirmation])))`.
const OWN: &str = "x-problems";

/// Whatever is asked.
const ALWAYS: [Code; 7] = [
    Code::KeyInQuery,
    Code::Unauthorized,
    Code::Forbidden,
    Code::SourceNotAllowed,
    Code::TooManyRequests,
    Code::InternalError,
    Code::DatabaseUnavailable,
];

/// Where there may be a body.
const WITH_BODY: [Code; 4] = [Code::MalformedBody, Code::UnreadableBody, Code::TooLarge, Code::InvalidRequest];

/// Adds the answers that are problems to every operation.
pub(super) fn add_problems(document: &mut Value) {
    for (path, method, operation) in operations_mut(document) {
        let once = method == "post" && !idempotency::is_ignored(path);
        if once {
            add_idempotency_key(operation);
        }
        let codes = codes(path, method, operation);
        let Some(operation) = operation.as_object_mut() else { continue };
        operation.remove(OWN);
        let Some(answers) = operation.get_mut("responses").and_then(Value::as_object_mut) else { continue };
        for answer in answers.values_mut().filter_map(Value::as_object_mut) {
            answer.insert("headers".to_owned(), Value::Object(headers(once)));
        }
        for code in &codes {
            let status = code.status().as_str().to_owned();
            if !answers.contains_key(&status) {
                let same: Vec<Code> = codes.iter().copied().filter(|other| other.status() == code.status()).collect();
                answers.insert(status, answer(&same, once));
            }
        }
    }
    add_parts(document);
}

/// The codes of an operation, in the table's order.
fn codes(path: &str, method: &str, operation: &Value) -> Vec<Code> {
    let own = operation.get(OWN).and_then(Value::as_array).into_iter().flatten();
    let mut codes: Vec<Code> = own.filter_map(Value::as_str).filter_map(Code::of).collect();
    codes.extend(ALWAYS);
    let is_proxy = path.starts_with(proxy::PREFIX);
    if matches!(method, "post" | "put" | "patch") && !is_proxy {
        codes.extend(WITH_BODY);
    }
    if operation.pointer("/security/0/api_key/0").is_some() {
        codes.push(Code::MissingScope);
    }
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    for parameter in parameters {
        match parameter.get("in").and_then(Value::as_str) {
            Some("path") => codes.push(Code::NotFound),
            Some("query") => codes.push(Code::InvalidRequest),
            Some("header") => codes.extend([Code::IdempotencyInProgress, Code::IdempotencyKeyReused]),
            _ => (),
        }
    }
    Code::ALL.iter().copied().filter(|code| codes.contains(code)).collect()
}

/// The answers of one status.
fn answer(codes: &[Code], once: bool) -> Value {
    let words = codes.iter().map(|code| format!("- `{}`: {}", code.as_str(), code.meaning()));
    let narrowed = json!({ "properties": { "code": { "enum": codes } } });
    let schema = json!({ "allOf": [{ "$ref": "#/components/schemas/Problem" }, narrowed] });
    let example = codes.first().map(|code| example(*code));
    let mut headers = headers(once);
    if codes.contains(&Code::IdempotencyInProgress) {
        headers.insert("Retry-After".to_owned(), header("RetryAfter"));
    }
    match codes.first().map(|code| code.status().as_u16()) {
        Some(401) => drop(headers.insert("WWW-Authenticate".to_owned(), header("WwwAuthenticate"))),
        Some(429 | 503) => drop(headers.insert("Retry-After".to_owned(), header("RetryAfter"))),
        _ => (),
    }
    json!({
        "description": words.collect::<Vec<_>>().join("\n"),
        "headers": headers,
        "content": { "application/problem+json": { "schema": schema, "example": example } },
    })
}

/// A problem with this code.
pub(crate) fn example(code: Code) -> Value {
    json!({
        "type": format!("https://vault.example.com/docs/problems#{}", code.as_str()),
        "title": code.title(),
        "status": code.status().as_u16(),
        "detail": code.meaning(),
        "code": code,
        "request_id": "req_01h455vb4pex5vsknk084sn02q",
    })
}

/// What calls that are made once take beside.
fn add_idempotency_key(operation: &mut Value) {
    let Some(operation) = operation.as_object_mut() else { return };
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "required": false,
            "description": "A name of your own for this call, such as a UUID: sent again within 24 hours, it is answered as before and done once.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
        }));
    }
}

/// The headers of every answer.
fn headers(once: bool) -> Map<String, Value> {
    let mut names =
        vec![("X-Request-Id", "RequestId"), ("RateLimit", "RateLimit"), ("RateLimit-Policy", "RateLimitPolicy")];
    if once {
        names.push(("Idempotent-Replayed", "IdempotentReplayed"));
    }
    names.into_iter().map(|(name, component)| (name.to_owned(), header(component))).collect()
}

fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

fn add_parts(document: &mut Value) {
    let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else { return };
    let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    let seconds = json!({ "description": "Seconds to wait.", "schema": { "type": "integer", "minimum": 1 } });
    components.insert(
        "headers".to_owned(),
        json!({
            "RequestId": text("The request's name, also in the operator's log and in the audit log."),
            "WwwAuthenticate": text("`Bearer`."),
            "RetryAfter": seconds,
            "RateLimit": text("What is left, for the key and for the address: `\"key\";r=99;t=1`. Absent where nothing is limited."),
            "RateLimitPolicy": text("The limits: `\"key\";q=100;w=1` is 100 calls in a second."),
            "IdempotentReplayed": text("`true`, when this is the answer of an earlier call with the same Idempotency-Key."),
        }),
    );
    if let Some(schemas) = components.get_mut("schemas").and_then(Value::as_object_mut) {
        schemas.insert("Problem".to_owned(), problem());
    }
}

/// The schema of a problem (RFC 9457).
fn problem() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    json!({
        "type": "object",
        "description": "Why a request was not done (RFC 9457). Programs decide by `code`; `detail` is for people and may change.",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "Leads to what the reference says about the code." },
            "title": text("The code in a few words."),
            "status": { "type": "integer", "description": "The status of the answer.", "minimum": 400, "maximum": 599 },
            "detail": text("What is wrong this time, and what to do."),
            "code": { "type": "string", "description": "A stable word.", "enum": Code::ALL },
            "request_id": { "type": "string", "description": "The request's name.", "pattern": "^req_[0-9a-z]{26}$" },
            "fields": {
                "type": "object",
                "description": "What is wrong, by the name of the member or parameter.",
                "additionalProperties": { "type": "string" },
            },
            "status_reason": { "$ref": "#/components/schemas/StatusReason" },
            "connected_accounts": {
                "type": "array",
                "description": "The accounts that fit, with `several_accounts`; those that are in the way, with `already_connected`.",
                "items": { "$ref": "#/components/schemas/ConnectedAccountId" },
            },
        },
    })
}
