//! An application's settings as a backend writes them: all at once, or not at all.

use super::{return_addresses, valid_name, view};
use crate::Vault;
use crate::branding::{BrandingChange, check as check_branding};
use crate::caller::ApplicationCaller;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{Tx, applications, branding};
use model::applications::ApplicationView;
use model::branding::Branding;
use model::people::Role;
use serde_json::json;
use std::collections::BTreeSet;

/// More than anybody has.
const MOST_ADDRESSES: usize = 100;

/// What a backend writes; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct ApplicationSettings {
    /// The name, which end users see at consent.
    pub name: Option<String>,
    /// Every connect session asks the backend to confirm who finished it.
    pub confirmation_required: Option<bool>,
    /// All addresses to which browsers may return.
    pub return_addresses: Option<Vec<String>>,
    /// Name, colours and support address of connect pages; the logo stays.
    pub branding: Option<BrandingChange>,
}

/// The same once it was checked.
struct Checked {
    name: Option<String>,
    return_addresses: Option<BTreeSet<String>>,
    branding: Option<Branding>,
}

impl Vault {
    /// Writes the caller's application's settings in one commit. Members that are as they were leave no event.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] with every mistake, and then nothing is changed; [`VaultError::Forbidden`].
    pub async fn save_application(
        &self,
        caller: &ApplicationCaller,
        settings: &ApplicationSettings,
    ) -> Result<(ApplicationView, Branding), VaultError> {
        caller.require(Role::Developer)?;
        let checked = check(caller, settings)?;
        let mut tx = self.store.begin().await?;
        self.write_name(&mut tx, caller, checked.name, settings.confirmation_required).await?;
        if let Some(wanted) = checked.return_addresses {
            self.write_return_addresses(&mut tx, caller, &wanted).await?;
        }
        let mut shown = branding::get(&mut tx, caller.application).await?;
        if let Some(wanted) = checked.branding {
            let wanted = Branding { logo: shown.logo.clone(), ..wanted };
            if wanted != shown {
                branding::set(&mut tx, caller.application, &wanted, self.clock.now()).await?;
                let detail =
                    json!({ "display_name": wanted.display_name, "accent": wanted.accent, "support": wanted.support });
                let event = Event::by(caller, "application.branding_changed", caller.application).detail(detail);
                self.record(&mut tx, event).await?;
                shown = wanted;
            }
        }
        let row = applications::get(&mut tx, caller.organization, caller.application).await?;
        let application = view(&mut tx, row.ok_or(VaultError::NotFound)?).await?;
        tx.commit().await?;
        Ok((application, shown))
    }

    async fn write_name(
        &self,
        tx: &mut Tx,
        caller: &ApplicationCaller,
        name: Option<String>,
        confirmation_required: Option<bool>,
    ) -> Result<(), VaultError> {
        let row = applications::get(tx, caller.organization, caller.application).await?.ok_or(VaultError::NotFound)?;
        let (was, now) = (row.confirmation_required_at.is_some(), self.clock.now());
        let (name, required) = (name.unwrap_or_else(|| row.name.clone()), confirmation_required.unwrap_or(was));
        if (&row.name, was) == (&name, required) {
            return Ok(());
        }
        let since = required.then(|| row.confirmation_required_at.unwrap_or(now));
        applications::update(tx, caller.application, &name, since, now).await?;
        let detail = json!({ "confirmation_required": required });
        self.record(tx, Event::by(caller, "application.changed", caller.application).detail(detail)).await
    }

    async fn write_return_addresses(
        &self,
        tx: &mut Tx,
        caller: &ApplicationCaller,
        wanted: &BTreeSet<String>,
    ) -> Result<(), VaultError> {
        let known: BTreeSet<String> =
            applications::return_addresses(tx, caller.application).await?.into_iter().collect();
        for url in wanted.difference(&known) {
            applications::add_return_address(tx, caller.application, url, self.clock.now()).await?;
            let event = Event::by(caller, "application.return_address_added", caller.application);
            self.record(tx, event.detail(json!({ "url": url }))).await?;
        }
        for url in known.difference(wanted) {
            applications::remove_return_address(tx, caller.application, url).await?;
            let event = Event::by(caller, "application.return_address_removed", caller.application);
            self.record(tx, event.detail(json!({ "url": url }))).await?;
        }
        Ok(())
    }
}

/// Everything that is wrong, at once.
fn check(caller: &ApplicationCaller, settings: &ApplicationSettings) -> Result<Checked, VaultError> {
    let mut wrong = Vec::new();
    let name = settings.name.as_deref().map(valid_name).transpose();
    let name = name.unwrap_or_else(|error| note(&mut wrong, "", error));
    let branding = settings.branding.as_ref().map(check_branding).transpose();
    let branding = branding.unwrap_or_else(|error| note(&mut wrong, "branding.", error));
    let return_addresses = settings.return_addresses.as_ref().map(|urls| {
        if urls.len() > MOST_ADDRESSES {
            wrong.push(("return_addresses".to_owned(), format!("At most {MOST_ADDRESSES}.")));
        }
        let check = |url: &String| match return_addresses::check_new(caller.environment, url) {
            Ok(url) => Some(url),
            Err(why) => {
                wrong.push(("return_addresses".to_owned(), format!("\"{}\": {why}", short(url))));
                None
            }
        };
        urls.iter().take(MOST_ADDRESSES).filter_map(check).collect()
    });
    VaultError::check("Nothing is saved: check the members below.", wrong)?;
    Ok(Checked { name, return_addresses, branding })
}

/// Takes the mistakes of a part, under the part's name.
fn note<T>(wrong: &mut Vec<(String, String)>, within: &str, error: VaultError) -> Option<T> {
    if let VaultError::Invalid(invalid) = error {
        wrong.extend(invalid.fields.into_iter().map(|(name, why)| (format!("{within}{name}"), why)));
    }
    None
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}
