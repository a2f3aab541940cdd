//! Second factors of the person who is signed in: authenticator app, passkeys, recovery codes.

use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::second_factors::{PasskeyView, SecondFactorsView};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an authenticator app is set up with, in the page that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticatorKey {
    /// The key in base32.
    pub key: String,
    /// Width and height of the QR code.
    pub qr_size: i32,
    /// The dark modules, as a path of an SVG.
    pub qr_path: String,
}

/// What the person can prove with.
#[server(output = Json)]
pub async fn read_second_factors() -> Result<SecondFactorsView, PageError> {
    use crate::session;
    let member = session::member().await?;
    Ok(session::vault()?.second_factors(&member).await?)
}

/// Makes a key and leads to the page that shows it.
#[server(output = Json)]
pub async fn begin_authenticator() -> Result<(), FormError> {
    use crate::session;
    let member = session::member().await?;
    session::require_recent_proof().await?;
    session::vault()?.begin_authenticator(&member).await?;
    crate::request::redirect(model::paths::AUTHENTICATOR);
    Ok(())
}

/// The key that waits for its first code; `None` when there is none.
#[server(output = Json)]
pub async fn read_authenticator_key() -> Result<Option<AuthenticatorKey>, PageError> {
    use crate::session;
    let member = session::member().await?;
    let setup = session::vault()?.authenticator_setup(&member).await?;
    Ok(setup.map(|setup| AuthenticatorKey {
        key: setup.key.expose().clone(),
        qr_size: setup.qr_size,
        qr_path: setup.qr_path.expose().clone(),
    }))
}

/// Confirms the app by its first code. Answers with recovery codes, if there are none yet.
#[server(output = Json)]
pub async fn confirm_authenticator(
    /// The app's present code.
    #[server(default)]
    code: String,
) -> Result<Vec<String>, FormError> {
    use crate::session;
    let member = session::member().await?;
    session::require_recent_proof().await?;
    let codes = session::vault()?.confirm_authenticator(&member, &code, &session::session_id().await?).await?;
    Ok(shown_once(codes, "The authenticator app is set up, and you are signed out everywhere else."))
}

/// Forgets the app.
#[server(output = Json)]
pub async fn remove_authenticator() -> Result<(), FormError> {
    use crate::session;
    let member = session::member().await?;
    session::require_recent_proof().await?;
    session::vault()?.remove_authenticator(&member, &session::session_id().await?).await?;
    let said = "The authenticator app is removed, and you are signed out everywhere else.";
    crate::flash::redirect_with(model::paths::SECURITY, said);
    Ok(())
}

/// What the browser needs to make a passkey: for the page's script.
#[server(output = Json)]
pub async fn begin_new_passkey() -> Result<Value, FormError> {
    use crate::session::{self, proof};
    let member = session::member().await?;
    let (options, challenge) = session::vault()?.begin_passkey(&member).await?;
    proof::expect_answer(vault::Purpose::Add, &challenge).await?;
    Ok(options)
}

/// Keeps a new passkey. Answers with recovery codes, if there are none yet.
#[server(output = Json)]
pub async fn add_passkey(
    /// What to call it.
    #[server(default)]
    name: String,
    /// The browser's answer.
    #[server(default)]
    passkey: String,
) -> Result<Vec<String>, FormError> {
    use crate::session::{self, proof};
    let member = session::member().await?;
    session::require_recent_proof().await?;
    let answer = proof::answer(vault::Purpose::Add, &passkey).await?;
    let codes = session::vault()?.add_passkey(&member, &name, &answer, &session::session_id().await?).await?;
    Ok(shown_once(codes, "The passkey is added, and you are signed out everywhere else."))
}

/// One passkey.
#[server(output = Json)]
pub async fn read_passkey(
    /// Its id.
    id: String,
) -> Result<PasskeyView, PageError> {
    use crate::session;
    let member = session::member().await?;
    let passkeys = session::vault()?.second_factors(&member).await?.passkeys;
    let found = passkeys.into_iter().find(|known| known.id.to_string() == id);
    found.ok_or(PageError::NotFound).map_err(PageError::answer)
}

/// Gives a passkey another name.
#[server(output = Json)]
pub async fn rename_passkey(
    /// Its id.
    #[server(default)]
    id: String,
    /// The new name.
    #[server(default)]
    name: String,
) -> Result<(), FormError> {
    use crate::session;
    let member = session::member().await?;
    let id = id.parse().map_err(|_| vault::VaultError::NotFound)?;
    session::vault()?.rename_passkey(&member, id, &name).await?;
    crate::flash::redirect_with(model::paths::SECURITY, "The passkey has its new name.");
    Ok(())
}

/// Forgets a passkey.
#[server(output = Json)]
pub async fn remove_passkey(
    /// Its id.
    #[server(default)]
    id: String,
) -> Result<(), FormError> {
    use crate::session;
    let member = session::member().await?;
    session::require_recent_proof().await?;
    let id = id.parse().map_err(|_| vault::VaultError::NotFound)?;
    session::vault()?.remove_passkey(&member, id, &session::session_id().await?).await?;
    let said = "The passkey is removed here, and you are signed out everywhere else. Delete it on the device too.";
    crate::flash::redirect_with(model::paths::SECURITY, said);
    Ok(())
}

/// Ten new recovery codes in the place of all others.
#[server(output = Json)]
pub async fn renew_recovery_codes() -> Result<Vec<String>, FormError> {
    use crate::session;
    let member = session::member().await?;
    session::require_recent_proof().await?;
    let codes = session::vault()?.renew_recovery_codes(&member).await?;
    Ok(shown_once(codes, ""))
}

/// Codes to show in this answer alone; without any, back to the security page with a sentence.
#[cfg(feature = "ssr")]
fn shown_once(codes: Vec<vault::Secret>, said: &str) -> Vec<String> {
    if codes.is_empty() {
        crate::flash::redirect_with(model::paths::SECURITY, said);
    }
    codes.iter().map(|code| code.expose().clone()).collect()
}
