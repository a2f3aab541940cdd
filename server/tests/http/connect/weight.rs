//! Connect pages are light: end users open them on phones, once.

use super::link::with_two_providers;
use crate::support::{Answer, Browser, TestServer, link, text};
use serde_json::json;
use std::path::Path;
use vault::BrandingChange;

/// HTML and every sheet, before compression; the logo is the application's own matter.
const MOST: usize = 20 * 1024;
const LANGUAGES: [&str; 6] = ["en", "de", "fr", "es", "pt", "ja"];

/// The partials of the style sheet without indentation, which is what is served in debug builds; releases are smaller.
fn sheet() -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
    let list = std::fs::read_to_string(folder.join("connect.list")).unwrap();
    let partials = list.lines().map(|name| std::fs::read_to_string(folder.join(name)).unwrap());
    partials.map(|text| text.lines().map(|line| line.trim().len() + 1).sum::<usize>()).sum()
}

/// What a page brings besides itself: one sheet of ours, perhaps one of colours, perhaps a logo.
#[track_caller]
fn assets(page: &Answer) -> Vec<String> {
    let after = |mark: &'static str| page.body.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
    let sheets = after("rel=\"stylesheet\" href=\"").map(|address| address.replace("&amp;", "&"));
    assert!(!page.body.contains("<script src") && !page.body.contains("wasm") && !page.body.contains("@import"));
    assert!(after("src=\"").all(|address| address.starts_with("/brand/logo/")), "{}", page.body);
    sheets.collect()
}

async fn weigh(browser: &mut Browser, what: &str, page: &Answer) {
    let mut total = page.body.len();
    for address in assets(page) {
        total += if address.ends_with("/connect.css") {
            sheet()
        } else {
            browser.get(&address).await.expect(200).body.len()
        };
    }
    println!("{what}: {total} bytes, {} of them HTML", page.body.len());
    assert!(total <= MOST, "{what}: {total} bytes of {MOST}");
}

async fn branded(server: &TestServer) {
    let change = BrandingChange {
        display_name: "Acme Calendar and Meetings for Teams".into(),
        accent: "#0f766e".into(),
        accent_dark: "#5eead4".into(),
        support: "https://acme.example/help/connected-accounts".into(),
    };
    server.test.vault.change_branding(&server.test.caller, &change).await.ok().unwrap();
}

#[tokio::test]
async fn connect_pages_weigh_less_than_twenty_kilobytes_in_every_language() {
    let server = TestServer::start().await;
    branded(&server).await;
    let (session, mut begun) = with_two_providers(&server).await;
    let one = server.backend().await.session(json!({ "providers": ["zoom"] })).await;
    begun.post(link(&session), "").await.expect(303);
    let gone = server.backend().await.session(json!({ "expires_in": 60 })).await;
    server.test.advance(2 * vault::MINUTE);
    for language in LANGUAGES {
        begun.accepts(language);
        let mut browser = server.browser();
        browser.accepts(language);
        let page = browser.get(link(&one)).await.expect(200);
        weigh(&mut browser, &format!("{language}: one provider"), &page).await;
        let page = begun.get(link(&session)).await.expect(200);
        weigh(&mut browser, &format!("{language}: a choice of providers"), &page).await;
        let page = browser.get(link(&gone)).await.expect(410);
        weigh(&mut browser, &format!("{language}: an expired link"), &page).await;
    }
}

#[tokio::test]
async fn self_service_weighs_less_than_twenty_kilobytes_with_two_accounts_in_every_language() {
    let server = TestServer::start().await;
    branded(&server).await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    server.test.connect("user_42", "grace@example.com").await;
    let link = backend.post("/v1/end-users/user_42/manage-link", json!({})).await.expect(201).json();
    let (link, mut browser) = (text(&link, "url").to_owned(), server.browser());
    for language in LANGUAGES {
        browser.accepts(language);
        let page = browser.get(&link).await.expect(200);
        assert_eq!(page.body.matches("class=\"connect-account\"").count(), 2);
        weigh(&mut browser, &format!("{language}: two accounts"), &page).await;
        let page = browser.get(&format!("{link}/disconnect/{account}")).await.expect(200);
        weigh(&mut browser, &format!("{language}: the question"), &page).await;
    }
}
