//! Lists as tables, with their filters and pages.

use crate::error::FormError;
use crate::form::FormContext;
use crate::icons::{Glyph, Icon};
use leptos::context::Provider;
use leptos::prelude::*;
use model::lists::Mistakes;

/// A column's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    label: &'static str,
    align: Option<&'static str>,
    hidden: bool,
}

impl Column {
    /// Text, from the start edge.
    pub const fn new(label: &'static str) -> Self {
        Self { label, align: None, hidden: false }
    }

    /// Numbers and times, at the end edge; their cells are `<td data-align="end">`.
    pub const fn end(label: &'static str) -> Self {
        Self { label, align: Some("end"), hidden: false }
    }

    /// A column whose head only screen readers read, such as "Actions".
    pub const fn silent(label: &'static str) -> Self {
        Self { label, align: Some("end"), hidden: true }
    }
}

/// A table. Rows are plain `<tr>` with `<td>`; a row leads somewhere by the [`RowLink`] in its first cell. When narrow
/// it scrolls in itself.
#[component]
pub fn Table(
    /// What it lists, for screen readers.
    #[prop(into)]
    caption: String,
    /// The heads.
    columns: Vec<Column>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads = columns.into_iter().map(|column| {
        let label = if column.hidden {
            view! { <span class="visually-hidden">{column.label}</span> }.into_any()
        } else {
            column.label.into_any()
        };
        view! { <th scope="col" data-align=column.align>{label}</th> }
    });
    let label = caption.clone();
    view! {
        <div class="table" tabindex="0" role="region" aria-label=label>
            <table>
                <caption class="visually-hidden">{caption}</caption>
                <thead><tr>{heads.collect_view()}</tr></thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// The link of a row; the whole row is its target.
#[component]
pub fn RowLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// What the row is about.
    children: Children,
) -> impl IntoView {
    view! { <a class="row-link" href=href>{children()}</a> }
}

/// Next and previous page of a list, by cursor in the URL. Shows nothing when there is one page.
#[component]
pub fn Pager(
    /// The address of the page with newer rows.
    #[prop(default = None, into)]
    newer: Option<String>,
    /// The address of the page with older rows.
    #[prop(default = None, into)]
    older: Option<String>,
) -> impl IntoView {
    let any = newer.is_some() || older.is_some();
    let newer = newer.map(|href| {
        view! { <a class="button" data-look="plain" href=href rel="prev"><Icon of=Glyph::ChevronLeft/><span>"Newer"</span></a> }
    });
    let older = older.map(|href| {
        view! { <a class="button" data-look="plain" href=href rel="next"><span>"Older"</span><Icon of=Glyph::ChevronRight/></a> }
    });
    any.then(|| view! { <nav class="pager" aria-label="Pages">{newer}{older}</nav> })
}

/// Filters above a list: a form that puts its fields into the URL.
#[component]
pub fn Filters(
    /// What of the address cannot be read: each is said at its field.
    #[prop(optional)]
    mistakes: Mistakes,
    /// [`super::Field`]s and [`super::Select`]s; their names are those of the query.
    children: Children,
) -> impl IntoView {
    let error = Some(FormError { fields: mistakes, ..FormError::default() });
    let fields = FormContext { action: "", key: String::new(), error: Signal::stored(error) };
    view! {
        <form class="filters" method="get" role="search">
            <Provider value=fields>{children()}</Provider>
            <button class="button" data-look="plain"><Icon of=Glyph::Search/><span>"Filter"</span></button>
        </form>
    }
}

/// More fields of [`Filters`], behind a word until they are wanted.
#[component]
pub fn MoreFilters(
    /// Whether they show at once, since one of them is set.
    open: bool,
    /// [`super::Field`]s and [`super::Select`]s.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure more-filters" open=open>
            <summary>"More filters"</summary>
            <div class="filters">{children()}</div>
        </details>
    }
}
