//! `/v1/connected-accounts`: what end users have connected.

use super::body::Body;
use super::connect_sessions;
use super::path::Id;
use super::query::Query;
use crate::auth::Backend;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::{StatusCode, Uri};
use model::Page;
use model::connect_sessions::ConnectSessionView;
use model::connected_accounts::{ConnectedAccountView, Revocation};
use model::ids::ConnectedAccountId;
use vault::{AccountChange, Filter};

/// The application's accounts, newest first.
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller): Backend,
    uri: Uri,
) -> Result<Json<Page<ConnectedAccountView>>, Problem> {
    let mut query = Query::of(&uri);
    let filter = Filter {
        end_user_id: query.text("end_user_id"),
        group: query.text("group"),
        provider: query.text("provider"),
        status: query.parsed("status", "One of active, needs_reconnect and revoked."),
        status_reason: query.parsed("status_reason", "One of the reasons that accounts have."),
        search: query.text("search"),
        not_used_since: query.instant("not_used_since"),
        created_from: query.instant("created_from"),
        created_before: query.instant("created_before"),
        ..Filter::default()
    };
    let (cursor, limit) = (query.cursor(), query.limit());
    query.finish()?;
    Ok(Json(state.vault.connected_accounts(&caller, &filter, cursor, limit).await?))
}

/// One account.
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller): Backend,
    Id(id): Id<ConnectedAccountId>,
) -> Result<Json<ConnectedAccountView>, Problem> {
    Ok(Json(state.vault.connected_account(&caller, id).await?))
}

/// Changes `label` and `metadata`; what is absent stays.
pub(crate) async fn change(
    From(state): From<State>,
    Backend(caller): Backend,
    Id(id): Id<ConnectedAccountId>,
    mut body: Body,
) -> Result<Json<ConnectedAccountView>, Problem> {
    let change =
        AccountChange { label: body.member("label"), metadata: body.member("metadata").map(Option::unwrap_or_default) };
    body.finish()?;
    Ok(Json(state.vault.change_connected_account(&caller, id, change).await?))
}

/// Revokes an account: every token request begun after the answer is 410.
pub(crate) async fn revoke(
    From(state): From<State>,
    Backend(caller): Backend,
    Id(id): Id<ConnectedAccountId>,
) -> Result<Json<Revocation>, Problem> {
    Ok(Json(state.vault.revoke_connected_account(&caller, id).await?))
}

/// A link by which the end user can renew this account and nothing else.
pub(crate) async fn reconnect_link(
    From(state): From<State>,
    Backend(caller): Backend,
    Id(id): Id<ConnectedAccountId>,
    body: Body,
) -> Result<(StatusCode, Json<ConnectSessionView>), Problem> {
    body.finish()?;
    Ok((StatusCode::CREATED, Json(connect_sessions::shown(state.vault.open_reconnect_link(&caller, id).await?))))
}
