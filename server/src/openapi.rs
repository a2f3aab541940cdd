//! The API's description: OpenAPI 3.1, made of the handlers. What holds for every operation is said here once and put
//! into the document by rules, so that a handler names only what is its own.

mod answers;
mod examples;
mod proxy;
pub(crate) mod schemas;
mod webhooks;

pub(crate) use answers::example as example_of_problem;

use crate::http::assets::is_unchanged;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use std::sync::OnceLock;
use url::Url;
use utoipa::openapi::OpenApi;

/// What operations are grouped by, in the order of the reference.
pub(crate) mod tags {
    pub(crate) const CONNECT_SESSIONS: &str = "Connect sessions";
    pub(crate) const CONNECTED_ACCOUNTS: &str = "Connected accounts";
    pub(crate) const TOKENS: &str = "Tokens";
    pub(crate) const END_USERS: &str = "End users";
    pub(crate) const PROVIDERS: &str = "Providers";
    pub(crate) const PROVIDER_CONFIGS: &str = "Provider configs";
    pub(crate) const APPLICATION: &str = "Application";
    pub(crate) const PROXY: &str = "Proxy";
    pub(crate) const WEBHOOK_ENDPOINTS: &str = "Webhook endpoints";
    pub(crate) const EVENTS: &str = "Events";
}

/// The groups, each with a sentence.
const TAGS: [(&str, &str); 10] = [
    (tags::CONNECT_SESSIONS, "Invitations for one end user to connect accounts, each with a link for its browser."),
    (tags::TOKENS, "Access tokens that are always fresh. Refresh tokens never leave the vault."),
    (tags::PROXY, "Calls to a provider's API that the vault makes with the token, so that you never hold one."),
    (tags::CONNECTED_ACCOUNTS, "What end users have connected: one provider's user each."),
    (tags::END_USERS, "Your customers, by your own ids."),
    (tags::PROVIDER_CONFIGS, "The application's set-up of each provider. Secrets go in and never come out."),
    (tags::PROVIDERS, "The catalogue."),
    (tags::APPLICATION, "The application that the key belongs to."),
    (tags::WEBHOOK_ENDPOINTS, "Where you hear of what happens, signed as Standard Webhooks says."),
    (tags::EVENTS, "The audit log of the application, for machines."),
];

const ABOUT: &str = "Keybearer keeps the keys that end users lend to an application. Open a connect session, send the end user \
                     to its link, and call the provider with a token that is always fresh.";

const KEY: &str = "An API key of the application: `Authorization: Bearer kb_live_…`, or `kb_test_…` in development.";

/// The description of this server's API. It is finished when somebody first asks for it.
pub(crate) struct Description {
    collected: OpenApi,
    public_url: Url,
    finished: OnceLock<Served>,
    document: OnceLock<Value>,
}

/// What never changes while the server runs.
pub(crate) struct Served {
    media_type: &'static str,
    bytes: Vec<u8>,
    /// The hash of the bytes. It is sent as a weak tag, since the answer may be compressed.
    hash: String,
}

impl Description {
    /// What was collected from the handlers.
    pub(crate) fn of(collected: OpenApi, public_url: Url) -> Self {
        Self { collected, public_url, finished: OnceLock::new(), document: OnceLock::new() }
    }

    /// The finished document, as a tree.
    pub(crate) fn document(&self) -> &Value {
        self.document.get_or_init(|| {
            let mut document = serde_json::to_value(&self.collected).unwrap_or_default();
            schemas::finish(&mut document);
            proxy::add(&mut document);
            answers::add_problems(&mut document);
            examples::add(&mut document);
            webhooks::add(&mut document);
            add_head(&mut document, &self.public_url);
            document
        })
    }

    /// The finished document, as it is served.
    pub(crate) fn served(&self) -> &Served {
        let make = || Served::new("application/json", serde_json::to_vec(self.document()).unwrap_or_default());
        self.finished.get_or_init(make)
    }
}

impl Served {
    pub(crate) fn new(media_type: &'static str, bytes: Vec<u8>) -> Self {
        let hash = HEXLOWER.encode(vault::sha256(&bytes).get(..8).unwrap_or_default());
        Self { media_type, bytes, hash }
    }

    /// The answer to whoever asks, who may have it already. Nothing of it is secret.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let tag = format!("\"{}\"", self.hash);
        let head = [
            (header::CACHE_CONTROL, "public, max-age=300, must-revalidate".to_owned()),
            (header::ETAG, format!("W/{tag}")),
        ];
        if is_unchanged(headers, &tag) {
            return (StatusCode::NOT_MODIFIED, head).into_response();
        }
        (head, [(header::CONTENT_TYPE, self.media_type)], self.bytes.clone()).into_response()
    }
}

fn add_head(document: &mut Value, public_url: &Url) {
    let Some(members) = document.as_object_mut() else { return };
    members.insert(
        "info".to_owned(),
        json!({
            "title": "Keybearer",
            "summary": "The API for an application's backend",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache 2.0", "identifier": "Apache-2.0" },
        }),
    );
    let base = public_url.as_str().trim_end_matches('/');
    members.insert("servers".to_owned(), json!([{ "url": base, "description": "This server" }]));
    members.insert("externalDocs".to_owned(), json!({ "url": format!("{base}/docs"), "description": "The reference" }));
    let tags = TAGS.map(|(name, description)| json!({ "name": name, "description": description }));
    members.insert("tags".to_owned(), json!(tags));
    if let Some(components) = members.get_mut("components").and_then(Value::as_object_mut) {
        let scheme = json!({ "type": "http", "scheme": "bearer", "bearerFormat": "kb_…", "description": KEY });
        components.insert("securitySchemes".to_owned(), json!({ "api_key": scheme }));
    }
}

/// Every operation of a document, to be changed: path, method, operation.
fn operations_mut(document: &mut Value) -> impl Iterator<Item = (&String, &String, &mut Value)> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object_mut().into_iter().flatten();
        operations.map(move |(method, operation)| (path, method, operation))
    })
}
