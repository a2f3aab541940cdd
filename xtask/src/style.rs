//! Style sheets: the partials that a list names, one after the other, without comments and indentation.

use crate::tools::{self, Outcome};
use std::fs;

pub(crate) fn join(sheet: &str) -> Outcome<String> {
    let folder = tools::root().join("style");
    let list = folder.join(sheet).with_extension("list");
    let names = fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
    let mut joined = String::new();
    for name in names.lines().map(str::trim).filter(|name| !name.is_empty()) {
        let partial = folder.join(name);
        let text = fs::read_to_string(&partial).map_err(|error| format!("{}: {error}", partial.display()))?;
        joined.push_str(&squeeze(&text));
    }
    Ok(joined)
}

fn squeeze(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        push_lines(&mut out, before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    push_lines(&mut out, rest);
    out
}

fn push_lines(out: &mut String, css: &str) {
    for line in css.lines().map(str::trim).filter(|line| !line.is_empty()) {
        out.push_str(line);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::squeeze;

    #[test]
    fn comments_and_indentation_are_dropped() {
        assert_eq!(squeeze("/* a */\n.x {\n    color: red; /* b\n c */\n}\n"), ".x {\ncolor: red;\n}\n");
    }
}
