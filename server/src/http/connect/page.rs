//! One answer: a page with its content security policy, or a way on.

use super::visit::Visit;
use crate::http::assets;
use app::components::{Banner, ConnectFoot, ConnectFrame, Tone};
use app::document::{Document, Script, document};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;
use model::branding::Branding;
use model::paths;
use url::Url;

/// Whose page it is, where nobody else's is known.
const KEYBEARER: &str = "Keybearer";

/// A page of the hosted connect flow.
pub(super) struct Page {
    pub(super) status: StatusCode,
    /// The application, as the end user knows it.
    pub(super) application: String,
    pub(super) branding: Branding,
    pub(super) title: String,
    /// Addresses to whose origins a form on this page may lead: its policy names them.
    pub(super) leads_to: Vec<String>,
    pub(super) script: Option<Script>,
}

impl Page {
    /// A page of an application.
    pub(super) fn of(application: &str, branding: &Branding, title: impl Into<String>) -> Self {
        let (application, branding, title) = (application.to_owned(), branding.clone(), title.into());
        Self { status: StatusCode::OK, application, branding, title, leads_to: Vec::new(), script: None }
    }

    /// A page about a problem: the application's, where that is known.
    pub(super) fn of_problem(visit: &Visit, status: StatusCode, title: impl Into<String>) -> Self {
        let page = match &visit.brand {
            Some(brand) => Self::of(&brand.application_name, &brand.branding, title),
            None => Self::of(KEYBEARER, &Branding::default(), title),
        };
        Self { status, ..page }
    }

    /// Renders the page around `body`.
    pub(super) fn show<V: IntoView + 'static>(
        self,
        visit: &Visit,
        body: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        let policy = self.policy();
        let Self { status, application, branding, title, script, .. } = self;
        let accent = branding.accent.as_ref().map(|a| {
            let digits = |colour: &str| colour.trim_start_matches('#').to_owned();
            paths::accent_sheet(&digits(&a.light), &digits(&a.dark))
        });
        let words = visit.words;
        let head = Document {
            title: format!("{title} · {application}"),
            language: words.code(),
            sheets: [assets::connect_sheet()].into_iter().chain(accent).collect(),
            theme: String::new(),
            script,
        };
        let notice = visit.state.stand_ins.join(", ");
        let notice = (!notice.is_empty()).then(|| words.with("stands-in", &[("providers", &notice)]));
        let (support, languages) = (branding.support.map(|href| (words.text("support"), href)), visit.languages());
        let foot = move || {
            let (support, languages) = (support.clone(), languages.clone());
            view! { <ConnectFoot text=words.text("foot") support label=words.text("languages") languages/> }
        };
        let html = document(head, move || {
            view! {
                <ConnectFrame application logo=branding.logo.as_deref().map(paths::logo) title foot>
                    {notice.map(|text| view! { <Banner tone=Tone::Warn>{text}</Banner> })}
                    {body()}
                </ConnectFrame>
            }
        });
        let mut response = (status, Html(html)).into_response();
        if let Ok(policy) = HeaderValue::try_from(policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        for (name, value) in visit.headers() {
            response.headers_mut().append(name, value);
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
            "default-src 'none'; {script}style-src 'self'; img-src 'self' data:; form-action {form_action}; base-uri \
             'none'; frame-ancestors 'none'"
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
        let mut page = Page::of("Acme", &Branding::default(), "Connect");
        page.leads_to = vec!["https://id.example.com/authorize?x=1".into(), "com.example.app:/done".into(), "x".into()];
        assert_eq!(
            page.policy(),
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' https://id.example.com \
             com.example.app:; base-uri 'none'; frame-ancestors 'none'"
        );
    }
}
