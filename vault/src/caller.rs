//! Who asks. Nothing that a tenant owns is read without one of these.

use crate::error::VaultError;
use model::api_keys::{KeyScope, Policy};
use model::applications::Environment;
use model::ids::{ApiKeyId, ApplicationId, EndUserId, MemberId, OrganizationId, PersonId};
use model::people::{MemberView, Role};
use std::net::IpAddr;
use std::sync::Arc;

/// Who does something, as the audit log names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// An application's backend.
    ApiKey(ApiKeyId),
    /// A person in the portal.
    Member(PersonId),
    /// The developer's customer in a browser.
    EndUser,
    /// Somebody with access to the machine.
    CommandLine,
    /// This program by itself.
    Keybearer,
}

impl Actor {
    /// The kind of actor in one word.
    pub fn kind(self) -> &'static str {
        match self {
            Self::ApiKey(_) => "api_key",
            Self::Member(_) => "member",
            Self::EndUser => "end_user",
            Self::CommandLine => "command_line",
            Self::Keybearer => "keybearer",
        }
    }

    /// The actor's id, where it has one.
    pub fn id(self) -> Option<String> {
        match self {
            Self::ApiKey(id) => Some(id.to_string()),
            Self::Member(id) => Some(id.to_string()),
            Self::EndUser | Self::CommandLine | Self::Keybearer => None,
        }
    }
}

/// What an API key is restricted to.
#[derive(Debug)]
pub(crate) struct KeyLimits {
    /// Space-separated; empty means everything but imports.
    pub(crate) scopes: String,
    /// Of the key or of its application.
    pub(crate) proxy_only: bool,
    pub(crate) policy: Option<Policy>,
}

/// Whether a key with these scopes, as they are stored, has one of them.
pub(crate) fn has_scope(scopes: &str, scope: KeyScope) -> bool {
    if scopes.is_empty() { scope.is_usual() } else { scopes.split(' ').any(|word| word == scope.as_str()) }
}

/// Somebody who acts within one application.
#[derive(Clone, Debug)]
pub struct ApplicationCaller {
    pub(crate) application: ApplicationId,
    pub(crate) application_name: String,
    pub(crate) organization: OrganizationId,
    pub(crate) environment: Environment,
    pub(crate) actor: Actor,
    pub(crate) role: Role,
    /// Only an API key is restricted in other ways than by its role.
    pub(crate) key: Option<Arc<KeyLimits>>,
    pub(crate) request_id: Option<String>,
    /// Where a request came from.
    pub(crate) address: Option<IpAddr>,
}

impl ApplicationCaller {
    /// The application.
    pub fn application(&self) -> ApplicationId {
        self.application
    }

    /// The application's name.
    pub fn application_name(&self) -> &str {
        &self.application_name
    }

    /// Development or production.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// Names the request in the audit log.
    #[must_use]
    pub fn in_request(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Refuses an API key without this scope.
    ///
    /// # Errors
    /// [`VaultError::MissingScope`].
    pub fn require_scope(&self, scope: KeyScope) -> Result<(), VaultError> {
        let has = self.key.as_ref().is_none_or(|key| has_scope(&key.scopes, scope));
        if has { Ok(()) } else { Err(VaultError::MissingScope(scope)) }
    }

    /// What the proxy does for this caller; without a policy everything.
    pub fn policy(&self) -> Option<&Policy> {
        self.key.as_ref()?.policy.as_ref()
    }

    /// Refuses an API key to which no token is handed out.
    ///
    /// # Errors
    /// [`VaultError::ProxyOnly`].
    pub(crate) fn require_tokens(&self) -> Result<(), VaultError> {
        let proxy_only = self.key.as_ref().is_some_and(|key| key.proxy_only);
        if proxy_only { Err(VaultError::ProxyOnly) } else { Ok(()) }
    }

    /// Refuses those whose role is too small.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub(crate) fn require(&self, role: Role) -> Result<(), VaultError> {
        if self.role.includes(role) { Ok(()) } else { Err(VaultError::Forbidden) }
    }
}

/// Whoever holds a manage link: the developer's customer, within one application, for its own accounts alone.
#[derive(Clone, Debug)]
pub struct EndUserCaller {
    pub(crate) application: ApplicationId,
    pub(crate) application_name: String,
    pub(crate) organization: OrganizationId,
    pub(crate) environment: Environment,
    pub(crate) end_user: EndUserId,
    pub(crate) return_url: Option<String>,
    pub(crate) request_id: Option<String>,
}

impl EndUserCaller {
    /// Names the request in the audit log.
    #[must_use]
    pub fn in_request(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// The authority over an account that was found to be the end user's own, and over nothing else.
    pub(crate) fn on_own_account(&self) -> ApplicationCaller {
        ApplicationCaller {
            application: self.application,
            application_name: self.application_name.clone(),
            organization: self.organization,
            environment: self.environment,
            actor: Actor::EndUser,
            role: Role::Developer,
            key: None,
            request_id: self.request_id.clone(),
            address: None,
        }
    }
}

/// A person who is signed in to the portal.
#[derive(Clone, Debug)]
pub struct MemberCaller {
    pub(crate) person: PersonId,
    pub(crate) member: MemberId,
    pub(crate) organization: OrganizationId,
    pub(crate) organization_name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) sessions_valid_from: i64,
}

impl MemberCaller {
    /// The person.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// Sessions that began before this moment (unix milliseconds) are over.
    pub fn sessions_valid_from(&self) -> i64 {
        self.sessions_valid_from
    }

    /// What the portal's header shows.
    pub fn view(&self) -> MemberView {
        MemberView {
            person: self.person,
            member: self.member,
            organization: self.organization,
            organization_name: self.organization_name.clone(),
            email: self.email.clone(),
            role: self.role,
        }
    }

    pub(crate) fn require(&self, role: Role) -> Result<(), VaultError> {
        if self.role.includes(role) { Ok(()) } else { Err(VaultError::Forbidden) }
    }
}
