//! Tokens that are always fresh: `…/token`, `…/refresh` and `/v1/token`.

use super::body::Body;
use super::path::Id;
use crate::auth::{Backend, Presented};
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::{HeaderName, StatusCode, header};
use data_encoding::HEXLOWER_PERMISSIVE;
use model::ids::ConnectedAccountId;
use serde::Serialize;
use vault::{AccessToken, ApplicationCaller, SECOND, TokenRequest, VaultError};

/// A year of seconds: the vault caps what is asked for at what a new token has.
const LONGEST: u64 = 31_536_000;

/// A token answer. This type is where an access token leaves the vault.
#[derive(Serialize)]
pub(crate) struct TokenAnswer {
    access_token: String,
    token_type: String,
    expires_at: Option<String>,
    scopes: Vec<String>,
    provider: String,
    api_base_url: Option<String>,
    connected_account: ConnectedAccountId,
}

/// What became of a refresh that was asked for.
#[derive(Serialize)]
pub(crate) struct RefreshAnswer {
    refreshed: bool,
}

type NoStore<T> = ([(HeaderName, &'static str); 1], Json<T>);

/// A token of a connected account.
pub(crate) async fn by_account(
    From(state): From<State>,
    presented: Presented,
    id: Result<Id<ConnectedAccountId>, Problem>,
    body: Result<Body, Problem>,
) -> Result<NoStore<TokenAnswer>, Problem> {
    let asked = id.and_then(|Id(id)| Ok((id, finished(body?)?)));
    let token = match &asked {
        Ok((id, request)) => state.vault.token(&presented.key, *id, *request, &presented.request_id).await?,
        // Mistakes are told to those alone whose key is good.
        Err(_) if state.vault.authenticate(&presented.key).await?.is_none() => None,
        Err(mistake) => return Err(mistake.clone()),
    };
    match token {
        Some(token) => Ok(no_store(answer(token))),
        None => Err(presented.refuse(&state).await),
    }
}

/// The same by end user and provider.
pub(crate) async fn by_end_user(
    From(state): From<State>,
    Backend(caller): Backend,
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
    Ok(Problem::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail))
}

/// Refreshes now, or joins a refresh under way.
pub(crate) async fn refresh(
    From(state): From<State>,
    Backend(caller): Backend,
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
