//! An application's API keys.

use super::address::{part, visits};
use super::api_key_limits::{Restrict, restrictions};
use crate::api::Within;
use crate::api::api_keys::{AddApiKey, read_api_keys};
use crate::components::{
    Badge, Column, EmptyState, Field, LinkButton, Load, Look, PageHeader, Panel, SecretOnce, Stack, Table, Time, Tone,
};
use crate::form::{Form, Hidden, answer};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::api_keys::ApiKeyView;
use model::ids::ApplicationId;
use model::paths;

/// The list of keys and the form for a new one.
#[component]
pub fn ApiKeys() -> impl IntoView {
    let (app, again) = (part("app"), visits());
    let add = ServerAction::<AddApiKey>::new();
    let made = answer(add);
    let keys = Resource::new(move || (app.get(), again.get(), add.version().get()), |(app, ..)| read_api_keys(app));
    view! {
        <Load from=keys what="The API keys" view=move |read| {
            let Within { id, name, may_change, here, .. } = read;
            view! {
                <PageHeader title="API keys" of=name text="How your backend signs in. Each backend should have its own."/>
                <Stack>
                    {move || made.get().map(|made| view! {
                        <SecretOnce label=format!("API key for {}", made.name) value=made.key copy="Copy API key"
                            hint="Keep it where your backend reads its secrets."/>
                    })}
                    {may_change.then(|| view! {
                        <Panel title="New key">
                            <Form action=add submit="Create key" clear=true listed_at=(paths::api_keys(id), "API keys".to_owned())>
                                <Hidden name="app" value=id.to_string()/>
                                <Field name="name" label="Name" placeholder="Billing backend"/>
                                <Restrict/>
                            </Form>
                        </Panel>
                    })}
                    <Keys app=id keys=here may_change/>
                </Stack>
            }
        }/>
    }
}

#[component]
fn Keys(app: ApplicationId, keys: Vec<ApiKeyView>, may_change: bool) -> impl IntoView {
    if keys.is_empty() {
        return view! {
            <EmptyState icon=Glyph::ApiKeys title="No API keys yet"
                text="A backend needs one to create connect sessions and to fetch tokens."/>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Name"),
        Column::new("Key"),
        Column::new("Status"),
        Column::end("Created"),
        Column::end("Last used"),
        Column::silent("Actions"),
    ];
    let rows = keys.into_iter().map(move |key| row(app, key, may_change)).collect_view();
    view! { <Table caption="API keys" columns>{rows}</Table> }.into_any()
}

fn row(app: ApplicationId, key: ApiKeyView, may_change: bool) -> impl IntoView {
    let live = key.revoked_at.is_none() && !key.expired;
    let may_rotate = live && may_change && key.replaced_by.is_none();
    let limits = restrictions(&key).into_iter().map(|line| view! { <small>{line}</small> }).collect_view();
    let used = match key.last_used_at.clone() {
        None => "Never".into_any(),
        Some(at) => view! { <Time at/> }.into_any(),
    };
    let status = status(&key);
    view! {
        <tr>
            <td><strong>{key.name}</strong>{limits}</td>
            <td><code>{key.starts_with}"…"</code></td>
            <td>{status}</td>
            <td data-align="end"><Time at=key.created_at/></td>
            <td data-align="end">{used}</td>
            <td data-align="end">
                {may_rotate.then(|| view! {
                    <LinkButton href=paths::rotate_api_key(app, key.id) look=Look::Quiet>"Rotate"</LinkButton>
                })}
                {(live && may_change).then(|| view! {
                    <LinkButton href=paths::revoke_api_key(app, key.id) look=Look::Quiet>"Revoke"</LinkButton>
                })}
            </td>
        </tr>
    }
}

/// Whether it is good, and until or since when.
fn status(key: &ApiKeyView) -> impl IntoView + use<> {
    let (tone, word, at) = match (&key.revoked_at, &key.expires_at) {
        (Some(at), _) => (Tone::default(), "Revoked", Some(at.clone())),
        (None, Some(at)) if key.expired => (Tone::default(), "Ended", Some(at.clone())),
        (None, Some(at)) if key.replaced_by.is_some() => (Tone::Warn, "Replaced, ends", Some(at.clone())),
        (None, Some(at)) => (Tone::Good, "Active until", Some(at.clone())),
        (None, None) => (Tone::Good, "Active", None),
    };
    view! { <div class="with-icon"><Badge tone word/>{at.map(|at| view! { <Time at/> })}</div> }
}
