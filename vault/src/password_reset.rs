//! A new password for somebody who has forgotten it: by a link that is mailed, or that the command line prints.
//!
//! A new password ends all sessions. It signs nobody in and leaves second factors as they are: a mailbox, or the
//! server's terminal, must not be worth more than the person's own device.

use crate::Vault;
use crate::caller::Actor;
use crate::clock::{HOUR, MINUTE, Millis};
use crate::error::VaultError;
use crate::events::Event;
use crate::mail::Letter;
use crate::people::normal_email;
use crate::secret::{Secret, sha256};
use crate::store::{Connection, Tx, members, password_resets, people, portal_sessions};
use crate::throttle::Limit;
use crate::{passwords, random};
use model::ids::PersonId;
use model::paths;
use serde_json::json;

/// How long a link is good.
const LIFE: Millis = HOUR;
const BY_EMAIL: Limit = Limit { what: "password-reset", attempts: 3, window: HOUR };
const BY_ADDRESS: Limit = Limit { what: "password-reset-from", attempts: 20, window: HOUR };
const NEW_PASSWORD: Limit = Limit { what: "new-password-from", attempts: 30, window: 15 * MINUTE };

impl Vault {
    /// Mails a link to whoever has this address. Nobody learns from the answer, or from how long it takes, whether
    /// anybody has: all of it happens in a task of its own.
    ///
    /// # Errors
    /// [`VaultError::TooManyAttempts`]; [`VaultError::Conflict`] `no_mail`, where no mail server is set up.
    pub async fn ask_for_password_reset(&self, email: &str, address: &str) -> Result<(), VaultError> {
        if !self.sends_mail() {
            let detail = "This server sends no mail: ask whoever runs it for `keybearer member reset-password`.";
            return Err(VaultError::Conflict { code: "no_mail", detail: detail.into() });
        }
        let email = normal_email(email);
        self.count_attempt(BY_ADDRESS, address).await?;
        self.count_attempt(BY_EMAIL, &email).await?;
        let vault = self.clone();
        self.calls.spawn(async move {
            match vault.new_password_reset(&email, Actor::Keybearer).await {
                Ok(link) => drop(vault.send_mail("password reset", letter(email, &link)).await),
                // Nobody has this address.
                Err(VaultError::NotFound) => {}
                Err(error) => {
                    tracing::error!(error = crate::error::chain(&error), "A password reset could not be prepared.");
                }
            }
        });
        Ok(())
    }

    /// Makes a link for the member with this address, good once and for an hour; for the command line.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn password_reset_from_command_line(&self, email: &str) -> Result<Secret, VaultError> {
        self.new_password_reset(&normal_email(email), Actor::CommandLine).await
    }

    /// Whose password a link sets; `None` when it is not good, or not any more. Changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn password_reset(&self, link: &str) -> Result<Option<String>, VaultError> {
        let mut db = self.store.connection().await?;
        Ok(self.good_link(&mut db, link).await?.map(|member| member.email))
    }

    /// Sets a new password and ends all of the person's sessions. The link is over then, and all others of this person.
    ///
    /// # Errors
    /// [`VaultError::Invalid`]; [`VaultError::NotFound`], when the link is not good any more;
    /// [`VaultError::TooManyAttempts`].
    pub async fn set_new_password(&self, link: &str, password: Secret, address: &str) -> Result<(), VaultError> {
        self.count_attempt(NEW_PASSWORD, address).await?;
        self.good_link(&mut *self.store.connection().await?, link).await?.ok_or(VaultError::NotFound)?;
        if let Some(mistake) = passwords::mistake(password.expose()) {
            return Err(VaultError::field("password", mistake));
        }
        let (hash, now) = (self.hash_password(password).await?, self.clock.now());
        let mut tx = self.store.begin().await?;
        let member = self.good_link(&mut tx, link).await?.ok_or(VaultError::NotFound)?;
        let person = member.person;
        if !password_resets::take(&mut tx, &sha256(link.as_bytes()), now).await? {
            return Err(VaultError::NotFound);
        }
        people::set_password(&mut tx, person, &hash).await?;
        self.end_all(&mut tx, person).await?;
        let event = Event::of_organization(member.organization, Actor::Member(person), "person.password_reset", person);
        self.record(&mut tx, event.personal(json!({ "address": address }))).await?;
        Ok(tx.commit().await?)
    }

    async fn new_password_reset(&self, email: &str, actor: Actor) -> Result<Secret, VaultError> {
        let (link, now) = (random::token("")?, self.clock.now());
        let mut tx = self.store.begin().await?;
        let row = people::by_email(&mut tx, email).await?.filter(|row| row.disabled_at.is_none());
        let row = row.ok_or(VaultError::NotFound)?;
        let member = members::of_person(&mut tx, row.id).await?.ok_or(VaultError::NotFound)?;
        password_resets::insert(&mut tx, &link.sha256(), row.id, now, now + LIFE).await?;
        let event = Event::of_organization(member.organization_id, actor, "person.password_reset_link_created", row.id);
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        Ok(Secret::new(self.portal_address(&paths::new_password(link.expose()))))
    }

    /// Whose link it is. One that is older than the person's last change of password is over too.
    async fn good_link(&self, db: &mut Connection, link: &str) -> Result<Option<Whose>, VaultError> {
        if !random::is_token("", link) {
            return Ok(None);
        }
        let row = password_resets::get(db, &sha256(link.as_bytes()), self.clock.now()).await?;
        let Some(row) = row else { return Ok(None) };
        let member = members::of_person(db, row.person_id).await?;
        let member = member.filter(|member| row.created_at >= member.sessions_valid_from);
        Ok(member.map(|m| Whose { person: row.person_id, organization: m.organization_id, email: m.email }))
    }

    async fn end_all(&self, tx: &mut Tx, person: PersonId) -> Result<(), VaultError> {
        people::end_sessions(tx, person, self.clock.now()).await?;
        portal_sessions::delete_of_person(tx, person).await?;
        Ok(password_resets::delete_of_person(tx, person).await?)
    }
}

/// Whom a link is about.
struct Whose {
    person: PersonId,
    organization: model::ids::OrganizationId,
    email: String,
}

fn letter(to: String, link: &Secret) -> Letter {
    let text = format!(
        "Somebody, hopefully you, asks for a new password for {to} on Keybearer.\n\n\
         Open this link to choose one. It works once, for an hour:\n\n{}\n\n\
         If it was not you, ignore this mail: your password stays as it is.\n",
        link.expose()
    );
    Letter { to, subject: "A new password for Keybearer".into(), text }
}
