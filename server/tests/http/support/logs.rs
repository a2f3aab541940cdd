//! Everything that is logged in this process, at the finest level of our own crates.

use std::io::{self, Write};
use std::sync::{Mutex, Once};
use tracing_subscriber::EnvFilter;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static START: Once = Once::new();

struct Collector;

impl Write for Collector {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Begins to collect.
pub(crate) fn collect() {
    START.call_once(|| {
        let filter = EnvFilter::new("info,server=trace,vault=trace,app=trace,model=trace,tower_sessions=trace");
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Collector).init();
    });
}

/// What was logged so far.
pub(crate) fn logged() -> String {
    String::from_utf8_lossy(&LINES.lock().unwrap()).into_owned()
}
