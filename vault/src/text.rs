//! Texts that people will see.

/// Whether a text shows what it says: no control characters, and none that turn the direction of writing around
/// (Unicode's bidirectional controls), with which a name can be made to look like another.
pub(crate) fn can_be_shown(text: &str) -> bool {
    let turns =
        |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.chars().any(|c| c.is_control() || turns(c) || c == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::can_be_shown;

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
