//! Connect sessions: an end user connects an account, from the link to the tokens.
//!
//! `open` → a link · `link_page` shows it · `begin` → the provider · `complete` takes the callback → `exchange` →
//! `attach` · `result_page` · `confirm`.

mod attach;
mod begin;
mod complete;
mod confirm;
mod exchange;
mod identify;
mod log;
mod open;
mod pages;
mod resume;
mod settle;

pub use begin::Begun;
pub use complete::{Callback, Ended};
pub(crate) use log::created_by_in_words;
pub use open::NewConnectSession;
pub(crate) use open::check_end_user;
pub use pages::{LinkPage, Offer, Offered, ResultPage, Returning};

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::{MINUTE, Millis, rfc3339};
use crate::error::VaultError;
use crate::random;
use crate::secret::Secret;
use crate::store::{Connection, attempts, connect_sessions, end_users, provider_configs};
use model::Page;
use model::connect_sessions::{
    Completion, ConnectError, ConnectResult, ConnectSessionStatus, ConnectSessionView, ResultStatus,
};
use model::ids::ConnectSessionId;
use std::collections::BTreeMap;

/// How long a trip to a provider may take: signing in there and an admin's approval are slow.
const ATTEMPT: Millis = 15 * MINUTE;
/// How long the backend has to confirm whose session it was.
const CONFIRMATION: Millis = 10 * MINUTE;

/// Whether a text has the shape of the secret in a connect link.
pub fn is_connect_link(text: &str) -> bool {
    random::is_token("", text)
}

/// The value of a new cookie that tells one browser from another.
///
/// # Errors
/// When the operating system has no random numbers.
pub fn new_browser() -> Result<Secret, VaultError> {
    random::base62_digits(43)
}

impl Vault {
    /// One connect session.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn connect_session(
        &self,
        caller: &ApplicationCaller,
        id: ConnectSessionId,
    ) -> Result<ConnectSessionView, VaultError> {
        let mut db = self.store.connection().await?;
        let row = connect_sessions::get(&mut db, caller.application, id).await?;
        let row = row.filter(|row| row.tests_at.is_none()).ok_or(VaultError::NotFound)?;
        self.session_view(&mut db, row).await
    }

    /// The application's connect sessions, newest first. `cursor` is the id of the last one seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn connect_sessions(
        &self,
        caller: &ApplicationCaller,
        cursor: Option<ConnectSessionId>,
        limit: u8,
    ) -> Result<Page<ConnectSessionView>, VaultError> {
        let mut db = self.store.connection().await?;
        let mut rows = connect_sessions::list(&mut db, caller.application, cursor, i64::from(limit) + 1).await?;
        let more = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        let next_cursor = rows.last().filter(|_| more).map(|row| row.id.to_string());
        let mut data = Vec::new();
        for row in rows {
            data.push(self.session_view(&mut db, row).await?);
        }
        Ok(Page { data, next_cursor })
    }

    pub(crate) async fn session_view(
        &self,
        db: &mut Connection,
        row: connect_sessions::Row,
    ) -> Result<ConnectSessionView, VaultError> {
        let end_user = end_users::get(db, row.application_id, row.end_user_id).await?.ok_or(VaultError::NotFound)?;
        let results = self.results(db, &row).await?.into_values().collect();
        Ok(ConnectSessionView {
            id: row.id,
            url: None,
            status: self.status_now(&row),
            completion: row.completion,
            end_user,
            providers: row.providers,
            reconnect: row.reconnect_id,
            results,
            return_url: row.return_url,
            origin: row.origin,
            metadata: row.metadata,
            expires_at: rfc3339(row.expires_at),
            created_at: rfc3339(row.created_at),
        })
    }

    /// A session whose time is over says so before the reaper has been there.
    fn status_now(&self, row: &connect_sessions::Row) -> ConnectSessionStatus {
        let now = self.clock.now();
        match row.status {
            ConnectSessionStatus::Open if row.expires_at <= now => ConnectSessionStatus::Expired,
            ConnectSessionStatus::AwaitingConfirmation if row.confirm_by.is_some_and(|at| at <= now) => {
                ConnectSessionStatus::Expired
            }
            status => status,
        }
    }

    /// What became of each provider that was tried, by its key: the last trip that ended counts, and a connected one
    /// before any other.
    async fn results(
        &self,
        db: &mut Connection,
        row: &connect_sessions::Row,
    ) -> Result<BTreeMap<String, ConnectResult>, VaultError> {
        let mut results: BTreeMap<String, ConnectResult> = BTreeMap::new();
        let mut keys = BTreeMap::new();
        for attempt in attempts::of_session(db, row.id).await? {
            let Some((status, error)) = outcome(row, &attempt) else { continue };
            let key = match keys.get(&attempt.provider_config_id.to_string()) {
                Some(key) => String::clone(key),
                None => {
                    let config = provider_configs::get(db, row.application_id, attempt.provider_config_id).await?;
                    let key = config.ok_or(VaultError::NotFound)?.key;
                    keys.insert(attempt.provider_config_id.to_string(), key.clone());
                    key
                }
            };
            let result =
                ConnectResult { provider: key.clone(), status, connected_account: attempt.connected_account_id, error };
            let settled = results.get(&key).is_some_and(|r| r.status != ResultStatus::Failed);
            if !settled || result.status != ResultStatus::Failed {
                results.insert(key, result);
            }
        }
        Ok(results)
    }
}

fn outcome(session: &connect_sessions::Row, attempt: &attempts::Row) -> Option<(ResultStatus, Option<ConnectError>)> {
    if attempt.connected_account_id.is_some() {
        return Some((ResultStatus::Connected, None));
    }
    if let Some(code) = &attempt.error_code {
        let detail = attempt.error_detail.clone().unwrap_or_default();
        return Some((ResultStatus::Failed, Some(ConnectError { code: code.clone(), detail })));
    }
    let waits = attempt.token_set_id.is_some() && session.completion == Completion::Confirmed;
    waits.then_some((ResultStatus::AwaitingConfirmation, None))
}
