//! An application's OAuth providers.

use super::address::{part, visits};
use crate::api::Within;
use crate::api::provider_configs::read_provider_configs;
use crate::components::{
    Badge, Column, ConfigState, EmptyState, LinkButton, Load, Look, PageHeader, RowLink, Table, Time, Tone,
};
use crate::icons::{Glyph, ProviderIcon};
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::provider_configs::{ProviderConfigView, counted};
use model::provider_health::Urgency;

/// The list of provider configs.
#[component]
pub fn Providers() -> impl IntoView {
    let (app, again) = (part("app"), visits());
    let read = Resource::new(move || (app.get(), again.get()), |(app, _)| read_provider_configs(app));
    view! { <Load from=read what="The OAuth providers" view=|read| view! { <List read/> }/> }
}

#[component]
fn List(read: Within<Vec<ProviderConfigView>>) -> impl IntoView {
    let Within { id, name, may_change, here: mut configs, .. } = read;
    // The worst first; otherwise by key, as they come.
    configs.sort_by_key(|config| match config.health.attention.first().map(|attention| attention.urgency) {
        Some(Urgency::Now) => 0,
        Some(Urgency::Soon) => 1,
        None => 2,
    });
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
                Column::new("Provider"), Column::new("State"), Column::new("Needs attention"), Column::end("Connected accounts"), Column::end("Last checked"),
            ];
            let rows = configs.into_iter().map(move |config| row(id, config)).collect_view();
            view! { <Table caption="OAuth providers" columns>{rows}</Table> }.into_any()
        }}
    }
}

fn row(app: ApplicationId, config: ProviderConfigView) -> impl IntoView {
    let href = paths::provider_config(app, &config.key);
    let lost = config.accounts_needing_reconnect;
    let (name, icon) = (config.provider.name.clone(), config.provider.icon.clone());
    let key = (config.key != config.provider.slug).then(|| config.key.clone());
    let attention = config.health.attention.iter().map(|attention| {
        let tone = if attention.urgency == Urgency::Now { Tone::Bad } else { Tone::Warn };
        view! { <div><Badge tone word=attention.words.clone()/></div> }
    });
    let attention = attention.collect_view();
    let checked = config.probed_at.clone().map_or_else(|| "Never".into_any(), |at| view! { <Time at/> }.into_any());
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
            <td>{attention}</td>
            <td data-align="end">
                {counted(config.active_accounts)}
                {(lost > 0).then(|| view! { <small>{format!("{} to reconnect", counted(lost))}</small> })}
            </td>
            <td data-align="end">{checked}</td>
        </tr>
    }
}
