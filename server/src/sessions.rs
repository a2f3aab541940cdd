//! The portal's sign-in sessions: the cookie, and the store behind it.
//!
//! A session ends after 12 hours without a request, and in any case 7 days after it began; the second limit is checked
//! where the session is read.

use crate::layers::visitor::Visitor;
use crate::state::State;
use async_trait::async_trait;
use axum::extract::{Request, State as From};
use axum::middleware::Next;
use axum::response::Response;
use model::ids::PersonId;
use std::fmt;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};
use vault::session_keys::{ADDRESS, PERSON, SEEN_AT};
use vault::{MINUTE, Millis, Vault};

const INACTIVITY: Duration = Duration::hours(12);
/// Sessions in use are written this often, not at each request.
const SEEN_EVERY: Millis = 5 * MINUTE;

/// The layer that gives portal pages their session.
pub(crate) fn layer(vault: Vault, https: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions(vault))
        .with_name(if https { "__Host-keybearer" } else { "keybearer" })
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(INACTIVITY))
}

/// Keeps a session alive that is in use. It goes inside of [`layer`].
pub(crate) async fn keep_alive(From(state): From<State>, session: Session, request: Request, next: Next) -> Response {
    let now = state.vault.clock().now();
    // A session that cannot be read is dealt with where somebody needs it.
    if let Ok(Some(seen_at)) = session.get::<Millis>(SEEN_AT).await
        && now - seen_at < SEEN_EVERY
    {
        return next.run(request).await;
    }
    let address = request.extensions().get::<Visitor>().map(|visitor| visitor.address.to_string());
    let response = next.run(request).await;
    if let Ok(Some(_)) = session.get_value(PERSON).await {
        drop(session.insert(SEEN_AT, now).await);
        drop(session.insert(ADDRESS, address).await);
    }
    response
}

/// tower-sessions' store over the vault's.
#[derive(Clone)]
pub(crate) struct Sessions(Vault);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let (data, person, ends) = (data(record)?, person(record), ends(record));
        while !self.0.create_portal_session(&record.id.to_string(), person, &data, ends).await.map_err(failed)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let id = record.id.to_string();
        self.0.save_portal_session(&id, person(record), &data(record)?, ends(record)).await.map_err(failed)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, ends)) = self.0.load_portal_session(&id.to_string()).await.map_err(failed)? else {
            return Ok(None);
        };
        let decode = |what: String| Error::Decode(what);
        let data = serde_json::from_slice(&data).map_err(|e| decode(e.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(ends / 1_000).map_err(|e| decode(e.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.delete_portal_session(&id.to_string()).await.map_err(failed)
    }
}

fn data(record: &Record) -> Result<Vec<u8>> {
    serde_json::to_vec(&record.data).map_err(|e| Error::Encode(e.to_string()))
}

fn ends(record: &Record) -> Millis {
    record.expiry_date.unix_timestamp().saturating_mul(1_000)
}

fn person(record: &Record) -> Option<PersonId> {
    record.data.get(PERSON)?.as_str()?.parse().ok()
}

fn failed(error: vault::VaultError) -> Error {
    Error::Backend(vault::chain(&error))
}
