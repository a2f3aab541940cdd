//! The portal by its door, on the gallery's forms: what a browser without scripts gets.

use super::*;
use tower::ServiceExt;

/// What came back.
struct Got {
    status: StatusCode,
    location: String,
    cookies: String,
    body: String,
}

async fn send(method: Method, path: &str, form: &[(&str, &str)]) -> Got {
    let form: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .body(Body::from(form))
        .unwrap();
    let response = router(|| {}).oneshot(request).await.unwrap();
    let text = |name| {
        let values = response.headers().get_all(name).iter();
        values.filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join("; ")
    };
    let (status, location, cookies) = (response.status(), text(header::LOCATION), text(header::SET_COOKIE));
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Got { status, location, cookies, body: String::from_utf8(body.to_vec()).unwrap() }
}

/// The path of a server function, as the page's form names it.
async fn action(name: &str) -> String {
    let page = send(Method::GET, "/gallery", &[]).await.body;
    let from = page.find(&format!("/api/{name}")).unwrap();
    page[from..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed_but_without_the_secret() {
    let action = action("save_example").await;
    let form = [("_action", action.as_str()), ("client_id", "a\"<b>"), ("client_secret", "hush-hush")];
    let got = send(Method::POST, "/gallery", &form).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(got.body.contains("Meetline is not saved"), "the summary is missing");
    assert!(got.body.contains("value=\"a&quot;&lt;b&gt;\""), "the value is missing");
    assert!(!got.body.contains("hush-hush"), "the secret is in the page");
}

#[tokio::test]
async fn an_accepted_form_redirects_to_its_page_with_a_message() {
    let action = action("save_example").await;
    let form = [("_action", action.as_str()), ("client_id", "abcdefghijkl"), ("client_secret", "hush-hush")];
    let got = send(Method::POST, "/gallery?tab=1", &form).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER);
    assert_eq!(got.location, "/gallery?tab=1");
    assert!(got.cookies.starts_with("said=Meetline"), "{}", got.cookies);
}

#[tokio::test]
async fn an_answer_is_shown_in_the_response_itself() {
    let action = action("make_example").await;
    let got = send(Method::POST, "/gallery", &[("_action", action.as_str()), ("key_name", "Backend")]).await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(got.body.contains("value=\"kb_test_"), "the key is missing");
}

#[tokio::test]
async fn only_server_functions_are_called() {
    for action in ["", "/v1/connect-sessions", "//evil.example/api/x", "/gallery"] {
        let got = send(Method::POST, "/gallery", &[("_action", action)]).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{action}");
    }
}

#[tokio::test]
async fn an_unknown_address_is_a_page_with_status_404() {
    let got = send(Method::GET, "/nothing/here", &[]).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
    assert!(got.body.contains("Page not found"), "the page is missing");
}
