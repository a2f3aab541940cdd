//! The hash chain of an organization's audit log: what is hashed, and how a checkpoint is signed. Pure, so that whoever
//! verifies an export needs nothing else.
//!
//! The hash of a line is SHA-256 over the hash of the line before and the line's [`Core`] as JSON, members in the order
//! of the struct, members of `detail` sorted. The first line follows [`genesis`].

use crate::clock::rfc3339;
use crate::error::{VaultError, internal};
use crate::random;
use crate::secret::{Secret, sha256};
use crate::store::Connection;
use crate::store::events::{chained, lines};
use data_encoding::HEXLOWER;
use model::ids::{EventId, OrganizationId};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A SHA-256.
pub(super) type Hash = [u8; 32];

/// One line of the log without its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) at: String,
    pub(super) r#type: String,
    pub(super) application: Option<String>,
    pub(super) actor_kind: String,
    pub(super) actor_id: Option<String>,
    pub(super) target: String,
    pub(super) outcome: String,
    pub(super) request_id: Option<String>,
    pub(super) detail: Value,
    /// SHA-256 of the salt and the personal fields as JSON, in hex; `None` for lines that never have any.
    pub(super) personal_digest: Option<String>,
    /// The personal fields themselves and their salt, until they are erased. No part of what is hashed.
    #[serde(skip)]
    pub(super) personal: Option<(String, Vec<u8>)>,
}

/// What is hashed of a line.
#[derive(Serialize)]
struct Core<'a> {
    organization: Cow<'a, str>,
    seq: i64,
    id: &'a str,
    at: &'a str,
    r#type: &'a str,
    application: Option<&'a str>,
    actor_kind: &'a str,
    actor_id: Option<&'a str>,
    target: &'a str,
    outcome: &'a str,
    request_id: Option<&'a str>,
    detail: Value,
    personal_digest: Option<&'a str>,
}

/// What the first line of an organization's chain follows.
pub(super) fn genesis(organization: OrganizationId) -> Hash {
    sha256(format!("keybearer event chain 1\n{organization}").as_bytes())
}

/// The hash of a line at its place.
pub(super) fn link(organization: OrganizationId, previous: &[u8], seq: i64, entry: &Entry) -> Hash {
    let core = Core {
        organization: organization.to_string().into(),
        seq,
        id: &entry.id,
        at: &entry.at,
        r#type: &entry.r#type,
        application: entry.application.as_deref(),
        actor_kind: &entry.actor_kind,
        actor_id: entry.actor_id.as_deref(),
        target: &entry.target,
        outcome: &entry.outcome,
        request_id: entry.request_id.as_deref(),
        detail: sorted(&entry.detail),
        personal_digest: entry.personal_digest.as_deref(),
    };
    let mut bytes = previous.to_vec();
    bytes.extend(serde_json::to_vec(&core).unwrap_or_default());
    sha256(&bytes)
}

/// The digest by which the chain knows personal fields: without the salt nobody can try out what they were.
pub(super) fn personal_digest(salt: &[u8], personal: &str) -> Hash {
    sha256(&[salt, personal.as_bytes()].concat())
}

/// The same value with the members of all objects in the order of their names, whatever order a parser keeps.
pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut all: Vec<_> = members.iter().collect();
            all.sort_by(|a, b| a.0.cmp(b.0));
            Value::Object(all.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect::<Map<_, _>>())
        }
        Value::Array(all) => Value::Array(all.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// The lines that an event of the database stands for: itself, or those that were written together under it.
///
/// # Errors
/// When the database fails.
pub(super) async fn entries(db: &mut Connection, row: &chained::Row, from: i64) -> Result<Vec<Entry>, VaultError> {
    let Some(count) = row.lines else { return Ok(vec![whole(row)]) };
    let found = lines::of_event(db, row.id, from, count).await?;
    Ok(found.into_iter().map(|line| one_of_several(row, line)).collect())
}

fn whole(row: &chained::Row) -> Entry {
    Entry {
        id: row.id.to_string(),
        at: rfc3339(row.created_at),
        r#type: row.r#type.clone(),
        application: row.application.map(|id| id.to_string()),
        actor_kind: row.actor_kind.clone(),
        actor_id: row.actor_id.clone(),
        target: row.target.clone(),
        outcome: row.outcome.clone(),
        request_id: row.request_id.clone(),
        detail: row.detail.clone(),
        personal_digest: Some(HEXLOWER.encode(&row.personal_digest)),
        personal: row.personal.clone().map(|text| (text, row.personal_salt.clone())),
    }
}

fn one_of_several(shared: &chained::Row, line: lines::Row) -> Entry {
    Entry {
        id: EventId::line(shared.id, line.position).to_string(),
        at: rfc3339(line.created_at),
        r#type: line.r#type,
        application: shared.application.map(|id| id.to_string()),
        actor_kind: shared.actor_kind.clone(),
        actor_id: shared.actor_id.clone(),
        target: line.target,
        outcome: shared.outcome.clone(),
        request_id: line.request_id,
        detail: line.detail,
        personal_digest: line.personal_digest.map(|digest| HEXLOWER.encode(&digest)),
        personal: line.personal.zip(line.personal_salt),
    }
}

/// The key that signs a chain's checkpoints (Ed25519, RFC 8032).
pub(super) struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// A new one, with the seed that it is kept as.
    ///
    /// # Errors
    /// When there are no random numbers.
    pub(super) fn generate() -> Result<(Self, Secret<Vec<u8>>), VaultError> {
        let seed = Secret::new(random::bytes::<32>()?.to_vec());
        Ok((Self::from_seed(&seed)?, seed))
    }

    /// The key of a seed.
    ///
    /// # Errors
    /// When the seed is none.
    pub(super) fn from_seed(seed: &Secret<Vec<u8>>) -> Result<Self, VaultError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose());
        pair.map(Self).map_err(|e| internal("the key of an event chain is none", e.to_string()))
    }

    pub(super) fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    pub(super) fn sign(&self, statement: &Statement<'_>) -> Vec<u8> {
        self.0.sign(&statement.bytes()).as_ref().to_vec()
    }
}

/// What a checkpoint's signature says: at this time the chain ended at this place with this hash.
pub(super) struct Statement<'a> {
    /// What it is said of: a checkpoint on the way, or the end of an export. One cannot pass for the other, or whoever cuts an
    /// export off could end it at any checkpoint.
    pub(super) of: Said,
    pub(super) organization: OrganizationId,
    pub(super) seq: i64,
    pub(super) hash: &'a [u8],
    pub(super) at: &'a str,
}

/// What a signature is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// The chain was this at some moment.
    Checkpoint,
    /// The export ends here, and has so many checkpoints.
    End { checkpoints: u64 },
}

impl Statement<'_> {
    fn bytes(&self) -> Vec<u8> {
        let Self { of, organization, seq, hash, at } = self;
        let hash = HEXLOWER.encode(hash);
        match of {
            Said::Checkpoint => format!("keybearer event checkpoint 1\n{organization}\n{seq}\n{hash}\n{at}"),
            Said::End { checkpoints } => {
                format!("keybearer event end 1\n{organization}\n{seq}\n{hash}\n{at}\n{checkpoints}")
            }
        }
        .into_bytes()
    }

    /// Whether the key has signed it.
    pub(super) fn is_signed(&self, public_key: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, public_key).verify(&self.bytes(), signature).is_ok()
    }
}
