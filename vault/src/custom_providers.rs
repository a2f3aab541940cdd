//! Custom providers: entries that an application writes itself, by hand or from what an issuer announces.

mod discovery;
mod form;
mod metadata;
mod words;

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::{Addresses, Provider, Snapshot};
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::events::Event;
use crate::http::Reach;
use crate::store::{Connection, custom_providers, is_taken, provider_configs};
use discovery::Announced;
use model::custom_providers::{CustomProviderView, EntryForm};
use model::people::Role;
use model::providers::ProviderSummary;
use serde_json::json;

impl Vault {
    /// The application's custom providers, by slug.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn custom_providers(&self, caller: &ApplicationCaller) -> Result<Vec<ProviderSummary>, VaultError> {
        let rows = custom_providers::list(&mut *self.store.connection().await?, caller.application).await?;
        rows.iter().map(|row| Ok(row.provider()?.summary())).collect()
    }

    /// One custom provider with its entry.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn custom_provider(
        &self,
        caller: &ApplicationCaller,
        slug: &str,
    ) -> Result<CustomProviderView, VaultError> {
        let mut db = self.store.connection().await?;
        let row = custom_providers::get(&mut db, caller.application, slug).await?.ok_or(VaultError::NotFound)?;
        let used_by = provider_configs::keys_of_provider(&mut db, caller.application, slug).await?;
        let provider = row.provider()?;
        let mut form = form::of(&provider.entry)?;
        form.announced = row.announced.unwrap_or_default();
        Ok(CustomProviderView {
            summary: provider.summary(),
            form,
            used_by,
            checked_at: row.checked_at.filter(|_| provider.entry.authorize.issuer.is_some()).map(rfc3339),
            check_failure: row.check_failure,
        })
    }

    /// The scopes that the issuer of a custom provider announces.
    pub(crate) async fn announced_scopes(
        &self,
        db: &mut Connection,
        caller: &ApplicationCaller,
        slug: &str,
    ) -> Result<Vec<String>, VaultError> {
        let row = custom_providers::get(db, caller.application, slug).await?;
        let announced = row.and_then(|row| row.announced).as_deref().and_then(Announced::read);
        Ok(announced.map(|announced| announced.scopes).unwrap_or_default())
    }

    /// Saves a custom provider, a new one without `slug`. Provider configs that use it go on with the entry they have.
    /// Gives the slug.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], [`VaultError::Forbidden`], [`VaultError::NotFound`].
    pub async fn save_custom_provider(
        &self,
        caller: &ApplicationCaller,
        slug: Option<&str>,
        form: &EntryForm,
    ) -> Result<String, VaultError> {
        caller.require(Role::Developer)?;
        let addresses = Addresses { sandbox: None, allowed: self.http.allowed(), reach: Reach::Tenant };
        let entry = form::read(form, &addresses)?;
        let announced =
            Announced::read(&form.announced).filter(|a| entry.authorize.issuer.as_deref() == Some(&a.issuer));
        let announced = announced.map(|announced| announced.write()).transpose()?;
        let Snapshot { text, .. } = Snapshot::of(&entry)?;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let (slug, r#type) = match slug {
            Some(slug) => {
                if !custom_providers::change(&mut tx, caller.application, slug, &text, announced.as_deref(), now)
                    .await?
                {
                    return Err(VaultError::NotFound);
                }
                (slug.to_owned(), "custom_provider.changed")
            }
            None => {
                let taken = custom_providers::list(&mut tx, caller.application).await?;
                let slug = form::new_slug(&entry.name, |slug| taken.iter().any(|row| row.slug == slug));
                let row = custom_providers::Row {
                    application_id: caller.application,
                    slug: slug.clone(),
                    entry: text,
                    checked_at: announced.is_some().then_some(now),
                    announced,
                    announced_now: None,
                    check_failure: None,
                };
                custom_providers::insert(&mut tx, &row, now).await.map_err(taken_meanwhile)?;
                (slug, "custom_provider.created")
            }
        };
        let endpoints = json!({ "authorize": entry.endpoints.authorize, "token": entry.endpoints.token });
        let detail = json!({ "slug": slug, "name": entry.name, "endpoints": endpoints });
        self.record(&mut tx, Event::by(caller, r#type, &slug).detail(detail)).await?;
        tx.commit().await?;
        Ok(slug)
    }

    /// Removes a custom provider that no provider config uses.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`], [`VaultError::Conflict`].
    pub async fn remove_custom_provider(&self, caller: &ApplicationCaller, slug: &str) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        let used_by = provider_configs::keys_of_provider(&mut tx, caller.application, slug).await?;
        if !used_by.is_empty() {
            let detail = format!("It is set up as {}. Remove that first.", used_by.join(", "));
            return Err(VaultError::Conflict { code: "in_use", detail });
        }
        if !custom_providers::remove(&mut tx, caller.application, slug).await? {
            return Err(VaultError::NotFound);
        }
        self.record(&mut tx, Event::by(caller, "custom_provider.removed", slug).detail(json!({ "slug": slug })))
            .await?;
        Ok(tx.commit().await?)
    }
}

impl Provider {
    /// The same provider with the endpoints and capabilities that its issuer announces.
    pub(crate) fn as_announced(&self, announced: &str) -> Result<Self, VaultError> {
        let mut entry = self.entry.clone();
        if let Some(announced) = Announced::read(announced) {
            announced.apply(&mut entry);
        }
        Self::custom(&self.slug, entry)
    }
}

fn taken_meanwhile(error: crate::store::StoreError) -> VaultError {
    if is_taken(&error) {
        let detail = "Another provider of that name was saved just now; press Save again.".to_owned();
        return VaultError::Conflict { code: "already_exists", detail };
    }
    error.into()
}
