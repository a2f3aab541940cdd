//! People: founding, signing in, passwords.

use crate::Vault;
use crate::caller::{Actor, MemberCaller};
use crate::clock::MINUTE;
use crate::error::{Invalid, VaultError};
use crate::events::Event;
use crate::mail::address_mistake;
use crate::passwords;
use crate::secret::{Secret, same, sha256};
use crate::store::{StoreError, instance, is_taken, members, organizations, people};
use crate::text::name_mistake;
use crate::throttle::Limit;
use model::ids::{MemberId, OrganizationId, PersonId};
use model::people::{Role, SignUp};
use serde_json::json;

const BY_EMAIL: Limit = Limit { what: "sign-in", attempts: 10, window: 15 * MINUTE };
const BY_ADDRESS: Limit = Limit { what: "sign-in-from", attempts: 60, window: 15 * MINUTE };
const SET_UP: Limit = Limit { what: "set-up-code", attempts: 20, window: 15 * MINUTE };

/// What the first person fills in.
pub struct Founding {
    /// How to sign in.
    pub email: String,
    /// At least ten characters.
    pub password: Secret,
    /// The organization's name.
    pub organization: String,
    /// The set-up code, where one is needed.
    pub set_up_code: Option<String>,
    /// Whether a stranger could be asking.
    pub set_up_code_needed: bool,
    /// Where the request came from.
    pub address: String,
}

/// How far signing in has come.
#[derive(Debug)]
pub enum SignIn {
    /// Signed in.
    Complete(MemberCaller),
    /// The password is right, and [`Vault::verify_second_factor`] comes next.
    SecondFactorNeeded(PersonId),
}

impl Vault {
    /// Makes the first organization and its owner. One founder: the second gets `already_founded`.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], [`VaultError::Conflict`] `already_founded`, [`VaultError::TooManyAttempts`].
    pub async fn found(&self, founding: Founding) -> Result<MemberCaller, VaultError> {
        if self.sign_up == SignUp::Invite {
            return Err(by_invitation());
        }
        let email = normal_email(&founding.email);
        let mut fields = new_person_mistakes(&email, founding.password.expose());
        let name = founding.organization.trim();
        if let Some(mistake) = name.is_empty().then_some("Name your organization.").or_else(|| name_mistake(name)) {
            fields.push(("organization".into(), mistake.into()));
        }
        VaultError::check("Check the fields below.", fields)?;
        self.check_set_up_code(&founding).await?;
        let hash = self.hash_password(founding.password).await?;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        if !instance::found(&mut tx, now).await? {
            return Err(already_founded());
        }
        let (organization, person) = (OrganizationId::new(), PersonId::new());
        organizations::insert(&mut tx, organization, founding.organization.trim(), now).await?;
        people::insert(&mut tx, person, &email, &hash, now).await?;
        members::insert(&mut tx, MemberId::new(), organization, person, Role::Owner, now).await?;
        // The founder goes on signed in.
        people::set_signed_in(&mut tx, person, now).await?;
        let caller = member(&mut tx, person).await?.ok_or(VaultError::NotFound)?;
        self.record(&mut tx, Event::in_portal(&caller, "organization.founded", organization)).await?;
        tx.commit().await?;
        Ok(caller)
    }

    async fn check_set_up_code(&self, founding: &Founding) -> Result<(), VaultError> {
        let row = instance::get(&mut *self.store.connection().await?).await?.ok_or(VaultError::NotFound)?;
        if row.founded_at.is_some() {
            return Err(already_founded());
        }
        if !founding.set_up_code_needed {
            return Ok(());
        }
        self.count_attempt(SET_UP, &founding.address).await?;
        let given = sha256(founding.set_up_code.as_deref().unwrap_or_default().trim().as_bytes());
        let valid = row.set_up_code_expires_at.is_some_and(|at| at > self.clock.now());
        if valid && row.set_up_code_hash.is_some_and(|hash| same(&hash, &given)) {
            return Ok(());
        }
        Err(VaultError::field(
            "set_up_code",
            "This is not the set-up code, or it is older than 24 hours. It was printed when Keybearer started; \
             `keybearer setup-code` prints a new one.",
        ))
    }

    /// The first step of signing in. Attempts are counted for each e-mail address and each network address.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], the same for a wrong password and an unknown e-mail address;
    /// [`VaultError::TooManyAttempts`].
    pub async fn sign_in(&self, email: &str, password: Secret, address: &str) -> Result<SignIn, VaultError> {
        let email = normal_email(email);
        self.count_attempt(BY_ADDRESS, address).await?;
        self.count_attempt(BY_EMAIL, &email).await?;
        let row = people::by_email(&mut *self.store.connection().await?, &email).await?;
        let hash = row.as_ref().and_then(|r| r.password_hash.clone());
        let fits = self.password_fits(password, hash).await?;
        let mut tx = self.store.begin().await?;
        let caller = match row {
            Some(row) if row.disabled_at.is_none() => member(&mut tx, row.id).await?,
            _ => None,
        };
        let Some(caller) = caller else { return Err(wrong_credentials()) };
        let two_steps = self.has_second_factor(&mut tx, caller.person).await?;
        let outcome = if fits { "second_factor_needed" } else { "wrong_password" };
        if two_steps || !fits {
            let event = Event::in_portal(&caller, "person.sign_in", caller.person).outcome(outcome);
            self.record(&mut tx, event.personal(json!({ "address": address }))).await?;
        }
        tx.commit().await?;
        if !fits {
            return Err(wrong_credentials());
        }
        let signed_in = if two_steps {
            SignIn::SecondFactorNeeded(caller.person)
        } else {
            SignIn::Complete(self.complete_sign_in(caller.person, "password", address).await?)
        };
        // Only failures count: a whole team may sign in from one address.
        self.forget_attempts(BY_EMAIL, &email).await?;
        self.forget_attempts(BY_ADDRESS, address).await?;
        Ok(signed_in)
    }

    /// Who this person is now, if the person may still sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member(&self, person: PersonId) -> Result<Option<MemberCaller>, VaultError> {
        member(&mut *self.store.connection().await?, person).await
    }

    /// Ends all of a person's sessions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out_everywhere(&self, caller: &MemberCaller) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        self.end_all_sessions(&mut tx, caller.person).await?;
        self.record(&mut tx, Event::in_portal(caller, "person.signed_out_everywhere", caller.person)).await?;
        Ok(tx.commit().await?)
    }

    /// Changes a person's own password and ends all sessions. Without a password until now there is none to repeat.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when the present password is wrong or the new one is too short.
    pub async fn change_password(&self, caller: &MemberCaller, present: Secret, new: Secret) -> Result<(), VaultError> {
        self.count_attempt(BY_EMAIL, &caller.email).await?;
        let hash = people::password_hash(&mut *self.store.connection().await?, caller.person).await?;
        if hash.is_some() && !self.password_fits(present, hash).await? {
            return Err(VaultError::field("present_password", "This is not your present password."));
        }
        if let Some(mistake) = passwords::mistake(new.expose()) {
            return Err(VaultError::field("new_password", mistake));
        }
        let hash = self.hash_password(new).await?;
        let mut tx = self.store.begin().await?;
        people::set_password(&mut tx, caller.person, &hash).await?;
        self.end_all_sessions(&mut tx, caller.person).await?;
        self.record(&mut tx, Event::in_portal(caller, "person.password_changed", caller.person)).await?;
        tx.commit().await?;
        self.forget_attempts(BY_EMAIL, &caller.email).await
    }

    /// Adds a person and the membership, from the command line. The first one founds the instance.
    ///
    /// # Errors
    /// [`VaultError::Invalid`]; [`VaultError::Conflict`] `already_member`.
    pub async fn add_member(
        &self,
        organization: Option<OrganizationId>,
        email: &str,
        role: Role,
        password: Secret,
    ) -> Result<(PersonId, OrganizationId), VaultError> {
        let email = normal_email(email);
        VaultError::check("The member is not added.", new_person_mistakes(&email, password.expose()))?;
        let hash = self.hash_password(password).await?;
        let (now, person) = (self.clock.now(), PersonId::new());
        let mut tx = self.store.begin().await?;
        let organization = match self.organization_for_command_line(&mut tx, organization).await {
            Err(VaultError::NotFound) if organization.is_none() && instance::found(&mut tx, now).await? => {
                if role != Role::Owner {
                    return Err(VaultError::field(
                        "role",
                        "The first member founds the organization and must be its owner: --role owner.",
                    ));
                }
                let id = OrganizationId::new();
                organizations::insert(&mut tx, id, "My organization", now).await?;
                id
            }
            found => found?,
        };
        people::give_up_email(&mut tx, &email, now).await?;
        people::insert(&mut tx, person, &email, &hash, now).await.map_err(|e| already_member(e, &email))?;
        members::insert(&mut tx, MemberId::new(), organization, person, role, now).await?;
        if let Some(caller) = member(&mut tx, person).await? {
            let mut event = Event::in_portal(&caller, "member.added", person).detail(json!({ "role": role }));
            event.actor_is(Actor::CommandLine);
            self.record(&mut tx, event).await?;
        }
        tx.commit().await?;
        Ok((person, organization))
    }

    /// The organization that a command means: the only one, unless it is named.
    pub(crate) async fn organization_for_command_line(
        &self,
        tx: &mut crate::store::Tx,
        named: Option<OrganizationId>,
    ) -> Result<OrganizationId, VaultError> {
        if let Some(id) = named {
            return if organizations::exists(tx, id).await? { Ok(id) } else { Err(VaultError::NotFound) };
        }
        match organizations::first_two(tx).await?.as_slice() {
            [] => Err(VaultError::NotFound),
            [only] => Ok(*only),
            _ => Err(VaultError::field(
                "organization",
                "There is more than one organization: name one with --organization.",
            )),
        }
    }
}

pub(crate) async fn member(
    db: &mut crate::store::Connection,
    person: PersonId,
) -> Result<Option<MemberCaller>, VaultError> {
    let row = members::of_person(db, person).await?;
    Ok(row.map(|row| MemberCaller {
        person,
        member: row.id,
        organization: row.organization_id,
        organization_name: row.organization_name,
        email: row.email,
        role: row.role,
        sessions_valid_from: row.sessions_valid_from,
    }))
}

fn new_person_mistakes(email: &str, password: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    if let Some(mistake) = address_mistake(email) {
        fields.push(("email".to_owned(), mistake.to_owned()));
    }
    if let Some(mistake) = passwords::mistake(password) {
        fields.push(("password".to_owned(), mistake));
    }
    fields
}

pub(crate) fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

pub(crate) fn already_member(error: StoreError, email: &str) -> VaultError {
    if is_taken(&error) {
        let detail = format!("{email} has an account already; choose another e-mail address.");
        return VaultError::Conflict { code: "already_member", detail };
    }
    error.into()
}

fn already_founded() -> VaultError {
    let detail = "This instance is already founded: sign in, or ask a member to add you.".into();
    VaultError::Conflict { code: "already_founded", detail }
}

fn by_invitation() -> VaultError {
    let detail = "Nobody signs up here (KEYBEARER_SIGN_UP=invite): whoever runs the server adds the first owner with \
                  `keybearer member add`, and owners and admins invite everybody else.";
    VaultError::Conflict { code: "by_invitation", detail: detail.into() }
}

fn wrong_credentials() -> VaultError {
    VaultError::Invalid(Invalid {
        summary: "You are not signed in.".into(),
        fields: vec![("password".into(), "E-mail address and password do not fit together.".into())],
    })
}
