//! From nothing to a token, step by step: what is done is ticked off, and one step is next.

use crate::components::{Guide, LinkButton, Look, Panel, Step};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::applications::FirstSteps;
use model::ids::ApplicationId;
use model::paths;

/// The step that is next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Provider,
    Try,
    Key,
    Code,
}

impl Next {
    pub(super) fn of(steps: FirstSteps) -> Option<Self> {
        [
            (steps.provider, Self::Provider),
            (steps.tried || steps.from_code || steps.connected, Self::Try),
            (steps.key, Self::Key),
            (steps.from_code, Self::Code),
        ]
        .into_iter()
        .find_map(|(done, step)| (!done).then_some(step))
    }
}

#[component]
pub(super) fn Steps(app: ApplicationId, steps: FirstSteps, next: Option<Next>, may_change: bool) -> impl IntoView {
    let action = move |step: Next, href: String, icon: Glyph, label: &'static str| {
        (next == Some(step) && may_change).then(|| {
            view! { <div class="row"><LinkButton href icon=icon look=Look::Primary>{label}</LinkButton></div> }
        })
    };
    view! {
        <Panel title="From here to a token" text="What it takes until your backend calls a provider for an end user.">
            <Guide>
                <Step title="Add a provider" done=steps.provider>
                    <p>"Set up an OAuth app at the provider and save its credentials here."</p>
                    {action(Next::Provider, paths::catalogue(app), Glyph::Plus, "Choose a provider")}
                </Step>
                <Step title="Try it yourself" done=steps.tried || steps.from_code || steps.connected>
                    <p>"Create a connect link and open it as your end user would. What you connect appears under Connected accounts."</p>
                </Step>
                <Step title="Create an API key" done=steps.key>
                    <p>"Your backend signs in with it. Keep it on the server, never in a browser or an app."</p>
                    {action(Next::Key, paths::api_keys(app), Glyph::ApiKeys, "Create an API key")}
                </Step>
                <Step title="Connect from code" done=steps.from_code && steps.connected>
                    <p>"Run the snippets below: open a connect session, send the end user's browser to its url, then fetch a token."</p>
                </Step>
            </Guide>
        </Panel>
    }
}
