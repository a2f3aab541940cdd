//! What is measured, and for how long.

use std::time::Duration;

pub(crate) struct Plan {
    /// How long each figure is measured.
    pub(crate) each: Duration,
    /// In so many turns, one after the other with what it is compared to: what else the machine does hits both.
    pub(crate) turns: u32,
    /// How long each load runs before it counts.
    pub(crate) warm_up: Duration,
    /// Numbers of accounts.
    pub(crate) sizes: Vec<u64>,
    /// Numbers of clients.
    pub(crate) clients: [usize; 4],
    /// How many accounts are due at once for the refresher.
    pub(crate) due: usize,
    /// How often each page of the portal is opened.
    pub(crate) page_views: usize,
    /// What the program logs meanwhile.
    pub(crate) log: String,
}

impl Plan {
    /// Reads the environment.
    #[expect(clippy::disallowed_methods, reason = "a benchmark has no settings of the server's kind")]
    pub(crate) fn read() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let quick = set("QUICK").is_some();
        let seconds = set("BENCH_SECONDS").map_or(if quick { 1 } else { 5 }, |text| text.parse().unwrap());
        let usual = if quick { "1000" } else { "1000,1000000" };
        let sizes = set("BENCH_SIZES").unwrap_or_else(|| usual.to_owned());
        Self {
            each: Duration::from_secs(seconds),
            turns: if quick { 2 } else { 5 },
            warm_up: Duration::from_millis(if quick { 100 } else { 300 }),
            sizes: sizes.split(',').map(|size| size.parse().unwrap()).collect(),
            clients: [1, 16, 64, 256],
            due: if quick { 100 } else { 2_000 },
            page_views: if quick { 20 } else { 200 },
            log: set("BENCH_LOG").unwrap_or_else(|| "warn".to_owned()),
        }
    }
}
