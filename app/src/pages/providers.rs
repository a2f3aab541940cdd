//! An application's OAuth providers.

use super::address::{part, visits};
use crate::api::Within;
use crate::api::provider_configs::read_provider_configs;
use crate::components::{Column, ConfigState, EmptyState, LinkButton, Load, Look, PageHeader, RowLink, Table, Time};
use crate::icons::{Glyph, ProviderIcon};
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::provider_configs::ProviderConfigView;

/// The list of provider configs.
#[component]
pub fn Providers() -> impl IntoView {
    let (app, again) = (part("app"), visits());
    let read = Resource::new(move || (app.get(), again.get()), |(app, _)| read_provider_configs(app));
    view! { <Load from=read what="The OAuth providers" view=|read| view! { <List read/> }/> }
}

#[component]
fn List(read: Within<Vec<ProviderConfigView>>) -> impl IntoView {
    let Within { id, name, may_change, here: configs, .. } = read;
    let empty = configs.is_empty();
    let add = move || {
        view! {
            <LinkButton href=paths::catalogue(id) look=Look::Primary icon=Glyph::Plus>"Add provider"</LinkButton>
        }
    };
    view! {
        <PageHeader title="OAuth providers" of=name text="Where your end users can connect accounts.">
            {(may_change && !empty).then(add)}
        </PageHeader>
        {if empty {
            view! {
                <EmptyState icon=Glyph::Providers title="No providers yet"
                    text="Choose one from the catalogue and save the credentials of your OAuth app there.">
                    {may_change.then(add)}
                </EmptyState>
            }.into_any()
        } else {
            let columns = vec![
                Column::new("Provider"), Column::new("State"), Column::end("Connected accounts"), Column::end("Changed"),
            ];
            let rows = configs.into_iter().map(move |config| row(id, config)).collect_view();
            view! { <Table caption="OAuth providers" columns>{rows}</Table> }.into_any()
        }}
    }
}

fn row(app: ApplicationId, config: ProviderConfigView) -> impl IntoView {
    let href = paths::provider_config(app, &config.key);
    let lost = config.accounts_needing_reconnect;
    let accounts = config.active_accounts + lost;
    let (name, icon) = (config.provider.name.clone(), config.provider.icon.clone());
    let key = (config.key != config.provider.slug).then(|| config.key.clone());
    view! {
        <tr>
            <td>
                <div class="with-icon">
                    <ProviderIcon svg=icon size="small"/>
                    <div>
                        <RowLink href>{name}</RowLink>
                        {key.map(|key| view! { <small>{key}</small> })}
                    </div>
                </div>
            </td>
            <td><ConfigState of=config.clone()/></td>
            <td data-align="end">
                {accounts}
                {(lost > 0).then(|| view! { <small>{format!("{lost} to reconnect")}</small> })}
            </td>
            <td data-align="end"><Time at=config.updated_at/></td>
        </tr>
    }
}
