//! How a backend signs in: an API key as a bearer token.

use crate::layers::request_log::RequestId;
use crate::layers::visitor::Visitor;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::extract::{FromRequestParts, Request};
use axum::http::{HeaderMap, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::api_keys::KeyScope;
use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use vault::{ApplicationCaller, RequestSource};

/// What a handler asks of a key, as a type: no handler has a caller without saying so in its signature.
pub(crate) trait Asks {
    /// The scope; none where any key will do.
    const SCOPE: Option<KeyScope>;
}

macro_rules! scopes {
    ($($name:ident,)+) => { $(
        #[doc = concat!("[`KeyScope::", stringify!($name), "`].")]
        pub(crate) struct $name;

        impl Asks for $name {
            const SCOPE: Option<KeyScope> = Some(KeyScope::$name);
        }
    )+ };
}

scopes! {
    TokensRead,
    ConnectedAccountsRead,
    ConnectedAccountsWrite,
    ConnectedAccountsImport,
    ConnectSessionsRead,
    ConnectSessionsWrite,
    EndUsersRead,
    EndUsersWrite,
    EventsRead,
    ProxyCall,
    ProviderConfigsRead,
    ProviderConfigsWrite,
    ApplicationRead,
    ApplicationWrite,
    WebhookEndpointsRead,
    WebhookEndpointsWrite,
}

/// Any key of the application.
pub(crate) struct AnyKey;

impl Asks for AnyKey {
    const SCOPE: Option<KeyScope> = None;
}

/// The application whose key the request carries, if the key has the scope that is asked for.
pub(crate) struct Backend<A: Asks>(pub(crate) ApplicationCaller, pub(crate) PhantomData<A>);

impl<A: Asks> FromRequestParts<State> for Backend<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let caller = match parts.extensions.remove::<Known>() {
            Some(Known(caller)) => Some(caller),
            None => caller_of(parts, state).await?,
        };
        let Some(caller) = caller else { return Err(refuse(address(parts), state).await) };
        if let Some(scope) = A::SCOPE {
            caller.require_scope(scope)?;
        }
        if let Some(Asked(asked)) = parts.extensions.get::<Asked>() {
            asked.get_or_init(|| A::SCOPE);
        }
        Ok(Self(caller, PhantomData))
    }
}

/// Who calls, where a layer before the handler has found out already.
#[derive(Clone)]
pub(crate) struct Known(pub(crate) ApplicationCaller);

/// Where a layer learns what a handler has asked of the key: nothing, before the key was let in.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<OnceLock<Option<KeyScope>>>);

impl Asked {
    /// The scope, once the key was let in; none where any key will do.
    pub(crate) fn scope(&self) -> Option<Option<KeyScope>> {
        self.0.get().copied()
    }
}

/// The application whose key a request carries, whatever it may do; `None` when it is nobody's.
pub(crate) async fn caller_of(parts: &Parts, state: &State) -> Result<Option<ApplicationCaller>, Problem> {
    let Some(key) = bearer(&parts.headers) else { return Ok(None) };
    let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let caller = state.vault.authenticate(key, address(parts)).await?;
    Ok(caller.map(|caller| caller.in_request(request_id)))
}

/// The key that a request carries, not looked up yet: a token read does so in the statement that reads the token, scope and
/// all.
pub(crate) struct Presented {
    pub(crate) key: String,
    request_id: String,
    address: Option<IpAddr>,
}

impl Presented {
    /// Where the request came from, for the audit log.
    pub(crate) fn source(&self) -> RequestSource<'_> {
        RequestSource { request_id: &self.request_id, address: self.address }
    }

    /// What to answer when it is nobody's key.
    pub(crate) async fn refuse(&self, state: &State) -> Problem {
        refuse(self.address, state).await
    }
}

impl FromRequestParts<State> for Presented {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let address = address(parts);
        let Some(key) = bearer(&parts.headers) else { return Err(refuse(address, state).await) };
        let key = key.to_owned();
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        Ok(Self { key, request_id, address })
    }
}

/// Refuses keys in the address, valid or not: addresses end up in logs and histories.
pub(crate) async fn no_key_in_query(request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let is_key = |text: &str| ["kb_live_", "kb_test_"].iter().any(|prefix| text.contains(prefix));
    if form_urlencoded::parse(query.as_bytes()).any(|(name, value)| is_key(&name) || is_key(&value)) {
        let detail =
            "Addresses are written down in logs: replace this key, and send the new one as Authorization: Bearer.";
        return Problem::new(Code::KeyInQuery, detail).into_response();
    }
    next.run(request).await
}

/// The key that a request carries.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

fn address(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<Visitor>().map(|visitor| visitor.address)
}

/// 401, until an address has been refused too often. What this process has counted too often already is not counted in
/// the database again: whoever floods it with bad keys makes it write nothing.
async fn refuse(address: Option<IpAddr>, state: &State) -> Problem {
    let Some(address) = address else { return Problem::unauthorized() };
    if let Err(wait) = state.refusals.count(address, state.vault.clock().now()) {
        return Problem::too_many(wait);
    }
    match state.vault.count_refused_key(&address.to_string()).await {
        Ok(()) => Problem::unauthorized(),
        Err(error) => error.into(),
    }
}
