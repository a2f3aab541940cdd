//! `/v1/connected-accounts`: what end users have connected.

use super::body::Body;
use super::connect_sessions;
use super::path::Id;
use super::query::{Paging, Query};
use crate::auth::{Backend, ConnectSessionsWrite, ConnectedAccountsRead, ConnectedAccountsWrite};
use crate::openapi::tags;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::{StatusCode, Uri};
use model::Page;
use model::connect_sessions::ConnectSessionView;
use model::connected_accounts::{ConnectedAccountStatus, ConnectedAccountView, Revocation, StatusReasonCode};
use model::ids::ConnectedAccountId;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vault::{AccountChange, Filter};

/// What a list of accounts is narrowed by.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters that `list` reads")]
pub(crate) struct Filters {
    /// Your own id of the end user.
    end_user_id: Option<String>,
    /// Your grouping of end users.
    group: Option<String>,
    /// The key of a provider config, or a provider.
    provider: Option<String>,
    /// Whether they work.
    status: Option<ConnectedAccountStatus>,
    /// Why they do not work.
    status_reason: Option<StatusReasonCode>,
    /// Words that begin an id, a name or an e-mail address of the end user.
    search: Option<String>,
    /// Not used since then: a day such as `2026-11-24`, or RFC 3339 in UTC.
    not_used_since: Option<String>,
    /// Connected then or later.
    created_from: Option<String>,
    /// Connected before then.
    created_before: Option<String>,
}

/// What is to change.
#[derive(ToSchema)]
#[schema(as = ConnectedAccountChange)]
#[expect(dead_code, reason = "it describes the body that `change` reads")]
pub(crate) struct Change {
    /// A name of your own; null takes it away.
    label: Option<String>,
    /// Your own notes; they replace those that were there, and null takes them away.
    metadata: Option<BTreeMap<String, String>>,
}

/// Lists connected accounts.
///
/// Newest first. Filters are combined.
#[utoipa::path(
    get,
    path = "/v1/connected-accounts",
    operation_id = "listConnectedAccounts",
    tag = tags::CONNECTED_ACCOUNTS,
    params(Filters, Paging),
    responses((status = 200, body = Page<ConnectedAccountView>, description = "A page of accounts.")),
    security(("api_key" = ["connected_accounts:read"])),
)]
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectedAccountsRead>,
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

/// Reads a connected account.
#[utoipa::path(
    get,
    path = "/v1/connected-accounts/{id}",
    operation_id = "getConnectedAccount",
    tag = tags::CONNECTED_ACCOUNTS,
    params(("id" = ConnectedAccountId, Path, description = "The connected account.")),
    responses((status = 200, body = ConnectedAccountView, description = "The account.")),
    security(("api_key" = ["connected_accounts:read"])),
)]
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectedAccountsRead>,
    Id(id): Id<ConnectedAccountId>,
) -> Result<Json<ConnectedAccountView>, Problem> {
    Ok(Json(state.vault.connected_account(&caller, id).await?))
}

/// Changes a connected account.
///
/// Label and metadata; what is absent stays.
#[utoipa::path(
    patch,
    path = "/v1/connected-accounts/{id}",
    operation_id = "changeConnectedAccount",
    tag = tags::CONNECTED_ACCOUNTS,
    params(("id" = ConnectedAccountId, Path, description = "The connected account.")),
    request_body = Change,
    responses((status = 200, body = ConnectedAccountView, description = "The account as it is now.")),
    security(("api_key" = ["connected_accounts:write"])),
)]
pub(crate) async fn change(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectedAccountsWrite>,
    Id(id): Id<ConnectedAccountId>,
    mut body: Body,
) -> Result<Json<ConnectedAccountView>, Problem> {
    let change =
        AccountChange { label: body.member("label"), metadata: body.member("metadata").map(Option::unwrap_or_default) };
    body.finish()?;
    Ok(Json(state.vault.change_connected_account(&caller, id, change).await?))
}

/// Revokes a connected account.
///
/// This is final. Every token request begun after the answer is 410 on every server, whatever the provider says; what became of
/// the authorization there stands in `provider_revocation`.
#[utoipa::path(
    delete,
    path = "/v1/connected-accounts/{id}",
    operation_id = "revokeConnectedAccount",
    tag = tags::CONNECTED_ACCOUNTS,
    params(("id" = ConnectedAccountId, Path, description = "The connected account.")),
    responses((status = 200, body = Revocation, description = "It is revoked.")),
    security(("api_key" = ["connected_accounts:write"])),
)]
pub(crate) async fn revoke(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectedAccountsWrite>,
    Id(id): Id<ConnectedAccountId>,
) -> Result<Json<Revocation>, Problem> {
    Ok(Json(state.vault.revoke_connected_account(&caller, id).await?))
}

/// Makes a reconnect link.
///
/// A connect session that lives seven days and can only renew this account: the provider's user must be the one who is connected.
#[utoipa::path(
    post,
    path = "/v1/connected-accounts/{id}/reconnect-link",
    operation_id = "createReconnectLink",
    tag = tags::CONNECTED_ACCOUNTS,
    params(("id" = ConnectedAccountId, Path, description = "The connected account.")),
    responses((status = 201, body = ConnectSessionView, description = "The session, with its link.")),
    security(("api_key" = ["connect_sessions:write"])),
    extensions(("x-problems" = json!([Code::Revoked]))),
)]
pub(crate) async fn reconnect_link(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectSessionsWrite>,
    Id(id): Id<ConnectedAccountId>,
    body: Body,
) -> Result<(StatusCode, Json<ConnectSessionView>), Problem> {
    body.finish()?;
    Ok((StatusCode::CREATED, Json(connect_sessions::shown(state.vault.open_reconnect_link(&caller, id).await?))))
}
