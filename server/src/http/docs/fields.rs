//! Members and parameters as tables.

use super::words::{blocks, inline};
use crate::openapi::schemas::{may_be_null, resolve};
use leptos::prelude::*;
use serde_json::Value;

/// Objects within objects are shown so deep.
const DEEPEST: usize = 3;

/// One row.
struct Field {
    name: String,
    kind: String,
    required: bool,
    words: String,
}

/// The members of an object; `None` where there is nothing to show.
pub(super) fn members(document: &Value, schema: &Value, caption: &'static str, optional_word: bool) -> Option<AnyView> {
    let mut fields = Vec::new();
    collect(document, schema, "", 0, &mut fields);
    table(fields, caption, optional_word)
}

/// An operation's parameters.
pub(super) fn parameters(document: &Value, operation: &Value) -> Option<AnyView> {
    let parameters = operation.get("parameters").and_then(Value::as_array)?;
    let fields = parameters.iter().map(|parameter| {
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        let place = text(parameter, "in");
        let mut words = text(parameter, "description").to_owned();
        add_choices(document, schema, &mut words);
        Field {
            name: text(parameter, "name").to_owned(),
            kind: format!("{}, in the {place}", kind(document, schema)),
            required: parameter.get("required").and_then(Value::as_bool).unwrap_or_default(),
            words,
        }
    });
    table(fields.collect(), "Parameters", true)
}

/// The members with those of objects within, by dotted names.
fn collect(document: &Value, schema: &Value, within: &str, depth: usize, fields: &mut Vec<Field>) {
    let schema = resolve(document, schema);
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = format!("{within}{name}");
        let inner = inner(document, property);
        let mut words = match text(property, "description") {
            "" => text(inner, "description").split("\n\n").next().unwrap_or_default().to_owned(),
            words => words.to_owned(),
        };
        add_choices(document, property, &mut words);
        let kind = kind(document, property);
        fields.push(Field { name: path.clone(), kind, required: required.contains(&name.as_str()), words });
        let is_list = text(inner, "type") == "array" || inner.get("items").is_some();
        let (next, within) = match inner.get("items").filter(|_| is_list) {
            Some(items) => (items, format!("{path}[].")),
            None => (inner, format!("{path}.")),
        };
        if depth < DEEPEST {
            collect(document, next, &within, depth + 1, fields);
        }
    }
}

/// The meanings of a few words.
fn add_choices(document: &Value, schema: &Value, words: &mut String) {
    let inner = inner(document, schema);
    if inner.get("enum").is_some()
        && let Some((_, list)) = text(inner, "description").split_once("\n\n- ")
    {
        words.push_str("\n\n- ");
        words.push_str(list);
    }
}

/// A schema without its reference and without null.
fn inner<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let is_null = |schema: &&Value| text(schema, "type") != "null";
    let of = schema.get("oneOf").and_then(Value::as_array).and_then(|of| of.iter().find(is_null));
    resolve(document, of.unwrap_or(schema))
}

/// The type in words: "string, time", "list of strings or null".
fn kind(document: &Value, schema: &Value) -> String {
    let inner = inner(document, schema);
    let name = match inner.get("type") {
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
        }
        _ => text(inner, "type"),
    };
    let mut words = match name {
        "array" => format!("list of {}s", kind(document, inner.get("items").unwrap_or(&Value::Null))),
        "string" if text(inner, "format") == "date-time" || text(schema, "format") == "date-time" => "time".to_owned(),
        "string" if text(inner, "pattern").contains("_[0-7]") => "id".to_owned(),
        "object" if inner.get("additionalProperties").is_some_and(Value::is_object) => "map".to_owned(),
        name => name.to_owned(),
    };
    if let (Some(least), Some(most)) = (inner.get("minimum"), inner.get("maximum")) {
        words.push_str(&format!(", {least} to {most}"));
    }
    if may_be_null(schema) {
        words.push_str(" or null");
    }
    words
}

fn table(fields: Vec<Field>, caption: &'static str, optional_word: bool) -> Option<AnyView> {
    if fields.is_empty() {
        return None;
    }
    let rows = fields.into_iter().map(|field| {
        let need = match (field.required, optional_word) {
            (true, true) => Some(view! { <span class="docs-required">"required"</span> }.into_any()),
            (false, false) => Some(view! { <span>"not always"</span> }.into_any()),
            _ => None,
        };
        let words = if field.words.contains("\n\n") {
            blocks(&field.words)
        } else {
            inline(&field.words)
        };
        view! {
            <tr>
                <th scope="row"><code>{field.name}</code><small>{field.kind}</small>{need.map(|need| view! { <small>{need}</small> })}</th>
                <td>{words}</td>
            </tr>
        }
    });
    Some(
        view! {
            <table class="docs-fields">
                <caption>{caption}</caption>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
        .into_any(),
    )
}

/// A text member, empty when it is not there.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
