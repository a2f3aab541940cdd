//! `/v1/end-users`: the developer's customers, by the developer's own ids.

use super::body::Body;
use super::query::{Paging, Query};
use crate::auth::{Backend, EndUsersRead, EndUsersWrite};
use crate::openapi::tags;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::Json;
use axum::extract::{Path, State as From, rejection::PathRejection};
use axum::http::{StatusCode, Uri};
use model::Page;
use model::end_users::{EndUserRecord, ErasureReport, ManageLinkView};
use utoipa::ToSchema;
use vault::{EndUserChange, EndUserFilter, NewManageLink, VaultError};

/// What a list of end users is narrowed by.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters that `list` reads")]
pub(crate) struct Filters {
    /// Your grouping.
    group: Option<String>,
    /// What an id, a name or an e-mail address begins with, in capitals or not.
    search: Option<String>,
}

/// What is to change; what is absent stays, and null takes away.
#[derive(ToSchema)]
#[schema(as = EndUserChange)]
#[expect(dead_code, reason = "it describes the body that `change` reads")]
pub(crate) struct Change {
    /// A name to show.
    #[schema(max_length = 255)]
    name: Option<String>,
    /// An e-mail address to show.
    #[schema(max_length = 255)]
    email: Option<String>,
    /// Your grouping, such as a company.
    #[schema(max_length = 255)]
    group: Option<String>,
}

/// How the link is to be.
#[derive(ToSchema)]
#[schema(as = NewManageLink)]
#[expect(dead_code, reason = "it describes the body that `manage_link` reads")]
pub(crate) struct NewLink {
    /// How long it lives, in seconds; 3,600 when absent.
    #[schema(minimum = 60, maximum = 86_400)]
    expires_in: Option<i64>,
    /// Where the end user goes afterwards: a return address of the application.
    return_url: Option<String>,
}

/// Lists end users.
///
/// Newest first. An end user is known from its first connect session on.
#[utoipa::path(
    get,
    path = "/v1/end-users",
    operation_id = "listEndUsers",
    tag = tags::END_USERS,
    params(Filters, Paging),
    responses((status = 200, body = Page<EndUserRecord>, description = "A page of end users.")),
    security(("api_key" = ["end_users:read"])),
)]
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller, ..): Backend<EndUsersRead>,
    uri: Uri,
) -> Result<Json<Page<EndUserRecord>>, Problem> {
    let mut query = Query::of(&uri);
    let filter = EndUserFilter { group: query.text("group"), search: query.text("search") };
    let (cursor, limit) = (query.cursor(), query.limit());
    query.finish()?;
    Ok(Json(state.vault.end_users(&caller, &filter, cursor, limit).await?))
}

/// Reads an end user.
#[utoipa::path(
    get,
    path = "/v1/end-users/{id}",
    operation_id = "getEndUser",
    tag = tags::END_USERS,
    params(("id" = String, Path, description = "Your own id of the end user.")),
    responses((status = 200, body = EndUserRecord, description = "The end user.")),
    security(("api_key" = ["end_users:read"])),
)]
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller, ..): Backend<EndUsersRead>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<EndUserRecord>, Problem> {
    let Path(id) = id.map_err(|_| Problem::not_found())?;
    Ok(Json(state.vault.end_user(&caller, &id).await.map_err(or_unknown)?))
}

/// Changes an end user.
///
/// Name, e-mail address and group; the id stays.
#[utoipa::path(
    patch,
    path = "/v1/end-users/{id}",
    operation_id = "changeEndUser",
    tag = tags::END_USERS,
    params(("id" = String, Path, description = "Your own id of the end user.")),
    request_body = Change,
    responses((status = 200, body = EndUserRecord, description = "The end user as it is now.")),
    security(("api_key" = ["end_users:write"])),
)]
pub(crate) async fn change(
    From(state): From<State>,
    Backend(caller, ..): Backend<EndUsersWrite>,
    id: Result<Path<String>, PathRejection>,
    mut body: Body,
) -> Result<Json<EndUserRecord>, Problem> {
    let Path(id) = id.map_err(|_| Problem::not_found())?;
    let change = EndUserChange { name: body.member("name"), email: body.member("email"), group: body.member("group") };
    body.finish()?;
    Ok(Json(state.vault.change_end_user(&caller, &id, change).await.map_err(or_unknown)?))
}

/// Makes a manage link.
///
/// A link with which the end user sees, ends and renews what it has connected. This answer alone has its `url`.
#[utoipa::path(
    post,
    path = "/v1/end-users/{id}/manage-link",
    operation_id = "createManageLink",
    tag = tags::END_USERS,
    params(("id" = String, Path, description = "Your own id of the end user.")),
    request_body = Option<NewLink>,
    responses((status = 201, body = ManageLinkView, description = "The link.")),
    security(("api_key" = ["end_users:write"])),
)]
pub(crate) async fn manage_link(
    From(state): From<State>,
    Backend(caller, ..): Backend<EndUsersWrite>,
    id: Result<Path<String>, PathRejection>,
    mut body: Body,
) -> Result<(StatusCode, Json<ManageLinkView>), Problem> {
    let Path(id) = id.map_err(|_| Problem::not_found())?;
    let new = NewManageLink { expires_in: body.optional("expires_in"), return_url: body.optional("return_url") };
    body.finish()?;
    let made = state.vault.open_manage_link(&caller, &id, new).await.map_err(or_unknown)?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Erases an end user.
///
/// This is final. All its connected accounts are revoked, its sessions and links end, and what is known of the person is taken out of
/// everything, the audit log included; the id is nobody's from now on. It is 202 since providers may not have answered yet: those
/// that are `pending` are asked again, and what identifies their users goes once they have.
#[utoipa::path(
    delete,
    path = "/v1/end-users/{id}",
    operation_id = "eraseEndUser",
    tag = tags::END_USERS,
    params(("id" = String, Path, description = "Your own id of the end user.")),
    responses((status = 202, body = ErasureReport, description = "It is erased here; providers are asked to revoke.")),
    security(("api_key" = ["end_users:write"])),
)]
pub(crate) async fn erase(
    From(state): From<State>,
    Backend(caller, ..): Backend<EndUsersWrite>,
    id: Result<Path<String>, PathRejection>,
) -> Result<(StatusCode, Json<ErasureReport>), Problem> {
    let Path(id) = id.map_err(|_| Problem::not_found())?;
    Ok((StatusCode::ACCEPTED, Json(state.vault.erase_end_user(&caller, &id).await.map_err(or_unknown)?)))
}

/// An end user is known from its first connect session on.
fn or_unknown(error: VaultError) -> Problem {
    let VaultError::NotFound = error else { return error.into() };
    let detail = "No end user of this id has been invited to this application yet: open a connect session with this \
                  end_user.id first.";
    Problem::new(Code::NotFound, detail)
}
