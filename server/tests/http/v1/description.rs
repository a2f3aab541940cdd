//! The description of the API: it is whole, and bodies and parameters are read as it says.

use crate::support::{Answer, Described, TestServer};
use model::webhook_endpoints::{TEST_TYPE, WebhookType};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const BODY: &str = "/requestBody/content/application~1json";

/// The names that a message lists after "there are:".
fn listed(message: &Value) -> BTreeSet<String> {
    let message = message.as_str().unwrap_or_else(|| panic!("no message in {message}"));
    let names = message.split_once("there are: ").map(|(_, names)| names.trim_end_matches('.'));
    names.into_iter().flat_map(|names| names.split(", ")).map(str::to_owned).collect()
}

/// An address of any shape that fits: the body is read before anything is looked up.
fn address(path: &str) -> String {
    let id = match path.split('/').nth(2) {
        Some("connect-sessions") => "cs",
        Some("webhook-endpoints") => "we",
        _ => "ca",
    };
    path.replace("{id}", &format!("{id}_01h455vb4pex5vsknk084sn02q")).replace("{key}", "zoom").replace("{slug}", "zoom")
}

#[tokio::test]
async fn it_is_served_to_everybody_and_kept_by_its_tag() {
    let server = TestServer::start().await;
    let url = server.url("/v1/openapi.json");
    let served = Answer::of(server.client.get(&url)).await.expect(200);
    assert_eq!(served.header("content-type"), "application/json");
    assert!(served.header("cache-control").starts_with("public"));
    let document = served.json();
    assert_eq!((&document["openapi"], &document["servers"][0]["url"]), (&json!("3.1.0"), &json!(server.url(""))));
    assert_eq!(document["components"]["securitySchemes"]["api_key"]["scheme"], "bearer");
    let again = Answer::of(server.client.get(&url).header("if-none-match", served.header("etag"))).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    Answer::of(server.client.post(&url)).await.problem(405, "method_not_allowed");
}

#[tokio::test]
async fn every_operation_and_every_member_has_its_words() {
    let server = TestServer::start().await;
    let described = server.nobody().described().await;
    let tags: BTreeSet<_> =
        described.document["tags"].as_array().unwrap().iter().map(|t| t["name"].to_string()).collect();
    let mut ids = BTreeSet::new();
    for operation in described.operations() {
        let of = &operation.of;
        assert!(ids.insert(of["operationId"].as_str().unwrap().to_owned()), "{of}");
        assert!(of["summary"].as_str().is_some_and(|words| !words.ends_with('.')), "{of}");
        assert!(tags.contains(&of["tags"][0].to_string()), "{of}");
        assert!(of["security"][0]["api_key"].is_array(), "{of}");
        for parameter in of["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].as_str().is_some_and(|words| words.len() > 5), "{parameter}");
        }
        for status in ["400", "401", "429", "500", "503"] {
            assert!(of["responses"][status].is_object(), "{status} of {}", operation.path);
        }
    }
    for (name, schema) in described.document["components"]["schemas"].as_object().unwrap() {
        for (member, property) in schema["properties"].as_object().into_iter().flatten() {
            for example in property["examples"].as_array().into_iter().flatten() {
                let errors = described.errors(property.clone(), example);
                assert!(errors.is_empty(), "{errors:?} of the example of {name}.{member}: {example}");
            }
            let words = described.resolve(property)["description"].as_str().or(property["description"].as_str());
            let has_words = words.is_some_and(|words| words.len() > 3) || property["oneOf"].is_array();
            assert!(has_words, "{name}.{member} has no words: {property}");
        }
    }
}

#[tokio::test]
async fn examples_are_as_their_schemas_say_and_leave_nothing_open() {
    let server = TestServer::start().await;
    let described = server.nobody().described().await;
    for operation in described.operations() {
        let answers = operation.of["responses"].as_object().unwrap().values();
        let bodies = answers.chain([&operation.of["requestBody"]]).filter_map(|part| part["content"].as_object());
        // What providers take and say has no shape.
        for (_, media) in bodies.flatten().filter(|(kind, _)| *kind != "*/*") {
            let (schema, example) = (media["schema"].clone(), &media["example"]);
            assert!(!example.is_null() && !example.to_string().contains("\"…\""), "{}: {example}", operation.path);
            let errors = described.errors(schema, example);
            assert!(errors.is_empty(), "{errors:?} in {} {}: {example}", operation.method, operation.path);
        }
    }
}

#[tokio::test]
async fn every_type_of_webhook_has_its_words_and_an_example() {
    let server = TestServer::start().await;
    let described = server.nobody().described().await;
    let webhooks = described.document["webhooks"].as_object().unwrap();
    let types: Vec<_> = WebhookType::ALL.iter().map(|known| known.as_str()).chain([TEST_TYPE]).collect();
    let mut names: Vec<_> = webhooks.keys().map(String::as_str).collect();
    names.sort_by_key(|name| types.iter().position(|known| known == name));
    assert_eq!(names, types);
    for (name, item) in webhooks {
        let example = &item["post"]["requestBody"]["content"]["application/json"]["example"];
        assert!(!example.to_string().contains("\"…\""), "{example}");
        assert_eq!(described.check_delivery(&example.to_string()), *name);
        assert!(item["post"]["summary"].as_str().is_some_and(|words| words.len() > 10));
        assert!(described.operations().iter().all(|of| of.of["operationId"] != item["post"]["operationId"]));
    }
}

#[tokio::test]
async fn bodies_are_read_as_it_says() {
    let server = TestServer::start().await;
    let backend = server.backend_for_all().await;
    let described = backend.described().await;
    let operations = described.operations().into_iter().filter(|operation| operation.of.pointer(BODY).is_some());
    let mut seen = 0;
    for operation in operations {
        let schema = described.resolve(&operation.of.pointer(BODY).unwrap()["schema"]).clone();
        let send = async |body: Value| {
            let method = operation.method.to_uppercase().parse().unwrap();
            backend.send(method, &address(&operation.path), Some(body.to_string())).await
        };
        check_object(described, &schema, &send, &|body| body, "").await;
        seen += 1;
    }
    assert!(seen >= 8, "{seen}");
}

/// Sends an object with a member that is not there, and one with every member wrong.
async fn check_object(
    described: &Described,
    schema: &Value,
    send: &impl AsyncFn(Value) -> Answer,
    around: &dyn Fn(Value) -> Value,
    inside: &str,
) {
    let properties = schema["properties"].as_object().unwrap();
    assert_eq!(schema["additionalProperties"], json!(false), "{schema}");
    let names: BTreeSet<String> = properties.keys().cloned().collect();
    let fields = send(around(json!({ "nothing": 1 }))).await.problem(422, "invalid_request").json()["fields"].clone();
    assert_eq!(listed(&fields[format!("{inside}nothing")]), names, "{schema}");
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(fields[format!("{inside}{}", name.as_str().unwrap())].is_string(), "{name} in {fields}");
    }
    let wrong: Map<String, Value> = properties.iter().map(|(name, of)| (name.clone(), wrong(described, of))).collect();
    let fields = send(around(Value::Object(wrong))).await.problem(422, "invalid_request").json()["fields"].clone();
    for name in &names {
        assert!(fields[format!("{inside}{name}")].is_string(), "{inside}{name} in {fields}");
    }
    for (name, property) in properties {
        let schema = inner(described, property).clone();
        if schema["properties"].is_object() {
            let around = |body: Value| json!({ name: body });
            Box::pin(check_object(described, &schema, send, &around, &format!("{name}."))).await;
        }
    }
}

/// A member's schema without null.
fn inner<'a>(described: &'a Described, property: &'a Value) -> &'a Value {
    let of = property["oneOf"].as_array().and_then(|of| of.iter().find(|schema| schema["type"] != "null"));
    described.resolve(of.unwrap_or(property))
}

/// What is not of this type.
fn wrong(described: &Described, property: &Value) -> Value {
    let schema = inner(described, property);
    let is_object =
        schema["type"] == "object" || schema["type"].as_array().is_some_and(|t| t.contains(&json!("object")));
    if is_object { json!(7) } else { json!({ "wrong": true }) }
}

#[tokio::test]
async fn parameters_are_read_as_it_says() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    for operation in backend.described().await.operations() {
        let parameters = operation.of["parameters"].as_array().into_iter().flatten();
        let names: BTreeSet<String> =
            parameters.filter(|p| p["in"] == "query").map(|p| p["name"].as_str().unwrap().to_owned()).collect();
        if names.is_empty() {
            continue;
        }
        let answer = backend.get(&format!("{}?nothing=1", address(&operation.path))).await;
        let fields = answer.problem(422, "invalid_request").json()["fields"].clone();
        assert_eq!(listed(&fields["nothing"]), names, "{}", operation.path);
    }
}
