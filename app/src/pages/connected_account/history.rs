//! What happened to an account, in plain words.

use crate::components::{Column, Panel, Table, Time};
use leptos::prelude::*;
use model::events::EventView;

#[component]
pub(super) fn History(of: Vec<EventView>) -> impl IntoView {
    if of.is_empty() {
        return view! { <Panel title="History"><p class="aside">"Nothing is recorded yet."</p></Panel> }.into_any();
    }
    let columns = vec![Column::new("What happened"), Column::new("By"), Column::end("When")];
    let rows = of.into_iter().map(|event| {
        let what = words(&event);
        view! {
            <tr>
                <td>{what}{event.detail.map(|detail| view! { <small title=detail.clone()>{detail.clone()}</small> })}</td>
                <td>{actor(&event.actor)}</td>
                <td data-align="end"><Time at=event.at/></td>
            </tr>
        }
    });
    view! {
        <section class="stack" aria-labelledby="history">
            <h2 id="history">"History"</h2>
            <Table caption="History of the account" columns>{rows.collect_view()}</Table>
        </section>
    }
    .into_any()
}

fn words(event: &EventView) -> String {
    let known = match event.r#type.as_str() {
        "connected_account.connected" => "Connected",
        "connected_account.reconnected" => "Reconnected: the end user consented again",
        "connected_account.moved" => "Moved to a newer authorization of the same user",
        "connected_account.needs_reconnect" => "Stopped working: the end user has to connect again",
        "connected_account.revoked" => "Revoked",
        "connected_account.changed" => "Label or notes changed",
        "token_set.refreshed" => "Tokens refreshed",
        "token_set.refresh_failed" => "A refresh failed",
        "token_set.revoked_at_provider" => "Revocation at the provider",
        other => return other.replace(['.', '_'], " "),
    };
    match event.outcome.as_str() {
        "ok" => known.to_owned(),
        outcome => format!("{known}: {}", outcome.replace('_', " ")),
    }
}

fn actor(actor: &str) -> String {
    match actor.split_once('_') {
        Some(("per", _)) => "A member".into(),
        Some(("key", _)) => "An API key".into(),
        _ => match actor {
            "end_user" => "The end user".into(),
            "command_line" => "The command line".into(),
            "keybearer" => "Keybearer".into(),
            other => other.to_owned(),
        },
    }
}
