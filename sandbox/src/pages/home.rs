mod controls;
mod facts;
mod faults;
mod journal;
mod notices;

use super::layout;
use crate::{http::Answer, state::State};
use hyper::StatusCode;

/// The front page: what this is, what to paste into a vault, and a form for everything that can be done to it.
pub(crate) fn home(state: &State, base_url: &str, held: usize) -> Answer {
    let sections = [
        facts::introduction(),
        grid(&[facts::client(), facts::endpoints(base_url)]),
        grid(&[facts::users(state), facts::grants(state)]),
        grid(&[controls::clock(state), controls::install(state)]),
        grid(&[notices::endpoint(state), notices::misbehave(state)]),
        notices::deliveries(state),
        grid(&[faults::set(state), faults::waiting(state, held)]),
        journal::latest(state),
        controls::reset(),
    ];
    layout::wide(StatusCode::OK, "Sandbox provider", &sections.concat())
}

fn grid(sections: &[String]) -> String {
    format!(r#"<div class="grid">{}</div>"#, sections.concat())
}

/// A section with a heading.
fn section(title: &str, body: &str) -> String {
    format!("<section><h2>{title}</h2>{body}</section>")
}

/// A table in a box that scrolls by itself, which a keyboard must be able to reach.
fn table(name: &str, heads: &[&str], rows: &str) -> String {
    let heads: String = heads.iter().map(|head| format!(r#"<th scope="col">{head}</th>"#)).collect();
    format!(
        r#"<div class="scrolls" role="region" aria-label="{name}" tabindex="0">
        <table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"#
    )
}
