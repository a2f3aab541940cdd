//! Sessions of the person who is signed in.

use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::portal_sessions::PortalSessionView;

/// The person's own sessions, the last seen first.
#[server(output = Json)]
pub async fn read_portal_sessions() -> Result<Vec<PortalSessionView>, PageError> {
    use crate::session;
    let member = session::member().await?;
    Ok(session::vault()?.portal_sessions(&member, &session::session_id().await?).await?)
}

/// Ends one of them. It needs no proof: whoever sees a strange session should be quick.
#[server(output = Json)]
pub async fn end_portal_session(
    /// The session's id.
    #[server(default)]
    id: String,
) -> Result<(), FormError> {
    use crate::session;
    let member = session::member().await?;
    session::vault()?.end_portal_session(&member, &id).await?;
    crate::flash::say("The session is ended.");
    Ok(())
}

/// Ends all but this one.
#[server(output = Json)]
pub async fn end_other_portal_sessions() -> Result<(), FormError> {
    use crate::session;
    let member = session::member().await?;
    session::vault()?.end_other_portal_sessions(&member, &session::session_id().await?).await?;
    crate::flash::say("You are signed out everywhere else.");
    Ok(())
}
