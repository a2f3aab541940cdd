//! The rows.

use crate::components::{AccountStatus, Column, RowLink, Table, Time};
use crate::icons::ProviderIcon;
use leptos::prelude::*;
use model::connected_accounts::ConnectedAccountView;
use model::ids::ApplicationId;
use model::paths;
use model::provider_configs::ProviderChoice;

#[component]
pub(super) fn Rows(
    app: ApplicationId,
    accounts: Vec<ConnectedAccountView>,
    providers: Vec<ProviderChoice>,
    may_change: bool,
) -> impl IntoView {
    let columns = may_change.then(|| Column::silent("Choose")).into_iter().chain([
        Column::new("End user"),
        Column::new("State"),
        Column::new("Provider"),
        Column::new("Provider's account"),
        Column::new("Scopes"),
        Column::end("Last refresh"),
        Column::end("Last use"),
    ]);
    let rows = accounts.into_iter().map(move |account| {
        let config = providers.iter().find(|config| config.key == account.provider_config);
        let (name, icon) = config.map_or_else(
            || (account.provider.clone(), String::new()),
            |config| (config.label.clone(), config.icon.clone()),
        );
        let (who, below) = whose(&account);
        let end_user = account.end_user;
        let known_as = end_user.name.or(end_user.email);
        view! {
            <tr>
                {may_change.then(|| view! {
                    <td><div class="choice">
                        <input type="checkbox" name="id" value=account.id.to_string() aria-label=format!("Choose {}", end_user.id)/>
                    </div></td>
                })}
                <td>
                    <RowLink href=paths::connected_account(app, account.id)>{end_user.id}</RowLink>
                    {known_as.map(|text| view! { <small>{text}</small> })}
                </td>
                <td><AccountStatus of=account.status/></td>
                <td>
                    <div class="with-icon">
                        <ProviderIcon svg=icon size="small"/>
                        <div>{name}</div>
                    </div>
                </td>
                <td>{who}{below.map(|text| view! { <small>{text}</small> })}</td>
                <td>{scopes(&account.scopes, &account.missing_scopes)}</td>
                <td data-align="end">{or_never(account.last_refreshed_at)}</td>
                <td data-align="end">{or_never(account.last_used_at)}</td>
            </tr>
        }
    });
    view! { <Table caption="Connected accounts" columns=columns.collect()>{rows.collect_view()}</Table> }
}

/// The provider's account by the best name there is, and a second line.
fn whose(account: &ConnectedAccountView) -> (String, Option<String>) {
    let of = account.provider_account.clone();
    let mut names = account.label.clone().into_iter().chain(of.name).chain(of.email).chain(of.id);
    (names.next().unwrap_or_else(|| "–".into()), names.next())
}

fn scopes(granted: &[String], missing: &[String]) -> AnyView {
    let count = match granted {
        [] => "–".to_owned(),
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first} +{}", rest.len()),
    };
    let missing = (!missing.is_empty()).then(|| view! { <small>{format!("{} missing", missing.len())}</small> });
    view! { {count}{missing} }.into_any()
}

fn or_never(at: Option<String>) -> AnyView {
    at.map_or_else(|| "Never".into_any(), |at| view! { <Time at/> }.into_any())
}
