//! A whole organization as one sealed file, so that nobody is locked in: from SQLite to PostgreSQL, or to another host.
//!
//! Inside the seal (age, X25519) stand JSON lines: what it is ([`Begin`]), each row of each table, and what must have been
//! there ([`End`]). What the source keeps sealed travels in the clear within that seal, and is sealed anew for its place
//! at the target, under the target's keys. Which rows and columns travel stands in `store/portability/tables.rs` alone.

mod export;
mod fields;
mod import;
mod lines;
mod people;
mod report;
mod seal;

pub use export::{Exported, Exporting};
pub use import::Importing;
pub use report::{Imported, Redirect};
pub use seal::{Identities, Recipients};

use crate::error::{Invalid, VaultError};
use model::ids::OrganizationId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the first line of an export says of itself.
const FORMAT: &str = "keybearer-organization";
/// The version of the format that is written, and the newest that is read.
const VERSION: u32 = 1;
/// This program.
const KEYBEARER: &str = env!("CARGO_PKG_VERSION");

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    format: String,
    version: u32,
    /// The version of the program that wrote it.
    keybearer: String,
    /// The migrations that its tables have been through.
    schema: Vec<i64>,
    organization: OrganizationId,
    name: String,
    /// The public URL that the source serves.
    public_url: String,
    /// The base of its callbacks.
    connect_url: String,
    exported_at: String,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    /// Rows by table.
    rows: BTreeMap<String, u64>,
    /// SHA-256 over all lines before, in hex.
    sha256: String,
}

/// A file or a target that does not do. What it repeats of a file may be of anybody's making: no control characters.
fn refused(summary: impl AsRef<str>) -> VaultError {
    let summary = summary.as_ref().chars().filter(|c| !c.is_control()).collect();
    VaultError::Invalid(Invalid { summary, fields: Vec::new() })
}
