use crate::support::{Answer, TestServer, link};
use serde_json::json;
use vault::BrandingChange;

/// The first bytes of a PNG, which is all that is looked at.
fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x20\x08\x06\0\0\0".to_vec();
    bytes.extend([0; 40]);
    bytes
}

#[tokio::test]
async fn a_logo_is_a_picture_of_our_own_origin_that_can_do_nothing() {
    let server = TestServer::start().await;
    let (vault, caller) = (&server.test.vault, &server.test.caller);
    let branding = vault.change_logo(caller, png()).await.ok().unwrap();
    let address = format!("/brand/logo/{}", branding.logo.unwrap());
    let session = server.backend().await.session(json!({})).await;
    server.browser().get(link(&session)).await.expect(200).says(&format!("src=\"{address}\" alt=\"\""));
    let picture = server.client.get(server.url(&address)).send().await.unwrap();
    let header = |name: &str| picture.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
    assert!(header("content-security-policy").contains("default-src 'none'"));
    assert!(header("content-security-policy").ends_with("sandbox"));
    assert_eq!(picture.bytes().await.unwrap(), png());
    vault.remove_logo(caller).await.ok().unwrap();
    let gone = Answer::of(server.client.get(server.url(&address))).await.expect(404);
    assert_eq!(gone.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_brand_is_on_every_page_of_its_application() {
    let server = TestServer::start().await;
    let change = BrandingChange {
        display_name: "Acme <Calendar>".into(),
        accent: "#0f766e".into(),
        accent_dark: String::new(),
        support: "help@acme.example".into(),
    };
    server.test.vault.change_branding(&server.test.caller, &change).await.ok().unwrap();
    let session = server.backend().await.session(json!({})).await;
    let page = server.browser().get(link(&session)).await.expect(200).says("Acme &lt;Calendar&gt;");
    let page = page.says("href=\"mailto:help@acme.example\"").says("href=\"/brand/accent.css?light=0f766e&amp;dark=");
    assert!(!page.body.contains("style=") && !page.body.contains("<style"));
    let sheet = page.body.split("href=\"/brand/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let sheet = server.browser().get(&format!("/brand/{}", sheet.replace("&amp;", "&"))).await.expect(200);
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(sheet.header("cache-control"), "public, max-age=86400");
    sheet.says(".connect{--accent:light-dark(#0f766e, #");
}

#[tokio::test]
async fn what_is_no_colour_gives_an_empty_sheet() {
    let server = TestServer::start().await;
    for odd in ["", "?light=", "?light=red;}body{x", "?light=url(//evil)&dark=1", "?dark=fff"] {
        let sheet = server.browser().get(&format!("/brand/accent.css{odd}")).await.expect(200);
        assert_eq!(sheet.body, "", "{odd}");
    }
    for odd in ["x", "..%2F..", "%00"] {
        server.browser().get(&format!("/brand/logo/{odd}")).await.expect(404);
    }
}
