//! The organization's applications.

use super::address::visits;
use super::application::told;
use crate::api::applications::{Applications as Read, read_applications};
use crate::components::{
    Badge, Column, Copy, EmptyState, EnvironmentBadge, LinkButton, Load, Look, PageHeader, RowLink, Table, Tone,
};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::applications::{ApplicationLine, ApplicationView};
use model::paths;

/// The list of applications.
#[component]
pub fn Applications() -> impl IntoView {
    let again = visits();
    let read = Resource::new(move || again.get(), |_| read_applications());
    view! { <Load from=read what="The applications" view=|read| view! { <List read/> }/> }
}

#[component]
fn List(read: Read) -> impl IntoView {
    let Read { organization, may_change, applications } = read;
    let empty = applications.is_empty();
    let add = || view! { <LinkButton href=paths::NEW_APPLICATION look=Look::Primary icon=Glyph::Plus>"New application"</LinkButton> };
    view! {
        <PageHeader title="Applications" of=organization>
            {(may_change && !empty).then(add)}
        </PageHeader>
        {if empty {
            view! {
                <EmptyState icon=Glyph::Applications title="No applications yet"
                    text="An application is what you integrate: it has its own providers, API keys and end users.">
                    {may_change.then(add)}
                </EmptyState>
            }.into_any()
        } else {
            let columns = vec![Column::new("Name"), Column::new("Environment"), Column::new("Attention"), Column::end("Active accounts"), Column::new("Id")];
            view! { <Table caption="Applications" columns>{applications.into_iter().map(row).collect_view()}</Table> }.into_any()
        }}
    }
}

fn row(line: ApplicationLine) -> impl IntoView {
    let ApplicationView { id, name, environment, .. } = line.application;
    let copy = format!("Copy id of {name}");
    let waiting = line.needs_reconnect.count;
    let attention = match (line.rejected, waiting) {
        (0, 0) => "None".into_any(),
        (0, _) => {
            view! { <Badge tone=Tone::Warn word=format!("{} to reconnect", told(&line.needs_reconnect))/> }.into_any()
        }
        (1, _) => view! { <Badge tone=Tone::Bad word="Provider rejected"/> }.into_any(),
        (rejected, _) => view! { <Badge tone=Tone::Bad word=format!("{rejected} providers rejected")/> }.into_any(),
    };
    view! {
        <tr>
            <td><RowLink href=paths::application(id)>{name}</RowLink></td>
            <td><EnvironmentBadge of=environment/></td>
            <td>{attention}</td>
            <td data-align="end">{told(&line.active)}</td>
            <td><Copy label=copy text=id.to_string()/></td>
        </tr>
    }
}
