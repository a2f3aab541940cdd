//! Schemas as they are in truth: what answers always have, what bodies refuse, which texts are times.

use super::operations_mut;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What the names of lists begin with.
const PAGE: &str = "Page_";
const COMPONENTS: &str = "#/components/schemas/";

/// Applies the rules to a document as it was collected.
pub(super) fn finish(document: &mut Value) {
    for (_, _, operation) in operations_mut(document) {
        name(operation);
        take_bodies_that_may_be_absent(operation);
    }
    merge_flattened(document);
    name_rows(document);
    let (asked, answered) = (reachable(document, "requestBody"), reachable(document, "responses"));
    for (name, schema) in schemas_mut(document) {
        let Some(schema) = schema.as_object_mut() else { continue };
        mark_times(schema);
        if answered.contains(name) {
            require_what_is_always_there(schema);
        }
        if asked.contains(name) && schema.contains_key("properties") {
            schema.insert("additionalProperties".to_owned(), json!(false));
        }
    }
}

/// The schema that a reference leads to.
pub(crate) fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(COMPONENTS));
    name.and_then(|name| document.pointer(&format!("/components/schemas/{name}"))).unwrap_or(schema)
}

fn schemas_mut(document: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).into_iter().flatten()
}

/// A summary is a name, without the full stop of the sentence that it was in the code.
fn name(operation: &mut Value) {
    let Some(Value::String(summary)) = operation.get_mut("summary") else { return };
    *summary = summary.trim_end_matches('.').to_owned();
}

/// A body that may be left away is still an object when it is there.
fn take_bodies_that_may_be_absent(operation: &mut Value) {
    let Some(body) = operation.get_mut("requestBody") else { return };
    let Some(schema) = body.pointer_mut("/content/application~1json/schema") else { return };
    let is_object = |schema: &&Value| schema.get("$ref").is_some();
    if let Some(object) =
        schema.get("oneOf").and_then(Value::as_array).and_then(|of| of.iter().find(is_object)).cloned()
    {
        *schema = object;
        if let Some(body) = body.as_object_mut() {
            body.insert("required".to_owned(), json!(false));
        }
    }
}

/// What the code keeps in two places and answers as one object is one object here too.
fn merge_flattened(document: &mut Value) {
    let known = document.clone();
    for (_, schema) in schemas_mut(document) {
        let Some(parts) = schema.get("allOf").and_then(Value::as_array).cloned() else { continue };
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for part in &parts {
            let part = resolve(&known, part);
            properties.extend(part.get("properties").and_then(Value::as_object).cloned().unwrap_or_default());
            required.extend(part.get("required").and_then(Value::as_array).cloned().unwrap_or_default());
        }
        let Some(schema) = schema.as_object_mut() else { continue };
        schema.remove("allOf");
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(properties));
        schema.insert("required".to_owned(), Value::Array(required));
    }
}

/// The rows of a list have a schema of their own: `Page_ConnectedAccount` is a list of `ConnectedAccount`.
fn name_rows(document: &mut Value) {
    for (name, schema) in schemas_mut(document) {
        let Some(row) = name.strip_prefix(PAGE) else { continue };
        if let Some(rows) = schema.pointer_mut("/properties/data").and_then(Value::as_object_mut) {
            rows.insert("items".to_owned(), json!({ "$ref": format!("{COMPONENTS}{row}") }));
        }
    }
}

/// The schemas that are used in this part of operations.
fn reachable(document: &Value, part: &str) -> BTreeSet<String> {
    let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let operations = items.filter_map(Value::as_object).flat_map(Map::values);
    let mut found = BTreeSet::new();
    for part in operations.filter_map(|operation| operation.get(part)) {
        collect(document, part, &mut found);
    }
    found
}

fn collect(document: &Value, within: &Value, found: &mut BTreeSet<String>) {
    match within {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(COMPONENTS));
            if let Some(name) = name
                && found.insert(name.to_owned())
            {
                collect(document, resolve(document, within), found);
            }
            members.values().for_each(|value| collect(document, value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(document, value, found)),
        _ => (),
    }
}

/// One word per thing: what ends in `_at` is a time, and so are these.
fn mark_times(schema: &mut Map<String, Value>) {
    for (name, property) in properties_mut(schema) {
        let is_time = name.ends_with("_at")
            || matches!(name.as_str(), "at" | "reconnect_by" | "failing_since" | "previous_secret_until");
        if is_time && let Some(property) = property.as_object_mut() {
            property.insert("format".to_owned(), json!("date-time"));
        }
    }
}

/// What may be null is always there in an answer, and what may be absent is never null. Readers take more than they know.
fn require_what_is_always_there(schema: &mut Map<String, Value>) {
    if schema.get("additionalProperties") == Some(&json!(false)) {
        schema.remove("additionalProperties");
    }
    let nullable: Vec<String> =
        properties_mut(schema).filter(|(_, property)| may_be_null(property)).map(|(name, _)| name.clone()).collect();
    if nullable.is_empty() {
        return;
    }
    let required = schema.entry("required").or_insert_with(|| json!([]));
    if let Some(required) = required.as_array_mut() {
        let missing: Vec<Value> =
            nullable.into_iter().map(Value::from).filter(|name| !required.contains(name)).collect();
        required.extend(missing);
    }
}

fn properties_mut(schema: &mut Map<String, Value>) -> impl Iterator<Item = (&String, &mut Value)> {
    schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
}

/// Whether a value of this schema may be null.
pub(crate) fn may_be_null(schema: &Value) -> bool {
    let null = json!("null");
    let is_null = |schema: &Value| schema.get("type") == Some(&null);
    schema.get("type").and_then(Value::as_array).is_some_and(|types| types.contains(&null))
        || schema.get("oneOf").and_then(Value::as_array).is_some_and(|of| of.iter().any(is_null))
}
