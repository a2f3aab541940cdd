//! How an application's connect pages look.

use crate::api::Within;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::branding::Branding;
use serde::{Deserialize, Serialize};

/// What the branding page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandingPage {
    /// What is stored.
    pub branding: Branding,
    /// A provider that end users of the application connect; `None` as long as there is none.
    pub provider: Option<String>,
}

/// An application's branding.
#[server(output = Json)]
pub async fn read_branding(
    /// The application's id.
    app: String,
) -> Result<Within<BrandingPage>, PageError> {
    let inside = crate::session::application(&app).await?;
    let branding = inside.vault.branding(&inside.caller).await?;
    let choices = inside.vault.provider_choices(&inside.caller).await?;
    let provider = match choices.into_iter().find(|choice| choice.works) {
        Some(choice) => Some(inside.vault.provider_of_config(&inside.caller, &choice.key).await?.summary.name),
        None => None,
    };
    Ok(inside.show(BrandingPage { branding, provider }))
}

/// Changes name, colours and support address.
#[server(output = Json)]
pub async fn change_branding(
    /// The application's id.
    #[server(default)]
    app: String,
    /// What end users see instead of the application's name.
    #[server(default)]
    display_name: String,
    /// The accent on light pages.
    #[server(default)]
    accent: String,
    /// The accent on dark pages.
    #[server(default)]
    accent_dark: String,
    /// Where end users find help.
    #[server(default)]
    support: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let change = vault::BrandingChange { display_name, accent, accent_dark, support };
    inside.vault.change_branding(&inside.caller, &change).await?;
    crate::flash::say("The branding is saved.");
    Ok(())
}

/// Puts a logo on the connect pages.
#[server(output = Json)]
pub async fn change_logo(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The picture in base64, as the server makes it of an uploaded file.
    #[server(default)]
    logo: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let bytes = crate::session::uploaded(&logo);
    inside.vault.change_logo(&inside.caller, bytes).await?;
    crate::flash::say("The logo is saved.");
    Ok(())
}

/// Takes the logo away.
#[server(output = Json)]
pub async fn remove_logo(
    /// The application's id.
    #[server(default)]
    app: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    inside.vault.remove_logo(&inside.caller).await?;
    crate::flash::say("The logo is removed.");
    Ok(())
}
