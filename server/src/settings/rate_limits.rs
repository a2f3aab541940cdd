//! How often the API may be called.

use std::str::FromStr;

/// More than a busy backend on a big machine asks for: 20,000 calls a second.
const OF_A_KEY: RateLimit = RateLimit { calls: 1_200_000, seconds: 60 };
/// Several backends may stand behind one address.
const OF_AN_ADDRESS: RateLimit = RateLimit { calls: 2_400_000, seconds: 60 };
const MOST_CALLS: u32 = 1_000_000_000;
const MOST_SECONDS: u32 = 86_400;

/// So many calls within so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// How many.
    pub calls: u32,
    /// Within how long.
    pub seconds: u32,
}

/// The limits of the API; `None` counts nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Of each key.
    pub key: Option<RateLimit>,
    /// Of each address.
    pub address: Option<RateLimit>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { key: Some(OF_A_KEY), address: Some(OF_AN_ADDRESS) }
    }
}

impl RateLimit {
    /// Reads `N/SECONDS`, or `off`.
    ///
    /// # Errors
    /// A sentence with the text that cannot be read.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        if text.eq_ignore_ascii_case("off") {
            return Ok(None);
        }
        let number = |text: &str| u32::from_str(text.trim()).ok().filter(|number| *number > 0);
        let parts = text.split_once('/').and_then(|(calls, seconds)| Some((number(calls)?, number(seconds)?)));
        match parts {
            Some((calls, seconds)) if calls <= MOST_CALLS && seconds <= MOST_SECONDS => {
                Ok(Some(Self { calls, seconds }))
            }
            _ => Err(format!("\"{text}\" is neither off nor calls and seconds such as 1200000/60")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_calls_and_seconds_or_off() {
        assert_eq!(RateLimit::parse("100/60"), Ok(Some(RateLimit { calls: 100, seconds: 60 })));
        assert_eq!(RateLimit::parse("off"), Ok(None));
        for text in ["100", "0/60", "100/0", "-1/60", "100/60/1", "x/y", "100/86401", ""] {
            assert!(RateLimit::parse(text).is_err(), "{text}");
        }
    }
}
