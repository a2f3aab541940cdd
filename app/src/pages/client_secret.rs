//! Replacing the secret of an OAuth client without a gap.

use super::address::part;
use crate::api::provider_clients::{AddClientSecret, SetSecretExpiry, read_client};
use crate::components::{Checkbox, Field, Load, Look, PageHeader, Panel, SecretField, Stack};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::paths;

/// The page.
#[component]
pub fn ClientSecret() -> impl IntoView {
    let (app, key, client) = (part("app"), part("key"), part("client"));
    let (add, expire) = (ServerAction::<AddClientSecret>::new(), ServerAction::<SetSecretExpiry>::new());
    let read =
        Resource::new(move || (app.get(), key.get(), client.get()), |(app, key, client)| read_client(app, key, client));
    view! {
        <Load from=read what="The client" view=move |read| {
            let (id, of, here) = (read.id, read.name, read.here);
            let page = paths::provider_config(id, &here.key);
            let ids = StoredValue::new((id.to_string(), here.key.clone(), here.client.id.to_string()));
            let these = move || {
                let (app, key, client) = ids.get_value();
                view! {
                    <Hidden name="app" value=app/>
                    <Hidden name="key" value=key/>
                    <Hidden name="client" value=client/>
                }
            };
            let name = here.provider.clone();
            let until = here.client.secret_expires_at.and_then(|at| at.get(..10).map(str::to_owned)).unwrap_or_default();
            view! {
                <PageHeader title="Replace client secret" of back=(page.clone(), name.clone())
                    text=format!("Create a second secret at {name} first, if it allows two at a time. Both are tried until the old one is deleted there, so no call fails in between.")/>
                <Stack narrow=true>
                    <Panel title="New secret">
                        <Form action=add submit="Store new secret" cancel=page>
                            {these()}
                            <SecretField name="client_secret" label="New Client Secret"/>
                            <Field name="expires_on" label="Valid until" kind="date" optional=true
                                hint="If it ends: you are reminded 30 days, 7 days and 1 day before."/>
                            <Checkbox name="store_anyway" label=format!("Store it even if {name} refuses it now")
                                hint="For a secret that becomes valid later. Until then the old one is used."/>
                        </Form>
                    </Panel>
                    <Panel title="The secret in use" text="When does the stored one end?">
                        <Form action=expire submit="Save day" look=Look::Plain key="current">
                            {these()}
                            <Field name="expires_on" label="Stored secret valid until" kind="date" value=until optional=true
                                hint="Empty: it does not end, or nobody knows."/>
                        </Form>
                    </Panel>
                </Stack>
            }
        }/>
    }
}
