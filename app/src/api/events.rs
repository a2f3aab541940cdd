//! The audit log.

use crate::api::Within;
#[cfg(feature = "ssr")]
use crate::api::or_mistakes;
use crate::error::PageError;
use crate::wire::Json;
use leptos::prelude::*;
use model::events::{EventDetail, EventFilter, EventLine};
use model::lists::{BothWays, Mistakes, Turn};
use serde::{Deserialize, Serialize};

/// What a log's list shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events {
    /// One page.
    pub page: BothWays<EventLine>,
    /// What of the address cannot be read; the page is empty then.
    pub mistakes: Mistakes,
    /// Who can be chosen as an actor: id or kind, and name.
    pub actors: Vec<(String, String)>,
    /// Whether the member may take the log away.
    pub may_export: bool,
}

/// The organization's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationEvents {
    /// The organization's name.
    pub organization: String,
    /// The log.
    pub events: Events,
}

/// An application's audit log.
#[server(output = Json)]
pub async fn read_events(
    /// The application's id.
    app: String,
    /// What to narrow by.
    filter: EventFilter,
    /// Which page.
    turn: Turn,
) -> Result<Within<Events>, PageError> {
    let inside = crate::session::application(&app).await?;
    let read = inside.vault.events(&inside.caller, &filter, &turn, 50).await;
    let (page, mistakes) = or_mistakes(read, BothWays::nothing())?;
    let actors = inside.vault.event_actors(&inside.caller).await?;
    let may_export = inside.includes(model::people::Role::Admin);
    let kinds = [("end_user", "End users"), ("command_line", "The command line")];
    let kinds = kinds.map(|(kind, name)| (kind.to_owned(), name.to_owned()));
    let api_keys = actors.api_keys.into_iter().map(|(id, name)| (id, format!("API key {name}")));
    let actors = actors.people.into_iter().chain(api_keys).chain(kinds).collect();
    Ok(inside.show(Events { page, mistakes, actors, may_export }))
}

/// One event of an application.
#[server(output = Json)]
pub async fn read_event(
    /// The application's id.
    app: String,
    /// The event's id.
    event: String,
) -> Result<Within<EventDetail>, PageError> {
    let inside = crate::session::application(&app).await?;
    let id = event.parse().map_err(|_| vault::VaultError::NotFound)?;
    let detail = inside.vault.event(&inside.caller, id).await?;
    Ok(inside.show(detail))
}

/// The organization's audit log, for admins and owners.
#[server(output = Json)]
pub async fn read_organization_events(
    /// What to narrow by.
    filter: EventFilter,
    /// Which page.
    turn: Turn,
) -> Result<OrganizationEvents, PageError> {
    let (vault, member) = (crate::session::vault()?, crate::session::member().await?);
    let read = vault.organization_events(&member, &filter, &turn, 50).await;
    let (page, mistakes) = or_mistakes(read, BothWays::nothing())?;
    let actors = vault.organization_event_actors(&member).await?.people;
    let events = Events { page, mistakes, actors, may_export: true };
    Ok(OrganizationEvents { organization: member.view().organization_name, events })
}

/// One event of the organization.
#[server(output = Json)]
pub async fn read_organization_event(
    /// The event's id.
    event: String,
) -> Result<EventDetail, PageError> {
    let (vault, member) = (crate::session::vault()?, crate::session::member().await?);
    let id = event.parse().map_err(|_| vault::VaultError::NotFound)?;
    Ok(vault.organization_event(&member, id).await?)
}
