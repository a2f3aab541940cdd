//! Connected accounts.

use crate::api::Within;
use crate::api::connect_sessions::ConnectLink;
use crate::error::{FormError, PageError};
use leptos::prelude::*;
use model::Page;
use model::connected_accounts::{ConnectedAccountDetail, ConnectedAccountView};
use model::provider_configs::ProviderConfigView;
use model::providers::ProviderSummary;
use model::timeline::TimelineEntry;
use serde::{Deserialize, Serialize};

/// What the list shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// One page of them.
    pub page: Page<ConnectedAccountView>,
    /// The application's provider configs, for names, icons and the filter.
    pub provider_configs: Vec<ProviderConfigView>,
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

/// What the list is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFilter {
    /// The developer's own id of the end user.
    pub end_user: String,
    /// The key of the provider config.
    pub provider: String,
    /// The status.
    pub status: String,
}

impl AccountFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.end_user.is_empty() && self.provider.is_empty() && self.status.is_empty()
    }
}

/// The application's connected accounts, newest first.
#[server]
pub async fn read_connected_accounts(
    /// The application's id.
    app: String,
    /// What to narrow by.
    filter: AccountFilter,
    /// The last one seen; empty for the first page.
    cursor: String,
) -> Result<Within<Accounts>, PageError> {
    let inside = crate::session::application(&app).await?;
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let filter = vault::Filter {
        end_user_id: given(filter.end_user),
        group: None,
        provider: given(filter.provider),
        status: filter.status.parse().ok(),
    };
    let page = inside.vault.connected_accounts(&inside.caller, &filter, cursor.parse().ok(), 50).await?;
    let provider_configs = inside.vault.provider_configs(&inside.caller).await?;
    Ok(inside.show(Accounts { page, provider_configs }))
}

/// One connected account.
#[server]
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
    let cursor = cursor.parse().ok();
    let timeline = inside.vault.connected_account_timeline(&inside.caller, id, cursor, 50).await?;
    let config = &detail.account.provider_config;
    let provider = inside.vault.provider_of_config(&inside.caller, config).await.ok().map(|provider| provider.summary);
    Ok(inside.show(Account { detail, timeline, provider }))
}

/// Asks the provider for new tokens now.
#[server]
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
    let refreshed = inside.vault.refresh_now(&inside.caller, id).await?.refreshed;
    crate::flash::say(if refreshed {
        "The tokens are refreshed."
    } else {
        "The tokens are less than 30 seconds old and were kept."
    });
    Ok(())
}

/// Makes a link that can only renew this account.
#[server]
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
#[server]
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
