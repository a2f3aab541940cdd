//! The catalogue and an application's provider configs.
#![expect(clippy::too_many_arguments, reason = "the arguments of a server function are the fields of its form")]

use crate::api::Within;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::custom_providers::EntryOffer;
use model::provider_configs::{ProviderConfigDetail, ProviderConfigView};
use model::provider_health::Readiness;
use model::providers::{ProviderSummary, ProviderView};
use serde::{Deserialize, Serialize};

/// What the catalogue page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// What can be added.
    pub providers: Vec<ProviderSummary>,
    /// Slugs of those that are set up already.
    pub in_use: Vec<String>,
}

/// What a set-up page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    /// The provider.
    pub provider: ProviderView,
    /// The redirect URI under the key below.
    pub redirect_uri: String,
    /// Where the provider's notices go under that key; `None` when it sends none.
    pub events_url: Option<String>,
    /// The key that was asked for; empty for the slug.
    pub key: String,
    /// Whether the slug is taken as a key.
    pub taken: bool,
    /// The provider config, once there is one.
    pub config: Option<ProviderConfigView>,
    /// A newer entry than the one it runs on.
    pub newer: Option<EntryOffer>,
    /// Whether the entry is the application's own.
    pub custom: bool,
    /// What is known beyond it.
    pub detail: Option<ProviderConfigDetail>,
    /// What is to be done before end users come, where nothing is saved yet.
    pub readiness: Vec<Readiness>,
}

/// The application's provider configs.
#[server(output = Json)]
pub async fn read_provider_configs(
    /// The application's id.
    app: String,
) -> Result<Within<Vec<ProviderConfigView>>, PageError> {
    let inside = crate::session::application(&app).await?;
    let configs = inside.vault.provider_configs(&inside.caller).await?;
    Ok(inside.show(configs))
}

/// What can be added to the application.
#[server(output = Json)]
pub async fn read_catalogue(
    /// The application's id.
    app: String,
) -> Result<Within<Catalogue>, PageError> {
    use model::applications::Environment;
    let inside = crate::session::application(&app).await?;
    let development = inside.caller.environment() == Environment::Development;
    let mut providers: Vec<_> = inside.vault.catalogue().list(development).map(|provider| provider.summary()).collect();
    providers.extend(inside.vault.custom_providers(&inside.caller).await?);
    providers.push(vault::catalogue::custom_card());
    let configs = inside.vault.provider_configs(&inside.caller).await?;
    let in_use = configs.into_iter().map(|config| config.provider.slug).collect();
    Ok(inside.show(Catalogue { providers, in_use }))
}

/// What the page for a new provider config shows.
#[server(output = Json)]
pub async fn read_set_up(
    /// The application's id.
    app: String,
    /// The provider's slug.
    slug: String,
    /// The key for another set-up; empty for the slug.
    key: String,
) -> Result<Within<SetUp>, PageError> {
    let inside = crate::session::application(&app).await?;
    let provider = inside.vault.provider(&inside.caller, &slug).await?;
    let configs = inside.vault.provider_configs(&inside.caller).await?;
    let key: String = key.chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-').collect();
    let redirect_uri = inside.vault.redirect_uri_for(&inside.caller, if key.is_empty() { &slug } else { &key });
    let events_url = provider.events.is_some().then(|| {
        let key = if key.is_empty() { &slug } else { &key };
        inside.vault.provider_events_url(inside.caller.application(), key)
    });
    let taken = configs.iter().any(|config| config.key == slug);
    let custom = provider.summary.slug.starts_with(model::providers::CUSTOM);
    let readiness = inside.vault.readiness_of_new(&inside.caller, &slug).await?;
    let (config, detail, newer) = (None, None, None);
    Ok(inside.show(SetUp { provider, redirect_uri, events_url, key, taken, config, newer, custom, detail, readiness }))
}

/// One provider config.
#[server(output = Json)]
pub async fn read_provider_config(
    /// The application's id.
    app: String,
    /// Its key.
    key: String,
) -> Result<Within<SetUp>, PageError> {
    let inside = crate::session::application(&app).await?;
    let config = inside.vault.provider_config(&inside.caller, &key).await?;
    let provider = inside.vault.provider_of_config(&inside.caller, &key).await?;
    let newer = inside.vault.entry_offer(&inside.caller, &key).await?;
    let custom = provider.summary.slug.starts_with(model::providers::CUSTOM);
    let (redirect_uri, events_url) = (config.redirect_uri.clone(), config.provider_events_url.clone());
    let detail = Some(inside.vault.provider_config_detail(&inside.caller, &key).await?);
    let (config, readiness, taken) = (Some(config), Vec::new(), true);
    Ok(inside.show(SetUp { provider, redirect_uri, events_url, key, taken, config, newer, custom, detail, readiness }))
}

/// Saves a provider config, a new one or changes to one. What the provider refuses is saved only when asked twice.
#[server(output = Json)]
pub async fn save_provider_config(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The provider's slug.
    #[server(default)]
    provider: String,
    /// The key; the slug when empty.
    #[server(default)]
    key: String,
    /// Present on the page for a new one, which must not write over another.
    #[server(default)]
    new: Option<String>,
    /// The OAuth client id.
    #[server(default)]
    client_id: String,
    /// The OAuth client secret; empty keeps the stored one.
    #[server(default)]
    client_secret: String,
    /// The secret that the provider signs its notices with; empty keeps the stored one.
    #[server(default)]
    webhook_secret: String,
    /// Present when the stored one is to be forgotten.
    #[server(default)]
    remove_webhook_secret: Option<String>,
    /// The secrets of a refused save, sealed.
    #[server(default)]
    held_secret: String,
    /// Scopes that are expected to be granted.
    #[server(default)]
    scopes: String,
    /// Present when credentials are saved although the provider refuses them.
    #[server(default)]
    save_anyway: Option<String>,
) -> Result<(), FormError> {
    use crate::session::saved;
    use vault::{Saved, Secret};
    let inside = crate::session::application(&app).await?;
    let secrets = !client_secret.is_empty() || !webhook_secret.is_empty() || !held_secret.is_empty();
    if secrets || remove_webhook_secret.is_some() {
        crate::session::require_recent_proof().await?;
    }
    let key = if key.trim().is_empty() { provider.clone() } else { key.trim().to_owned() };
    let known = inside.vault.provider(&inside.caller, &provider).await;
    let name = known.map_or_else(|_| provider.clone(), |known| known.summary.name);
    if new.is_some() {
        saved::check_complete(&name, &client_id, !client_secret.trim().is_empty() || !held_secret.is_empty())?;
        saved::check_new(&inside, &key).await?;
    }
    let form = vault::SaveProviderConfig {
        provider,
        key: key.clone(),
        client_id,
        client_secret: Secret::new(client_secret),
        webhook_secret: Secret::new(webhook_secret),
        remove_webhook_secret: remove_webhook_secret.is_some(),
        held_secret,
        scopes: vec![scopes],
        save_anyway: save_anyway.is_some_and(|word| !word.is_empty()),
    };
    match inside.vault.save_provider_config(&inside.caller, form).await? {
        Saved::Saved(saved) => {
            let page = model::paths::provider_config(inside.caller.application(), &key);
            crate::flash::redirect_with(&page, &saved::said(&name, &saved));
            Ok(())
        }
        Saved::Doubtful { doubts, notes, held_secret } => saved::doubtful(&name, doubts, notes, held_secret).refuse(),
        Saved::Rejected { words, notes, held_secret } => saved::rejected(&name, &words, notes, held_secret).refuse(),
    }
}

/// Asks the provider about the stored credentials.
#[server(output = Json)]
pub async fn verify_provider_config(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The provider config's key.
    #[server(default)]
    key: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let (verdict, words, config) = inside.vault.verify_provider_config(&inside.caller, &key).await?;
    crate::flash::say(&crate::session::saved::verdict(&config.provider.name, verdict, &words));
    Ok(())
}

/// Switches a provider config off or on.
#[server(output = Json)]
pub async fn set_provider_config_disabled(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The provider config's key.
    #[server(default)]
    key: String,
    /// `on` switches it off, anything else on.
    #[server(default)]
    disabled: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let disabled = disabled == "on";
    let config = inside.vault.set_provider_config_disabled(&inside.caller, &key, disabled).await?;
    let state = if disabled { "disabled" } else { "enabled" };
    crate::flash::say(&format!("{} is {state}.", config.provider.name));
    Ok(())
}

/// Removes a provider config and revokes its connected accounts.
#[server(output = Json)]
pub async fn remove_provider_config(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The provider config's key.
    #[server(default)]
    key: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let config = inside.vault.provider_config(&inside.caller, &key).await?;
    let accounts = inside.vault.remove_provider_config(&inside.caller, &key).await?;
    let revoked = match accounts {
        0 => String::new(),
        1 => " One connected account is revoked.".to_owned(),
        many => format!(" {many} connected accounts are revoked."),
    };
    let providers = model::paths::providers(inside.caller.application());
    crate::flash::redirect_with(&providers, &format!("{} is removed.{revoked}", config.provider.name));
    Ok(())
}
