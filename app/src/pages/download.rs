//! Before a file leaves with what only this member may see: who is it really?

use super::address::{query, visits};
use crate::api::proof::{Download as Read, ProveForDownload, read_download};
use crate::components::{LinkButton, Load, Look, PageHeader, Panel, Stack};
use crate::form::Form;
use crate::icons::Glyph;
use leptos::prelude::*;

/// Asks for a proof, then shows the file's link.
#[component]
pub fn Download() -> impl IntoView {
    let (next, again) = (query("next"), visits());
    let prove = ServerAction::<ProveForDownload>::new();
    let read = Resource::new(move || (next.get(), again.get()), |(next, _)| read_download(next));
    view! {
        <Load from=read what="The download" view=move |Read { path, proved }| {
            let text = "Exports hold personal data of your end users, and each stands in the audit log.";
            let inside = if proved {
                view! {
                    <p>"The file is ready."</p>
                    <div class="row"><LinkButton href=path look=Look::Primary icon=Glyph::Download download=true>"Download"</LinkButton></div>
                }.into_any()
            } else {
                view! {
                    <p>"Your last sign-in is a while ago. Confirm that it is you to go on."</p>
                    <Form action=prove submit="Continue"/>
                }.into_any()
            };
            view! {
                <PageHeader title="Download an export" text/>
                <Stack narrow=true><Panel>{inside}</Panel></Stack>
            }
        }/>
    }
}
