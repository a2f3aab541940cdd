//! `keybearer organization`: everything of an organization as one sealed file, and back.

mod file;
mod words;

use super::failure::Failure;
use super::open;
use super::output::Output;
use super::secret_input;
use crate::settings::Settings;
use clap::{Args, Subcommand};
use file::NewFile;
use model::ids::OrganizationId;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal as _};
use std::path::{Path, PathBuf};
use vault::{Exported, Exporting, Identities, Importing, Recipients, Vault};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Writes everything of an organization, tokens and secrets included, into one file that only the recipients can open
    Export(Export),
    /// Reads an organization from such a file, all of it or nothing
    Import(Import),
}

#[derive(Args)]
pub(super) struct Export {
    /// Whom the file is sealed for: a public key of age (age1…); may be repeated. age-keygen -o key.txt makes one
    #[arg(long = "recipient", value_name = "KEY", required_unless_present = "recipients_file")]
    recipients: Vec<String>,
    /// A file of public keys, one a line
    #[arg(long, value_name = "FILE")]
    recipients_file: Option<PathBuf>,
    /// The organization, where there is more than one
    #[arg(long, value_name = "ORG")]
    organization: Option<OrganizationId>,
    /// Where to write, for its owner alone; without it to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long, requires = "output")]
    force: bool,
    /// Puts this database into quarantine first: from here on the new home refreshes the tokens, and nobody else
    #[arg(long)]
    hand_over: bool,
}

#[derive(Args)]
pub(super) struct Import {
    /// The identity file of age that opens the export
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
    /// Says that the source runs no more: two that refresh the same tokens lose them to each other
    #[arg(long, conflicts_with = "check")]
    source_is_off: bool,
    /// Only read the file, compare it with what is here, and tell what would come
    #[arg(long)]
    check: bool,
    /// The export; without it from standard input
    file: Option<PathBuf>,
}

pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Export(export) => write_out(export, settings, output).await,
        Command::Import(import) => read_in(import, settings, output).await,
    }
}

async fn write_out(export: Export, settings: Settings, output: &Output) -> Result<(), Failure> {
    let recipients = recipients(&export)?;
    let file = match &export.output {
        Some(path) => Some(NewFile::beside(path, export.force)?),
        None if std::io::stdout().is_terminal() => {
            return Err(Failure::refused("the export is no text: name a file with --output, or send it into a pipe"));
        }
        None => None,
    };
    let vault = open::existing(settings).await?;
    let written = write_to(&vault, &export, &recipients, file).await;
    vault.close().await;
    let exported = written?;
    output.remark(if export.hand_over { words::HANDED_OVER } else { words::NOT_HANDED_OVER });
    // Standard output is the export itself, where it is not a file.
    if export.output.is_some() {
        output.result(&exported, words::exported);
    } else {
        output.remark(&words::exported(&exported));
    }
    Ok(())
}

async fn write_to(
    vault: &Vault,
    export: &Export,
    recipients: &Recipients,
    file: Option<NewFile>,
) -> Result<Exported, Failure> {
    let exporting = if export.hand_over { Exporting::HandOver } else { Exporting::Copy };
    let of = export.organization;
    let Some(mut file) = file else {
        let out = std::io::stdout();
        return Ok(vault.export_organization_from_command_line(of, recipients, exporting, out).await?);
    };
    let exported = vault.export_organization_from_command_line(of, recipients, exporting, file.writer()).await?;
    file.keep()?;
    Ok(exported)
}

fn recipients(export: &Export) -> Result<Recipients, Failure> {
    let mut text = export.recipients.join("\n");
    if let Some(path) = &export.recipients_file {
        let file = std::fs::read_to_string(path).map_err(|e| cannot_read(path, &e))?;
        text = format!("{text}\n{file}");
    }
    Ok(Recipients::parse(&text)?)
}

async fn read_in(import: Import, settings: Settings, output: &Output) -> Result<(), Failure> {
    let importing = match (import.check, import.source_is_off) {
        (true, _) => Importing::Check,
        (false, true) => Importing::SourceIsOff,
        (false, false) => return Err(Failure::refused(words::SOURCE_MAY_BE_ON)),
    };
    let identities = Identities::parse(secret_input::read_file("identity", &import.identity)?.expose())?;
    let file: Box<dyn BufRead + Send> = match &import.file {
        Some(path) if path.as_os_str() != "-" => {
            Box::new(BufReader::new(File::open(path).map_err(|e| cannot_read(path, &e))?))
        }
        _ => Box::new(BufReader::new(std::io::stdin())),
    };
    // An organization may move into a database that is not there yet; to look at a file none is made.
    let vault = if import.check { open::existing(settings).await? } else { open::vault(settings).await? };
    let imported = vault.import_organization_from_command_line(&identities, file, importing).await;
    vault.close().await;
    output.result(&imported?, words::imported);
    Ok(())
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Failure {
    Failure::refused(format!("cannot read {}: {error}", path.display()))
}
