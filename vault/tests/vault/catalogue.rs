//! The catalogue's files, and what is said of mistakes in them.

use std::path::Path;
use vault::AllowedHosts;
use vault::catalogue::{Catalogue, ClientAuthentication, Pkce, Reuse, ScopeParameter, Sources};

fn load(files: &[(&str, &str)], sandbox: Option<&str>) -> Result<Catalogue, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    load_from(folder.path(), sandbox).map_err(|e| e.replace(&folder.path().display().to_string(), "…"))
}

fn load_from(folder: &Path, sandbox: Option<&str>) -> Result<Catalogue, String> {
    let sources = Sources { folder: Some(folder), sandbox, allowed: AllowedHosts::default() };
    Catalogue::load(&sources).map_err(|e| e.to_string())
}

#[test]
fn every_built_in_file_loads_and_has_a_guide() {
    let catalogue = load(&[], Some("http://127.0.0.1:4001")).unwrap();
    assert!(catalogue.list(true).count() >= 2);
    for provider in catalogue.list(true) {
        assert!(!provider.entry.guide.steps.is_empty(), "{}", provider.slug);
        assert!(provider.icon.starts_with("<svg"), "{}", provider.slug);
        assert!(provider.entry.errors.iter().any(|e| e.error.as_deref() == Some("invalid_grant")), "{}", provider.slug);
    }
}

#[test]
fn the_sandbox_is_there_only_while_it_runs_and_only_for_development() {
    assert!(load(&[], None).unwrap().get("sandbox").is_none());
    let running = load(&[], Some("http://127.0.0.1:4001")).unwrap();
    assert!(running.get("sandbox").is_some());
    assert!(running.list(false).all(|p| p.slug != "sandbox"));
}

#[test]
fn zooms_entry_says_what_zoom_does() {
    let catalogue = load(&[], None).unwrap();
    let zoom = &catalogue.get("zoom").unwrap().entry;
    assert_eq!(zoom.endpoints.token, "https://zoom.us/oauth/token");
    assert_eq!(zoom.client.authentication, ClientAuthentication::Basic);
    assert_eq!((zoom.authorize.scope, zoom.authorize.pkce), (ScopeParameter::None, Pkce::Never));
    assert_eq!((zoom.refresh.rotates, zoom.refresh.reuse, zoom.refresh.idle_days), (true, Reuse::Refused, Some(90)));
    assert!(zoom.refresh.one_live_set_per_user);
    let events = zoom.provider_events.as_ref().unwrap();
    assert_eq!(events.signature.signed.before_body("1"), "v0:1:");
    assert_eq!((events.signature.past_seconds, events.signature.future_seconds), (24 * 3600, 5 * 60));
    assert_eq!(events.ends_grant, ["app_deauthorized"]);
    assert_eq!(events.challenge.as_ref().unwrap().event, "endpoint.url_validation");
}

#[test]
fn an_overlay_changes_only_what_it_names() {
    let overlay = "extends = \"built-in\"\nname = \"Zoom here\"\n[endpoints]\ntoken = \"{sandbox}/oauth/token\"\n";
    let catalogue = load(&[("zoom.toml", overlay)], Some("http://127.0.0.1:4001")).unwrap();
    let zoom = &catalogue.get("zoom").unwrap().entry;
    assert_eq!(zoom.name, "Zoom here");
    assert_eq!(zoom.endpoints.token, "http://127.0.0.1:4001/oauth/token");
    assert_eq!(zoom.endpoints.authorize, "https://zoom.us/oauth/authorize");
}

fn check(files: &[(&str, &str)], expected: &str) {
    let message = load(files, None).err().unwrap_or_default();
    assert!(message.contains(expected), "{message:?} does not say {expected:?}");
}

const MINIMAL: &str = "name = \"A\"\ncategory = \"C\"\ndescription = \"D\"\nicon = \"generic\"\n\
    [endpoints]\nauthorize = \"https://a.example/authorize\"\ntoken = \"https://a.example/token\"\n\
    [client]\nauthentication = \"basic\"\n[[errors]]\nclass = \"needs_reconnect\"\nerror = \"invalid_grant\"\n";

#[test]
fn mistakes_are_named_with_file_and_line() {
    assert!(load(&[("a.toml", MINIMAL)], None).unwrap().get("a").is_some());
    check(&[("a.toml", &MINIMAL.replace("icon", "icno"))], "…/a.toml, line 4: unknown field `icno`");
    check(&[("a.toml", "name = ")], "…/a.toml");
    check(
        &[("zoom.toml", "extends = \"built-in\"\n\n[refresh]\nrotate = true\n")],
        "…/zoom.toml, line 4: unknown field `rotate`",
    );
    check(&[("b.toml", "extends = \"built-in\"\n")], "there is none of that name");
    check(&[("a.toml", &MINIMAL.replace("https://a.example/token", "http://a.example/token"))], "must be https");
    check(&[("a.toml", &MINIMAL.replace("/authorize\"", "/authorize#x\""))], "neither a fragment");
    check(&[("a.toml", &format!("{MINIMAL}[authorize.parameters]\nstate = \"x\"\n"))], "cannot set state");
    check(&[("a.toml", &format!("{MINIMAL}[authorize]\npkce = \"never\"\n"))], "pkce_reason");
    check(&[("a.toml", &format!("{MINIMAL}[refresh]\nreuse = \"sometimes\"\n"))], "none of");
    check(
        &[("a.toml", &format!("{MINIMAL}[authorize]\nredirect_origins = [\"https://a.example; script-src *\"]\n"))],
        "redirect_origins",
    );
    check(&[("A B.toml", MINIMAL)], "a file's name may hold");
    check(&[("custom-a.toml", MINIMAL)], "belong to applications");
    check(&[("custom.toml", MINIMAL)], "belong to applications");
    let keys = MINIMAL.replace("[endpoints]", "[endpoints]\njwks = \"https://a.example/keys\"");
    check(&[("a.toml", &keys)], "need authorize.issuer");
    check(&[("a.toml", &MINIMAL.replace("https://a.example/token", "{sandbox}/token"))], "KEYBEARER_SANDBOX_LISTEN");
}

const EVENTS: &str = "[provider_events]\nevent = \"/event\"\nends_grant = [\"removed\"]\nuser_id = [\"/user\"]\n\
    ended_at = [{ at = \"/at\", format = \"seconds\" }]\n[provider_events.signature]\nsigned = \"{timestamp}.{body}\"\n\
    header = \"x-signature\"\ntimestamp_header = \"x-timestamp\"\n[provider_events.challenge]\nevent = \"check\"\n\
    token = \"/token\"\nanswer = { token = \"{hmac}\" }\n";

#[test]
fn what_is_wrong_about_provider_events_is_named_too() {
    let with = |from: &str, to: &str| format!("{MINIMAL}{}", EVENTS.replace(from, to));
    let right = load(&[("a.toml", &with("", ""))], None).unwrap();
    let events = right.get("a").unwrap().entry.provider_events.clone().unwrap();
    assert_eq!((events.secret_label.as_str(), events.signature.past_seconds), ("Webhook secret", 86_400));
    let wrong = |from: &str, to: &str, expected: &str| check(&[("a.toml", &with(from, to))], expected);
    wrong("user_id", "user", "…/a.toml, line 16: unknown field `user`");
    wrong("\"/event\"", "\"event\"", "…/a.toml, line 14: \"event\" is not a place in JSON");
    wrong("{timestamp}.{body}", "{body}", "line 19: \"{body}\" must hold {timestamp} once and end in {body}");
    wrong("x-signature", "X-Signature", "is not the name of a header in lower case");
    wrong("format = \"seconds\"", "format = \"minutes\"", "unknown variant `minutes`");
    wrong("[\"removed\"]", "[]", "provider_events.ends_grant is empty");
    wrong("[\"removed\"]", "[\"check\"]", "stands in provider_events.ends_grant too");
    wrong("{hmac}", "{token}", "has no member with {hmac}");
}

#[test]
fn all_mistakes_are_reported_together() {
    let message = load(&[("a.toml", "name = 1"), ("b.toml", "name = 2")], None).err().unwrap();
    assert!(message.contains("/a.toml") && message.contains("/b.toml"));
}

#[test]
fn what_the_proxy_must_know_of_an_api_is_checked() {
    let catalogue = load(&[], Some("http://127.0.0.1:4001")).unwrap();
    let zoom = &catalogue.get("zoom").unwrap().entry.api;
    let covered = |host: &str| zoom.hosts.iter().any(|allowed| allowed.covers(host));
    assert!(
        covered("api-eu.zoom.us") && !covered("zoom.us") && !covered("evilzoom.us") && !covered("zoom.us.evil.example")
    );
    assert_eq!(zoom.expired.len(), 1);
    let check = |section: &str, expected: &str| {
        let overlay = format!("extends = \"built-in\"\n{section}");
        let mistake = load(&[("zoom.toml", &overlay)], None).err().unwrap_or_default();
        assert!(mistake.contains(expected), "{section}: {mistake}");
    };
    check("[api]\nhosts = [\"https://api.zoom.us\"]", "is not a host in lower case");
    check("[api]\nhosts = [\"*.us\"]", "is not a host in lower case");
    check("[api]\nhosts = [\"api.*.us\"]", "is not a host in lower case");
    check("[[api.expired]]\nstatus = 200", "is no status of a refused request");
    check("[[api.expired]]\nstatus = 403", "by its status alone only 401 may count");
    check("[[api.expired]]\nstatus = 401\nvalue = 1", "needs api.expired.body_pointer");
    check("[[api.expired]]\nstatus = 401\nheader_words = \"x\"", "needs api.expired.header");
    check("[[api.expired]]\nstatus = 401\nbody_pointer = \"code\"", "is not a place in JSON");
    check("[[api.expired]]\nstatus = 401\nword = \"x\"", "unknown field");
}
