//! What a set-up needs before end users come.

use crate::components::{Check, Checks, Panel, Tone};
use leptos::prelude::*;
use model::provider_health::{Readiness, ReadinessState};

/// The list, with how much of it is done; nothing where the catalogue has none.
#[component]
pub(super) fn ReadinessList(of: Vec<Readiness>) -> impl IntoView {
    let to_do = of.iter().filter(|point| point.state == ReadinessState::ToDo).count();
    let unseen = of.iter().filter(|point| point.state == ReadinessState::Unseen).count();
    let text = format!("{to_do} to do, {unseen} to check at the provider, since they cannot be seen from here.");
    let shown = !of.is_empty();
    let points = of.into_iter().map(|point| {
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
    });
    let points: Vec<_> = points.collect();
    shown.then(|| view! { <Panel title="Readiness" text><Checks label="Readiness">{points}</Checks></Panel> })
}
