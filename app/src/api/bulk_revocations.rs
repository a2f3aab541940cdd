//! Bulk revocations.

use crate::api::Within;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::bulk_revocations::{BulkPreview, BulkRevocationView};
use serde::{Deserialize, Serialize};

/// What the page before a bulk revocation shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// What would happen.
    pub preview: BulkPreview,
    /// Which accounts, in words.
    pub which: Vec<String>,
    /// Whether they were chosen one by one.
    pub chosen: bool,
    /// The list that one came from.
    pub list: String,
}

/// One bulk revocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// How far it has come.
    pub bulk: BulkRevocationView,
    /// Whether the member may confirm it as the second person.
    pub may_confirm: bool,
}

/// What the break-glass page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakGlass {
    /// Keys and names of provider configs.
    pub providers: Vec<(String, String)>,
    /// The newest bulk revocations.
    pub bulk: Vec<BulkRevocationView>,
    /// Whether a second person must confirm.
    pub second_person: bool,
    /// Whether the member's role reaches.
    pub may_ask: bool,
}

/// What a bulk revocation would do.
#[server(output = Json)]
pub async fn read_bulk_preview(
    /// The application's id.
    app: String,
    /// The query with filters or chosen accounts.
    query: String,
) -> Result<Within<Preview>, PageError> {
    use crate::api::connected_accounts::asked::Asked;
    let inside = crate::session::application(&app).await?;
    let asked = Asked::read(&query);
    let filter = asked.filter(inside.vault.clock().now());
    let preview = inside.vault.preview_bulk_revocation(&inside.caller, &filter).await?;
    let list = model::paths::connected_accounts(inside.caller.application());
    let which = asked.fields.narrowings(&list).into_iter().map(|narrowing| narrowing.words).collect();
    let list = format!("{list}?{}", asked.fields.query()).trim_end_matches(['?', '&']).to_owned();
    Ok(inside.show(Preview { preview, which, chosen: asked.chosen.is_some(), list }))
}

/// Begins a bulk revocation, or asks for a second person.
#[server(output = Json)]
pub async fn request_bulk_revocation(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The query with filters or chosen accounts.
    #[server(default)]
    query: String,
    /// The id that it will have.
    #[server(default)]
    id: String,
    /// The newest account that is meant.
    #[server(default)]
    newest: String,
    /// How many accounts the page showed.
    #[server(default)]
    accounts: i64,
    /// The number that was typed.
    #[server(default)]
    typed: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), FormError> {
    use crate::api::connected_accounts::asked::Asked;
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let asked = Asked::read(&query);
    let request = vault::BulkRequest {
        id: id.parse().map_err(|_| vault::VaultError::NotFound)?,
        filter: asked.filter(inside.vault.clock().now()),
        newest: newest.parse().map_err(|_| vault::VaultError::NotFound)?,
        accounts,
        typed,
        reason,
    };
    let bulk = inside.vault.request_bulk_revocation(&inside.caller, request).await?;
    let page = model::paths::bulk_revocation(inside.caller.application(), bulk.id);
    let waits = bulk.confirm_by.is_some();
    crate::flash::redirect_with(&page, if waits { "A second person is asked." } else { "The revocation has begun." });
    Ok(())
}

/// How far a bulk revocation has come.
#[server(output = Json)]
pub async fn read_bulk_revocation(
    /// The application's id.
    app: String,
    /// The bulk revocation's id.
    bulk: String,
) -> Result<Within<Progress>, PageError> {
    let inside = crate::session::application(&app).await?;
    let id = bulk.parse().map_err(|_| vault::VaultError::NotFound)?;
    let bulk = inside.vault.bulk_revocation(&inside.caller, id).await?;
    let may_confirm = inside.vault.may_confirm_bulk_revocation(&inside.caller, id).await?;
    Ok(inside.show(Progress { bulk, may_confirm }))
}

/// Confirms what somebody else has asked for.
#[server(output = Json)]
pub async fn confirm_bulk_revocation(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The bulk revocation's id.
    #[server(default)]
    bulk: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let id = bulk.parse().map_err(|_| vault::VaultError::NotFound)?;
    inside.vault.confirm_bulk_revocation(&inside.caller, id).await?;
    crate::flash::say("Confirmed: the revocation has begun.");
    Ok(())
}

/// Stops a bulk revocation that waits or runs.
#[server(output = Json)]
pub async fn stop_bulk_revocation(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The bulk revocation's id.
    #[server(default)]
    bulk: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let id = bulk.parse().map_err(|_| vault::VaultError::NotFound)?;
    inside.vault.stop_bulk_revocation(&inside.caller, id).await?;
    crate::flash::say("Stopped. What is revoked stays revoked.");
    Ok(())
}

/// The break-glass page.
#[server(output = Json)]
pub async fn read_break_glass(
    /// The application's id.
    app: String,
) -> Result<Within<BreakGlass>, PageError> {
    use model::people::Role;
    let inside = crate::session::application(&app).await?;
    let member = crate::session::member().await?;
    let providers = inside.vault.provider_choices(&inside.caller).await?;
    let providers = providers.into_iter().map(|choice| (choice.key, choice.label)).collect();
    let bulk = inside.vault.bulk_revocations(&inside.caller).await?;
    let second_person = inside.vault.second_person_required(&member).await?;
    let may_ask = inside.includes(Role::Admin);
    Ok(inside.show(BreakGlass { providers, bulk, second_person, may_ask }))
}
