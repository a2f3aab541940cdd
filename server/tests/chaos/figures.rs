//! What a run counted and measured.

use crate::crash::Kill;
use crate::server::Line;
use crate::settle::Fate;
use crate::step::{Flow, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;

/// Counts by step, and the time from answers to commits.
pub(crate) struct Figures {
    title: String,
    counts: BTreeMap<(Flow, Step), Count>,
    to_commit: Vec<i64>,
}

#[derive(Default)]
struct Count {
    calls: usize,
    healthy: usize,
    interrupted: usize,
    other: usize,
}

impl Figures {
    pub(crate) fn new(title: String) -> Self {
        Self { title, counts: BTreeMap::new(), to_commit: Vec::new() }
    }

    /// A call that was under way at a kill.
    pub(crate) fn count(&mut self, kill: &Kill, fate: Option<Fate>) {
        let count = self.counts.entry((kill.flow, kill.step)).or_default();
        count.calls += 1;
        match fate {
            Some(Fate::Healthy) => count.healthy += 1,
            Some(Fate::Interrupted) => count.interrupted += 1,
            None => count.other += 1,
        }
    }

    /// Takes the microseconds from each answer to its commit out of one server's log, but for those whose write a test
    /// was in the way of.
    pub(crate) fn measure(&mut self, lines: &[Line], but: &BTreeSet<String>) {
        let names =
            [(Flow::Refresh, "token_set.id", "token_set.id"), (Flow::Exchange, "attempt.id", "connect_session.id")];
        for (flow, name, subject) in names {
            let mut answers = BTreeMap::new();
            for line in lines {
                let Some(id) = line.text(name) else { continue };
                if line.says(flow.answered()) {
                    answers.insert(id, line.at());
                } else if line.says(flow.committed())
                    && let Some(at) = answers.remove(id)
                    && !line.text(subject).is_some_and(|id| but.contains(id))
                {
                    self.to_commit.push(line.at() - at);
                }
            }
        }
    }

    /// Prints all of it.
    pub(crate) fn print(&self) {
        tell(&self.table());
    }

    pub(crate) fn table(&self) -> String {
        let mut text = format!("\n{}\n", self.title);
        let row = |text: &mut String, name: &str, count: &Count| {
            let Count { calls, healthy, interrupted, other } = count;
            writeln!(text, "  {name:<28} {calls:>6} {healthy:>8} {interrupted:>12} {other:>6}").unwrap();
        };
        writeln!(text, "  {:<28} {:>6} {:>8} {:>12} {:>6}", "died", "calls", "healthy", "interrupted", "other")
            .unwrap();
        let mut all = Count::default();
        for ((flow, step), count) in &self.counts {
            row(&mut text, &format!("{flow:?} {step:?}"), count);
            all.calls += count.calls;
            all.healthy += count.healthy;
            all.interrupted += count.interrupted;
            all.other += count.other;
        }
        row(&mut text, "all", &all);
        let mut times = self.to_commit.clone();
        times.sort_unstable();
        if let Some(longest) = times.last() {
            let at = |percent: usize| ms(times[(times.len() - 1) * percent / 100]);
            let (p50, p99, most) = (at(50), at(99), ms(*longest));
            writeln!(text, "  answer to commit, of {}: p50 {p50} ms, p99 {p99} ms, max {most} ms", times.len())
                .unwrap();
        }
        text
    }
}

/// Prints past the test harness, which would keep what a good test says to itself.
pub(crate) fn tell(text: &str) {
    std::io::stderr().write_all(format!("{text}\n").as_bytes()).unwrap();
}

fn ms(micros: i64) -> String {
    format!("{}.{}", micros / 1000, micros % 1000 / 100)
}
