//! Where the portal's sign-in sessions are kept. A session's id is a secret: the database has its hash, which is also
//! how its owner names it.

use crate::Vault;
use crate::caller::MemberCaller;
use crate::clock::{Millis, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::secret::{same, sha256};
use crate::store::{Tx, members, people, portal_sessions};
use data_encoding::HEXLOWER;
use model::ids::{MemberId, PersonId};
use model::people::Role;
use model::portal_sessions::PortalSessionView;
use serde::Deserialize;

/// What stands in a session's record, by name.
pub mod session_keys {
    /// Who is signed in.
    pub const PERSON: &str = "person";
    /// When that began, in unix milliseconds.
    pub const BEGAN_AT: &str = "began_at";
    /// When the last request came, to about five minutes, in unix milliseconds.
    pub const SEEN_AT: &str = "seen_at";
    /// Browser and system in words.
    pub const DEVICE: &str = "device";
    /// The address that the session was last seen from.
    pub const ADDRESS: &str = "address";
}

/// As much of a record as its owner is shown.
#[derive(Deserialize)]
struct Shown {
    began_at: Millis,
    #[serde(default)]
    seen_at: Option<Millis>,
    #[serde(default)]
    device: String,
    #[serde(default)]
    address: String,
}

impl Vault {
    /// Keeps a new session. `false` when the id is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_portal_session(
        &self,
        id: &str,
        person: Option<PersonId>,
        data: &[u8],
        expires_at: Millis,
    ) -> Result<bool, VaultError> {
        let mut db = self.store.connection().await?;
        let hash = sha256(id.as_bytes());
        Ok(portal_sessions::insert(&mut db, &hash, person, data, self.clock.now(), expires_at).await?)
    }

    /// Writes a session over. One that has been ended meanwhile stays ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_portal_session(
        &self,
        id: &str,
        person: Option<PersonId>,
        data: &[u8],
        expires_at: Millis,
    ) -> Result<(), VaultError> {
        let mut db = self.store.connection().await?;
        Ok(portal_sessions::update(&mut db, &sha256(id.as_bytes()), person, data, expires_at).await?)
    }

    /// A session that has not expired: its data and its end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load_portal_session(&self, id: &str) -> Result<Option<(Vec<u8>, Millis)>, VaultError> {
        let mut db = self.store.connection().await?;
        Ok(portal_sessions::get(&mut db, &sha256(id.as_bytes()), self.clock.now()).await?)
    }

    /// Forgets a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_portal_session(&self, id: &str) -> Result<(), VaultError> {
        let mut db = self.store.connection().await?;
        Ok(portal_sessions::delete(&mut db, &sha256(id.as_bytes())).await?)
    }

    /// The person's own sessions, the last seen first. `session` is the id of the one that asks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn portal_sessions(
        &self,
        caller: &MemberCaller,
        session: &str,
    ) -> Result<Vec<PortalSessionView>, VaultError> {
        let mut db = self.store.connection().await?;
        let rows = portal_sessions::of_person(&mut db, caller.person, self.clock.now()).await?;
        let own = sha256(session.as_bytes());
        let shown = rows.into_iter().filter_map(|row| {
            let shown: Shown = serde_json::from_slice(&row.data).ok()?;
            (shown.began_at >= caller.sessions_valid_from).then_some((
                shown.seen_at.unwrap_or(shown.began_at),
                row,
                shown,
            ))
        });
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by_key(|(seen_at, ..)| std::cmp::Reverse(*seen_at));
        let view = |(seen_at, row, shown): (Millis, portal_sessions::Row, Shown)| PortalSessionView {
            id: HEXLOWER.encode(&row.id_hash),
            device: shown.device,
            address: shown.address,
            began_at: rfc3339(shown.began_at),
            seen_at: rfc3339(seen_at),
            current: same(&row.id_hash, &own),
        };
        Ok(shown.into_iter().map(view).collect())
    }

    /// Ends one of the person's own sessions.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], also for somebody else's.
    pub async fn end_portal_session(&self, caller: &MemberCaller, id: &str) -> Result<(), VaultError> {
        let hash = HEXLOWER.decode(id.as_bytes()).map_err(|_| VaultError::NotFound)?;
        let mut tx = self.store.begin().await?;
        if !portal_sessions::delete_own(&mut tx, caller.person, &hash).await? {
            return Err(VaultError::NotFound);
        }
        self.record(&mut tx, Event::in_portal(caller, "person.session_ended", caller.person)).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all of the person's sessions but the one that asks, and says how many those were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_other_portal_sessions(&self, caller: &MemberCaller, session: &str) -> Result<u64, VaultError> {
        let mut tx = self.store.begin().await?;
        let ended = portal_sessions::delete_others(&mut tx, caller.person, &sha256(session.as_bytes())).await?;
        self.record(&mut tx, Event::in_portal(caller, "person.other_sessions_ended", caller.person)).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Ends all sessions of another member.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`] below admin, and for an admin who means an owner; [`VaultError::NotFound`].
    pub async fn end_sessions_of_member(&self, caller: &MemberCaller, id: MemberId) -> Result<(), VaultError> {
        caller.require(Role::Admin)?;
        let mut tx = self.store.begin().await?;
        let (person, role) =
            members::person_and_role(&mut tx, caller.organization, id).await?.ok_or(VaultError::NotFound)?;
        if role == Role::Owner {
            caller.require(Role::Owner)?;
        }
        self.end_all_sessions(&mut tx, person).await?;
        self.record(&mut tx, Event::in_portal(caller, "member.sessions_ended", id)).await?;
        Ok(tx.commit().await?)
    }

    /// Sessions that began before now are over, those too that a request under way is about to write.
    pub(crate) async fn end_all_sessions(&self, tx: &mut Tx, person: PersonId) -> Result<(), VaultError> {
        people::end_sessions(tx, person, self.clock.now()).await?;
        portal_sessions::delete_of_person(tx, person).await?;
        Ok(())
    }
}
