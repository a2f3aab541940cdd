//! Whose page it is. A page that says what went wrong looks like its application's too, where that is known.

use crate::Vault;
use crate::error::VaultError;
use crate::secret::sha256;
use crate::store::{Connection, applications, branding, connect_sessions, manage_links, provider_configs};
use model::branding::Branding;
use model::ids::{ApplicationId, ConnectSessionId};

/// What an end user knows an application by.
#[derive(Clone, Debug)]
pub struct Brand {
    /// The name that end users see.
    pub application_name: String,
    /// How its pages look.
    pub branding: Branding,
}

impl Vault {
    /// Whose connect link it is, used or not; `None` for one that is not known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn brand_of_connect_link(&self, link: &str) -> Result<Option<Brand>, VaultError> {
        let mut db = self.store.connection().await?;
        let session = connect_sessions::by_link(&mut db, &sha256(link.as_bytes())).await?;
        brand(&mut db, session.map(|row| row.application_id)).await
    }

    /// Whose manage link it is, over or not; `None` for one that is not known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn brand_of_manage_link(&self, link: &str) -> Result<Option<Brand>, VaultError> {
        let mut db = self.store.connection().await?;
        let row = manage_links::by_link(&mut db, &sha256(link.as_bytes())).await?;
        brand(&mut db, row.map(|row| row.application_id)).await
    }

    /// Whose redirect URI it is. Everybody whom a provider is opened for can read that address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn brand_of_redirect_uri(
        &self,
        application: ApplicationId,
        key: &str,
    ) -> Result<Option<Brand>, VaultError> {
        let mut db = self.store.connection().await?;
        let config = provider_configs::by_key(&mut db, application, key).await?;
        brand(&mut db, config.map(|_| application)).await
    }

    /// Whose session it is, for the browser that pressed Continue alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn brand_of_session(&self, id: ConnectSessionId, browser: &str) -> Result<Option<Brand>, VaultError> {
        let mut db = self.store.connection().await?;
        let session = connect_sessions::by_browser(&mut db, id, &sha256(browser.as_bytes())).await?;
        brand(&mut db, session.map(|row| row.application_id)).await
    }
}

async fn brand(db: &mut Connection, id: Option<ApplicationId>) -> Result<Option<Brand>, VaultError> {
    let Some(id) = id else { return Ok(None) };
    let Some(application) = applications::get_of_any(db, id).await? else { return Ok(None) };
    let branding = branding::get(db, id).await?;
    let application_name = branding.display_name.clone().unwrap_or(application.name);
    Ok(Some(Brand { application_name, branding }))
}
