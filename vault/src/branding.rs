//! Branding: how an application's connect pages look to end users.

mod brand;
mod colour;
mod logo;

pub use brand::Brand;
pub use logo::Logo;

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{branding as store, logos};
use crate::text::{can_be_shown, name_mistake};
use model::branding::{Accent, Branding};
use model::people::Role;
use serde_json::json;
use url::Url;

/// What a developer may change besides the logo; empty texts take away.
#[derive(Clone, Debug, Default)]
pub struct BrandingChange {
    /// What end users see instead of the application's name.
    pub display_name: String,
    /// The accent on light pages: `#1f6feb`, `oklch(52% 0.19 264)`.
    pub accent: String,
    /// The accent on dark pages; made of the other one where it is empty.
    pub accent_dark: String,
    /// An https address, a mailto address, or an e-mail address.
    pub support: String,
}

/// The colours of a preview: whatever can be read of what was typed, readable for people or not.
pub fn preview_accent(light: &str, dark: &str) -> Option<Accent> {
    colour::preview(light, dark)
}

impl Vault {
    /// The application's branding.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn branding(&self, caller: &ApplicationCaller) -> Result<Branding, VaultError> {
        caller.require(Role::Viewer)?;
        Ok(store::get(&mut *self.store.connection().await?, caller.application).await?)
    }

    /// Changes name, colours and support address.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], with the nearest colour that can be read; [`VaultError::Forbidden`].
    pub async fn change_branding(
        &self,
        caller: &ApplicationCaller,
        change: &BrandingChange,
    ) -> Result<Branding, VaultError> {
        caller.require(Role::Developer)?;
        let checked = check(change)?;
        let mut tx = self.store.begin().await?;
        let branding = Branding { logo: store::get(&mut tx, caller.application).await?.logo, ..checked };
        store::set(&mut tx, caller.application, &branding, self.clock.now()).await?;
        let detail =
            json!({ "display_name": branding.display_name, "accent": branding.accent, "support": branding.support });
        self.record(&mut tx, Event::by(caller, "application.branding_changed", caller.application).detail(detail))
            .await?;
        tx.commit().await?;
        Ok(branding)
    }

    /// Puts a logo on the application's connect pages: a PNG, JPEG or WebP picture.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], [`VaultError::Forbidden`].
    pub async fn change_logo(&self, caller: &ApplicationCaller, bytes: Vec<u8>) -> Result<Branding, VaultError> {
        caller.require(Role::Developer)?;
        let logo = logo::check(bytes).map_err(|why| VaultError::field("logo", why))?;
        let (hash, now) = (logo.hash(), self.clock.now());
        let mut tx = self.store.begin().await?;
        let branding = Branding { logo: Some(hash.clone()), ..store::get(&mut tx, caller.application).await? };
        logos::put(&mut tx, caller.application, &hash, &logo, now).await?;
        store::set(&mut tx, caller.application, &branding, now).await?;
        let detail = json!({ "logo": hash });
        self.record(&mut tx, Event::by(caller, "application.logo_changed", caller.application).detail(detail)).await?;
        tx.commit().await?;
        Ok(branding)
    }

    /// Takes the logo away; without one nothing happens.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn remove_logo(&self, caller: &ApplicationCaller) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        let branding = store::get(&mut tx, caller.application).await?;
        if branding.logo.is_none() {
            return Ok(());
        }
        logos::delete(&mut tx, caller.application).await?;
        store::set(&mut tx, caller.application, &Branding { logo: None, ..branding }, self.clock.now()).await?;
        self.record(&mut tx, Event::by(caller, "application.logo_removed", caller.application)).await?;
        Ok(tx.commit().await?)
    }

    /// A logo by its hash. Whoever knows the address may see it: it stands on pages for everybody.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn logo(&self, hash: &str) -> Result<Option<Logo>, VaultError> {
        Ok(logos::by_hash(&mut *self.store.connection().await?, hash).await?)
    }
}

pub(crate) fn check(change: &BrandingChange) -> Result<Branding, VaultError> {
    let mut wrong = Vec::new();
    let name = change.display_name.trim();
    wrong.extend(name_mistake(name).map(|mistake| ("display_name".to_owned(), mistake.to_owned())));
    let accent = colour::accent(&change.accent, &change.accent_dark).unwrap_or_else(|mut why| {
        wrong.append(&mut why);
        None
    });
    let support = support(change.support.trim()).unwrap_or_else(|why| {
        wrong.push(("support".to_owned(), why.to_owned()));
        None
    });
    VaultError::check("The branding is not saved: check the fields below.", wrong)?;
    Ok(Branding { display_name: (!name.is_empty()).then(|| name.to_owned()), accent, support, logo: None })
}

/// An address that a link may lead to.
fn support(text: &str) -> Result<Option<String>, &'static str> {
    const WRONG: &str = "Use an https address such as https://example.com/help, or an e-mail address.";
    if text.is_empty() {
        return Ok(None);
    }
    let address = text.strip_prefix("mailto:").or_else(|| (!text.contains(':')).then_some(text));
    let text = match address {
        Some(address) if is_email(address) => format!("mailto:{address}"),
        Some(_) => return Err(WRONG),
        None => text.to_owned(),
    };
    let url = Url::parse(&text).map_err(|_| WRONG)?;
    let good = match url.scheme() {
        "https" => url.host_str().is_some() && url.username().is_empty() && url.password().is_none(),
        "mailto" => true,
        _ => false,
    };
    if good && text.len() <= 500 && can_be_shown(&text) { Ok(Some(url.into())) } else { Err(WRONG) }
}

/// One address and nothing that a mail program reads as more: copies, subject, a second address.
fn is_email(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || ".!$'*+-/=^_`{|}~".contains(c);
    let good_host = |host: &str| {
        host.contains('.')
            && host.split('.').all(|part| !part.is_empty())
            && host.chars().all(|c| c.is_alphanumeric() || "-.".contains(c))
    };
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && name.chars().all(plain) && good_host(host))
}

#[cfg(test)]
mod tests {
    use super::support;

    #[test]
    fn a_support_link_leads_to_a_page_or_opens_a_mail() {
        assert_eq!(support("help@example.com").unwrap().unwrap(), "mailto:help@example.com");
        assert_eq!(support("mailto:help@example.com").unwrap().unwrap(), "mailto:help@example.com");
        assert_eq!(support("https://example.com/help").unwrap().unwrap(), "https://example.com/help");
        for odd in [
            "javascript:alert(1)",
            "http://example.com",
            "example",
            "mailto:",
            "https://u:p@example.com",
            "data:,x",
            "a@example.com?bcc=b@example.com",
            "mailto:a@example.com?subject=x",
            "a@example.com,b@example.com",
            "a%0A@example.com",
            "a@b@example.com",
            "a@example..com",
        ] {
            assert!(support(odd).is_err(), "{odd}");
        }
    }
}
