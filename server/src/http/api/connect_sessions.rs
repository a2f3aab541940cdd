//! `/v1/connect-sessions`: inviting end users.

use super::body::Body;
use super::path::Id;
use super::query::Query;
use crate::auth::Backend;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::{StatusCode, Uri};
use model::Page;
use model::connect_sessions::{Completion, ConnectSessionView};
use model::connected_accounts::EndUserView;
use model::ids::ConnectSessionId;
use vault::NewConnectSession;

/// Opens a session; the answer alone has its `url`.
pub(crate) async fn create(
    From(state): From<State>,
    Backend(caller): Backend,
    body: Body,
) -> Result<(StatusCode, Json<ConnectSessionView>), Problem> {
    let new = read(body)?;
    Ok((StatusCode::CREATED, Json(shown(state.vault.open_connect_session(&caller, new).await?))))
}

/// One session.
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller): Backend,
    Id(id): Id<ConnectSessionId>,
) -> Result<Json<ConnectSessionView>, Problem> {
    Ok(Json(shown(state.vault.connect_session(&caller, id).await?)))
}

/// The application's sessions, newest first.
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller): Backend,
    uri: Uri,
) -> Result<Json<Page<ConnectSessionView>>, Problem> {
    let mut query = Query::of(&uri);
    let (cursor, limit) = (query.cursor(), query.limit());
    query.finish()?;
    let Page { data, next_cursor } = state.vault.connect_sessions(&caller, cursor, limit).await?;
    Ok(Json(Page { data: data.into_iter().map(shown).collect(), next_cursor }))
}

/// Confirms a session with the code that the browser brought back.
pub(crate) async fn confirm(
    From(state): From<State>,
    Backend(caller): Backend,
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
