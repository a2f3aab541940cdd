use crate::support::{Answer, TestServer, link};
use serde_json::json;
use vault::BrandingChange;

fn png() -> Vec<u8> {
    vault::testing::png(64, 32)
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

#[tokio::test]
async fn a_picture_far_too_large_comes_back_to_its_form() {
    let server = TestServer::start().await;
    let mut owner = server.browser();
    let form = owner.get("/sign-in").await.form("sign_in").with("email", "owner@example.com");
    owner.post("/sign-in", &form.with("password", "canary-password-123").body()).await.expect(303);
    let page = format!("/applications/{}/branding", server.test.caller.application());
    let form = owner.get(&page).await.form("change_logo");
    let mut body = Vec::new();
    for (name, value) in &form.fields {
        if name != "logo" {
            let part = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
    }
    body.extend(b"--cut\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\n\r\n");
    body.resize(body.len() + 5 * 1024 * 1024, 0);
    body.extend(b"\r\n--cut--\r\n");
    let kind = "multipart/form-data; boundary=cut";
    let request = server.client.post(server.url(&page)).header("content-type", kind).header("cookie", owner.cookies());
    let request = request.header("sec-fetch-site", "same-origin");
    Answer::of(request.body(body)).await.expect(422).says("It is larger than 64 KB");
}
