//! What a link for a forgotten password leads to.

use super::address::part;
use super::password_reset::LinkOver;
use crate::api::password_reset::{SetNewPassword, read_new_password};
use crate::components::{Bare, Load, PageHeader, Panel, SecretField};
use crate::form::{Form, Hidden};
use leptos::prelude::*;

/// Chooses a new password.
#[component]
pub fn NewPassword() -> impl IntoView {
    let link = part("link");
    let set = ServerAction::<SetNewPassword>::new();
    let read = Resource::new(move || link.get(), read_new_password);
    view! {
        <Bare>
            <Load from=read what="The form" view=move |email| match email {
                None => view! { <PageHeader title="New password"/><LinkOver/> }.into_any(),
                Some(email) => view! {
                    <PageHeader title="New password" text=format!("For {email}. All your sessions end.")/>
                    <Panel>
                        <Form action=set submit="Set password">
                            <Hidden name="link" value=link.get_untracked()/>
                            <SecretField name="password" label="New password" autocomplete="new-password" hint="At least 10 characters."/>
                        </Form>
                    </Panel>
                }.into_any(),
            }/>
        </Bare>
    }
}
