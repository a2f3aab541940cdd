//! Authenticator apps: a shared key and the time make six digits (RFC 6238).

use crate::Vault;
use crate::caller::MemberCaller;
use crate::clock::{MINUTE, Millis, SECOND};
use crate::error::{VaultError, internal};
use crate::events::Event;
use crate::keyring::Place;
use crate::random;
use crate::secret::Secret;
use crate::store::{Tx, authenticators};
use data_encoding::BASE32_NOPAD;
use model::ids::PersonId;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcodegen::{QrCode, QrCodeEcc};
use totp_rs::{Algorithm, Builder, Totp};

/// The length of a code.
pub(crate) const DIGITS: usize = 6;
const STEP_SECONDS: u64 = 30;
/// Codes of one step before and after count too: clocks differ (RFC 6238, 5.2).
const SKEW: u16 = 1;
/// RFC 4226, 4: 160 bits.
const KEY_LENGTH: usize = 20;
/// How long a key that is not confirmed is shown.
const SHOWN_FOR: Millis = 15 * MINUTE;

/// What an app is set up with.
pub struct AuthenticatorSetup {
    /// The key in base32.
    pub key: Secret,
    /// The QR code of the whole: width and height in modules, with the quiet zone, and an SVG path of the dark ones.
    pub qr_size: i32,
    /// The path's `d`.
    pub qr_path: Secret,
}

impl Vault {
    /// Makes a new key, which counts once a code of it was given.
    ///
    /// # Errors
    /// [`VaultError::Conflict`], when an app is set up already.
    pub async fn begin_authenticator(&self, caller: &MemberCaller) -> Result<(), VaultError> {
        let key = random::bytes::<KEY_LENGTH>()?;
        let sealed = self.keyring.seal_for_instance(place(&caller.person.to_string()), &key)?;
        let mut tx = self.store.begin().await?;
        if !authenticators::begin(&mut tx, caller.person, &sealed, self.clock.now()).await? {
            return Err(already());
        }
        self.record(&mut tx, Event::in_portal(caller, "person.authenticator_begun", caller.person)).await?;
        Ok(tx.commit().await?)
    }

    /// What the app is to be set up with; `None` unless it was begun a short while ago and is not confirmed.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`].
    pub async fn authenticator_setup(&self, caller: &MemberCaller) -> Result<Option<AuthenticatorSetup>, VaultError> {
        let row = authenticators::get(&mut *self.store.connection().await?, caller.person).await?;
        let Some(row) = row.filter(|row| self.is_open(row)) else { return Ok(None) };
        let key = self.keyring.open_for_instance(place(&caller.person.to_string()), &row.key_sealed)?;
        let key = Secret::new(BASE32_NOPAD.encode(key.expose()));
        let (qr_size, qr_path) = qr_code(&uri(&key, &caller.email))?;
        Ok(Some(AuthenticatorSetup { key, qr_size, qr_path }))
    }

    /// Confirms the app by its first code; ends the person's other sessions. Gives recovery codes, if it is the first
    /// second factor.
    ///
    /// # Errors
    /// [`VaultError::Invalid`]; [`VaultError::Conflict`], when there is nothing to confirm;
    /// [`VaultError::TooManyAttempts`].
    pub async fn confirm_authenticator(
        &self,
        caller: &MemberCaller,
        code: &str,
        session: &str,
    ) -> Result<Vec<Secret>, VaultError> {
        self.count_second_factor(caller.person).await?;
        let mut tx = self.store.begin().await?;
        let row = authenticators::get(&mut tx, caller.person).await?;
        let row = row.filter(|row| self.is_open(row)).ok_or_else(|| VaultError::Conflict {
            code: "not_begun",
            detail: "This key is older than 15 minutes: begin again.".into(),
        })?;
        if !self.code_is_new(&mut tx, caller.person, &row, code).await? {
            return Err(VaultError::field(
                "code",
                "This is not the app's present code. Check that the device's clock is right.",
            ));
        }
        if !authenticators::confirm(&mut tx, caller.person, &row.key_sealed, self.clock.now()).await? {
            return Err(already());
        }
        self.record(&mut tx, Event::in_portal(caller, "person.authenticator_added", caller.person)).await?;
        let codes = self.after_new_factor(&mut tx, caller, session).await?;
        tx.commit().await?;
        self.forget_second_factor_attempts(caller.person).await?;
        Ok(codes)
    }

    /// Forgets the app and ends the person's other sessions.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when there is none.
    pub async fn remove_authenticator(&self, caller: &MemberCaller, session: &str) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        if !authenticators::delete(&mut tx, caller.person).await? {
            return Err(VaultError::NotFound);
        }
        self.record(&mut tx, Event::in_portal(caller, "person.authenticator_removed", caller.person)).await?;
        self.after_lost_factor(&mut tx, caller, session).await?;
        Ok(tx.commit().await?)
    }

    /// Whether it is a code of the person's confirmed app; a code counts once.
    pub(crate) async fn authenticator_code_fits(
        &self,
        tx: &mut Tx,
        person: PersonId,
        code: &str,
    ) -> Result<bool, VaultError> {
        match authenticators::get(tx, person).await? {
            Some(row) if row.confirmed_at.is_some() => self.code_is_new(tx, person, &row, code).await,
            _ => Ok(false),
        }
    }

    async fn code_is_new(
        &self,
        tx: &mut Tx,
        person: PersonId,
        row: &authenticators::Row,
        code: &str,
    ) -> Result<bool, VaultError> {
        let key = self.keyring.open_for_instance(place(&person.to_string()), &row.key_sealed)?;
        match step_of(key.expose(), code, self.clock.now())? {
            Some(step) => Ok(authenticators::accept_step(tx, person, step).await?),
            None => Ok(false),
        }
    }

    fn is_open(&self, row: &authenticators::Row) -> bool {
        row.confirmed_at.is_none() && self.clock.now() - row.created_at < SHOWN_FOR
    }
}

/// The time step whose code this is, among those that count at `now`.
fn step_of(key: &[u8], code: &str, now: Millis) -> Result<Option<i64>, VaultError> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now / SECOND).unwrap_or_default();
    Ok(totp(key)?.check(&code, seconds).and_then(|step| i64::try_from(step).ok()))
}

fn totp(key: &[u8]) -> Result<Totp, VaultError> {
    let key = <[u8; KEY_LENGTH]>::try_from(key).map_err(|e| internal("an authenticator key has another length", e))?;
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(SKEW);
    let builder = builder.with_step_duration(STEP_SECONDS).with_secret(totp_rs::Secret::new_stack(key));
    builder.build().map_err(|e| internal("an authenticator key cannot be used", e.to_string()))
}

/// As apps read it: <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>. Algorithm, digits and period
/// are the defaults, which some apps know nothing but.
fn uri(key: &Secret, email: &str) -> Secret {
    let email = utf8_percent_encode(email, NON_ALPHANUMERIC);
    Secret::new(format!("otpauth://totp/Keybearer:{email}?secret={}&issuer=Keybearer", key.expose()))
}

fn qr_code(text: &Secret) -> Result<(i32, Secret), VaultError> {
    /// ISO/IEC 18004: four modules.
    const QUIET: i32 = 4;
    let code =
        QrCode::encode_text(text.expose(), QrCodeEcc::Medium).map_err(|e| internal("the QR code cannot be made", e))?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    Ok((size + 2 * QUIET, Secret::new(path)))
}

fn place(person: &str) -> Place<'_> {
    Place { table: "authenticators", column: "key_sealed", row: person }
}

fn already() -> VaultError {
    let detail = "An authenticator app is set up already: remove it first.".into();
    VaultError::Conflict { code: "authenticator_exists", detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, SHA-1, of whose eight digits the last six count.
        let key = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step_of(key, code, seconds * SECOND).ok().flatten(), Some(seconds / 30), "{code}");
        }
    }

    #[test]
    fn one_step_before_and_after_counts_and_no_more() {
        let key = b"12345678901234567890";
        for (seconds, fits) in [(29, true), (0, true), (60, true), (89, true), (90, false), (3_000, false)] {
            assert_eq!(step_of(key, "287 082", seconds * SECOND).ok().flatten().is_some(), fits, "{seconds}");
        }
        for code in ["", "28708", "2870820", "abcdef", "-87082"] {
            assert_eq!(step_of(key, code, 59 * SECOND).ok().flatten(), None, "{code}");
        }
    }
}
