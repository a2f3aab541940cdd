//! Revokes everything of a provider, an end user or a span of time, in an emergency.

use super::address::part;
use super::application::grouped;
use crate::api::Within;
use crate::api::bulk_revocations::{BreakGlass as Read, read_break_glass};
use crate::components::{
    Banner, BulkState, Choice, Column, Field, Load, PageHeader, Panel, RowLink, Select, Stack, Table, Time, Tone,
};
use leptos::prelude::*;
use model::bulk_revocations::BulkRevocationView;
use model::ids::ApplicationId;
use model::paths;

const TEXT: &str = "When credentials or tokens have leaked: revoke everything of a provider, an end user or a span of time. \
                    The next page says how many accounts that is and changes nothing.";

/// The form, and what was revoked before.
#[component]
pub fn BreakGlass() -> impl IntoView {
    let app = part("app");
    let read = Resource::new(move || app.get(), read_break_glass);
    view! { <Load from=read what="The break-glass page" view=|read| view! { <Page read/> }/> }
}

#[component]
fn Page(read: Within<Read>) -> impl IntoView {
    let Within { id, name, here, .. } = read;
    let any = !here.bulk.is_empty();
    view! {
        <PageHeader title="Break glass" of=name text=TEXT
            back=(paths::connected_accounts(id), "Connected accounts".to_owned())/>
        <Stack>
            {here.second_person.then(|| view! {
                <Banner tone=Tone::Warn>"Your organization wants a second person: another admin or owner has 24 hours to confirm."</Banner>
            })}
            {if here.may_ask {
                view! { <Which app=id providers=here.providers/> }.into_any()
            } else {
                view! { <Banner>"Admins and owners can revoke in bulk. Ask one of them."</Banner> }.into_any()
            }}
            {any.then(|| view! { <Before app=id bulk=here.bulk/> })}
        </Stack>
    }
}

/// A plain form that leads to the page which shows what would happen.
#[component]
fn Which(app: ApplicationId, providers: Vec<(String, String)>) -> impl IntoView {
    let any = std::iter::once(Choice::new("", "Every provider"));
    let choices = any.chain(providers.into_iter().map(|(key, name)| Choice::new(key, name))).collect::<Vec<_>>();
    view! {
        <Panel title="What to revoke" tone=Tone::Bad
            text="What is left empty narrows nothing. With everything empty, all connected accounts are meant.">
            <form class="form" method="get" action=paths::revoke_connected_accounts(app)>
                <Select name="provider" label="Provider" choices/>
                <Field name="end_user" label="End user id" placeholder="user_42" optional=true/>
                <Field name="from" label="Connected from" kind="date" optional=true/>
                <Field name="to" label="Connected until" kind="date" hint="The last day counts as a whole, in UTC." optional=true/>
                <div class="form-actions"><button class="button" data-look="primary">"Show what would be revoked"</button></div>
            </form>
            <p class="aside">
                "This does not stop new connects. "<a href=paths::providers(app)>"Disable the provider first"</a>" to stop them."
            </p>
        </Panel>
    }
}

#[component]
fn Before(app: ApplicationId, bulk: Vec<BulkRevocationView>) -> impl IntoView {
    let rows = bulk.into_iter().map(move |bulk| {
        view! {
            <tr>
                <td><RowLink href=paths::bulk_revocation(app, bulk.id)><Time at=bulk.created_at/></RowLink></td>
                <td><BulkState of=bulk.state/></td>
                <td>{bulk.requested_by.unwrap_or_else(|| "Command line".to_owned())}</td>
                <td data-align="end">{format!("{} of {}", grouped(bulk.revoked), grouped(bulk.accounts))}</td>
            </tr>
        }
    });
    let columns =
        vec![Column::new("Asked for"), Column::new("State"), Column::new("By"), Column::end("Accounts revoked")];
    view! { <Table caption="Bulk revocations" columns>{rows.collect_view()}</Table> }
}
