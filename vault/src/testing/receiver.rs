//! A backend that takes webhooks, on a real socket.

use super::TestVault;
use crate::{AllowedHosts, Vault};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Takes deliveries, keeps them, and answers as a test says.
pub struct Receiver {
    address: SocketAddr,
    kept: Arc<Kept>,
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// The path, with its query.
    pub path: String,
    /// Headers by their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as it arrived.
    pub body: String,
}

#[derive(Default)]
struct Kept {
    received: Mutex<Vec<Received>>,
    came: Notify,
    /// Complete answers for the next requests; after them it is 200.
    answers: Mutex<VecDeque<String>>,
    /// While set, requests are kept waiting for their answer.
    holds: Mutex<bool>,
    released: Notify,
}

impl Receiver {
    /// Starts one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let kept = Arc::new(Kept::default());
        let keeps = Arc::clone(&kept);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&keeps)));
            }
        });
        Self { address, kept }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}/webhooks", self.address)
    }

    /// Its host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers one of the next requests with a status, headers of one line each, and a body.
    pub fn answer(&self, status: u16, headers: &str, body: &str) {
        let answer = format!(
            "HTTP/1.1 {status} Test\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}",
            body.len()
        );
        self.kept.answers.lock().unwrap().push_back(answer);
    }

    /// Keeps requests waiting from now on, or lets them go.
    pub fn hold(&self, holds: bool) {
        *self.kept.holds.lock().unwrap() = holds;
        self.kept.released.notify_waiters();
    }

    /// What has arrived so far.
    pub fn received(&self) -> Vec<Received> {
        self.kept.received.lock().unwrap().clone()
    }

    /// Waits until so many have arrived.
    pub async fn arrived(&self, count: usize) -> Vec<Received> {
        loop {
            let came = self.kept.came.notified();
            let received = self.received();
            if received.len() >= count {
                return received;
            }
            came.await;
        }
    }
}

impl TestVault {
    /// A vault on the same database that may send to these.
    pub async fn sending_to(&self, receivers: &[&Receiver]) -> Vault {
        let tenants: Vec<String> = receivers.iter().map(|receiver| format!("tenants:{}", receiver.address)).collect();
        let allowed = format!("{},{}", self.sandbox.address(), tenants.join(","));
        let allowed = AllowedHosts::parse(&allowed).unwrap();
        self.open_again(|options| options.allowed_hosts = allowed).await.unwrap()
    }
}

/// As much HTTP as is needed.
async fn talk(mut stream: TcpStream, kept: Arc<Kept>) {
    let Some(received) = read(&mut stream).await else { return };
    kept.received.lock().unwrap().push(received);
    kept.came.notify_waiters();
    loop {
        let released = kept.released.notified();
        if !*kept.holds.lock().unwrap() {
            break;
        }
        released.await;
    }
    let ok = || "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok".to_owned();
    let answer = kept.answers.lock().unwrap().pop_front().unwrap_or_else(ok);
    drop(stream.write_all(answer.as_bytes()).await);
    drop(stream.shutdown().await);
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let mut lines = head.lines();
        let path = lines.next()?.split(' ').nth(1)?.to_owned();
        let pairs = lines.filter_map(|line| line.split_once(": "));
        let headers: BTreeMap<String, String> =
            pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        let length: usize = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
        if body.len() >= length {
            return Some(Received { path, headers, body: body.to_owned() });
        }
    }
}
