//! What webhook endpoints are sent, made of the description's `webhooks`.

use super::fields::{parameters, text};
use super::operations::snippet;
use super::words::blocks;
use leptos::prelude::*;
use model::webhook_endpoints::{TEST_TYPE, WebhookType};
use serde_json::Value;

/// Anchor and heading.
pub(super) const NAME: (&str, &str) = ("webhooks", "Webhooks");

/// The body's schema and example in an operation.
const BODY: &str = "/requestBody/content/application~1json";

/// All types, and what holds for each of them.
pub(super) fn section(description: &Value) -> Option<AnyView> {
    let webhooks = description.get("webhooks").and_then(Value::as_object)?;
    let types = WebhookType::ALL.iter().map(|known| known.as_str()).chain([TEST_TYPE]);
    let of = |r#type| Some((r#type, webhooks.get(r#type)?.get("post")?));
    let operations: Vec<(&'static str, &Value)> = types.filter_map(of).collect();
    let first = operations.first().map(|(_, operation)| *operation)?;
    let rows = operations.iter().map(|(r#type, operation)| {
        view! {
            <tr>
                <th scope="row"><code>{name(r#type)}</code></th>
                <td>{format!("{}. ", text(operation, "summary"))}{data(operation)}</td>
            </tr>
        }
    });
    let example = first.pointer(BODY).and_then(|body| serde_json::to_string_pretty(body.get("example")?).ok());
    let (id, heading) = NAME;
    Some(
        view! {
            <section class="docs-group" id=id>
                <h2>{heading}</h2>
                <article class="docs-operation">
                    <div class="docs-words">
                        {blocks(text(first, "description"))}
                        <table class="docs-fields"><caption>"Types"</caption><tbody>{rows.collect_view()}</tbody></table>
                        {parameters(description, first)}
                    </div>
                    <div class="docs-examples">
                        {example.map(|example| snippet(heading, "Delivery".to_owned(), example))}
                    </div>
                </article>
            </section>
        }
        .into_any(),
    )
}

/// A type, which may be broken behind its noun.
fn name(r#type: &'static str) -> AnyView {
    match r#type.split_once('.') {
        Some((noun, verb)) => view! { {format!("{noun}.")}<wbr/>{verb} }.into_any(),
        None => r#type.into_any(),
    }
}

/// What stands in `data`, by the name of its schema.
fn data(operation: &Value) -> Option<AnyView> {
    let data = operation.pointer(&format!("{BODY}/schema/properties/data"))?;
    let reference = data.get("$ref").or_else(|| data.pointer("/oneOf/0/$ref"))?;
    let name = reference.as_str()?.rsplit('/').next()?.to_owned();
    Some(view! { <code>"data"</code>" is a "<code>{name}</code>"." }.into_any())
}
