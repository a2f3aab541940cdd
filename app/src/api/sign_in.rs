//! Signing in by a passkey, and the second step of signing in.

use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::second_factors::Ways;

/// What the second step can be done with. Who has not done the first is sent there.
#[server(output = Json)]
pub async fn read_second_step() -> Result<Ways, PageError> {
    use crate::session;
    match session::half_signed_in().await? {
        Some(person) => Ok(session::vault()?.ways(person).await?),
        None => {
            crate::request::redirect(model::paths::SIGN_IN);
            Ok(Ways::default())
        }
    }
}

/// The second step by a code of the authenticator app, or by a recovery code.
#[server(output = Json)]
pub async fn verify_code(
    /// The code.
    #[server(default)]
    code: String,
    /// Where to go then.
    #[server(default)]
    next: String,
) -> Result<(), FormError> {
    use vault::{SecondFactor, Secret};
    if code.trim().is_empty() {
        return FormError::new("You are not signed in yet.").field("code", "Enter a code.").refuse();
    }
    finish(SecondFactor::Code(Secret::new(code)), &next).await
}

/// The second step by a passkey.
#[server(output = Json)]
pub async fn verify_passkey(
    /// The passkey's answer.
    #[server(default)]
    passkey: String,
    /// Where to go then.
    #[server(default)]
    next: String,
) -> Result<(), FormError> {
    use crate::session::proof;
    use vault::{Purpose, SecondFactor};
    let answer = proof::answer(Purpose::SecondFactor, &passkey).await?;
    finish(SecondFactor::Passkey(answer), &next).await
}

/// Signs a person in by a passkey alone.
#[server(output = Json)]
pub async fn sign_in_with_passkey(
    /// The passkey's answer.
    #[server(default)]
    passkey: String,
    /// Where to go then.
    #[server(default)]
    next: String,
) -> Result<(), FormError> {
    use crate::session::{self, proof};
    let answer = proof::answer(vault::Purpose::SignIn, &passkey).await?;
    let member = session::vault()?.sign_in_with_passkey(&answer, &session::visitor()?.address).await?;
    session::sign_in_session(&member).await?;
    crate::request::redirect(&session::local_path(&next));
    Ok(())
}

#[cfg(feature = "ssr")]
async fn finish(factor: vault::SecondFactor, next: &str) -> Result<(), FormError> {
    use crate::session;
    let Some(person) = session::half_signed_in().await? else {
        crate::flash::redirect_with(model::paths::SIGN_IN, "Signing in took longer than 10 minutes: begin again.");
        return Ok(());
    };
    let member = session::vault()?.verify_second_factor(person, factor, &session::visitor()?.address).await?;
    session::sign_in_session(&member).await?;
    crate::request::redirect(&session::local_path(next));
    Ok(())
}
