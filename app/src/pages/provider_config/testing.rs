//! Trying a provider config out with an account of one's own.

use crate::api::connect_sessions::ConnectLink;
use crate::api::connection_tests::BeginConnectionTest;
use crate::components::{Look, Panel, Properties, Property, TestStatus, Time};
use crate::form::{Form, Hidden, answer};
use leptos::prelude::*;
use model::connection_tests::{ConnectionTestView, TestUnderWay};
use model::ids::ApplicationId;
use model::paths;

/// The button, the link that it gives, and the last report.
#[component]
pub(super) fn Testing(
    begin: ServerAction<BeginConnectionTest>,
    app: ApplicationId,
    key: String,
    name: String,
    last: Option<ConnectionTestView>,
    under_way: Option<TestUnderWay>,
    may_change: bool,
) -> impl IntoView {
    let opened = answer(begin);
    let under_way = StoredValue::new(under_way);
    let link = move || opened.get().map(link_of).or_else(|| under_way.get_value());
    let report = last.map(|last| {
        let href = paths::connection_test(app, &key, last.id);
        let at = last.finished_at.clone().unwrap_or(last.created_at);
        view! { <TestStatus of=last.state/><a href=href>"Report"</a><Time at/> }
    });
    let last = report.map_or_else(|| "Never".into_any(), IntoAny::into_any);
    let shown = name.clone();
    let key = StoredValue::new(key);
    let form = move || {
        may_change.then(|| {
            view! {
                <Form action=begin submit="Test connection" look=Look::Plain inline=true key="test" listed_at=(paths::provider_config(app, &key.get_value()), "Provider".to_owned())>
                    <Hidden name="app" value=app.to_string()/>
                    <Hidden name="key" value=key.get_value()/>
                </Form>
            }
        })
    };
    view! {
        <Panel title="Test connection" text=format!("Connects your own account at {name}, refreshes it at once, reports what works and gives everything back. No connected account comes of it.")>
            <Properties><Property term="Last tested">{last}</Property></Properties>
            {move || match link() {
                Some(link) => view! { <Onwards link name=shown.clone()/> }.into_any(),
                None => form().into_any(),
            }}
        </Panel>
    }
}

fn link_of(link: ConnectLink) -> TestUnderWay {
    TestUnderWay { url: link.url, expires_at: link.expires_at }
}

#[component]
fn Onwards(link: TestUnderWay, name: String) -> impl IntoView {
    view! {
        <div class="row">
            // rel=external is the link's own: it leaves the portal and comes back to the report.
            <a class="button" data-look="plain" href=link.url rel="external"><span>"Continue to "{name}</span></a>
            <span class="aside">"Ends "<Time at=link.expires_at/></span>
        </div>
    }
}
