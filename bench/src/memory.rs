//! How much memory a process has.

use std::time::Duration;

/// Resident megabytes now.
pub(crate) fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
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
