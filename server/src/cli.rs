//! The command line. Commands that act on the database are servers without a listener: same settings, same verbs.
//!
//! Exit codes: 0, done; 1, refused or not found; 2, settings or usage.

mod api_key;
mod application;
mod catalogue;
mod connected_account;
mod event;
mod failure;
mod instance;
mod member;
mod open;
mod organization;
mod output;
mod provider_config;
mod secret_input;
mod serve;

use crate::logging;
use crate::settings::{Arguments, Settings, unknown};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use failure::Failure;
use model::ids::NotOne;
use output::Output;
use std::process::ExitCode;
use std::str::FromStr;

/// Keeps the keys that end users lend to an application.
#[derive(Parser)]
#[command(name = "keybearer", version, max_term_width = 100)]
struct CommandLine {
    /// Machine output: JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts everything
    Serve(Box<serve::Serve>),
    /// Brings the database up to date; it needs the database to itself
    Migrate,
    /// Prints a new founding code, good for 24 hours
    SetupCode,
    /// The instance itself: whether it is in quarantine, and how to end that
    #[command(subcommand)]
    Instance(instance::Command),
    /// People with access to the portal
    #[command(subcommand)]
    Member(member::Command),
    /// Applications and their return addresses
    #[command(subcommand)]
    Application(application::Command),
    /// Keys by which an application's backend signs in
    #[command(subcommand)]
    ApiKey(api_key::Command),
    /// An application's set-ups of providers
    #[command(subcommand)]
    ProviderConfig(provider_config::Command),
    /// What end users have connected
    #[command(subcommand)]
    ConnectedAccount(connected_account::Command),
    /// The audit log: to read, to export, and to verify that nothing of it was changed
    #[command(subcommand)]
    Event(event::Command),
    /// A whole organization as one sealed file: to move to another database or host, or to leave
    #[command(subcommand)]
    Organization(organization::Command),
    /// The providers that this program knows
    #[command(subcommand)]
    Catalogue(catalogue::Command),
}

/// Settings of commands that have no flags for them.
#[derive(Parser)]
struct FromEnvironment {
    #[command(flatten)]
    arguments: Arguments,
}

/// Does what the command line says.
pub async fn run() -> ExitCode {
    let CommandLine { json, command } = CommandLine::parse();
    match dispatch(command, Output::new(json)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

async fn dispatch(command: Command, output: Output) -> Result<(), Failure> {
    let settings = match command {
        Command::Serve(serve) => return serve::run(*serve).await,
        _ => settings()?,
    };
    match command {
        Command::Serve(_) => Ok(()),
        Command::Migrate => instance::migrate(settings, &output).await,
        Command::SetupCode => instance::set_up_code(settings, &output).await,
        Command::Instance(command) => instance::run(command, settings, &output).await,
        Command::Member(command) => member::run(command, settings, &output).await,
        Command::Application(command) => application::run(command, settings, &output).await,
        Command::ApiKey(command) => api_key::run(command, settings, &output).await,
        Command::ProviderConfig(command) => provider_config::run(command, settings, &output).await,
        Command::ConnectedAccount(command) => connected_account::run(command, settings, &output).await,
        Command::Event(command) => event::run(command, settings, &output).await,
        Command::Organization(command) => organization::run(command, settings, &output).await,
        Command::Catalogue(command) => catalogue::run(&command, &settings, &output),
    }
}

fn settings() -> Result<Settings, Failure> {
    let FromEnvironment { arguments } = FromEnvironment::parse_from(["keybearer"]);
    let settings = arguments.check().map_err(Failure::settings)?;
    logging::start(settings.log.as_deref().unwrap_or("warn"), settings.log_format);
    unknown::warn();
    Ok(settings)
}

/// Reads a state by its word, and lists the words where another is given.
fn one_of<T>(words: impl IntoIterator<Item = &'static str>) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = NotOne> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse::<T>())
}
