//! The load: clients that ask for tokens of random accounts, one request after the other, over connections that are kept.
//! They speak just enough HTTP/1.1 to leave the machine to what is measured.

use crate::process;
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

/// How long each answer took, and what processor time all of them took of the one that answered.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) latencies: Vec<Duration>,
    pub(crate) cpu: Duration,
    asked: u32,
}

impl Answers {
    pub(crate) fn extend(&mut self, more: Self) {
        self.latencies.extend(more.latencies);
        self.cpu += more.cpu;
        self.asked += more.asked;
    }

    /// Processor time of one answer. Unlike rates it hardly depends on what else the machine does.
    pub(crate) fn cpu_each(&self) -> Duration {
        self.cpu / self.asked.max(1)
    }
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
    /// The process that listens there.
    pub(crate) pid: u32,
    pub(crate) key: String,
    pub(crate) accounts: u64,
    pub(crate) warm_up: Duration,
    pub(crate) each: Duration,
}

impl Load {
    /// Runs so many clients at once.
    pub(crate) async fn run(&self, clients: usize) -> Answers {
        let (cpu, counts_from) = (process::cpu(self.pid), Instant::now() + self.warm_up);
        let clients = (0..clients).map(|number| {
            let load = self.clone();
            tokio::spawn(async move { load.client(number, counts_from).await })
        });
        let mut answers = Answers::default();
        for client in clients.collect::<Vec<_>>() {
            let (latencies, asked) = client.await.unwrap();
            answers.latencies.extend(latencies);
            answers.asked += asked;
        }
        answers.cpu = process::cpu(self.pid).saturating_sub(cpu);
        answers
    }

    /// Gives the latencies that count, and how many requests it made in all.
    async fn client(&self, number: usize, counts_from: Instant) -> (Vec<Duration>, u32) {
        let mut connection = Connection::open(self.address).await.unwrap();
        let mut dice = Dice::new(number);
        let (mut latencies, mut asked) = (Vec::with_capacity(50_000), 0);
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
            asked += 1;
            if ended >= counts_from + self.each {
                return (latencies, asked);
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
pub(crate) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(4096) })
    }

    /// Sends a request and reads its answer whole. Gives the status.
    pub(crate) async fn ask(&mut self, request: &str) -> std::io::Result<u16> {
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

    pub(crate) fn text(&self) -> String {
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
