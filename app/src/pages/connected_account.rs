//! A connected account in detail.

mod facts;
mod timeline;
mod trouble;

use super::address::{part, query, visits};
use super::trail::Trail;
use crate::api::Within;
use crate::api::connect_sessions::ConnectLink;
use crate::api::connected_accounts::{
    Account, MakeReconnectLink, RefreshConnectedAccount, RevokeConnectedAccount, read_connected_account,
};
use crate::components::{
    AccountStatus, Columns, Confirm, ConfirmLink, Load, Look, PageHeader, Panel, SecretOnce, Stack, Time, Tone,
};
use crate::form::{Form, Hidden, answer};
use facts::{Authorization, EndUser, Facts};
use leptos::prelude::*;
use model::connected_accounts::{ConnectedAccountStatus, ConnectedAccountView};
use model::ids::{ApplicationId, ConnectedAccountId};
use model::paths;
use timeline::History;
use trouble::InTrouble;

/// Everything about one connected account.
#[component]
pub fn ConnectedAccount() -> impl IntoView {
    let (app, account, trail, again) = (part("app"), part("account"), query("page"), visits());
    let read = Resource::new(
        move || (app.get(), account.get(), Trail::new(&trail.get()).cursor(), again.get()),
        |(app, account, cursor, _)| read_connected_account(app, account, cursor),
    );
    let actions = Actions { refresh: ServerAction::new(), link: ServerAction::new(), revoke: ServerAction::new() };
    let link = answer(actions.link);
    view! {
        <Load from=read what="The connected account" view=move |read| {
            let trail = Trail::new(&trail.get_untracked());
            view! { <Page actions link read trail/> }
        }/>
    }
}

#[derive(Clone, Copy)]
struct Actions {
    refresh: ServerAction<RefreshConnectedAccount>,
    link: ServerAction<MakeReconnectLink>,
    revoke: ServerAction<RevokeConnectedAccount>,
}

#[component]
fn Page(actions: Actions, link: Signal<Option<ConnectLink>>, read: Within<Account>, trail: Trail) -> impl IntoView {
    let Within { id, name, may_change, here, .. } = read;
    let account = here.detail.account.clone();
    let provider = here.provider.clone().map_or_else(|| account.provider.clone(), |provider| provider.name);
    let icon = here.provider.map(|provider| provider.icon).unwrap_or_default();
    let status = account.status;
    let live = may_change && status != ConnectedAccountStatus::Revoked;
    let (title, facts, whose) = (title(&account), account.clone(), account.end_user.clone());
    let authorization = here.detail.clone();
    view! {
        <PageHeader title of=name icon badge=move || view! { <AccountStatus of=status/> }
            text=format!("{provider} account of {}", end_user(&account))
            back=(paths::connected_accounts(id), "Connected accounts".to_owned())/>
        <Stack>
            <InTrouble app=id of=here.detail link=actions.link may_change=live/>
            {move || link.get().map(|link| view! {
                <SecretOnce label="Reconnect link" value=link.url copy="Copy reconnect link"
                    hint="It can only renew this account, and only by the provider's user who connected it."/>
                <p class="aside">"Ends "<Time at=link.expires_at/></p>
            })}
            {live.then(|| view! { <Renewing app=id actions account=account.clone()/> })}
            <Columns beside=move || view! { <Authorization app=id of=authorization.clone()/><EndUser of=whose.clone()/> }>
                <History app=id account=account.id of=here.timeline trail/>
                <Facts of=facts/>
            </Columns>
            {live.then(|| view! { <Ending app=id actions account provider/> })}
        </Stack>
    }
}

#[component]
fn Renewing(app: ApplicationId, actions: Actions, account: ConnectedAccountView) -> impl IntoView {
    // A lost account has the button for a reconnect link beside its cause.
    (account.status == ConnectedAccountStatus::Active).then(|| {
        view! {
            <div class="row">
                <Form action=actions.refresh submit="Refresh now" look=Look::Plain inline=true key="refresh">
                    <These app account=account.id/>
                </Form>
                <Form action=actions.link submit="Create reconnect link" look=Look::Plain inline=true key="link" listed_at=(paths::connect_sessions(app), "Connect sessions".to_owned())>
                    <These app account=account.id/>
                </Form>
            </div>
        }
    })
}

#[component]
fn Ending(app: ApplicationId, actions: Actions, account: ConnectedAccountView, provider: String) -> impl IntoView {
    let id = account.id;
    let title = super::connected_account_revoke::question(&account, &provider);
    let revoke = move || {
        view! {
            <ConfirmLink id="revoke" href=paths::revoke_connected_account(app, id) label="Revoke" title=title.clone()>
                <Confirm consequence=super::connected_account_revoke::consequence(id)>
                    <Form action=actions.revoke submit="Revoke account" look=Look::Danger key="revoke">
                        <These app account=id/>
                    </Form>
                </Confirm>
            </ConfirmLink>
        }
    };
    view! {
        <Panel title="Revoke this account" tone=Tone::Bad actions=revoke
            text="Ends the connection here at once, then at the provider. This cannot be undone."/>
    }
}

#[component]
fn These(app: ApplicationId, account: ConnectedAccountId) -> impl IntoView {
    view! {
        <Hidden name="app" value=app.to_string()/>
        <Hidden name="account" value=account.to_string()/>
    }
}

/// The best name there is.
pub(super) fn title(account: &ConnectedAccountView) -> String {
    let of = account.provider_account.clone();
    account.label.clone().or(of.name).or(of.email).or(of.id).unwrap_or_else(|| account.end_user.id.clone())
}

fn end_user(account: &ConnectedAccountView) -> String {
    match &account.end_user.name {
        Some(name) => format!("{name} ({})", account.end_user.id),
        None => account.end_user.id.clone(),
    }
}
