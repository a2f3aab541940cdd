//! Imported tokens, sealed for their row, with their times.

use super::NewImport;
use crate::Vault;
use crate::catalogue::Provider;
use crate::clock::{DAY, HOUR, Millis, SECOND};
use crate::error::VaultError;
use crate::secret::Secret;
use crate::store::token_sets::{self, Imported};
use crate::tokens::keep_alive;
use model::ids::{ApplicationId, ConnectedAccountId, TokenSetId};

impl Vault {
    /// `provider_user`: whom the provider has named, if it was asked.
    pub(super) async fn seal_import(
        &self,
        application: ApplicationId,
        provider: &Provider,
        (id, account): (TokenSetId, ConnectedAccountId),
        new: &NewImport,
        provider_user: Option<String>,
    ) -> Result<Imported, VaultError> {
        let place = id.to_string();
        let (mut access_token, mut refresh_token) = (None, None);
        if let Some(token) = &new.access_token {
            let place = token_sets::access_place(&place);
            access_token = Some(self.keyring.seal(&self.store, application, place, token.expose()).await?);
        }
        if let Some(token) = &new.refresh_token {
            let place = token_sets::refresh_place(&place);
            refresh_token = Some(self.keyring.seal(&self.store, application, place, token.expose()).await?);
        }
        let entry = &provider.entry;
        let usual_life = entry.refresh.access_token_seconds.map_or(HOUR, |seconds| Millis::from(seconds) * SECOND);
        let now = self.clock.now();
        let (issued_at, expires_at) = times(new, usual_life, now);
        let idle_limit = entry.refresh.idle_days.filter(|_| new.refresh_token.is_some());
        let can_be_asked = entry.identity.url.is_some() || !entry.identity.access_token_user_id.is_empty();
        Ok(Imported {
            access_token,
            access_token_hash: new.access_token.as_ref().map(|token| token.sha256().to_vec()),
            refresh_token,
            hash: new.tokens_sha256(),
            account,
            provider_user,
            scopes: new.scopes.clone().unwrap_or_default(),
            issued_at,
            expires_at,
            keep_alive_at: idle_limit.map(|days| issued_at + keep_alive(id, Millis::from(days) * DAY)),
            // Also where the access token has named somebody: the refresh token may be another user's.
            identity_due_at: (can_be_asked && new.refresh_token.is_some()).then_some(now),
        })
    }
}

impl NewImport {
    /// By what the same tokens are known again: SHA-256 of the refresh token, or of the access token where there is none.
    pub fn tokens_sha256(&self) -> [u8; 32] {
        let token = self.refresh_token.as_ref().or(self.access_token.as_ref());
        token.map(Secret::sha256).unwrap_or_default()
    }
}

/// When the tokens were issued and when the access token ends. Where nobody says when it ends it is due at once if it can be
/// renewed, and of unknown life otherwise. Where nobody says when the tokens were issued, it was a usual life before that end.
fn times(new: &NewImport, usual_life: Millis, now: Millis) -> (Millis, Option<Millis>) {
    let renewable = new.refresh_token.is_some();
    let ends = new.expires_at.filter(|_| new.access_token.is_some()).or(renewable.then_some(now));
    let from = new.expires_at.or(renewable.then_some(now)).map_or(now, |ends| ends - usual_life);
    (new.issued_at.unwrap_or(from).clamp(0, now), ends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::connected_accounts::EndUserView;
    use model::imports::Verify;

    fn import(access: bool, refresh: bool, expires_at: Option<Millis>, issued_at: Option<Millis>) -> NewImport {
        let token = |is_there: bool| is_there.then(|| Secret::new("x".to_owned()));
        NewImport {
            end_user: EndUserView { id: "u".into(), name: None, email: None, group: None, row: None },
            provider_config: "x".into(),
            access_token: token(access),
            refresh_token: token(refresh),
            expires_at,
            issued_at,
            scopes: None,
            label: None,
            metadata: std::collections::BTreeMap::new(),
            verify: Verify::None,
        }
    }

    #[track_caller]
    fn check(new: NewImport, issued_at: Millis, expires_at: Option<Millis>) {
        assert_eq!(times(&new, 60, 1_000), (issued_at, expires_at));
    }

    #[test]
    fn what_nobody_says_is_taken_on_the_safe_side() {
        check(import(true, true, Some(1_030), None), 970, Some(1_030));
        check(import(true, true, Some(1_030), Some(900)), 900, Some(1_030));
        check(import(true, true, None, None), 940, Some(1_000));
        check(import(false, true, Some(500), None), 440, Some(1_000));
        check(import(true, true, Some(5_000), None), 1_000, Some(5_000));
        check(import(true, false, None, None), 1_000, None);
        check(import(true, false, Some(1_030), None), 970, Some(1_030));
    }
}
