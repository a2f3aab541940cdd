//! An application's connected accounts.

mod list;

use super::address::{part, query, visits};
use super::trail::Trail;
use crate::api::Within;
use crate::api::connected_accounts::{AccountFilter, Accounts, read_connected_accounts};
use crate::components::{Choice, EmptyState, Field, Filters, LinkButton, Load, PageHeader, Pager, Select};
use crate::icons::Glyph;
use leptos::prelude::*;
use list::Rows;
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::ApplicationId;
use model::paths;
use model::provider_configs::ProviderConfigView;

/// The list, with filters and pages in the address.
#[component]
pub fn ConnectedAccounts() -> impl IntoView {
    let (app, again) = (part("app"), visits());
    let (end_user, provider, status, trail) = (query("end_user"), query("provider"), query("status"), query("page"));
    let filter =
        Memo::new(move |_| AccountFilter { end_user: end_user.get(), provider: provider.get(), status: status.get() });
    let read = Resource::new(
        move || (app.get(), filter.get(), Trail::new(&trail.get()).cursor(), again.get()),
        |(app, filter, cursor, _)| read_connected_accounts(app, filter, cursor),
    );
    view! {
        <Load from=read what="The connected accounts" view=move |read| {
            let (filter, trail) = (filter.get_untracked(), Trail::new(&trail.get_untracked()));
            view! { <List read filter trail/> }
        }/>
    }
}

#[component]
fn List(read: Within<Accounts>, filter: AccountFilter, trail: Trail) -> impl IntoView {
    let id = read.id;
    let Accounts { page, provider_configs: configs } = read.here;
    let next = page.next_cursor.clone();
    let address = address(id, &filter);
    let first_use = page.data.is_empty() && filter.is_empty() && trail.is_first();
    view! {
        <PageHeader title="Connected accounts" of=read.name text="What your end users have connected, newest first."/>
        {(!first_use).then(|| view! { <Narrow filter=filter.clone() configs=configs.clone()/> })}
        {if first_use {
            view! { <FirstUse app=id configs/> }.into_any()
        } else if page.data.is_empty() {
            view! { <NoMatch app=id/> }.into_any()
        } else {
            view! {
                <Rows app=id accounts=page.data configs/>
                <Pager newer=trail.newer(&address) older=trail.older(&address, next)/>
            }.into_any()
        }}
    }
}

#[component]
fn Narrow(filter: AccountFilter, configs: Vec<ProviderConfigView>) -> impl IntoView {
    let any = || Choice::new("", "Any");
    let providers = configs.into_iter().map(|config| {
        let label = if config.key == config.provider.slug {
            config.provider.name
        } else {
            format!("{} ({})", config.provider.name, config.key)
        };
        Choice::new(config.key, label)
    });
    let statuses = vec![
        any(),
        Choice::new(ConnectedAccountStatus::Active.as_str(), "Active"),
        Choice::new(ConnectedAccountStatus::NeedsReconnect.as_str(), "Needs reconnect"),
        Choice::new(ConnectedAccountStatus::Revoked.as_str(), "Revoked"),
    ];
    view! {
        <Filters>
            <Field name="end_user" label="End user id" kind="search" value=filter.end_user placeholder="user_42"/>
            <Select name="provider" label="Provider" value=filter.provider choices=std::iter::once(any()).chain(providers).collect()/>
            <Select name="status" label="Status" value=filter.status choices=statuses/>
        </Filters>
    }
}

#[component]
fn FirstUse(app: ApplicationId, configs: Vec<ProviderConfigView>) -> impl IntoView {
    let (text, href, action) = if configs.is_empty() {
        ("Add a provider first; then end users can connect accounts there.", paths::providers(app), "OAuth providers")
    } else {
        (
            "Send an end user to a connect link; what they connect appears here.",
            paths::application(app),
            "Try it from the overview",
        )
    };
    view! {
        <EmptyState icon=Glyph::ConnectedAccounts title="No connected accounts yet" text>
            <LinkButton href>{action}</LinkButton>
        </EmptyState>
    }
}

#[component]
fn NoMatch(app: ApplicationId) -> impl IntoView {
    view! {
        <EmptyState icon=Glyph::Search title="No connected account fits" text="Nothing here has all of what the filters ask for.">
            <LinkButton href=paths::connected_accounts(app)>"Clear filters"</LinkButton>
        </EmptyState>
    }
}

/// The list's address with its filters, to which a page can be added.
fn address(app: ApplicationId, filter: &AccountFilter) -> String {
    let encoded =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let pairs = [("end_user", &filter.end_user), ("provider", &filter.provider), ("status", &filter.status)];
    let query =
        pairs.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={}&", encoded(value)));
    format!("{}?{}", paths::connected_accounts(app), query.collect::<String>())
}
