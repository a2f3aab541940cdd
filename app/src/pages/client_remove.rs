//! Asks before an earlier OAuth client is removed.

use super::address::part;
use crate::api::provider_clients::{RemoveClient as Remove, read_client};
use crate::components::{Confirm, Load, Look, PageHeader, Panel, Stack, Tone};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::paths;
use model::provider_configs::counted;

/// The question.
#[component]
pub fn RemoveClient() -> impl IntoView {
    let (app, key, client) = (part("app"), part("key"), part("client"));
    let remove = ServerAction::<Remove>::new();
    let read =
        Resource::new(move || (app.get(), key.get(), client.get()), |(app, key, client)| read_client(app, key, client));
    view! {
        <Load from=read what="The client" view=move |read| {
            let (id, of, here) = (read.id, read.name, read.here);
            let page = paths::provider_config(id, &here.key);
            let (client, name) = (here.client, here.provider);
            let consequence = match client.authorizations {
                0 => format!("No account stands on client {}. Its secret is forgotten.", client.client_id),
                many => format!(
                    "{} authorizations stand on client {}: they are revoked at {name}, and their accounts need their end users to reconnect. Backends get 409 for them at once.",
                    counted(many), client.client_id
                ),
            };
            view! {
                <PageHeader title="Remove client" of back=(page.clone(), name)/>
                <Stack narrow=true>
                    <Panel tone=Tone::Bad>
                        <Confirm consequence>
                            <Form action=remove submit="Remove client" look=Look::Danger cancel=page>
                                <Hidden name="app" value=id.to_string()/>
                                <Hidden name="key" value=here.key/>
                                <Hidden name="client" value=client.id.to_string()/>
                            </Form>
                        </Confirm>
                    </Panel>
                </Stack>
            }
        }/>
    }
}
