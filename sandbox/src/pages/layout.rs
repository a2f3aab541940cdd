use super::markup::escape;
use crate::http::{Answer, Content};
use data_encoding::BASE64;
use hyper::{StatusCode, header};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("style.css");

/// A page for one decision.
pub(crate) fn narrow(status: StatusCode, title: &str, body: &str) -> Answer {
    page(status, title, "narrow", body)
}

/// A page with tables.
pub(crate) fn wide(status: StatusCode, title: &str, body: &str) -> Answer {
    page(status, title, "wide", body)
}

fn page(status: StatusCode, title: &str, class: &str, body: &str) -> Answer {
    let title = escape(title);
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} · Sandbox</title><style>{STYLE}</style></head>\
         <body><main class=\"{class}\">{body}</main></body></html>\n"
    );
    // There is no form-action: after "Allow" the browser is redirected to the vault and from there to an application,
    // and the directive would have to name every stop of that journey.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; frame-ancestors 'none'",
        BASE64.encode(&Sha256::digest(STYLE))
    );
    Answer::new(status, Content::Html(html))
        .with(header::CONTENT_SECURITY_POLICY, &policy)
        .with(header::REFERRER_POLICY, "same-origin")
        .with(header::X_FRAME_OPTIONS, "DENY")
}
