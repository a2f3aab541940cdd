//! An application's connected accounts.

mod list;
mod narrow;

use super::address::{part, visits};
use super::paging::{Pages, Unreadable, address};
use crate::api::Within;
use crate::api::connected_accounts::{Accounts, read_connected_accounts};
use crate::components::{Banner, Chips, EmptyState, LinkButton, Load, Look, PageHeader};
use crate::icons::Glyph;
use leptos::prelude::*;
use leptos_router::hooks::use_url;
use list::Rows;
use model::ids::ApplicationId;
use model::paths;
use narrow::Narrow;

/// The list, with filters and the place in it in the address.
#[component]
pub fn ConnectedAccounts() -> impl IntoView {
    let (app, again, url) = (part("app"), visits(), use_url());
    let query = Memo::new(move |_| url.read().search().to_owned());
    let read = Resource::new(
        move || (app.get(), query.get(), again.get()),
        |(app, query, _)| read_connected_accounts(app, query),
    );
    view! { <Load from=read what="The connected accounts" view=|read| view! { <List read/> }/> }
}

#[component]
fn List(read: Within<Accounts>) -> impl IntoView {
    let Within { id, name, may_change, here, .. } = read;
    let list = paths::connected_accounts(id);
    let narrowings = here.fields.narrowings(&list).into_iter().map(|n| (n.words, n.without)).collect::<Vec<_>>();
    let nothing = here.page.data.is_empty() && !here.looked_through;
    let first_use = nothing && here.mistakes.is_empty() && here.fields.is_empty() && here.page.newer.is_none();
    let (fields, providers) = (here.fields.clone(), here.providers.clone());
    let (newer, older, early) = (here.page.newer.clone(), here.page.older.clone(), here.looked_through);
    let (path, pairs) = (list.clone(), here.fields.pairs());
    let (no_providers, wrong, whole) = (here.providers.is_empty(), here.mistakes.clone(), list.clone());
    let mistakes = wrong.clone();
    view! {
        <PageHeader title="Connected accounts" of=name text="What your end users have connected, newest first.">
            {(!first_use && here.may_revoke_all).then(|| view! {
                <LinkButton href=paths::break_glass(id)>"Break glass"</LinkButton>
            })}
        </PageHeader>
        {(!first_use).then(|| view! { <Narrow fields providers mistakes/> })}
        <Chips chips=narrowings clear=list/>
        {if !wrong.is_empty() {
            view! { <Unreadable mistakes=wrong whole/> }.into_any()
        } else if first_use {
            view! { <FirstUse app=id no_providers/> }.into_any()
        } else if nothing {
            view! { <NoMatch app=id/> }.into_any()
        } else {
            view! {
                {early.then(|| view! {
                    <Banner>"Many accounts were looked through, and the rest not yet. Go on with Older or Newer to look through more."</Banner>
                })}
                <Chosen app=id may_change here/>
                <Pages path pairs newer older/>
            }.into_any()
        }}
    }
}

/// The table within a form: whatever is ticked is asked about on the next page, with scripts off too.
#[component]
fn Chosen(app: ApplicationId, may_change: bool, here: Accounts) -> impl IntoView {
    let Accounts { page, providers, fields, count, may_revoke_all, .. } = here;
    let (accounts, pairs) = (page.data, fields.pairs());
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let with = |path: String| address(&path, &pairs);
    let (revoke, file) = (paths::revoke_connected_accounts(app), with(paths::connected_accounts_csv(app)));
    let all = with(revoke.clone());
    let counted = match count {
        Some(1) => "1 account".to_owned(),
        Some(count) if count > 1_000 => "1,000+ accounts".to_owned(),
        Some(count) => format!("{count} accounts"),
        None => String::new(),
    };
    let some = !accounts.is_empty();
    view! {
        <form class="selection" method="get" action=revoke>
            <input type="hidden" name="chosen" value="1"/>
            <div class="selection-actions">
                <p>{counted}</p>
                {may_change.then(|| view! {
                    {some.then(|| view! { <button class="button selection-chosen" data-look="plain">"Revoke chosen"</button> })}
                    {may_revoke_all.then(|| view! { <LinkButton href=all look=Look::Danger>"Revoke all that fit"</LinkButton> })}
                    <LinkButton href=file look=Look::Quiet download=true>"Export CSV"</LinkButton>
                })}
            </div>
            {some.then(|| view! { <Rows app accounts providers may_change/> })}
        </form>
    }
}

#[component]
fn FirstUse(app: ApplicationId, no_providers: bool) -> impl IntoView {
    let (text, href, action) = if no_providers {
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
            <LinkButton href=paths::connected_accounts(app)>"Show all"</LinkButton>
        </EmptyState>
    }
}
