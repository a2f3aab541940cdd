//! One answer: a page with its content security policy, or a way on.

use crate::http::assets;
use crate::state::State;
use app::components::{Banner, ConnectFrame, Tone};
use app::document::{Document, Script, document};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;
use url::Url;

/// A page of the hosted connect flow.
pub(super) struct Page {
    pub(super) status: StatusCode,
    /// The application, as the end user knows it; empty where it is not known.
    pub(super) application: String,
    pub(super) title: String,
    /// Addresses to whose origins a form on this page may lead: its policy names them.
    pub(super) leads_to: Vec<String>,
    pub(super) script: Option<Script>,
}

impl Page {
    pub(super) fn new(status: StatusCode, application: &str, title: impl Into<String>) -> Self {
        let title = title.into();
        Self { status, application: application.to_owned(), title, leads_to: Vec::new(), script: None }
    }

    /// Renders the page around `body`.
    pub(super) fn show<V: IntoView + 'static>(
        self,
        state: &State,
        body: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        let policy = self.policy();
        let application = if self.application.is_empty() { "Keybearer".to_owned() } else { self.application };
        let head = Document {
            title: format!("{} · {application}", self.title),
            sheet: assets::connect_sheet(),
            theme: String::new(),
            script: self.script,
        };
        let (title, notice) = (self.title, state.notice.clone());
        let html = document(head, move || {
            view! {
                <ConnectFrame application title>
                    {notice.map(|text| view! { <Banner tone=Tone::Warn>{text}</Banner> })}
                    {body()}
                </ConnectFrame>
            }
        });
        let mut response = (self.status, Html(html)).into_response();
        if let Ok(policy) = HeaderValue::try_from(policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    fn policy(&self) -> String {
        let mut form_action = "'self'".to_owned();
        for source in self.leads_to.iter().filter_map(|address| source(address)) {
            form_action.push(' ');
            form_action.push_str(&source);
        }
        let script = self.script.as_ref().map(|s| format!("script-src 'nonce-{}'; ", s.nonce)).unwrap_or_default();
        format!(
            "default-src 'none'; {script}style-src 'self'; img-src data:; form-action {form_action}; base-uri 'none'; \
             frame-ancestors 'none'"
        )
    }
}

/// Sends the browser on with a GET.
pub(super) fn see_other(address: &str) -> Response {
    match HeaderValue::try_from(address) {
        Ok(address) => (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// How a policy names where an address is: its origin, or the scheme of an app on the device.
fn source(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let origin = url.origin();
    Some(if origin.is_tuple() { origin.ascii_serialization() } else { format!("{}:", url.scheme()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_where_forms_lead_and_nothing_else() {
        let mut page = Page::new(StatusCode::OK, "Acme", "Connect");
        page.leads_to = vec!["https://id.example.com/authorize?x=1".into(), "com.example.app:/done".into(), "x".into()];
        assert_eq!(
            page.policy(),
            "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' https://id.example.com \
             com.example.app:; base-uri 'none'; frame-ancestors 'none'"
        );
    }
}
