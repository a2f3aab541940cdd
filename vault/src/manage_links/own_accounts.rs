//! What an end user sees of its own accounts, and may do with them. Nobody else's can be reached from here.

use crate::Vault;
use crate::caller::EndUserCaller;
use crate::catalogue::ScopeWords;
use crate::clock::{MINUTE, Millis};
use crate::error::VaultError;
use crate::store::{Connection, branding, connected_accounts as store, end_users};
use crate::throttle::Limit;
use model::applications::Environment;
use model::branding::Branding;
use model::connected_accounts::{
    ConnectedAccountStatus, EndUserView, ProviderAccount, ProviderRevocation, Revocation, StatusReasonCode,
};
use model::ids::ConnectedAccountId;
use model::provider_configs::ProviderConfigState;
use model::providers::ProviderSummary;

/// Far more than a person does; a link that has leaked cannot keep a provider busy.
const CHANGES: Limit = Limit { what: "self-service", attempts: 30, window: 15 * MINUTE };
/// How long the link of a reconnect lives: the end user goes there at once.
const RECONNECT: Millis = 30 * MINUTE;

/// What an end user has connected to an application.
pub struct OwnAccounts {
    /// What the end user knows the application as.
    pub application_name: String,
    /// Development or production.
    pub environment: Environment,
    /// How its pages look.
    pub branding: Branding,
    /// The end user as the backend named it.
    pub end_user: EndUserView,
    /// Accounts that are not disconnected, oldest first.
    pub accounts: Vec<OwnAccount>,
    /// Where the end user goes afterwards.
    pub return_url: Option<String>,
}

/// One of them.
pub struct OwnAccount {
    /// Its id.
    pub id: ConnectedAccountId,
    /// The provider.
    pub provider: ProviderSummary,
    /// Whose account it is at the provider.
    pub account: ProviderAccount,
    /// Whether it works.
    pub status: ConnectedAccountStatus,
    /// Why it does not.
    pub status_reason: Option<StatusReasonCode>,
    /// What became of a revocation at the provider.
    pub provider_revocation: Option<ProviderRevocation>,
    /// What the provider granted.
    pub scopes: Vec<ScopeWords>,
    /// Whether the end user can connect it again: it has to, and its provider is switched on.
    pub can_reconnect: bool,
    /// When it was first connected, in unix milliseconds.
    pub connected_at: Millis,
    /// When the application last asked for a token, in unix milliseconds, to the minute.
    pub last_used_at: Option<Millis>,
}

impl Vault {
    /// What the end user has connected, without what it has disconnected.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn own_accounts(&self, caller: &EndUserCaller) -> Result<OwnAccounts, VaultError> {
        let mut db = self.store.connection().await?;
        let branding = branding::get(&mut db, caller.application).await?;
        let end_user =
            end_users::get(&mut db, caller.application, caller.end_user).await?.ok_or(VaultError::NotFound)?;
        let rows = store::of_end_user_row(&mut db, caller.application, caller.end_user).await?;
        self.remember_entries(&mut db, &rows).await?;
        Ok(OwnAccounts {
            application_name: branding.display_name.clone().unwrap_or_else(|| caller.application_name.clone()),
            environment: caller.environment,
            branding,
            end_user,
            accounts: rows.into_iter().filter_map(|row| self.own_view(row)).collect(),
            return_url: caller.return_url.clone(),
        })
    }

    /// One account of the end user, disconnected or not.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], also for an account of somebody else.
    pub async fn own_account(&self, caller: &EndUserCaller, id: ConnectedAccountId) -> Result<OwnAccount, VaultError> {
        let mut db = self.store.connection().await?;
        let row = own(&mut db, caller, id).await?;
        self.remember_entries(&mut db, std::slice::from_ref(&row)).await?;
        self.own_view(row).ok_or(VaultError::NotFound)
    }

    /// Disconnects an account: no token is handed out from the commit on, then the provider is asked to revoke.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], also for an account of somebody else; [`VaultError::TooManyAttempts`].
    pub async fn disconnect_own_account(
        &self,
        caller: &EndUserCaller,
        id: ConnectedAccountId,
    ) -> Result<Revocation, VaultError> {
        self.count_attempt(CHANGES, &caller.end_user.to_string()).await?;
        own(&mut *self.store.connection().await?, caller, id).await?;
        self.revoke_connected_account(&caller.on_own_account(), id).await
    }

    /// Gives the connect link that renews an account which needs it.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], also for an account of somebody else; [`VaultError::Revoked`];
    /// [`VaultError::ProviderConfigDisabled`]; [`VaultError::TooManyAttempts`].
    pub async fn reconnect_own_account(
        &self,
        caller: &EndUserCaller,
        id: ConnectedAccountId,
    ) -> Result<String, VaultError> {
        self.count_attempt(CHANGES, &caller.end_user.to_string()).await?;
        let row = own(&mut *self.store.connection().await?, caller, id).await?;
        if row.config_state != ProviderConfigState::Active {
            return Err(VaultError::ProviderConfigDisabled);
        }
        let acting = caller.on_own_account();
        let session = self.open_renewal(&acting, id, caller.return_url.clone(), RECONNECT).await?;
        session.url.ok_or(VaultError::NotFound)
    }

    fn own_view(&self, row: store::Row) -> Option<OwnAccount> {
        let provider = self.catalogue.remembered(&row.provider, &row.entry_hash)?;
        let needs = row.status == ConnectedAccountStatus::NeedsReconnect;
        Some(OwnAccount {
            can_reconnect: needs && row.config_state == ProviderConfigState::Active,
            id: row.id,
            provider: provider.summary(),
            account: row.provider_account,
            status: row.status,
            status_reason: row.status_reason,
            provider_revocation: row.provider_revocation,
            scopes: provider.entry.scopes.with_words(&row.scopes),
            connected_at: row.created_at,
            last_used_at: row.last_used_at,
        })
    }
}

/// An account of this very end user.
async fn own(db: &mut Connection, caller: &EndUserCaller, id: ConnectedAccountId) -> Result<store::Row, VaultError> {
    let row = store::get(db, caller.application, id).await?;
    row.filter(|row| row.end_user.row == Some(caller.end_user)).ok_or(VaultError::NotFound)
}
