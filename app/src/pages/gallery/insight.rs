//! What tells how an application is doing.

use super::Part;
use crate::components::{AttentionList, Chart, Check, Checks, Figure, Figures, TestStatus, Tone};
use leptos::prelude::*;
use model::connection_tests::TestState;
use model::figures::{Attention, Slot, Urgency};

#[component]
pub(super) fn Insight() -> impl IntoView {
    let slots = (0..24_i64).map(|hour| Slot {
        at: format!("2026-11-24T{hour:02}:00:00.000Z"),
        label: format!("24 Nov, {hour:02}:00"),
        refreshed: (hour * 37) % 90 + 10,
        failed: if hour % 7 == 3 { 12 } else { 0 },
    });
    let item = |urgency, title: &str, text: &str, action: &str| Attention {
        urgency,
        title: title.to_owned(),
        text: text.to_owned(),
        path: "/gallery".to_owned(),
        action: action.to_owned(),
    };
    let items = vec![
        item(
            Urgency::Bad,
            "Meetline refuses the credentials of meetline",
            "Connecting and refreshing have stopped; tokens that are still valid are handed out.",
            "Correct the credentials",
        ),
        item(
            Urgency::Warn,
            "3 accounts have to be connected again",
            "1 in the last 24 hours, 2 in the 24 hours before.",
            "See these accounts",
        ),
    ];
    view! {
        <Part title="Attention and figures">
            <AttentionList items/>
            <AttentionList items=Vec::new()/>
            <Figures>
                <Figure label="Active accounts" href="/gallery" count="12"/>
                <Figure label="Revoked" href="/gallery" count="1,204,331" counted_at=Some("2026-11-24T14:58:24.123Z".to_owned())/>
            </Figures>
            <Chart title="Refreshes by the hour" text="1,250 refreshes succeeded and 36 failed." slots=slots.collect()/>
            <Chart title="Refreshes of an empty day" text="0 refreshes succeeded and 0 failed." slots=Vec::new()/>
        </Part>
    }
}

#[component]
pub(super) fn Points() -> impl IntoView {
    let states = TestState::ALL.iter().map(|state| view! { <TestStatus of=*state/> }).collect_view();
    view! {
        <Part title="Points of a list">
            <Checks label="Readiness">
                <Check tone=Tone::Good word="Done" title="Client ID and Client Secret are accepted"
                    text="Meetline was asked about them without an end user."/>
                <Check tone=Tone::Warn word="To do" title="The scopes you expect are entered"
                    text="Keybearer compares them with what is granted." next=Some("Enter them beside the credentials.".to_owned())/>
                <Check tone=Tone::Bad word="Failed" title="Refresh at once" text="Meetline refused the refresh token: invalid_grant."/>
                <Check word="Check there" title="The app is published" text="Until then only your own account can connect."/>
            </Checks>
            <div class="row">{states}</div>
        </Part>
    }
}
