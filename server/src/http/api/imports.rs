//! `/v1/connected-accounts/import`: tokens from elsewhere.

use super::body::Body;
use super::connect_sessions::NewEndUser;
use crate::auth::{Backend, ConnectedAccountsImport};
use crate::openapi::tags;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::StatusCode;
use model::connected_accounts::EndUserView;
use model::imports::{ImportedAccountView, Verify};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vault::{Millis, NewImport, Secret, instant};

/// Members of other systems' files by which tokens would be sent to wherever the file says.
const ENDPOINTS: [&str; 14] = [
    "api_base",
    "api_base_url",
    "api_url",
    "authorization_url",
    "authorize_url",
    "base_url",
    "connection_config",
    "endpoints",
    "instance_url",
    "issuer",
    "jwks_uri",
    "revoke_url",
    "token_endpoint",
    "token_url",
];

/// Tokens to bring, with whom they belong to.
#[derive(ToSchema)]
#[schema(as = NewImport)]
#[expect(dead_code, reason = "it describes the body that `read` reads")]
pub(crate) struct Import {
    /// Your customer.
    end_user: NewEndUser,
    /// The key of the provider config. Its client must be the one that the tokens were issued to.
    provider_config: String,
    /// What the other system was given.
    tokens: ImportedTokens,
    /// A name of your own.
    label: Option<String>,
    /// Your own notes.
    metadata: Option<BTreeMap<String, String>>,
    /// What is done beyond storing the tokens; `none` when absent.
    verify: Option<Verify>,
}

/// What the other system was given. At least one token must be there.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body that `read` reads")]
pub(crate) struct ImportedTokens {
    /// By it the provider is asked whose account this is, while it is good.
    access_token: Option<String>,
    /// Without one the account ends with its access token.
    refresh_token: Option<String>,
    /// When the access token ends. When absent, it is renewed before it is first handed out.
    expires_at: Option<String>,
    /// When the tokens were issued; the provider's idle limit counts from then. When absent, it is taken from `expires_at`.
    issued_at: Option<String>,
    /// What was granted; unknown until the first refresh when absent.
    scopes: Option<Vec<String>>,
}

/// Imports tokens.
///
/// Makes a connected account of tokens that another system was given by the same OAuth client. Only a key that names the scope
/// `connected_accounts:import` may.
///
/// Endpoints and API bases are never taken from an import: they come from the catalogue. Neither is the provider's user: it is
/// what the provider answers to Keybearer, with the imported access token at once, or after the first refresh; until then
/// `identity` is `unknown`. A user who is connected already is refused with `already_connected`, as are tokens that were imported
/// before; nothing is revoked at the provider then.
///
/// Each system that refreshes tokens may end those that another one holds, so that two systems cannot share them. Keybearer
/// refreshes imported tokens when the account is first used and before the provider would forget them; with `verify: "refresh"`
/// at once. **Switch the old system off before.** If the provider refuses the tokens the account is `needs_reconnect` from the
/// beginning; if it gives no answer, they are kept and tried again.
#[utoipa::path(
    post,
    path = "/v1/connected-accounts/import",
    operation_id = "importConnectedAccount",
    tag = tags::CONNECTED_ACCOUNTS,
    request_body = Import,
    responses((status = 201, body = ImportedAccountView, description = "The account, and what is known of it.")),
    security(("api_key" = ["connected_accounts:import"])),
    extensions(("x-problems" = json!([
        Code::NotFound,
        Code::AlreadyConnected,
        Code::ProviderConfigDisabled,
        Code::Quarantined,
        Code::Conflict,
    ]))),
)]
pub(crate) async fn create(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectedAccountsImport>,
    mut body: Body,
) -> Result<(StatusCode, Json<ImportedAccountView>), Problem> {
    let new = read(&mut body);
    body.finish()?;
    Ok((StatusCode::CREATED, Json(state.vault.import_connected_account(&caller, new).await?)))
}

/// Reads an import, of a body or of a line in a file. It counts only if the body ends well.
pub(crate) fn read(body: &mut Body) -> NewImport {
    refuse_endpoints(body);
    let identity = "It is never taken from an import: the provider says to Keybearer whose account this is.";
    body.refuse(&["provider_account", "provider_user_id"], identity);
    let end_user = body.object("end_user", |user| EndUserView {
        id: user.required("id").unwrap_or_default(),
        name: user.optional("name"),
        email: user.optional("email"),
        group: user.optional("group"),
        row: None,
    });
    let nobody = || EndUserView { id: String::new(), name: None, email: None, group: None, row: None };
    let mut new = NewImport {
        end_user: end_user.unwrap_or_else(nobody),
        provider_config: body.required("provider_config").unwrap_or_default(),
        access_token: None,
        refresh_token: None,
        expires_at: None,
        issued_at: None,
        scopes: None,
        label: body.optional("label"),
        metadata: body.optional("metadata").unwrap_or_default(),
        verify: body.optional("verify").unwrap_or(Verify::None),
    };
    body.object("tokens", |tokens| {
        refuse_endpoints(tokens);
        new.access_token = tokens.optional("access_token").map(Secret::new);
        new.refresh_token = tokens.optional("refresh_token").map(Secret::new);
        new.expires_at = moment(tokens, "expires_at");
        new.issued_at = moment(tokens, "issued_at");
        new.scopes = tokens.optional("scopes");
    });
    new
}

fn refuse_endpoints(body: &mut Body) {
    body.refuse(&ENDPOINTS, "Endpoints and API bases are never taken from an import: they come from the catalogue.");
}

fn moment(body: &mut Body, name: &str) -> Option<Millis> {
    let text: String = body.optional(name)?;
    let at = instant(&text);
    if at.is_none() {
        body.mistake(name, "It must be a time such as 2026-11-24T09:30:00Z.");
    }
    at
}
