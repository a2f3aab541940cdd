//! Lists as files, for members with the role: the audit log, and the connected accounts.

pub(crate) mod connected_accounts;

use crate::layers::request_log::RequestId;
use crate::state::State;
use app::session::{member_in, proof_is_recent};
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, Query, State as From};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures::stream::try_unfold;
use model::events::EventFilter;
use model::ids::ApplicationId;
use model::paths;
use tower_sessions::Session;
use vault::{AccountExport, ChainExport, EventExport, ExportFormat, MemberCaller, VaultError};

const FOR: &str = "Only admins and owners may export the audit log.\n";

/// An application's log.
pub(crate) async fn application(
    From(state): From<State>,
    session: Session,
    Extension(RequestId(request)): Extension<RequestId>,
    Path(app): Path<String>,
    Query(filter): Query<EventFilter>,
    uri: Uri,
) -> Response {
    let Ok(app) = app.parse::<ApplicationId>() else { return refused(&VaultError::NotFound, FOR) };
    let (member, format) = match asked(&state, &session, &uri).await {
        Ok(asked) => asked,
        Err(answer) => return answer,
    };
    let caller = match state.vault.enter(&member, app).await {
        Ok(caller) => caller.in_request(request),
        Err(error) => return refused(&error, FOR),
    };
    answer(state.vault.export_events(&caller, filter, format).await, &app.to_string(), format)
}

/// The organization's log.
pub(crate) async fn organization(
    From(state): From<State>,
    session: Session,
    Query(filter): Query<EventFilter>,
    uri: Uri,
) -> Response {
    let (member, format) = match asked(&state, &session, &uri).await {
        Ok(asked) => asked,
        Err(answer) => return answer,
    };
    answer(state.vault.export_organization_events(&member, filter, format).await, "organization", format)
}

/// The organization's whole log with its chain, for `keybearer event verify`.
pub(crate) async fn chain(From(state): From<State>, session: Session, uri: Uri) -> Response {
    let (member, format) = match asked(&state, &session, &uri).await {
        Ok(asked) => asked,
        Err(answer) => return answer,
    };
    match state.vault.export_event_chain(&member, 0).await {
        Ok(export) => file(Written::Chain(Box::new(export)), "events-chain.jsonl", format),
        Err(error) => refused(&error, FOR),
    }
}

/// Who asks, and for which format; otherwise the way to sign in.
async fn asked(state: &State, session: &Session, uri: &Uri) -> Result<(MemberCaller, ExportFormat), Response> {
    let ending = uri.path().rsplit('.').next().and_then(|ending| ending.parse().ok());
    let format = ending.ok_or_else(|| StatusCode::NOT_FOUND.into_response())?;
    let proved = proof_is_recent(&state.vault, session).await.unwrap_or(false);
    match member_in(&state.vault, session).await {
        Ok(Some(member)) if proved => Ok((member, format)),
        Ok(Some(_)) => Err(Redirect::to(&after(paths::DOWNLOAD, uri)).into_response()),
        Ok(None) => Err(Redirect::to(&after(paths::SIGN_IN, uri)).into_response()),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    }
}

/// A page that leads on to the file once its question is answered.
fn after(page: &str, file: &Uri) -> String {
    let file = file.path_and_query().map_or("/", |file| file.as_str());
    let next: String = form_urlencoded::byte_serialize(file.as_bytes()).collect();
    format!("{page}?next={next}")
}

fn answer(begun: Result<EventExport, VaultError>, name: &str, format: ExportFormat) -> Response {
    match begun {
        Ok(export) => file(Written::Events(export), &format!("events-{name}.{}", format.ending()), format),
        Err(error) => refused(&error, FOR),
    }
}

/// What is written piece by piece.
enum Written {
    Events(EventExport),
    Accounts(AccountExport),
    Chain(Box<ChainExport>),
}

impl Written {
    async fn next(&mut self) -> Result<Option<String>, VaultError> {
        match self {
            Self::Events(export) => export.next().await,
            Self::Accounts(export) => export.next().await,
            Self::Chain(export) => export.next().await,
        }
    }
}

/// Read as fast as it is taken: a piece is asked for when the one before has been sent. A failure breaks the connection
/// off, since half a file must not look whole.
fn file(export: Written, name: &str, format: ExportFormat) -> Response {
    let pieces = try_unfold(export, |mut export| async move {
        let piece = export.next().await.inspect_err(|error| {
            tracing::error!(error = vault::chain(error), "An export broke off.");
        })?;
        Ok::<_, VaultError>(piece.map(|piece| (Bytes::from(piece), export)))
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(file) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, file);
    }
    response
}

/// `for_whom` says who may have the file.
fn refused(error: &VaultError, for_whom: &'static str) -> Response {
    let (status, words) = match error {
        VaultError::Invalid(invalid) => {
            let fields = invalid.fields.iter().map(|(name, words)| format!("  {name}: {words}\n"));
            let words = format!("{}\n{}", invalid.summary, fields.collect::<String>());
            return (StatusCode::UNPROCESSABLE_ENTITY, words).into_response();
        }
        VaultError::NotFound => (StatusCode::NOT_FOUND, "There is no such application.\n"),
        VaultError::Forbidden => (StatusCode::FORBIDDEN, for_whom),
        error => {
            tracing::error!(error = vault::chain(error), "An export failed before it began.");
            (StatusCode::INTERNAL_SERVER_ERROR, "The export failed. The log of the server has more.\n")
        }
    };
    (status, words).into_response()
}
