//! End users: the developer's customers, by the developer's own ids. A row is made by the first connect session.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::rfc3339;
use crate::connection_tests::RESERVED;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::end_users::{self as store, Row};
use crate::text::can_be_shown;
use model::Page;
use model::end_users::EndUserRecord;
use model::ids::EndUserId;
use model::people::Role;
use serde_json::json;

pub use store::EndUserFilter;

/// What may be changed of an end user: what is absent stays, and `Some(None)` takes away.
#[derive(Clone, Debug, Default)]
pub struct EndUserChange {
    /// A name to show.
    pub name: Option<Option<String>>,
    /// An e-mail address to show.
    pub email: Option<Option<String>>,
    /// The developer's grouping.
    pub group: Option<Option<String>>,
}

impl Vault {
    /// The application's end users, newest first. `cursor` is what the page before ended with.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn end_users(
        &self,
        caller: &ApplicationCaller,
        filter: &EndUserFilter,
        cursor: Option<EndUserId>,
        limit: u8,
    ) -> Result<Page<EndUserRecord>, VaultError> {
        caller.require(Role::Viewer)?;
        let limit = usize::from(limit);
        let mut db = self.store.connection().await?;
        let mut rows = store::list(&self.store, &mut db, caller.application, filter, cursor, limit + 1).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| row.id.to_string());
        Ok(Page { data: rows.into_iter().map(record).collect(), next_cursor })
    }

    /// One of them, by the developer's own id.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when nobody of that id has been invited yet; [`VaultError::Forbidden`].
    pub async fn end_user(&self, caller: &ApplicationCaller, id: &str) -> Result<EndUserRecord, VaultError> {
        caller.require(Role::Viewer)?;
        let row = store::row(&mut *self.store.connection().await?, caller.application, id).await?;
        Ok(record(known(row)?))
    }

    /// Changes what is shown of an end user.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Invalid`], [`VaultError::Forbidden`].
    pub async fn change_end_user(
        &self,
        caller: &ApplicationCaller,
        id: &str,
        change: EndUserChange,
    ) -> Result<EndUserRecord, VaultError> {
        caller.require(Role::Developer)?;
        check(&change)?;
        let mut tx = self.store.begin().await?;
        let mut row = known(store::row(&mut tx, caller.application, id).await?)?;
        let members = [("name", &mut row.name), ("email", &mut row.email), ("group", &mut row.group)];
        let wanted = [change.name, change.email, change.group];
        let mut changed = Vec::new();
        for ((name, member), wanted) in members.into_iter().zip(wanted) {
            if let Some(wanted) = wanted.filter(|wanted| wanted != member) {
                *member = wanted;
                changed.push(name);
            }
        }
        if changed.is_empty() {
            return Ok(record(row));
        }
        row.updated_at = self.clock.now();
        if !store::update(&mut tx, caller.application, &row).await? {
            return Err(VaultError::NotFound);
        }
        let event = Event::by(caller, "end_user.changed", row.id).detail(json!({ "changed": changed }));
        self.record(&mut tx, event.personal(json!({ "end_user": id }))).await?;
        tx.commit().await?;
        Ok(record(row))
    }
}

/// The end user of connection tests is nobody's customer.
fn known(row: Option<Row>) -> Result<Row, VaultError> {
    row.filter(|row| !row.external_id.starts_with(RESERVED)).ok_or(VaultError::NotFound)
}

/// A text that names an end user or groups it.
pub(crate) fn is_a_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 255 && can_be_shown(text)
}

fn check(change: &EndUserChange) -> Result<(), VaultError> {
    let texts = [("name", &change.name), ("email", &change.email), ("group", &change.group)];
    let wrong = texts.iter().filter(|(_, text)| text.iter().flatten().any(|text| !is_a_name(text)));
    let message = "1 to 255 characters that can be shown, or null to take it away.";
    let wrong = wrong.map(|(name, _)| ((*name).to_owned(), message.to_owned()));
    VaultError::check("The end user is not changed.", wrong.collect())
}

fn record(row: Row) -> EndUserRecord {
    EndUserRecord {
        id: row.external_id,
        name: row.name,
        email: row.email,
        group: row.group,
        created_at: rfc3339(row.created_at),
        updated_at: rfc3339(row.updated_at),
    }
}
