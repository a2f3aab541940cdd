//! Proving again who it is. [`crate::form::Form`] calls this before it sends a form again that was asked for a proof;
//! with scripts off `server/src/http/portal.rs` does.

use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Notes that it is really the person who is signed in. One proof is enough.
#[server(output = Json)]
pub async fn confirm_identity(
    /// The password.
    #[server(default)]
    proof_password: String,
    /// A code of the authenticator app.
    #[server(default)]
    proof_code: String,
    /// A passkey's answer.
    #[server(default)]
    proof_passkey: String,
) -> Result<(), FormError> {
    use crate::session::{self, proof};
    use vault::{Proof, Purpose, Secret};
    let (member, vault) = (session::member().await?, session::vault()?);
    let given = if !proof_passkey.is_empty() {
        Proof::Passkey(proof::answer(Purpose::Proof, &proof_passkey).await?)
    } else if !proof_code.is_empty() {
        Proof::Code(Secret::new(proof_code))
    } else if !proof_password.is_empty() {
        Proof::Password(Secret::new(proof_password))
    } else {
        return proof::ask(member.person()).await?.refuse_with(403);
    };
    match vault.prove(&member, given, &session::visitor()?.address).await {
        Ok(()) => proof::note_proof().await,
        // The form goes on asking.
        Err(error) => {
            let ways = proof::ask(member.person()).await?.proof;
            Err(FormError { proof: ways, ..error.into() })
        }
    }
}

/// A file that is given out after a recent proof of who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Download {
    /// Where the file is.
    pub path: String,
    /// Whether the last proof is recent enough.
    pub proved: bool,
}

/// Whether a file is given out to whoever asks, or a proof is missing.
#[server(output = Json)]
pub async fn read_download(
    /// Where the file is.
    next: String,
) -> Result<Download, PageError> {
    use crate::session;
    session::member().await?;
    let proved = session::proof_is_recent(&session::vault()?, &session::session().await?).await?;
    Ok(Download { path: session::local_path(&next), proved })
}

/// Asks for the proof that a file needs.
#[server(output = Json)]
pub async fn prove_for_download() -> Result<(), FormError> {
    crate::session::require_recent_proof().await?;
    crate::flash::say("Confirmed for 15 minutes.");
    Ok(())
}

/// What the browser needs to use a passkey: for the page's script.
#[server(output = Json)]
pub async fn begin_passkey_use(
    /// `sign_in`, `second_factor` or `proof`.
    #[server(default)]
    purpose: String,
) -> Result<Value, FormError> {
    use crate::session::{self, proof};
    use vault::Purpose;
    let (purpose, person) = match purpose.as_str() {
        "sign_in" => (Purpose::SignIn, None),
        "second_factor" => (Purpose::SecondFactor, session::half_signed_in().await?),
        _ => (Purpose::Proof, Some(session::member().await?.person())),
    };
    if person.is_none() && purpose != Purpose::SignIn {
        return FormError::new("Signing in took longer than 10 minutes: begin again.").refuse_with(403);
    }
    let (options, challenge) = session::vault()?.begin_assertion(purpose, person, &session::visitor()?.address).await?;
    proof::expect_answer(purpose, &challenge).await?;
    Ok(options)
}
