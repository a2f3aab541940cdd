use super::link::with_two_providers;
use crate::support::{Answer, Browser, TestServer, link, text};
use serde_json::json;
use vault::MINUTE;
use vault::testing::sandbox::ConsentRequest;

async fn seen(server: &TestServer, address: &str, accepted: &str) -> Answer {
    Answer::of(server.client.get(address).header("accept-language", accepted)).await
}

#[tokio::test]
async fn a_page_is_in_the_language_that_the_browser_likes_best() {
    let server = TestServer::start().await;
    let session = server.backend().await.session(json!({})).await;
    let expected = [
        ("en", "en", "Connect Zoom to Acme"),
        ("de-AT,de;q=0.9", "de", "Zoom mit Acme verbinden"),
        ("nl, fr;q=0.8, en;q=0.5", "fr", "Connecter Zoom à Acme"),
        ("es-419", "es", "Conectar Zoom con Acme"),
        ("pt-BR", "pt", "Conectar Zoom a Acme"),
        ("ja", "ja", "Zoom を Acme に接続"),
        ("", "en", "Connect Zoom to Acme"),
        ("*", "en", "Connect Zoom to Acme"),
        ("de;q=0", "en", "Connect Zoom to Acme"),
        ("de;q=abc,../../etc,\"", "en", "Connect Zoom to Acme"),
    ];
    for (accepted, language, title) in expected {
        let page = seen(&server, link(&session), accepted).await.expect(200);
        assert!(page.body.contains(&format!("<html lang=\"{language}\"")), "{accepted}: {}", page.body);
        assert!(page.header("vary").contains("accept-language"), "{:?}", page.headers);
        assert!(!page.headers.contains_key("set-cookie"), "looking sets nothing");
        page.says(title);
    }
    let many = "x,".repeat(20_000);
    assert!(seen(&server, link(&session), &many).await.status < 500);
}

#[tokio::test]
async fn a_chosen_language_is_kept_and_no_other_word_is() {
    let server = TestServer::start().await;
    let session = server.backend().await.session(json!({})).await;
    let mut browser = server.browser();
    let page = browser.get(link(&session)).await.expect(200).says("hreflang=\"ja\"").says("日本語");
    assert!(page.body.contains("aria-current=\"true\">English"));
    browser.get(&format!("{}?lang=de", link(&session))).await.expect(200).says("Weiter");
    assert!(browser.cookies().contains("keybearer-language=de"));
    browser.get("/connect/unknown").await.expect(404).says("Dieser Link ist nicht bekannt");
    // One that is not spoken leaves it to the browser, and the earlier choice stays for pages that ask for none.
    for unknown in ["%22%3Cscript%3E", "xx"] {
        browser.get(&format!("{}?lang={unknown}", link(&session))).await.expect(200).says("Continue");
        browser.get(link(&session)).await.expect(200).says("Weiter");
    }
    browser.get(&format!("{}?lang=en", link(&session))).await.expect(200).says("Continue");
    assert!(browser.cookies().contains("keybearer-language=en"));
}

/// Full-width letters stand for whatever comes from the files. What is left must be what a developer, an end user or a
/// provider has named.
#[track_caller]
fn all_from_the_files(page: &Answer, named: &[&str]) {
    let (mut rest, mut shown) = (page.body.as_str(), String::new());
    while let Some((before, tag)) = rest.split_once('<') {
        shown.push_str(before);
        shown.push(' ');
        let (tag, after) = tag.split_once('>').unwrap();
        for attribute in ["aria-label=\"", "alt=\"", "title=\"", "placeholder=\""] {
            shown.push_str(tag.split(attribute).nth(1).and_then(|value| value.split('"').next()).unwrap_or_default());
            shown.push(' ');
        }
        rest = after;
        if tag.starts_with("svg") {
            rest = rest.split_once("</svg>").unwrap().1;
        }
        if tag.starts_with("script") {
            rest = rest.split_once("</script>").unwrap().1;
        }
    }
    let words =
        ["Acme", "Zoom", "Ada", "user_42", "Keybearer", "English", "Deutsch", "Français", "Español", "Português"];
    for word in words.iter().chain(named) {
        shown = shown.replace(word, "");
    }
    let left: Vec<_> = shown.split_whitespace().filter(|w| w.contains(|c: char| c.is_ascii_alphabetic())).collect();
    assert!(left.is_empty(), "not from the files: {left:?} in {}", page.body);
    assert!(page.body.contains('ｎ'), "the pseudo-language speaks: {}", page.body);
}

async fn pseudo(browser: &mut Browser, address: &str, status: u16, named: &[&str]) -> Answer {
    browser.accepts("en-XA");
    let page = browser.get(address).await.expect(status);
    all_from_the_files(&page, named);
    page
}

#[tokio::test]
async fn connect_pages_say_nothing_that_is_not_in_the_files() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let mut browser = server.browser();
    let session = backend.session(json!({ "expires_in": 60 })).await;
    pseudo(&mut browser, link(&session), 200, &[]).await;
    let callback = server.consented(&mut browser, link(&session)).await;
    pseudo(&mut server.browser(), link(&session), 409, &[]).await;
    pseudo(&mut server.browser(), &callback, 403, &[]).await;
    let result = browser.get(&callback).await.location();
    pseudo(&mut browser, &result, 200, &[]).await;
    pseudo(&mut browser, link(&session), 410, &[]).await;
    pseudo(&mut browser, "/connect/unknown", 404, &[]).await;
    pseudo(&mut browser, "/connect/result/cs_x", 404, &[]).await;
    let path = format!("/oauth/callback/{}/zoom", server.test.caller.application());
    pseudo(&mut browser, &format!("{path}?code=a&state=b"), 400, &[]).await;
    pseudo(&mut browser, &path, 400, &[]).await;
    pseudo(&mut browser, &format!("{path}?code=a"), 200, &[]).await;
    server.test.advance(2 * MINUTE);
    let session = backend.session(json!({ "expires_in": 60 })).await;
    server.test.advance(2 * MINUTE);
    pseudo(&mut browser, link(&session), 410, &[]).await;
}

#[tokio::test]
async fn choices_failures_and_reconnects_say_nothing_that_is_not_in_the_files() {
    let server = TestServer::start().await;
    let (session, mut browser) = with_two_providers(&server).await;
    pseudo(&mut browser, link(&session), 200, &[]).await;
    browser.post(link(&session), "").await.expect(303);
    pseudo(&mut browser, link(&session), 200, &[]).await;
    browser.accepts("en-XA");
    all_from_the_files(&browser.post(link(&session), "provider=other").await.expect(422), &[]);
    let provider = browser.post(link(&session), "provider=zoom").await.location();
    let back = server.test.sandbox.consent(&ConsentRequest::decline(&provider, "ada@example.com")).unwrap();
    let back = format!("{}&error_description=Nein", back.split("&error_description").next().unwrap());
    let result = browser.get(&back).await.location();
    pseudo(&mut browser, &result, 200, &["Nein"]).await;
    assert_eq!(browser.post(&result, "done=1").await.location(), result);
    pseudo(&mut browser, &result, 200, &["Nein"]).await;
    let backend = server.backend().await;
    let session = backend.session(json!({ "providers": ["zoom"] })).await;
    let mut connecting = server.browser();
    let callback = server.consented(&mut connecting, link(&session)).await;
    connecting.get(&callback).await.expect(303);
    let accounts = backend.get("/v1/connected-accounts").await.expect(200).json();
    let account = text(&accounts["data"][0], "id").to_owned();
    let path = format!("/v1/connected-accounts/{account}/reconnect-link");
    let session = backend.post(&path, json!({})).await.expect(201).json();
    pseudo(&mut browser, text(&session, "url"), 200, &[]).await;
    server.test.vault.set_provider_config_disabled(&server.test.caller, "zoom", true).await.ok().unwrap();
    pseudo(&mut browser, text(&session, "url"), 200, &[]).await;
}

#[tokio::test]
async fn self_service_says_nothing_that_is_not_in_the_files() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    let link = backend.post("/v1/end-users/user_42/manage-link", json!({})).await.expect(201).json();
    let (link, mut browser) = (text(&link, "url"), server.browser());
    // Scopes are told by the catalogue, which knows no pseudo-language.
    let profile = "See your profile: name, e-mail address, time zone";
    let meetings = ["See the list of your meetings", "Schedule meetings for you"];
    let named = ["ada@example.com", profile, meetings[0], meetings[1]];
    pseudo(&mut browser, link, 200, &named).await;
    let ask = format!("{link}/disconnect/{account}");
    pseudo(&mut browser, &ask, 200, &named).await;
    let over = browser.post(&ask, "").await.location();
    pseudo(&mut browser, &over, 200, &named).await;
    pseudo(&mut browser, "/connect/manage/guess", 404, &[]).await;
}
