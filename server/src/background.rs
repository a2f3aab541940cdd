//! Owns timers and shutdown, nothing else. What the timers call is idempotent and takes no input.

use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use vault::Vault;

const REAP_EVERY: Duration = Duration::from_secs(5);
const REFRESH_EVERY: Duration = Duration::from_secs(1);
/// Each issuer is asked once a day, by whichever server comes first.
const CHECK_METADATA_EVERY: Duration = Duration::from_secs(600);
const COUNT_EVERY: Duration = Duration::from_secs(10);
const REVOKE_EVERY: Duration = Duration::from_secs(1);
/// A line of the audit log has its place within a second.
const CHAIN_EVERY: Duration = Duration::from_millis(300);
const DELIVER_EVERY: Duration = Duration::from_secs(1);
const WRITE_LAST_USE_EVERY: Duration = Duration::from_millis(250);

/// Starts the timers; they end at `stop`.
pub(crate) fn start(vault: &Vault, stop: &CancellationToken) -> Vec<JoinHandle<()>> {
    vec![
        every(REAP_EVERY, vault, stop, in_background(reap)),
        every(REFRESH_EVERY, vault, stop, in_background(refresh)),
        every(CHECK_METADATA_EVERY, vault, stop, in_background(check_metadata)),
        every(COUNT_EVERY, vault, stop, count_figures),
        every(REVOKE_EVERY, vault, stop, in_background(revoke_in_bulk)),
        every(DELIVER_EVERY, vault, stop, in_background(deliver)),
        every(WRITE_LAST_USE_EVERY, vault, stop, write_last_use),
        every(CHAIN_EVERY, vault, stop, chain_events),
    ]
}

/// Does `work` again and again, `pause` apart, until `stop`; a round under way is finished.
fn every<F>(
    pause: Duration,
    vault: &Vault,
    stop: &CancellationToken,
    work: impl Fn(Vault) -> F + Send + 'static,
) -> JoinHandle<()>
where
    F: Future<Output = ()> + Send,
{
    let (vault, stop) = (vault.clone(), stop.clone());
    tokio::spawn(async move {
        let mut timer = tokio::time::interval(pause);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(timer.tick()).await.is_some() {
            work(vault.clone()).await;
        }
    })
}

/// A round that asks a provider may take minutes and must not hold up what comes after it: rounds may overlap.
fn in_background<F>(work: impl Fn(Vault) -> F + Send + 'static) -> impl Fn(Vault) -> std::future::Ready<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    move |vault| {
        tokio::spawn(work(vault));
        std::future::ready(())
    }
}

async fn reap(vault: Vault) {
    match vault.reap().await {
        Ok(reaped) if reaped == vault::Reaped::default() => {}
        Ok(reaped) => tracing::info!(
            connect_sessions = reaped.connect_sessions,
            revocations = reaped.revocations,
            refreshes = reaped.refreshes,
            attempts = reaped.attempts,
            "What was overdue is ended."
        ),
        Err(error) => tracing::error!(error = vault::chain(&error), "The reaper's round failed; the next one goes on."),
    }
}

async fn refresh(vault: Vault) {
    if let Err(error) = vault.refresh_due().await {
        tracing::error!(error = vault::chain(&error), "A round of refreshes failed; the next one goes on.");
    }
}

async fn check_metadata(vault: Vault) {
    if let Err(error) = vault.check_metadata_due().await {
        tracing::error!(
            error = vault::chain(&error),
            "Issuers could not be asked what they announce; the next round goes on."
        );
    }
}

async fn count_figures(vault: Vault) {
    if let Err(error) = vault.count_figures().await {
        tracing::warn!(error = vault::chain(&error), "Figures could not be counted; the next round makes up for it.");
    }
}

async fn revoke_in_bulk(vault: Vault) {
    match vault.work_on_bulk_revocations().await {
        Ok(worked) if worked == vault::Worked::default() => {}
        Ok(worked) => tracing::info!(
            revoked = worked.revoked,
            finished = worked.finished,
            "Connected accounts were revoked in bulk."
        ),
        Err(error) => {
            tracing::error!(error = vault::chain(&error), "A round of a bulk revocation failed; the next one goes on.");
        }
    }
}

async fn chain_events(vault: Vault) {
    if let Err(error) = vault.chain_events().await {
        tracing::warn!(error = vault::chain(&error), "The audit log was not chained; the next round goes on.");
    }
}

async fn deliver(vault: Vault) {
    if let Err(error) = vault.deliver_due().await {
        tracing::error!(error = vault::chain(&error), "A round of deliveries failed; the next one goes on.");
    }
}

async fn write_last_use(vault: Vault) {
    if let Err(error) = vault.write_last_use().await {
        tracing::warn!(error = vault::chain(&error), "When accounts were last used could not be written.");
    }
}

/// Comes back at the first SIGTERM or SIGINT.
pub(crate) async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return wait_for_interrupt().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        () = wait_for_interrupt() => {}
    }
}

async fn wait_for_interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
