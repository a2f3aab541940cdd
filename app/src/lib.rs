//! The portal: pages, components and server functions, in Leptos.
//!
//! The server renders every page first and the browser takes it over; lists show and forms work before that, and with
//! scripts off. `form` explains how.
#![deny(missing_docs)]
#![expect(unreachable_pub, reason = "the component macro repeats a function's `pub` inside a private module")]

pub mod api;
pub mod components;
pub mod document;
pub mod error;
pub mod flash;
pub mod form;
pub mod icons;
pub mod pages;
pub mod request;
pub mod session;
mod snippets;
pub mod theme;
pub mod wire;

mod clipboard;
mod focus;

use components::{Banner, NotFound, Tone, provide_now, provide_theme};
use flash::{Flash, provide_flash};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};
use request::Site;

/// The tab's icon: the mark, without a request of its own.
pub(crate) const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Crect width='24' height='24' rx='6' fill='%233257d5'/%3E%3Cpath fill='%23fff' d='M8.6 8.4a3.5 3.5 0 1 0 2.45 6h3.3l1.25 1.25 1.25-1.25 1.25-1.25-1.5-1.5h-5.2a3.5 3.5 0 0 0-2.8-3.25Zm-.75 4.9a1.15 1.15 0 1 1 0-2.3 1.15 1.15 0 0 1 0 2.3Z'/%3E%3C/svg%3E";

/// Passkeys are the browser's, and the server's; this is what stands between.
const PASSKEYS: &str = include_str!("passkeys.js");

/// The document around the portal, with its content security policy.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    request::protect();
    let sheet = format!("/{}/app.css", options.site_pkg_dir);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme::chosen().attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href=ICON/>
                <link rel="stylesheet" href=sheet/>
                <script nonce=request::nonce() inner_html=PASSKEYS></script>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body><App/></body>
        </html>
    }
}

/// The portal: what every page shares, and the routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=tab_title/>
        <Router>
            <Frame/>
        </Router>
    }
}

/// The tab's title. The server writes it into the page as it stands, and names in it come from strangers: without angle
/// brackets it can be nothing but text.
fn tab_title(text: String) -> String {
    let text = text.replace('<', "‹").replace('>', "›");
    if text.is_empty() { "Keybearer".into() } else { format!("{text} · Keybearer") }
}

/// Inside the router, since messages and times follow the URL.
#[component]
fn Frame() -> impl IntoView {
    provide_now();
    provide_theme();
    provide_flash();
    focus::provide_focus();
    view! {
        // rel=external: the browser itself moves the focus there.
        <a class="skip-link" href="#main" rel="external">"Skip to content"</a>
        <Notice/>
        <Routes fallback=NotFound>
            <Route path=path!("/") view=pages::Start ssr=SsrMode::Async/>
            <Route path=path!("/sign-up") view=pages::SignUp ssr=SsrMode::Async/>
            <Route path=path!("/sign-in") view=pages::SignIn ssr=SsrMode::Async/>
            <Route path=path!("/sign-in/verify") view=pages::SecondStep ssr=SsrMode::Async/>
            <Route path=path!("/sign-out") view=pages::SignOut ssr=SsrMode::Async/>
            <Route path=path!("/invitations/:link") view=pages::AcceptInvitation ssr=SsrMode::Async/>
            <Route path=path!("/reset-password") view=pages::PasswordReset ssr=SsrMode::Async/>
            <Route path=path!("/reset-password/:link") view=pages::NewPassword ssr=SsrMode::Async/>
            <Route path=path!("/gallery") view=pages::Gallery ssr=SsrMode::Async/>
            <MemberRoutes/>
        </Routes>
        <Flash/>
    }
}

/// The pages of members, within the sidebar. Fixed words stand before parameters: the first route that fits counts.
#[component(transparent)]
fn MemberRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("") view=pages::Portal ssr=SsrMode::Async>
            <Route path=path!("/applications") view=pages::Applications ssr=SsrMode::Async/>
            <Route path=path!("/applications/new") view=pages::NewApplication ssr=SsrMode::Async/>
            <Route path=path!("/settings/profile") view=pages::Profile ssr=SsrMode::Async/>
            <SecurityRoutes/>
            <OrganizationRoutes/>
            <Route path=path!("/settings/download") view=pages::Download ssr=SsrMode::Async/>
            <Route path=path!("/settings/events") view=pages::OrganizationEvents ssr=SsrMode::Async/>
            <Route path=path!("/settings/events/:event") view=pages::OrganizationEvent ssr=SsrMode::Async/>
            <Route path=path!("/settings/organization") view=pages::Organization ssr=SsrMode::Async/>
            <ApplicationRoutes/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn SecurityRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/settings/security") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=pages::Security ssr=SsrMode::Async/>
            <Route path=path!("/authenticator") view=pages::Authenticator ssr=SsrMode::Async/>
            <Route path=path!("/authenticator/remove") view=pages::RemoveAuthenticator ssr=SsrMode::Async/>
            <Route path=path!("/passkeys/new") view=pages::NewPasskey ssr=SsrMode::Async/>
            <Route path=path!("/passkeys/:passkey") view=pages::Passkey ssr=SsrMode::Async/>
            <Route path=path!("/recovery-codes") view=pages::NewRecoveryCodes ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn OrganizationRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/settings/members") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=pages::Members ssr=SsrMode::Async/>
            <Route path=path!("/invite") view=pages::Invite ssr=SsrMode::Async/>
            <Route path=path!("/invitations/:invitation") view=pages::Invitation ssr=SsrMode::Async/>
            <Route path=path!("/invitations/:invitation/withdraw") view=pages::WithdrawInvitation ssr=SsrMode::Async/>
            <Route path=path!("/:member") view=pages::Member ssr=SsrMode::Async/>
            <Route path=path!("/:member/remove") view=pages::RemoveMember ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn ApplicationRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/applications/:app") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=pages::Overview ssr=SsrMode::Async/>
            <Route path=path!("/settings") view=pages::ApplicationSettings ssr=SsrMode::Async/>
            <Route path=path!("/branding") view=pages::Branding ssr=SsrMode::Async/>
            <Route path=path!("/providers") view=pages::Providers ssr=SsrMode::Async/>
            <Route path=path!("/providers/new") view=pages::Catalogue ssr=SsrMode::Async/>
            <Route path=path!("/providers/new/custom") view=pages::NewCustomProvider ssr=SsrMode::Async/>
            <Route path=path!("/providers/new/:slug/entry") view=pages::CustomProvider ssr=SsrMode::Async/>
            <Route path=path!("/providers/new/:slug/remove") view=pages::AskRemoveCustomProvider ssr=SsrMode::Async/>
            <Route path=path!("/providers/new/:slug") view=pages::NewProviderConfig ssr=SsrMode::Async/>
            <Route path=path!("/providers/:key") view=pages::ProviderConfig ssr=SsrMode::Async/>
            <Route path=path!("/providers/:key/adopt") view=pages::AdoptProviderEntry ssr=SsrMode::Async/>
            <Route path=path!("/providers/:key/scopes") view=pages::Scopes ssr=SsrMode::Async/>
            <Route path=path!("/providers/:key/remove") view=pages::RemoveProviderConfig ssr=SsrMode::Async/>
            <Route path=path!("/providers/:key/clients/:client/secret") view=pages::ClientSecret ssr=SsrMode::Async/>
            <Route path=path!("/providers/:key/clients/:client/remove") view=pages::RemoveClient ssr=SsrMode::Async/>
            <Route path=path!("/providers/:key/tests/:test") view=pages::ConnectionTest ssr=SsrMode::Async/>
            <Route path=path!("/connected-accounts") view=pages::ConnectedAccounts ssr=SsrMode::Async/>
            <Route path=path!("/connected-accounts/revoke") view=pages::RevokeConnectedAccounts ssr=SsrMode::Async/>
            <Route path=path!("/connected-accounts/break-glass") view=pages::BreakGlass ssr=SsrMode::Async/>
            <Route path=path!("/connected-accounts/revocations/:bulk") view=pages::BulkRevocation ssr=SsrMode::Async/>
            <Route path=path!("/connected-accounts/:account") view=pages::ConnectedAccount ssr=SsrMode::Async/>
            <Route path=path!("/connected-accounts/:account/revoke") view=pages::RevokeConnectedAccount ssr=SsrMode::Async/>
            <Route path=path!("/connect-sessions") view=pages::ConnectSessions ssr=SsrMode::Async/>
            <Route path=path!("/connect-sessions/:session") view=pages::ConnectSession ssr=SsrMode::Async/>
            <Route path=path!("/events") view=pages::Events ssr=SsrMode::Async/>
            <Route path=path!("/events/:event") view=pages::Event ssr=SsrMode::Async/>
            <Route path=path!("/api-keys") view=pages::ApiKeys ssr=SsrMode::Async/>
            <Route path=path!("/api-keys/:key/rotate") view=pages::RotateApiKey ssr=SsrMode::Async/>
            <Route path=path!("/api-keys/:key/revoke") view=pages::RevokeApiKey ssr=SsrMode::Async/>
            <WebhookRoutes/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn WebhookRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/webhooks") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=pages::WebhookEndpoints ssr=SsrMode::Async/>
            <Route path=path!("/new") view=pages::NewWebhookEndpoint ssr=SsrMode::Async/>
            <Route path=path!("/:endpoint") view=pages::WebhookEndpoint ssr=SsrMode::Async/>
            <Route path=path!("/:endpoint/secret") view=pages::WebhookSecret ssr=SsrMode::Async/>
            <Route path=path!("/:endpoint/delete") view=pages::DeleteWebhookEndpoint ssr=SsrMode::Async/>
            <Route path=path!("/:endpoint/deliveries/:delivery") view=pages::Delivery ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// The banner that the operator's set-up asks for on every page.
#[component]
fn Notice() -> impl IntoView {
    let notice = SharedValue::new(|| use_context::<Site>().and_then(|site| site.notice)).into_inner();
    notice.map(|text| view! { <aside aria-label="Notice"><Banner tone=Tone::Warn>{text}</Banner></aside> })
}

#[cfg(test)]
mod tests {
    use super::tab_title;

    #[test]
    fn a_name_cannot_leave_the_title() {
        let title = tab_title("</title><meta http-equiv=refresh content=\"0;url=//evil.example/\">".into());
        assert!(!title.contains(['<', '>']) && title.ends_with(" · Keybearer"));
        assert_eq!(tab_title(String::new()), "Keybearer");
    }
}
