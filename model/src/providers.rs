//! Providers as the catalogue describes them.

use serde::{Deserialize, Serialize};

/// What the slugs of custom providers begin with, and those of no file of a catalogue.
pub const CUSTOM: &str = "custom-";

/// One line of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderSummary {
    /// The entry's id: its file's name.
    pub slug: String,
    /// The name people know it by.
    pub name: String,
    /// One sentence: what a connected account gives access to.
    pub description: String,
    /// The category in words: "Communication".
    pub category: String,
    /// Inline SVG.
    pub icon: String,
}

/// Everything that the set-up page shows of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Provider))]
pub struct ProviderView {
    /// What the catalogue lists.
    #[serde(flatten)]
    pub summary: ProviderSummary,
    /// Facts in words, in the order in which to show them.
    pub properties: Vec<Property>,
    /// The way through the provider's own pages.
    pub guide: Guide,
    /// Pages of the provider worth opening.
    pub links: Vec<Link>,
    /// How many characters a client id usually has.
    pub client_id_length: Option<usize>,
    /// How many characters a client secret usually has.
    pub client_secret_length: Option<usize>,
    /// The provider's own words for what its notices need, if it sends any.
    pub events: Option<EventsWords>,
}

/// A provider's own words for where its notices go and what they are signed with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventsWords {
    /// The address: "Deauthorization Notification Endpoint URL".
    pub url_label: String,
    /// The secret: "Secret Token".
    pub secret_label: String,
}

/// A fact about a provider: "Refresh tokens: rotate, each works once".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Property {
    /// What it is about.
    pub label: String,
    /// The fact.
    pub value: String,
}

/// A page elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What to call it.
    pub label: String,
    /// Its address.
    pub url: String,
}

/// How to set the provider up, step by step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// What the developer needs before the first step.
    #[serde(default)]
    pub before: Option<String>,
    /// The steps in order.
    #[serde(default)]
    pub steps: Vec<GuideStep>,
    /// What goes wrong often, and how it shows.
    #[serde(default)]
    pub mistakes: Vec<Mistake>,
}

/// One step of a guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GuideStep {
    /// What is done: "Create a General App".
    pub title: String,
    /// Where and how, in plain text.
    pub text: String,
    /// The way through the provider's menus: `["Develop", "Build App"]`.
    #[serde(default)]
    pub path: Vec<String>,
    /// Whether the redirect URI is shown with this step, because it is pasted here.
    #[serde(default)]
    pub shows_redirect_uri: bool,
    /// Whether the provider events URL is shown with this step.
    #[serde(default)]
    pub shows_events_url: bool,
}

/// A mistake worth a warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Mistake {
    /// What one sees.
    pub symptom: String,
    /// What to do.
    pub cure: String,
}
