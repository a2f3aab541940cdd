//! Whether an exported chain is whole, told from the export alone.

use super::chain::{self, Entry, Hash, Said, Statement};
use super::chain_fault::ChainFault;
use data_encoding::{BASE64, HEXLOWER};
use model::ids::OrganizationId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the first line of an export says of itself.
pub(super) const FORMAT: &str = "keybearer-event-chain-1";

/// One line of an exported chain.
#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub(super) enum Line {
    Begin(Begin),
    Event(Box<Exported>),
    Checkpoint(Signed),
    End(End),
}

#[derive(Serialize, Deserialize)]
pub(super) struct Begin {
    pub(super) format: String,
    pub(super) organization: OrganizationId,
    /// Ed25519, in base64.
    pub(super) public_key: String,
    pub(super) after_seq: i64,
    pub(super) after_hash: String,
    /// Where it does not begin with the first line: the chain was at this place once, and this says so.
    pub(super) checkpoint: Option<Signed>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Exported {
    pub(super) seq: i64,
    pub(super) hash: String,
    #[serde(flatten)]
    pub(super) entry: Entry,
    pub(super) personal: Option<Value>,
    pub(super) personal_salt: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Signed {
    pub(super) seq: i64,
    pub(super) hash: String,
    pub(super) at: String,
    /// In base64.
    pub(super) signature: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct End {
    #[serde(flatten)]
    pub(super) signed: Signed,
    /// How many checkpoints stand in the export, its end not among them.
    pub(super) checkpoints: u64,
}

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChainReport {
    /// Whose log.
    pub organization: OrganizationId,
    /// The place of the first event, 0 when there is none.
    pub first_seq: i64,
    /// The place of the last one.
    pub last_seq: i64,
    /// How many.
    pub events: u64,
    /// How many signed checkpoints fitted, the end among them.
    pub checkpoints: u64,
    /// The last one's hash, in hex.
    pub hash: String,
    /// The key that signed, in base64: compare it with one that you have from elsewhere.
    pub public_key: String,
    /// When the export was made.
    pub exported_at: String,
}

/// Reads an export line by line; memory does not grow with it.
#[derive(Default)]
pub struct ChainVerifier {
    lines: usize,
    expected_key: Option<String>,
    kept: Vec<(i64, String)>,
    begun: Option<Reading>,
}

/// How far a chain has been read.
struct Reading {
    begin: Begin,
    key: Vec<u8>,
    seq: i64,
    hash: Hash,
    first: i64,
    events: u64,
    checkpoints: u64,
    ended: Option<End>,
}

impl ChainVerifier {
    /// Expects this key, in base64.
    #[must_use]
    pub fn expecting_key(mut self, public_key: &str) -> Self {
        self.expected_key = Some(public_key.trim().to_owned());
        self
    }

    /// Expects this hash, in hex, at this place: a checkpoint that was kept elsewhere.
    #[must_use]
    pub fn expecting(mut self, seq: i64, hash: &str) -> Self {
        self.kept.push((seq, hash.trim().to_ascii_lowercase()));
        self
    }

    /// Reads the next line.
    ///
    /// # Errors
    /// The first fault.
    pub fn read(&mut self, text: &str) -> Result<(), ChainFault> {
        self.lines += 1;
        let line = self.lines;
        let unreadable = |why: String| ChainFault::Unreadable { line, why };
        let parsed: Line = serde_json::from_str(text).map_err(|e| unreadable(e.to_string()))?;
        if serde_json::to_value(&parsed).ok() != serde_json::from_str(text).ok() {
            return Err(unreadable("it says something that no line of an export says".to_owned()));
        }
        match (&mut self.begun, parsed) {
            (None, Line::Begin(begin)) => {
                let reading = Reading::begin(begin).map_err(unreadable)?;
                if self.expected_key.as_ref().is_some_and(|key| *key != reading.begin.public_key) {
                    return Err(ChainFault::OtherKey { found: reading.begin.public_key });
                }
                let mut reading = reading;
                reading.beginning()?;
                let begin = &reading.begin;
                if self.kept.iter().any(|(seq, hash)| *seq == begin.after_seq && *hash != begin.after_hash) {
                    return Err(ChainFault::NotMet { seq: begin.after_seq });
                }
                self.begun = Some(reading);
                Ok(())
            }
            (None, _) => Err(unreadable("an export begins with a line \"begin\"".to_owned())),
            (Some(_), Line::Begin(_)) => Err(unreadable("there is one line \"begin\" in an export".to_owned())),
            (Some(reading), _) if reading.ended.is_some() => Err(unreadable("nothing follows the end".to_owned())),
            (Some(reading), Line::Event(event)) => reading.event(&event, &self.kept),
            (Some(reading), Line::Checkpoint(signed)) => reading.signed(Said::Checkpoint, &signed),
            (Some(reading), Line::End(end)) => reading.end(end),
        }
    }

    /// What was verified.
    ///
    /// # Errors
    /// [`ChainFault::CutOff`], [`ChainFault::NotMet`].
    pub fn finish(self) -> Result<ChainReport, ChainFault> {
        let Some(reading) = self.begun else {
            return Err(ChainFault::Unreadable { line: 1, why: "there is nothing".to_owned() });
        };
        let Some(end) = reading.ended else { return Err(ChainFault::CutOff { after: reading.seq }) };
        if let Some((seq, _)) = self.kept.iter().find(|(seq, _)| *seq > reading.seq) {
            return Err(ChainFault::NotMet { seq: *seq });
        }
        Ok(ChainReport {
            organization: reading.begin.organization,
            first_seq: reading.first,
            last_seq: reading.seq,
            events: reading.events,
            checkpoints: reading.checkpoints,
            hash: HEXLOWER.encode(&reading.hash),
            public_key: reading.begin.public_key,
            exported_at: end.signed.at,
        })
    }
}

impl Reading {
    fn begin(begin: Begin) -> Result<Self, String> {
        if begin.format != FORMAT {
            return Err(format!("its format is \"{}\", not {FORMAT}", begin.format));
        }
        let key = BASE64.decode(begin.public_key.as_bytes()).map_err(|e| format!("its public key: {e}"))?;
        let hash = hash(&begin.after_hash).ok_or("its hash is none")?;
        if begin.after_seq == 0 && hash != chain::genesis(begin.organization) {
            return Err("its beginning is another organization's".to_owned());
        }
        let seq = begin.after_seq;
        Ok(Self { begin, key, seq, hash, first: 0, events: 0, checkpoints: 0, ended: None })
    }

    /// Whoever takes lines away from the beginning has no signed checkpoint for where the rest begins, unless it was made there.
    fn beginning(&mut self) -> Result<(), ChainFault> {
        match self.begin.checkpoint.clone() {
            Some(checkpoint) => self.signed(Said::Checkpoint, &checkpoint),
            None if self.seq > 0 => Err(ChainFault::Removed { from: 1, to: self.seq }),
            None => Ok(()),
        }
    }

    fn event(&mut self, event: &Exported, kept: &[(i64, String)]) -> Result<(), ChainFault> {
        let (expected, found) = (self.seq + 1, event.seq);
        if found < expected {
            return Err(ChainFault::Reordered { expected, found });
        }
        if found > expected {
            return Err(ChainFault::Removed { from: expected, to: found - 1 });
        }
        let computed = chain::link(self.begin.organization, &self.hash, found, &event.entry);
        if hash(&event.hash) != Some(computed) {
            return Err(ChainFault::Changed { seq: found });
        }
        if !personal_fits(event) {
            return Err(ChainFault::PersonalChanged { seq: found });
        }
        if kept.iter().any(|(seq, hash)| *seq == found && *hash != event.hash) {
            return Err(ChainFault::NotMet { seq: found });
        }
        if self.events == 0 {
            self.first = found;
        }
        (self.seq, self.hash, self.events) = (found, computed, self.events + 1);
        Ok(())
    }

    fn signed(&mut self, of: Said, signed: &Signed) -> Result<(), ChainFault> {
        if signed.seq > self.seq {
            return Err(ChainFault::Removed { from: self.seq + 1, to: signed.seq });
        }
        let stated = hash(&signed.hash).unwrap_or_default();
        if signed.seq != self.seq || stated != self.hash {
            return Err(ChainFault::Rewritten { seq: signed.seq });
        }
        self.check_signature(of, signed)
    }

    fn end(&mut self, end: End) -> Result<(), ChainFault> {
        let (said, found) = (end.checkpoints, self.checkpoints);
        if end.signed.seq > self.seq {
            return Err(ChainFault::CutOff { after: self.seq });
        }
        self.signed(Said::End { checkpoints: said }, &end.signed)?;
        if said != found {
            return Err(ChainFault::Checkpoints { said, found });
        }
        self.ended = Some(end);
        Ok(())
    }

    fn check_signature(&mut self, of: Said, signed: &Signed) -> Result<(), ChainFault> {
        let organization = self.begin.organization;
        let statement = Statement { of, organization, seq: signed.seq, hash: &self.hash, at: &signed.at };
        let signature = BASE64.decode(signed.signature.as_bytes()).unwrap_or_default();
        if !statement.is_signed(&self.key, &signature) {
            return Err(ChainFault::Forged { seq: signed.seq, public_key: self.begin.public_key.clone() });
        }
        self.checkpoints += 1;
        Ok(())
    }
}

/// Whether personal fields are those that were recorded, or are gone.
fn personal_fits(event: &Exported) -> bool {
    let (Some(digest), Some(salt)) = (&event.entry.personal_digest, &event.personal_salt) else {
        return event.personal.is_none();
    };
    let Ok(salt) = HEXLOWER.decode(salt.as_bytes()) else { return false };
    let text = event.personal.as_ref().map(|personal| chain::sorted(personal).to_string()).unwrap_or_default();
    HEXLOWER.encode(&chain::personal_digest(&salt, &text)) == *digest
}

fn hash(text: &str) -> Option<Hash> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}
