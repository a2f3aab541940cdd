//! What the address of a list asks for. What cannot be read must not stand for everything: the same address exports and
//! revokes.

use crate::clock::{Millis, instant};
use crate::error::VaultError;
use model::lists::{Mistakes, Turn};
use std::str::FromStr;

/// Where a turn begins; `None` at the newest.
///
/// # Errors
/// [`VaultError::Invalid`] of `cursor`, when it is no id.
pub(crate) fn cursor<T: FromStr>(turn: &Turn) -> Result<Option<T>, VaultError> {
    if turn.cursor.is_empty() {
        return Ok(None);
    }
    turn.cursor.parse().map(Some).map_err(|_| no_such_place())
}

/// The cursor names nothing in this list.
pub(crate) fn no_such_place() -> VaultError {
    VaultError::field("cursor", "The address names a place that is not in this list: begin with its newest lines.")
}

/// The chosen one of a few, `None` for any.
pub(crate) fn one_of<T: FromStr>(name: &str, value: &str, mistakes: &mut Mistakes) -> Option<T> {
    let value = value.trim();
    let chosen = value.parse().ok();
    if chosen.is_none() && !value.is_empty() {
        mistakes.push((name.to_owned(), format!("\"{}\" is none of these: choose one of the list.", short(value))));
    }
    chosen
}

/// When a day begins (UTC), `None` for any.
pub(crate) fn day(name: &str, value: &str, mistakes: &mut Mistakes) -> Option<Millis> {
    let value = value.trim();
    let day = Some(value).filter(|value| value.len() == "2026-11-24".len()).and_then(instant);
    if day.is_none() && !value.is_empty() {
        mistakes.push((name.to_owned(), format!("\"{}\" is no day: give one as 2026-11-24.", short(value))));
    }
    day
}

/// Nothing, when all of it could be read.
///
/// # Errors
/// [`VaultError::Invalid`] with each mistake.
pub(crate) fn check(mistakes: Mistakes) -> Result<(), VaultError> {
    let names: Vec<&str> = mistakes.iter().map(|(name, _)| name.as_str()).collect();
    let summary = format!("These filters cannot be read: {}.", names.join(", "));
    VaultError::check(&summary, mistakes)
}

fn short(value: &str) -> String {
    value.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::DAY;

    #[test]
    fn a_day_is_a_day_and_nothing_else() {
        for (value, expected, wrong) in
            [("", None, false), (" 1970-01-02 ", Some(DAY), false), ("bogus", None, true), ("2026-02-30", None, true)]
        {
            let mut mistakes = Mistakes::new();
            assert_eq!((day("from", value, &mut mistakes), !mistakes.is_empty()), (expected, wrong), "{value:?}");
        }
    }
}
