//! Whose tokens these are. They are stored by then, so that a crash in between loses nothing.

use crate::Vault;
use crate::caller::Actor;
use crate::catalogue::Provider;
use crate::clock::Millis;
use crate::error::VaultError;
use crate::events::Event;
use crate::oauth::{id_token, identity};
use crate::secret::Secret;
use crate::store::{attempts, clients, connect_sessions, provider_configs, token_sets};
use model::connected_accounts::ProviderAccount;
use model::ids::TokenSetId;
use serde_json::json;

impl Vault {
    /// By the ID token, where one was asked for, and then by nothing else; otherwise by the identity call, or by the
    /// access token itself when the call is refused. The inner error says why an ID token cannot be trusted.
    pub(super) async fn identify(
        &self,
        provider: &Provider,
        attempt: &attempts::Row,
        access_token: &Secret,
        id_token: Option<&Secret>,
        at: Millis,
    ) -> Result<Result<ProviderAccount, String>, VaultError> {
        let Some(nonce_hash) = &attempt.nonce_hash else {
            let called = self.ask_identity(provider, access_token).await;
            return Ok(Ok(called.unwrap_or_else(|| identity::from_access_token(&provider.entry, access_token))));
        };
        let mut account = match self.check_id_token(provider, attempt, nonce_hash, id_token, at).await? {
            Ok(account) => account,
            Err(why) => return Ok(Err(why)),
        };
        if account.name.is_none() && account.email.is_none() {
            // Its user must be the same one, or nothing of it counts (OpenID Connect Core, 5.3.2).
            let called = self.ask_identity(provider, access_token).await;
            if let Some(called) = called.filter(|called| called.id == account.id) {
                account = called;
            }
        }
        Ok(Ok(account))
    }

    /// What the identity call says of an access token; `None` when it is refused, or the entry has none.
    pub(crate) async fn ask_identity(&self, provider: &Provider, access_token: &Secret) -> Option<ProviderAccount> {
        let request = identity::request(&provider.entry, access_token)?;
        let answer = self.http.send(provider.reach(), request).await.ok()?;
        identity::read(&provider.entry, &answer)
    }

    async fn check_id_token(
        &self,
        provider: &Provider,
        attempt: &attempts::Row,
        nonce_hash: &[u8],
        id_token: Option<&Secret>,
        at: Millis,
    ) -> Result<Result<ProviderAccount, String>, VaultError> {
        let entry = &provider.entry;
        let (Some(jwks), Some(issuer)) = (&entry.endpoints.jwks, &entry.authorize.issuer) else {
            return Ok(Err("the entry has no keys to check it with".to_owned()));
        };
        let Some(id_token) = id_token else { return Ok(Err("the answer has none".to_owned())) };
        let mut db = self.store.connection().await?;
        let client = clients::get(&mut db, attempt.application_id, attempt.client_id).await?;
        drop(db);
        let client_id = client.ok_or(VaultError::NotFound)?.client_id;
        let keys = match self.http.send(provider.reach(), identity::keys_request(jwks)?).await {
            Ok(answer) if answer.status.is_success() => answer.body,
            Ok(answer) => return Ok(Err(format!("its keys cannot be read (status {})", answer.status.as_u16()))),
            Err(error) => return Ok(Err(format!("its keys cannot be read ({error})"))),
        };
        let expected = id_token::Expected { issuer, client_id: &client_id, nonce_hash, at };
        Ok(id_token::check(id_token.expose(), &keys, &expected).map_err(str::to_owned))
    }

    pub(super) async fn keep_identity(
        &self,
        attempt: &attempts::Row,
        tokens: TokenSetId,
        account: &ProviderAccount,
    ) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        attempts::set_provider_account(&mut tx, attempt.id, account).await?;
        if let Some(user) = &account.id {
            token_sets::set_provider_user(&mut tx, tokens, user).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Tokens of nobody knows whom: nothing is connected, and they are revoked.
    pub(super) async fn refuse_identity(
        &self,
        attempt: &attempts::Row,
        provider: &Provider,
        id: TokenSetId,
        why: &str,
    ) -> Result<(), VaultError> {
        let name = &provider.entry.name;
        let detail = format!("{name}'s ID token cannot be trusted: {why}. Nothing was connected.");
        let mut tx = self.store.begin().await?;
        provider_configs::hold(&mut tx, attempt.provider_config_id).await?;
        let tokens = token_sets::get(&mut tx, attempt.application_id, id).await?.ok_or(VaultError::NotFound)?;
        let later = self.give_up(&mut tx, provider, &tokens, attempt.connect_session_id).await?;
        attempts::failed(&mut tx, attempt.id, "id_token_invalid", &detail, self.clock.now()).await?;
        let (application, session) = (attempt.application_id, attempt.connect_session_id);
        let event = Event::of(application, Actor::EndUser, "connect_session.provider_failed", session);
        let said = json!({ "attempt": attempt.id, "detail": detail });
        self.record(&mut tx, event.outcome("id_token_invalid").detail(said)).await?;
        let session = connect_sessions::get(&mut tx, application, session).await?.ok_or(VaultError::NotFound)?;
        self.record_failed_reconnect(&mut tx, &session, "id_token_invalid", &detail).await?;
        tx.commit().await?;
        self.revoke_at_provider_later(application, later.into_iter().collect());
        Ok(())
    }

    /// Kept beside the tokens until it is checked: this process may die before.
    pub(super) async fn seal_id_token(
        &self,
        attempt: &attempts::Row,
        id_token: Option<&Secret>,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        let (Some(id_token), Some(_)) = (id_token, &attempt.nonce_hash) else { return Ok(None) };
        let row = attempt.id.to_string();
        let place = attempts::id_token_place(&row);
        self.keyring.seal(&self.store, attempt.application_id, place, id_token.expose()).await.map(Some)
    }

    pub(super) async fn open_id_token(&self, attempt: &attempts::Row) -> Result<Option<Secret>, VaultError> {
        let Some(sealed) = &attempt.id_token else { return Ok(None) };
        let row = attempt.id.to_string();
        let place = attempts::id_token_place(&row);
        self.keyring.open(&self.store, attempt.application_id, place, sealed).await.map(Some)
    }
}
