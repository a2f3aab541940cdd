//! Says what a bulk revocation would do, and asks.

use super::address::part;
use super::application::grouped;
use crate::api::Within;
use crate::api::bulk_revocations::{Preview, RequestBulkRevocation, read_bulk_preview};
use crate::components::{
    Banner, Column, EmptyState, Field, LinkButton, Load, Look, PageHeader, Panel, Properties, Property, Stack, Table,
    Tone,
};
use crate::form::{Form, Hidden};
use crate::icons::Glyph;
use leptos::prelude::*;
use leptos_router::hooks::use_url;
use model::bulk_revocations::BulkPreview;
use model::connected_accounts::ConnectedAccountView;
use model::ids::ApplicationId;
use model::paths;

/// The question.
#[component]
pub fn RevokeConnectedAccounts() -> impl IntoView {
    let (app, url) = (part("app"), use_url());
    let query = Memo::new(move |_| url.read().search().to_owned());
    let revoke = ServerAction::<RequestBulkRevocation>::new();
    let read = Resource::new(move || (app.get(), query.get()), |(app, query)| read_bulk_preview(app, query));
    view! {
        <Load from=read what="What would be revoked" view=move |read| {
            let query = query.get_untracked();
            view! { <Question read query revoke/> }
        }/>
    }
}

#[component]
fn Question(read: Within<Preview>, query: String, revoke: ServerAction<RequestBulkRevocation>) -> impl IntoView {
    let Within { id, name, here, .. } = read;
    let Preview { preview, which, chosen, list } = here;
    let back = (list.clone(), "Connected accounts".to_owned());
    let Some(newest) = preview.newest else {
        return view! {
            <PageHeader title="Nothing to revoke" of=name back/>
            <EmptyState icon=Glyph::ConnectedAccounts title="No account would be revoked" text=nothing(&which)>
                <LinkButton href=list>"Back to the list"</LinkButton>
            </EmptyState>
        }
        .into_any();
    };
    let count = preview.accounts;
    let what = if preview.or_more { format!("more than {}", counted(count)) } else { counted(count) };
    let (submit, second_person) = if preview.second_person {
        ("Ask a second person".to_owned(), true)
    } else {
        let submit = match (count, preview.or_more) {
            (1, _) => "Revoke account".to_owned(),
            (_, true) => format!("Revoke more than {} accounts", grouped(count)),
            (_, false) => format!("Revoke {} accounts", grouped(count)),
        };
        (submit, false)
    };
    let typed_hint =
        if preview.or_more { "All that fit are revoked. The page that follows says how many they are." } else { "" };
    let hint = if chosen { "Kept in the audit log; may stay empty." } else { "Kept in the audit log." };
    let bulk = preview.id.to_string();
    view! {
        <PageHeader title=format!("Revoke {what}?") of=name back text="Nothing is changed yet."/>
        <Stack>
            <Concerned app=id which chosen preview/>
            <Panel title="Confirm" tone=Tone::Bad>
                <Form action=revoke submit look=Look::Danger cancel=list>
                    {second_person.then(|| view! {
                        <Banner tone=Tone::Warn>"Another admin or owner must confirm within 24 hours; until then nothing is revoked."</Banner>
                    })}
                    <Hidden name="app" value=id.to_string()/>
                    <Hidden name="query" value=query/>
                    <Hidden name="id" value=bulk/>
                    <Hidden name="newest" value=newest.to_string()/>
                    <Hidden name="accounts" value=count.to_string()/>
                    <Field name="reason" label="Reason" hint optional=chosen/>
                    <Field name="typed" label=format!("Type {} to confirm", grouped(count)) hint=typed_hint autocomplete="off"/>
                </Form>
            </Panel>
        </Stack>
    }
    .into_any()
}

/// How many accounts, in words.
pub(super) fn counted(count: i64) -> String {
    if count == 1 { "1 connected account".to_owned() } else { format!("{} connected accounts", grouped(count)) }
}

/// How many, where, some of them, and what follows.
#[component]
fn Concerned(app: ApplicationId, which: Vec<String>, chosen: bool, preview: BulkPreview) -> impl IntoView {
    let which = match which.as_slice() {
        _ if chosen => "Those that were chosen".to_owned(),
        [] => "All connected accounts of the application".to_owned(),
        some => some.join(" · "),
    };
    let names: Vec<_> = preview.by_provider.iter().map(|part| (part.key.clone(), part.name.clone())).collect();
    let asked = preview.by_provider.iter().any(|part| part.is_asked);
    let or_more = preview.or_more;
    let parts = preview.by_provider.into_iter().map(move |part| {
        let (term, accounts) = (part.name, counted(part.accounts));
        let accounts = if or_more { format!("At least {accounts}") } else { accounts };
        view! { <Property term>{accounts}</Property> }
    });
    let at_provider = if asked {
        "The provider is asked to end each authorization that no other account stands on"
    } else {
        "These providers have no way to revoke; the tokens are erased here"
    };
    view! {
        <Panel title="What would happen">
            <Properties>
                <Property term="Which">{which}</Property>
                {parts.collect_view()}
                <Property term="Backends">"Get 410 for each of these accounts from the moment it is revoked"</Property>
                <Property term="At the provider">{at_provider}</Property>
                <Property term="New connects">
                    "Not stopped: accounts that are connected from now on are not revoked. "
                    <a href=paths::providers(app)>"Disable the provider to stop them"</a>
                </Property>
            </Properties>
        </Panel>
        <Examples app accounts=preview.examples names/>
    }
}

#[component]
fn Examples(app: ApplicationId, accounts: Vec<ConnectedAccountView>, names: Vec<(String, String)>) -> impl IntoView {
    let rows = accounts.into_iter().map(move |account| {
        let name = names.iter().find(|(key, _)| *key == account.provider_config).map(|(_, name)| name.clone());
        let there = account.provider_account.clone();
        let whose = there.name.or(there.email).or(there.id).unwrap_or_else(|| "–".to_owned());
        view! {
            <tr>
                <td><a href=paths::connected_account(app, account.id)>{account.end_user.id}</a></td>
                <td>{name.unwrap_or(account.provider_config)}</td>
                <td>{whose}</td>
            </tr>
        }
    });
    let columns = vec![Column::new("Such as end user"), Column::new("Provider"), Column::new("Provider's account")];
    view! { <Table caption="Examples" columns>{rows.collect_view()}</Table> }
}

/// Why nothing would be revoked. A mistyped id must not pass for a leak that is closed.
fn nothing(which: &[String]) -> String {
    let asked =
        if which.is_empty() { "what was chosen".to_owned() } else { format!("“{}”", which.join("”, “")) };
    format!(
        "No connected account fits {asked}, or all that fit are revoked already. Nothing is changed: check ids and days if you expected some."
    )
}
