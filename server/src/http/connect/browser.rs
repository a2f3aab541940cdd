//! The cookie that tells the browser that pressed Continue from every other.

use crate::problem::log_failure;
use crate::state::State;
use axum::http::{HeaderMap, HeaderValue, header};

const DAY: u32 = 24 * 60 * 60;

/// A browser, by its cookie.
pub(super) struct Browser {
    value: String,
    name: &'static str,
}

impl Browser {
    /// The browser that sends the request, if it has pressed Continue before.
    pub(super) fn of(state: &State, headers: &HeaderMap) -> Option<Self> {
        let name = name(state);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let value = pairs.find(|(known, value)| *known == name && is_shaped(value))?.1.to_owned();
        Some(Self { value, name })
    }

    /// The same, or one that gets its cookie with the answer. `None` when there are no random numbers.
    pub(super) fn of_or_new(state: &State, headers: &HeaderMap) -> Option<Self> {
        Self::of(state, headers).or_else(|| {
            let value = vault::new_browser().inspect_err(log_failure).ok()?.expose().clone();
            Some(Self { value, name: name(state) })
        })
    }

    /// The cookie's value, which only this browser knows.
    pub(super) fn value(&self) -> &str {
        &self.value
    }

    /// The cookie, good for one more day.
    pub(super) fn cookie(&self) -> Option<HeaderValue> {
        let secure = if self.name.starts_with("__Host-") { "; Secure" } else { "" };
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={DAY}{secure}", self.name, self.value);
        HeaderValue::try_from(cookie).ok()
    }
}

fn name(state: &State) -> &'static str {
    if state.connect_url.scheme() == "https" { "__Host-keybearer-connect" } else { "keybearer-connect" }
}

/// Anything else is not of our making.
fn is_shaped(value: &str) -> bool {
    value.len() == 43 && value.bytes().all(|b| b.is_ascii_alphanumeric())
}
