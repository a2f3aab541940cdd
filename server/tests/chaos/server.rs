//! One `keybearer serve`: started, stopped, paused and killed.

use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// A server process at one address; it comes back there after each death.
pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    log: PathBuf,
    child: Child,
}

impl Server {
    /// Starts a server at a free port. It is ready later.
    pub(crate) fn start(number: usize, folder: PathBuf, environment: &[(String, String)]) -> Self {
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut environment = environment.to_vec();
        environment.push(("KEYBEARER_LISTEN".to_owned(), address.to_string()));
        let log = folder.join(format!("server-{number}.log"));
        let child = spawn(&environment, &folder, &log);
        Self { url: format!("http://{address}"), environment, folder, log, child }
    }

    /// Starts it again after its death.
    pub(crate) fn start_again(&mut self) {
        self.child = spawn(&self.environment, &self.folder, &self.log);
    }

    /// Comes back once it answers.
    pub(crate) async fn ready(&self, client: &reqwest::Client) {
        let answers = async {
            while !client.get(format!("{}/readyz", self.url)).send().await.is_ok_and(|a| a.status().is_success()) {
                sleep(Duration::from_millis(10)).await;
            }
        };
        let ready = timeout(Duration::from_secs(60), answers).await;
        assert!(ready.is_ok(), "the server is not ready:\n{}", self.text());
    }

    /// SIGKILL: nothing of it runs any more when this comes back.
    pub(crate) async fn kill(&mut self) {
        self.child.start_kill().unwrap();
        self.child.wait().await.unwrap();
    }

    /// SIGTERM, and its end.
    pub(crate) async fn terminate(&mut self) {
        self.signal(Signal::TERM);
        let ended = timeout(Duration::from_secs(30), self.child.wait()).await.expect("it stops").unwrap();
        assert!(ended.success(), "{ended}:\n{}", self.text());
    }

    /// SIGSTOP: it stands still.
    pub(crate) fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// SIGCONT: it goes on.
    pub(crate) fn resume(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.try_into().unwrap())).expect("it runs");
        kill_process(pid, signal).unwrap();
    }

    /// What it has logged since the beginning, over all its lives.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.text().lines().filter_map(|line| serde_json::from_str(line).ok()).map(Line).collect()
    }

    /// Comes back once it has logged so many lines like this.
    pub(crate) async fn logged(&self, lines: usize, is_such: impl Fn(&Line) -> bool) {
        let found = async {
            while self.lines().iter().filter(|line| is_such(line)).count() < lines {
                sleep(Duration::from_millis(2)).await;
            }
        };
        let found = timeout(Duration::from_secs(20), found).await;
        assert!(found.is_ok(), "the log lacks what was expected:\n{}", self.text());
    }

    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// A line of the log.
pub(crate) struct Line(Value);

impl Line {
    pub(crate) fn says(&self, message: &str) -> bool {
        self.0["message"] == message
    }

    pub(crate) fn is(&self, field: &str, value: &str) -> bool {
        self.0[field] == value
    }

    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.0[field].as_str()
    }

    pub(crate) fn number(&self, field: &str) -> Option<i64> {
        self.0[field].as_i64()
    }

    pub(crate) fn flag(&self, field: &str) -> bool {
        self.0[field] == true
    }

    /// When it was written, in microseconds.
    pub(crate) fn at(&self) -> i64 {
        self.text("timestamp").and_then(|at| at.parse::<Timestamp>().ok()).map_or(0, Timestamp::as_microsecond)
    }
}

fn spawn(environment: &[(String, String)], folder: &PathBuf, log: &PathBuf) -> Child {
    let log: File = OpenOptions::new().create(true).append(true).open(log).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_keybearer"));
    command.arg("serve").current_dir(folder).env_clear().envs(environment.iter().cloned()).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}
