use super::{super::markup::escape, section, table};
use crate::{journal::Entry, state::State};

const SHOWN: usize = 30;

pub(super) fn latest(state: &State) -> String {
    let rows: String = state.journal.entries().rev().take(SHOWN).map(row).collect();
    if rows.is_empty() {
        return section("Journal", "<p>No requests yet.</p>");
    }
    let heads = ["No.", "Time", "Endpoint", "Grant type", "User", "Outcome", "Status", "Rotated", "Fault"];
    section("Journal", &table("Journal", &heads, &rows))
}

fn row(entry: &Entry) -> String {
    let optional = |text: &Option<String>| escape(text.as_deref().unwrap_or_default());
    let cells = [
        entry.sequence.to_string(),
        escape(&entry.at),
        entry.endpoint.name().to_owned(),
        optional(&entry.grant_type),
        optional(&entry.user),
        escape(&entry.outcome),
        entry.status.map_or_else(|| "closed".to_owned(), |status| status.to_string()),
        if entry.rotated { "yes" } else { "" }.to_owned(),
        optional(&entry.fault),
    ];
    let cells: String = cells.map(|cell| format!("<td>{cell}</td>")).concat();
    format!("<tr>{cells}</tr>")
}
