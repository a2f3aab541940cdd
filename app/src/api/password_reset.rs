//! A new password for somebody who has forgotten it.

use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;

/// Whether this server can mail a link.
#[server(output = Json)]
pub async fn read_password_reset() -> Result<bool, PageError> {
    Ok(crate::session::vault()?.sends_mail())
}

/// Mails a link to whoever has this address. The answer is the same when nobody has.
#[server(output = Json)]
pub async fn ask_for_password_reset(
    /// The address.
    #[server(default)]
    email: String,
) -> Result<String, FormError> {
    use crate::session;
    if email.trim().is_empty() {
        let error = FormError::new("Nothing is sent: check the field below.");
        return error.field("email", "Enter the address that you sign in with.").refuse();
    }
    let address = session::visitor()?.address;
    session::vault()?.ask_for_password_reset(&email, &address).await?;
    Ok(email.trim().to_owned())
}

/// Whose password a link sets; `None` when it is not good any more. Changes nothing.
#[server(output = Json)]
pub async fn read_new_password(
    /// The secret in the link.
    link: String,
) -> Result<Option<String>, PageError> {
    let email = crate::session::vault()?.password_reset(&link).await?;
    if email.is_none() {
        crate::request::set_status(410);
    }
    Ok(email)
}

/// Sets a new password and ends all of the person's sessions. It signs nobody in: a second factor may be asked for.
#[server(output = Json)]
pub async fn set_new_password(
    /// The secret in the link.
    #[server(default)]
    link: String,
    /// At least ten characters.
    #[server(default)]
    password: String,
) -> Result<(), FormError> {
    use crate::session;
    let address = session::visitor()?.address;
    let set = session::vault()?.set_new_password(&link, vault::Secret::new(password), &address).await;
    set.map_err(|error| match error {
        vault::VaultError::NotFound => session::gone("This link is not good any more: ask for a new one."),
        error => error.into(),
    })?;
    session::sign_out().await?;
    let said = "Your password is changed, and all your sessions have ended. Sign in with the new one.";
    crate::flash::redirect_with(model::paths::SIGN_IN, said);
    Ok(())
}
