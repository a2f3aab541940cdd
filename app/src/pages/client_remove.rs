//! Asks before an earlier OAuth client is removed.

use super::address::part;
use super::role::LookOnly;
use crate::api::provider_clients::{Client, RemoveClient as Remove, read_client};
use crate::components::{Confirm, Load, Look, PageHeader, Panel, Stack, Tone};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::ids::ApplicationId;
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
            let (id, here) = (read.id, read.here);
            let page = paths::provider_config(id, &here.key);
            view! {
                <PageHeader title="Remove client" of=read.name back=(page, here.provider.clone())/>
                {if read.may_change {
                    view! { <Question remove app=id of=here/> }.into_any()
                } else {
                    view! { <LookOnly/> }.into_any()
                }}
            }
        }/>
    }
}

#[component]
fn Question(remove: ServerAction<Remove>, app: ApplicationId, of: Client) -> impl IntoView {
    let Client { key, provider, client } = of;
    let (page, id) = (paths::provider_config(app, &key), client.client_id);
    let consequence = match client.authorizations {
        0 => format!("No account stands on client {id}. Its secret is forgotten."),
        1 => format!(
            "One authorization stands on client {id}: it is revoked at {provider}, and its account needs its end user to reconnect. Backends get 409 for it at once."
        ),
        many => format!(
            "{} authorizations stand on client {id}: they are revoked at {provider}, and their accounts need their end users to reconnect. Backends get 409 for them at once.",
            counted(many)
        ),
    };
    view! {
        <Stack narrow=true>
            <Panel tone=Tone::Bad>
                <Confirm consequence>
                    <Form action=remove submit="Remove client" look=Look::Danger cancel=page>
                        <Hidden name="app" value=app.to_string()/>
                        <Hidden name="key" value=key/>
                        <Hidden name="client" value=client.id.to_string()/>
                    </Form>
                </Confirm>
            </Panel>
        </Stack>
    }
}
