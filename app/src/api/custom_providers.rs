//! Custom providers, and newer entries of providers that are set up.
#![expect(clippy::too_many_arguments, reason = "the arguments of a server function are the fields of its form")]

use crate::api::Within;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::custom_providers::{CustomProviderView, Discovered, EntryOffer};
use serde::{Deserialize, Serialize};

/// What the page for a new custom provider shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// The issuer that was asked; empty when none was.
    pub issuer: String,
    /// What it announces.
    pub discovered: Option<Discovered>,
    /// Why it announces nothing that counts; empty when nothing went wrong.
    pub problem: String,
}

/// Asks the issuer in the page's address, if there is one. Nothing is saved.
#[server(output = Json)]
pub async fn read_custom_start(
    /// The application's id.
    app: String,
    /// The issuer.
    issuer: String,
) -> Result<Within<Start>, PageError> {
    use vault::VaultError::{Invalid, TooManyAttempts};
    let inside = crate::session::application(&app).await?;
    let mut start = Start { issuer: issuer.trim().to_owned(), ..Start::default() };
    if !start.issuer.is_empty() && inside.includes(model::people::Role::Developer) {
        match inside.vault.discover(&inside.caller, &start.issuer).await {
            Ok(found) => start.discovered = Some(found),
            Err(Invalid(invalid)) => start.problem = invalid.summary,
            Err(TooManyAttempts { .. }) => {
                start.problem = "Issuers were asked too often; try again in ten minutes.".to_owned();
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(inside.show(start))
}

/// One custom provider.
#[server(output = Json)]
pub async fn read_custom_provider(
    /// The application's id.
    app: String,
    /// Its slug.
    slug: String,
) -> Result<Within<CustomProviderView>, PageError> {
    let inside = crate::session::application(&app).await?;
    let provider = inside.vault.custom_provider(&inside.caller, &slug).await?;
    Ok(inside.show(provider))
}

/// Saves a custom provider, a new one where there is no slug.
#[server(output = Json)]
pub async fn save_custom_provider(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The slug; empty for a new one.
    #[server(default)]
    slug: String,
    /// Its name.
    #[server(default)]
    name: String,
    /// The issuer identifier.
    #[server(default)]
    issuer: String,
    /// The authorization endpoint.
    #[server(default)]
    authorize: String,
    /// The token endpoint.
    #[server(default)]
    token: String,
    /// The revocation endpoint.
    #[server(default)]
    revoke: String,
    /// The user info endpoint.
    #[server(default)]
    userinfo: String,
    /// The keys of ID tokens.
    #[server(default)]
    jwks: String,
    /// The base of the API.
    #[server(default)]
    api_base: String,
    /// How the client signs in.
    #[server(default)]
    authentication: String,
    /// How scopes are sent.
    #[server(default)]
    scope: String,
    /// Present when an answer without `iss` is refused.
    #[server(default)]
    iss_required: Option<String>,
    /// Everything else, in TOML.
    #[server(default)]
    advanced: String,
    /// What the issuer announced, as JSON.
    #[server(default)]
    announced: String,
) -> Result<(), FormError> {
    use model::paths;
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let form = model::custom_providers::EntryForm {
        name,
        issuer,
        authorize,
        token,
        revoke,
        userinfo,
        jwks,
        api_base,
        authentication,
        scope,
        iss_required: iss_required.is_some(),
        advanced,
        announced,
    };
    let known = Some(slug.as_str()).filter(|slug| !slug.is_empty());
    let saved = inside.vault.save_custom_provider(&inside.caller, known, &form).await?;
    let view = inside.vault.custom_provider(&inside.caller, &saved).await?;
    let (app, name) = (inside.caller.application(), view.summary.name);
    let (page, said) = match view.used_by.first() {
        Some(key) => (
            paths::provider_config(app, key),
            format!("{name}'s entry is saved. What is set up goes on with the one it has until you adopt this one."),
        ),
        None => {
            (paths::new_provider_config(app, &saved), format!("{name} is saved. Now enter your app's credentials."))
        }
    };
    crate::flash::redirect_with(&page, &said);
    Ok(())
}

/// Removes a custom provider that is not set up.
#[server(output = Json)]
pub async fn remove_custom_provider(
    /// The application's id.
    #[server(default)]
    app: String,
    /// Its slug.
    #[server(default)]
    slug: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let view = inside.vault.custom_provider(&inside.caller, &slug).await?;
    inside.vault.remove_custom_provider(&inside.caller, &slug).await?;
    let catalogue = model::paths::catalogue(inside.caller.application());
    crate::flash::redirect_with(&catalogue, &format!("{} is removed from the catalogue.", view.summary.name));
    Ok(())
}

/// Asks the issuer of a custom provider what it announces now.
#[server(output = Json)]
pub async fn check_metadata(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The custom provider's slug.
    #[server(default)]
    slug: String,
) -> Result<(), FormError> {
    use model::custom_providers::MetadataCheck;
    let inside = crate::session::application(&app).await?;
    let (outcome, why) = inside.vault.check_metadata(&inside.caller, &slug).await?;
    crate::flash::say(match outcome {
        MetadataCheck::Unchanged => "The issuer announces what it did before.",
        MetadataCheck::Changed => "The issuer announces something else than before. Look at what changes.",
        MetadataCheck::Failed => &why,
    });
    Ok(())
}

/// The newer entry that a provider config could run on, if there is one.
#[server(output = Json)]
pub async fn read_entry_offer(
    /// The application's id.
    app: String,
    /// The provider config's key.
    key: String,
) -> Result<Within<Option<EntryOffer>>, PageError> {
    let inside = crate::session::application(&app).await?;
    let offer = inside.vault.entry_offer(&inside.caller, &key).await?;
    Ok(inside.show(offer))
}

/// Takes over the newer entry that was looked at.
#[server(output = Json)]
pub async fn adopt_entry(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The provider config's key.
    #[server(default)]
    key: String,
    /// Names the entry that was looked at.
    #[server(default)]
    hash: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    inside.vault.adopt_entry(&inside.caller, &key, &hash).await?;
    let page = model::paths::provider_config(inside.caller.application(), &key);
    crate::flash::redirect_with(&page, "The new entry is in force.");
    Ok(())
}
