//! `/v1/connect-sessions`: inviting end users.

use super::body::Body;
use super::path::Id;
use super::query::{Paging, Query};
use crate::auth::{Backend, ConnectSessionsRead, ConnectSessionsWrite};
use crate::openapi::tags;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::{StatusCode, Uri};
use model::Page;
use model::connect_sessions::{Completion, ConnectSessionView};
use model::connected_accounts::EndUserView;
use model::ids::{ConnectSessionId, ConnectedAccountId};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vault::NewConnectSession;

/// A connect session to open.
#[derive(ToSchema)]
#[schema(as = NewConnectSession)]
#[expect(dead_code, reason = "it describes the body that `read` reads")]
pub(crate) struct NewSession {
    /// Your customer.
    end_user: NewEndUser,
    /// Keys of the provider configs on offer; all active ones when absent.
    providers: Option<Vec<String>>,
    /// Where the browser goes at the end: a return address of the application, with any query.
    return_url: Option<String>,
    /// The page that opens the link in a popup and is told when it is done: the origin of a return address.
    origin: Option<String>,
    /// The connected account that this session can only renew.
    reconnect: Option<ConnectedAccountId>,
    /// Who makes a finished session count; `automatic` when absent.
    completion: Option<Completion>,
    /// Scopes to ask for instead of the provider config's own, by its key.
    scopes: Option<BTreeMap<String, Vec<String>>>,
    /// Your own notes, given back with the session.
    metadata: Option<BTreeMap<String, String>>,
    /// How long the link lives, in seconds; 1,800 when absent.
    #[schema(minimum = 60, maximum = 86_400)]
    expires_in: Option<i64>,
}

/// Your customer, by your own id. What is absent stays as it is known.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body that `read` reads")]
pub(crate) struct NewEndUser {
    /// Your own id of the customer. It must not change.
    #[schema(min_length = 1, max_length = 255)]
    id: String,
    /// A name to show.
    name: Option<String>,
    /// An e-mail address to show.
    email: Option<String>,
    /// Your own grouping, such as a company.
    group: Option<String>,
}

/// The code that the browser brought back.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body that `confirm` reads")]
pub(crate) struct Confirmation {
    /// The `code` of the return address.
    code: String,
}

/// Opens a connect session.
///
/// Send the end user's browser to `url`, which this answer alone has. The end user is made or brought up to date by its `id`.
#[utoipa::path(
    post,
    path = "/v1/connect-sessions",
    operation_id = "createConnectSession",
    tag = tags::CONNECT_SESSIONS,
    request_body = NewSession,
    responses((status = 201, body = ConnectSessionView, description = "The session, with its link.")),
    security(("api_key" = ["connect_sessions:write"])),
)]
pub(crate) async fn create(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectSessionsWrite>,
    body: Body,
) -> Result<(StatusCode, Json<ConnectSessionView>), Problem> {
    let new = read(body)?;
    Ok((StatusCode::CREATED, Json(shown(state.vault.open_connect_session(&caller, new).await?))))
}

/// Reads a connect session.
///
/// Once `status` is `completed`, `results` names the connected account of each provider. Read it here: what the browser
/// brings back can be forged.
#[utoipa::path(
    get,
    path = "/v1/connect-sessions/{id}",
    operation_id = "getConnectSession",
    tag = tags::CONNECT_SESSIONS,
    params(("id" = ConnectSessionId, Path, description = "The connect session.")),
    responses((status = 200, body = ConnectSessionView, description = "The session.")),
    security(("api_key" = ["connect_sessions:read"])),
)]
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectSessionsRead>,
    Id(id): Id<ConnectSessionId>,
) -> Result<Json<ConnectSessionView>, Problem> {
    Ok(Json(shown(state.vault.connect_session(&caller, id).await?)))
}

/// Lists connect sessions.
///
/// Newest first. Trials of members are not among them.
#[utoipa::path(
    get,
    path = "/v1/connect-sessions",
    operation_id = "listConnectSessions",
    tag = tags::CONNECT_SESSIONS,
    params(Paging),
    responses((status = 200, body = Page<ConnectSessionView>, description = "A page of sessions.")),
    security(("api_key" = ["connect_sessions:read"])),
)]
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectSessionsRead>,
    uri: Uri,
) -> Result<Json<Page<ConnectSessionView>>, Problem> {
    let mut query = Query::of(&uri);
    let (cursor, limit) = (query.cursor(), query.limit());
    query.finish()?;
    let Page { data, next_cursor } = state.vault.connect_sessions(&caller, cursor, limit).await?;
    Ok(Json(Page { data: data.into_iter().map(shown).collect(), next_cursor }))
}

/// Confirms a connect session.
///
/// For sessions with `completion: "confirmed"`: check that the user who is signed in at your application is the end user of the
/// session, then send the code that came back with the browser. Ten minutes after the consent it is too late.
#[utoipa::path(
    post,
    path = "/v1/connect-sessions/{id}/confirm",
    operation_id = "confirmConnectSession",
    tag = tags::CONNECT_SESSIONS,
    params(("id" = ConnectSessionId, Path, description = "The connect session.")),
    request_body = Confirmation,
    responses((status = 200, body = ConnectSessionView, description = "The session, completed.")),
    security(("api_key" = ["connect_sessions:write"])),
    extensions(("x-problems" = json!([Code::WrongConfirmation, Code::NotAwaitingConfirmation]))),
)]
pub(crate) async fn confirm(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectSessionsWrite>,
    Id(id): Id<ConnectSessionId>,
    mut body: Body,
) -> Result<Json<ConnectSessionView>, Problem> {
    let code: Option<String> = body.required("code");
    body.finish()?;
    Ok(Json(shown(state.vault.confirm_connect_session(&caller, id, &code.unwrap_or_default()).await?)))
}

/// A session as backends see it: the vault's own id of the end user is for the portal.
pub(super) fn shown(mut session: ConnectSessionView) -> ConnectSessionView {
    session.end_user.row = None;
    session
}

fn read(mut body: Body) -> Result<NewConnectSession, Problem> {
    let end_user = body.object("end_user", |user| EndUserView {
        id: user.required("id").unwrap_or_default(),
        name: user.optional("name"),
        email: user.optional("email"),
        group: user.optional("group"),
        row: None,
    });
    let new = NewConnectSession {
        end_user: end_user.unwrap_or_else(|| EndUserView {
            id: String::new(),
            name: None,
            email: None,
            group: None,
            row: None,
        }),
        providers: body.optional("providers").unwrap_or_default(),
        return_url: body.optional("return_url"),
        origin: body.optional("origin"),
        reconnect: body.optional("reconnect"),
        completion: body.optional("completion").unwrap_or(Completion::Automatic),
        scopes: body.optional("scopes").unwrap_or_default(),
        metadata: body.optional("metadata").unwrap_or_default(),
        expires_in: body.optional("expires_in"),
    };
    body.finish()?;
    Ok(new)
}
