//! A WebSocket through the proxy: bytes both ways until one side ends.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What is read at once, in each direction.
const BUFFER: usize = 16 * 1024;

/// The provider's side of a WebSocket that has been agreed on.
pub struct ProxyUpgrade {
    pub(super) provider: reqwest::Upgraded,
    pub(super) idle: Duration,
    pub(super) closing: CancellationToken,
}

impl ProxyUpgrade {
    /// Passes bytes on both ways until both sides have ended, one breaks, nothing has moved for too long, or this process
    /// stops.
    pub async fn join(self, caller: impl AsyncRead + AsyncWrite + Send) {
        let Self { provider, idle, closing } = self;
        let moved = Moved(Arc::new(Mutex::new(Instant::now())));
        let (caller_reads, caller_writes) = tokio::io::split(caller);
        let (provider_reads, provider_writes) = tokio::io::split(provider);
        let up = pass(caller_reads, provider_writes, &moved);
        let down = pass(provider_reads, caller_writes, &moved);
        tokio::select! {
            _ = async { tokio::try_join!(up, down) } => {}
            () = moved.idle(idle) => tracing::info!("A proxied WebSocket was idle for too long."),
            () = closing.cancelled() => {}
        }
    }
}

/// When something moved last, either way.
struct Moved(Arc<Mutex<Instant>>);

impl Moved {
    fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    async fn idle(&self, idle: Duration) {
        loop {
            let at = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if at.elapsed() >= idle {
                return;
            }
            tokio::time::sleep_until(at + idle).await;
        }
    }
}

async fn pass(from: impl AsyncRead, to: impl AsyncWrite, moved: &Moved) -> io::Result<()> {
    let (mut from, mut to) = (std::pin::pin!(from), std::pin::pin!(to));
    let mut buffer = vec![0; BUFFER];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return to.shutdown().await;
        }
        to.write_all(buffer.get(..count).unwrap_or_default()).await?;
        to.flush().await?;
        moved.now();
    }
}
