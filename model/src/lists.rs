//! Lists that can be paged both ways, by key.

use serde::{Deserialize, Serialize};

/// Which page of a list: the rows beyond `cursor`, in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The id of a row at the edge of the page before; empty for the newest rows.
    pub cursor: String,
    /// Towards the newer rows instead of the older ones.
    pub newer: bool,
}

/// One page of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BothWays<T> {
    /// The rows of this page.
    pub data: Vec<T>,
    /// The cursor that leads to newer rows; `None` on the first page.
    pub newer: Option<String>,
    /// The cursor that leads to older rows; `None` on the last page.
    pub older: Option<String>,
}

/// What of an address cannot be read: the name of the parameter, and what is wrong with it.
pub type Mistakes = Vec<(String, String)>;

impl<T> BothWays<T> {
    /// A page with nothing on it.
    pub const fn nothing() -> Self {
        Self { data: Vec::new(), newer: None, older: None }
    }

    /// Makes a page of rows that were read in the turn's own direction, one more than fit. `id` is the key of a row.
    pub fn new(mut rows: Vec<T>, turn: &Turn, limit: usize, id: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let turned = !turn.cursor.is_empty();
        if turn.newer {
            rows.reverse();
        }
        let (newer, older) = if turn.newer { (more, turned) } else { (turned, more) };
        let newer = rows.first().filter(|_| newer).map(&id);
        let older = rows.last().filter(|_| older).map(&id);
        Self { data: rows, newer, older }
    }

    /// The same page with other rows.
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> BothWays<U> {
        BothWays { data: self.data.into_iter().map(to).collect(), newer: self.newer, older: self.older }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[u8], cursor: &str, newer: bool, expected: (&[u8], Option<&str>, Option<&str>)) {
        let turn = Turn { cursor: cursor.to_owned(), newer };
        let page = BothWays::new(rows.to_vec(), &turn, 2, u8::to_string);
        assert_eq!((page.data.as_slice(), page.newer.as_deref(), page.older.as_deref()), expected);
    }

    #[test]
    fn a_page_leads_on_where_there_is_more() {
        check(&[], "", false, (&[], None, None));
        check(&[9, 8], "", false, (&[9, 8], None, None));
        check(&[9, 8, 7], "", false, (&[9, 8], None, Some("8")));
        check(&[7, 6], "8", false, (&[7, 6], Some("7"), None));
        check(&[8, 9], "7", true, (&[9, 8], None, Some("8")));
        check(&[6, 7, 8], "5", true, (&[7, 6], Some("7"), Some("6")));
    }
}
