use crate::visitor::{ADA, GRACE, REDIRECT_URI, Visitor, location, parameter};
use reqwest::header;
use sandbox::{BUILT_IN_CLIENT_ID, Client, ConsentRequest, ScopeParameter};
use serde_json::{Value, json};

/// Presses a button of the consent page.
async fn decide(visitor: &Visitor, url: &str, user: &str, decision: &str) -> reqwest::Response {
    let (address, query) = url.split_once('?').unwrap();
    let mut form: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    form.extend([("user", user), ("decision", decision)].map(|(name, value)| (name.into(), value.into())));
    visitor.http.post(address).form(&form).send().await.unwrap()
}

#[tokio::test]
async fn allow_leads_back_with_code_and_state() {
    let visitor = Visitor::new().await;
    let url = visitor.authorize_url(&[("redirect_uri", "https://vault.example.com/cb?a=b")]);
    let response = decide(&visitor, &url, ADA, "allow").await;
    assert_eq!(response.status(), 302);
    let location = location(&response);
    assert!(location.starts_with("https://vault.example.com/cb?a=b&code="), "{location}");
    assert_eq!(parameter(&location, "state").as_deref(), Some("a state/with=odd &characters"));
    assert!(parameter(&location, "code").unwrap().ends_with("_AdaLovelace_0000000001"));
}

#[tokio::test]
async fn decline_leads_back_with_access_denied() {
    let visitor = Visitor::new().await;
    let response = decide(&visitor, &visitor.authorize_url(&[("state", "s")]), ADA, "decline").await;
    assert_eq!(location(&response), format!("{REDIRECT_URI}?error=access_denied&state=s"));
    let request = ConsentRequest::decline(&visitor.authorize_url(&[("state", "s")]), ADA);
    assert_eq!(visitor.sandbox.consent(&request).unwrap(), format!("{REDIRECT_URI}?error=access_denied&state=s"));
}

#[tokio::test]
async fn mistakes_end_on_a_page_of_the_provider() {
    let visitor = Visitor::new().await;
    visitor.sandbox.add_client(Client::new("exact", "secret", &["https://vault.example.com/cb"])).unwrap();
    let check = async |parameters: &[(&str, &str)], message: &str, words: &str| {
        let url = visitor.authorize_url(parameters);
        let response = visitor.http.get(&url).send().await.unwrap();
        assert!(response.headers().get(header::LOCATION).is_none());
        let expected = json!({"status": false, "errorCode": 4700, "errorMessage": message, "result": null});
        assert_eq!(response.json::<Value>().await.unwrap(), expected, "{parameters:?}");
        assert_eq!(visitor.sandbox.journal().last().unwrap().outcome, words);
        assert!(visitor.sandbox.consent(&ConsentRequest::allow(&url, ADA)).is_err());
    };
    let invalid = "Invalid redirect url";
    check(&[("client_id", "nobody")], invalid, "unknown client").await;
    check(&[("redirect_uri", "http://vault.example.com/cb")], invalid, "redirect URI not registered").await;
    for almost in ["https://vault.example.com/cb/", "https://vault.example.com/CB", "http://vault.example.com/cb", ""] {
        let parameters = [("client_id", "exact"), ("redirect_uri", almost)];
        check(&parameters, invalid, "redirect URI not registered").await;
    }
    check(&[("response_type", "token")], "Unsupported response type", "unsupported response type").await;
}

#[tokio::test]
async fn the_scope_parameter_is_refused_ignored_or_honoured() {
    let visitor = Visitor::new().await;
    let check = |parameter: ScopeParameter, scope: &str, accepted: bool| {
        visitor.sandbox.update_client(BUILT_IN_CLIENT_ID, |client| client.scope_parameter = parameter).unwrap();
        let request = ConsentRequest::allow(&visitor.authorize_url(&[("scope", scope)]), ADA);
        assert_eq!(visitor.sandbox.consent(&request).is_ok(), accepted, "{parameter:?} {scope}");
    };
    check(ScopeParameter::Refused, "user:read:user", false);
    check(ScopeParameter::Ignored, "anything at all", true);
    check(ScopeParameter::Honoured, "anything at all", false);
    check(ScopeParameter::Honoured, "user:read:user,meeting:read:list_meetings", true);
    let code = visitor.code_with(ADA, &[("scope", "user:read:user")]);
    assert_eq!(visitor.exchange(&code).await.json["scope"], "user:read:user");
}

#[tokio::test]
async fn a_second_consent_is_silent_while_nothing_changed() {
    let visitor = Visitor::new().await;
    let url = visitor.authorize_url(&[]);
    let cookie = "sandbox_user=AdaLovelace_0000000001";
    let visit = async || visitor.http.get(&url).header(header::COOKIE, cookie).send().await.unwrap().status().as_u16();
    assert_eq!(visit().await, 200, "the first time");
    let response = decide(&visitor, &url, ADA, "allow").await;
    assert!(response.headers()[header::SET_COOKIE].to_str().unwrap().starts_with(cookie));
    assert_eq!(visit().await, 302, "the second time");
    assert_eq!(visitor.http.get(&url).send().await.unwrap().status(), 200, "another browser");

    let change = |change: fn(&mut Client)| drop(visitor.sandbox.update_client(BUILT_IN_CLIENT_ID, change).unwrap());
    change(|client| client.always_ask = true);
    assert_eq!(visit().await, 200, "always asks");
    change(|client| client.always_ask = false);
    assert_eq!(visit().await, 302);
    change(|client| client.scopes.push("meeting:read:meeting".into()));
    assert_eq!(visit().await, 200, "other scopes");
    decide(&visitor, &url, ADA, "allow").await;
    assert_eq!(visit().await, 302);
    visitor.sandbox.revoke_grant(BUILT_IN_CLIENT_ID, ADA).unwrap();
    assert_eq!(visit().await, 200, "the app was removed");
}

#[tokio::test]
async fn optional_scopes_can_be_unticked() {
    let visitor = Visitor::new().await;
    let response = decide(&visitor, &visitor.authorize_url(&[]), ADA, "allow").await;
    let reply = visitor.exchange(&parameter(&location(&response), "code").unwrap()).await;
    assert_eq!(reply.json["scope"], "user:read:user meeting:read:list_meetings");
}

#[tokio::test]
async fn an_admin_managed_app_needs_an_admin() {
    let visitor = Visitor::new().await;
    visitor.sandbox.update_client(BUILT_IN_CLIENT_ID, |client| client.admin_managed = true).unwrap();
    let url = visitor.authorize_url(&[]);
    assert_eq!(decide(&visitor, &url, ADA, "allow").await.status(), 302);
    let refused = decide(&visitor, &url, GRACE, "allow").await;
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("An account admin is required"));
}

#[tokio::test]
async fn an_install_at_the_provider_has_a_code_and_no_state() {
    let visitor = Visitor::new().await;
    assert!(visitor.sandbox.install(BUILT_IN_CLIENT_ID, ADA, None).is_err(), "no redirect URI is known yet");
    let address = visitor.sandbox.install(BUILT_IN_CLIENT_ID, ADA, Some(REDIRECT_URI)).unwrap();
    assert_eq!(parameter(&address, "state"), None);
    assert_eq!(visitor.exchange(&parameter(&address, "code").unwrap()).await.status, 200);

    let form = [("client_id", BUILT_IN_CLIENT_ID), ("user", GRACE), ("redirect_uri", "")];
    let response = visitor.http.post(visitor.url("/control/install")).form(&form).send().await.unwrap();
    assert_eq!(response.status(), 303);
    assert!(location(&response).starts_with("http://localhost:4000/cb?code="));
}
