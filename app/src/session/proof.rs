//! Proving again who it is, before something sensitive.

use super::{member, refusal, session, vault};
use crate::error::{FormError, PageError};
use model::ids::PersonId;
use tower_sessions::Session;
use vault::{MINUTE, Millis, PasskeyAnswer, Purpose, Vault};

/// When the person of this session last proved who it is, in unix milliseconds.
const PROVED_AT: &str = "proved_at";
/// So long one proof is enough.
const LASTS: Millis = 15 * MINUTE;

/// Lets a sensitive form go on, if the person has proved who it is within the last 15 minutes. Otherwise the form that
/// called asks for a proof in place, and comes again with it: call this first, before anything is changed.
///
/// # Errors
/// A [`FormError`] that makes the form ask.
pub async fn require_recent_proof() -> Result<(), FormError> {
    let member = member().await?;
    if is_recent(&vault()?, &session().await?).await? {
        return Ok(());
    }
    ask(member.person()).await?.refuse_with(403)
}

/// Whether whoever has this session proved who it is within the last 15 minutes, also for routes that are no page.
///
/// # Errors
/// When the database fails.
pub async fn is_recent(vault: &Vault, session: &Session) -> Result<bool, PageError> {
    let proved_at = session.get::<Millis>(PROVED_AT).await.map_err(refusal::broken)?;
    Ok(proved_at.is_some_and(|at| vault.clock().now() - at < LASTS))
}

/// The error that makes a form ask for a proof.
pub(crate) async fn ask(person: PersonId) -> Result<FormError, FormError> {
    let ways = vault()?.ways(person).await?;
    Ok(FormError {
        proof: Some(ways),
        ..FormError::new("Nothing is changed yet: confirm below that it is you. Secrets have to be typed again.")
    })
}

/// Notes that the person has just proved who it is. The session goes on under a new id.
pub(crate) async fn note_proof() -> Result<(), FormError> {
    let session = session().await?;
    session.cycle_id().await.map_err(refusal::broken)?;
    session.insert(PROVED_AT, vault_now()?).await.map_err(refusal::broken)?;
    Ok(())
}

/// Remembers in this browser's session which challenge it was given.
pub(crate) async fn expect_answer(purpose: Purpose, challenge: &[u8; 32]) -> Result<(), FormError> {
    session().await?.insert(key(purpose), challenge.to_vec()).await.map_err(refusal::broken)?;
    Ok(())
}

/// Reads an answer, which must be to the challenge that this browser was given.
pub(crate) async fn answer(purpose: Purpose, posted: &str) -> Result<PasskeyAnswer, FormError> {
    if posted.is_empty() {
        let words = "Passkeys need scripts, and a browser that has them. Use another way, or allow scripts here.";
        return FormError::new(words).refuse();
    }
    let answer = PasskeyAnswer::parse(posted)?;
    let expected = session().await?.get::<Vec<u8>>(key(purpose)).await.map_err(refusal::broken)?;
    match (expected, answer.challenge_hash()) {
        (Some(expected), Some(given)) if expected == given => Ok(answer),
        _ => FormError::new("This passkey was asked for in another browser. Try again here.").refuse(),
    }
}

fn key(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Add => "challenge_add",
        Purpose::SignIn => "challenge_sign_in",
        Purpose::SecondFactor => "challenge_second_factor",
        Purpose::Proof => "challenge_proof",
    }
}

fn vault_now() -> Result<Millis, FormError> {
    Ok(vault()?.clock().now())
}
