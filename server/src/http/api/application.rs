//! `/v1/application`: the caller's own.

use super::body::Body;
use crate::auth::{ApplicationRead, ApplicationWrite, Backend};
use crate::openapi::tags;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use model::applications::{ApplicationView, Environment};
use model::branding::{Accent, Branding};
use model::ids::ApplicationId;
use model::paths;
use serde::Serialize;
use utoipa::ToSchema;
use vault::{ApplicationSettings, BrandingChange};

/// An application with everything that may be set.
#[derive(Serialize, ToSchema)]
pub(crate) struct Application {
    /// Its id.
    id: ApplicationId,
    /// Its name, which end users see at consent.
    name: String,
    /// Development or production.
    environment: Environment,
    /// Exact addresses to which an end user's browser may return.
    return_addresses: Vec<String>,
    /// Every connect session asks the backend to confirm who finished it.
    confirmation_required: bool,
    /// No token is handed out: backends call providers through the proxy alone. A member sets it in the portal.
    proxy_only: bool,
    /// How its connect pages look.
    branding: Look,
    /// When it was created.
    created_at: String,
}

/// How connect pages look; what is null is as Keybearer has it.
#[derive(Serialize, ToSchema)]
#[schema(as = Branding)]
pub(crate) struct Look {
    /// What end users see instead of the application's name.
    display_name: Option<String>,
    /// The colour of buttons and links.
    accent: Option<Accent>,
    /// Where end users find help: an https or mailto address.
    support: Option<String>,
    /// Where the logo is. It is put there in the portal.
    logo_url: Option<String>,
}

/// An application's settings; what is absent stays.
#[derive(ToSchema)]
#[schema(as = ApplicationSettings)]
#[expect(dead_code, reason = "it describes the body that `read` reads")]
pub(crate) struct Settings {
    /// Its name, which end users see at consent.
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    /// Every connect session asks the backend to confirm who finished it.
    confirmation_required: Option<bool>,
    /// All return addresses: those that are not among them are removed.
    return_addresses: Option<Vec<String>>,
    /// How connect pages look, the logo aside.
    branding: Option<NewLook>,
}

/// How connect pages are to look. These four belong together: what is absent or null becomes as Keybearer has it.
#[derive(ToSchema)]
#[schema(as = BrandingSettings)]
#[expect(dead_code, reason = "it describes the body that `read` reads")]
pub(crate) struct NewLook {
    /// What end users see instead of the application's name.
    display_name: Option<String>,
    /// The colour of buttons and links on light pages: `#1f6feb`, `oklch(52% 0.19 264)`. It must be readable.
    accent: Option<String>,
    /// The same on dark pages; made of the other one when absent.
    accent_dark: Option<String>,
    /// Where end users find help: an https or mailto address, or an e-mail address.
    support: Option<String>,
}

/// Reads the application.
///
/// The application that the key belongs to: name, environment, return addresses and branding.
#[utoipa::path(
    get,
    path = "/v1/application",
    operation_id = "getApplication",
    tag = tags::APPLICATION,
    responses((status = 200, body = Application, description = "The application.")),
    security(("api_key" = ["application:read"])),
)]
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller, ..): Backend<ApplicationRead>,
) -> Result<Json<Application>, Problem> {
    let (application, branding) = (state.vault.application(&caller).await?, state.vault.branding(&caller).await?);
    Ok(Json(shown(&state, application, branding)))
}

/// Saves the application's settings.
///
/// All in one step: either everything is as sent, or nothing has changed. What is absent stays.
#[utoipa::path(
    put,
    path = "/v1/application",
    operation_id = "saveApplication",
    tag = tags::APPLICATION,
    request_body = Settings,
    responses((status = 200, body = Application, description = "The application as it is now.")),
    security(("api_key" = ["application:write"])),
)]
pub(crate) async fn save(
    From(state): From<State>,
    Backend(caller, ..): Backend<ApplicationWrite>,
    body: Body,
) -> Result<Json<Application>, Problem> {
    let settings = read(body)?;
    let (application, branding) = state.vault.save_application(&caller, &settings).await?;
    Ok(Json(shown(&state, application, branding)))
}

fn read(mut body: Body) -> Result<ApplicationSettings, Problem> {
    let settings = ApplicationSettings {
        name: body.optional("name"),
        confirmation_required: body.optional("confirmation_required"),
        return_addresses: body.optional("return_addresses"),
        branding: body.optional_object("branding", |look| BrandingChange {
            display_name: look.optional("display_name").unwrap_or_default(),
            accent: look.optional("accent").unwrap_or_default(),
            accent_dark: look.optional("accent_dark").unwrap_or_default(),
            support: look.optional("support").unwrap_or_default(),
        }),
    };
    body.finish()?;
    Ok(settings)
}

fn shown(state: &State, application: ApplicationView, branding: Branding) -> Application {
    let base = state.connect_url.as_str().trim_end_matches('/');
    Application {
        id: application.id,
        name: application.name,
        environment: application.environment,
        return_addresses: application.return_addresses,
        confirmation_required: application.confirmation_required,
        proxy_only: application.proxy_only,
        branding: Look {
            display_name: branding.display_name,
            accent: branding.accent,
            support: branding.support,
            logo_url: branding.logo.map(|hash| format!("{base}{}", paths::logo(&hash))),
        },
        created_at: application.created_at,
    }
}
