//! Opens a connect session without a backend.

use crate::api::connect_sessions::{ConnectLink, OpenConnectSession};
use crate::components::{Banner, Choice, Field, LinkButton, Look, Panel, SecretOnce, Select, Time, Tone};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::provider_configs::ProviderChoice;

#[component]
pub(super) fn Trial(
    open: ServerAction<OpenConnectSession>,
    opened: Signal<Option<ConnectLink>>,
    app: ApplicationId,
    configs: Vec<ProviderChoice>,
    confirmed: bool,
    look: Look,
) -> impl IntoView {
    let every = Choice::new("", "All active ones");
    let configs = configs.into_iter().map(|config| Choice::new(config.key, config.label));
    let choices = std::iter::once(every).chain(configs);
    view! {
        <Panel title="Try it yourself" text="Opens a connect session as your backend would.">
            {move || opened.get().map(|link| view! { <Opened link/> })}
            {confirmed.then(|| view! {
                <Banner tone=Tone::Neutral>"This application demands confirmation: without a backend that confirms, nothing stays connected."</Banner>
            })}
            <Form action=open submit="Create connect link" look listed_at=(paths::connect_sessions(app), "Connect sessions".to_owned())>
                <Hidden name="app" value=app.to_string()/>
                <Field name="end_user" label="End user id" value="user_42" mono=true
                    hint="Any id of your choosing; your backend uses its own."/>
                <Select name="provider" label="Provider" choices=choices.collect()/>
            </Form>
        </Panel>
    }
}

#[component]
fn Opened(link: ConnectLink) -> impl IntoView {
    view! {
        <SecretOnce label="Connect link" value=link.url.clone() copy="Copy connect link"/>
        <div class="row">
            <LinkButton href=link.url external=true>"Open connect link"</LinkButton>
            <span class="aside">"Ends "<Time at=link.expires_at/></span>
        </div>
    }
}
