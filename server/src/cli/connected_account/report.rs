//! What became of an import's lines, in words and for machines.

use super::super::output::Output;
use model::ids::ConnectedAccountId;
use model::imports::{ImportVerification, ImportedAccountView, ImportedIdentity};
use serde::Serialize;
use std::collections::BTreeMap;

/// What became of one line, or of one connection where they are no lines.
#[derive(Serialize)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) outcome: Outcome,
    pub(super) connected_account: Option<ConnectedAccountId>,
    pub(super) identity: Option<ImportedIdentity>,
    pub(super) verification: Option<ImportVerification>,
    /// Why it was skipped, or failed.
    pub(super) detail: Option<String>,
    pub(super) warnings: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Imported,
    WouldImport,
    Skipped,
    Failed,
}

#[derive(Serialize)]
pub(super) struct Report {
    pub(super) dry_run: bool,
    pub(super) imported: usize,
    pub(super) skipped: usize,
    pub(super) failed: usize,
    pub(super) lines: Vec<Line>,
}

impl Line {
    pub(super) fn of(outcome: Outcome, detail: Option<String>) -> Self {
        let (connected_account, identity, verification) = (None, None, None);
        Self { number: 0, outcome, connected_account, identity, verification, detail, warnings: Vec::new() }
    }

    pub(super) fn failed(words: String) -> Self {
        Self::of(Outcome::Failed, Some(words))
    }

    pub(super) fn imported(made: ImportedAccountView) -> Self {
        Self {
            connected_account: Some(made.connected_account.id),
            identity: Some(made.identity),
            verification: Some(made.verification),
            warnings: made.warnings,
            ..Self::of(Outcome::Imported, None)
        }
    }

    pub(super) fn words(&self) -> String {
        let id = self.connected_account.map(|id| id.to_string()).unwrap_or_default();
        let detail = self.detail.as_deref().unwrap_or_default();
        let what = match self.outcome {
            Outcome::Imported => {
                let identity = self.identity.map_or("unknown", ImportedIdentity::as_str);
                let verified = match self.verification {
                    None | Some(ImportVerification::None) => String::new(),
                    Some(verification) => format!(", verification {verification}"),
                };
                format!("imported {id}, identity {identity}{verified}")
            }
            Outcome::WouldImport => "would be imported".to_owned(),
            Outcome::Skipped => format!("skipped: {detail}"),
            Outcome::Failed => format!("failed: {detail}"),
        };
        format!("{}: {what}", self.number)
    }
}

impl Report {
    pub(super) fn words(&self) -> String {
        let imported = if self.dry_run { "would be imported" } else { "imported" };
        format!("{} {imported}, {} skipped, {} failed.", self.imported, self.skipped, self.failed)
    }
}

/// Each warning once, with how many it is of.
pub(super) fn tell_warnings(report: &Report, output: &Output) {
    let mut warnings: BTreeMap<&str, usize> = BTreeMap::new();
    for warning in report.lines.iter().flat_map(|line| &line.warnings) {
        *warnings.entry(warning).or_default() += 1;
    }
    for (warning, count) in warnings {
        output.remark(&format!("Of {count}: {warning}"));
    }
}
