//! Owns timers and shutdown, nothing else. What the timers call is idempotent and takes no input.

use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use vault::Vault;

const REAP_EVERY: Duration = Duration::from_secs(30);

/// Ends what is overdue, every half minute, until `stop`.
pub(crate) fn start(vault: Vault, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut timer = tokio::time::interval(REAP_EVERY);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(timer.tick()).await.is_some() {
            reap(&vault).await;
        }
    })
}

async fn reap(vault: &Vault) {
    match vault.reap().await {
        Ok(reaped) if reaped == vault::Reaped::default() => {}
        Ok(reaped) => tracing::info!(
            connect_sessions = reaped.connect_sessions,
            revocations = reaped.revocations,
            "What was overdue is ended."
        ),
        Err(error) => tracing::error!(error = vault::chain(&error), "The reaper's round failed; the next one goes on."),
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
