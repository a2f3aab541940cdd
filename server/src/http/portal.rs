//! The portal's routes: pages, the server functions behind them, and forms posted with scripts off.

mod files;

use super::assets;
use app::api::proof::ConfirmIdentity;
use app::api::sent_forms::{GiveFormBack, TakeForm};
use app::error::FormError;
use app::form::{Answered, FORM_TOKEN, Refused};
use app::request::PostedTo;
use app::shell;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::response::Parts as ResponseParts;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header, request::Parts};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::FromServerFnError;
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, generate_route_list, handle_server_fns_with_context, render_app_async_with_context,
};
use std::sync::LazyLock;

/// More than any form of ours holds.
const MAX_BODY: usize = 64 * 1024;

/// Says that the server function wants the browser to go elsewhere; leptos_axum writes it, its client reads it.
const REDIRECT: &str = "serverfnredirect";

/// Found once in a process: leptos finds routes by rendering, and a page that another thread renders meanwhile can wait
/// for ever. Only tests start several servers in one process.
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// What is provided to every page and server function.
pub(crate) trait Context: Fn() + Clone + Send + Sync + 'static {}
impl<F: Fn() + Clone + Send + Sync + 'static> Context for F {}

/// Every page of the portal, its server functions below `/api`, its files below `/pkg`, and 404 for the rest.
/// `context` runs once for each request and provides [`app::request::Site`] and what server functions need. The session
/// layer goes around this router.
pub(crate) fn router(context: impl Context) -> Router {
    let options = options();
    let routes = ROUTES.clone();
    let mut router = Router::new();
    for path in routes.iter().map(|route| route.path().to_owned()) {
        let (options, context) = (options.clone(), context.clone());
        router = router.route(&path, post(move |request| post_page(request, options, context)));
    }
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    router
        .leptos_routes_with_context(&options, routes, context.clone(), document)
        .route(assets::ROUTE, get(assets::asset))
        .fallback({
            let options = options.clone();
            move |request| not_found(request, options, context)
        })
        // Forms with files are as long as `layers/body_limit.rs` says; what is kept of them is bounded by `files`.
        .layer(DefaultBodyLimit::disable())
        .with_state(options)
}

fn options() -> LeptosOptions {
    LeptosOptions::builder().output_name("app").site_pkg_dir(assets::folder()).build()
}

/// A form posted to its page's own address. Its server function is called as the browser's client would; what it
/// answers becomes 303, or the same page rendered with the error or the answer.
async fn post_page(request: Request, options: LeptosOptions, context: impl Context) -> Response {
    let (parts, values, body) = match fields(request).await {
        Ok(read) => read,
        Err(status) => return status.into_response(),
    };
    let field = |name| values.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    let action = field("_action").unwrap_or_default();
    let Some(uri) = action.starts_with("/api/").then(|| action.parse::<Uri>().ok()).flatten() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (head, answer) = prove_and_call(&parts, uri, body, &values, posted_to(&parts, context.clone())).await;
    if head.headers.contains_key(REDIRECT) || (head.status.is_success() && is_nothing(&answer)) {
        return see_other(&parts, head);
    }
    if head.status.is_success() {
        let json = String::from_utf8_lossy(&answer).into_owned();
        let answered = Answered { action, json };
        let context = move || {
            context();
            provide_context(answered.clone());
        };
        return render(parts, head, options, context).await;
    }
    let refused = Refused { action, key: field("_form").unwrap_or_default(), values, error: FormError::de(answer) };
    let context = move || {
        context();
        provide_context(refused.clone());
    };
    render(parts, head, options, context).await
}

/// A form that was asked for a proof of who it is brings it along: it is checked first. One with a token is taken then,
/// so that it is done once, and given back if it made nothing.
async fn prove_and_call(
    parts: &Parts,
    uri: Uri,
    body: Bytes,
    values: &[(String, String)],
    context: impl Context,
) -> (ResponseParts, Bytes) {
    if values.iter().any(|(name, _)| name.starts_with("proof_")) {
        let confirm = Uri::from_static(ConfirmIdentity::PATH);
        let (head, answer) = call(parts, confirm, body.clone(), context.clone()).await;
        if !head.status.is_success() {
            return (head, answer);
        }
    }
    let once = values.iter().any(|(name, value)| name == FORM_TOKEN && !value.is_empty());
    if once {
        let take = Uri::from_static(TakeForm::PATH);
        let (head, answer) = call(parts, take, body.clone(), context.clone()).await;
        if !head.status.is_success() {
            return (head, answer);
        }
    }
    let (head, answer) = call(parts, uri, body.clone(), context.clone()).await;
    if once && head.status.is_client_error() {
        let give_back = Uri::from_static(GiveFormBack::PATH);
        // Nothing is lost if that fails: the page that comes back holds another token.
        let _ = call(parts, give_back, body, context).await;
    }
    (head, answer)
}

/// The form's fields without files, and all of it as the server function reads it.
async fn fields(request: Request) -> Result<(Parts, Vec<(String, String)>, Bytes), StatusCode> {
    if files::has_files(&request) {
        let (mut parts, body) = request.into_parts();
        let copy = Request::from_parts(parts.clone(), body);
        let (values, body) = files::read(copy).await.ok_or(StatusCode::BAD_REQUEST)?;
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        parts.headers.insert(header::CONTENT_TYPE, kind);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Ok((parts, values, body.into()));
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    let values = form_urlencoded::parse(&body).into_owned().collect();
    Ok((parts, values, body))
}

fn posted_to(parts: &Parts, context: impl Context) -> impl Context {
    let page = PostedTo(page_of(parts).to_owned());
    move || {
        context();
        provide_context(page.clone());
    }
}

fn page_of(parts: &Parts) -> &str {
    parts.uri.path_and_query().map_or("/", |path| path.as_str())
}

async fn call(parts: &Parts, uri: Uri, body: Bytes, context: impl Context) -> (ResponseParts, Bytes) {
    let mut call = Request::from_parts(parts.clone(), Body::from(body));
    *call.uri_mut() = uri;
    // A JSON answer; for text/html leptos_axum would redirect to the Referer with the error in the address.
    call.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let (head, body) = handle_server_fns_with_context(context, call).await.into_response().into_parts();
    (head, to_bytes(body, usize::MAX).await.unwrap_or_default())
}

/// `()` in JSON: there is nothing to show.
fn is_nothing(answer: &Bytes) -> bool {
    answer.is_empty() || answer.as_ref() == b"null"
}

/// To where the server function says, or to the page itself. Cookies that it set are kept.
fn see_other(parts: &Parts, mut head: ResponseParts) -> Response {
    if let Ok(here) = HeaderValue::from_str(page_of(parts)) {
        head.headers.entry(header::LOCATION).or_insert(here);
    }
    for name in [REDIRECT, "content-type", "content-length"] {
        head.headers.remove(name);
    }
    head.status = StatusCode::SEE_OTHER;
    Response::from_parts(head, Body::empty())
}

/// The page of `parts`, rendered again with more context. It may show a secret, so it is stored nowhere.
async fn render(parts: Parts, head: ResponseParts, options: LeptosOptions, context: impl Context) -> Response {
    let mut page = Request::from_parts(parts, Body::empty());
    *page.method_mut() = Method::GET;
    let mut page = render_app_async_with_context(context, move || shell(options.clone()))(page).await;
    if !head.status.is_success() {
        *page.status_mut() = head.status;
    }
    for cookie in head.headers.get_all(header::SET_COOKIE) {
        page.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    if let Some(pause) = head.headers.get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, pause.clone());
    }
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    page
}

async fn not_found(request: Request, options: LeptosOptions, context: impl Context) -> Response {
    let (parts, _) = request.into_parts();
    let mut page = Request::from_parts(parts, Body::empty());
    *page.method_mut() = Method::GET;
    let mut page = render_app_async_with_context(context, move || shell(options.clone()))(page).await;
    *page.status_mut() = StatusCode::NOT_FOUND;
    page
}

#[cfg(test)]
mod tests;
