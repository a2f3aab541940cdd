//! What is wrong with an account, why, and the button for the next step.

use super::These;
use crate::api::connected_accounts::MakeReconnectLink;
use crate::components::{LinkButton, Look, Time, Tone, Trouble};
use crate::form::Form;
use leptos::prelude::*;
use model::connected_accounts::{ConnectedAccountDetail, ConnectedAccountView};
use model::ids::ApplicationId;
use model::paths;
use model::timeline::TroubleKind;

#[component]
pub(super) fn InTrouble(
    app: ApplicationId,
    of: ConnectedAccountDetail,
    link: ServerAction<MakeReconnectLink>,
    may_change: bool,
) -> impl IntoView {
    let ConnectedAccountDetail { account, trouble, .. } = of;
    trouble.map(|trouble| {
        let tone = match trouble.kind {
            TroubleKind::ConfigRejected => Tone::Bad,
            TroubleKind::NeedsReconnect | TroubleKind::RefreshesFail | TroubleKind::ConfigDisabled => Tone::Warn,
            TroubleKind::Revoked => Tone::Neutral,
        };
        // The stored reason of a lost account ends with what to do.
        let next = (trouble.kind != TroubleKind::NeedsReconnect).then_some(trouble.next_step);
        view! {
            <Trouble tone title=trouble.cause>
                {trouble.detail.map(|detail| view! { <p>{detail}</p> })}
                {next.map(|next| view! { <p>{next}</p> })}
                <When kind=trouble.kind since=trouble.since retry_at=trouble.retry_at/>
                <Help app account kind=trouble.kind link may_change/>
            </Trouble>
        }
    })
}

#[component]
fn When(kind: TroubleKind, since: Option<String>, retry_at: Option<String>) -> impl IntoView {
    let label = match kind {
        TroubleKind::RefreshesFail | TroubleKind::ConfigRejected => "Last failure: ",
        TroubleKind::NeedsReconnect | TroubleKind::Revoked | TroubleKind::ConfigDisabled => "Since: ",
    };
    since.map(|at| {
        let next = retry_at.map(|at| view! { ". Next try: "<Time at/> });
        view! { <p>{label}<Time at/>{next}</p> }
    })
}

#[component]
fn Help(
    app: ApplicationId,
    account: ConnectedAccountView,
    kind: TroubleKind,
    link: ServerAction<MakeReconnectLink>,
    may_change: bool,
) -> impl IntoView {
    match kind {
        TroubleKind::NeedsReconnect if may_change => view! {
            <div class="row">
                <Form action=link submit="Create reconnect link" look=Look::Primary inline=true key="link" listed_at=(paths::connect_sessions(app), "Connect sessions".to_owned())>
                    <These app account=account.id/>
                </Form>
            </div>
        }
        .into_any(),
        TroubleKind::ConfigRejected | TroubleKind::ConfigDisabled => view! {
            <div class="row">
                <LinkButton href=paths::provider_config(app, &account.provider_config)>"Open the provider config"</LinkButton>
            </div>
        }
        .into_any(),
        TroubleKind::NeedsReconnect | TroubleKind::Revoked | TroubleKind::RefreshesFail => ().into_any(),
    }
}
