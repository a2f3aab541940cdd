//! `/v1/provider-configs`: client secret and webhook secret go in and never come out.

use super::body::Body;
use super::path::Id;
use crate::auth::{Backend, ProviderConfigsRead, ProviderConfigsWrite};
use crate::openapi::tags;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use model::Page;
use model::provider_configs::{ProbeVerdict, ProviderConfigForBackends as Config, ProviderConfigState};
use serde::Serialize;
use utoipa::ToSchema;
use vault::{Invalid, SaveProviderConfig, Saved, Secret, VaultError};

/// What became of a save.
#[derive(Serialize, ToSchema)]
#[schema(as = SavedProviderConfig)]
pub(crate) struct SavedConfig {
    #[serde(flatten)]
    config: Config,
    /// What the provider said of the credentials; null when they did not change.
    verdict: Option<ProbeVerdict>,
    /// What looked odd but was no reason to refuse: whitespace trimmed, an unusual length.
    notes: Vec<String>,
}

/// What became of a removal.
#[derive(Serialize, ToSchema)]
#[schema(as = RemovedProviderConfig)]
pub(crate) struct Removed {
    /// Its key.
    key: String,
    /// Always `removed`.
    state: ProviderConfigState,
    /// How many connected accounts were revoked with it.
    revoked_accounts: usize,
}

/// A provider config to save.
#[derive(ToSchema)]
#[schema(as = NewProviderConfig)]
#[expect(dead_code, reason = "it describes the body that `read` reads")]
pub(crate) struct NewConfig {
    /// The provider's slug; the key when absent.
    provider: Option<String>,
    /// The OAuth client id, from the provider's page.
    client_id: String,
    /// Its secret. It is never shown again. Absent or empty keeps the stored one.
    #[schema(write_only)]
    client_secret: Option<String>,
    /// What the provider signs its notices with. Absent or empty keeps the stored one, null forgets it.
    #[schema(write_only)]
    webhook_secret: Option<String>,
    /// Scopes to ask for.
    scopes: Option<Vec<String>>,
    /// Saves although the provider refuses the credentials or they look wrong.
    save_anyway: Option<bool>,
}

/// Lists provider configs.
///
/// All of them, by key.
#[utoipa::path(
    get,
    path = "/v1/provider-configs",
    operation_id = "listProviderConfigs",
    tag = tags::PROVIDER_CONFIGS,
    responses((status = 200, body = Page<Config>, description = "All provider configs.")),
    security(("api_key" = ["provider_configs:read"])),
)]
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller, ..): Backend<ProviderConfigsRead>,
) -> Result<Json<Page<Config>>, Problem> {
    let data = state.vault.provider_configs(&caller).await?.into_iter().map(Config::from).collect();
    Ok(Json(Page { data, next_cursor: None }))
}

/// Reads a provider config.
#[utoipa::path(
    get,
    path = "/v1/provider-configs/{key}",
    operation_id = "getProviderConfig",
    tag = tags::PROVIDER_CONFIGS,
    params(("key" = String, Path, description = "The key of the provider config: the provider's slug unless a second one is wanted.")),
    responses((status = 200, body = Config, description = "The provider config.")),
    security(("api_key" = ["provider_configs:read"])),
)]
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller, ..): Backend<ProviderConfigsRead>,
    Id(key): Id<String>,
) -> Result<Json<Config>, Problem> {
    Ok(Json(Config::from(state.vault.provider_config(&caller, &key).await?)))
}

/// Saves a provider config.
///
/// Makes it under its key, or changes it. The provider is asked about new credentials first.
#[utoipa::path(
    put,
    path = "/v1/provider-configs/{key}",
    operation_id = "saveProviderConfig",
    tag = tags::PROVIDER_CONFIGS,
    params(("key" = String, Path, description = "The key of the provider config: the provider's slug unless a second one is wanted.")),
    request_body = NewConfig,
    responses((status = 200, body = SavedConfig, description = "It is saved.")),
    security(("api_key" = ["provider_configs:write"])),
    extensions(("x-problems" = json!([Code::CredentialsRejected, Code::Doubtful, Code::AlreadyExists]))),
)]
pub(crate) async fn save(
    From(state): From<State>,
    Backend(caller, ..): Backend<ProviderConfigsWrite>,
    Id(key): Id<String>,
    body: Body,
) -> Result<Json<SavedConfig>, Problem> {
    let form = read(body, key)?;
    let unknown = VaultError::field("provider", format!("The catalogue has no provider \"{}\".", form.provider));
    let saved = state.vault.save_provider_config(&caller, form).await;
    match saved.map_err(|error| if matches!(error, VaultError::NotFound) { unknown } else { error })? {
        Saved::Saved(saved) => {
            let saved = *saved;
            Ok(Json(SavedConfig { config: Config::from(saved.config), verdict: saved.verdict, notes: saved.notes }))
        }
        Saved::Rejected { words, .. } => Err(rejected(&words)),
        Saved::Doubtful { doubts, .. } => {
            let summary = "Nothing is saved; look at these fields, or send \"save_anyway\": true.".to_owned();
            Err(Problem::invalid(Invalid { summary, fields: doubts }).coded(Code::Doubtful))
        }
    }
}

/// Removes a provider config.
///
/// Its connected accounts are revoked, which is final.
#[utoipa::path(
    delete,
    path = "/v1/provider-configs/{key}",
    operation_id = "removeProviderConfig",
    tag = tags::PROVIDER_CONFIGS,
    params(("key" = String, Path, description = "The key of the provider config: the provider's slug unless a second one is wanted.")),
    responses((status = 200, body = Removed, description = "It is removed.")),
    security(("api_key" = ["provider_configs:write"])),
)]
pub(crate) async fn remove(
    From(state): From<State>,
    Backend(caller, ..): Backend<ProviderConfigsWrite>,
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
    Problem::invalid(invalid).coded(Code::CredentialsRejected)
}
