//! Texts that people will see.

/// Whether a text shows what it says: no control characters, and none that turn the direction of writing around
/// (Unicode's bidirectional controls), with which a name can be made to look like another.
pub(crate) fn can_be_shown(text: &str) -> bool {
    let turns =
        |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.chars().any(|c| c.is_control() || turns(c) || c == '\u{feff}')
}

/// What speaks against a name that people will read.
pub(crate) fn name_mistake(name: &str) -> Option<&'static str> {
    let good = name.chars().count() <= 80 && can_be_shown(name);
    (!good).then_some("Use at most 80 characters that can be shown.")
}

/// A quoted cell of a CSV file (RFC 4180). A spreadsheet takes what begins with `=`, `+`, `-`, `@`, a tab or a line's end for
/// a formula, in full width and behind spaces too, and what strangers wrote may stand here: an apostrophe before it makes
/// it text (OWASP, CSV injection).
pub(crate) fn csv_cell(text: &str) -> String {
    let formula =
        text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::{can_be_shown, csv_cell};

    #[test]
    fn a_cell_is_text_and_no_formula() {
        for (text, expected) in [
            ("plain", "\"plain\""),
            ("", "\"\""),
            ("a \"word\", and\nmore", "\"a \"\"word\"\", and\nmore\""),
            ("=HYPERLINK(\"http://evil.example\")", "\"'=HYPERLINK(\"\"http://evil.example\"\")\""),
            ("+49 30 1234", "\"'+49 30 1234\""),
            ("-1", "\"'-1\""),
            ("@sum", "\"'@sum\""),
            ("\t=1", "\"'\t=1\""),
            ("  =1", "\"'  =1\""),
            ("＝1", "\"'＝1\""),
        ] {
            assert_eq!(csv_cell(text), expected);
        }
    }

    #[test]
    fn names_of_people_can_be_shown_and_tricks_cannot() {
        for name in ["Ada Lovelace", "Zoë", "عائشة", "李小龍", "O'Neill-Smith", "👩‍💻"] {
            assert!(can_be_shown(name), "{name}");
        }
        for trick in ["a\u{202e}gnp.exe", "a\nb", "a\u{7}", "\u{2066}x"] {
            assert!(!can_be_shown(trick), "{trick:?}");
        }
    }
}
