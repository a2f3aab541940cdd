//! What a verified export can be found out in.

/// What is wrong with an export.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// A line cannot be read.
    #[error("line {line} of the file is no line of an exported chain: {why}")]
    Unreadable {
        /// Of the file, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A line is not what it was when it was chained, or what stands before it is not.
    #[error("event {seq} was changed: its hash does not follow from what stands there and before it")]
    Changed {
        /// Its place.
        seq: i64,
    },
    /// Personal fields are not those that were recorded. That they were erased is no fault.
    #[error("the personal fields of event {seq} were changed")]
    PersonalChanged {
        /// Its place.
        seq: i64,
    },
    /// Lines are missing at their place.
    #[error("events {from} to {to} are missing where they belong: they were removed or moved")]
    Removed {
        /// The first that is missing.
        from: i64,
        /// The last one.
        to: i64,
    },
    /// A line stands where another should.
    #[error("event {found} stands where event {expected} should: lines were reordered or repeated")]
    Reordered {
        /// Whose turn it was.
        expected: i64,
        /// What stands there.
        found: i64,
    },
    /// A checkpoint says something else than the lines.
    #[error("the checkpoint at event {seq} does not fit: what stands up to there was rewritten")]
    Rewritten {
        /// The checkpoint's place.
        seq: i64,
    },
    /// A signature is not of the chain's key.
    #[error("the signature of the checkpoint at event {seq} is not of the key {public_key}")]
    Forged {
        /// The checkpoint's place.
        seq: i64,
        /// In base64.
        public_key: String,
    },
    /// A checkpoint was taken out, or repeated.
    #[error("a checkpoint was taken out or repeated: the export was made with {said}, and {found} stand in it")]
    Checkpoints {
        /// How many its signed end speaks of.
        said: u64,
        /// How many are there.
        found: u64,
    },
    /// The end is missing.
    #[error("the export is cut off after event {after}: its end is missing, or says that there was more")]
    CutOff {
        /// The last event that is there.
        after: i64,
    },
    /// Another key signs than the one that was expected.
    #[error(
        "the export names the key {found}, which is not the expected one: it may be another organization's, or forged"
    )]
    OtherKey {
        /// In base64.
        found: String,
    },
    /// A checkpoint that somebody kept says something else.
    #[error("the kept checkpoint at event {seq} is not met: the log was rewritten since, or ends before it")]
    NotMet {
        /// The checkpoint's place.
        seq: i64,
    },
}
