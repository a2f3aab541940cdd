//! What is known of the account and of the end user.

use crate::components::{AccountStatus, Copy, Panel, Properties, Property, Time};
use leptos::prelude::*;
use model::connected_accounts::{ConnectedAccountDetail, ConnectedAccountView, EndUserView, ProviderRevocation};
use model::ids::ApplicationId;
use model::paths;
use model::timeline::Sharer;

#[component]
pub(super) fn Facts(of: ConnectedAccountView) -> impl IntoView {
    let account = of;
    let provider = account.provider_account;
    view! {
        <Panel title="Connected account">
            <Properties>
                <Property term="Id"><Copy label="Copy connected account id" text=account.id.to_string()/></Property>
                <Property term="State"><AccountStatus of=account.status/></Property>
                <Property term="Provider's account">{or_dash(provider.name)}</Property>
                <Property term="E-mail there">{or_dash(provider.email)}</Property>
                <Property term="Id there">{copied("Copy the provider's id of the account", provider.id)}</Property>
                <Property term="Company there">{copied("Copy the provider's id of the company", provider.tenant_id)}</Property>
                <Property term="Scopes">{scopes(account.scopes)}</Property>
                {(!account.missing_scopes.is_empty()).then(|| view! {
                    <Property term="Missing scopes">{scopes(account.missing_scopes)}</Property>
                })}
                <Property term="Connected"><Time at=account.created_at/></Property>
                <Property term="API base">{copied("Copy API base", account.api_base_url)}</Property>
            </Properties>
        </Panel>
    }
}

#[component]
pub(super) fn Authorization(app: ApplicationId, of: ConnectedAccountDetail) -> impl IntoView {
    let (account, shared) = (of.account, of.shares_authorization_with);
    view! {
        <Panel title="Authorization">
            <Properties>
                <Property term="Token ends">{time_or(account.expires_at, "–")}</Property>
                <Property term="Reconnect by">{time_or(account.reconnect_by, "–")}</Property>
                <Property term="Last refresh">{time_or(account.last_refreshed_at, "Never")}</Property>
                <Property term="Last use">{time_or(account.last_used_at, "Never")}</Property>
                {(shared > 0).then(|| view! { <Property term="Shared">{shares(app, shared, of.sharers)}</Property> })}
                {of.provider_revocation.map(|outcome| view! { <Property term="At the provider">{revocation(outcome)}</Property> })}
            </Properties>
        </Panel>
    }
}

#[component]
pub(super) fn EndUser(of: EndUserView) -> impl IntoView {
    view! {
        <Panel title="End user">
            <Properties>
                <Property term="Your id"><Copy label="Copy end user id" text=of.id/></Property>
                <Property term="Name">{or_dash(of.name)}</Property>
                <Property term="E-mail">{or_dash(of.email)}</Property>
                <Property term="Group">{or_dash(of.group)}</Property>
            </Properties>
        </Panel>
    }
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".into())
}

fn copied(label: &'static str, text: Option<String>) -> AnyView {
    text.map_or_else(|| "–".into_any(), |text| view! { <Copy label text/> }.into_any())
}

fn time_or(at: Option<String>, otherwise: &'static str) -> AnyView {
    at.map_or_else(|| otherwise.into_any(), |at| view! { <Time at/> }.into_any())
}

fn scopes(scopes: Vec<String>) -> AnyView {
    if scopes.is_empty() {
        return "–".into_any();
    }
    scopes.into_iter().map(|scope| view! { <code>{scope}</code> }).collect_view().into_any()
}

/// The other accounts of the same provider's user, by name where they are few.
fn shares(app: ApplicationId, others: i64, named: Vec<Sharer>) -> AnyView {
    let more = others - i64::try_from(named.len()).unwrap_or_default();
    let others = if others == 1 { "one other account".to_owned() } else { format!("{others} other accounts") };
    let names = named.into_iter().map(|other| {
        view! { <a href=paths::connected_account(app, other.id)>{other.end_user}</a> }
    });
    view! {
        <span>{format!("Shares its authorization with {others} of the same provider's user:")}</span>
        {names.collect_view()}
        {(more > 0).then(|| format!("and {more} more"))}
    }
    .into_any()
}

fn revocation(outcome: ProviderRevocation) -> &'static str {
    match outcome {
        ProviderRevocation::Revoked => "Revoked: the provider confirmed it",
        ProviderRevocation::Pending => "Not answered yet: the provider is asked again",
        ProviderRevocation::Unsupported => "The provider has no way to revoke; the tokens are erased here",
        ProviderRevocation::Failed => "Given up: the end user can remove the app in the provider's own settings",
        ProviderRevocation::KeptForOtherAccounts => "Kept, since other accounts stand on the same authorization",
    }
}
