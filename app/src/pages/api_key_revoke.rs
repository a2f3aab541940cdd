//! Asks before an API key is revoked.

use super::address::part;
use crate::api::api_keys::{RevokeApiKey as Revoke, read_api_key};
use crate::components::{Confirm, Load, Look, PageHeader, Panel, Stack, Tone};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::paths;

/// The question.
#[component]
pub fn RevokeApiKey() -> impl IntoView {
    let (app, key) = (part("app"), part("key"));
    let revoke = ServerAction::<Revoke>::new();
    let read = Resource::new(move || (app.get(), key.get()), |(app, key)| read_api_key(app, key));
    view! {
        <Load from=read what="The API key" view=move |read| {
            let (keys, key) = (paths::api_keys(read.id), read.here);
            let consequence = format!(
                "Whatever signs in with {}… gets 401 at once, on every server. This cannot be undone.", key.starts_with
            );
            view! {
                <PageHeader title=format!("Revoke “{}”", key.name) of=read.name back=(keys.clone(), "API keys".to_owned())/>
                <Stack narrow=true>
                    <Panel tone=Tone::Bad>
                        <Confirm consequence>
                            <Form action=revoke submit="Revoke key" look=Look::Danger cancel=keys>
                                <Hidden name="app" value=read.id.to_string()/>
                                <Hidden name="key" value=key.id.to_string()/>
                            </Form>
                        </Confirm>
                    </Panel>
                </Stack>
            }
        }/>
    }
}
