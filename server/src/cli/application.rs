//! `keybearer application`: applications and their return addresses.

use super::failure::Failure;
use super::output::Output;
use super::{one_of, open};
use crate::settings::Settings;
use clap::{Args, Subcommand};
use model::applications::Environment;
use model::ids::{ApplicationId, OrganizationId};
use serde_json::json;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Makes an application and prints its id
    Add {
        /// The name, which end users see at consent
        name: String,
        /// It cannot be changed later
        #[arg(long, value_parser = one_of::<Environment>(Environment::ALL.iter().map(|e| e.as_str())))]
        environment: Environment,
        /// The organization, where there is more than one
        #[arg(long, value_name = "ORG")]
        organization: Option<OrganizationId>,
    },
    /// Addresses to which end users' browsers may return
    #[command(subcommand)]
    ReturnAddress(ReturnAddress),
}

#[derive(Subcommand)]
pub(super) enum ReturnAddress {
    /// Adds an address: scheme, host, port and path must be equal later
    Add(Address),
    /// Removes an address
    Remove(Address),
    /// Lists the addresses
    List {
        /// The application
        #[arg(long, value_name = "APP")]
        application: ApplicationId,
    },
}

#[derive(Args)]
pub(super) struct Address {
    /// The application
    #[arg(long, value_name = "APP")]
    application: ApplicationId,
    /// The address
    url: String,
}

pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Add { name, environment, organization } => {
            let vault = open::existing(settings).await?;
            let added = vault.add_application_from_command_line(organization, &name, environment).await;
            vault.close().await;
            let added = added.map_err(|error| match error {
                vault::VaultError::NotFound => Failure::refused(
                    "there is no such organization; found one in the portal or with keybearer member add",
                ),
                other => other.into(),
            })?;
            output.result(&added, |application| application.id.to_string());
            Ok(())
        }
        Command::ReturnAddress(command) => return_address(command, settings, output).await,
    }
}

async fn return_address(command: ReturnAddress, settings: Settings, output: &Output) -> Result<(), Failure> {
    let id = match &command {
        ReturnAddress::Add(address) | ReturnAddress::Remove(address) => address.application,
        ReturnAddress::List { application } => *application,
    };
    let (vault, caller) = open::application(settings, id).await?;
    let done = match command {
        ReturnAddress::Add(address) => vault.add_return_address(&caller, &address.url).await.map(drop),
        ReturnAddress::Remove(address) => vault.remove_return_address(&caller, &address.url).await,
        ReturnAddress::List { .. } => Ok(()),
    };
    let now = vault.application(&caller).await;
    vault.close().await;
    done?;
    output.result(&json!({ "return_addresses": now?.return_addresses }), |value| {
        let addresses = value.get("return_addresses").and_then(|a| a.as_array()).into_iter().flatten();
        addresses.filter_map(|a| a.as_str()).collect::<Vec<_>>().join("\n")
    });
    Ok(())
}
