//! The second step of signing in, and proving again who it is before something sensitive.

use crate::Vault;
use crate::authenticators::DIGITS;
use crate::caller::{Actor, MemberCaller};
use crate::clock::{MINUTE, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::passkeys::{self, PasskeyAnswer, Purpose};
use crate::people::member;
use crate::secret::{Secret, sha256};
use crate::store::{Tx, authenticators, people, portal_sessions, recovery_codes};
use crate::throttle::Limit;
use model::ids::PersonId;
use model::second_factors::{SecondFactorsView, Ways};
use serde_json::json;

/// Of a million codes three count at a time: whoever has the password and tries all day finds one with 0.14 %.
const BY_PERSON: Limit = Limit { what: "second-factor", attempts: 5, window: 15 * MINUTE };
const PASSKEYS_FROM: Limit = Limit { what: "passkey-from", attempts: 60, window: 15 * MINUTE };
const PROOFS: Limit = Limit { what: "proof", attempts: 10, window: 15 * MINUTE };

/// The second step of signing in.
pub enum SecondFactor {
    /// A code of the authenticator app, or a recovery code.
    Code(Secret),
    /// A passkey.
    Passkey(PasskeyAnswer),
}

/// Shows again who it is.
pub enum Proof {
    /// The password.
    Password(Secret),
    /// A code of the authenticator app.
    Code(Secret),
    /// A passkey.
    Passkey(PasskeyAnswer),
}

impl Vault {
    /// What the person who is signed in can prove with, in detail.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn second_factors(&self, caller: &MemberCaller) -> Result<SecondFactorsView, VaultError> {
        let mut tx = self.store.begin().await?;
        let confirmed_at = authenticators::get(&mut tx, caller.person).await?.and_then(|row| row.confirmed_at);
        Ok(SecondFactorsView {
            has_password: people::password_hash(&mut tx, caller.person).await?.is_some(),
            authenticator_since: confirmed_at.map(rfc3339),
            passkeys: passkeys::list(&mut tx, caller.person).await?,
            passkeys_possible: self.passkeys_possible(),
            recovery_codes_left: recovery_codes::count(&mut tx, caller.person).await?,
        })
    }

    /// What a person can prove with.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ways(&self, person: PersonId) -> Result<Ways, VaultError> {
        self.ways_of(&mut self.store.begin().await?, person).await
    }

    /// Signs a person in by a passkey alone, which must have checked who uses it.
    ///
    /// # Errors
    /// [`VaultError::Invalid`]; [`VaultError::TooManyAttempts`].
    pub async fn sign_in_with_passkey(
        &self,
        answer: &PasskeyAnswer,
        address: &str,
    ) -> Result<MemberCaller, VaultError> {
        self.count_attempt(PASSKEYS_FROM, address).await?;
        let asserted = self.assert_passkey(Purpose::SignIn, None, answer).await?;
        if !asserted.user_verified {
            return Err(VaultError::field(
                "passkey",
                "This device did not check that it is you: set up its PIN or screen lock, or sign in by password.",
            ));
        }
        let caller = self.complete_sign_in(asserted.person, "passkey", address).await?;
        self.forget_attempts(PASSKEYS_FROM, address).await?;
        Ok(caller)
    }

    /// The second step of signing in, after the password was right.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] with the field `code` or `passkey`; [`VaultError::TooManyAttempts`].
    pub async fn verify_second_factor(
        &self,
        person: PersonId,
        factor: SecondFactor,
        address: &str,
    ) -> Result<MemberCaller, VaultError> {
        self.count_second_factor(person).await?;
        let way = match factor {
            SecondFactor::Code(code) => self.use_code(person, &code).await,
            SecondFactor::Passkey(answer) => {
                self.assert_passkey(Purpose::SecondFactor, Some(person), &answer).await.map(|_| Some("passkey"))
            }
        };
        let way = match way {
            Ok(Some(way)) => way,
            Ok(None) => {
                self.record_refusal(person, "person.sign_in", "wrong_code", address).await?;
                return Err(VaultError::field(
                    "code",
                    "This is not a present code of your authenticator app, nor a recovery code that is left. \
                     A code works once: wait for the next one.",
                ));
            }
            Err(refused @ VaultError::Invalid(_)) => {
                self.record_refusal(person, "person.sign_in", "wrong_passkey", address).await?;
                return Err(refused);
            }
            Err(error) => return Err(error),
        };
        let caller = self.complete_sign_in(person, way, address).await?;
        self.forget_second_factor_attempts(person).await?;
        Ok(caller)
    }

    /// Checks a proof of who it is, before something sensitive.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] with the field `proof_password`, `proof_code` or `passkey`;
    /// [`VaultError::TooManyAttempts`].
    pub async fn prove(&self, caller: &MemberCaller, proof: Proof, address: &str) -> Result<(), VaultError> {
        self.count_attempt(PROOFS, &caller.person.to_string()).await?;
        let (way, proved) = match proof {
            Proof::Password(password) => ("password", self.prove_by_password(caller, password).await),
            Proof::Code(code) => ("authenticator", self.prove_by_code(caller, &code).await),
            Proof::Passkey(answer) => {
                ("passkey", self.assert_passkey(Purpose::Proof, Some(caller.person), &answer).await.map(drop))
            }
        };
        if matches!(proved, Err(VaultError::Invalid(_))) {
            self.record_refusal(caller.person, "person.proof", "refused", address).await?;
        }
        proved?;
        let mut tx = self.store.begin().await?;
        let event = Event::in_portal(caller, "person.proof", caller.person).detail(json!({ "way": way }));
        self.record(&mut tx, event.personal(json!({ "address": address }))).await?;
        tx.commit().await?;
        self.forget_attempts(PROOFS, &caller.person.to_string()).await
    }

    /// Forgets all second factors of a person who is locked out, and ends the sessions; from the command line.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when nobody has this e-mail address.
    pub async fn reset_second_factors(&self, email: &str) -> Result<PersonId, VaultError> {
        let mut tx = self.store.begin().await?;
        let person = people::by_email(&mut tx, &crate::people::normal_email(email)).await?;
        let person = person.ok_or(VaultError::NotFound)?.id;
        let caller = member(&mut tx, person).await?.ok_or(VaultError::NotFound)?;
        authenticators::delete(&mut tx, person).await?;
        crate::store::passkeys::delete_of_person(&mut tx, person).await?;
        recovery_codes::delete_of_person(&mut tx, person).await?;
        self.end_all_sessions(&mut tx, person).await?;
        let mut event = Event::in_portal(&caller, "person.second_factors_reset", person);
        event.actor_is(Actor::CommandLine);
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        self.forget_second_factor_attempts(person).await?;
        Ok(person)
    }

    pub(crate) async fn has_second_factor(&self, tx: &mut Tx, person: PersonId) -> Result<bool, VaultError> {
        Ok(self.ways_of(tx, person).await?.second_factor())
    }

    /// Other sessions may be somebody else's: they end. The first second factor brings recovery codes.
    pub(crate) async fn after_new_factor(
        &self,
        tx: &mut Tx,
        caller: &MemberCaller,
        session: &str,
    ) -> Result<Vec<Secret>, VaultError> {
        portal_sessions::delete_others(tx, caller.person, &sha256(session.as_bytes())).await?;
        if recovery_codes::count(tx, caller.person).await? > 0 {
            return Ok(Vec::new());
        }
        self.new_recovery_codes(tx, caller).await
    }

    /// Other sessions end, and recovery codes go with the last second factor. Somebody without a password keeps a
    /// passkey.
    pub(crate) async fn after_lost_factor(
        &self,
        tx: &mut Tx,
        caller: &MemberCaller,
        session: &str,
    ) -> Result<(), VaultError> {
        let ways = self.ways_of(tx, caller.person).await?;
        if !ways.password && !ways.passkey {
            let detail = "This is the only way for you to sign in: add another passkey first.".into();
            return Err(VaultError::Conflict { code: "last_way_in", detail });
        }
        if !ways.second_factor() {
            recovery_codes::delete_of_person(tx, caller.person).await?;
        }
        portal_sessions::delete_others(tx, caller.person, &sha256(session.as_bytes())).await?;
        Ok(())
    }

    pub(crate) async fn count_second_factor(&self, person: PersonId) -> Result<(), VaultError> {
        self.count_attempt(BY_PERSON, &person.to_string()).await
    }

    pub(crate) async fn forget_second_factor_attempts(&self, person: PersonId) -> Result<(), VaultError> {
        self.forget_attempts(BY_PERSON, &person.to_string()).await
    }

    /// Signing in ends here, whichever way it went.
    pub(crate) async fn complete_sign_in(
        &self,
        person: PersonId,
        way: &'static str,
        address: &str,
    ) -> Result<MemberCaller, VaultError> {
        let mut tx = self.store.begin().await?;
        let caller = member(&mut tx, person).await?.ok_or_else(|| {
            VaultError::field("code", "You are no member any more: ask an owner or admin of the organization.")
        })?;
        people::set_signed_in(&mut tx, person, self.clock.now()).await?;
        let event = Event::in_portal(&caller, "person.sign_in", person).detail(json!({ "way": way }));
        self.record(&mut tx, event.personal(json!({ "address": address }))).await?;
        tx.commit().await?;
        Ok(caller)
    }

    async fn ways_of(&self, tx: &mut Tx, person: PersonId) -> Result<Ways, VaultError> {
        let authenticator = authenticators::get(tx, person).await?;
        Ok(Ways {
            password: people::password_hash(tx, person).await?.is_some(),
            authenticator: authenticator.is_some_and(|row| row.confirmed_at.is_some()),
            passkey: !crate::store::passkeys::of_person(tx, person).await?.is_empty(),
            recovery_code: recovery_codes::count(tx, person).await? > 0,
        })
    }

    /// Uses a code up, and says what it was. Six digits are the app's, whatever is longer is a recovery code.
    async fn use_code(&self, person: PersonId, code: &Secret) -> Result<Option<&'static str>, VaultError> {
        let mut tx = self.store.begin().await?;
        let short = code.expose().chars().filter(|c| !c.is_whitespace()).count() <= DIGITS;
        let (way, fits) = if short {
            ("authenticator", self.authenticator_code_fits(&mut tx, person, code.expose()).await?)
        } else {
            let taken = crate::recovery_codes::take(&mut tx, person, code.expose(), self.clock.now()).await?;
            ("recovery_code", taken)
        };
        tx.commit().await?;
        Ok(fits.then_some(way))
    }

    async fn prove_by_password(&self, caller: &MemberCaller, password: Secret) -> Result<(), VaultError> {
        let hash = people::password_hash(&mut *self.store.connection().await?, caller.person).await?;
        if self.password_fits(password, hash).await? {
            return Ok(());
        }
        Err(VaultError::field("proof_password", "This is not your password."))
    }

    async fn prove_by_code(&self, caller: &MemberCaller, code: &Secret) -> Result<(), VaultError> {
        // The limit on codes is the stricter one, here too.
        self.count_second_factor(caller.person).await?;
        let mut tx = self.store.begin().await?;
        let fits = self.authenticator_code_fits(&mut tx, caller.person, code.expose()).await?;
        tx.commit().await?;
        if !fits {
            let words =
                "This is not a present code of your authenticator app. A code works once: wait for the next one.";
            return Err(VaultError::field("proof_code", words));
        }
        self.forget_second_factor_attempts(caller.person).await
    }

    async fn record_refusal(
        &self,
        person: PersonId,
        r#type: &'static str,
        outcome: &'static str,
        address: &str,
    ) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        if let Some(caller) = member(&mut tx, person).await? {
            let event = Event::in_portal(&caller, r#type, person).outcome(outcome);
            self.record(&mut tx, event.personal(json!({ "address": address }))).await?;
        }
        Ok(tx.commit().await?)
    }
}
