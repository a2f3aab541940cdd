//! What was tried for an account and what came of it.

use super::super::trail::Trail;
use crate::components::{Happening, Pager, Panel, Time, Timeline, Tone};
use leptos::prelude::*;
use model::Page;
use model::ids::{ApplicationId, ConnectSessionId, ConnectedAccountId};
use model::paths;
use model::timeline::TimelineEntry;

#[component]
pub(super) fn History(
    app: ApplicationId,
    account: ConnectedAccountId,
    of: Page<TimelineEntry>,
    trail: Trail,
) -> impl IntoView {
    let address = format!("{}?", paths::connected_account(app, account));
    let (newer, older) = (trail.newer(&address), trail.older(&address, of.next_cursor));
    // Every account has at least the line of its connection.
    let nothing = of.data.is_empty();
    let told = folded(of.data).into_iter().map(|run| view! { <Told run/> }).collect_view();
    view! {
        <Panel title="Timeline" text="What was tried for this account and what came of it, newest first.">
            {nothing.then(|| view! { <p class="aside">"The address names a place that is not in this timeline: begin with its newest lines."</p> })}
            <Timeline label="Timeline of the account">{told}</Timeline>
            <Pager newer older/>
        </Panel>
    }
}

/// Happenings that say the same one after the other, by the newest of them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    newest: TimelineEntry,
    times: usize,
    since: String,
}

/// A healthy account is refreshed every hour: what is the same is told once.
fn folded(entries: Vec<TimelineEntry>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for entry in entries {
        match runs.last_mut().filter(|run| same(&run.newest, &entry)) {
            Some(run) => (run.times, run.since) = (run.times + 1, entry.at),
            None => runs.push(Run { since: entry.at.clone(), newest: entry, times: 1 }),
        }
    }
    runs
}

fn same(one: &TimelineEntry, other: &TimelineEntry) -> bool {
    let told = |e: &TimelineEntry| {
        (e.r#type.clone(), e.outcome.clone(), e.detail.clone(), e.next_step.clone(), e.actor.clone(), e.connect_session)
    };
    told(one) == told(other)
}

#[component]
fn Told(run: Run) -> impl IntoView {
    let Run { newest: entry, times, since } = run;
    let tone = tone(&entry);
    // What a lost account's end user has to do stands in the detail, and at the head of the page with its button.
    let next = entry.next_step.filter(|_| !entry.r#type.ends_with(".needs_reconnect"));
    view! {
        <Happening tone title=entry.cause at=entry.at>
            {entry.detail.map(|detail| view! { <p>{detail}</p> })}
            {next.map(|next| view! { <p>"Next step: "{next}</p> })}
            {(times > 1).then(|| view! { <p>{times}" times since "<Time at=since/></p> })}
            <By actor=entry.actor session=entry.connect_session/>
        </Happening>
    }
}

#[component]
fn By(actor: String, session: Option<ConnectSessionId>) -> impl IntoView {
    let who = who(&actor);
    let session = session.map(|id| view! { "Connect session "<code>{id.to_string()}</code> });
    let between = (who.is_some() && session.is_some()).then_some(". ");
    (who.is_some() || session.is_some()).then(|| view! { <p>{who}{between}{session}</p> })
}

fn tone(entry: &TimelineEntry) -> Tone {
    match entry.r#type.strip_prefix("connected_account.").unwrap_or_default() {
        "connected" | "reconnected" | "refreshed" => Tone::Good,
        "refresh_failed" | "refresh_sent" | "reconnect_failed" | "deauthorized" => Tone::Warn,
        "needs_reconnect" => Tone::Bad,
        _ => Tone::Neutral,
    }
}

/// Who did it, unless it was Keybearer by itself.
fn who(actor: &str) -> Option<&'static str> {
    match actor.split_once('_') {
        Some(("per", _)) => Some("By a member"),
        Some(("key", _)) => Some("By the application's backend"),
        Some(("end", "user")) => Some("By the end user"),
        Some(("command", "line")) => Some("By the command line"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(r#type: &str, at: &str) -> TimelineEntry {
        TimelineEntry {
            id: at.to_owned(),
            at: at.to_owned(),
            r#type: r#type.to_owned(),
            outcome: "ok".to_owned(),
            cause: String::new(),
            detail: None,
            next_step: None,
            actor: "keybearer".to_owned(),
            connect_session: None,
        }
    }

    #[test]
    fn what_is_the_same_is_told_once_with_its_count() {
        let entries = [("refreshed", "5"), ("refreshed", "4"), ("refreshed", "3"), ("moved", "2"), ("refreshed", "1")];
        let runs = folded(entries.iter().map(|(r#type, at)| entry(r#type, at)).collect());
        let told: Vec<_> = runs.iter().map(|run| (run.newest.at.as_str(), run.times, run.since.as_str())).collect();
        assert_eq!(told, [("5", 3, "3"), ("2", 1, "2"), ("1", 1, "1")]);
    }
}
