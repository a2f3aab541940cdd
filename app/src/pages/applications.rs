//! The organization's applications.

use super::address::visits;
use crate::api::applications::{Applications as Read, read_applications};
use crate::components::{
    Column, Copy, EmptyState, EnvironmentBadge, LinkButton, Load, Look, PageHeader, RowLink, Table, Time,
};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::applications::ApplicationView;
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
            let columns = vec![Column::new("Name"), Column::new("Environment"), Column::new("Id"), Column::end("Created")];
            view! { <Table caption="Applications" columns>{applications.into_iter().map(row).collect_view()}</Table> }.into_any()
        }}
    }
}

fn row(application: ApplicationView) -> impl IntoView {
    let ApplicationView { id, name, environment, created_at, .. } = application;
    let copy = format!("Copy id of {name}");
    view! {
        <tr>
            <td><RowLink href=paths::application(id)>{name}</RowLink></td>
            <td><EnvironmentBadge of=environment/></td>
            <td><Copy label=copy text=id.to_string()/></td>
            <td data-align="end"><Time at=created_at/></td>
        </tr>
    }
}
