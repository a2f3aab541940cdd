//! Asks before a connected account is revoked.

use super::address::part;
use super::connected_account::title;
use crate::api::connected_accounts::{RevokeConnectedAccount as Revoke, read_connected_account};
use crate::components::{Confirm, Load, Look, PageHeader, Panel, Stack, Tone};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::connected_accounts::ConnectedAccountView;
use model::ids::ConnectedAccountId;
use model::paths;

/// The question.
#[component]
pub fn RevokeConnectedAccount() -> impl IntoView {
    let (app, account) = (part("app"), part("account"));
    let revoke = ServerAction::<Revoke>::new();
    let read = Resource::new(
        move || (app.get(), account.get()),
        |(app, account)| read_connected_account(app, account, String::new()),
    );
    view! {
        <Load from=read what="The connected account" view=move |read| {
            let (app, account) = (read.id, read.here.detail.account);
            let provider = read.here.provider.map_or_else(|| account.provider.clone(), |provider| provider.name);
            let page = paths::connected_account(app, account.id);
            view! {
                <PageHeader title=question(&account, &provider) of=read.name back=(page.clone(), title(&account))/>
                <Stack narrow=true>
                    <Panel tone=Tone::Bad>
                        <Confirm consequence=consequence(account.id)>
                            <Form action=revoke submit="Revoke account" look=Look::Danger cancel=page>
                                <Hidden name="app" value=app.to_string()/>
                                <Hidden name="account" value=account.id.to_string()/>
                            </Form>
                        </Confirm>
                    </Panel>
                </Stack>
            }
        }/>
    }
}

/// Verb and object.
pub(super) fn question(account: &ConnectedAccountView, provider: &str) -> String {
    format!("Revoke {provider} account of {}?", title(account))
}

/// What follows.
pub(super) fn consequence(account: ConnectedAccountId) -> String {
    format!(
        "Backends using {account} get 410 at once. The provider is asked to end the authorization. To connect again, the end user has to consent anew."
    )
}
