//! The filters.

use crate::api::connected_accounts::asked::AccountFields;
use crate::components::{Choice, Field, Filters, MoreFilters, Select};
use leptos::prelude::*;
use model::connected_accounts::{ConnectedAccountStatus, StatusReasonCode};
use model::lists::Mistakes;
use model::provider_configs::ProviderChoice;

/// The search box, what is used most, and the rest behind a summary that is open while any of it is set.
#[component]
pub(super) fn Narrow(fields: AccountFields, providers: Vec<ProviderChoice>, mistakes: Mistakes) -> impl IntoView {
    let any = || std::iter::once(Choice::new("", "Any"));
    let providers = any().chain(providers.into_iter().map(|choice| Choice::new(choice.key, choice.label))).collect();
    let status = |of: ConnectedAccountStatus, word: &str| Choice::new(of.as_str(), word);
    let statuses = any()
        .chain([
            status(ConnectedAccountStatus::Active, "Active"),
            status(ConnectedAccountStatus::NeedsReconnect, "Needs reconnect"),
            status(ConnectedAccountStatus::Revoked, "Revoked"),
        ])
        .collect();
    let reason = |code: &StatusReasonCode| Choice::new(code.as_str(), capital(&code.as_str().replace('_', " ")));
    let reasons = any().chain(StatusReasonCode::ALL.iter().map(reason)).collect();
    let unused = any()
        .chain(
            [("never", "Never used"), ("30", "Not for 30 days"), ("90", "Not for 90 days"), ("365", "Not for a year")]
                .map(|(value, label)| Choice::new(value, label)),
        )
        .collect();
    let rest = [&fields.end_user, &fields.group, &fields.reason, &fields.unused, &fields.from, &fields.to];
    let open = rest.iter().any(|value| !value.is_empty());
    view! {
        <Filters mistakes>
            <Field name="q" label="Search" kind="search" value=fields.search placeholder="Id, name or e-mail begins with"/>
            <Select name="status" label="Status" value=fields.status choices=statuses/>
            <Select name="provider" label="Provider" value=fields.provider choices=providers/>
            <MoreFilters open>
                <Field name="end_user" label="End user id" value=fields.end_user placeholder="user_42"/>
                <Field name="group" label="Group" value=fields.group/>
                <Select name="reason" label="Reason" value=fields.reason choices=reasons/>
                <Select name="unused" label="Use" value=fields.unused choices=unused/>
                <Field name="from" label="Connected from" kind="date" value=fields.from/>
                <Field name="to" label="Connected until" kind="date" value=fields.to/>
            </MoreFilters>
        </Filters>
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| format!("{}{}", first.to_uppercase(), chars.as_str())).unwrap_or_default()
}
