//! The server: settings, routes, background tasks, and the command line. `src/main.rs` is only its door.

mod auth;
mod background;
pub mod cli;
mod http;
mod idempotency;
mod layers;
mod logging;
mod openapi;
mod problem;
mod router;
mod sessions;
pub mod settings;
mod state;

pub use router::router;
pub use state::{Shared, State};

use axum::serve::ListenerExt as _;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long answers under way may take once the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Answers on a listener until `stop` is done, then finishes the answers under way.
///
/// # Errors
/// When the listener fails.
pub async fn listen(listener: TcpListener, state: State, stop: impl Future<Output = ()> + Send) -> io::Result<()> {
    // Pages leave in several small writes; without this each waits 40 ms for an acknowledgement.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = CancellationToken::new();
    let stopped = stopping.clone().cancelled_owned();
    let serve = axum::serve(listener, service).with_graceful_shutdown(stopped).into_future();
    tokio::pin!(serve);
    tokio::select! {
        ended = &mut serve => return ended,
        () = stop => stopping.cancel(),
    }
    tokio::time::timeout(GRACE, serve).await.unwrap_or(Ok(()))
}
