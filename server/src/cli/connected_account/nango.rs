//! Connections as Nango's API gives them (`GET /connections/{connectionId}` with `refresh_token=true`, and the older
//! `GET /connection/{connectionId}`), read as imports. What they say of addresses (`connection_config`) is left out.

use serde_json::{Map, Value, json};

/// What an account's notes may hold, less the one that is added here.
const MOST_NOTES: usize = 49;
const LONGEST_NAME: usize = 40;
const LONGEST_NOTE: usize = 500;
/// The note with the connection's id there.
const CONNECTION_ID: &str = "nango_connection_id";

/// The connections of a document: one, an array of them, or an object that has the array.
pub(super) fn connections(document: Value) -> Vec<Value> {
    match document {
        Value::Array(all) => all,
        Value::Object(mut members) if matches!(members.get("connections"), Some(Value::Array(_))) => {
            match members.remove("connections") {
                Some(Value::Array(all)) => all,
                _ => Vec::new(),
            }
        }
        one => vec![one],
    }
}

/// The members of an import.
///
/// # Errors
/// Why the connection is skipped.
pub(super) fn import_of(connection: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    let Some(credentials) = connection.get("credentials").filter(|c| c.get("type").is_some()) else {
        return Err(
            "it has no credentials, as in a list of connections: fetch each by GET /connections/{connectionId} with \
                    refresh_token=true"
                .to_owned(),
        );
    };
    let kind = text(credentials, "type").unwrap_or_default();
    if kind != "OAUTH2" {
        let is_a_word =
            kind.len() <= 40 && kind.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        let kind = if is_a_word { kind } else { "of another type" };
        return Err(format!("its credentials are {kind}, and not the tokens of an end user's OAuth 2.0 consent"));
    }
    if credentials.get("config_override").is_some_and(|own| text(own, "client_id").is_some()) {
        return Err("its tokens were issued to an OAuth client of its own (config_override), which this provider config is not: have the \
                    end user connect anew"
            .to_owned());
    }
    let raw = credentials.get("raw").unwrap_or(&Value::Null);
    let Some(refresh_token) = text(credentials, "refresh_token").or(text(raw, "refresh_token")) else {
        return Err("it has no refresh token, which Nango leaves out unless it is asked with refresh_token=true; one that really has \
                    none can be imported with --format json-lines"
            .to_owned());
    };
    let tokens = json!({
        "access_token": text(credentials, "access_token"),
        "refresh_token": refresh_token,
        "expires_at": text(credentials, "expires_at"),
        "scopes": scopes(raw.get("scope")),
    });
    let members = json!({
        "end_user": end_user(connection)?,
        "provider_config": connection.get("provider_config_key"),
        "tokens": tokens,
        "metadata": notes(connection),
    });
    match members {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

fn text<'a>(of: &'a Value, name: &str) -> Option<&'a str> {
    of.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// As the session named it: by `end_user`, or by the tags that took its place. The connection's own id otherwise.
fn end_user(connection: &Map<String, Value>) -> Result<Value, String> {
    let null = Value::Null;
    let user = connection.get("end_user").unwrap_or(&null);
    let tags = connection.get("tags").unwrap_or(&null);
    let organization = user.get("organization").unwrap_or(&null);
    let own = connection.get("connection_id").and_then(Value::as_str);
    let id = text(user, "id").or(text(tags, "end_user_id")).or(own);
    Ok(json!({
        "id": id.ok_or("it names no end user and has no connection_id")?,
        "name": text(user, "display_name").or(text(tags, "end_user_display_name")),
        "email": text(user, "email").or(text(tags, "end_user_email")),
        "group": text(organization, "id").or(text(tags, "organization_id")),
    }))
}

/// The scopes of the provider's answer, in whatever way it separates them.
fn scopes(scope: Option<&Value>) -> Option<Vec<&str>> {
    let scopes: Vec<&str> = match scope? {
        Value::String(text) => text.split([' ', ',', '\n', '\t']).filter(|word| !word.is_empty()).collect(),
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    Some(scopes).filter(|scopes| !scopes.is_empty())
}

/// Notes are short texts here: what is neither text, number nor truth value, or too long, stays behind.
fn notes(connection: &Map<String, Value>) -> Map<String, Value> {
    let metadata = connection.get("metadata").and_then(Value::as_object).into_iter().flatten();
    let note = |(name, value): (&String, &Value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => return None,
        };
        let fits = (1..=LONGEST_NAME).contains(&name.len()) && text.len() <= LONGEST_NOTE;
        fits.then(|| (name.clone(), Value::from(text)))
    };
    let mut notes: Map<String, Value> = metadata.filter_map(note).take(MOST_NOTES).collect();
    let id = connection.get("connection_id").and_then(Value::as_str).filter(|id| id.len() <= LONGEST_NOTE);
    if let Some(id) = id {
        notes.insert(CONNECTION_ID.to_owned(), Value::from(id));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> Value {
        json!({
            "id": 7, "connection_id": "conn-7", "provider_config_key": "zoom-prod", "provider": "zoom",
            "credentials": {
                "type": "OAUTH2", "access_token": "a", "refresh_token": "r", "expires_at": "2026-01-01T01:00:00.000Z",
                "raw": { "scope": "user:read meeting:read", "api_url": "https://evil.example.com" },
            },
            "connection_config": { "api_base_url": "https://evil.example.com" },
            "end_user": { "id": "user_42", "email": "ada@example.com", "display_name": "Ada", "organization": { "id": "acme" } },
            "metadata": { "plan": "pro", "seats": 3, "deep": { "x": 1 }, "long": "x".repeat(501) },
            "created_at": "2025-01-01T00:00:00.000Z",
        })
    }

    fn import(change: impl FnOnce(&mut Value)) -> Result<Value, String> {
        let mut connection = connection();
        change(&mut connection);
        import_of(connection.as_object().unwrap()).map(Value::Object)
    }

    #[test]
    fn a_connection_is_read_without_its_addresses() {
        let import = import(|_| ()).unwrap();
        let end_user = json!({ "id": "user_42", "name": "Ada", "email": "ada@example.com", "group": "acme" });
        assert_eq!((&import["end_user"], &import["provider_config"]), (&end_user, &json!("zoom-prod")));
        assert_eq!(import["tokens"]["scopes"], json!(["user:read", "meeting:read"]));
        assert_eq!(import["metadata"], json!({ "plan": "pro", "seats": "3", "nango_connection_id": "conn-7" }));
        assert!(!import.to_string().contains("evil"), "{import}");
    }

    #[test]
    fn whoever_is_named_nowhere_goes_by_the_connection() {
        let by_tags = import(|c| {
            c["end_user"] = Value::Null;
            c["tags"] = json!({ "end_user_id": "user_43", "end_user_email": "x@example.com", "organization_id": "o" });
        });
        let end_user = json!({ "id": "user_43", "name": null, "email": "x@example.com", "group": "o" });
        assert_eq!(by_tags.unwrap()["end_user"], end_user);
        assert_eq!(import(|c| c["end_user"] = Value::Null).unwrap()["end_user"]["id"], "conn-7");
    }

    #[test]
    fn what_is_no_consent_of_an_end_user_is_skipped_with_its_reason() {
        let why = |change: fn(&mut Value)| import(change).unwrap_err();
        assert!(why(|c| c["credentials"] = json!({})).contains("refresh_token=true"));
        assert!(why(|c| c["credentials"] = json!({ "type": "API_KEY", "apiKey": "secret" })).contains("API_KEY"));
        assert!(!why(|c| c["credentials"]["type"] = json!("a secret")).contains("secret"));
        assert!(why(|c| c["credentials"]["config_override"] = json!({ "client_id": "x" })).contains("config_override"));
        assert!(why(|c| c["credentials"]["refresh_token"] = Value::Null).contains("refresh_token=true"));
    }

    #[test]
    fn a_document_is_one_connection_or_many() {
        assert_eq!(connections(connection()).len(), 1);
        assert_eq!(connections(json!([connection(), connection()])).len(), 2);
        assert_eq!(connections(json!({ "connections": [connection()] })).len(), 1);
    }
}
