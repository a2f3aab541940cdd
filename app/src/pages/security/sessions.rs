//! Where the person is signed in.

use crate::api::portal_sessions::{EndOtherPortalSessions, EndPortalSession};
use crate::components::{Badge, Column, Look, Panel, Table, Time, Tone};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::portal_sessions::PortalSessionView;

/// The sessions, each with a button that ends it.
#[component]
pub(super) fn Sessions(sessions: Vec<PortalSessionView>) -> impl IntoView {
    let others = ServerAction::<EndOtherPortalSessions>::new();
    let several = sessions.len() > 1;
    let rows = sessions.into_iter().map(|session| view! { <Row session/> }).collect_view();
    view! {
        <Panel title="Sessions" text="A session ends after 12 hours without use, and 7 days after it began."
            actions=move || several.then(|| view! {
                <Form action=others submit="End all others" look=Look::Plain inline=true/>
            })>
            <Table caption="Sessions" columns=vec![
                Column::new("Device"), Column::new("Address"), Column::end("Began"), Column::end("Last seen"), Column::silent("Actions"),
            ]>{rows}</Table>
        </Panel>
    }
}

#[component]
fn Row(session: PortalSessionView) -> impl IntoView {
    let end = ServerAction::<EndPortalSession>::new();
    let (id, key) = (session.id.clone(), session.id.get(..12).unwrap_or_default().to_owned());
    view! {
        <tr>
            <td>{session.device}</td>
            <td>{session.address}</td>
            <td data-align="end"><Time at=session.began_at/></td>
            <td data-align="end"><Time at=session.seen_at/></td>
            <td data-align="end">{if session.current {
                view! { <Badge tone=Tone::Good word="This session"/> }.into_any()
            } else {
                view! { <Form action=end submit="End" look=Look::Quiet inline=true key><Hidden name="id" value=id/></Form> }.into_any()
            }}</td>
        </tr>
    }
}
