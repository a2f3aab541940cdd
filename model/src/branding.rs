//! Branding: how an application's connect pages look to end users.

use serde::{Deserialize, Serialize};

/// What a developer has chosen; what is absent is as Keybearer has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Branding {
    /// What end users see instead of the application's name.
    pub display_name: Option<String>,
    /// The colour of buttons and links.
    pub accent: Option<Accent>,
    /// Where end users find help: an https or mailto address.
    pub support: Option<String>,
    /// The hash of the logo's bytes, in hex: its address is made of it.
    pub logo: Option<String>,
}

/// One colour for each mode, as `#rrggbb`. Text in it, and text on it, is readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accent {
    /// On light pages.
    pub light: String,
    /// On dark pages.
    pub dark: String,
    /// Whether the dark one was made of the light one.
    #[serde(default)]
    pub derived: bool,
}
