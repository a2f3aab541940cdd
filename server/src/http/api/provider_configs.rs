//! `/v1/provider-configs`: client secret and webhook secret go in and never come out.

use super::body::Body;
use super::path::Id;
use crate::auth::Backend;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use model::Page;
use model::ids::ProviderConfigId;
use model::provider_configs::{ProbeVerdict, ProviderConfigState, ProviderConfigView};
use serde::Serialize;
use vault::{Invalid, SaveProviderConfig, Saved, Secret, VaultError};

/// A provider config as backends see it: nothing of the secrets.
#[derive(Serialize)]
pub(crate) struct Config {
    id: ProviderConfigId,
    key: String,
    provider: String,
    state: ProviderConfigState,
    verified_at: Option<String>,
    probed_at: Option<String>,
    rejection: Option<String>,
    client_id: String,
    scopes: Vec<String>,
    redirect_uri: String,
    provider_events_url: Option<String>,
    /// Whether the secret is stored without which the provider's notices are refused.
    takes_provider_events: bool,
    active_accounts: i64,
    accounts_needing_reconnect: i64,
    created_at: String,
    updated_at: String,
}

/// What became of a save.
#[derive(Serialize)]
pub(crate) struct SavedConfig {
    #[serde(flatten)]
    config: Config,
    verdict: Option<ProbeVerdict>,
    notes: Vec<String>,
}

/// What became of a removal.
#[derive(Serialize)]
pub(crate) struct Removed {
    key: String,
    state: ProviderConfigState,
    revoked_accounts: usize,
}

/// The application's provider configs, by key.
pub(crate) async fn list(From(state): From<State>, Backend(caller): Backend) -> Result<Json<Page<Config>>, Problem> {
    let data = state.vault.provider_configs(&caller).await?.into_iter().map(config).collect();
    Ok(Json(Page { data, next_cursor: None }))
}

/// One provider config.
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller): Backend,
    Id(key): Id<String>,
) -> Result<Json<Config>, Problem> {
    Ok(Json(config(state.vault.provider_config(&caller, &key).await?)))
}

/// Saves a provider config under its key, after asking the provider about new credentials.
pub(crate) async fn save(
    From(state): From<State>,
    Backend(caller): Backend,
    Id(key): Id<String>,
    body: Body,
) -> Result<Json<SavedConfig>, Problem> {
    let form = read(body, key)?;
    let unknown = VaultError::field("provider", format!("The catalogue has no provider \"{}\".", form.provider));
    let saved = state.vault.save_provider_config(&caller, form).await;
    match saved.map_err(|error| if matches!(error, VaultError::NotFound) { unknown } else { error })? {
        Saved::Saved(saved) => {
            let saved = *saved;
            Ok(Json(SavedConfig { config: config(saved.config), verdict: saved.verdict, notes: saved.notes }))
        }
        Saved::Rejected { words, .. } => Err(rejected(&words)),
        Saved::Doubtful { doubts, .. } => {
            let summary = "Nothing is saved; look at these fields, or send \"save_anyway\": true.".to_owned();
            Err(Problem::invalid(Invalid { summary, fields: doubts }).coded("doubtful"))
        }
    }
}

/// Removes a provider config: its connected accounts are revoked.
pub(crate) async fn remove(
    From(state): From<State>,
    Backend(caller): Backend,
    Id(key): Id<String>,
) -> Result<Json<Removed>, Problem> {
    let revoked_accounts = state.vault.remove_provider_config(&caller, &key).await?;
    Ok(Json(Removed { key, state: ProviderConfigState::Removed, revoked_accounts }))
}

fn read(mut body: Body, key: String) -> Result<SaveProviderConfig, Problem> {
    // Absent or empty keeps the stored one; null forgets it.
    let webhook_secret: Option<Option<String>> = body.member("webhook_secret");
    let remove_webhook_secret = webhook_secret == Some(None);
    let form = SaveProviderConfig {
        provider: body.optional("provider").unwrap_or_else(|| key.clone()),
        key,
        client_id: body.required("client_id").unwrap_or_default(),
        client_secret: Secret::new(body.optional("client_secret").unwrap_or_default()),
        webhook_secret: Secret::new(webhook_secret.flatten().unwrap_or_default()),
        remove_webhook_secret,
        held_secret: String::new(),
        scopes: body.optional("scopes").unwrap_or_default(),
        save_anyway: body.optional("save_anyway").unwrap_or_default(),
    };
    body.finish()?;
    Ok(form)
}

fn rejected(words: &str) -> Problem {
    let field = |name: &str| (name.to_owned(), "The provider does not know these credentials.".to_owned());
    let summary = format!(
        "The provider refuses these credentials: {words}. Nothing is saved; correct them, or send \"save_anyway\": true."
    );
    let invalid = Invalid { summary, fields: vec![field("client_id"), field("client_secret")] };
    Problem::invalid(invalid).coded("credentials_rejected")
}

fn config(view: ProviderConfigView) -> Config {
    Config {
        id: view.id,
        key: view.key,
        provider: view.provider.slug,
        state: view.state,
        verified_at: view.verified_at,
        probed_at: view.probed_at,
        rejection: view.rejection,
        client_id: view.client_id,
        scopes: view.scopes,
        redirect_uri: view.redirect_uri,
        provider_events_url: view.provider_events_url,
        takes_provider_events: view.webhook_secret_stored,
        active_accounts: view.active_accounts,
        accounts_needing_reconnect: view.accounts_needing_reconnect,
        created_at: view.created_at,
        updated_at: view.updated_at,
    }
}
