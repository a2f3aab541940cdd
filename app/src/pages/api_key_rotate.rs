//! Another key for the place of an API key.

use super::address::part;
use super::api_key_limits::restrictions;
use super::role::LookOnly;
use crate::api::api_keys::{RotateApiKey as Rotate, read_api_key};
use crate::components::{Choice, Load, PageHeader, Panel, SecretOnce, Select, Stack};
use crate::form::{Form, Hidden, answer};
use leptos::prelude::*;
use model::paths;

/// How long both are good, and then the new one, once.
#[component]
pub fn RotateApiKey() -> impl IntoView {
    let (app, key) = (part("app"), part("key"));
    let rotate = ServerAction::<Rotate>::new();
    let made = answer(rotate);
    let read = Resource::new(move || (app.get(), key.get()), |(app, key)| read_api_key(app, key));
    view! {
        <Load from=read what="The API key" view=move |read| {
            let (id, key, may_change) = (read.id, read.here, read.may_change);
            let keys = (paths::api_keys(id), "API keys".to_owned());
            let (back, list) = (keys.clone(), keys.clone());
            let text = format!("A new key takes the place of {}…, with the same restrictions. Both are good for a while, so that no call fails in between.", key.starts_with);
            let limits = restrictions(&key).into_iter().map(|line| view! { <p class="aside">{line}</p> }).collect_view();
            let overlaps = [("0", "At once"), ("1", "In an hour"), ("24", "In 24 hours"), ("168", "In 7 days"), ("720", "In 30 days")];
            let overlaps = overlaps.map(|(value, label)| Choice::new(value, label)).to_vec();
            view! {
                <PageHeader title=format!("Rotate “{}”", key.name) of=read.name back text/>
                <Stack narrow=true>
                    {move || made.get().map(|made| view! {
                        <SecretOnce label=format!("API key for {}", made.name) value=made.key copy="Copy API key"
                            hint="Put it in the place of the old one, which ends by itself."/>
                    })}
                    {if may_change {
                        view! {
                            <Panel>
                                {limits}
                                <Form action=rotate submit="Make new key" cancel=list.0 listed_at=keys>
                                    <Hidden name="app" value=id.to_string()/>
                                    <Hidden name="key" value=key.id.to_string()/>
                                    <Select name="overlap" label="The old key ends" choices=overlaps value="24"/>
                                </Form>
                            </Panel>
                        }.into_any()
                    } else {
                        view! { <LookOnly/> }.into_any()
                    }}
                </Stack>
            }
        }/>
    }
}
