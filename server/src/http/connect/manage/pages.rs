//! What an end user sees of its accounts.

use crate::http::connect::offer::{development, permissions, person};
use crate::http::connect::page::Page;
use crate::http::connect::visit::Visit;
use crate::http::connect::words::Words;
use app::components::{
    Banner, Button, ConnectAccount, ConnectAccounts, ConnectActions, ConnectPermissions, ConnectProvider,
    ConnectProviders, LinkButton, Look, Tone,
};
use axum::response::Response;
use leptos::prelude::*;
use model::connected_accounts::{ConnectedAccountStatus, ProviderAccount, ProviderRevocation, StatusReasonCode};
use model::paths;
use vault::{OwnAccount, OwnAccounts};

/// The list, with what was just disconnected above it.
pub(super) fn accounts(visit: &Visit, link: &str, own: OwnAccounts, over: Option<OwnAccount>) -> Response {
    let words = visit.words;
    let application = own.application_name;
    let page = Page::of(&application, &own.branding, words.text("manage"));
    let over = over.filter(|account| account.status == ConnectedAccountStatus::Revoked);
    let person = person(&own.end_user);
    let values = [("application", application.as_str()), ("person", person.as_str())];
    let about = if own.accounts.is_empty() {
        words.rich("manage.nothing", &["application"], &values[..1])
    } else {
        words.rich("manage.text", &["application", "person"], &values)
    };
    let (environment, accounts, back) = (own.environment, own.accounts, own.return_url);
    // One way on stands out; where several accounts need it, none does.
    let look =
        if accounts.iter().filter(|account| account.can_reconnect).count() == 1 { Look::Primary } else { Look::Plain };
    let link = link.to_owned();
    page.show(visit, move || {
        let rows: Vec<_> = accounts.into_iter().map(|account| row(words, &link, &application, account, look)).collect();
        view! {
            {development(words, environment)}
            {over.map(|account| disconnected(words, &application, &account))}
            <p>{about}</p>
            {(!rows.is_empty()).then(|| view! { <ConnectAccounts>{rows}</ConnectAccounts> })}
            {back.map(|href| view! {
                <LinkButton href>{words.with("back", &[("application", &application)])}</LinkButton>
            })}
        }
    })
}

/// What follows from a disconnect, and the button that does it.
pub(super) fn ask(visit: &Visit, link: &str, own: &OwnAccounts, account: OwnAccount) -> Response {
    let words = visit.words;
    let OwnAccount { provider, account, .. } = account;
    let name = named(&account, &provider.name);
    let values = [("application", own.application_name.as_str()), ("account", name.as_str())];
    let title = words.with("ask", &[("provider", &provider.name)]);
    let page = Page::of(&own.application_name, &own.branding, title);
    let text = words.rich("ask.text", &["application", "account"], &values);
    let later = words.with("ask.later", &[("application", &own.application_name)]);
    let back = paths::manage(link);
    page.show(visit, move || {
        view! {
            <ConnectProviders>
                <ConnectProvider icon=provider.icon name=provider.name text=name>""</ConnectProvider>
            </ConnectProviders>
            <p>{text}</p>
            <p>{later}</p>
            <form method="post">
                <ConnectActions>
                    <Button look=Look::Danger>{words.text("disconnect")}</Button>
                    <LinkButton href=back look=Look::Quiet>{words.text("keep")}</LinkButton>
                </ConnectActions>
            </form>
        }
    })
}

fn row(words: Words, link: &str, application: &str, own: OwnAccount, look: Look) -> impl IntoView + use<> {
    let provider = own.provider;
    let permissions = permissions(words, &own.scopes);
    let label = words.with("granted", &[("application", application)]);
    let works = own.status == ConnectedAccountStatus::Active;
    let (tone, state) = if works { (Tone::Good, words.text("works")) } else { (Tone::Bad, words.text("needs")) };
    let lost = own.status_reason.filter(|_| !works).map(|why| lost(words, &provider.name, why));
    let used = own.last_used_at.map_or_else(|| words.text("never-used"), |at| words.date(at));
    let facts = vec![(words.text("since"), words.date(own.connected_at)), (words.text("last-used"), used)];
    let name = named(&own.account, "");
    let shown = if name.is_empty() { provider.name.clone() } else { name.clone() };
    let hint = words.with("disconnect-what", &[("provider", &provider.name), ("account", &shown)]);
    let (id, ask) = (own.id.to_string(), paths::disconnect(link, own.id));
    view! {
        <ConnectAccount icon=provider.icon name=provider.name account=name tone state facts>
            {lost.map(|text| view! { <p>{text}</p> })}
            {(!permissions.is_empty()).then(|| view! { <ConnectPermissions label permissions/> })}
            <ConnectActions>
                {own.can_reconnect.then(|| view! {
                    <form method="post">
                        <Button look name="account" value=id>{words.text("reconnect-what")}</Button>
                    </form>
                })}
                <LinkButton href=ask label=hint>{words.text("disconnect")}</LinkButton>
            </ConnectActions>
        </ConnectAccount>
    }
}

/// Whose account it is, in the provider's words.
fn named(account: &ProviderAccount, otherwise: &str) -> String {
    let told = account.email.as_ref().or(account.name.as_ref()).or(account.id.as_ref());
    told.map_or_else(|| otherwise.to_owned(), String::clone)
}

fn lost(words: Words, provider: &str, why: StatusReasonCode) -> String {
    let values = [("provider", provider)];
    match why {
        StatusReasonCode::Superseded => words.text("lost-superseded"),
        StatusReasonCode::DeauthorizedAtProvider => words.with("lost-removed", &values),
        StatusReasonCode::ExpiredIdle => words.with("lost-idle", &values),
        StatusReasonCode::ScopesChanged => words.with("lost-scopes", &values),
        _ => words.with("lost-refused", &values),
    }
}

/// That it is over here, and what the provider says to it.
fn disconnected(words: Words, application: &str, own: &OwnAccount) -> AnyView {
    let provider = own.provider.name.as_str();
    let name = named(&own.account, provider);
    let title = words.with("over", &[("provider", provider)]);
    let text = words.with("over.text", &[("application", application), ("account", &name)]);
    let one = [("provider", provider)];
    let both = [("provider", provider), ("application", application)];
    let (tone, there) = match own.provider_revocation {
        Some(ProviderRevocation::Pending) => (Tone::Accent, words.with("over-pending", &one)),
        Some(ProviderRevocation::Unsupported) => (Tone::Warn, words.with("over-unsupported", &both)),
        Some(ProviderRevocation::Failed) => (Tone::Warn, words.with("over-failed", &both)),
        Some(ProviderRevocation::KeptForOtherAccounts) => (Tone::Accent, words.with("over-kept", &one)),
        Some(ProviderRevocation::Revoked) | None => (Tone::Good, words.with("over-revoked", &one)),
    };
    view! { <Banner tone><p><strong>{title}</strong></p><p>{text}" "{there}</p></Banner> }.into_any()
}
