//! The API's description as it is served, and answers held against it: whatever a test asks under `/v1`, the answer must be
//! one that the description has.

use super::Answer;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::OnceCell;

static SERVED: OnceCell<Described> = OnceCell::const_new();

/// The description, with what makes checking strict: no member that it does not know.
pub(crate) struct Described {
    pub(crate) document: Value,
    components: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// One operation of it.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) of: Value,
}

impl Described {
    /// The description of a server; all servers of this process have the same.
    pub(crate) async fn of(client: &reqwest::Client, base: &str) -> &'static Self {
        let read = async || {
            let served = Answer::of(client.get(format!("{base}/v1/openapi.json"))).await.expect(200);
            let document = served.json();
            let mut components = document["components"].clone();
            for schema in components["schemas"].as_object_mut().unwrap().values_mut() {
                if schema["properties"].is_object() {
                    schema["additionalProperties"] = json!(false);
                }
            }
            Self { document, components, validators: Mutex::default() }
        };
        SERVED.get_or_init(read).await
    }

    /// Every operation.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        let paths = self.document["paths"].as_object().unwrap();
        let of = |(path, item): (&String, &Value)| {
            let operations = item.as_object().unwrap().clone();
            let path = path.clone();
            operations.into_iter().map(move |(method, of)| Operation { method, path: path.clone(), of })
        };
        paths.iter().flat_map(of).collect()
    }

    /// What a reference leads to.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/"));
        name.map_or(schema, |name| &self.document["components"]["schemas"][name])
    }

    /// Holds an answer against the description.
    #[track_caller]
    pub(crate) fn check(&self, method: &str, path: &str, answer: &Answer) {
        let path = path.split('?').next().unwrap();
        if !path.starts_with("/v1/") || path == "/v1/openapi.json" {
            return;
        }
        // What the provider says is its own affair.
        if answer.header("keybearer-upstream") == "provider" {
            return;
        }
        let called = format!("{method} {path}: {} {}", answer.status, answer.body);
        let at_path: Vec<_> = self.operations().into_iter().filter(|operation| fits(&operation.path, path)).collect();
        // A word in a path goes before a parameter.
        let most = at_path.iter().map(|operation| operation.path.matches('{').count()).min();
        let mut found = at_path.iter().filter(|operation| Some(operation.path.matches('{').count()) == most);
        let schema = match found.find(|operation| operation.method == method.to_lowercase()) {
            Some(operation) => {
                let described = &operation.of["responses"][answer.status.to_string()];
                assert!(described.is_object(), "not described: {called}");
                let Some(content) = described["content"].as_object() else {
                    assert!(answer.body.is_empty(), "a body is not described: {called}");
                    return;
                };
                let kind = answer.header("content-type");
                content.get(kind).unwrap_or_else(|| panic!("{kind:?} is not described: {called}"))["schema"].clone()
            }
            // Nothing is there, or not for this method.
            None if matches!(answer.status, 400 | 404 | 405) => json!({ "$ref": "#/components/schemas/Problem" }),
            None => panic!("the description has no such operation: {called}"),
        };
        let errors = self.errors(schema, &answer.json());
        assert!(errors.is_empty(), "{errors:?} in {called}");
    }

    /// Holds a delivery's body against the description.
    #[track_caller]
    pub(crate) fn check_delivery(&self, body: &str) -> String {
        let body: Value = serde_json::from_str(body).unwrap();
        let r#type = body["type"].as_str().unwrap();
        let schema = &self.document["webhooks"][r#type]["post"]["requestBody"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "not described: {body}");
        let errors = self.errors(schema.clone(), &body);
        assert!(errors.is_empty(), "{errors:?} in {body}");
        r#type.to_owned()
    }

    /// Whether a value is as a schema says.
    pub(crate) fn errors(&self, schema: Value, value: &Value) -> Vec<String> {
        self.validator(schema).iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect()
    }

    fn validator(&self, mut schema: Value) -> Arc<Validator> {
        let key = schema.to_string();
        let mut known = self.validators.lock().unwrap();
        let make = || {
            schema["components"] = self.components.clone();
            let options = jsonschema::draft202012::options().should_validate_formats(true).build(&schema);
            Arc::new(options.unwrap())
        };
        known.entry(key).or_insert_with(make).clone()
    }
}

/// Whether an address is one of a template's.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let same = |(known, given): (&&str, &&str)| known == given || (known.starts_with('{') && !given.is_empty());
    // The provider's path has as many segments as it likes, none among them.
    let open = template.last() == Some(&"{path}") && path.len() + 1 >= template.len();
    (open || template.len() == path.len())
        && template.iter().zip(&path).take(template.len() - usize::from(open)).all(same)
}
