//! The way through the pages of a list. Pages go by cursor, which knows only the way onwards; the address keeps the
//! cursors of the pages before, so that "Newer" leads back to them.

/// The cursors up to the page that is shown, oldest step first; empty on the first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trail(Vec<String>);

impl Trail {
    /// Reads the query's `page`: ids with commas between them.
    pub(super) fn new(page: &str) -> Self {
        Self(page.split(',').filter(|cursor| !cursor.is_empty()).map(str::to_owned).collect())
    }

    /// The cursor of the page that is shown; empty on the first page.
    pub(super) fn cursor(&self) -> String {
        self.0.last().cloned().unwrap_or_default()
    }

    /// The page before. `address` is the list's own and ends in `?` or `&`.
    pub(super) fn newer(&self, address: &str) -> Option<String> {
        let (_, before) = self.0.split_last()?;
        Some(with(address, before))
    }

    /// The page after, if the list goes on.
    pub(super) fn older(&self, address: &str, next: Option<String>) -> Option<String> {
        let mut steps = self.0.clone();
        steps.push(next?);
        Some(with(address, &steps))
    }
}

fn with(address: &str, steps: &[String]) -> String {
    if steps.is_empty() {
        return address.trim_end_matches(['?', '&']).to_owned();
    }
    format!("{address}page={}", steps.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_by_cursor_and_back_the_same_way() {
        let first = Trail::new("");
        assert!(first.cursor().is_empty());
        assert_eq!(first.newer("/list?"), None);
        assert_eq!(first.older("/list?", Some("ca_1".into())).as_deref(), Some("/list?page=ca_1"));
        let third = Trail::new("ca_1,ca_2");
        assert_eq!(third.cursor(), "ca_2");
        assert_eq!(third.newer("/list?a=b&").as_deref(), Some("/list?a=b&page=ca_1"));
        assert_eq!(third.older("/list?", None), None);
        assert_eq!(Trail::new("ca_1").newer("/list?a=b&").as_deref(), Some("/list?a=b"));
    }
}
