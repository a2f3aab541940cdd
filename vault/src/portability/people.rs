//! People of an imported organization. Who is at the target already, by e-mail address, stays as they are there: the
//! membership is theirs, and nothing of them is overwritten.

use super::fields::{self, Field};
use super::refused;
use crate::error::VaultError;
use crate::secret::Secret;
use crate::store::portability::{Cell, Kind};
use crate::store::{Connection, people};
use model::ids::MemberId;
use std::collections::HashMap;

/// Tables of what a person signs in with: it comes along with the person or not at all.
const OWN: [&str; 3] = ["passkeys", "authenticators", "recovery_codes"];

/// The people so far, by their ids at the source.
#[derive(Default)]
pub(super) struct People(HashMap<String, Known>);

enum Known {
    /// The person comes along.
    Comes,
    /// The person is at the target.
    IsHere { id: String, email: String, is_member: bool },
}

impl People {
    /// Looks whether the target has the person. Whether the person comes along.
    pub(super) async fn meet(&mut self, db: &mut Connection, row: &[Field]) -> Result<bool, VaultError> {
        let id = fields::text(row, "id").unwrap_or_default().to_owned();
        let email = fields::text(row, "email").unwrap_or_default().to_owned();
        let known = match people::by_email(db, &email).await? {
            Some(here) => {
                let is_member = people::organization_of(db, &email).await?.is_some();
                Known::IsHere { id: here.id.to_string(), email, is_member }
            }
            None => Known::Comes,
        };
        let comes = matches!(known, Known::Comes);
        self.0.insert(id, known);
        Ok(comes)
    }

    /// Puts the target's people in the place of the source's. Whether the row belongs there at all.
    pub(super) fn translate(&self, table: &str, row: &mut [Field]) -> Result<bool, VaultError> {
        for (_, kind, cell) in row.iter_mut() {
            let Cell::Text(id) = cell else { continue };
            match (kind, self.0.get(id.expose())) {
                (Kind::Person, None) => return Err(refused(format!("a row of {table} is of nobody in the file"))),
                (Kind::Person, Some(Known::IsHere { .. })) if OWN.contains(&table) => return Ok(false),
                (Kind::Person | Kind::PersonOrOther, Some(Known::IsHere { id, .. })) => {
                    *cell = Cell::Text(Secret::new(id.clone()));
                }
                _ => {}
            }
        }
        Ok(true)
    }

    /// A person's portal is that of the first membership. Whoever is a member at the target gets this one as a further
    /// one, under an id of its own, so that nobody's portal changes under them.
    pub(super) fn keep_first_membership(&self, row: &mut [Field]) {
        let person = fields::text(row, "person_id").unwrap_or_default();
        let is_member = |known: &Known| matches!(known, Known::IsHere { id, is_member: true, .. } if id == person);
        if self.0.values().any(is_member)
            && let Some((_, _, cell)) = row.iter_mut().find(|(name, ..)| *name == "id")
        {
            *cell = Cell::Text(Secret::new(MemberId::new().to_string()));
        }
    }

    /// The addresses of those who were at the target, and whether they are members there.
    pub(super) fn here(&self) -> Vec<(String, bool)> {
        let here = self.0.values().filter_map(|known| match known {
            Known::IsHere { email, is_member, .. } => Some((email.clone(), *is_member)),
            Known::Comes => None,
        });
        let mut here: Vec<_> = here.collect();
        here.sort();
        here
    }

    /// Whether a table is of what people sign in with.
    pub(super) fn own(table: &str) -> bool {
        OWN.contains(&table)
    }
}
