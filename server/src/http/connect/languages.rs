//! The languages of connect pages, and which one a browser gets (RFC 9110, 12.5.4).

/// A language with its words.
#[derive(Debug)]
pub(super) struct Language {
    /// As `<html lang>` and `?lang=` have it.
    pub(super) code: &'static str,
    /// Its name in itself.
    pub(super) name: &'static str,
    /// Its messages, in Fluent's syntax.
    pub(super) source: &'static str,
}

macro_rules! languages {
    ($($code:literal $name:literal,)+) => {
        /// All of them; the first is for whoever asks for none of these.
        pub(super) const LANGUAGES: &[Language] = &[$(Language {
            code: $code,
            name: $name,
            source: include_str!(concat!("../../../../locales/", $code, "/connect.ftl")),
        },)+];
    };
}

languages! {
    "en" "English",
    "de" "Deutsch",
    "fr" "Français",
    "es" "Español",
    "pt" "Português",
    "ja" "日本語",
}

/// The first of them.
pub(super) const ENGLISH: &Language = match LANGUAGES.first() {
    Some(first) => first,
    None => unreachable!(),
};

/// English in letters of another shape, in debug builds: whatever else a page shows did not come from the files.
pub(super) const PSEUDO: &str = "en-xa";

/// More ranges than a browser sends.
const MOST: usize = 30;

/// The language with this code.
pub(super) fn named(code: &str) -> Option<usize> {
    LANGUAGES.iter().position(|language| language.code.eq_ignore_ascii_case(code))
}

/// The language that an `Accept-Language` header likes best.
pub(super) fn preferred(header: &str) -> usize {
    let mut ranges: Vec<(&str, u16)> = header.split(',').take(MOST).filter_map(range).collect();
    // Stable: of two with the same weight the first counts.
    ranges.sort_by_key(|(_, weight)| u16::MAX - weight);
    let refused = |at: usize| ranges.iter().any(|(range, weight)| *weight == 0 && covers(range, at));
    let liked = ranges.iter().filter(|(_, weight)| *weight > 0);
    let all = || 0..LANGUAGES.len();
    let mut found =
        liked.filter_map(|(range, _)| all().find(|&at| (*range == "*" || covers(range, at)) && !refused(at)));
    found.next().unwrap_or_default()
}

/// Whether a range such as `de-AT` means this language. The region does not matter: there is one of each.
fn covers(range: &str, at: usize) -> bool {
    let primary = range.split('-').next().unwrap_or_default();
    LANGUAGES.get(at).is_some_and(|language| language.code.eq_ignore_ascii_case(primary))
}

/// A range and its weight in thousandths; `None` for what is neither.
fn range(part: &str) -> Option<(&str, u16)> {
    let (range, parameter) = part.split_once(';').unwrap_or((part, "q=1"));
    let (name, value) = parameter.split_once('=')?;
    let weight = value.trim().parse::<f32>().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
    let range = range.trim();
    let shaped = range == "*" || range.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (!range.is_empty() && shaped && name.trim().eq_ignore_ascii_case("q"))
        .then_some((range, (weight * 1000.0).round() as u16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, expected: &str) {
        assert_eq!(LANGUAGES[preferred(header)].code, expected, "{header:?}");
    }

    #[test]
    fn the_heaviest_range_that_is_there_counts() {
        check("de-AT,de;q=0.9,en;q=0.8", "de");
        check("nl,fr;q=0.5,en;q=0.7", "en");
        check("en;q=0.2 , JA ; q=0.9", "ja");
        check("pt-PT", "pt");
        check("es-419,en", "es");
        check("fr;q=0.5,de;q=0.5", "fr");
    }

    #[test]
    fn a_weight_of_nothing_refuses() {
        check("en;q=0,*;q=0.1", "de");
        check("de;q=0,de-CH", "en");
        check("*", "en");
        check("nl,*;q=0.5", "en");
    }

    #[test]
    fn odd_headers_get_english() {
        for odd in ["", ",,,", ";q=1", "de;q=x", "de;q=7", "de;q=-1", "de;level=1", "zz", "\u{fc}", "de/fr", "q=0.8"] {
            check(odd, "en");
        }
        check(&"x,".repeat(10_000), "en");
        check(&format!("{}de", "x,".repeat(100)), "en");
        check("deutsch,fr;q=nan,ja;q=0.001", "ja");
    }
}
