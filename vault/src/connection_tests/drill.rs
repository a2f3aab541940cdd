//! The drill: what a connection needs in its life is tried at once, and then all of it is given back.

use crate::Vault;
use crate::catalogue::Provider;
use crate::clock::{MINUTE, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::oauth::identity;
use crate::secret::Secret;
use crate::store::{attempts, connect_sessions, connection_tests, provider_configs, token_sets};
use crate::tokens::Reason;
use model::connected_accounts::{ProviderAccount, ProviderRevocation};
use model::connection_tests::{StepOutcome, TestStep};
use model::ids::TokenSetId;
use serde_json::json;

/// The step that says whose tokens they are.
const WHOSE: &str = "Whose account it is";

impl Vault {
    /// Tries everything with the tokens that a test's consent has brought, gives them back and writes the report.
    pub(crate) async fn drill(
        &self,
        session: &connect_sessions::Row,
        attempt: &attempts::Row,
        provider: &Provider,
        id: TokenSetId,
        account: &ProviderAccount,
    ) -> Result<(), VaultError> {
        // From here on this attempt is the drill's alone. If the process dies, the session ends by its time and the
        // tokens go back.
        let mut db = self.store.connection().await?;
        attempts::finished(&mut db, attempt.id, self.clock.now()).await?;
        token_sets::set_tested(&mut db, id, self.clock.now()).await?;
        let config = provider_configs::get(&mut db, attempt.application_id, attempt.provider_config_id).await?;
        drop(db);
        let config = config.ok_or(VaultError::NotFound)?;
        let first = self.test_tokens(session, id).await?;
        let mut steps = vec![first_tokens(&first, provider), granted(&config.scopes, &first.scopes, provider)];
        let old_access = self.open_access(&first).await?;
        steps.push(if attempt.nonce_hash.is_some() {
            passed(
                WHOSE,
                format!(
                    "{}'s ID token is signed as it should be and says: {}.",
                    provider.entry.name,
                    described(account)
                ),
            )
        } else {
            self.identity_step(provider, &old_access).await
        });
        if first.refresh_token.is_some() {
            self.refresh_steps(provider, &first, &old_access, &mut steps).await?;
        }
        steps.push(self.give_back(session, attempt, provider, id).await?);
        let failed = steps.iter().any(|step| step.outcome == StepOutcome::Failed);
        let mut tx = self.store.begin().await?;
        connection_tests::finish(&mut tx, session.id, &steps, self.clock.now()).await?;
        let event =
            Event::of(session.application_id, crate::caller::Actor::Keybearer, "provider_config.tested", config.id);
        let detail = json!({ "key": config.key, "connect_session": session.id });
        self.record(&mut tx, event.outcome(if failed { "failed" } else { "ok" }).detail(detail)).await?;
        Ok(tx.commit().await?)
    }

    async fn test_tokens(
        &self,
        session: &connect_sessions::Row,
        id: TokenSetId,
    ) -> Result<token_sets::Row, VaultError> {
        let row = token_sets::get(&mut *self.store.connection().await?, session.application_id, id).await?;
        row.ok_or(VaultError::NotFound)
    }

    async fn open_access(&self, row: &token_sets::Row) -> Result<Secret, VaultError> {
        let (place, sealed) = (row.id.to_string(), row.access_token.as_ref().ok_or(VaultError::NotFound)?);
        self.keyring.open(&self.store, row.application_id, token_sets::access_place(&place), sealed).await
    }

    async fn open_refresh(&self, row: &token_sets::Row) -> Result<Secret, VaultError> {
        let (place, sealed) = (row.id.to_string(), row.refresh_token.as_ref().ok_or(VaultError::NotFound)?);
        self.keyring.open(&self.store, row.application_id, token_sets::refresh_place(&place), sealed).await
    }

    async fn identity_step(&self, provider: &Provider, access: &Secret) -> TestStep {
        let name = &provider.entry.name;
        if provider.entry.identity.url.is_none() {
            return noted(WHOSE, format!("{name} has no address that tells; accounts are told apart by their tokens."));
        }
        match self.call_identity(provider, access).await {
            Ok(account) => passed(WHOSE, format!("{name} says: {}.", described(&account))),
            Err(words) => {
                let needs = provider.entry.scopes.identity.join(", ");
                let next = if needs.is_empty() {
                    String::new()
                } else {
                    format!("Add the scope {needs} to your app at {name} and test again.")
                };
                failed(WHOSE, format!("{name} does not say: {words}."), &next)
            }
        }
    }

    async fn call_identity(&self, provider: &Provider, access: &Secret) -> Result<ProviderAccount, String> {
        let request = identity::request(&provider.entry, access).ok_or("there is no address to ask")?;
        let answer = self.http.send(provider.reach(), request).await.map_err(|error| error.to_string())?;
        let body = serde_json::from_slice(&answer.body).ok();
        identity::read(&provider.entry, &answer).ok_or_else(|| crate::oauth::error::words(answer.status, body.as_ref()))
    }

    /// A refresh at once, and what it leaves of the old tokens.
    async fn refresh_steps(
        &self,
        provider: &Provider,
        first: &token_sets::Row,
        old_access: &Secret,
        steps: &mut Vec<TestStep>,
    ) -> Result<(), VaultError> {
        let name = &provider.entry.name;
        let old_refresh = self.open_refresh(first).await?;
        let verdict = self.refresh(first, Reason::Asked { access_is_dead: false }).await;
        if let Err(error) = verdict.into_result() {
            let words = match error {
                VaultError::NeedsReconnect(reason) => reason.detail,
                VaultError::Unavailable { detail, .. } => detail,
                other => other.to_string(),
            };
            steps.push(failed("Refresh at once", words, "Without refreshes a connection ends with its first access token. See to what the words above name, then test again."));
            return Ok(());
        }
        let row = token_sets::get(&mut *self.store.connection().await?, first.application_id, first.id).await?;
        let row = row.ok_or(VaultError::NotFound)?;
        let fresh = passed("Refresh at once", format!("{name} gave a new access token."));
        steps.push(TestStep { until: row.expires_at.map(rfc3339), ..fresh });
        let replaced = self.open_refresh(&row).await?.sha256() != old_refresh.sha256();
        steps.push(match (replaced, provider.entry.refresh.rotates) {
            (true, true) => passed("Refresh token", "It was replaced, as expected; the new one is stored.".to_owned()),
            (false, false) => passed("Refresh token", "It stays the same, as expected.".to_owned()),
            (true, false) => noted(
                "Refresh token",
                "It was replaced, though the catalogue says that it stays. The new one is stored.".to_owned(),
            ),
            (false, true) => noted(
                "Refresh token",
                "It stayed the same, though the catalogue says that it is replaced. It is kept.".to_owned(),
            ),
        });
        if provider.entry.identity.url.is_none() {
            return Ok(());
        }
        let access = self.open_access(&row).await?;
        steps.push(match self.call_identity(provider, &access).await {
            Ok(_) => passed("Call with the new access token", format!("{name}'s API takes it.")),
            Err(words) => failed(
                "Call with the new access token",
                format!("{name}'s API refuses it: {words}."),
                "Test again; if it stays so, the app at the provider may be disabled.",
            ),
        });
        steps.push(match self.call_identity(provider, old_access).await {
            Ok(_) => noted("The access token before it", "It still works until it ends.".to_owned()),
            Err(_) => noted(
                "The access token before it",
                "It ended with the refresh. Backends that keep tokens must fetch a new one after a 401.".to_owned(),
            ),
        });
        Ok(())
    }

    /// The tokens go back, unless that would end accounts that end users have connected.
    async fn give_back(
        &self,
        session: &connect_sessions::Row,
        attempt: &attempts::Row,
        provider: &Provider,
        id: TokenSetId,
    ) -> Result<TestStep, VaultError> {
        let (name, title) = (&provider.entry.name, "Revoke at the end");
        let mut tx = self.store.begin().await?;
        provider_configs::hold(&mut tx, attempt.provider_config_id).await?;
        let tokens = token_sets::get(&mut tx, session.application_id, id).await?.ok_or(VaultError::NotFound)?;
        let later = self.give_up(&mut tx, provider, &tokens, session.id).await?;
        tx.commit().await?;
        let Some(id) = later else {
            let why = format!(
                "{name} keeps one authorization per user, and this user has connected accounts here: they live on with it."
            );
            return Ok(noted(title, why));
        };
        Ok(match self.revoke_at_provider(session.application_id, id).await {
            ProviderRevocation::Revoked => passed(title, format!("{name} has ended the authorization.")),
            ProviderRevocation::Unsupported => noted(
                title,
                format!(
                    "{name} has no way to end an authorization from here. The tokens are forgotten; remove the app in your account there."
                ),
            ),
            ProviderRevocation::KeptForOtherAccounts => {
                noted(title, "Kept for accounts of the same user that are connected here.".to_owned())
            }
            ProviderRevocation::Pending => {
                noted(title, format!("{name} did not answer; it is asked again until it does."))
            }
            ProviderRevocation::Failed => {
                failed(title, format!("{name} could not be asked."), "Remove the app in your account there.")
            }
        })
    }
}

fn first_tokens(row: &token_sets::Row, provider: &Provider) -> TestStep {
    let name = &provider.entry.name;
    let life = row.expires_at.map_or_else(
        || "an access token without an end".to_owned(),
        |ends| format!("an access token for {} minutes", (ends - row.issued_at + MINUTE / 2) / MINUTE),
    );
    let title = "Consent and first tokens";
    if row.refresh_token.is_some() {
        return passed(title, format!("{name} gave {life} and a refresh token."));
    }
    let next = "Without a refresh token every connection ends with its access token: see whether the app at the provider asks for offline access.";
    let mut step = noted(title, format!("{name} gave {life} and no refresh token."));
    step.next = Some(next.to_owned());
    step
}

/// What was granted beside what is expected.
fn granted(expected: &[String], granted: &[String], provider: &Provider) -> TestStep {
    let missing: Vec<&str> = expected.iter().filter(|s| !granted.contains(s)).map(String::as_str).collect();
    let more: Vec<&str> = granted.iter().filter(|s| !expected.contains(s)).map(String::as_str).collect();
    let all = if granted.is_empty() { "no scope that was named".to_owned() } else { granted.join(", ") };
    let title = "Scopes";
    if !missing.is_empty() {
        let next = format!("Add them to your app at {}, or take them off the scopes you expect.", provider.entry.name);
        return failed(title, format!("Granted: {all}. Missing: {}.", missing.join(", ")), &next);
    }
    match (expected.is_empty(), more.is_empty()) {
        (true, _) => {
            let mut step = noted(title, format!("Granted: {all}."));
            step.next =
                Some("Enter the scopes you expect, and Keybearer tells you when an end user grants less.".to_owned());
            step
        }
        (false, true) => passed(title, format!("Granted as expected: {all}.")),
        (false, false) => noted(title, format!("All that you expect, and more: {}.", more.join(", "))),
    }
}

fn described(account: &ProviderAccount) -> String {
    let parts = [&account.name, &account.email, &account.id];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.join(", ")
}

fn passed(title: &str, detail: String) -> TestStep {
    TestStep { title: title.to_owned(), outcome: StepOutcome::Passed, detail, next: None, until: None }
}

fn noted(title: &str, detail: String) -> TestStep {
    TestStep { title: title.to_owned(), outcome: StepOutcome::Noted, detail, next: None, until: None }
}

fn failed(title: &str, detail: String, next: &str) -> TestStep {
    let next = (!next.is_empty()).then(|| next.to_owned());
    TestStep { title: title.to_owned(), outcome: StepOutcome::Failed, detail, next, until: None }
}
