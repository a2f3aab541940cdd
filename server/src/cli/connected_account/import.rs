//! `keybearer connected-account import`: tokens from another system's file, each line for itself.

use super::super::failure::Failure;
use super::super::output::Output;
use super::super::{one_of, secret_input};
use super::nango;
use super::report::{Line, Outcome, Report, tell_warnings};
use crate::http::api::body::Body;
use crate::http::api::imports;
use clap::{Args, ValueEnum};
use model::ids::ApplicationId;
use model::imports::Verify;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use vault::{ApplicationCaller, Invalid, NewImport, Vault, VaultError};

#[derive(Args)]
#[command(
    after_help = "Two systems cannot share tokens that are renewed: each refresh may end what the other one holds. \
    Switch the old system off before its accounts are used here, and before --verify refresh."
)]
pub(in crate::cli) struct Import {
    /// The application
    #[arg(long, value_name = "APP")]
    pub(super) application: ApplicationId,
    /// What the input is: a body of POST /v1/connected-accounts/import on each line, or connections as Nango's API gives them
    #[arg(long)]
    format: Format,
    /// Where all of them go, whatever key they name
    #[arg(long, value_name = "KEY")]
    provider_config: Option<String>,
    /// The provider config that stands for another system's key; may be repeated
    #[arg(long = "map", value_name = "OLD=KEY", value_parser = pair)]
    maps: Vec<(String, String)>,
    /// What is done beyond storing the tokens; refresh needs --old-system-is-off
    #[arg(long, value_parser = one_of::<Verify>(Verify::ALL.iter().map(|v| v.as_str())))]
    verify: Option<Verify>,
    /// Says that no other system refreshes these tokens any more
    #[arg(long)]
    old_system_is_off: bool,
    /// Says what would be imported, as far as can be told without the provider, and changes nothing
    #[arg(long)]
    dry_run: bool,
    /// The input; standard input when absent, or -
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    JsonLines,
    Nango,
}

/// Where tokens stood first, by their hash.
type Seen = HashMap<[u8; 32], usize>;

fn pair(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((old, key)) if !old.is_empty() && !key.is_empty() => Ok((old.to_owned(), key.to_owned())),
        _ => Err("the other system's key, =, and the key of a provider config here"),
    }
}

impl Import {
    /// Goes through all lines; what fails does not hold up what follows.
    pub(super) async fn run(&self, vault: &Vault, caller: &ApplicationCaller, output: &Output) -> Result<(), Failure> {
        if self.verify == Some(Verify::Refresh) && !self.old_system_is_off {
            return Err(Failure::refused(OLD_SYSTEM));
        }
        let input = secret_input::read_document("input", self.file.as_deref())?;
        let items = items(&input, self.format);
        self.check_keys(&items)?;
        let mut report = Report { dry_run: self.dry_run, imported: 0, skipped: 0, failed: 0, lines: Vec::new() };
        let mut seen = Seen::new();
        for (number, item) in items {
            let line = self.line(vault, caller, (number, item), &mut seen).await;
            match line.outcome {
                Outcome::Imported | Outcome::WouldImport => report.imported += 1,
                Outcome::Skipped => report.skipped += 1,
                Outcome::Failed => report.failed += 1,
            }
            output.progress(&line.words());
            report.lines.push(line);
        }
        output.result(&report, Report::words);
        tell_warnings(&report, output);
        let (failed, all) = (report.failed, report.lines.len());
        if failed > 0 {
            return Err(Failure::refused(format!(
                "{failed} of {all} failed; what was imported is skipped the next time"
            )));
        }
        Ok(())
    }

    /// One provider config for connections of several integrations would send tokens to a provider that is not theirs.
    fn check_keys(&self, items: &[(usize, Result<Value, String>)]) -> Result<(), Failure> {
        let connections = items.iter().filter_map(|(_, item)| item.as_ref().ok());
        let keys: BTreeSet<&str> = connections.filter_map(|c| c.get("provider_config_key")?.as_str()).collect();
        if self.format == Format::Nango && self.provider_config.is_some() && keys.len() > 1 {
            let words =
                "these are connections of several integrations: name the provider config of each with --map OLD=KEY";
            return Err(Failure::refused(words));
        }
        Ok(())
    }

    async fn line(
        &self,
        vault: &Vault,
        caller: &ApplicationCaller,
        (number, item): (usize, Result<Value, String>),
        seen: &mut Seen,
    ) -> Line {
        let members = match item.map(|item| self.members(item)) {
            Ok(Ok(members)) => members,
            Ok(Err(line)) => return Line { number, ..line },
            Err(words) => return Line { number, ..Line::failed(words) },
        };
        let new = match self.read(members) {
            Ok(new) => new,
            Err(words) => return Line { number, ..Line::failed(words) },
        };
        let key = new.provider_config.clone();
        let ended = if self.dry_run {
            check(vault, caller, (number, &new), seen).await.map(|()| None)
        } else {
            vault.import_connected_account(caller, new).await.map(Some)
        };
        let line = match ended {
            Ok(Some(made)) => Line::imported(made),
            Ok(None) => Line::of(Outcome::WouldImport, None),
            Err(VaultError::AlreadyConnected { detail, accounts }) => {
                let connected_account = accounts.first().copied();
                Line { connected_account, ..Line::of(Outcome::Skipped, Some(detail)) }
            }
            Err(VaultError::NotFound) => Line::failed(format!(
                "this application has no provider config {key:?}: add it, or say with --map OLD=KEY which one it is"
            )),
            Err(other) => Line::failed(Failure::from(other).words()),
        };
        Line { number, ..line }
    }

    /// The members of an import, or a line that says why there is none.
    fn members(&self, item: Value) -> Result<Map<String, Value>, Line> {
        let Value::Object(members) = item else {
            return Err(Line::failed("it is no JSON object".to_owned()));
        };
        let mut members = match self.format {
            Format::JsonLines => members,
            Format::Nango => nango::import_of(&members).map_err(|why| Line::of(Outcome::Skipped, Some(why)))?,
        };
        let named = members.get("provider_config").and_then(Value::as_str);
        let mapped = self.maps.iter().find(|(old, _)| named == Some(old)).map(|(_, key)| key);
        if let Some(key) = mapped.or(self.provider_config.as_ref()) {
            members.insert("provider_config".to_owned(), Value::from(key.as_str()));
        }
        if let Some(verify) = self.verify {
            members.insert("verify".to_owned(), Value::from(verify.as_str()));
        }
        Ok(members)
    }

    fn read(&self, members: Map<String, Value>) -> Result<NewImport, String> {
        let mut body = Body::of_members(members);
        let new = imports::read(&mut body);
        body.end().map_err(|invalid| in_words(&invalid))?;
        if new.verify == Verify::Refresh && !self.old_system_is_off {
            return Err(OLD_SYSTEM.to_owned());
        }
        Ok(new)
    }
}

/// Whether a line would be taken, after those before it.
async fn check(
    vault: &Vault,
    caller: &ApplicationCaller,
    (number, new): (usize, &NewImport),
    seen: &mut Seen,
) -> Result<(), VaultError> {
    vault.check_import(caller, new).await?;
    let first = *seen.entry(new.tokens_sha256()).or_insert(number);
    if first == number {
        return Ok(());
    }
    Err(VaultError::AlreadyConnected { detail: format!("Line {first} has the same tokens."), accounts: Vec::new() })
}

/// What some programs put in front of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

const OLD_SYSTEM: &str = "verify refresh renews the tokens, which may end them for every other system that has them: switch the old system \
     off first, then say so with --old-system-is-off";

/// What the input holds, with its line's number; or with its own, where the whole is one document.
fn items(input: &[u8], format: Format) -> Vec<(usize, Result<Value, String>)> {
    let input = input.strip_prefix(BYTE_ORDER_MARK).unwrap_or(input);
    if format == Format::Nango
        && let Ok(document) = serde_json::from_slice(input)
    {
        return nango::connections(document).into_iter().enumerate().map(|(at, c)| (at + 1, Ok(c))).collect();
    }
    let lines = input.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    let read = |(at, line): (usize, &[u8])| match serde_json::from_slice(line) {
        Ok(value) if format == Format::Nango => {
            nango::connections(value).into_iter().map(|c| (at + 1, Ok(c))).collect()
        }
        Ok(value) => vec![(at + 1, Ok(value))],
        // The position alone: serde's own words may quote the line.
        Err(error) => vec![(at + 1, Err(format!("it is not JSON, at column {}", error.column())))],
    };
    lines.flat_map(read).collect()
}

fn in_words(invalid: &Invalid) -> String {
    let fields = invalid.fields.iter().map(|(name, message)| format!("{name}: {message}"));
    fields.collect::<Vec<_>>().join(" ")
}
