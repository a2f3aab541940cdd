//! Processes beside this one: the real program, and the handler that makes the SELECT alone.

use crate::load;
use crate::world::World;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A process that listens.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) pid: u32,
    /// From the start of the process to its first answer.
    pub(crate) started_in: Duration,
    child: Child,
}

impl Server {
    /// `keybearer serve`, as it is shipped.
    pub(crate) async fn keybearer(world: &World) -> Self {
        Self::keybearer_with(world, &[]).await
    }

    /// The same with other settings.
    pub(crate) async fn keybearer_with(world: &World, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(program());
        command.arg("serve").env_clear().envs(world.environment.iter().cloned()).envs(settings.iter().copied());
        Self::start(command, world, |command, address| command.env("KEYBEARER_LISTEN", address.to_string())).await
    }

    /// The SELECT-only handler.
    pub(crate) async fn select_only(world: &World) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("select-only").env_clear().env("BENCH_KEY", &world.key);
        command.env("BENCH_DATABASE", &world.test.database_url);
        Self::start(command, world, |command, address| command.env("BENCH_LISTEN", address.to_string())).await
    }

    async fn start(
        mut command: Command,
        world: &World,
        listen: impl FnOnce(&mut Command, SocketAddr) -> &mut Command,
    ) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let log = world.folder.path().join(format!("{}.log", address.port()));
        listen(&mut command, address).current_dir(world.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        let began = Instant::now();
        let child = command.spawn().unwrap();
        let pid = child.id();
        let mut server = Self { address, pid, started_in: Duration::ZERO, child };
        while !load::is_ready(address).await {
            assert!(server.child.try_wait().unwrap().is_none(), "{}", std::fs::read_to_string(&log).unwrap());
            assert!(began.elapsed() < Duration::from_secs(120), "{}", std::fs::read_to_string(&log).unwrap());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        server.started_in = began.elapsed();
        server
    }

    /// Asks it to stop and waits for its end.
    pub(crate) fn stop(mut self) {
        kill_process(Pid::from_raw(self.pid.try_into().unwrap()).unwrap(), Signal::TERM).unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
    }
}

/// The release program stands beside this one.
fn program() -> PathBuf {
    let program = std::env::current_exe().unwrap().with_file_name("keybearer");
    assert!(Path::new(&program).exists(), "build {} first: make release", program.display());
    program
}
