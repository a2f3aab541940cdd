//! Forms that are done once only. Called by `server/src/http/portal.rs` around the function of a form that came with a
//! token; with scripts on a form is not sent again by loading a page.

use crate::error::FormError;
use crate::wire::Json;
use leptos::prelude::*;

/// Takes a form by its token, before its own function runs.
#[server(output = Json)]
pub async fn take_form(
    /// What the form holds.
    #[server(default)]
    form_token: String,
) -> Result<(), FormError> {
    let member = crate::session::member().await?;
    if crate::session::vault()?.take_form(&member, &form_token).await? {
        return Ok(());
    }
    let words = "This form was sent already, and nothing was made a second time. What the first time made is shown once \
                 only, so if you did not see it, look after it in the list. To make another, send the form again.";
    FormError { sent_before: true, ..FormError::new(words) }.refuse_with(409)
}

/// Gives a form back that its function refused.
#[server(output = Json)]
pub async fn give_form_back(
    /// What the form holds.
    #[server(default)]
    form_token: String,
) -> Result<(), FormError> {
    let member = crate::session::member().await?;
    Ok(crate::session::vault()?.give_form_back(&member, &form_token).await?)
}
