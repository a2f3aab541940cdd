//! The choice of theme: a cookie that lasts a year, and an attribute of the page.

use crate::error::FormError;
use crate::request;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const COOKIE: &str = "theme";
const YEAR: u32 = 365 * 24 * 60 * 60;

/// Which theme somebody has chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::System => "System theme",
            Self::Light => "Light theme",
            Self::Dark => "Dark theme",
        }
    }

    /// What the page's root says: nothing when the system decides.
    pub(crate) fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.as_str())
    }

    /// Remembers the choice and shows it. In the browser only.
    pub(crate) fn apply(self) {
        remember(self);
        let Some(root) = document().document_element() else { return };
        // The root takes any attribute.
        let _ = match self.attribute() {
            Some(theme) => root.set_attribute("data-theme", theme),
            None => root.remove_attribute("data-theme"),
        };
    }
}

/// What the cookie says.
pub fn chosen() -> Theme {
    let cookie = request::cookie(COOKIE);
    Theme::ALL.into_iter().find(|theme| cookie.as_deref() == Some(theme.as_str())).unwrap_or_default()
}

fn remember(theme: Theme) {
    request::set_cookie(COOKIE, theme.as_str(), if theme == Theme::System { 0 } else { YEAR });
}

/// Remembers the choice where scripts are off.
#[server(output = Json)]
pub async fn set_theme(
    /// `system`, `light` or `dark`.
    #[server(default)]
    theme: String,
) -> Result<(), FormError> {
    let chosen = Theme::ALL.into_iter().find(|choice| choice.as_str() == theme);
    remember(chosen.unwrap_or_default());
    Ok(())
}
