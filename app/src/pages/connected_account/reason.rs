//! Why an account does not work, in words, and what to do next.

use crate::components::{Banner, Time, Tone};
use leptos::prelude::*;
use model::connected_accounts::{ConnectedAccountDetail, StatusReasonCode};

#[component]
pub(super) fn Reason(of: ConnectedAccountDetail, provider: String) -> impl IntoView {
    of.account.status_reason.map(|reason| {
        let (tone, next) = next_step(reason.code, &provider);
        view! {
            <Banner tone>
                <strong>{reason.detail}</strong>" "{next}" "<Time at=reason.at/>"."
            </Banner>
        }
    })
}

fn next_step(code: StatusReasonCode, provider: &str) -> (Tone, String) {
    use StatusReasonCode as Code;
    let again = "Create a reconnect link and send it to the end user.";
    match code {
        Code::RefreshRejected => (Tone::Warn, format!("{provider} no longer accepts the refresh token. {again}")),
        Code::RefreshInterrupted | Code::ExchangeInterrupted => {
            (Tone::Warn, format!("An answer of {provider} was lost on its way. {again}"))
        }
        Code::Superseded => {
            (Tone::Warn, format!("The same user consented again, which ended the tokens of this account. {again}"))
        }
        Code::DeauthorizedAtProvider => (Tone::Warn, format!("The app was removed at {provider}. {again}")),
        Code::ExpiredIdle => (Tone::Warn, format!("{provider} forgets what is not used for long. {again}")),
        Code::ScopesChanged => (Tone::Warn, format!("The scopes at {provider} changed. {again}")),
        Code::ClientRemoved | Code::RevokedByEndUser | Code::RevokedByApplication | Code::RevokedByMember => {
            (Tone::Neutral, "This is final: to connect again, the end user makes a new connected account.".into())
        }
    }
}
