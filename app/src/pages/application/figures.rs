//! How an application is doing: its accounts by state, and its refreshes over time.

use super::Asked;
use crate::components::{Chart, Figure, Figures, Panel, Stack, Tab, Tabs, Time, Tone};
use crate::pages::paging::address;
use leptos::prelude::*;
use model::applications::ApplicationCounts;
use model::figures::{AccountFigures, Counted, Happened, Window};
use model::ids::ApplicationId;
use model::paths;

#[component]
pub(super) fn Live(
    app: ApplicationId,
    counts: ApplicationCounts,
    accounts: AccountFigures,
    happened: Happened,
    asked: Asked,
) -> impl IntoView {
    let list = paths::connected_accounts(app);
    let by = move |status: &str| format!("{list}?status={status}");
    view! {
        <Figures>
            <Figure label="Active accounts" href=by("active") count=told(&accounts.active) counted_at=accounts.active.counted_at/>
            <Figure label="Need reconnecting" href=by("needs_reconnect") count=told(&accounts.needs_reconnect)
                counted_at=accounts.needs_reconnect.counted_at/>
            <Figure label="Revoked" href=by("revoked") count=told(&accounts.revoked) counted_at=accounts.revoked.counted_at/>
            <Figure label="OAuth providers" href=paths::providers(app) count=counts.provider_configs.to_string()/>
            <Figure label="API keys" href=paths::api_keys(app) count=counts.api_keys.to_string()/>
        </Figures>
        <Over app happened asked/>
    }
}

#[component]
fn Over(app: ApplicationId, happened: Happened, asked: Asked) -> impl IntoView {
    let chosen = asked.window.parse().unwrap_or(Window::Day);
    let tabs = Window::ALL.iter().map(|window| {
        let href = address(&paths::application(app), &[("window", window.as_str()), ("language", &asked.language)]);
        let (current, name) = (*window == chosen, name(*window));
        view! { <Tab href current=current>{name}</Tab> }
    });
    let tabs: Vec<_> = tabs.collect();
    let Happened { slots, refreshed, failed, connected, lost, counted_at } = happened;
    let text = format!("{} refreshes succeeded and {} failed.", grouped(refreshed), grouped(failed));
    view! {
        <Panel title="Refreshes">
            <Stack>
                <Tabs label="Time">{tabs}</Tabs>
                <p class="chart-legend">
                    <span data-tone=Tone::Good.as_str()><strong>{grouped(refreshed)}</strong>" succeeded"</span>
                    <span data-tone=Tone::Bad.as_str()><strong>{grouped(failed)}</strong>" failed"</span>
                    <span><strong>{grouped(connected)}</strong>{if connected == 1 { " account connected" } else { " accounts connected" }}</span>
                    <span><strong>{grouped(lost.0)}</strong>{if lost.0 == 1 { " account lost, " } else { " accounts lost, " }}{grouped(lost.1)}" in the time before"</span>
                </p>
                <Chart title="Refreshes" text slots/>
                <p class="aside">
                    {match counted_at {
                        Some(at) => view! { "Counted "<Time at/>". Times are UTC." }.into_any(),
                        None => "Not counted yet. Figures appear within a minute.".into_any(),
                    }}
                </p>
            </Stack>
        </Panel>
    }
}

const fn name(window: Window) -> &'static str {
    match window {
        Window::Day => "24 hours",
        Window::Week => "7 days",
        Window::Month => "30 days",
    }
}

/// A count for people: "12", "1,234", "5,000+".
pub(in crate::pages) fn told(counted: &Counted) -> String {
    let more = if counted.or_more { "+" } else { "" };
    format!("{}{more}", grouped(counted.count))
}

/// With a comma between thousands.
pub(in crate::pages) fn grouped(count: i64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_told_apart() {
        for (count, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(count), expected);
        }
    }
}
