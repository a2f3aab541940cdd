//! What a process uses of the machine.

use std::time::Duration;

/// Resident megabytes now.
pub(crate) fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

/// Processor time that it has taken so far.
pub(crate) fn cpu(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name of the process stands in parentheses and may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or_default();
    Duration::from_millis((ticks(11) + ticks(12)) * 1_000 / rustix::param::clock_ticks_per_second())
}

/// How many processes have wanted to run of late, on how many cores: figures of a busy machine are worth less.
pub(crate) fn machine_load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{} on {cores} cores", load.split(' ').next().unwrap_or_default())
}

/// The most while something runs, with what came of that.
pub(crate) async fn most_during<T>(pid: u32, work: impl Future<Output = T>) -> (T, f64) {
    let (mut work, mut most) = (std::pin::pin!(work), resident(pid));
    loop {
        match tokio::time::timeout(Duration::from_millis(50), &mut work).await {
            Ok(done) => return (done, most.max(resident(pid))),
            Err(_) => most = most.max(resident(pid)),
        }
    }
}
