//! Every component in every state, for those who work on the portal. The example of how a page is written.

mod data;
mod forms;
mod insight;
mod many;
mod notices;
mod refusal;

use crate::components::{
    Layout, LinkButton, Look, Main, MenuLink, Nav, NavFoot, NavGroup, NavLink, PageHeader, Panel, Stack, Switcher,
};
use crate::icons::Glyph;
use crate::pages::gallery::data::{Cards, Details, Lists, Steps};
use crate::pages::gallery::forms::{Buttons, Forms};
use crate::pages::gallery::insight::{Insight, Points};
use crate::pages::gallery::many::Many;
use crate::pages::gallery::notices::{Loading, Notices};
use crate::pages::gallery::refusal::Refusal;
use leptos::prelude::*;

pub(super) const SANDBOX: &str = include_str!("../../../providers/icons/sandbox.svg");

/// The gallery.
#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <Layout>
            <Sidebar/>
            <Main>
                <PageHeader title="Component gallery" of="Acme" text="Every component in every state.">
                    <LinkButton href="#forms" look=Look::Primary icon=Glyph::Plus>"Add provider"</LinkButton>
                </PageHeader>
                <Stack>
                    <Buttons/>
                    <Lists/>
                    <Details/>
                    <Insight/>
                    <Points/>
                    <Many/>
                    <Forms/>
                    <Refusal/>
                    <Steps/>
                    <Cards/>
                    <Notices/>
                    <Loading/>
                </Stack>
            </Main>
        </Layout>
    }
}

#[component]
fn Sidebar() -> impl IntoView {
    let choices =
        vec![("Acme Meetings".to_owned(), "/gallery".to_owned()), ("Billing".into(), "/gallery?app=2".into())];
    view! {
        <Nav>
            <Switcher organization="Acme Inc." application="Acme Meetings" choices all="/gallery"/>
            <NavGroup>
                <NavLink href="/gallery" icon=Glyph::Overview exact=true>"Overview"</NavLink>
                <NavLink href="/gallery/providers" icon=Glyph::Providers>"OAuth providers"</NavLink>
                <NavLink href="/gallery/accounts" icon=Glyph::ConnectedAccounts>"Connected accounts"</NavLink>
                <NavLink href="/gallery/sessions" icon=Glyph::ConnectSessions>"Connect sessions"</NavLink>
                <NavLink href="/gallery/keys" icon=Glyph::ApiKeys>"API keys"</NavLink>
                <NavLink href="/gallery/webhooks" icon=Glyph::Webhooks>"Webhooks"</NavLink>
                <NavLink href="/gallery/branding" icon=Glyph::Branding>"Branding"</NavLink>
                <NavLink href="/gallery/events" icon=Glyph::Events>"Events"</NavLink>
                <NavLink href="/gallery/settings" icon=Glyph::Settings>"Settings"</NavLink>
            </NavGroup>
            <NavGroup label="Organization">
                <NavLink href="/gallery/members" icon=Glyph::Members>"Members"</NavLink>
                <NavLink href="/gallery/security" icon=Glyph::Security>"Security"</NavLink>
            </NavGroup>
            <NavFoot person="ada@example.com">
                <MenuLink href="/gallery" icon=Glyph::Person>"Profile"</MenuLink>
                <MenuLink href="/gallery" icon=Glyph::SignOut>"Sign out"</MenuLink>
            </NavFoot>
        </Nav>
    }
}

/// A part of the gallery.
#[component]
fn Part(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! { <Panel title>{children()}</Panel> }
}
