//! Connected accounts as a file, for developers and above, with the filters of the list's own address.

use super::{Written, asked, file, refused};
use crate::layers::request_log::RequestId;
use crate::state::State;
use app::api::connected_accounts::asked::Asked;
use axum::extract::{Extension, Path, RawQuery, State as From};
use axum::http::Uri;
use axum::response::Response;
use model::ids::ApplicationId;
use tower_sessions::Session;
use vault::{ApplicationCaller, MemberCaller, Vault, VaultError};

const FOR: &str = "Developers, admins and owners may export connected accounts.\n";

/// The file.
pub(crate) async fn get(
    From(state): From<State>,
    session: Session,
    Extension(RequestId(request)): Extension<RequestId>,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
    uri: Uri,
) -> Response {
    let vault = &state.vault;
    let (member, format) = match asked(&state, &session, &uri).await {
        Ok(asked) => asked,
        Err(answer) => return answer,
    };
    let filter = Asked::read(&query.unwrap_or_default()).filter(vault.clock().now());
    let begun = async {
        let caller = enter(vault, &member, &app).await?.in_request(request);
        vault.export_connected_accounts(&caller, filter).await
    };
    match begun.await {
        Ok(export) => file(Written::Accounts(export), &format!("connected-accounts-{app}.csv"), format),
        Err(error) => refused(&error, FOR),
    }
}

async fn enter(vault: &Vault, member: &MemberCaller, app: &str) -> Result<ApplicationCaller, VaultError> {
    let app = app.parse::<ApplicationId>().map_err(|_| VaultError::NotFound)?;
    vault.enter(member, app).await
}
