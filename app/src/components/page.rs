//! The head of a page, and the page that is not there.

use super::{Bare, EmptyState, LinkButton};
use crate::icons::{Glyph, Icon, ProviderIcon};
use crate::request;
use leptos::prelude::*;
use leptos_meta::Title;

/// Heading, document title and the page's one action.
#[component]
pub fn PageHeader(
    /// The heading: "Connected accounts".
    #[prop(into)]
    title: String,
    /// What the page belongs to, for the document title "Connected accounts · Acme · Keybearer".
    #[prop(optional, into)]
    of: String,
    /// A sentence below the heading.
    #[prop(optional, into)]
    text: String,
    /// Where the page above is, and what it is called.
    #[prop(optional, into)]
    back: Option<(String, String)>,
    /// A provider's SVG beside the heading.
    #[prop(optional, into)]
    icon: String,
    /// A badge beside the heading.
    #[prop(optional, into)]
    badge: ViewFn,
    /// The action, at the end of the line.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let document_title = if of.is_empty() { title.clone() } else { format!("{title} · {of}") };
    view! {
        <Title text=document_title/>
        <header class="page-header">
            {back.map(|(href, label)| view! { <a class="page-back" href=href><Icon of=Glyph::Back/>{label}</a> })}
            <div class="page-line">
                {(!icon.is_empty()).then(|| view! { <ProviderIcon svg=icon size="large"/> })}
                <h1>{title}</h1>
                {badge.run()}
            </div>
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
}

/// The page for addresses that nothing answers to; the status is 404.
#[component]
pub fn NotFound() -> impl IntoView {
    request::set_status(404);
    view! {
        <Bare>
            <PageHeader title="Page not found"/>
            <EmptyState icon=Glyph::Unknown title="Nothing at this address"
                text="The link may be old, or a letter may be missing.">
                <LinkButton href=model::paths::APPLICATIONS>"All applications"</LinkButton>
            </EmptyState>
        </Bare>
    }
}
