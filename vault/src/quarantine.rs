//! A database that was copied or restored must not act: its original may still live, and a refresh token that both spend
//! is lost to one of them. It is known by the public URL that it serves.

use crate::Vault;
use crate::caller::Actor;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{connected_accounts, deliveries, instance, token_sets, webhook_endpoints};
use model::connected_accounts::StatusReasonCode;
use model::webhook_endpoints::PauseReason;
use serde::Serialize;
use std::sync::atomic::Ordering;
use url::{Host, Url};

/// What the database knows of itself, beside what this process was told.
#[derive(Clone, Debug, Serialize)]
pub struct InstanceView {
    /// The public URL that the database serves.
    pub recorded_public_url: Option<String>,
    /// The public URL of this process.
    pub public_url: String,
    /// Why nothing is refreshed, revoked or sent; `None` when all is well.
    pub quarantine: Option<String>,
    /// Whether somebody has founded it.
    pub founded: bool,
}

/// What to do with the tokens of a database that is made this instance's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adoption {
    /// The original is gone: its tokens are used from here on.
    TakeOver,
    /// The original lives on: the tokens here are erased, and its own are left alone.
    ForgetTokens,
}

impl Vault {
    /// Whether nothing may be refreshed, revoked or sent.
    pub fn is_quarantined(&self) -> bool {
        self.quarantined.load(Ordering::SeqCst)
    }

    /// What the database knows of itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn instance(&self) -> Result<InstanceView, VaultError> {
        let row = instance::get(&mut *self.store.connection().await?).await?;
        Ok(InstanceView {
            recorded_public_url: row.as_ref().map(|r| r.public_url.clone()),
            public_url: self.public_url.to_string(),
            quarantine: self.reason_for_quarantine(row.as_ref()).await?,
            founded: row.is_some_and(|r| r.founded_at.is_some()),
        })
    }

    /// Looks whether this process may act on this database. A server looks again and again, so that an adoption takes
    /// effect without a restart.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_quarantine(&self) -> Result<(), VaultError> {
        let row = instance::get(&mut *self.store.connection().await?).await?;
        let reason = self.reason_for_quarantine(row.as_ref()).await?;
        if let Some(reason) = &reason
            && !self.is_quarantined()
        {
            tracing::error!(reason, "This server runs in quarantine: nothing is refreshed, revoked or sent.");
        }
        let was = self.quarantined.swap(reason.is_some(), Ordering::SeqCst);
        if was && reason.is_none() {
            tracing::info!("The quarantine is over.");
        }
        Ok(())
    }

    /// Writes down which public URL the database serves. Servers do, and no command that was told another one in passing.
    pub(crate) async fn record_public_url(&self) -> Result<(), VaultError> {
        let mut db = self.store.connection().await?;
        let recorded = instance::get(&mut db).await?.map(|row| row.public_url);
        if !self.is_quarantined() && recorded.as_deref() != Some(self.public_url.as_str()) {
            instance::set_public_url(&mut db, self.public_url.as_str()).await?;
        }
        Ok(())
    }

    /// Makes the database this instance's own. Gives how many accounts must be connected again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn adopt(&self, adoption: Adoption) -> Result<usize, VaultError> {
        let (mut tx, now, mut ended) = (self.store.begin().await?, self.clock.now(), 0);
        if adoption == Adoption::ForgetTokens {
            let detail = "This database was adopted as a copy, and the original keeps the authorizations. Send the end user a reconnect link.";
            // The original tells its endpoints itself: what it had left to send is not sent twice, and nothing goes there
            // from here until somebody resumes it.
            deliveries::give_up_all(&mut tx, "this database was adopted as a copy, and the original sends it", now)
                .await?;
            webhook_endpoints::pause_all(&mut tx, PauseReason::Copied, now).await?;
            let active = connected_accounts::active_ones(&mut tx).await?;
            connected_accounts::end_all(&mut tx, StatusReasonCode::Superseded, detail, now).await?;
            for (application, account) in active {
                let event = Event::of(application, Actor::CommandLine, "connected_account.needs_reconnect", account);
                let event = event.outcome("superseded").detail(serde_json::json!({ "detail": detail }));
                self.record(&mut tx, event).await?;
                ended += 1;
            }
            token_sets::forget_all(&mut tx, now).await?;
        }
        instance::adopt(&mut tx, self.public_url.as_str()).await?;
        tx.commit().await?;
        self.quarantined.store(false, Ordering::SeqCst);
        Ok(ended)
    }

    async fn reason_for_quarantine(&self, row: Option<&instance::Row>) -> Result<Option<String>, VaultError> {
        let Some(row) = row else { return Ok(None) };
        let what_next = "If the URL is the mistake, set KEYBEARER_PUBLIC_URL to the one that the database serves. If this is a copy, run keybearer instance adopt --take-over if its original is gone for good, or \
                         keybearer instance adopt --forget-tokens if the original lives on.";
        if row.quarantined_at.is_some() {
            let why = row.quarantine_reason.as_deref().unwrap_or("the database was restored");
            return Ok(Some(format!("{why}. {what_next}")));
        }
        let recorded = Url::parse(&row.public_url).ok();
        let same = row.public_url == self.public_url.as_str()
            || (recorded.is_some_and(|url| is_loopback(&url)) && is_loopback(&self.public_url));
        if same || !token_sets::are_there(&mut *self.store.connection().await?).await? {
            return Ok(None);
        }
        Ok(Some(format!(
            "The database serves {}, and this process was told {} (KEYBEARER_PUBLIC_URL): it may be a copy. {what_next}",
            row.public_url, self.public_url
        )))
    }
}

/// A laptop's port may change.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
