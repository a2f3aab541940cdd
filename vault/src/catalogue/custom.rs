//! What is shown of a custom provider that has no words of its own: facts from its entry, and the usual way.

use super::{ClientAuthentication, Entry, Pkce};
use model::providers::{Guide, GuideStep, Property, ProviderSummary};

/// The way to a custom provider, as a card that every catalogue ends with.
pub fn custom_card() -> ProviderSummary {
    ProviderSummary {
        slug: "custom".to_owned(),
        name: "Custom OAuth 2.0 / OpenID Connect".to_owned(),
        description: "Any other provider: by its issuer URL, or by hand.".to_owned(),
        category: "Custom".to_owned(),
        icon: super::icon("generic"),
    }
}

pub(super) fn properties(entry: &Entry) -> Vec<Property> {
    let pkce = if entry.authorize.pkce == Pkce::Always { "S256" } else { "Not sent" };
    let authentication = match entry.client.authentication {
        ClientAuthentication::Basic => "In the header",
        ClientAuthentication::Body => "In the body",
    };
    let rotates = if entry.refresh.rotates { "Rotate: each works once" } else { "Stay the same" };
    let facts = [
        ("Issuer", entry.authorize.issuer.as_deref()),
        ("Authorization endpoint", Some(entry.endpoints.authorize.as_str())),
        ("Token endpoint", Some(entry.endpoints.token.as_str())),
        ("Client authentication", Some(authentication)),
        ("PKCE", Some(pkce)),
        ("Refresh tokens", Some(rotates)),
    ];
    let property =
        |(label, value): (&str, Option<&str>)| Some(Property { label: label.to_owned(), value: value?.to_owned() });
    facts.into_iter().filter_map(property).collect()
}

pub(super) fn guide() -> Guide {
    let step = |title: &str, text: &str, shows_redirect_uri: bool| GuideStep {
        title: title.to_owned(),
        text: text.to_owned(),
        path: Vec::new(),
        shows_redirect_uri,
        shows_events_url: false,
    };
    Guide {
        before: None,
        steps: vec![
            step(
                "Register an OAuth client",
                "On the provider's own pages; it may be called an app or an integration. Enter this redirect URI there.",
                true,
            ),
            step(
                "Copy its credentials",
                "Client ID and Client Secret go into the form. Choose a confidential client.",
                false,
            ),
        ],
        mistakes: Vec::new(),
    }
}
