//! Applications: what a developer integrates.

pub(crate) mod return_addresses;
mod settings;

pub use settings::ApplicationSettings;

use crate::Vault;
use crate::caller::{Actor, ApplicationCaller, MemberCaller};
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{Connection, applications, data_keys};
use crate::text::can_be_shown;
use model::applications::{ApplicationCounts, ApplicationView, Environment};
use model::ids::{ApplicationId, OrganizationId};
use model::people::Role;
use serde_json::json;

/// What may be changed of an application.
pub struct ApplicationChange {
    /// The name, which end users see at consent.
    pub name: String,
    /// Every connect session asks the backend to confirm who finished it.
    pub confirmation_required: bool,
}

impl Vault {
    /// Makes an application.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], [`VaultError::Forbidden`].
    pub async fn add_application(
        &self,
        member: &MemberCaller,
        name: &str,
        environment: Environment,
    ) -> Result<ApplicationView, VaultError> {
        member.require(Role::Developer)?;
        self.insert_application(member.organization, Actor::Member(member.person), name, environment).await
    }

    /// Makes an application from the command line.
    ///
    /// # Errors
    /// [`VaultError::Invalid`]; [`VaultError::NotFound`], when there is no organization yet.
    pub async fn add_application_from_command_line(
        &self,
        organization: Option<OrganizationId>,
        name: &str,
        environment: Environment,
    ) -> Result<ApplicationView, VaultError> {
        let mut tx = self.store.begin().await?;
        let organization = self.organization_for_command_line(&mut tx, organization).await?;
        tx.commit().await?;
        self.insert_application(organization, Actor::CommandLine, name, environment).await
    }

    async fn insert_application(
        &self,
        organization: OrganizationId,
        actor: Actor,
        name: &str,
        environment: Environment,
    ) -> Result<ApplicationView, VaultError> {
        let name = valid_name(name)?;
        let now = self.clock.now();
        let row = applications::Row {
            id: ApplicationId::new(),
            organization_id: organization,
            name,
            environment,
            confirmation_required_at: None,
            proxy_only_at: None,
            created_at: now,
        };
        let data_key = self.keyring.new_data_key(row.id)?;
        let caller = caller(&row, actor, Role::Owner);
        let mut tx = self.store.begin().await?;
        applications::insert(&mut tx, &row).await?;
        data_keys::insert(&mut tx, &data_key, now).await?;
        let detail = json!({ "environment": environment });
        self.record(&mut tx, Event::by(&caller, "application.created", row.id).detail(detail)).await?;
        tx.commit().await?;
        self.application(&caller).await
    }

    /// The organization's applications, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn applications(&self, member: &MemberCaller) -> Result<Vec<ApplicationView>, VaultError> {
        let mut db = self.store.connection().await?;
        let mut views = Vec::new();
        for row in applications::list(&mut db, member.organization).await? {
            views.push(view(&mut db, row).await?);
        }
        Ok(views)
    }

    /// Lets a member act within an application.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], also for an application of another organization.
    pub async fn enter(&self, member: &MemberCaller, id: ApplicationId) -> Result<ApplicationCaller, VaultError> {
        let row = applications::get(&mut *self.store.connection().await?, member.organization, id).await?;
        Ok(caller(&row.ok_or(VaultError::NotFound)?, Actor::Member(member.person), member.role))
    }

    /// Lets the command line act within an application.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn enter_from_command_line(&self, id: ApplicationId) -> Result<ApplicationCaller, VaultError> {
        let row = applications::get_of_any(&mut *self.store.connection().await?, id).await?;
        Ok(caller(&row.ok_or(VaultError::NotFound)?, Actor::CommandLine, Role::Owner))
    }

    /// The caller's application.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn application(&self, caller: &ApplicationCaller) -> Result<ApplicationView, VaultError> {
        let mut db = self.store.connection().await?;
        let row = applications::get(&mut db, caller.organization, caller.application).await?;
        view(&mut db, row.ok_or(VaultError::NotFound)?).await
    }

    /// How many provider configs and API keys the application has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn application_counts(&self, caller: &ApplicationCaller) -> Result<ApplicationCounts, VaultError> {
        Ok(applications::counts(&mut *self.store.connection().await?, caller.application).await?)
    }

    /// Changes the caller's application.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], [`VaultError::Forbidden`].
    pub async fn change_application(
        &self,
        caller: &ApplicationCaller,
        change: &ApplicationChange,
    ) -> Result<ApplicationView, VaultError> {
        caller.require(Role::Developer)?;
        let (name, now) = (valid_name(&change.name)?, self.clock.now());
        let mut tx = self.store.begin().await?;
        let row = applications::get(&mut tx, caller.organization, caller.application).await?;
        let row = row.ok_or(VaultError::NotFound)?;
        if (&row.name, row.confirmation_required_at.is_some()) == (&name, change.confirmation_required) {
            return view(&mut tx, row).await;
        }
        applications::update(&mut tx, caller.application, &name, change.confirmation_required.then_some(now), now)
            .await?;
        let detail = json!({ "confirmation_required": change.confirmation_required });
        self.record(&mut tx, Event::by(caller, "application.changed", caller.application).detail(detail)).await?;
        tx.commit().await?;
        self.application(caller).await
    }

    /// Says whether backends get tokens at all, or call providers through the proxy alone, whatever their keys allow.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn set_proxy_only(&self, caller: &ApplicationCaller, proxy_only: bool) -> Result<(), VaultError> {
        caller.require(Role::Admin)?;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let row = applications::get(&mut tx, caller.organization, caller.application).await?;
        if row.ok_or(VaultError::NotFound)?.proxy_only_at.is_some() == proxy_only {
            return Ok(());
        }
        applications::set_proxy_only(&mut tx, caller.application, proxy_only.then_some(now), now).await?;
        let detail = json!({ "proxy_only": proxy_only });
        self.record(&mut tx, Event::by(caller, "application.proxy_only_set", caller.application).detail(detail))
            .await?;
        Ok(tx.commit().await?)
    }

    /// Adds an address to which browsers may return.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], [`VaultError::Forbidden`].
    pub async fn add_return_address(&self, caller: &ApplicationCaller, url: &str) -> Result<String, VaultError> {
        caller.require(Role::Developer)?;
        let url =
            return_addresses::check_new(caller.environment, url).map_err(|e| VaultError::field("return_address", e))?;
        let mut tx = self.store.begin().await?;
        if !applications::add_return_address(&mut tx, caller.application, &url, self.clock.now()).await? {
            return Ok(url);
        }
        let detail = json!({ "url": url });
        self.record(&mut tx, Event::by(caller, "application.return_address_added", caller.application).detail(detail))
            .await?;
        tx.commit().await?;
        Ok(url)
    }

    /// Removes such an address.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn remove_return_address(&self, caller: &ApplicationCaller, url: &str) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        if !applications::remove_return_address(&mut tx, caller.application, url).await? {
            return Err(VaultError::NotFound);
        }
        let detail = json!({ "url": url });
        self.record(
            &mut tx,
            Event::by(caller, "application.return_address_removed", caller.application).detail(detail),
        )
        .await?;
        Ok(tx.commit().await?)
    }
}

/// Who acts within an application in the background, once the request was allowed.
pub(crate) fn caller_of(row: &applications::Row, actor: Actor) -> ApplicationCaller {
    caller(row, actor, Role::Owner)
}

fn caller(row: &applications::Row, actor: Actor, role: Role) -> ApplicationCaller {
    ApplicationCaller {
        application: row.id,
        application_name: row.name.clone(),
        organization: row.organization_id,
        environment: row.environment,
        actor,
        role,
        key: None,
        request_id: None,
        address: None,
    }
}

async fn view(db: &mut Connection, row: applications::Row) -> Result<ApplicationView, VaultError> {
    Ok(ApplicationView {
        id: row.id,
        return_addresses: applications::return_addresses(db, row.id).await?,
        name: row.name,
        environment: row.environment,
        confirmation_required: row.confirmation_required_at.is_some(),
        proxy_only: row.proxy_only_at.is_some(),
        created_at: rfc3339(row.created_at),
    })
}

fn valid_name(name: &str) -> Result<String, VaultError> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err(VaultError::field("name", "Give the application a name; end users see it at consent.")),
        1..=80 if can_be_shown(name) => Ok(name.to_owned()),
        1..=80 => Err(VaultError::field("name", "The name holds a character that cannot be shown.")),
        _ => Err(VaultError::field("name", "Use at most 80 characters.")),
    }
}
