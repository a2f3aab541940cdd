//! Queries of lists: filters, `cursor` and `limit`.

use super::body::unknown;
use crate::problem::Problem;
use axum::http::Uri;
use std::str::FromStr;
use vault::Invalid;

const USUAL: u8 = 20;

/// Which page of a list.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters that `cursor` and `limit` read")]
pub(crate) struct Paging {
    /// What `next_cursor` of the page before said.
    cursor: Option<String>,
    /// How many at most; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// The parameters that have not been taken yet, and the mistakes so far.
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
    /// The parameters that there are.
    known: Vec<String>,
    mistakes: Vec<(String, String)>,
}

impl Query {
    pub(crate) fn of(uri: &Uri) -> Self {
        let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        Self { pairs, known: Vec::new(), mistakes: Vec::new() }
    }

    /// Takes a parameter.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.known.push(name.to_owned());
        let at = self.pairs.iter().position(|(known, _)| known == name)?;
        Some(self.pairs.remove(at).1).filter(|value| !value.is_empty())
    }

    /// Takes a parameter of some type.
    pub(crate) fn parsed<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        let parsed = self.text(name)?.parse();
        parsed.map_err(|_| self.mistakes.push((name.to_owned(), expected.to_owned()))).ok()
    }

    /// Takes a moment.
    pub(crate) fn instant(&mut self, name: &str) -> Option<vault::Millis> {
        let text = self.text(name)?;
        let instant = vault::instant(&text);
        if instant.is_none() {
            self.mistakes.push((name.to_owned(), "A day such as 2026-11-24, or RFC 3339 in UTC.".to_owned()));
        }
        instant
    }

    /// Takes `limit`.
    pub(crate) fn limit(&mut self) -> u8 {
        match self.parsed("limit", "A number from 1 to 100.") {
            None => USUAL,
            Some(limit) if (1..=100).contains(&limit) => limit,
            Some(_) => {
                self.mistakes.push(("limit".to_owned(), "A number from 1 to 100.".to_owned()));
                USUAL
            }
        }
    }

    /// Takes `cursor`.
    pub(crate) fn cursor<T: FromStr>(&mut self) -> Option<T> {
        self.parsed("cursor", "Give back what next_cursor said.")
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 422 with every mistake, parameters that nobody took among them: a misspelt filter would list everything.
    pub(crate) fn finish(mut self) -> Result<(), Problem> {
        let message = unknown("parameter", &self.known);
        let unknown = self.pairs.into_iter().map(|(name, _)| name.chars().take(60).collect());
        self.mistakes.extend(unknown.map(|name| (name, message.clone())));
        if self.mistakes.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.mistakes.iter().map(|(name, _)| name.as_str()).collect();
        let summary = format!("Check these parameters: {}.", names.join(", "));
        Err(Problem::invalid(Invalid { summary, fields: self.mistakes }))
    }
}
