use super::*;

fn map(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        map.append(*name, value.parse().unwrap());
    }
    map
}

fn lines(map: &HeaderMap) -> Vec<(&str, &str)> {
    let mut lines: Vec<_> = map.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn what_names_the_caller_or_another_request_is_not_sent() {
    let from = map(&[
        ("accept", "application/json"),
        ("authorization", "Bearer kb_test_x"),
        ("cf-connecting-ip", "1.2.3.4"),
        ("connection", "close, X-Hop"),
        ("content-type", "text/plain"),
        ("cookie", "a=b"),
        ("expect", "100-continue"),
        ("forwarded", "for=1.2.3.4"),
        ("host", "vault.example.com"),
        ("idempotency-key", "the provider's"),
        ("keybearer-anything", "x"),
        ("proxy-authorization", "Basic x"),
        ("te", "trailers"),
        ("transfer-encoding", "chunked"),
        ("true-client-ip", "1.2.3.4"),
        ("upgrade", "h2c"),
        ("x-forwarded-for", "1.2.3.4"),
        ("x-hop", "1"),
        ("x-http-method-override", "DELETE"),
        ("x-own", "1"),
        ("x-own", "2"),
    ]);
    let expected = [
        ("accept", "application/json"),
        ("content-type", "text/plain"),
        ("idempotency-key", "the provider's"),
        ("x-own", "1"),
        ("x-own", "2"),
    ];
    assert_eq!(lines(&to_provider(&from, false)), expected);
    assert!(!is_websocket(&from));
    let websocket = map(&[("connection", "keep-alive, Upgrade"), ("upgrade", "WebSocket"), ("sec-websocket-key", "x")]);
    assert!(is_websocket(&websocket));
    let expected = [("connection", "Upgrade"), ("sec-websocket-key", "x"), ("upgrade", "websocket")];
    assert_eq!(lines(&to_provider(&websocket, true)), expected);
}

#[test]
fn what_would_speak_for_this_server_is_not_returned() {
    let token = Secret::new("the-token".to_owned());
    let from = map(&[
        ("access-control-allow-origin", "*"),
        ("cache-control", "public, max-age=60"),
        ("connection", "x-hop"),
        ("content-length", "5"),
        ("content-security-policy", "default-src *"),
        ("etag", "\"1\""),
        ("keybearer-upstream", "forged"),
        ("link", "<https://api.example.com/next>; rel=\"next\""),
        ("location", "https://cdn.example.com/file"),
        ("ratelimit", "\"day\";r=0;t=9"),
        ("ratelimit", "\"second\";r=1;t=1"),
        ("ratelimit-policy", "\"day\";q=100;w=86400"),
        ("retry-after", "7"),
        ("set-cookie", "a=b"),
        ("strict-transport-security", "max-age=1"),
        ("transfer-encoding", "chunked"),
        ("www-authenticate", "Bearer"),
        ("x-accel-redirect", "/internal"),
        ("x-echo", "Bearer the-token!"),
        ("x-hop", "1"),
        ("x-ratelimit-remaining", "0"),
        ("x-request-id", "theirs"),
        ("x-sendfile", "/etc/passwd"),
    ]);
    let expected = [
        ("cache-control", "no-store"),
        ("content-length", "5"),
        ("content-security-policy", "sandbox"),
        ("etag", "\"1\""),
        ("keybearer-upstream", "provider"),
        ("keybearer-upstream-ratelimit", "\"day\";r=0;t=9"),
        ("keybearer-upstream-ratelimit", "\"second\";r=1;t=1"),
        ("keybearer-upstream-ratelimit-policy", "\"day\";q=100;w=86400"),
        ("keybearer-upstream-request-id", "theirs"),
        ("keybearer-upstream-www-authenticate", "Bearer"),
        ("link", "<https://api.example.com/next>; rel=\"next\""),
        ("location", "https://cdn.example.com/file"),
        ("retry-after", "7"),
        ("x-content-type-options", "nosniff"),
        ("x-ratelimit-remaining", "0"),
    ];
    assert_eq!(lines(&to_caller(&from, &token, false)), expected);
}
