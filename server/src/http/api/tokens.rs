//! Tokens that are always fresh: `…/token`, `…/refresh` and `/v1/token`.

use super::body::Body;
use super::path::Id;
use crate::auth::{Backend, ConnectedAccountsWrite, Presented, TokensRead};
use crate::openapi::tags;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::{HeaderName, header};
use data_encoding::HEXLOWER_PERMISSIVE;
use model::api_keys::KeyScope;
use model::ids::ConnectedAccountId;
use serde::Serialize;
use utoipa::ToSchema;
use vault::{AccessToken, ApplicationCaller, SECOND, TokenRequest, VaultError};

/// A year of seconds: the vault caps what is asked for at what a new token has.
const LONGEST: u64 = 31_536_000;

/// A token to call the provider with.
// This type is where an access token leaves the vault.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(crate) struct TokenAnswer {
    /// The token. It is fresh for as long as was asked for.
    access_token: String,
    /// How to send it: `Bearer`.
    token_type: String,
    /// When it ends; null where the provider does not say.
    expires_at: Option<String>,
    /// What it allows.
    scopes: Vec<String>,
    /// The provider's slug.
    provider: String,
    /// Where the provider's API is for this account.
    api_base_url: Option<String>,
    /// Whose token it is.
    connected_account: ConnectedAccountId,
}

/// What became of a refresh that was asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = Refresh)]
pub(crate) struct RefreshAnswer {
    /// Whether there is a new token; false within 30 seconds of the last one.
    refreshed: bool,
}

/// How fresh the token must be.
#[derive(ToSchema)]
#[schema(as = TokenRequest)]
#[expect(dead_code, reason = "it describes the body that `read` reads")]
pub(crate) struct Wanted {
    /// How long it must still be good, in seconds; capped at what a new token has.
    #[schema(minimum = 0)]
    min_ttl_seconds: Option<u64>,
    /// SHA-256 of a token that the provider refused, as 64 hex digits: if that is still the stored one, it is refreshed.
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    rejected_token_sha256: Option<String>,
}

/// Whose token, and how fresh it must be.
#[derive(ToSchema)]
#[schema(as = EndUserTokenRequest)]
#[expect(dead_code, reason = "it describes the body that `by_end_user` reads")]
pub(crate) struct WantedByEndUser {
    /// Your own id of the end user.
    end_user_id: String,
    /// The key of a provider config, or a provider.
    provider: String,
    /// How long it must still be good, in seconds; capped at what a new token has.
    #[schema(minimum = 0)]
    min_ttl_seconds: Option<u64>,
    /// SHA-256 of a token that the provider refused, as 64 hex digits: if that is still the stored one, it is refreshed.
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    rejected_token_sha256: Option<String>,
}

type NoStore<T> = ([(HeaderName, &'static str); 1], Json<T>);

/// Fetches a token.
///
/// An access token that is good for at least a minute, refreshed if need be. Fetch it for each call and keep it nowhere.
/// Never a refresh token.
#[utoipa::path(
    post,
    path = "/v1/connected-accounts/{id}/token",
    operation_id = "fetchToken",
    tag = tags::TOKENS,
    params(("id" = ConnectedAccountId, Path, description = "The connected account.")),
    request_body = Option<Wanted>,
    responses((status = 200, body = TokenAnswer, description = "The token.")),
    security(("api_key" = ["tokens:read"])),
    extensions(("x-problems" = json!([Code::ProxyOnly, Code::NeedsReconnect, Code::ProviderConfigDisabled, Code::Revoked, Code::ProviderUnavailable, Code::ProviderConfigRejected, Code::RefreshInProgress]))),
)]
pub(crate) async fn by_account(
    From(state): From<State>,
    presented: Presented,
    id: Result<Id<ConnectedAccountId>, Problem>,
    body: Result<Body, Problem>,
) -> Result<NoStore<TokenAnswer>, Problem> {
    let asked = id.and_then(|Id(id)| Ok((id, finished(body?)?)));
    let (key, source) = (&presented.key, presented.source());
    let token = match asked {
        Ok((id, request)) => state.vault.token(key, id, request, &source).await?,
        Err(mistake) => match state.vault.authenticate(key, source.address).await? {
            None => None,
            // Mistakes are told to those alone whose key is good.
            Some(caller) => {
                caller.require_scope(KeyScope::TokensRead)?;
                return Err(mistake);
            }
        },
    };
    match token {
        Some(token) => Ok(no_store(answer(token))),
        None => Err(presented.refuse(&state).await),
    }
}

/// Fetches a token by end user.
///
/// The same by your own id of the end user and the provider, as long as one account fits.
#[utoipa::path(
    post,
    path = "/v1/token",
    operation_id = "fetchTokenByEndUser",
    tag = tags::TOKENS,
    request_body = WantedByEndUser,
    responses((status = 200, body = TokenAnswer, description = "The token.")),
    security(("api_key" = ["tokens:read"])),
    extensions(("x-problems" = json!([Code::ProxyOnly, Code::SeveralAccounts, Code::NotFound, Code::NeedsReconnect, Code::ProviderConfigDisabled, Code::Revoked, Code::ProviderUnavailable, Code::ProviderConfigRejected, Code::RefreshInProgress]))),
)]
pub(crate) async fn by_end_user(
    From(state): From<State>,
    Backend(caller, ..): Backend<TokensRead>,
    mut body: Body,
) -> Result<NoStore<TokenAnswer>, Problem> {
    let end_user: Option<String> = body.required("end_user_id");
    let provider: Option<String> = body.required("provider");
    let request = read(&mut body);
    body.finish()?;
    let (end_user, provider) = (end_user.unwrap_or_default(), provider.unwrap_or_default());
    match state.vault.fresh_for(&caller, &end_user, &provider, request).await {
        Ok(token) => Ok(no_store(answer(token))),
        Err(VaultError::NotFound) => Err(not_connected(&state, &caller, &end_user, &provider).await?),
        Err(error) => Err(error.into()),
    }
}

/// Which of the two is unknown, and what to do then.
async fn not_connected(
    state: &State,
    caller: &ApplicationCaller,
    end_user: &str,
    provider: &str,
) -> Result<Problem, Problem> {
    let configs = state.vault.provider_configs(caller).await?;
    let known = configs.iter().any(|config| config.key == provider || config.provider.slug == provider);
    let detail = if known {
        format!("The end user \"{end_user}\" has not connected {provider}: open a connect session for them.")
    } else {
        let keys = configs.iter().map(|config| config.key.as_str()).collect::<Vec<_>>().join(", ");
        format!(
            "This application has no provider \"{provider}\". It has: {}.",
            if keys.is_empty() { "none" } else { &keys }
        )
    };
    Ok(Problem::new(Code::NotFound, detail))
}

/// Refreshes now.
///
/// Joins a refresh under way. Within 30 seconds of the last one nothing is done. Backends seldom need it: tokens are refreshed
/// before they end.
#[utoipa::path(
    post,
    path = "/v1/connected-accounts/{id}/refresh",
    operation_id = "refreshConnectedAccount",
    tag = tags::TOKENS,
    params(("id" = ConnectedAccountId, Path, description = "The connected account.")),
    responses((status = 200, body = RefreshAnswer, description = "What became of it.")),
    security(("api_key" = ["connected_accounts:write"])),
    extensions(("x-problems" = json!([Code::NeedsReconnect, Code::ProviderConfigDisabled, Code::Revoked, Code::ProviderUnavailable, Code::ProviderConfigRejected, Code::RefreshInProgress]))),
)]
pub(crate) async fn refresh(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectedAccountsWrite>,
    Id(id): Id<ConnectedAccountId>,
    body: Body,
) -> Result<NoStore<RefreshAnswer>, Problem> {
    body.finish()?;
    let done = state.vault.refresh_now(&caller, id).await?;
    Ok(no_store(RefreshAnswer { refreshed: done.refreshed }))
}

fn finished(mut body: Body) -> Result<TokenRequest, Problem> {
    let request = read(&mut body);
    body.finish()?;
    Ok(request)
}

fn read(body: &mut Body) -> TokenRequest {
    let min_ttl = body
        .optional::<u64>("min_ttl_seconds")
        .map(|seconds| i64::try_from(seconds.min(LONGEST)).unwrap_or_default() * SECOND);
    let hash: Option<String> = body.optional("rejected_token_sha256");
    let rejected_sha256 = hash.and_then(|hash| {
        let bytes = HEXLOWER_PERMISSIVE.decode(hash.trim().as_bytes()).ok().and_then(|b| <[u8; 32]>::try_from(b).ok());
        if bytes.is_none() {
            body.mistake("rejected_token_sha256", "It must be SHA-256 of the refused access token, as 64 hex digits.");
        }
        bytes
    });
    TokenRequest { min_ttl, rejected_sha256 }
}

fn answer(token: AccessToken) -> TokenAnswer {
    TokenAnswer {
        access_token: token.access_token.expose().clone(),
        token_type: token.token_type,
        expires_at: token.expires_at,
        scopes: token.scopes,
        provider: token.provider,
        api_base_url: token.api_base_url,
        connected_account: token.connected_account,
    }
}

fn no_store<T>(answer: T) -> NoStore<T> {
    ([(header::CACHE_CONTROL, "no-store")], Json(answer))
}
