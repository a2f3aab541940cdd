//! What failed statements say.

use super::StoreError;
use crate::error::{VaultError, internal};

impl From<StoreError> for VaultError {
    fn from(error: StoreError) -> Self {
        if holds_nul(&error) {
            return Self::NotFound;
        }
        internal("the database failed", error)
    }
}

/// Whether a text had a NUL in it, which PostgreSQL takes in no text (SQLSTATE 22021). What is written is checked before,
/// so something was looked for that cannot be there; SQLite finds nothing by itself.
fn holds_nul(error: &StoreError) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "22021")
}

/// Whether a statement failed because the database cannot be reached.
pub(crate) fn is_away(error: &(dyn std::error::Error + 'static)) -> bool {
    let known = error.downcast_ref::<StoreError>();
    known.is_some_and(|e| matches!(e, StoreError::Io(_) | StoreError::PoolTimedOut | StoreError::PoolClosed))
}

/// Whether a statement failed because a unique index has such a row already.
pub(crate) fn is_taken(error: &StoreError) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Whether a statement failed because a row is not as its table wants it: it names what is not there, or lacks something.
pub(crate) fn is_unfit(error: &StoreError) -> bool {
    use sqlx::error::ErrorKind::{CheckViolation, ForeignKeyViolation, NotNullViolation};
    let kind = error.as_database_error().map(sqlx::error::DatabaseError::kind);
    kind.is_some_and(|kind| matches!(kind, CheckViolation | ForeignKeyViolation | NotNullViolation))
}
