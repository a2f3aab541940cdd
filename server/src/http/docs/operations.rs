//! Operations, each with what goes in, what comes out, and what can go wrong.

use super::fields::{members, parameters, text};
use super::words::{blocks, inline};
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

const JSON: &str = "/content/application~1json";

/// Reading comes before changing, and ending last.
const ORDER: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// What every operation can end with, or every one that has a body or a key for idempotency.
const EVERYWHERE: [&str; 13] = [
    "malformed_body",
    "unreadable_body",
    "key_in_query",
    "unauthorized",
    "forbidden",
    "missing_scope",
    "source_not_allowed",
    "too_large",
    "too_many_requests",
    "idempotency_in_progress",
    "idempotency_key_reused",
    "internal_error",
    "database_unavailable",
];

/// Operations under one heading.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) operations: Vec<Operation>,
    words: String,
}

/// One operation.
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) summary: String,
    method: String,
    path: String,
    of: Value,
}

/// The groups in the description's order.
pub(super) fn groups(description: &Value) -> Vec<Group> {
    let tags = description.get("tags").and_then(Value::as_array).into_iter().flatten();
    let group = |tag: &Value| {
        let name = text(tag, "name").to_owned();
        let mut operations: Vec<_> = all(description).filter(|operation| is_tagged(&operation.of, &name)).collect();
        operations.sort_by_key(|operation| (operation.path.clone(), ORDER.iter().position(|m| *m == operation.method)));
        Group { words: text(tag, "description").to_owned(), name, operations }
    };
    tags.map(group).filter(|group| !group.operations.is_empty()).collect()
}

fn all(description: &Value) -> impl Iterator<Item = Operation> {
    let paths = description.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().into_iter().flatten();
        operations.map(move |(method, of)| Operation {
            id: text(of, "operationId").to_owned(),
            summary: text(of, "summary").to_owned(),
            method: method.to_uppercase(),
            path: path.clone(),
            of: of.clone(),
        })
    })
}

fn is_tagged(operation: &Value, name: &str) -> bool {
    operation.pointer("/tags/0").and_then(Value::as_str) == Some(name)
}

/// The heading and its operations.
pub(super) fn group(description: &Value, base: &str, group: Group) -> AnyView {
    let id = group.name.to_lowercase().replace(' ', "-");
    let operations = group.operations.iter().map(|operation| article(description, base, operation));
    view! {
        <section class="docs-group" id=id>
            <h2>{group.name.clone()}</h2>
            <p>{inline(&group.words)}</p>
            {operations.collect_view()}
        </section>
    }
    .into_any()
}

fn article(description: &Value, base: &str, operation: &Operation) -> AnyView {
    let of = &operation.of;
    let body = of.get("requestBody").and_then(|body| body.pointer(JSON));
    let body_fields = body.and_then(|body| members(description, body.get("schema")?, "Body", true));
    let (status, answer) = answer(of).unzip();
    let media = answer.and_then(|answer| answer.pointer(JSON));
    let answer_fields = media.and_then(|media| members(description, media.get("schema")?, "Answer", false));
    let example = media.and_then(|media| serde_json::to_string_pretty(media.get("example")?).ok());
    let label = format!("{} answer", status.map_or("", String::as_str));
    view! {
        <article class="docs-operation" id=operation.id.clone()>
            <div class="docs-words">
                <h3><a href=format!("#{}", operation.id)>{operation.summary.clone()}</a></h3>
                <p class="docs-address"><strong>{operation.method.clone()}</strong>" "<code>{operation.path.clone()}</code></p>
                {blocks(text(of, "description"))}
                {scope(of)}
                {parameters(description, of)}
                {body_fields}
                {answer_fields}
                {problems(of)}
            </div>
            <div class="docs-examples">
                {snippet(&operation.summary, "Request".to_owned(), curl(base, operation, body))}
                {example.map(|example| snippet(&operation.summary, label, example))}
            </div>
        </article>
    }
    .into_any()
}

/// The answer when all goes well, with its status.
fn answer(operation: &Value) -> Option<(&String, &Value)> {
    operation.get("responses")?.as_object()?.iter().find(|(status, _)| status.starts_with('2'))
}

fn scope(operation: &Value) -> AnyView {
    let scope = operation.pointer("/security/0/api_key/0").and_then(Value::as_str);
    let words = match scope {
        Some(scope) => format!("Needs a key with the scope `{scope}`."),
        None => "Any key will do.".to_owned(),
    };
    view! { <p class="docs-scope">{inline(&words)}</p> }.into_any()
}

/// The codes that are its own: those that every operation can have are told once.
fn problems(operation: &Value) -> Option<AnyView> {
    let answers = operation.get("responses").and_then(Value::as_object)?;
    let mut codes = BTreeSet::new();
    for answer in answers.values() {
        let schema = answer.pointer("/content/application~1problem+json/schema/allOf/1/properties/code/enum");
        codes.extend(schema.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str));
    }
    codes.retain(|code| !EVERYWHERE.contains(code));
    if codes.is_empty() {
        return None;
    }
    let links = codes.into_iter().map(|code| {
        view! { <li><a href=format!("/docs/problems#{code}")><code>{code.to_owned()}</code></a></li> }
    });
    Some(view! { <p class="docs-label">"Problems"</p><ul class="docs-codes">{links.collect_view()}</ul> }.into_any())
}

/// The call in a shell. The key is read from the environment.
fn curl(base: &str, operation: &Operation, body: Option<&Value>) -> String {
    let parameters = operation.of.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let mut path = operation.path.clone();
    for parameter in parameters.filter(|parameter| text(parameter, "in") == "path") {
        let name = text(parameter, "name");
        let value = match text(parameter, "example") {
            "" => format!("${}", name.to_uppercase()),
            example => example.to_owned(),
        };
        path = path.replace(&format!("{{{name}}}"), &value);
    }
    let method = if operation.method == "GET" { String::new() } else { format!(" -X {}", operation.method) };
    let mut lines =
        vec![format!("curl{method} \"{base}{path}\""), "  -H \"Authorization: Bearer $KEYBEARER_API_KEY\"".to_owned()];
    if let Some(example) = body.and_then(|body| serde_json::to_string_pretty(body.get("example")?).ok()) {
        lines.push("  -H \"Content-Type: application/json\"".to_owned());
        lines.push(format!("  -d '{}'", example.replace('\'', "'\\''")));
    }
    lines.join(" \\\n")
}

/// An example of something, with its name for those who cannot see where it stands.
pub(super) fn snippet(of: &str, label: String, code: String) -> AnyView {
    let name = format!("{of}: {}", label.to_lowercase());
    view! {
        <figure class="code">
            <figcaption class="code-head"><span>{label}</span></figcaption>
            <pre tabindex="0" role="region" aria-label=name><code>{code}</code></pre>
        </figure>
    }
    .into_any()
}
