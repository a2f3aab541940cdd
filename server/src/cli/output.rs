//! What a command says on standard output: words, or JSON for machines.

use serde::Serialize;
use std::io::Write as _;

/// Where results go.
pub(super) struct Output {
    json: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// A result, as JSON or in words.
    pub(super) fn result<T: Serialize>(&self, value: &T, words: impl FnOnce(&T) -> String) {
        if self.json {
            print(&serde_json::to_string_pretty(value).unwrap_or_default());
        } else {
            print(&words(value));
        }
    }

    /// A line about something that is done while more is to come; machines get all of it in the result.
    pub(super) fn progress(&self, words: &str) {
        if !self.json {
            print(words);
        }
    }

    /// A remark that is no part of the result.
    pub(super) fn remark(&self, words: &str) {
        if !self.json {
            eprintln!("{words}");
        }
    }
}

/// Rows below their headings, each column as wide as it needs to be.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: Vec<[String; N]>) -> String {
    let headings = headings.map(str::to_owned);
    let all: Vec<&[String; N]> = std::iter::once(&headings).chain(&rows).collect();
    let widths: Vec<usize> = (0..N)
        .map(|at| all.iter().filter_map(|row| row.get(at)).map(|t| t.chars().count()).max().unwrap_or(0))
        .collect();
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths).map(|(text, width)| format!("{text:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    all.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A reader that goes away, such as `head`, is no failure.
fn print(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}
