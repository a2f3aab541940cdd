//! `/connect/manage/{link}`: an end user sees what it has connected, ends it, or connects it again.

mod pages;

use super::link::field;
use super::page::see_other;
use super::problems;
use super::visit::Visit;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use model::ids::ConnectedAccountId;
use model::paths;
use vault::{EndUserCaller, LinkPage, ManageLink, VaultError};

/// Every account. After a disconnect the address names what is over, so that the page can be loaded again.
pub(crate) async fn show(visit: Visit, Path(link): Path<String>, RawQuery(query): RawQuery) -> Response {
    let caller = match enter(&visit, &link).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let vault = &visit.state.vault;
    let over = match query.as_deref().and_then(disconnected) {
        // Somebody else's is as good as none.
        Some(id) => vault.own_account(&caller, id).await.ok(),
        None => None,
    };
    match vault.own_accounts(&caller).await {
        Ok(own) => pages::accounts(&visit, &link, own, over),
        Err(error) => problems::failure(&visit.of_manage_link(&link).await, error),
    }
}

/// Reconnect: goes on to the connect page of the account that needs it.
pub(crate) async fn reconnect(visit: Visit, Path(link): Path<String>, form: Bytes) -> Response {
    let caller = match enter(&visit, &link).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let Some(id) = field(&form, "account").and_then(|id| id.parse().ok()) else {
        return see_other(&paths::manage(&link));
    };
    match visit.state.vault.reconnect_own_account(&caller, id).await {
        Ok(address) => see_other(&address),
        Err(error) => problems::failure(&visit.of_manage_link(&link).await, error),
    }
}

/// Asks before an account is disconnected.
pub(crate) async fn ask(visit: Visit, Path((link, id)): Path<(String, String)>) -> Response {
    let (caller, id) = match account(&visit, &link, &id).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let vault = &visit.state.vault;
    let (own, account) = match (vault.own_accounts(&caller).await, vault.own_account(&caller, id).await) {
        (Ok(own), Ok(account)) => (own, account),
        (_, Err(VaultError::NotFound)) => {
            return problems::link(&visit.of_manage_link(&link).await, &LinkPage::Unknown);
        }
        (Err(error), _) | (_, Err(error)) => return problems::failure(&visit.of_manage_link(&link).await, error),
    };
    // Disconnected already: the list says so.
    if !own.accounts.iter().any(|known| known.id == id) {
        return see_other(&over(&link, id));
    }
    pages::ask(&visit, &link, &own, account)
}

/// Disconnects it.
pub(crate) async fn disconnect(visit: Visit, Path((link, id)): Path<(String, String)>) -> Response {
    let (caller, id) = match account(&visit, &link, &id).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    match visit.state.vault.disconnect_own_account(&caller, id).await {
        Ok(_) => see_other(&over(&link, id)),
        Err(VaultError::NotFound) => problems::link(&visit.of_manage_link(&link).await, &LinkPage::Unknown),
        Err(error) => problems::failure(&visit.of_manage_link(&link).await, error),
    }
}

async fn account(visit: &Visit, link: &str, id: &str) -> Result<(Box<EndUserCaller>, ConnectedAccountId), Response> {
    let caller = enter(visit, link).await?;
    match id.parse() {
        Ok(id) => Ok((caller, id)),
        Err(_) => Err(problems::link(&visit.of_manage_link(link).await, &LinkPage::Unknown)),
    }
}

/// Lets whoever holds the link in. An address that tries links which do not exist has to wait.
async fn enter(visit: &Visit, link: &str) -> Result<Box<EndUserCaller>, Response> {
    let (state, now) = (&visit.state, visit.state.vault.clock().now());
    match state.vault.enter_by_manage_link(link).await {
        Ok(ManageLink::Entered(caller)) => Ok(Box::new(caller.in_request(&visit.request_id))),
        Ok(ManageLink::Expired) => Err(problems::link(&visit.of_manage_link(link).await, &LinkPage::Expired)),
        Ok(ManageLink::Unknown) => {
            let counted = visit.address.map_or(Ok(()), |address| state.refusals.count(address, now));
            Err(counted
                .map_or_else(|wait| problems::too_often(visit, wait), |()| problems::link(visit, &LinkPage::Unknown)))
        }
        Err(error) => Err(problems::failure(visit, error)),
    }
}

fn over(link: &str, id: ConnectedAccountId) -> String {
    format!("{}?disconnected={id}", paths::manage(link))
}

fn disconnected(query: &str) -> Option<ConnectedAccountId> {
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "disconnected")?.1.parse().ok()
}
