//! The scopes of a provider config: what is requested, who must authorize again, and what each scope allows.

mod lacking;
mod reference;

use super::address::{part, query, visits};
use super::application::grouped;
use super::paging::turn;
use crate::api::Within;
use crate::api::scopes::{MakeLinksForScopes, ScopesPage, read_scopes};
use crate::components::{LinkButton, Load, PageHeader, Panel, Properties, Property, Stack, Time};
use crate::form::answer;
use lacking::Lacking;
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::scopes::{ReconnectLink, ScopeFilter, ScopesView};
use reference::Reference;

/// The page; what narrows the reference stands in its address.
#[component]
pub fn Scopes() -> impl IntoView {
    let (app, key, again, turn) = (part("app"), part("key"), visits(), turn());
    let (q, group, grant, all) = (query("q"), query("group"), query("grant"), query("all"));
    let shown = Memo::new(move |_| Shown {
        filter: ScopeFilter { q: q.get(), group: group.get(), grant: grant.get() },
        all: !all.get().is_empty(),
    });
    let read = Resource::new(
        move || (app.get(), key.get(), turn.get(), again.get()),
        |(app, key, turn, _)| read_scopes(app, key, turn),
    );
    let links = ServerAction::<MakeLinksForScopes>::new();
    let made = answer(links);
    view! {
        <Load from=read what="The scopes" view=move |read| {
            view! { <Page links made read shown=shown.get_untracked()/> }
        }/>
    }
}

/// What of the reference is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Shown {
    filter: ScopeFilter,
    /// Beyond the first rows too.
    all: bool,
}

impl Shown {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let ScopeFilter { q, group, grant } = self.filter.clone();
        vec![("q", q), ("group", group), ("grant", grant), ("all", if self.all { "1".into() } else { String::new() })]
    }
}

#[component]
fn Page(
    links: ServerAction<MakeLinksForScopes>,
    made: Signal<Option<Vec<ReconnectLink>>>,
    read: Within<ScopesPage>,
    shown: Shown,
) -> impl IntoView {
    let Within { id: app, name, may_change, here, .. } = read;
    let ScopesPage { scopes, lacking, mistakes } = here;
    let back = (paths::provider_config(app, &scopes.key), scopes.provider.name.clone());
    let text = format!("What an app may do at {}, what is granted, and who must re-authorize.", scopes.provider.name);
    let (pairs, of) = (shown.pairs(), scopes.clone());
    let requested = scopes.clone();
    view! {
        <PageHeader title="Scopes" of=name icon=scopes.provider.icon.clone() text back/>
        <Stack>
            <Requested app may_change of=requested/>
            <Lacking app may_change links made of page=lacking mistakes pairs/>
        </Stack>
        <Reference app of=scopes shown/>
    }
}

/// What the provider config requests, and where the provider is told of it.
#[component]
fn Requested(app: ApplicationId, may_change: bool, of: ScopesView) -> impl IntoView {
    let name = of.provider.name.clone();
    let form = format!("{}#scopes", paths::provider_config(app, &of.key));
    let accounts = format!("{}?provider={}&status=active", paths::connected_accounts(app), of.key);
    let label = if of.requested.is_empty() { "Name scopes" } else { "Edit scopes" };
    let edit = move || may_change.then(|| view! { <LinkButton href=form.clone()>{label}</LinkButton> });
    let sent = if of.sent {
        "Yes, in the authorization URL".to_owned()
    } else {
        format!("No: an app has the scopes that are set for it at {name}")
    };
    let set_at = of.set_at.map(|at| {
        view! {
            <Property term=format!("Set at {name}")><span>{at.path.join(" › ")}</span><span>{at.text}</span></Property>
        }
    });
    let levels = of.levels.into_iter().map(|level| view! { <Property term=level.ending>{level.words}</Property> });
    let source = of.source.map(|link| {
        view! { <Property term="Source"><a href=link.url rel="external noreferrer">{link.label}</a></Property> }
    });
    view! {
        <Panel title="What is requested" actions=edit text=of.note.unwrap_or_default()>
            <Properties>
                <Property term="Scopes you expect">{codes(of.requested)}</Property>
                <Property term="Sent">{sent}</Property>
                {set_at}
                {levels.collect_view()}
                <Property term="Active accounts">
                    <a href=accounts>{number(of.active, of.at_least)}</a>
                    {of.counted_at.map(|at| view! { <span>"Counted "<Time at/></span> })}
                </Property>
                {source}
            </Properties>
        </Panel>
    }
}

fn codes(scopes: Vec<String>) -> AnyView {
    if scopes.is_empty() {
        return "None named yet".into_any();
    }
    scopes.into_iter().map(|scope| view! { <code>{scope}</code> }).collect_view().into_any()
}

/// A count for people.
fn number(count: i64, at_least: bool) -> String {
    let more = if at_least { " or more" } else { "" };
    format!("{}{more}", grouped(count))
}
