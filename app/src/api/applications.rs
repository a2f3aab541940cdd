//! Applications, their settings and return addresses.

use crate::api::Within;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::applications::{ApplicationCounts, ApplicationLine, ApplicationView, FirstSteps};
use model::figures::{AccountFigures, Attention, Happened};
use model::provider_configs::ProviderChoice;
use serde::{Deserialize, Serialize};

/// All applications of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applications {
    /// The organization's name.
    pub organization: String,
    /// Whether the member may make one.
    pub may_change: bool,
    /// The applications, newest first.
    pub applications: Vec<ApplicationLine>,
}

/// What an application's overview shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// When it was made.
    pub created_at: String,
    /// Whether a connect session counts only once a backend has confirmed it.
    pub confirmation_required: bool,
    /// How much it has.
    pub counts: ApplicationCounts,
    /// How far it has come.
    pub first_steps: FirstSteps,
    /// What needs attention, the most pressing first.
    pub attention: Vec<Attention>,
    /// Connected accounts by state.
    pub accounts: AccountFigures,
    /// What happened within the window.
    pub happened: Happened,
    /// Its provider configs, for trying one out.
    pub provider_configs: Vec<ProviderChoice>,
    /// How a backend connects and fetches a token.
    pub snippets: Vec<Snippet>,
}

/// Code for an application's backend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// What it does.
    pub label: String,
    /// The code.
    pub text: String,
}

/// The organization's applications.
#[server(output = Json)]
pub async fn read_applications() -> Result<Applications, PageError> {
    use crate::session;
    let member = session::member().await?;
    let view = member.view();
    Ok(Applications {
        organization: view.organization_name,
        may_change: view.role.includes(model::people::Role::Developer),
        applications: session::vault()?.application_lines(&member).await?,
    })
}

/// Whether the visitor may make one: a form that would be refused is not shown.
#[server(output = Json)]
pub async fn may_add_application() -> Result<(), PageError> {
    let member = crate::session::member().await?;
    let may = member.view().role.includes(model::people::Role::Developer);
    if may { Ok(()) } else { Err(PageError::Forbidden.answer()) }
}

/// Makes an application and goes there.
#[server(output = Json)]
pub async fn add_application(
    /// Its name.
    #[server(default)]
    name: String,
    /// `development` or `production`.
    #[server(default)]
    environment: String,
) -> Result<(), FormError> {
    use crate::session;
    let member = session::member().await?;
    let Ok(environment) = environment.parse() else {
        let error = FormError::new("The application is not created: check the fields below.");
        return error.field("environment", "Choose development or production.").refuse();
    };
    let made = session::vault()?.add_application(&member, &name, environment).await?;
    crate::flash::redirect_with(&model::paths::application(made.id), &format!("{} is created.", made.name));
    Ok(())
}

/// An application's overview.
#[server(output = Json)]
pub async fn read_overview(
    /// The application's id.
    app: String,
    /// The time that figures tell of; 24 hours when it is none.
    window: String,
    /// What snippets are written in; curl when it is none.
    language: String,
) -> Result<Within<Overview>, PageError> {
    use model::applications::Language;
    use model::figures::Window;
    let inside = crate::session::application(&app).await?;
    let (vault, caller) = (&inside.vault, &inside.caller);
    let application = vault.application(caller).await?;
    let provider_configs = vault.provider_choices(caller).await?;
    let language = language.parse().unwrap_or(Language::Curl);
    let config = provider_configs.iter().find(|config| config.works).or(provider_configs.first());
    let key = config.map(|config| config.key.as_str());
    Ok(inside.show(Overview {
        created_at: application.created_at,
        confirmation_required: application.confirmation_required,
        counts: vault.application_counts(caller).await?,
        first_steps: vault.first_steps(caller).await?,
        attention: vault.attention(caller).await?,
        accounts: vault.account_figures(caller).await?,
        happened: vault.happened(caller, window.parse().unwrap_or(Window::Day)).await?,
        snippets: crate::snippets::snippets(language, &crate::session::origin(), key),
        provider_configs,
    }))
}

/// What the settings show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The application.
    pub application: ApplicationView,
    /// Whether the member may say that no token is handed out.
    pub may_set_proxy_only: bool,
}

/// An application's settings.
#[server(output = Json)]
pub async fn read_application(
    /// The application's id.
    app: String,
) -> Result<Within<Settings>, PageError> {
    let inside = crate::session::application(&app).await?;
    let application = inside.vault.application(&inside.caller).await?;
    let may_set_proxy_only = inside.includes(model::people::Role::Admin);
    Ok(inside.show(Settings { application, may_set_proxy_only }))
}

/// Changes an application's name and whether confirmation is demanded.
#[server(output = Json)]
pub async fn change_application(
    /// The application's id.
    #[server(default)]
    app: String,
    /// Its name.
    #[server(default)]
    name: String,
    /// Present when every connect session asks the backend to confirm.
    #[server(default)]
    confirmation_required: Option<String>,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let change = vault::ApplicationChange { name, confirmation_required: confirmation_required.is_some() };
    inside.vault.change_application(&inside.caller, &change).await?;
    crate::flash::say("The settings are saved.");
    Ok(())
}

/// Says whether backends get tokens at all.
#[server(output = Json)]
pub async fn set_proxy_only(
    /// The application's id.
    #[server(default)]
    app: String,
    /// Present when they do not.
    #[server(default)]
    proxy_only: Option<String>,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    inside.vault.set_proxy_only(&inside.caller, proxy_only.is_some()).await?;
    crate::flash::say(match proxy_only {
        Some(_) => "No token is handed out from now on.",
        None => "Tokens are handed out to the keys that may have them.",
    });
    Ok(())
}

/// Adds an address to which browsers may return.
#[server(output = Json)]
pub async fn add_return_address(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The address.
    #[server(default)]
    return_address: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let url = inside.vault.add_return_address(&inside.caller, &return_address).await?;
    crate::flash::say(&format!("{url} is added."));
    Ok(())
}

/// Removes such an address.
#[server(output = Json)]
pub async fn remove_return_address(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The address.
    #[server(default)]
    url: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    inside.vault.remove_return_address(&inside.caller, &url).await?;
    crate::flash::say(&format!("{url} is removed."));
    Ok(())
}
