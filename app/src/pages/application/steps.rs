//! From nothing to a token, step by step, with what is done ticked off.

use crate::api::Within;
use crate::api::applications::Overview;
use crate::components::{Code, Guide, LinkButton, Panel, Step};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::paths;

#[component]
pub(super) fn Steps(of: Within<Overview>) -> impl IntoView {
    let (app, figures) = (of.id, of.here.figures);
    let (session, token) = (session_snippet(&of.here), token_snippet(&of.here));
    let (provider, key) = (figures.provider_configs > 0, figures.api_keys > 0);
    let connected = figures.active_accounts + figures.accounts_needing_reconnect > 0;
    let fetched = of.here.newest.as_ref().is_some_and(|account| account.last_used_at.is_some());
    let may_change = of.may_change;
    view! {
        <Panel title="From here to a token" text="What it takes until your backend calls a provider for an end user.">
            <Guide>
                <Step title="Add a provider" done=provider>
                    <p>"Set up an OAuth app at the provider and save its credentials here."</p>
                    {(!provider && may_change).then(|| view! {
                        <div class="row"><LinkButton href=paths::catalogue(app) icon=Glyph::Plus>"Choose a provider"</LinkButton></div>
                    })}
                </Step>
                <Step title="Create an API key" done=key>
                    <p>"Your backend signs in with it. Keep it on the server, never in a browser or an app."</p>
                    {(!key && may_change).then(|| view! {
                        <div class="row"><LinkButton href=paths::api_keys(app) icon=Glyph::ApiKeys>"Create an API key"</LinkButton></div>
                    })}
                </Step>
                <Step title="Send an end user to connect" done=connected>
                    <p>"Create a connect session and send the end user's browser to the url in the answer."</p>
                    <Code label="Create a connect session" text=session/>
                </Step>
                <Step title="Fetch a token" done=fetched>
                    <p>"Ask each time you call the provider: the token is refreshed when it is due."</p>
                    <Code label="Fetch a token" text=token/>
                </Step>
            </Guide>
        </Panel>
    }
}

fn session_snippet(of: &Overview) -> String {
    let providers =
        of.provider_configs.first().map_or(String::new(), |config| format!(", \"providers\": [\"{}\"]", config.key));
    let origin = &of.origin;
    format!(
        "curl {origin}/v1/connect-sessions \\\n  -H \"Authorization: Bearer $KEYBEARER_API_KEY\" \\\n  \
         -H \"Content-Type: application/json\" \\\n  -d '{{\"end_user\": {{\"id\": \"user_42\"}}{providers}}}'"
    )
}

fn token_snippet(of: &Overview) -> String {
    let (origin, account) =
        (&of.origin, of.newest.as_ref().map_or("ca_…".to_owned(), |account| account.id.to_string()));
    format!(
        "curl -X POST {origin}/v1/connected-accounts/{account}/token \\\n  \
         -H \"Authorization: Bearer $KEYBEARER_API_KEY\""
    )
}
