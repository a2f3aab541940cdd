use std::fmt::Write;

/// Text as it may stand between tags and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Hidden fields of a form.
pub(crate) fn hidden<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    fields.into_iter().fold(String::new(), |mut html, (name, value)| {
        // Writing to a string does not fail.
        let _ = write!(html, r#"<input type="hidden" name="{}" value="{}">"#, escape(name), escape(value));
        html
    })
}

/// The options of a select; each is value, label and whether it is chosen.
pub(crate) fn options<'a>(choices: impl IntoIterator<Item = (&'a str, String, bool)>) -> String {
    choices.into_iter().fold(String::new(), |mut html, (value, label, chosen)| {
        let selected = if chosen { " selected" } else { "" };
        let _ = write!(html, r#"<option value="{}"{selected}>{}</option>"#, escape(value), escape(&label));
        html
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_its_place() {
        assert_eq!(escape(r#"<b class="x">'&'</b>"#), "&lt;b class=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/b&gt;");
    }
}
