//! What the catalogue says of a provider: the way through its pages, its properties, what goes wrong often.

use crate::components::{Copy, Guide, Panel, Properties, Property, Step};
use crate::icons::{Glyph, Icon};
use leptos::prelude::*;
use model::providers::ProviderView;

/// The guide, step by step.
#[component]
pub(super) fn WayThrough(of: ProviderView, redirect_uri: String, events_url: Option<String>) -> impl IntoView {
    let steps = of.guide.steps.into_iter().map(move |step| {
        let shown = step.shows_redirect_uri.then(|| {
            // Its name differs from that of the field's button, so that each can be told from the other.
            view! { <Copy label="Copy the address for this step" text=redirect_uri.clone()/> }
        });
        let events = events_url.clone().filter(|_| step.shows_events_url);
        let events = events.map(|text| view! { <Copy label="Copy the events address for this step" text/> });
        view! { <Step title=step.title path=step.path><p>{step.text}</p>{shown}{events}</Step> }
    });
    view! { <Guide>{steps.collect_view()}</Guide> }
}

/// Properties and links.
#[component]
pub(super) fn AtAGlance(of: ProviderView) -> impl IntoView {
    let links = of.links.into_iter().map(|link| {
        view! {
            <li class="line"><a href=link.url target="_blank" rel="noopener noreferrer external">{link.label}</a><Icon of=Glyph::External/></li>
        }
    });
    let links: Vec<_> = links.collect();
    let properties =
        of.properties.into_iter().map(|property| view! { <Property term=property.label>{property.value}</Property> });
    view! {
        <Panel title="At a glance">
            <Properties>{properties.collect_view()}</Properties>
            {(!links.is_empty()).then(|| view! { <ul class="lines">{links}</ul> })}
        </Panel>
    }
}

/// What goes wrong often, and what to do then: each symptom opens.
#[component]
pub(super) fn Mistakes(of: ProviderView) -> impl IntoView {
    let mistakes: Vec<_> = of
        .guide
        .mistakes
        .into_iter()
        .map(|mistake| {
            view! { <li><details class="disclosure"><summary>{mistake.symptom}</summary><p>{mistake.cure}</p></details></li> }
        })
        .collect();
    (!mistakes.is_empty()).then(|| {
        view! {
            <Panel title="If something goes wrong"><ul class="lines">{mistakes}</ul></Panel>
        }
    })
}
