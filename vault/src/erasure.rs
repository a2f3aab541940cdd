//! An end user is erased: everything is revoked, and what is known of the person is taken out of every table. The audit log
//! keeps what was done, and its chain stays valid, since it knows personal fields by salted digests alone.

use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::clock::rfc3339;
use crate::connection_tests::RESERVED;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{Tx, connect_sessions, connected_accounts, erasure};
use model::connect_sessions::ConnectSessionStatus;
use model::connected_accounts::{ProviderRevocation, StatusReasonCode};
use model::end_users::{ErasedAccount, ErasureReport};
use model::ids::{ApplicationId, EndUserId, TokenSetId};
use model::people::Role;
use serde_json::{Value, json};

/// Erasures that one round of the reaper ends.
const AT_ONCE: i64 = 50;

impl Vault {
    /// Revokes and erases everything of an end user, by the developer's own id. From the commit on no token is handed out, and
    /// the id is nobody's; providers are asked to revoke next, and what identifies their users goes once they have answered or
    /// were asked for the last time.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn erase_end_user(&self, caller: &ApplicationCaller, id: &str) -> Result<ErasureReport, VaultError> {
        caller.require(Role::Developer)?;
        if id.starts_with(RESERVED) {
            return Err(VaultError::NotFound);
        }
        let (application, now) = (caller.application, self.clock.now());
        let mut tx = self.store.begin().await?;
        let row = erasure::begin(&mut tx, application, id, now).await?.ok_or(VaultError::NotFound)?;
        let (mut accounts, mut later) = (Vec::new(), Vec::new());
        for account in connected_accounts::of_end_user_row(&mut tx, application, row).await? {
            let by = (application, Some(caller));
            let reason = match caller.actor {
                Actor::ApiKey(_) => StatusReasonCode::RevokedByApplication,
                _ => StatusReasonCode::RevokedByMember,
            };
            let outcome = self.mark_revoked(&mut tx, by, &account, reason, None).await?;
            accounts.push((account.token_set_id, ErasedAccount { id: account.id, provider_revocation: outcome }));
        }
        let connect_sessions = self.end_sessions(&mut tx, application, row, &mut later).await?;
        erasure::details(&mut tx, row).await?;
        forget_in_deliveries(&mut tx, row).await?;
        let events =
            erasure::events(&mut tx, application, row).await? + forget_in_filters(&mut tx, application, id).await?;
        let detail =
            json!({ "connected_accounts": accounts.len(), "connect_sessions": connect_sessions, "events": events });
        self.record(&mut tx, Event::by(caller, "end_user.erased", row).detail(detail)).await?;
        tx.commit().await?;
        self.forget_answers_about(application, id).await?;
        let connected_accounts = self.asked_to_revoke(application, accounts, later).await;
        self.finish_erasures().await?;
        Ok(ErasureReport {
            end_user: id.to_owned(),
            erased_at: rfc3339(now),
            connected_accounts,
            connect_sessions,
            events,
        })
    }

    /// Ends what the end user had begun; tokens that wait for a confirmation go back.
    async fn end_sessions(
        &self,
        tx: &mut Tx,
        application: ApplicationId,
        end_user: EndUserId,
        later: &mut Vec<TokenSetId>,
    ) -> Result<usize, VaultError> {
        let open = erasure::open_sessions(tx, end_user).await?;
        for id in &open {
            connect_sessions::finish(tx, *id, ConnectSessionStatus::Expired, self.clock.now()).await?;
            if let Some(session) = connect_sessions::get(tx, application, *id).await? {
                later.extend(self.discard_unconfirmed(tx, &session).await?);
            }
        }
        Ok(open.len())
    }

    /// Asks providers, and says of each account what came of it.
    async fn asked_to_revoke(
        &self,
        application: ApplicationId,
        accounts: Vec<(TokenSetId, ErasedAccount)>,
        later: Vec<TokenSetId>,
    ) -> Vec<ErasedAccount> {
        let mut told = Vec::new();
        for (token_set, mut account) in accounts {
            if account.provider_revocation == ProviderRevocation::Pending {
                account.provider_revocation = self.revoke_at_provider(application, token_set).await;
            }
            told.push(account);
        }
        self.revoke_at_provider_later(application, later);
        told
    }

    /// Ends erasures whose providers have answered.
    pub(crate) async fn finish_erasures(&self) -> Result<(), VaultError> {
        let due = erasure::due(&mut *self.store.connection().await?, AT_ONCE).await?;
        for id in due {
            let mut tx = self.store.begin().await?;
            erasure::finish(&mut tx, id, self.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Of what endpoints were told stay what it was about and when: no name, no id of the developer's or the provider's.
async fn forget_in_deliveries(tx: &mut Tx, end_user: EndUserId) -> Result<(), VaultError> {
    for (delivery, body) in erasure::deliveries(tx, end_user).await? {
        let Ok(mut body) = serde_json::from_str::<Value>(&body) else { continue };
        if let Some(data) = body.get_mut("data") {
            *data = json!({ "id": data.get("id").cloned().unwrap_or_default(), "erased": true });
        }
        erasure::set_delivery_body(tx, &delivery, &body.to_string()).await?;
    }
    Ok(())
}

/// Who exported or revoked by a filter may have named the end user in it. Gives how many events did.
async fn forget_in_filters(tx: &mut Tx, application: ApplicationId, id: &str) -> Result<u64, VaultError> {
    let mut count = 0;
    for (event, personal) in erasure::filters(tx, application).await? {
        if named(&personal, id).is_some() {
            erasure::event(tx, &event).await?;
            count += 1;
        }
    }
    for (bulk, filter) in erasure::bulk_filters(tx, application).await? {
        if let Some(without) = named(&filter, id) {
            erasure::set_bulk_filter(tx, &bulk, &without).await?;
        }
    }
    Ok(count)
}

/// The same JSON without the id, if that stands in it as a whole text.
fn named(json: &str, id: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(json).ok()?;
    replace(&mut value, id).then(|| value.to_string())
}

fn replace(value: &mut Value, id: &str) -> bool {
    match value {
        Value::String(text) if text == id => {
            *text = "erased".to_owned();
            true
        }
        Value::Array(all) => all.iter_mut().filter_map(|value| replace(value, id).then_some(())).count() > 0,
        Value::Object(all) => all.values_mut().filter_map(|value| replace(value, id).then_some(())).count() > 0,
        _ => false,
    }
}
