//! Whether an issuer still announces what it did: a change is told and waits for somebody to adopt it.

use super::discovery::Announced;
use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::clock::{DAY, MINUTE};
use crate::error::VaultError;
use crate::events::Event;
use crate::store::custom_providers::{self as store, Row};
use crate::throttle::Limit;
use model::custom_providers::MetadataCheck;
use model::people::Role;
use serde_json::json;

const BY_APPLICATION: Limit = Limit { what: "metadata-check", attempts: 30, window: 10 * MINUTE };
const AT_ONCE: i64 = 20;

impl Vault {
    /// Asks a custom provider's issuer now.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`], [`VaultError::TooManyAttempts`].
    pub async fn check_metadata(
        &self,
        caller: &ApplicationCaller,
        slug: &str,
    ) -> Result<(MetadataCheck, String), VaultError> {
        caller.require(Role::Developer)?;
        self.count_attempt(BY_APPLICATION, &caller.application.to_string()).await?;
        let row = store::get(&mut *self.store.connection().await?, caller.application, slug).await?;
        self.compare(&row.ok_or(VaultError::NotFound)?).await
    }

    /// Asks the issuers that nobody asked for a day. Says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_metadata_due(&self) -> Result<usize, VaultError> {
        if self.is_quarantined() {
            return Ok(0);
        }
        let now = self.clock.now();
        let due = store::claim_checks(&mut *self.store.connection().await?, now - DAY, now, AT_ONCE).await?;
        let mut asked = 0;
        for row in due {
            if row.provider()?.entry.authorize.issuer.is_some() {
                self.compare(&row).await?;
                asked += 1;
            }
        }
        Ok(asked)
    }

    async fn compare(&self, row: &Row) -> Result<(MetadataCheck, String), VaultError> {
        let Some(issuer) = row.provider()?.entry.authorize.issuer else {
            return Ok((MetadataCheck::Failed, "This provider has no issuer to ask.".to_owned()));
        };
        let now = self.clock.now();
        let found = match self.announcement(&issuer).await {
            Ok(found) => found.announced,
            Err(why) => {
                let (known, waiting) = (row.announced.as_deref(), row.announced_now.as_deref());
                let mut db = self.store.connection().await?;
                store::checked(&mut db, row, known, waiting, Some(&why), now).await?;
                return Ok((MetadataCheck::Failed, why));
            }
        };
        let text = found.write()?;
        let known = row.announced.as_deref().and_then(Announced::read);
        let changed = known.as_ref().is_some_and(|known| !known.leads_where(&found));
        let first = row.announced_now.as_deref() != Some(text.as_str());
        let mut tx = self.store.begin().await?;
        let baseline = if changed { row.announced.as_deref() } else { Some(text.as_str()) };
        let written = store::checked(&mut tx, row, baseline, changed.then_some(text.as_str()), None, now).await?;
        if changed && first && written {
            let event = Event::of(row.application_id, Actor::Keybearer, "custom_provider.metadata_changed", &row.slug);
            let detail =
                "The issuer announces other endpoints than before. Nothing changes until somebody adopts them.";
            self.record(&mut tx, event.detail(json!({ "slug": row.slug, "detail": detail, "announced": found })))
                .await?;
        }
        tx.commit().await?;
        let outcome = if changed { MetadataCheck::Changed } else { MetadataCheck::Unchanged };
        Ok((outcome, String::new()))
    }
}
