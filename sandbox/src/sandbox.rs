use crate::{Options, holds::Holds, notices, server, state::State};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64},
};
use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::JoinHandle,
};

/// A running sandbox. Clones are handles to the same one.
///
/// It runs until [`stop`](Self::stop) or the end of the tokio runtime it was started on; dropping handles does not end it.
#[derive(Clone)]
pub struct Sandbox {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    state: Mutex<State>,
    pub(crate) holds: Holds,
    pub(crate) address: SocketAddr,
    pub(crate) control_token: Option<String>,
    pub(crate) stopping: watch::Sender<bool>,
    /// Told when a notice may be due.
    pub(crate) due: Notify,
    /// Changes with each attempt to deliver a notice.
    pub(crate) attempted: watch::Sender<u64>,
    /// Bytes of streamed answers that have been taken.
    pub(crate) streamed: AtomicU64,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Inner {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn base_url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        format!("http://{address}")
    }

    fn serving(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sandbox {
    /// Binds the address and serves it on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If the address cannot be bound, is not loopback and has no control token, or the system has no random numbers.
    pub async fn start(options: Options) -> io::Result<Self> {
        options.check()?;
        let state = Mutex::new(State::new()?);
        let listener = TcpListener::bind(options.listen).await?;
        let inner = Inner {
            state,
            holds: Holds::new(),
            address: listener.local_addr()?,
            control_token: options.control_token,
            stopping: watch::Sender::new(false),
            due: Notify::new(),
            attempted: watch::Sender::new(0),
            streamed: AtomicU64::new(0),
            serving: Mutex::new(None),
        };
        let sandbox = Self { inner: Arc::new(inner) };
        sandbox.serve(listener);
        Ok(sandbox)
    }

    /// The address it is bound to.
    pub fn address(&self) -> SocketAddr {
        self.inner.address
    }

    /// `http://127.0.0.1:PORT`: what the catalogue's endpoints start with.
    pub fn base_url(&self) -> String {
        self.inner.base_url()
    }

    /// Stops listening and drops every connection, held requests included. What was issued is still known.
    pub async fn stop(&self) {
        self.inner.stopping.send_replace(true);
        let serving = self.inner.serving().take();
        if let Some(serving) = serving {
            // An error would be a panic of the accept loop: then it has stopped as well.
            let _ = serving.await;
        }
    }

    /// Listens again at the same address after [`stop`](Self::stop).
    ///
    /// # Errors
    ///
    /// If somebody else took the port meanwhile.
    pub async fn resume(&self) -> io::Result<()> {
        if self.inner.serving().is_none() {
            self.serve(TcpListener::bind(self.inner.address).await?);
        }
        Ok(())
    }

    fn serve(&self, listener: TcpListener) {
        self.inner.stopping.send_replace(false);
        let (inner, sending) = (self.inner.clone(), notices::deliver(self.inner.clone()));
        *self.inner.serving() = Some(tokio::spawn(async move {
            tokio::join!(server::accept(inner, listener), sending);
        }));
    }
}
