//! The pages of the sandbox: plain HTML, no script.

mod consent;
mod home;
mod layout;
mod markup;

pub(crate) use consent::consent;
pub(crate) use home::home;

use crate::http::Answer;
use hyper::StatusCode;
use markup::escape;

/// A page that says why something did not go on.
pub(crate) fn refusal(title: &str, sentence: &str) -> Answer {
    let body = format!(r#"<div class="head"><h1>{}</h1><p>{}</p></div>"#, escape(title), escape(sentence));
    layout::narrow(StatusCode::BAD_REQUEST, title, &body)
}
