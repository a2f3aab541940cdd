//! Calls to a provider's API through the vault: `/v1/proxy/{connected account}/{path}`.

use crate::auth::{Backend, ProxyCall};
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::body::Body;
use axum::extract::{Request, State as From};
use axum::http::Uri;
use axum::response::Response;
use http_body_util::BodyExt as _;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use model::ids::ConnectedAccountId;
use vault::{NotProxied, NotProxiedCode, ProxyAnswer, ProxyRequest, ProxyUpgrade};

/// What every address of the proxy begins with.
pub(crate) const PREFIX: &str = "/v1/proxy/";

/// Hands a request to the provider and its answer back.
pub(crate) async fn call(
    From(state): From<State>,
    Backend(caller, ..): Backend<ProxyCall>,
    request: Request,
) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let (id, path) = address(&parts.uri).ok_or_else(Problem::not_found)?;
    let upgrade = parts.extensions.remove::<OnUpgrade>();
    let request = ProxyRequest {
        path: path.to_owned(),
        query: parts.uri.query().map(str::to_owned),
        method: parts.method,
        headers: parts.headers,
        body: body.map_err(|error| Box::new(error) as _).boxed_unsync(),
    };
    let mut answer = state.vault.proxy(&caller, id, request).await?;
    if let (Some(provider), Some(ours)) = (answer.upgrade.take(), upgrade) {
        tokio::spawn(join(provider, ours));
    }
    Ok(respond(answer))
}

/// The account, and the raw path behind it.
fn address(uri: &Uri) -> Option<(ConnectedAccountId, &str)> {
    let rest = uri.path().strip_prefix(PREFIX)?;
    let (id, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Some((id.parse().ok()?, path))
}

/// Waits until the answer has left, then lets both sides talk.
async fn join(provider: ProxyUpgrade, ours: OnUpgrade) {
    match ours.await {
        Ok(ours) => provider.join(TokioIo::new(ours)).await,
        Err(error) => tracing::debug!(error = vault::chain(&error), "A WebSocket's caller left before it began."),
    }
}

fn respond(answer: ProxyAnswer) -> Response {
    let mut response = Response::new(Body::new(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

/// What Keybearer itself answers instead of the provider.
pub(crate) fn problem(refusal: NotProxied) -> Problem {
    let code = match refusal.code {
        NotProxiedCode::PathRefused => Code::PathRefused,
        NotProxiedCode::MethodRefused => Code::MethodNotAllowed,
        NotProxiedCode::PolicyRefused => Code::NotAllowedByPolicy,
        NotProxiedCode::NoApiBase => Code::NoApiBase,
        NotProxiedCode::RequestTooLarge => Code::TooLarge,
        NotProxiedCode::RequestInterrupted => Code::RequestInterrupted,
        NotProxiedCode::AnswerTooLarge => Code::AnswerTooLarge,
        NotProxiedCode::Unreachable => Code::ProviderUnreachable,
        NotProxiedCode::TimedOut => Code::ProviderTimedOut,
    };
    Problem::new(code, refusal.detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vault_and_the_api_call_a_reason_the_same() {
        use NotProxiedCode::*;
        let all = [
            PathRefused,
            MethodRefused,
            PolicyRefused,
            NoApiBase,
            RequestTooLarge,
            RequestInterrupted,
            AnswerTooLarge,
            Unreachable,
            TimedOut,
        ];
        for code in all {
            let written: serde_json::Value =
                serde_json::from_str(&problem(NotProxied { code, detail: String::new() }).to_json("")).unwrap();
            assert_eq!(written["code"], code.as_str());
        }
    }
}
