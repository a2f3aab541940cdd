//! Figures of an application. Nothing is counted by the million for a page: what happened is counted by the hour from the
//! events, and connected accounts by state, in rounds; a page counts live up to a bound.

use crate::Vault;
use crate::caller::{ApplicationCaller, MemberCaller};
use crate::clock::{DAY, HOUR, MINUTE, Millis, SECOND, rfc3339};
use crate::error::VaultError;
use crate::store::{Connection, figures, provider_configs};
use model::applications::{ApplicationLine, FirstSteps};
use model::connected_accounts::ConnectedAccountStatus;
use model::figures::{AccountFigures, Counted, Happened, Slot, Window};
use model::ids::ApplicationId;
use model::provider_configs::ProviderConfigState;
use std::collections::BTreeMap;

const EVENTS: &str = "events";
pub(crate) const ACCOUNTS: &str = "accounts";
/// A round that died with its server is made up for after this long.
const LONGEST_ROUND: Millis = 5 * MINUTE;
/// Rounds follow each other at this pause at least, and take a fiftieth of the time at most.
const PAUSE: Millis = 10 * SECOND;
const SHARE: Millis = 50;
/// A commit may come so much after its event's time.
const LATE: Millis = 5 * MINUTE;
/// So far back hours are kept: two windows of 30 days.
const KEPT: Millis = 61 * DAY;
/// So many connected accounts of a state are counted for a page.
pub(crate) const COUNTED_LIVE: i64 = 1_000;

/// How far a window reaches back, and its steps.
const fn span(window: Window) -> (Millis, Millis) {
    match window {
        Window::Day => (DAY, HOUR),
        Window::Week => (7 * DAY, 6 * HOUR),
        Window::Month => (30 * DAY, DAY),
    }
}

impl Vault {
    /// Brings the counted figures up to date, unless another server has just done so. For a timer; idempotent.
    ///
    /// # Errors
    /// When the database fails; the next round makes up for it.
    pub async fn count_figures(&self) -> Result<(), VaultError> {
        if let Some(counted_at) = self.take_round(EVENTS).await? {
            // Waiting for other writers is no part of the round, so the clock is asked after it.
            let mut tx = self.store.begin().await?;
            let now = self.clock.now();
            let from = (counted_at - LATE).max(now - KEPT);
            figures::count_hours(&mut tx, from - from.rem_euclid(HOUR), now + 1).await?;
            figures::forget_hours(&mut tx, now - KEPT).await?;
            figures::end_round(&mut tx, EVENTS, now, self.due_after(now)).await?;
            tx.commit().await?;
        }
        if self.take_round(ACCOUNTS).await?.is_some() {
            let mut tx = self.store.begin().await?;
            let now = self.clock.now();
            figures::count_accounts(&mut tx).await?;
            figures::end_round(&mut tx, ACCOUNTS, now, self.due_after(now)).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn take_round(&self, name: &str) -> Result<Option<Millis>, VaultError> {
        let now = self.clock.now();
        Ok(figures::take_round(&mut *self.store.connection().await?, name, now + LONGEST_ROUND, now).await?)
    }

    fn due_after(&self, began: Millis) -> Millis {
        let now = self.clock.now();
        now + PAUSE.max((now - began) * SHARE)
    }

    /// How far a new application has come.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_steps(&self, caller: &ApplicationCaller) -> Result<FirstSteps, VaultError> {
        let counts = self.application_counts(caller).await?;
        let mut db = self.store.connection().await?;
        let app = caller.application;
        let mut connected = false;
        for status in ConnectedAccountStatus::ALL {
            connected = connected || figures::accounts_up_to(&mut db, app, *status, 1).await? > 0;
        }
        Ok(FirstSteps {
            provider: counts.provider_configs > 0,
            tried: figures::opened_by(&mut db, app, "per_").await?,
            key: counts.api_keys > 0,
            from_code: figures::opened_by(&mut db, app, "key_").await?,
            connected,
        })
    }

    /// The organization's applications with what a list of them shows, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn application_lines(&self, member: &MemberCaller) -> Result<Vec<ApplicationLine>, VaultError> {
        let mut lines = Vec::new();
        for application in self.applications(member).await? {
            let mut db = self.store.connection().await?;
            let active = accounts(&mut db, application.id, ConnectedAccountStatus::Active).await?;
            let needs_reconnect = accounts(&mut db, application.id, ConnectedAccountStatus::NeedsReconnect).await?;
            let configs = provider_configs::list(&mut db, application.id).await?;
            let rejected = configs.iter().filter(|config| config.state == ProviderConfigState::Rejected);
            lines.push(ApplicationLine { rejected: rejected.count(), application, active, needs_reconnect });
        }
        Ok(lines)
    }

    /// Connected accounts by state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_figures(&self, caller: &ApplicationCaller) -> Result<AccountFigures, VaultError> {
        let mut db = self.store.connection().await?;
        let application = caller.application;
        Ok(AccountFigures {
            active: accounts(&mut db, application, ConnectedAccountStatus::Active).await?,
            needs_reconnect: accounts(&mut db, application, ConnectedAccountStatus::NeedsReconnect).await?,
            revoked: accounts(&mut db, application, ConnectedAccountStatus::Revoked).await?,
        })
    }

    /// What happened within a window that ends now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn happened(&self, caller: &ApplicationCaller, window: Window) -> Result<Happened, VaultError> {
        let ((reach, step), now) = (span(window), self.clock.now());
        // The last step is the one that now is in; days are those of UTC.
        let from = now - now.rem_euclid(step) + step - reach;
        let mut db = self.store.connection().await?;
        let mut counts: BTreeMap<(Millis, String), i64> = BTreeMap::new();
        for (at, kind, count) in figures::steps(&mut db, caller.application, (from, step)).await? {
            counts.insert((at, kind), count);
        }
        let lost = "connected_account.needs_reconnect";
        let before = figures::sum(&mut db, caller.application, lost, (from - reach, from)).await?;
        let counted_at = figures::counted_at(&mut db, EVENTS).await?.map(rfc3339);
        let of = |kind: &str| counts.iter().filter(|((_, k), _)| k == kind).map(|(_, count)| count).sum::<i64>();
        let at = |at: Millis, kind: &str| counts.get(&(at, kind.to_owned())).copied().unwrap_or(0);
        let slots = (0..reach / step).map(|slot| from + slot * step).map(|begins| Slot {
            at: rfc3339(begins),
            label: label(begins, step),
            refreshed: at(begins, "token_set.refreshed"),
            failed: at(begins, "token_set.refresh_failed"),
        });
        Ok(Happened {
            slots: slots.collect(),
            refreshed: of("token_set.refreshed"),
            failed: of("token_set.refresh_failed"),
            connected: of("connected_account.connected"),
            lost: (of(lost), before),
            counted_at,
        })
    }
}

/// Live up to a bound; beyond it, what the last round has counted.
pub(crate) async fn accounts(
    db: &mut Connection,
    application: ApplicationId,
    status: ConnectedAccountStatus,
) -> Result<Counted, VaultError> {
    let live = figures::accounts_up_to(db, application, status, COUNTED_LIVE + 1).await?;
    if live <= COUNTED_LIVE {
        return Ok(Counted { count: live, or_more: false, counted_at: None });
    }
    let at = figures::counted_at(db, ACCOUNTS).await?;
    let counted = figures::accounts_counted(db, application, status.as_str()).await?;
    Ok(match counted.filter(|counted| *counted > COUNTED_LIVE) {
        Some(count) => Counted { count, or_more: false, counted_at: at.map(rfc3339) },
        None => Counted { count: COUNTED_LIVE, or_more: true, counted_at: None },
    })
}

/// `24 Nov`, and the hour where steps are shorter than a day.
fn label(at: Millis, step: Millis) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = rfc3339(at);
    let part = |from, to| text.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?).copied());
    let day = format!("{} {}", part(8, 10).trim_start_matches('0'), month.unwrap_or_default());
    if step < DAY { format!("{day}, {}", part(11, 16)) } else { day }
}
