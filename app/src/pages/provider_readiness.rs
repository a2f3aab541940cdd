//! What a set-up needs before end users come.

use crate::components::{Check, Checks, Panel, Stack, Tone};
use leptos::prelude::*;
use model::provider_health::{Readiness, ReadinessState};

/// The list, with how much of it is done; what is done is folded away. Nothing where the catalogue has none.
#[component]
pub(super) fn ReadinessList(of: Vec<Readiness>) -> impl IntoView {
    let to_do = of.iter().filter(|point| point.state == ReadinessState::ToDo).count();
    let unseen = of.iter().filter(|point| point.state == ReadinessState::Unseen).count();
    let text = format!("{to_do} to do, {unseen} to check at the provider, since they cannot be seen from here.");
    let shown = !of.is_empty();
    let (done, open): (Vec<_>, Vec<_>) = of.into_iter().partition(|point| point.state == ReadinessState::Done);
    let done = (!done.is_empty()).then(|| {
        let summary = format!("{} done", done.len());
        view! {
            <details class="disclosure">
                <summary>{summary}</summary>
                <Checks label="Readiness, done">{points(done)}</Checks>
            </details>
        }
    });
    let open = (!open.is_empty()).then(|| view! { <Checks label="Readiness">{points(open)}</Checks> });
    shown.then(|| view! { <Panel title="Readiness" text><Stack>{open}{done}</Stack></Panel> })
}

fn points(of: Vec<Readiness>) -> Vec<impl IntoView> {
    let point = |point: Readiness| {
        let (tone, word) = match point.state {
            ReadinessState::Done => (Tone::Good, "Done"),
            ReadinessState::ToDo => (Tone::Warn, "To do"),
            ReadinessState::Unseen => (Tone::Neutral, "Check there"),
        };
        view! {
            <Check tone word title=point.title text=point.text>
                {point.report.map(|href| view! { <p><a href=href>"Report of the last test"</a></p> })}
            </Check>
        }
    };
    of.into_iter().map(point).collect()
}
