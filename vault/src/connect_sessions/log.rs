//! Connect sessions as members look through them: who was invited, what happened at each provider, and why somebody may
//! never have come back.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::{LikelyWhen, NeverReturned, usual};
use crate::clock::{Millis, SECOND, rfc3339};
use crate::error::VaultError;
use crate::lists;
use crate::store::connect_sessions::log::{self, Logged, Narrowed};
use crate::store::{Connection, attempts, clients, connect_sessions, events, provider_configs};
use model::connect_sessions::{
    AttemptState, AttemptView, ConnectSessionDetail, ConnectSessionFilter, ConnectSessionLine, ConnectSessionStatus,
    ConnectSessionView, LikelyCause, WhyNot,
};
use model::ids::ConnectSessionId;
use model::lists::{BothWays, Mistakes, Turn};
use model::people::Role;

use super::NewConnectSession;

impl Vault {
    /// The application's connect sessions, narrowed, newest first.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when the filter or the turn cannot be read.
    pub async fn connect_session_log(
        &self,
        caller: &ApplicationCaller,
        filter: &ConnectSessionFilter,
        turn: &Turn,
        limit: u8,
    ) -> Result<BothWays<ConnectSessionLine>, VaultError> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut mistakes = Mistakes::new();
        let by = Narrowed {
            status: lists::one_of("outcome", &filter.outcome, &mut mistakes),
            end_user: given(&filter.end_user),
            provider: given(&filter.provider),
        };
        lists::check(mistakes)?;
        let cursor: Option<ConnectSessionId> = lists::cursor(turn)?;
        let mut db = self.store.connection().await?;
        let edge = (cursor.unwrap_or(ConnectSessionId::LAST), turn.newer);
        let rows = log::page(&mut db, caller.application, &by, edge, (self.clock.now(), i64::from(limit) + 1)).await?;
        let page = BothWays::new(rows, turn, usize::from(limit), |logged| logged.row.id.to_string());
        let mut data = Vec::new();
        for logged in page.data {
            let (started, id) = (logged.started_at.is_some(), logged.row.id);
            let session = self.session_view(&mut db, logged.row).await?;
            let ended = matches!(session.status, ConnectSessionStatus::Expired | ConnectSessionStatus::Failed);
            let never_returned =
                started && ended && attempts::of_session(&mut db, id).await?.iter().all(|trip| trip.used_at.is_none());
            data.push(ConnectSessionLine { session, never_returned });
        }
        Ok(BothWays { data, newer: page.newer, older: page.older })
    }

    /// One connect session with everything that happened in it.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn connect_session_detail(
        &self,
        caller: &ApplicationCaller,
        id: ConnectSessionId,
    ) -> Result<ConnectSessionDetail, VaultError> {
        let mut db = self.store.connection().await?;
        let logged = log::get(&mut db, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        let Logged { row, created_by, started_at, finished_at } = logged;
        let session = self.session_view(&mut db, row).await?;
        let mut told = Vec::new();
        let mut why_not: Vec<WhyNot> = Vec::new();
        let trips = attempts::of_session(&mut db, id).await?;
        for trip in &trips {
            let attempt = self.attempt_view(&mut db, &session, trip).await?;
            let same = |other: &&attempts::Row| other.provider_config_id == trip.provider_config_id;
            let returned = trips.iter().filter(same).any(|other| other.used_at.is_some());
            let new = !why_not.iter().any(|told| told.provider == attempt.provider);
            if attempt.state == AttemptState::NeverReturned && !returned && new {
                why_not.push(self.why_not(&mut db, &attempt, trip).await?);
            }
            told.push(attempt);
        }
        let created_by = created_by_in_words(&mut db, caller, &created_by).await?;
        Ok(ConnectSessionDetail {
            session,
            created_by,
            started_at: started_at.map(rfc3339),
            finished_at: finished_at.map(rfc3339),
            attempts: told,
            why_not,
        })
    }

    /// Opens a session like an earlier one, for an end user whose link has ended.
    ///
    /// # Errors
    /// As [`Vault::open_connect_session`]; [`VaultError::Revoked`], where only a revoked account could be renewed.
    pub async fn repeat_connect_session(
        &self,
        caller: &ApplicationCaller,
        id: ConnectSessionId,
    ) -> Result<ConnectSessionView, VaultError> {
        caller.require(Role::Developer)?;
        let mut db = self.store.connection().await?;
        let row = connect_sessions::get(&mut db, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        let view = self.session_view(&mut db, row.clone()).await?;
        drop(db);
        if let Some(account) = row.reconnect_id {
            return self.open_reconnect_link(caller, account).await;
        }
        let new = NewConnectSession {
            end_user: view.end_user,
            providers: row.providers,
            return_url: row.return_url,
            origin: row.origin,
            reconnect: None,
            completion: row.completion,
            scopes: row.scopes,
            metadata: row.metadata,
            expires_in: None,
        };
        self.open_connect_session(caller, new).await
    }

    async fn attempt_view(
        &self,
        db: &mut Connection,
        session: &ConnectSessionView,
        trip: &attempts::Row,
    ) -> Result<AttemptView, VaultError> {
        let config = provider_configs::get(db, trip.application_id, trip.provider_config_id).await?;
        let config = config.ok_or(VaultError::NotFound)?;
        let provider = self.catalogue.get(&config.provider);
        let state = state(trip, session.status, self.clock.now());
        let account = &trip.provider_account;
        Ok(AttemptView {
            provider: config.key,
            provider_name: provider.map_or(config.provider, |p| p.entry.name.clone()),
            state,
            error: trip.error_code.clone(),
            detail: trip.error_detail.clone().filter(|detail| !detail.is_empty()),
            began_at: rfc3339(trip.created_at),
            returned_at: trip.used_at.map(rfc3339),
            provider_account: account.email.clone().or_else(|| account.name.clone()).or_else(|| account.id.clone()),
            connected_account: trip.connected_account_id,
        })
    }

    /// Why somebody may not have come back, the likeliest first by what became of others with the same client.
    async fn why_not(
        &self,
        db: &mut Connection,
        attempt: &AttemptView,
        trip: &attempts::Row,
    ) -> Result<WhyNot, VaultError> {
        let client = clients::get(db, trip.application_id, trip.client_id).await?;
        let last_return = log::last_return(db, trip.client_id).await?;
        let config = provider_configs::get(db, trip.application_id, trip.provider_config_id).await?;
        let entry = config.and_then(|config| self.catalogue.get(&config.provider).cloned());
        let causes = entry.map(|provider| provider.entry.never_returned.clone()).filter(|causes| !causes.is_empty());
        let mut causes = causes.unwrap_or_else(|| usual(&attempt.provider_name));
        let likely = if last_return.is_some() { LikelyWhen::OthersReturn } else { LikelyWhen::NobodyReturns };
        // Stable: within each half the catalogue's order holds.
        causes.sort_by_key(|cause| cause.likely_when != likely);
        let client = client.map(|client| client.client_id).unwrap_or_default();
        let evidence = match last_return {
            Some(_) => format!(
                "Others have come back from {} with this client, so the set-up works: look at this end user's account first.",
                attempt.provider_name
            ),
            None => format!(
                "Nobody has ever come back from {} with the client {client}: look at the set-up first.",
                attempt.provider_name
            ),
        };
        Ok(WhyNot {
            provider: attempt.provider.clone(),
            provider_name: attempt.provider_name.clone(),
            redirect_uri: trip.redirect_uri.clone(),
            evidence,
            last_return: last_return.map(rfc3339),
            causes: causes.into_iter().map(|cause| told(cause, likely)).collect(),
        })
    }
}

fn told(cause: NeverReturned, likely: LikelyWhen) -> LikelyCause {
    LikelyCause { likely: cause.likely_when == likely, shows: cause.shows, cause: cause.cause, cure: cause.cure }
}

fn state(trip: &attempts::Row, session: ConnectSessionStatus, now: Millis) -> AttemptState {
    if trip.connected_account_id.is_some() {
        return AttemptState::Connected;
    }
    if trip.error_code.is_some() {
        return AttemptState::Failed;
    }
    match (trip.used_at, session) {
        (Some(_), ConnectSessionStatus::AwaitingConfirmation) => AttemptState::AwaitingConfirmation,
        (Some(_), ConnectSessionStatus::Open) => AttemptState::Returned,
        (Some(_), _) => AttemptState::NotConfirmed,
        (None, ConnectSessionStatus::Open) if trip.expires_at > now + SECOND => AttemptState::AtProvider,
        (None, _) => AttemptState::NeverReturned,
    }
}

/// Whoever opened a session, by name.
pub(crate) async fn created_by_in_words(
    db: &mut Connection,
    caller: &ApplicationCaller,
    by: &str,
) -> Result<String, VaultError> {
    let named = |all: Vec<(String, String)>| all.into_iter().find(|(id, _)| id == by).map(|(_, name)| name);
    Ok(match by.split('_').next().unwrap_or_default() {
        "key" => {
            let name = named(events::log::keys(db, caller.application).await?);
            name.map_or_else(|| "An API key".to_owned(), |name| format!("API key {name}"))
        }
        "per" => named(events::log::people(db, caller.organization).await?).unwrap_or_else(|| "A former member".into()),
        "command" => "The command line".to_owned(),
        _ => by.replace('_', " "),
    })
}
