//! The scopes themselves: searched at once while one types, and by the address with scripts off.

use super::super::paging::address;
use super::{Shown, number};
use crate::components::{Badge, Choice, Column, EmptyState, Field, Filters, LinkButton, Select, Table, Tone};
use crate::icons::Glyph;
use leptos::ev::Event;
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::scopes::{ScopeFilter, ScopeName, ScopeRow, ScopesView};
use web_sys::wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlInputElement, HtmlSelectElement};

/// So many rows are shown at first.
const FIRST: usize = 40;

#[component]
pub(super) fn Reference(app: ApplicationId, of: ScopesView, shown: Shown) -> impl IntoView {
    let path = paths::scopes(app, &of.key);
    if of.rows.is_empty() {
        let text = format!("Scopes stand here once you expect some or an account has some at {}.", of.provider.name);
        return view! { <EmptyState icon=Glyph::Search title="No scopes are known yet" text/> }.into_any();
    }
    let (groups, at_least) = (of.groups.clone(), of.at_least);
    let filter = shown.filter.clone();
    let shown = RwSignal::new(shown);
    let rows = StoredValue::new(of.rows);
    let here = StoredValue::new(path);
    let narrow = move |event: Event| {
        let Some((name, value)) = typed(&event) else { return };
        shown.update(|shown| match name.as_str() {
            "q" => shown.filter.q = value,
            "group" => shown.filter.group = value,
            "grant" => shown.filter.grant = value,
            _ => {}
        });
        remember(&address_of(&here.get_value(), &shown.get_untracked()));
    };
    let found = Memo::new(move |_| {
        let filter = shown.read().filter.clone();
        rows.with_value(|rows| rows.iter().filter(|row| filter.fits(row)).cloned().collect::<Vec<_>>())
    });
    let all = rows.with_value(Vec::len);
    let count = move || {
        let fit = found.read().len();
        let first = if !shown.read().all && fit > FIRST { format!(", the first {FIRST} below") } else { String::new() };
        if fit == all { format!("{all} scopes{first}") } else { format!("{fit} of {all} scopes{first}") }
    };
    view! {
        <div class="stack">
            <h2>"Reference"</h2>
            <div on:input=narrow><Narrow filter groups/></div>
            <p class="aside" role="status">{count}</p>
            <Found found shown here at_least/>
        </div>
    }
    .into_any()
}

/// The rows that fit, the first of them unless all are asked for.
#[component]
fn Found(
    found: Memo<Vec<ScopeRow>>,
    shown: RwSignal<Shown>,
    here: StoredValue<String>,
    at_least: bool,
) -> impl IntoView {
    move || {
        let (mut rows, shown) = (found.get(), shown.get());
        if rows.is_empty() {
            return view! { <NoMatch path=here.get_value()/> }.into_any();
        }
        let total = rows.len();
        let cut = !shown.all && total > FIRST;
        if cut {
            rows.truncate(FIRST);
        }
        let every = address_of(&here.get_value(), &Shown { all: true, ..shown });
        view! {
            <Rows rows at_least/>
            {cut.then(|| view! { <div class="row"><LinkButton href=every>{format!("Show all {total}")}</LinkButton></div> })}
        }
        .into_any()
    }
}

/// A field's name and what is in it now.
fn typed(event: &Event) -> Option<(String, String)> {
    let target = event.target()?;
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        return Some((input.name(), input.value()));
    }
    target.dyn_ref::<HtmlSelectElement>().map(|select| (select.name(), select.value()))
}

/// The address follows what is typed, so that it can be shared and loaded again; it adds nothing to go back to.
fn remember(address: &str) {
    if let Ok(history) = window().history() {
        // An address that the browser does not take is not worth a word.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

fn address_of(path: &str, shown: &Shown) -> String {
    let pairs = shown.pairs();
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    address(path, &pairs)
}

#[component]
fn Narrow(filter: ScopeFilter, groups: Vec<String>) -> impl IntoView {
    let groups = groups.into_iter().map(|group| Choice::new(group.clone(), group));
    let groups = std::iter::once(Choice::new("", "Any")).chain(groups).collect::<Vec<_>>();
    let grants = vec![
        Choice::new("", "Any"),
        Choice::new("granted", "Granted"),
        Choice::new("requested", "Expected"),
        Choice::new("neither", "Neither"),
    ];
    view! {
        <Filters>
            <Field name="q" label="Search" kind="search" value=filter.q placeholder="Scope, classic name or what it allows"/>
            <Select name="group" label="Product" value=filter.group choices=groups/>
            <Select name="grant" label="State" value=filter.grant choices=grants/>
        </Filters>
    }
}

#[component]
fn NoMatch(path: String) -> impl IntoView {
    view! {
        <EmptyState icon=Glyph::Search title="No scope fits" text="Nothing here has all of what is asked for.">
            <LinkButton href=path>"Clear filters"</LinkButton>
        </EmptyState>
    }
}

#[component]
fn Rows(rows: Vec<ScopeRow>, at_least: bool) -> impl IntoView {
    let columns = vec![
        Column::new("Scope"),
        Column::new("State"),
        Column::end("Accounts"),
        Column::new("Classic name"),
        Column::new("Variants"),
    ];
    let mut group = String::new();
    let rows = rows.into_iter().map(move |row| {
        let head = (row.group != group).then(|| row.group.clone());
        group.clone_from(&row.group);
        view! {
            {head.map(|name| view! { <tr><th scope="rowgroup" colspan="5">{name}</th></tr> })}
            <Row row at_least/>
        }
    });
    view! { <Table caption="Scopes" columns>{rows.collect_view()}</Table> }
}

#[component]
fn Row(row: ScopeRow, at_least: bool) -> impl IntoView {
    let ScopeRow { words, scope, variants, .. } = row;
    let badge = badge(std::iter::once(&scope).chain(&variants));
    let accounts = std::iter::once(&scope).chain(&variants).filter(|name| name.granted > 0);
    let accounts: Vec<_> = accounts.map(|name| granted(name, &scope.name, at_least)).collect();
    let accounts = if accounts.is_empty() { vec!["–".to_owned()] } else { accounts };
    let classic: Vec<_> = scope.classic.clone();
    let variants: Vec<_> = variants.iter().map(|variant| ending(&variant.name, &scope.name)).collect();
    view! {
        <tr>
            <td><code>{scope.name}</code><span class="scope-words">{words}</span></td>
            <td>{badge}</td>
            <td data-align="end">{lines(accounts)}</td>
            <td>{names(classic)}</td>
            <td>{names(variants)}</td>
        </tr>
    }
}

/// What this provider config has to do with any of the names.
fn badge<'a>(mut names: impl Iterator<Item = &'a ScopeName> + Clone) -> AnyView {
    let requested = names.clone().any(|name| name.requested);
    match (requested, names.any(|name| name.granted > 0)) {
        (true, true) => view! { <Badge tone=Tone::Good word="Expected, granted"/> }.into_any(),
        (true, false) => view! { <Badge tone=Tone::Warn word="Expected, not granted"/> }.into_any(),
        (false, true) => view! { <Badge tone=Tone::Accent word="Granted"/> }.into_any(),
        (false, false) => "–".into_any(),
    }
}

fn granted(name: &ScopeName, of: &str, at_least: bool) -> String {
    let count = number(name.granted, at_least);
    if name.name == of { count } else { format!("{count} {}", ending(&name.name, of)) }
}

/// What a variant's name adds to the scope's own, or has in the place of its ending.
fn ending(name: &str, of: &str) -> String {
    let stem = of.rsplit_once(':').map_or(of, |(stem, _)| stem);
    let rest = name.strip_prefix(of).or_else(|| name.strip_prefix(stem));
    rest.filter(|rest| rest.starts_with(':')).unwrap_or(name).to_owned()
}

fn names(names: Vec<String>) -> AnyView {
    if names.is_empty() {
        return "–".into_any();
    }
    let names = names.into_iter().map(|name| view! { <code>{name}</code> });
    view! { <div class="scope-names">{names.collect_view()}</div> }.into_any()
}

fn lines(lines: Vec<String>) -> AnyView {
    let lines = lines.into_iter().map(|line| view! { <span>{line}</span> });
    view! { <div class="scope-names">{lines.collect_view()}</div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::ending;

    #[test]
    fn a_variant_is_told_by_its_ending() {
        assert_eq!(ending("meeting:read:poll:admin", "meeting:read:poll"), ":admin");
        assert_eq!(ending("user:read:users:master", "user:read:users:admin"), ":master");
        assert_eq!(ending("another", "user:read:user"), "another");
    }
}
