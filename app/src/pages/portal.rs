//! What surrounds the pages of members: the sidebar.

use crate::api::people::{self, read_portal};
use crate::components::{Layout, Main, MenuLink, Nav, NavFoot, NavGroup, NavLink, Switcher};
use crate::form::Hidden;
use crate::icons::{Glyph, Icon};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use model::ids::ApplicationId;
use model::paths;
use model::people::Role;

/// Reads the sidebar again, after an application was renamed. Context of all pages within.
#[derive(Clone, Copy)]
pub(super) struct Renamed(pub(super) RwSignal<u32>);

/// The sidebar and the page. Both wait for the server beside each other, in any order, so nothing in the sidebar may be
/// numbered for hydration: no [`crate::form::Form`] and no `SharedValue`. The page's own are then numbered alike on both
/// sides.
#[component]
pub fn Portal() -> impl IntoView {
    let path = use_location().pathname;
    let app = Memo::new(move |_| application_of(&path.get()));
    let renamed = RwSignal::new(0);
    provide_context(Renamed(renamed));
    let portal = Resource::new(move || (app.get(), renamed.get()), |_| read_portal());
    view! {
        <Layout>
            <Nav>
                <Transition>
                    {move || Suspend::new(async move {
                        // A page that cannot be read says why by itself.
                        portal.await.ok().map(|portal| view! { <Sidebar portal app/> })
                    })}
                </Transition>
            </Nav>
            <Main><Outlet/></Main>
        </Layout>
    }
}

#[component]
fn Sidebar(portal: people::Portal, app: Memo<Option<ApplicationId>>) -> impl IntoView {
    let applications = StoredValue::new(portal.applications);
    let organization = StoredValue::new(portal.member.organization_name);
    let known = move || app.get().filter(|app| applications.with_value(|all| all.iter().any(|known| known.id == *app)));
    let switcher = move || {
        let applications = applications.get_value();
        let current = applications.iter().find(|known| Some(known.id) == app.get()).map(|known| known.name.clone());
        let choices = applications.into_iter().map(|known| (known.name, paths::application(known.id))).collect();
        let (organization, application) = (organization.get_value(), current.unwrap_or_default());
        view! { <Switcher organization application choices all=paths::APPLICATIONS/> }
    };
    let reads_log = portal.member.role.includes(Role::Admin);
    view! {
        {switcher}
        {move || match known() {
            Some(app) => view! { <ApplicationLinks app/> }.into_any(),
            None => view! {
                <NavGroup><NavLink href=paths::APPLICATIONS icon=Glyph::Applications>"Applications"</NavLink></NavGroup>
            }.into_any(),
        }}
        <NavGroup label="Organization">
            <NavLink href=paths::MEMBERS icon=Glyph::Members>"Members"</NavLink>
            <NavLink href=paths::ORGANIZATION icon=Glyph::Settings>"Organization settings"</NavLink>
            {reads_log.then(|| view! {
                <NavLink href=paths::ORGANIZATION_EVENTS icon=Glyph::Events>"Organization events"</NavLink>
            })}
        </NavGroup>
        <NavGroup label="You">
            <NavLink href=paths::PROFILE icon=Glyph::Person>"Profile"</NavLink>
            <NavLink href=paths::SECURITY icon=Glyph::Security>"Security"</NavLink>
        </NavGroup>
        <NavFoot person=portal.member.email>
            <MenuLink href=paths::PROFILE icon=Glyph::Person>"Profile"</MenuLink>
            // No page of the portal: the browser loads it.
            <a class="menu-link" href=paths::DOCS rel="external"><Icon of=Glyph::Book/><span>"API reference"</span></a>
            // A plain form: the page is loaded anew, so that nothing of the session stays in the browser.
            <form method="post">
                <Hidden name="_action" value=people::SignOut::PATH/>
                <button class="menu-link"><Icon of=Glyph::SignOut/><span>"Sign out"</span></button>
            </form>
        </NavFoot>
    }
}

#[component]
fn ApplicationLinks(app: ApplicationId) -> impl IntoView {
    view! {
        <NavGroup>
            <NavLink href=paths::application(app) icon=Glyph::Overview exact=true>"Overview"</NavLink>
            <NavLink href=paths::providers(app) icon=Glyph::Providers>"OAuth providers"</NavLink>
            <NavLink href=paths::connected_accounts(app) icon=Glyph::ConnectedAccounts>"Connected accounts"</NavLink>
            <NavLink href=paths::connect_sessions(app) icon=Glyph::ConnectSessions>"Connect sessions"</NavLink>
            <NavLink href=paths::api_keys(app) icon=Glyph::ApiKeys>"API keys"</NavLink>
            <NavLink href=paths::webhook_endpoints(app) icon=Glyph::Webhooks>"Webhooks"</NavLink>
            <NavLink href=paths::events(app) icon=Glyph::Events>"Events"</NavLink>
            <NavLink href=paths::branding(app) icon=Glyph::Branding>"Branding"</NavLink>
            <NavLink href=paths::application_settings(app) icon=Glyph::Settings>"Settings"</NavLink>
        </NavGroup>
    }
}

/// The application that an address is about.
fn application_of(path: &str) -> Option<ApplicationId> {
    path.strip_prefix(paths::APPLICATIONS)?.strip_prefix('/')?.split('/').next()?.parse().ok()
}
