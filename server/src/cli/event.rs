//! `keybearer event`: the audit log, and whether it is whole.

use super::failure::Failure;
use super::open;
use super::output::{Output, table};
use crate::settings::Settings;
use clap::{Args, Subcommand};
use model::ids::{ApplicationId, OrganizationId};
use std::io::{BufRead, BufReader, Write as _};
use std::path::PathBuf;
use vault::{ChainExport, ChainReport, ChainVerifier, EventEntry};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Lists an application's events, oldest first
    List {
        /// The application
        #[arg(long, value_name = "APP")]
        application: ApplicationId,
        /// Only what stands behind this place
        #[arg(long, value_name = "SEQ", default_value_t = 0)]
        after: i64,
        /// How many at most, up to 100
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..=100))]
        limit: u8,
    },
    /// Prints an organization's whole log as JSON Lines, in the order of its chain, with signed checkpoints
    Export {
        #[command(flatten)]
        organization: Organization,
        /// Only what stands behind this place; it may begin a little earlier
        #[arg(long, value_name = "SEQ", default_value_t = 0)]
        after: i64,
    },
    /// Finds changed, removed, reordered and cut-off lines: in an export, which needs no database, or in the database
    Verify(Verify),
}

#[derive(Args)]
pub(super) struct Organization {
    /// The organization, where there is more than one
    #[arg(long, value_name = "ORG")]
    organization: Option<OrganizationId>,
}

#[derive(Args)]
pub(super) struct Verify {
    /// What `keybearer event export` printed; - for standard input. Without it the log is read from the database
    file: Option<PathBuf>,
    #[command(flatten)]
    organization: Organization,
    /// The key that must have signed, as an earlier verification printed it
    #[arg(long, value_name = "BASE64")]
    public_key: Option<String>,
    /// A checkpoint that was kept elsewhere, such as in the server's log; may be repeated
    #[arg(long = "checkpoint", value_name = "SEQ:HASH", value_parser = checkpoint)]
    checkpoints: Vec<(i64, String)>,
}

pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    if let Command::Verify(verify) = &command
        && let Some(file) = &verify.file
    {
        return told(verify_file(file, verify.verifier()), output);
    }
    let vault = open::existing(settings).await?;
    let done = act(command, &vault, output).await;
    vault.close().await;
    done
}

async fn act(command: Command, vault: &vault::Vault, output: &Output) -> Result<(), Failure> {
    match command {
        Command::List { application, after, limit } => {
            let caller = vault.enter_from_command_line(application).await?;
            vault.chain_events().await?;
            let data = vault.events_after(&caller, after, limit).await?;
            output.result(&serde_json::json!({ "data": data }), |_| rows(&data));
            Ok(())
        }
        Command::Export { organization: Organization { organization }, after } => {
            let mut export = vault.export_event_chain_from_command_line(organization, after).await?;
            while let Some(piece) = export.next().await? {
                std::io::stdout().write_all(piece.as_bytes()).map_err(|e| Failure::refused(e.to_string()))?;
            }
            Ok(())
        }
        Command::Verify(verify) => {
            let verifier = verify.verifier();
            let export = vault.export_event_chain_from_command_line(verify.organization.organization, 0).await?;
            told(verify_database(export, verifier).await?, output)
        }
    }
}

impl Verify {
    fn verifier(&self) -> ChainVerifier {
        let verifier = self.checkpoints.iter().fold(ChainVerifier::default(), |v, (seq, hash)| v.expecting(*seq, hash));
        match &self.public_key {
            Some(key) => verifier.expecting_key(key),
            None => verifier,
        }
    }
}

fn verify_file(file: &PathBuf, mut verifier: ChainVerifier) -> Result<ChainReport, Failure> {
    let cannot = |e: std::io::Error| Failure::refused(format!("cannot read {}: {e}", file.display()));
    let reader: Box<dyn BufRead> = if file.as_os_str() == "-" {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        Box::new(BufReader::new(std::fs::File::open(file).map_err(cannot)?))
    };
    for line in reader.lines() {
        verifier.read(&line.map_err(cannot)?).map_err(|fault| Failure::refused(fault.to_string()))?;
    }
    verifier.finish().map_err(|fault| Failure::refused(fault.to_string()))
}

async fn verify_database(
    mut export: ChainExport,
    mut verifier: ChainVerifier,
) -> Result<Result<ChainReport, Failure>, Failure> {
    while let Some(piece) = export.next().await? {
        for line in piece.lines() {
            if let Err(fault) = verifier.read(line) {
                return Ok(Err(Failure::refused(fault.to_string())));
            }
        }
    }
    Ok(verifier.finish().map_err(|fault| Failure::refused(fault.to_string())))
}

fn told(report: Result<ChainReport, Failure>, output: &Output) -> Result<(), Failure> {
    output.result(&report?, |report| {
        let ChainReport { organization, first_seq, last_seq, events, checkpoints, hash, public_key, exported_at } = report;
        format!(
            "Whole: {events} events of {organization}, {first_seq} to {last_seq}, up to {exported_at}.\n\
             {checkpoints} signed checkpoints fit. Compare the key with one that you have from elsewhere, or pass it as \
             --public-key:\n  {public_key}\nKeep this checkpoint away from the database; a later log must still meet it:\n  \
             --checkpoint {last_seq}:{hash}"
        )
    });
    Ok(())
}

fn checkpoint(text: &str) -> Result<(i64, String), String> {
    let (seq, hash) = text.split_once(':').ok_or("a place and a hash with a colon between them")?;
    let seq = seq.parse().map_err(|_| "the place is a number")?;
    if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("the hash has 64 hex digits".to_owned());
    }
    Ok((seq, hash.to_owned()))
}

fn rows(events: &[EventEntry]) -> String {
    let row = |e: &EventEntry| {
        let actor = e.actor.id.clone().unwrap_or_else(|| e.actor.kind.clone());
        [e.seq.to_string(), e.at.clone(), e.r#type.clone(), e.outcome.clone(), actor, e.target.clone()]
    };
    table(["SEQ", "AT", "TYPE", "OUTCOME", "BY", "ON"], events.iter().map(row).collect())
}
