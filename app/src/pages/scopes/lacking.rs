//! Whose grant lacks a requested scope, with a reconnect link for one or for all of the page.

use super::super::paging::{Pages, Unreadable};
use super::{codes, number};
use crate::api::scopes::{MakeLinkForScopes, MakeLinksForScopes};
use crate::components::{LinksOnce, Look, Panel, SecretOnce, Time};
use crate::form::{Form, Hidden, answer};
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::lists::{BothWays, Mistakes};
use model::paths;
use model::scopes::{LackingAccount, ReconnectLink, ScopesView};

const HINT: &str =
    "Each can only renew its account, and only by the provider's user who connected it. They end after 7 days.";

#[component]
pub(super) fn Lacking(
    app: ApplicationId,
    may_change: bool,
    links: ServerAction<MakeLinksForScopes>,
    made: Signal<Option<Vec<ReconnectLink>>>,
    of: ScopesView,
    page: BothWays<LackingAccount>,
    mistakes: Mistakes,
    pairs: Vec<(&'static str, String)>,
) -> impl IntoView {
    let path = paths::scopes(app, &of.key);
    let may_link = may_change && of.works;
    let text = told(&of);
    let ids: Vec<_> = page.data.iter().map(|line| line.account.to_string()).collect();
    let count = ids.len();
    let ids = StoredValue::new(ids.join(" "));
    let actions = move || {
        (may_link && count > 1).then(|| {
            view! {
                <Form action=links submit=format!("Create {count} links") look=Look::Plain inline=true key="links" listed_at=(paths::connect_sessions(app), "Connect sessions".to_owned())>
                    <Hidden name="app" value=app.to_string()/>
                    <Hidden name="accounts" value=ids.get_value()/>
                </Form>
            }
        })
    };
    if !mistakes.is_empty() {
        return view! { <Panel title="Who must re-authorize" text><Unreadable mistakes whole=path/></Panel> }
            .into_any();
    }
    if page.data.is_empty() {
        return view! { <Panel title="Who must re-authorize" text/> }.into_any();
    }
    let lines = page.data.into_iter().map(|line| view! { <Line app may_link line/> }).collect_view();
    view! {
        <Panel title="Who must re-authorize" text actions>
            {move || made.get().map(|links| view! { <Made links/> })}
            <ul class="renewals" aria-label="Accounts that lack scopes">{lines}</ul>
            <Pages path pairs newer=page.newer older=page.older/>
        </Panel>
    }
    .into_any()
}

/// The state of things in a sentence or two.
fn told(of: &ScopesView) -> String {
    let name = &of.provider.name;
    if of.requested.is_empty() {
        let named = if of.sent { "your app needs" } else { "your app has there" };
        return format!("Unknown: name the scopes that {named}, and whoever lacks one of them stands here.");
    }
    if of.lacking == 0 {
        return "Nobody: every active account has each scope that you expect.".to_owned();
    }
    let who = if of.lacking == 1 {
        "1 active account lacks".to_owned()
    } else {
        format!("{} active accounts lack", number(of.lacking, of.at_least))
    };
    let blocked =
        if of.works { "" } else { " No links can be made now, since this set-up is switched off or refused." };
    format!(
        "{who} a scope that you expect. Until its end user authorizes again at {name}, an account keeps the grant it has.{blocked}"
    )
}

#[component]
fn Line(app: ApplicationId, may_link: bool, line: LackingAccount) -> impl IntoView {
    let action = ServerAction::<MakeLinkForScopes>::new();
    let (made, id) = (answer(action), line.account);
    let mut names: Vec<_> = line.end_user_name.into_iter().chain(line.provider_user).collect();
    names.dedup();
    let end_user = line.end_user.clone();
    let form = may_link.then(|| {
        view! {
            <Form action submit="Create reconnect link" look=Look::Plain inline=true key=id.to_string() listed_at=(paths::connect_sessions(app), "Connect sessions".to_owned())>
                <Hidden name="app" value=app.to_string()/>
                <Hidden name="account" value=id.to_string()/>
            </Form>
        }
    });
    let link = move || {
        let link = made.get().filter(|link| link.account == id)?;
        Some(view! {
            <div class="renewal-link">
                <SecretOnce label=format!("Reconnect link for {}", link.end_user) value=link.url copy="Copy reconnect link"
                    hint="It can only renew this account, and only by the provider's user who connected it."/>
                <p class="aside">"Ends "<Time at=link.expires_at/></p>
            </div>
        })
    };
    view! {
        <li class="renewal">
            <div>
                <a href=paths::connected_account(app, id)>{end_user}</a>
                <p>{names.join(", ")}</p>
            </div>
            <div class="renewal-lacks"><span>"Lacks"</span>{codes(line.missing)}</div>
            {form}
            {link}
        </li>
    }
}

#[component]
fn Made(links: Vec<ReconnectLink>) -> impl IntoView {
    let label = match links.len() {
        1 => "1 reconnect link".to_owned(),
        count => format!("{count} reconnect links"),
    };
    let csv = csv(&links);
    let links = links.into_iter().map(|link| (link.end_user, link.url)).collect();
    view! { <LinksOnce label links csv file="reconnect-links.csv" hint=HINT/> }
}

/// RFC 4180, with a head. A cell that a spreadsheet would take for a formula is text.
fn csv(links: &[ReconnectLink]) -> String {
    let cell = |text: &str| {
        let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
    };
    let line = |link: &ReconnectLink| {
        let cells = [cell(&link.end_user), cell(&link.account.to_string()), cell(&link.url), cell(&link.expires_at)];
        cells.join(",") + "\r\n"
    };
    "end_user,connected_account,link,ends\r\n".to_owned() + &links.iter().map(line).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ids::ConnectedAccountId;

    #[test]
    fn a_file_of_links_holds_no_formulas() {
        let link = ReconnectLink {
            account: ConnectedAccountId::FIRST,
            end_user: "=1+\"1\"".to_owned(),
            url: "https://v.example/connect/x".to_owned(),
            expires_at: "2026-12-03".to_owned(),
        };
        let lines = csv(&[link]);
        let (head, line) = lines.split_once("\r\n").unwrap_or_default();
        assert_eq!(head, "end_user,connected_account,link,ends");
        assert!(line.starts_with("\"'=1+\"\"1\"\"\",\"ca_"), "{line}");
    }
}
