//! `/settings/security` and `/sign-in/verify`, as a browser with scripts off sees them, and the session behind them.

use crate::support::{Answer, Browser, TestServer, logged};
use vault::testing::code_at;
use vault::{MINUTE, SECOND};

const PASSWORD: &str = "canary-password-123";

/// Sends the form of a page whose server function has this name.
async fn send(browser: &mut Browser, page: &str, function: &str, fields: &[(&str, &str)]) -> Answer {
    let shown = browser.get(page).await.expect(200);
    let action = action_of(&shown.body, function);
    post(browser, page, &action, fields).await
}

pub(crate) async fn post(browser: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("_action", action).extend_pairs(fields);
    browser.post(page, &form.finish()).await
}

#[track_caller]
pub(crate) fn action_of(body: &str, function: &str) -> String {
    let begin = format!("/api/{function}");
    let at = body.find(&begin).unwrap_or_else(|| panic!("{function} in {body}"));
    body[at..].split('"').next().unwrap().to_owned()
}

async fn sign_in(browser: &mut Browser) -> Answer {
    send(browser, "/sign-in", "sign_in", &[("email", "owner@example.com"), ("password", PASSWORD)]).await
}

/// Sets an app up for the founder and gives its key.
async fn with_app(server: &TestServer) -> String {
    let (vault, member) = (&server.test.vault, &server.test.member);
    vault.begin_authenticator(member).await.ok().unwrap();
    let key = vault.authenticator_setup(member).await.ok().unwrap().unwrap().key.expose().clone();
    let code = code_at(&key, server.test.clock.now());
    assert_eq!(vault.confirm_authenticator(member, &code, "").await.ok().unwrap().len(), 10);
    server.test.clock.advance(30 * SECOND);
    key
}

/// The pages that show something of the organization.
async fn sees_nothing(browser: &mut Browser) {
    for page in ["/applications", "/settings/security", "/settings/profile", "/settings/security/authenticator"] {
        assert!(browser.get(page).await.redirected().starts_with("/sign-in?next="), "{page}");
    }
}

#[tokio::test]
async fn who_is_half_signed_in_sees_nothing_until_the_second_step() {
    let server = TestServer::start().await;
    let key = with_app(&server).await;
    let mut browser = server.browser();
    assert!(sign_in(&mut browser).await.location().starts_with("/sign-in/verify?next="));
    let half = browser.cookies();
    sees_nothing(&mut browser).await;
    let wrong = send(&mut browser, "/sign-in/verify", "verify_code", &[("code", "000000")]).await.expect(422);
    wrong.says("This is not a present code");
    sees_nothing(&mut browser).await;
    let code = code_at(&key, server.test.clock.now());
    send(&mut browser, "/sign-in/verify", "verify_code", &[("code", &code)]).await.expect(303);
    assert_ne!(half, browser.cookies(), "each step has an id of its own");
    browser.get("/applications").await.expect(200).says("Acme");
    assert!(!logged().contains(&key) && !logged().contains(&code));
}

#[tokio::test]
async fn the_second_step_is_for_the_browser_that_did_the_first_and_ends_after_ten_minutes() {
    let server = TestServer::start().await;
    let key = with_app(&server).await;
    let (mut first, mut other) = (server.browser(), server.browser());
    sign_in(&mut first).await.expect(303);
    let action = action_of(&first.get("/sign-in/verify").await.expect(200).body, "verify_code");
    let code = code_at(&key, server.test.clock.now());
    let elsewhere = post(&mut other, "/sign-in/verify", &action, &[("code", &code)]).await.location();
    assert_eq!(elsewhere, "/sign-in");
    sees_nothing(&mut other).await;
    assert_eq!(other.get("/sign-in/verify").await.redirected(), "/sign-in");
    server.test.clock.advance(10 * MINUTE);
    let code = code_at(&key, server.test.clock.now());
    assert_eq!(post(&mut first, "/sign-in/verify", &action, &[("code", &code)]).await.location(), "/sign-in");
    sees_nothing(&mut first).await;
}

#[tokio::test]
async fn an_id_from_before_a_privilege_change_is_worth_nothing() {
    let server = TestServer::start().await;
    let key = with_app(&server).await;
    let (mut browser, mut thief) = (server.browser(), server.browser());
    sign_in(&mut browser).await.expect(303);
    thief.take_cookies(&browser);
    let code = code_at(&key, server.test.clock.now());
    send(&mut browser, "/sign-in/verify", "verify_code", &[("code", &code)]).await.expect(303);
    sees_nothing(&mut thief).await;
    thief.take_cookies(&browser);
    thief.get("/applications").await.expect(200);
    server.test.clock.advance(15 * MINUTE);
    let fields = [("proof_password", PASSWORD)];
    let shown = browser.get("/settings/security").await.expect(200);
    let codes = browser.get("/settings/security/recovery-codes").await.expect(200);
    let action = action_of(&codes.body, "renew_recovery_codes");
    post(&mut browser, "/settings/security/recovery-codes", &action, &fields).await.expect(200).says("Recovery codes");
    sees_nothing(&mut thief).await;
    assert!(shown.body.contains("10 left"));
}

/// Whether a whole API key stands in a page.
fn shows_a_key(page: &str) -> bool {
    page.split("kb_test_").skip(1).any(|rest| rest.bytes().take_while(u8::is_ascii_alphanumeric).count() > 20)
}

#[tokio::test]
async fn a_sensitive_form_asks_for_a_proof_after_a_quarter_of_an_hour_and_goes_on_with_it() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    sign_in(&mut browser).await.expect(303);
    let page = format!("/applications/{}/api-keys", server.test.caller.application());
    let fields = [
        ("app", server.test.caller.application().to_string()),
        ("name", "Billing".to_owned()),
        ("scopes[]", "tokens:read".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let added = send(&mut browser, &page, "add_api_key", &fields).await.expect(200);
    assert!(shows_a_key(&added.body));
    server.test.clock.advance(15 * MINUTE);
    let asked = send(&mut browser, &page, "add_api_key", &fields).await.expect(403);
    assert!(
        asked.body.contains("Confirm that it is you") && !shows_a_key(&asked.body),
        "the list shows beginnings of keys"
    );
    assert!(asked.body.contains("value=\"Billing\""), "what was typed is kept");
    let with = |password| [fields.as_slice(), &[("proof_password", password)]].concat();
    let wrong = send(&mut browser, &page, "add_api_key", &with("wrong-password-1")).await.expect(422);
    assert!(wrong.body.contains("This is not your password.") && !wrong.body.contains("wrong-password-1"));
    assert_eq!(server.test.vault.api_keys(&server.test.caller).await.ok().unwrap().len(), 1);
    send(&mut browser, &page, "add_api_key", &with(PASSWORD)).await.expect(200).says("kb_test_");
    send(&mut browser, &page, "add_api_key", &fields).await.expect(200);
    assert_eq!(server.test.vault.api_keys(&server.test.caller).await.ok().unwrap().len(), 3);
}

#[tokio::test]
async fn every_form_about_a_client_secret_asks_for_a_proof_after_a_quarter_of_an_hour() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    sign_in(&mut browser).await.expect(303);
    let app = server.test.caller.application().to_string();
    let detail = server.test.vault.provider_config_detail(&server.test.caller, "zoom").await.ok().unwrap();
    let of_config = format!("/applications/{app}/providers/zoom");
    let of_client = format!("{of_config}/clients/{}/secret", detail.clients[0].id);
    let secret = ("client_secret", "a-new-secret-of-this-client");
    type SentForm<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);
    let forms: [SentForm<'_>; 4] = [
        (&of_config, "save_provider_config", &[("provider", "none"), ("client_id", "any"), secret]),
        (
            &of_config,
            "save_provider_config",
            &[("provider", "none"), ("client_id", "any"), ("remove_webhook_secret", "on")],
        ),
        (&of_client, "add_client_secret", &[("client", "any"), secret]),
        (&of_config, "remove_provider_config", &[]),
    ];
    for (proved, status) in [(true, 404), (false, 403)] {
        for (page, function, more) in forms {
            let fields = [&[("app", app.as_str()), ("key", "none")], more].concat();
            let answer = send(&mut browser, page, function, &fields).await;
            assert_eq!(answer.status, status, "{function} {more:?}, proved: {proved}");
            assert!(!answer.body.contains(secret.1), "{function} gave the secret back");
        }
        server.test.clock.advance(15 * MINUTE);
    }
}

#[tokio::test]
async fn sessions_are_listed_and_one_browser_ends_the_other() {
    let server = TestServer::start().await;
    let (mut here, mut there) = (server.browser(), server.browser());
    sign_in(&mut here).await.expect(303);
    sign_in(&mut there).await.expect(303);
    let page = here.get("/settings/security").await.expect(200).says("This session").says("127.0.0.1");
    assert_eq!(page.body.matches("Unknown browser").count() % 2, 0);
    let secret = there.cookies().split('=').nth(1).unwrap().to_owned();
    assert!(!page.body.contains(&secret), "nobody can take a session over from the list");
    send(&mut here, "/settings/security", "end_other_portal_sessions", &[]).await.expect(303);
    sees_nothing(&mut there).await;
    here.get("/applications").await.expect(200);
}

#[tokio::test]
async fn a_passkey_without_scripts_is_answered_with_the_other_ways() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let answer = send(&mut browser, "/sign-in", "sign_in_with_passkey", &[("passkey", "")]).await.expect(422);
    answer.says("Passkeys need scripts");
}
