//! A small chart of what worked and what did not, over time. It stands in the page as SVG; its figures are also a table.

use super::{Column, Table};
use leptos::prelude::*;
use model::figures::Slot;

/// The height of the drawing, in its own units.
const HEIGHT: i64 = 140;
/// The width of a step and of its bar.
const STEP: usize = 10;
const BAR: usize = 7;

/// Bars of what worked and, on top, what failed.
#[component]
pub fn Chart(
    /// What it shows: "Refreshes".
    #[prop(into)]
    title: String,
    /// The same in a sentence, with the sums.
    #[prop(into)]
    text: String,
    /// The steps, oldest first.
    slots: Vec<Slot>,
) -> impl IntoView {
    let highest = slots.iter().map(|slot| slot.refreshed + slot.failed).max().unwrap_or(0);
    let height = move |count: i64| {
        // What happened at all can be seen.
        if count == 0 { 0 } else { (count * HEIGHT / highest.max(1)).max(2) }
    };
    let bars = slots.iter().enumerate().map(|(at, slot)| {
        let (x, good, bad) = (at * STEP, height(slot.refreshed), height(slot.failed));
        view! {
            <g class="chart-slot">
                <title>{format!("{}: {} refreshed, {} failed", slot.label, slot.refreshed, slot.failed)}</title>
                <rect class="chart-good" x=x y=HEIGHT - good width=BAR height=good></rect>
                <rect class="chart-bad" x=x y=(HEIGHT - good - bad).max(0) width=BAR height=bad></rect>
            </g>
        }
    });
    let bars: Vec<_> = bars.collect();
    let label = |slot: Option<&Slot>| slot.map(|slot| slot.label.clone()).unwrap_or_default();
    let axis = [label(slots.first()), label(slots.get(slots.len() / 2)), label(slots.last())];
    let width = (slots.len() * STEP).max(STEP) - (STEP - BAR);
    let rows = slots.into_iter().map(|slot| {
        view! { <tr><td>{slot.label}</td><td data-align="end">{slot.refreshed}</td><td data-align="end">{slot.failed}</td></tr> }
    });
    let rows: Vec<_> = rows.collect();
    let columns = vec![Column::new("From"), Column::end("Refreshed"), Column::end("Failed")];
    view! {
        <figure class="chart">
            <svg viewBox=format!("0 0 {width} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=format!("{title}. {text}")>
                {bars}
            </svg>
            <div class="chart-axis" aria-hidden="true">{axis.map(|label| view! { <span>{label}</span> }).into_iter().collect_view()}</div>
            <figcaption class="visually-hidden">{text}</figcaption>
            <details class="disclosure">
                <summary>"Show as a table"</summary>
                <Table caption=title columns>{rows}</Table>
            </details>
        </figure>
    }
}
