//! Replacing the secret of an OAuth client without a gap.

use super::address::part;
use super::role::LookOnly;
use crate::api::provider_clients::{AddClientSecret, Client, SetSecretExpiry, read_client};
use crate::components::{Checkbox, Field, Load, Look, PageHeader, Panel, SecretField, Stack};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::ids::ApplicationId;
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
            let (id, here) = (read.id, read.here);
            let (page, name) = (paths::provider_config(id, &here.key), here.provider.clone());
            let text = format!(
                "Create a second secret at {name} first, if it allows two at a time. Both are tried until the old one is deleted there, so no call fails in between."
            );
            view! {
                <PageHeader title="Replace client secret" of=read.name back=(page, name) text/>
                {if read.may_change {
                    view! { <Forms add expire app=id of=here/> }.into_any()
                } else {
                    view! { <LookOnly/> }.into_any()
                }}
            }
        }/>
    }
}

#[component]
fn Forms(
    add: ServerAction<AddClientSecret>,
    expire: ServerAction<SetSecretExpiry>,
    app: ApplicationId,
    of: Client,
) -> impl IntoView {
    let (page, name) = (paths::provider_config(app, &of.key), of.provider);
    let until = of.client.secret_expires_at.and_then(|at| at.get(..10).map(str::to_owned)).unwrap_or_default();
    let ids = StoredValue::new((app.to_string(), of.key, of.client.id.to_string()));
    let these = move || {
        let (app, key, client) = ids.get_value();
        view! {
            <Hidden name="app" value=app/>
            <Hidden name="key" value=key/>
            <Hidden name="client" value=client/>
        }
    };
    view! {
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
}
