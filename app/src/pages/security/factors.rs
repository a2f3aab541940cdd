//! What the person can prove with besides the password.

use crate::api::second_factors::BeginAuthenticator;
use crate::components::{
    Badge, Column, LinkButton, Look, Panel, Properties, Property, RowLink, Table, Time, Tone, WithPasskeys,
    WithoutPasskeys,
};
use crate::form::Form;
use leptos::prelude::*;
use model::paths;
use model::second_factors::{PasskeyView, SecondFactorsView};

/// The authenticator app, the passkeys and the recovery codes.
#[component]
pub(super) fn Factors(factors: SecondFactorsView) -> impl IntoView {
    let two_steps = factors.second_factor();
    let text = if two_steps {
        "Signing in by password takes a second step."
    } else {
        "With one of these, a stolen password alone lets nobody in."
    };
    let left = factors.recovery_codes_left;
    view! {
        <Panel title="Second factors" text>
            <Properties>
                <Property term="Authenticator app"><App since=factors.authenticator_since/></Property>
                {two_steps.then(|| view! {
                    <Property term="Recovery codes">
                        {match left {
                            0 => view! { <Badge tone=Tone::Warn word="None left"/> }.into_any(),
                            1 => "1 left".into_any(),
                            left => format!("{left} left").into_any(),
                        }}
                        <LinkButton href=paths::RECOVERY_CODES>"New codes"</LinkButton>
                    </Property>
                })}
            </Properties>
        </Panel>
        <Panel title="Passkeys" text="They sign you in with your device's screen lock, with no password, and are second factors too."
            actions=move || factors.passkeys_possible.then(|| view! {
                <WithPasskeys><LinkButton href=paths::NEW_PASSKEY>"Add passkey"</LinkButton></WithPasskeys>
            })>
            {if factors.passkeys_possible {
                view! { <WithoutPasskeys text="Adding and using passkeys needs scripts, and a browser that has them."/> }.into_any()
            } else {
                view! { <p class="aside">"Browsers have passkeys for names only: open Keybearer under a host name instead of an address."</p> }.into_any()
            }}
            <Passkeys passkeys=factors.passkeys/>
        </Panel>
    }
}

#[component]
fn App(since: Option<String>) -> impl IntoView {
    let begin = ServerAction::<BeginAuthenticator>::new();
    match since {
        Some(at) => view! {
            <Badge tone=Tone::Good word="Set up"/>
            <Time at/>
            <LinkButton href=paths::REMOVE_AUTHENTICATOR>"Remove"</LinkButton>
        }
        .into_any(),
        None => {
            view! { <Form action=begin submit="Set up authenticator app" look=Look::Plain inline=true/> }.into_any()
        }
    }
}

#[component]
fn Passkeys(passkeys: Vec<PasskeyView>) -> impl IntoView {
    if passkeys.is_empty() {
        return view! { <p class="aside">"No passkeys yet."</p> }.into_any();
    }
    let rows = passkeys.into_iter().map(|passkey| {
        view! {
            <tr>
                <td><RowLink href=paths::passkey(passkey.id)>{passkey.name}</RowLink></td>
                <td data-align="end"><Time at=passkey.created_at/></td>
                <td data-align="end">{match passkey.last_used_at {
                    Some(at) => view! { <Time at/> }.into_any(),
                    None => "Never".into_any(),
                }}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Table caption="Passkeys" columns=vec![Column::new("Name"), Column::end("Added"), Column::end("Last used")]>{rows}</Table>
    }
    .into_any()
}
