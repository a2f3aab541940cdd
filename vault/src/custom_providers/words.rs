//! Mistakes in an entry's TOML in words for whoever fills in the form: the field, and what is wrong with it.

/// What is wrong with a line that is no TOML.
pub(super) fn of_syntax(text: &str, line: usize) -> String {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim();
    let (open, closed) = (line.matches('[').count(), line.matches(']').count());
    let words = if line.starts_with('[') && open > closed {
        "the bracket is not closed: a section's name stands as [refresh]."
    } else if line.matches('"').count() % 2 == 1 {
        "a quotation mark is missing: a text stands between two of them."
    } else if !line.contains('=') && !line.starts_with('[') {
        "a field stands as name = value, a section's name as [refresh]."
    } else if line.ends_with('=') {
        "the value behind = is missing."
    } else {
        "this cannot be read. A field stands as name = value, once in its section; a text in quotation marks, a number or \
         true and false without."
    };
    words.to_owned()
}

/// The field at a place of a written entry, with its section: `refresh.rotates`.
pub(super) fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    let begins = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(begins..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim();
    let is_head = |line: &&str| line.starts_with('[') && !line.contains('=');
    if is_head(&line) {
        return line.trim_matches(['[', ']']).to_owned();
    }
    let key = line.split('=').next().unwrap_or_default().trim();
    match before.lines().map(str::trim).rev().find(is_head) {
        Some(section) => format!("{}.{key}", section.trim_matches(['[', ']'])),
        None => key.to_owned(),
    }
}

/// What is wrong with the field at a place, out of what the reader says.
pub(super) fn of_mistake(place: &str, message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let first = quoted.next().unwrap_or_default();
    let others = quoted.collect::<Vec<_>>().join(", ");
    let section = place.rsplit_once('.').map_or(String::new(), |(section, _)| format!(" in {section}"));
    if message.starts_with("unknown field") {
        let known = if others.is_empty() { String::new() } else { format!(" Known are {others}.") };
        return format!("There is no field {first}{section}.{known}");
    }
    if message.starts_with("unknown variant") {
        return format!("{place} is \"{first}\", which is none of {others}.");
    }
    if message.starts_with("missing field") {
        return format!("{first} is missing in {place}.");
    }
    if !message.starts_with("invalid ") {
        // One of our own sentences.
        return format!("{place}: {message}.");
    }
    let expected = message.rsplit_once("expected ").map_or("something else", |(_, expected)| expected);
    let expected = match expected {
        "a string" => "a text in quotation marks",
        "a boolean" => "true or false",
        "a sequence" => "a list, as [\"one\", \"two\"]",
        number if number.get(1..).is_some_and(|bits| bits.parse::<u8>().is_ok()) => "a number",
        section if section.starts_with("struct") || section.contains("map") => "a section of its own",
        _ => "another value",
    };
    format!("{place} must be {expected}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_names_its_field_and_no_parser() {
        let text = "name = 5\n\n[refresh]\nrotates = true\n\n[[errors]]\nclass = \"x\"\n";
        for (part, expected) in [("name", "name"), ("rotates", "refresh.rotates"), ("class", "errors.class")] {
            assert_eq!(place(text, text.find(part).unwrap()), expected);
        }
        for (message, expected) in [
            (
                "unknown field `rotate`, expected `rotates` or `reuse`",
                "There is no field rotate in refresh. Known are rotates, reuse.",
            ),
            ("unknown variant `x`, expected `a` or `b`", "refresh.reuse is \"x\", which is none of a, b."),
            ("missing field `class`", "class is missing in refresh.reuse."),
            ("invalid type: integer `5`, expected a string", "refresh.reuse must be a text in quotation marks."),
            ("invalid type: string \"5\", expected u32", "refresh.reuse must be a number."),
            ("invalid length 0, expected it", "refresh.reuse must be another value."),
            ("\"x\" is none of \"a\"", "refresh.reuse: \"x\" is none of \"a\"."),
        ] {
            assert_eq!(of_mistake("refresh.reuse", message), expected);
        }
    }
}
