//! The load: clients that ask for tokens of random accounts, one request after the other, over connections that are kept.
//! They speak just enough HTTP/1.1 to leave the machine to what is measured.

use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use vault::testing::seeded_account;

/// What came of one load.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) per_second: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

impl Figures {
    /// Of the latencies of all clients together.
    pub(crate) fn of(mut latencies: Vec<Duration>, over: Duration) -> Self {
        latencies.sort_unstable();
        let at = |hundredths: usize| latencies.get(latencies.len() * hundredths / 100).copied().unwrap_or_default();
        let count = u32::try_from(latencies.len()).unwrap();
        Self { per_second: f64::from(count) / over.as_secs_f64(), p50: at(50), p99: at(99) }
    }
}

/// What the clients ask for, and for how long.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    pub(crate) key: String,
    pub(crate) accounts: u64,
    pub(crate) warm_up: Duration,
    pub(crate) each: Duration,
}

impl Load {
    /// Runs so many clients at once.
    pub(crate) async fn run(&self, clients: usize) -> Figures {
        let counts_from = Instant::now() + self.warm_up;
        let clients = (0..clients).map(|number| {
            let load = self.clone();
            tokio::spawn(async move { load.client(number, counts_from).await })
        });
        let mut latencies = Vec::new();
        for client in clients.collect::<Vec<_>>() {
            latencies.extend(client.await.unwrap());
        }
        Figures::of(latencies, self.each)
    }

    async fn client(&self, number: usize, counts_from: Instant) -> Vec<Duration> {
        let mut connection = Connection::open(self.address).await.unwrap();
        let mut dice = Dice::new(number);
        let mut latencies = Vec::with_capacity(200_000);
        loop {
            let account = seeded_account(dice.roll(self.accounts));
            let request = format!(
                "POST /v1/connected-accounts/{account}/token HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Length: 0\r\n\r\n",
                self.address, self.key
            );
            let began = Instant::now();
            let status = connection.ask(&request).await.unwrap();
            let ended = Instant::now();
            assert_eq!(status, 200, "{}", connection.text());
            if ended >= counts_from + self.each {
                return latencies;
            }
            if ended >= counts_from {
                latencies.push(ended - began);
            }
        }
    }
}

/// Whether somebody answers there and is ready.
pub(crate) async fn is_ready(address: SocketAddr) -> bool {
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    match Connection::open(address).await {
        Ok(mut connection) => connection.ask(&request).await.is_ok_and(|status| status == 200),
        Err(_) => false,
    }
}

/// Numbers that look random, the same in each run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: usize) -> Self {
        Self(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed as u64 + 1))
    }

    /// From 1 to `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides + 1
    }
}

/// A kept connection with the answer that was read last.
struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(4096) })
    }

    /// Sends a request and reads its answer whole. Gives the status.
    async fn ask(&mut self, request: &str) -> std::io::Result<u16> {
        self.stream.write_all(request.as_bytes()).await?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if let Some((status, length)) = head(&self.answer)
                && self.answer.len() >= length
            {
                return Ok(status);
            }
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.answer).into_owned()
    }
}

/// The status, and how long the answer is with its body; `None` until its head is there.
fn head(answer: &[u8]) -> Option<(u16, usize)> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(answer.get(..end)?).ok()?;
    let status = head.get(9..12)?.parse().ok()?;
    let length = |line: &str| {
        line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))?.1.trim().parse().ok()
    };
    Some((status, end + head.lines().find_map(length).unwrap_or(0)))
}
