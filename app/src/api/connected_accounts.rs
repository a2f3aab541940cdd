//! Connected accounts.

pub mod asked;

use crate::api::Within;
use crate::api::connect_sessions::ConnectLink;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use asked::AccountFields;
use leptos::prelude::*;
use model::Page;
use model::connected_accounts::{ConnectedAccountDetail, ConnectedAccountView};
use model::lists::{BothWays, Mistakes};
use model::provider_configs::ProviderChoice;
use model::providers::ProviderSummary;
use model::timeline::TimelineEntry;
use serde::{Deserialize, Serialize};

/// What the list shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// One page of them.
    pub page: BothWays<ConnectedAccountView>,
    /// What of the address cannot be read; the page is empty then.
    pub mistakes: Mistakes,
    /// Whether the page ended because so much was looked through.
    pub looked_through: bool,
    /// How many fit, up to 1,001, where that is quickly counted.
    pub count: Option<i64>,
    /// The application's provider configs, for names, icons and the filter.
    pub providers: Vec<ProviderChoice>,
    /// The filters as they stand in the address.
    pub fields: AccountFields,
    /// Whether the member may revoke all that fit.
    pub may_revoke_all: bool,
}

/// One of them with its provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account.
    pub detail: ConnectedAccountDetail,
    /// One page of its timeline.
    pub timeline: Page<TimelineEntry>,
    /// The provider, if the catalogue still has it.
    pub provider: Option<ProviderSummary>,
}

/// The application's connected accounts, newest first.
#[server(output = Json)]
pub async fn read_connected_accounts(
    /// The application's id.
    app: String,
    /// The address' query: filters and the place in the list.
    query: String,
) -> Result<Within<Accounts>, PageError> {
    use model::people::Role;
    let inside = crate::session::application(&app).await?;
    let asked = asked::Asked::read(&query);
    let filter = asked.filter(inside.vault.clock().now());
    let read = inside.vault.connected_accounts_page(&inside.caller, &filter, &asked.turn, 50).await;
    let nothing = vault::AccountPage { page: BothWays::nothing(), looked_through: false, count: None };
    let (page, of_turn) = super::or_mistakes(read, nothing)?;
    let mistakes = asked.fields.mistakes().into_iter().chain(of_turn).collect();
    let providers = inside.vault.provider_choices(&inside.caller).await?;
    Ok(inside.show(Accounts {
        page: page.page,
        mistakes,
        looked_through: page.looked_through,
        count: page.count,
        providers,
        may_revoke_all: inside.includes(Role::Admin),
        fields: asked.fields,
    }))
}

/// One connected account.
#[server(output = Json)]
pub async fn read_connected_account(
    /// The application's id.
    app: String,
    /// The connected account's id.
    account: String,
    /// The last entry of the timeline that was seen; empty for the newest.
    cursor: String,
) -> Result<Within<Account>, PageError> {
    let inside = crate::session::application(&app).await?;
    let id = account.parse().map_err(|_| vault::VaultError::NotFound)?;
    let detail = inside.vault.connected_account_detail(&inside.caller, id).await?;
    let timeline = match (cursor.is_empty(), cursor.parse().ok()) {
        (false, None) => Page { data: Vec::new(), next_cursor: None },
        (_, cursor) => inside.vault.connected_account_timeline(&inside.caller, id, cursor, 50).await?,
    };
    let config = &detail.account.provider_config;
    let provider = inside.vault.provider_of_config(&inside.caller, config).await.ok().map(|provider| provider.summary);
    Ok(inside.show(Account { detail, timeline, provider }))
}

/// Asks the provider for new tokens now.
#[server(output = Json)]
pub async fn refresh_connected_account(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The connected account's id.
    #[server(default)]
    account: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let id = account.parse().map_err(|_| vault::VaultError::NotFound)?;
    crate::flash::say(match inside.vault.refresh_now(&inside.caller, id).await {
        Ok(done) if done.refreshed => "The tokens are refreshed.",
        Ok(_) => "The tokens are less than 30 seconds old and were kept.",
        // The page is read again, and says there why and what to do.
        Err(vault::VaultError::NeedsReconnect(_)) => "The provider refuses: the end user has to connect again.",
        Err(error) => return Err(error.into()),
    });
    Ok(())
}

/// Makes a link that can only renew this account.
#[server(output = Json)]
pub async fn make_reconnect_link(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The connected account's id.
    #[server(default)]
    account: String,
) -> Result<ConnectLink, FormError> {
    let inside = crate::session::application(&app).await?;
    let id = account.parse().map_err(|_| vault::VaultError::NotFound)?;
    Ok(inside.vault.open_reconnect_link(&inside.caller, id).await?.into())
}

/// Revokes a connected account.
#[server(output = Json)]
pub async fn revoke_connected_account(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The connected account's id.
    #[server(default)]
    account: String,
) -> Result<(), FormError> {
    use model::connected_accounts::ProviderRevocation;
    let inside = crate::session::application(&app).await?;
    let id = account.parse().map_err(|_| vault::VaultError::NotFound)?;
    let revocation = inside.vault.revoke_connected_account(&inside.caller, id).await?;
    let said = match revocation.provider_revocation {
        ProviderRevocation::Revoked => "The account is revoked, here and at the provider.",
        ProviderRevocation::Pending => "The account is revoked. The provider did not answer and is asked again.",
        ProviderRevocation::Unsupported => "The account is revoked and its tokens are erased.",
        ProviderRevocation::Failed => "The account is revoked. The provider refused to revoke its part.",
        ProviderRevocation::KeptForOtherAccounts => {
            "The account is revoked. The authorization at the provider stays for other accounts."
        }
    };
    crate::flash::redirect_with(&model::paths::connected_account(inside.caller.application(), id), said);
    Ok(())
}
