//! What a consent means for the other tokens of the same provider's user: which of them live on, which accounts move, and
//! what is done with tokens that nothing will stand on.

use crate::Vault;
use crate::caller::Actor;
use crate::catalogue::{Provider, RevokeEnds};
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{Tx, connected_accounts, scope_sets, token_sets};
use model::connected_accounts::{ConnectedAccountStatus, ProviderRevocation, StatusReasonCode};
use model::ids::{ConnectSessionId, ConnectedAccountId, TokenSetId};
use serde_json::json;

impl Vault {
    /// Tokens that no account will stand on. They are revoked, unless that would end live accounts of the same
    /// provider's user: those take the tokens over where their own have died. Gives what is to be revoked.
    pub(crate) async fn give_up(
        &self,
        tx: &mut Tx,
        provider: &Provider,
        tokens: &token_sets::Row,
        session: ConnectSessionId,
    ) -> Result<Option<TokenSetId>, VaultError> {
        let now = self.clock.now();
        self.settle_user(tx, provider, tokens, session, None).await?;
        let in_use = !connected_accounts::of_token_set(tx, tokens.id).await?.is_empty();
        let others = match &tokens.provider_user_id {
            Some(user) => {
                connected_accounts::active_of_user(tx, tokens.client_id, user, ConnectedAccountId::new()).await?
            }
            None => 0,
        };
        if in_use {
            return Ok(None);
        }
        if others > 0 && provider.entry.revoke.ends == RevokeEnds::Grant {
            token_sets::mark_revoked(tx, tokens.id, ProviderRevocation::KeptForOtherAccounts, now).await?;
            token_sets::forget_tokens(tx, tokens.id, now).await?;
            return Ok(None);
        }
        token_sets::mark_revoked(tx, tokens.id, ProviderRevocation::Pending, now).await?;
        Ok(Some(tokens.id))
    }

    /// A new consent of a provider's user: a revocation that is still pending is dropped, since it would end this one
    /// too; and where only one live set can be, accounts on the older ones move here or need their end user.
    pub(super) async fn settle_user(
        &self,
        tx: &mut Tx,
        provider: &Provider,
        tokens: &token_sets::Row,
        session: ConnectSessionId,
        account: Option<ConnectedAccountId>,
    ) -> Result<(), VaultError> {
        let Some(user) = &tokens.provider_user_id else { return Ok(()) };
        token_sets::drop_pending_revocations(tx, tokens.client_id, user).await?;
        let (now, mut newest) = (self.clock.now(), tokens.clone());
        if !provider.entry.refresh.one_live_set_per_user {
            return Ok(());
        }
        for other in token_sets::live_of_user(tx, tokens.client_id, user, tokens.id).await? {
            let (loser, winner) =
                if other.granted_at > newest.granted_at { (&newest, &other) } else { (&other, &newest) };
            for row in connected_accounts::of_token_set(tx, loser.id).await? {
                self.move_or_end(tx, row, winner, session, account).await?;
            }
            token_sets::set_superseded(tx, loser.id, now).await?;
            newest = winner.clone();
        }
        token_sets::set_current(tx, newest.id).await?;
        Ok(())
    }

    /// An account whose tokens a later consent has ended. It moves only if its own end user had granted at least what
    /// the new tokens can do.
    async fn move_or_end(
        &self,
        tx: &mut Tx,
        row: connected_accounts::Row,
        winner: &token_sets::Row,
        session: ConnectSessionId,
        own: Option<ConnectedAccountId>,
    ) -> Result<(), VaultError> {
        let now = self.clock.now();
        let covers = winner.scopes.iter().all(|s| row.scopes.contains(s));
        if row.status != ConnectedAccountStatus::Active {
            return Ok(());
        }
        if covers || Some(row.id) == own {
            connected_accounts::move_to(tx, row.id, winner.id, &winner.scopes, now).await?;
            let r#type = match winner.tests_at {
                Some(_) => "connected_account.moved_by_test",
                None => "connected_account.moved",
            };
            token_sets::set_in_use(tx, winner.id).await?;
            let event = Event::of(row.application_id, Actor::Keybearer, r#type, row.id);
            let detail = json!({ "connect_session": session, "token_set": winner.id });
            self.record(tx, event.detail(detail)).await?;
            if scope_sets::differ(&row.scopes, &winner.scopes) {
                self.record_other_scopes(tx, &row, &row.scopes).await?;
            }
            return Ok(());
        }
        let detail = if winner.tests_at.is_some() {
            "A member tested the connection as the same provider's user and granted other scopes, which ended this account's tokens. Send the end user a reconnect link."
        } else {
            "The same provider's user consented again elsewhere with other scopes, which ended this account's tokens. Send the end user a reconnect link."
        };
        connected_accounts::set_status(
            tx,
            row.id,
            ConnectedAccountStatus::NeedsReconnect,
            StatusReasonCode::Superseded,
            detail,
            now,
        )
        .await?;
        let event = Event::of(row.application_id, Actor::Keybearer, "connected_account.needs_reconnect", row.id);
        let detail = json!({ "detail": detail, "connect_session": session });
        self.record(tx, event.outcome("superseded").detail(detail)).await
    }
}
