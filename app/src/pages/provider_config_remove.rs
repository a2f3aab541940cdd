//! Asks before a provider config is removed.

use super::address::part;
use crate::api::provider_configs::{RemoveProviderConfig as Remove, read_provider_config};
use crate::components::{Confirm, Load, Look, PageHeader, Panel, Stack, Tone};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::paths;
use model::provider_configs::{ProviderConfigView, counted};

/// The question.
#[component]
pub fn RemoveProviderConfig() -> impl IntoView {
    let (app, key) = (part("app"), part("key"));
    let remove = ServerAction::<Remove>::new();
    let read = Resource::new(move || (app.get(), key.get()), |(app, key)| read_provider_config(app, key));
    view! {
        <Load from=read what="The provider" view=move |read| {
            let (id, of) = (read.id, read.name);
            read.here.config.map(|config| {
                let (name, page) = (config.provider.name.clone(), paths::provider_config(id, &config.key));
                view! {
                    <PageHeader title=format!("Remove {name}") of back=(page.clone(), name)/>
                    <Stack narrow=true>
                        <Panel tone=Tone::Bad>
                            <Confirm consequence=consequence(&config)>
                                <Form action=remove submit="Remove provider" look=Look::Danger cancel=page>
                                    <Hidden name="app" value=id.to_string()/>
                                    <Hidden name="key" value=config.key/>
                                </Form>
                            </Confirm>
                        </Panel>
                    </Stack>
                }
            })
        }/>
    }
}

/// What follows from removing it.
pub(super) fn consequence(config: &ProviderConfigView) -> String {
    let name = &config.provider.name;
    let accounts = match config.active_accounts + config.accounts_needing_reconnect {
        0 => format!("No account is connected through {name}."),
        1 => "One connected account is revoked: backends that use it get 410 at once.".to_owned(),
        many => format!("{} connected accounts are revoked: backends that use them get 410 at once.", counted(many)),
    };
    format!("{accounts} The credentials are forgotten. This cannot be undone.")
}
