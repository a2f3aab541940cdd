//! Passkeys: public keys of a person's authenticators (WebAuthn level 2, sections 7.1 and 7.2). Attestation is not asked
//! for, so nothing is known of what keeps the key, and nothing of it is checked.

mod answer;
mod cose;

pub use answer::PasskeyAnswer;

use crate::Vault;
use crate::caller::MemberCaller;
use crate::clock::{MINUTE, Millis, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::random;
use crate::secret::{Secret, sha256};
use crate::store::{Tx, passkeys};
use crate::throttle::Limit;
use answer::{RelyingParty, USER_VERIFIED};
use cose::PublicKey;
use data_encoding::BASE64URL_NOPAD;
use model::ids::{PasskeyId, PersonId};
use model::second_factors::PasskeyView;
use serde_json::{Value, json};

/// How long a challenge can be answered.
const ANSWERED_WITHIN: Millis = 5 * MINUTE;
/// Strangers too may ask for one.
const CHALLENGES_FROM: Limit = Limit { what: "challenge-from", attempts: 300, window: 15 * MINUTE };
const LONGEST_NAME: usize = 60;
/// Nobody has more devices.
const MOST: usize = 20;

/// What a challenge is answered for. An answer for one thing is worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new passkey.
    Add,
    /// Signing in with nothing else.
    SignIn,
    /// The second step of signing in.
    SecondFactor,
    /// Proving again who it is.
    Proof,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::SignIn => "sign_in",
            Self::SecondFactor => "second_factor",
            Self::Proof => "proof",
        }
    }
}

/// What a browser is given, and the hash of its challenge, for remembering which browser that was.
pub type Ceremony = (Value, [u8; 32]);

/// A passkey that has answered: whose it is, and whether the device has checked who uses it.
pub(crate) struct Asserted {
    pub(crate) person: PersonId,
    pub(crate) user_verified: bool,
}

impl Vault {
    /// Whether browsers have passkeys for this server's address.
    pub(crate) fn passkeys_possible(&self) -> bool {
        RelyingParty::of(&self.public_url).is_some()
    }

    /// What a browser needs to make a passkey: `PublicKeyCredentialCreationOptions`, bytes as base64url.
    ///
    /// # Errors
    /// [`VaultError::Conflict`], where browsers have none.
    pub async fn begin_passkey(&self, caller: &MemberCaller) -> Result<Ceremony, VaultError> {
        let relying_party = self.relying_party()?;
        let known = passkeys::of_person(&mut *self.store.connection().await?, caller.person).await?;
        let algorithms: Vec<_> =
            cose::ALGORITHMS.iter().map(|algorithm| json!({ "type": "public-key", "alg": algorithm })).collect();
        let (challenge, hash) = self.new_challenge(Purpose::Add, Some(caller.person)).await?;
        let options = json!({
            "challenge": challenge,
            "rp": { "id": relying_party.id, "name": "Keybearer" },
            "user": { "id": user_handle(caller.person), "name": caller.email, "displayName": caller.email },
            "pubKeyCredParams": algorithms,
            "excludeCredentials": descriptors(&known),
            "authenticatorSelection": { "residentKey": "preferred", "userVerification": "preferred" },
            "attestation": "none",
            "timeout": ANSWERED_WITHIN,
        });
        Ok((options, hash))
    }

    /// Keeps a new passkey; ends the person's other sessions. Gives recovery codes, if it is the first second factor.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when the answer fits no challenge of this person; [`VaultError::Conflict`].
    pub async fn add_passkey(
        &self,
        caller: &MemberCaller,
        name: &str,
        answer: &PasskeyAnswer,
        session: &str,
    ) -> Result<Vec<Secret>, VaultError> {
        let name = checked_name(name)?;
        self.take_challenge(Purpose::Add, Some(caller.person), answer).await?;
        let data = self.relying_party()?.check("webauthn.create", answer).map_err(refused)?;
        let (credential_id, public_key) =
            data.credential().ok_or("it holds no key that was asked for").map_err(refused)?;
        if credential_id != answer.credential_id {
            return Err(refused("its id is another one"));
        }
        let row = passkeys::Row {
            id: PasskeyId::new(),
            person_id: caller.person,
            name,
            credential_id: credential_id.to_vec(),
            public_key: public_key.to_vec(),
            sign_count: data.sign_count.into(),
            created_at: self.clock.now(),
            last_used_at: None,
        };
        let mut tx = self.store.begin().await?;
        if passkeys::of_person(&mut tx, caller.person).await?.len() >= MOST {
            let detail = format!("You have {MOST} passkeys: remove one first.");
            return Err(VaultError::Conflict { code: "too_many_passkeys", detail });
        }
        if !passkeys::insert(&mut tx, &row).await? {
            let detail = "This passkey is known already.".to_owned();
            return Err(VaultError::Conflict { code: "known_passkey", detail });
        }
        self.record(&mut tx, Event::in_portal(caller, "person.passkey_added", row.id)).await?;
        let codes = self.after_new_factor(&mut tx, caller, session).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Gives a passkey another name.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Invalid`].
    pub async fn rename_passkey(&self, caller: &MemberCaller, id: PasskeyId, name: &str) -> Result<(), VaultError> {
        let name = checked_name(name)?;
        let mut tx = self.store.begin().await?;
        if !passkeys::rename(&mut tx, caller.person, id, &name).await? {
            return Err(VaultError::NotFound);
        }
        self.record(&mut tx, Event::in_portal(caller, "person.passkey_renamed", id)).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a passkey and ends the person's other sessions.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Conflict`], when there would be no way left to sign in.
    pub async fn remove_passkey(&self, caller: &MemberCaller, id: PasskeyId, session: &str) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        if !passkeys::delete(&mut tx, caller.person, id).await? {
            return Err(VaultError::NotFound);
        }
        self.record(&mut tx, Event::in_portal(caller, "person.passkey_removed", id)).await?;
        self.after_lost_factor(&mut tx, caller, session).await?;
        Ok(tx.commit().await?)
    }

    /// What a browser needs to use a passkey: `PublicKeyCredentialRequestOptions`, bytes as base64url. Without a person
    /// the authenticator offers what it has for this server.
    ///
    /// # Errors
    /// [`VaultError::Conflict`], where browsers have none.
    pub async fn begin_assertion(
        &self,
        purpose: Purpose,
        person: Option<PersonId>,
        address: &str,
    ) -> Result<Ceremony, VaultError> {
        self.count_attempt(CHALLENGES_FROM, address).await?;
        let relying_party = self.relying_party()?;
        let known = match person {
            Some(person) => passkeys::of_person(&mut *self.store.connection().await?, person).await?,
            None => Vec::new(),
        };
        let verification = if purpose == Purpose::SignIn { "required" } else { "preferred" };
        let (challenge, hash) = self.new_challenge(purpose, person).await?;
        let options = json!({
            "challenge": challenge,
            "rpId": relying_party.id,
            "allowCredentials": descriptors(&known),
            "userVerification": verification,
            "timeout": ANSWERED_WITHIN,
        });
        Ok((options, hash))
    }

    /// Checks an answer and notes the use. Its challenge is used up, whatever comes of it.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] with the field `passkey`.
    pub(crate) async fn assert_passkey(
        &self,
        purpose: Purpose,
        person: Option<PersonId>,
        answer: &PasskeyAnswer,
    ) -> Result<Asserted, VaultError> {
        self.take_challenge(purpose, person, answer).await?;
        let mut tx = self.store.begin().await?;
        let row = passkeys::by_credential(&mut tx, &answer.credential_id).await?;
        let row = row.filter(|row| person.is_none_or(|person| person == row.person_id));
        let row = row.ok_or_else(|| refused("it is not known here"))?;
        // 7.2 step 6: who was not named before is named by the answer.
        let handle_fits = answer.user_handle == row.person_id.to_string().as_bytes();
        if !handle_fits && (person.is_none() || !answer.user_handle.is_empty()) {
            return Err(refused("it belongs to somebody else"));
        }
        let data = self.relying_party()?.check("webauthn.get", answer).map_err(refused)?;
        let (key, _) = PublicKey::read(&row.public_key)
            .ok_or_else(|| VaultError::Unsealable(format!("passkeys.public_key of {}", row.id)))?;
        // 7.2 steps 19 and 20.
        let signed = [answer.authenticator_data.as_slice(), &sha256(&answer.client_data)].concat();
        if !key.verifies(&signed, &answer.signature) {
            return Err(refused("its signature is wrong"));
        }
        // 7.2 step 21: a count that does not grow means that there are two of it.
        if !passkeys::used(&mut tx, row.id, data.sign_count.into(), self.clock.now()).await? {
            tracing::warn!(passkey.id = %row.id, "A passkey's counter did not grow: it may have been copied.");
            return Err(refused("its counter did not grow, so it may have been copied. Remove it and add it again"));
        }
        tx.commit().await?;
        Ok(Asserted { person: row.person_id, user_verified: data.has(USER_VERIFIED) })
    }

    async fn new_challenge(
        &self,
        purpose: Purpose,
        person: Option<PersonId>,
    ) -> Result<(String, [u8; 32]), VaultError> {
        let challenge = random::bytes::<32>()?;
        let (hash, until) = (sha256(&challenge), self.clock.now() + ANSWERED_WITHIN);
        let mut db = self.store.connection().await?;
        passkeys::insert_challenge(&mut db, &hash, purpose.as_str(), person, until).await?;
        Ok((BASE64URL_NOPAD.encode(&challenge), hash))
    }

    async fn take_challenge(
        &self,
        purpose: Purpose,
        person: Option<PersonId>,
        answer: &PasskeyAnswer,
    ) -> Result<(), VaultError> {
        let hash = answer.challenge_hash().ok_or_else(|| refused("it answers nothing"))?;
        let made = passkeys::take_challenge(&mut *self.store.connection().await?, &hash).await?;
        let fits = made.is_some_and(|(made_for, made_for_person, until)| {
            made_for == purpose.as_str() && made_for_person == person && until > self.clock.now()
        });
        if fits { Ok(()) } else { Err(refused("it was asked for more than 5 minutes ago, or used already")) }
    }

    fn relying_party(&self) -> Result<RelyingParty, VaultError> {
        RelyingParty::of(&self.public_url).ok_or_else(|| VaultError::Conflict {
            code: "no_passkeys",
            detail: "Browsers have passkeys for names only: open Keybearer under a host name instead of an address."
                .into(),
        })
    }
}

pub(crate) async fn list(tx: &mut Tx, person: PersonId) -> Result<Vec<PasskeyView>, VaultError> {
    let view = |row: passkeys::Row| PasskeyView {
        id: row.id,
        name: row.name,
        created_at: rfc3339(row.created_at),
        last_used_at: row.last_used_at.map(rfc3339),
    };
    Ok(passkeys::of_person(tx, person).await?.into_iter().map(view).collect())
}

fn user_handle(person: PersonId) -> String {
    BASE64URL_NOPAD.encode(person.to_string().as_bytes())
}

fn descriptors(known: &[passkeys::Row]) -> Vec<Value> {
    known.iter().map(|row| json!({ "type": "public-key", "id": BASE64URL_NOPAD.encode(&row.credential_id) })).collect()
}

fn checked_name(name: &str) -> Result<String, VaultError> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err(VaultError::field("name", "Name it after the device that keeps it.")),
        1..=LONGEST_NAME => Ok(name.to_owned()),
        _ => Err(VaultError::field("name", format!("Use at most {LONGEST_NAME} characters."))),
    }
}

fn refused(why: &str) -> VaultError {
    VaultError::field("passkey", format!("This passkey cannot be used: {why}."))
}
