//! `keybearer serve`: starts everything.

use super::failure::Failure;
use super::open;
use crate::settings::{Arguments, Settings, is_loopback, unknown};
use crate::state::State;
use crate::{background, listen, logging};
use clap::Args;
use sandbox::Sandbox;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vault::Vault;

#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    arguments: Arguments,
}

/// Serves until SIGTERM or SIGINT; token calls under way are finished first.
pub(super) async fn run(serve: Serve) -> Result<(), Failure> {
    let settings = serve.arguments.check().map_err(Failure::settings)?;
    logging::start(settings.log.as_deref().unwrap_or("info"), settings.log_format);
    keep_no_core();
    for name in &settings.without_effect {
        tracing::warn!(setting = name, "This setting has no effect yet.");
    }
    unknown::warn();
    let listener = bind(&settings).await?;
    let sandbox = start_sandbox(&settings).await?;
    let (public_url, trusted_proxies) = (settings.public_url.clone(), settings.trusted_proxies.clone());
    let rate_limits = settings.rate_limits;
    let only_local = is_loopback(&public_url) && settings.listen.ip().is_loopback();
    let vault = open::vault(settings).await?;
    let base = sandbox.as_ref().map(Sandbox::base_url);
    let state = State::new(vault.clone(), public_url, trusted_proxies, base.as_deref()).with_rate_limits(rate_limits);
    greet(&state, sandbox.as_ref(), only_local).await?;
    let stop = CancellationToken::new();
    let timers = background::start(&vault, &stop);
    let ended = listen(listener, state, background::told_to_stop()).await;
    tracing::info!("The server stops; token calls under way are finished first.");
    stop.cancel();
    for timer in timers {
        drop(timer.await);
    }
    vault.close().await;
    ended.map_err(|e| Failure::refused(format!("the listener failed: {e}")))
}

async fn bind(settings: &Settings) -> Result<TcpListener, Failure> {
    TcpListener::bind(settings.listen)
        .await
        .map_err(|e| Failure::settings(vec![format!("KEYBEARER_LISTEN: cannot listen on {}: {e}", settings.listen)]))
}

async fn start_sandbox(settings: &Settings) -> Result<Option<Sandbox>, Failure> {
    let Some(listen) = settings.sandbox_listen else { return Ok(None) };
    let options = sandbox::Options { listen, control_token: settings.sandbox_token.clone() };
    let started = Sandbox::start(options).await;
    started.map(Some).map_err(|e| Failure::settings(vec![format!("KEYBEARER_SANDBOX_LISTEN: {listen}: {e}")]))
}

/// Says where everything is. The set-up code goes to standard error alone, never through the log.
async fn greet(state: &State, sandbox: Option<&Sandbox>, only_local: bool) -> Result<(), Failure> {
    eprintln!("Keybearer is at {}", state.public_url.as_str().trim_end_matches('/'));
    if let Some(sandbox) = sandbox {
        eprintln!("The sandbox provider is at {}", sandbox.base_url());
        eprintln!("  Client ID      {}", sandbox::BUILT_IN_CLIENT_ID);
        eprintln!("  Client Secret  {}", sandbox::BUILT_IN_CLIENT_SECRET);
        eprintln!(
            "  It forgets its users' consents when it stops: whatever is connected to it must be connected again."
        );
    }
    if only_local {
        return Ok(());
    }
    if let Some(code) = set_up_code(&state.vault).await? {
        eprintln!("Nobody has founded this instance yet. The set-up code, good for 24 hours:\n  {code}");
    }
    Ok(())
}

async fn set_up_code(vault: &Vault) -> Result<Option<String>, Failure> {
    Ok(vault.new_set_up_code().await?.map(|code| code.expose().clone()))
}

/// A core dump would hold secrets in the clear.
fn keep_no_core() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if setrlimit(Resource::Core, none).is_err() {
        tracing::warn!("Core dumps could not be switched off.");
    }
}
