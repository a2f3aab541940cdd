//! A provider config: its state, its credentials, and what can be done with it.

mod clients;
mod testing;

use super::address::{part, visits};
use super::provider_entry::{Newer, OwnEntry};
use super::provider_form::ProviderForm;
use super::provider_guide::{AtAGlance, Mistakes};
use super::provider_readiness::ReadinessList;
use crate::api::Within;
use crate::api::connection_tests::BeginConnectionTest;
use crate::api::provider_clients::EndClientSecret;
use crate::api::provider_configs::{
    RemoveProviderConfig, SaveProviderConfig, SetProviderConfigDisabled, SetUp, VerifyProviderConfig,
    read_provider_config,
};
use crate::components::{
    Banner, Columns, ConfigState, Confirm, ConfirmLink, Copy, Load, Look, PageHeader, Panel, Properties, Property,
    Time, Tone,
};
use crate::form::{Form, Hidden};
use clients::Clients;
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::provider_configs::{ProviderConfigState, ProviderConfigView, counted};
use model::provider_health::Urgency;
use model::providers::EventsWords;
use testing::Testing;

/// A provider config.
#[component]
pub fn ProviderConfig() -> impl IntoView {
    let (app, key, again) = (part("app"), part("key"), visits());
    let read =
        Resource::new(move || (app.get(), key.get(), again.get()), |(app, key, _)| read_provider_config(app, key));
    let actions = Actions {
        save: ServerAction::new(),
        verify: ServerAction::new(),
        disable: ServerAction::new(),
        remove: ServerAction::new(),
        begin: ServerAction::new(),
        end: ServerAction::new(),
    };
    view! {
        <Load from=read what="The provider" view=move |read| view! { <Found actions read/> }/>
    }
}

#[derive(Clone, Copy)]
struct Actions {
    save: ServerAction<SaveProviderConfig>,
    verify: ServerAction<VerifyProviderConfig>,
    disable: ServerAction<SetProviderConfigDisabled>,
    remove: ServerAction<RemoveProviderConfig>,
    begin: ServerAction<BeginConnectionTest>,
    end: ServerAction<EndClientSecret>,
}

#[component]
fn Found(actions: Actions, read: Within<SetUp>) -> impl IntoView {
    let config = read.here.config.clone();
    config.map(|config| view! { <Page actions read config/> })
}

#[component]
fn Page(actions: Actions, read: Within<SetUp>, config: ProviderConfigView) -> impl IntoView {
    let Within { id, name, may_change, here, .. } = read;
    let provider = here.provider.clone();
    let key = config.key.clone();
    let newer = here.newer.clone().map(|offer| view! { <Newer app=id key offer/> }.into_any());
    let slug = here.provider.summary.slug.clone();
    let own = here.custom.then(|| view! { <OwnEntry app=id slug may_change/> });
    let detail = here.detail.clone().map(|detail| {
        let (key, name) = (config.key.clone(), config.provider.name.clone());
        view! {
            <Testing begin=actions.begin app=id key=key.clone() name last=detail.last_test under_way=detail.under_way may_change/>
            <Clients end=actions.end app=id key of=detail.clients may_change/>
            <ReadinessList of=detail.readiness/>
        }
    });
    let badge = {
        let config = config.clone();
        move || view! { <ConfigState of=config.clone()/> }
    };
    let beside = move || view! { <AtAGlance of=provider.clone()/><Mistakes of=provider.clone()/> };
    let credentials = if may_change {
        view! { <ProviderForm save=actions.save app=id of=here/> }.into_any()
    } else {
        view! { <Stored config=config.clone() words=here.provider.events.clone()/> }.into_any()
    };
    view! {
        <PageHeader title=config.provider.name.clone() of=name icon=config.provider.icon.clone() badge
            back=(paths::providers(id), "OAuth providers".to_owned())/>
        <Told of=config.clone() newer/>
        <Columns beside>
            <Panel title="Credentials">{credentials}</Panel>
            {detail}
            <Status app=id verify=actions.verify config=config.clone() may_change/>
            {own}
            {may_change.then(|| view! { <Ending app=id actions config/> })}
        </Columns>
    }
}

/// What somebody must know who comes here because something does not work: one notice, of the worst there is. `newer` is
/// said where nothing is wrong.
#[component]
fn Told(of: ProviderConfigView, newer: Option<AnyView>) -> impl IntoView {
    let name = of.provider.name;
    let attention = of.health.attention;
    match of.state {
        ProviderConfigState::Rejected => {
            let words = of.rejection.unwrap_or_default();
            view! {
                <Banner tone=Tone::Bad>
                    {name}" refuses these credentials: “"<strong>{words}</strong>
                    "”. New connects and refreshes have stopped; tokens that are still valid are served. Check the credentials and save them again."
                </Banner>
            }
            .into_any()
        }
        _ if !attention.is_empty() => {
            let now = attention.iter().any(|attention| attention.urgency == Urgency::Now);
            let words: Vec<_> = attention.into_iter().map(|attention| format!("{}.", attention.words)).collect();
            let off = (of.state == ProviderConfigState::Disabled).then_some(" Switched off.");
            view! { <Banner tone=if now { Tone::Bad } else { Tone::Warn }>{words.join(" ")}{off}</Banner> }.into_any()
        }
        ProviderConfigState::Disabled => view! {
            <Banner tone=Tone::Neutral>"Switched off: nobody can connect, and no tokens are handed out."</Banner>
        }
        .into_any(),
        ProviderConfigState::Active | ProviderConfigState::Removed => newer.into_any(),
    }
}

/// The credentials for those who may not change them.
#[component]
fn Stored(config: ProviderConfigView, words: Option<EventsWords>) -> impl IntoView {
    let secret = if config.webhook_secret_stored { "Stored" } else { "Not stored" };
    let events = words.zip(config.provider_events_url).map(|(words, text)| {
        view! {
            <Property term=words.secret_label>{secret}</Property>
            <Property term="Provider events URL"><Copy label="Copy provider events URL" text/></Property>
        }
    });
    view! {
        <Properties>
            <Property term="Redirect URI"><Copy label="Copy redirect URI" text=config.redirect_uri/></Property>
            <Property term="Client ID"><code>{config.client_id}</code></Property>
            <Property term="Client Secret">{format!("Stored, ends in {}", config.client_secret_ends)}</Property>
            <Property term="Scopes you expect">{or_dash(config.scopes.join(", "))}</Property>
            {events}
        </Properties>
    }
}

#[component]
fn Status(
    app: ApplicationId,
    verify: ServerAction<VerifyProviderConfig>,
    config: ProviderConfigView,
    may_change: bool,
) -> impl IntoView {
    let accounts = format!("{}?provider={}", paths::connected_accounts(app), config.key);
    let scopes = paths::scopes(app, &config.key);
    let (works, lost) = (config.active_accounts, config.accounts_needing_reconnect);
    let key = config.key.clone();
    let actions = move || {
        let key = key.clone();
        may_change.then(|| {
            view! {
                <Form action=verify submit="Verify now" look=Look::Plain inline=true key="verify">
                    <Hidden name="app" value=app.to_string()/>
                    <Hidden name="key" value=key/>
                </Form>
            }
        })
    };
    view! {
        <Panel title="Status" actions>
            <Properties>
                <Property term="Verified">{or_never(config.verified_at)}</Property>
                <Property term="Last checked">{or_never(config.probed_at)}</Property>
                <Property term="Connected accounts">
                    <a href=accounts>{format!("{} working, {} to reconnect", counted(works), counted(lost))}</a>
                </Property>
                <Property term="Scopes"><a href=scopes>"Reference, grants and who must re-authorize"</a></Property>
                <Property term="Key"><code>{config.key}</code></Property>
                <Property term="Added"><Time at=config.created_at/></Property>
                <Property term="Changed"><Time at=config.updated_at/></Property>
            </Properties>
        </Panel>
    }
}

#[component]
fn Ending(app: ApplicationId, actions: Actions, config: ProviderConfigView) -> impl IntoView {
    let name = config.provider.name.clone();
    let (key, off) = (config.key.clone(), config.state == ProviderConfigState::Disabled);
    let (label, text, word) = if off {
        ("Enable", format!("{name} is switched off."), "off")
    } else {
        (
            "Disable",
            format!("Switches {name} off for now: nobody can connect, no tokens are handed out, nothing is lost."),
            "on",
        )
    };
    let ids = StoredValue::new((app.to_string(), key));
    let these = move || {
        let (app, key) = ids.get_value();
        view! { <Hidden name="app" value=app/><Hidden name="key" value=key/> }
    };
    let switch = move || {
        view! {
            <Form action=actions.disable submit=label look=Look::Plain inline=true key="switch">
                {these()}
                <Hidden name="disabled" value=word/>
            </Form>
        }
    };
    let question = StoredValue::new((format!("Remove {name}?"), super::provider_config_remove::consequence(&config)));
    let href = paths::remove_provider_config(app, &config.key);
    let remove = move || {
        let (title, consequence) = question.get_value();
        view! {
            <ConfirmLink id="remove" href=href.clone() label="Remove" title>
                <Confirm consequence>
                    <Form action=actions.remove submit="Remove provider" look=Look::Danger key="remove">{these()}</Form>
                </Confirm>
            </ConfirmLink>
        }
    };
    view! {
        <Panel title=format!("{label} this provider") text actions=switch/>
        <Panel title="Remove this provider" tone=Tone::Bad actions=remove
            text="Revokes its connected accounts here and at the provider, and forgets the credentials."/>
    }
}

fn or_never(at: Option<String>) -> AnyView {
    at.map_or_else(|| "Never".into_any(), |at| view! { <Time at/> }.into_any())
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".into() } else { text }
}
