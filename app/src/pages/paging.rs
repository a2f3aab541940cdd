//! Pages of a list, both ways: the cursor and its direction stand in the address beside the filters.

use super::address::query;
use crate::components::{EmptyState, LinkButton, Pager};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::lists::{Mistakes, Turn};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

/// What stands encoded in a query: all but letters, digits and what RFC 3986 (2.3) leaves unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Which page the address asks for.
pub(super) fn turn() -> Memo<Turn> {
    let (cursor, direction) = (query("cursor"), query("direction"));
    Memo::new(move |_| Turn { cursor: cursor.get(), newer: direction.get() == "newer" })
}

/// An address with these names and values; those that are empty are left out.
pub(super) fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let encoded = |text: &str| percent_encoding::utf8_percent_encode(text, RESERVED).to_string();
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<_> = given.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// Links to the pages before and after.
#[component]
pub(super) fn Pages(
    path: String,
    pairs: Vec<(&'static str, String)>,
    newer: Option<String>,
    older: Option<String>,
) -> impl IntoView {
    let link = move |cursor: String, direction: &str| {
        let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
        let pairs: Vec<_> = pairs.chain([("cursor", cursor.as_str()), ("direction", direction)]).collect();
        address(&path, &pairs)
    };
    let newer = newer.map(|cursor| link(cursor, "newer"));
    let older = older.map(|cursor| link(cursor, ""));
    view! { <Pager newer older/> }
}

/// In the place of a list whose address cannot be read: it lets nothing through. `whole` is the list without filters.
#[component]
pub(super) fn Unreadable(mistakes: Mistakes, whole: String) -> impl IntoView {
    let of_place = mistakes.into_iter().find(|(name, _)| name == "cursor");
    let (title, text) = match of_place {
        Some((_, words)) => ("This page of the list is not there", words),
        None => (
            "A filter cannot be read",
            "Nothing is shown until it is put right: see what is said beside it.".to_owned(),
        ),
    };
    view! {
        <EmptyState icon=Glyph::Search title text><LinkButton href=whole>"Show all"</LinkButton></EmptyState>
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_has_what_is_given() {
        assert_eq!(address("/list", &[("a", ""), ("b", "")]), "/list");
        assert_eq!(address("/list", &[("a", "1&2"), ("b", ""), ("c", "x_y-z")]), "/list?a=1%262&c=x_y-z");
    }
}
