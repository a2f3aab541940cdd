//! `keybearer member`: people with access to the portal.

use super::failure::Failure;
use super::output::Output;
use super::{one_of, open, secret_input};
use crate::settings::Settings;
use clap::Subcommand;
use model::ids::OrganizationId;
use model::people::Role;
use serde_json::json;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Adds a person; the password comes from standard input. The first one founds the instance
    Add {
        /// The e-mail address to sign in with
        #[arg(long)]
        email: String,
        /// What the person may do; each role includes the ones after it
        #[arg(long, value_parser = one_of::<Role>(Role::ALL.iter().map(|role| role.as_str())))]
        role: Role,
        /// The organization, where there is more than one
        #[arg(long, value_name = "ORG")]
        organization: Option<OrganizationId>,
    },
    /// Forgets authenticator app, passkeys and recovery codes of somebody who is locked out, and ends the sessions
    ResetSecondFactors {
        /// The e-mail address that the person signs in with
        #[arg(long)]
        email: String,
    },
}

pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Add { email, role, organization } => add(&email, role, organization, settings, output).await,
        Command::ResetSecondFactors { email } => reset_second_factors(&email, settings, output).await,
    }
}

async fn add(
    email: &str,
    role: Role,
    organization: Option<OrganizationId>,
    settings: Settings,
    output: &Output,
) -> Result<(), Failure> {
    let password = secret_input::read("password")?;
    let vault = open::vault(settings).await?;
    let added = vault.add_member(organization, email, role, password).await;
    vault.close().await;
    let (person, organization) = added?;
    output.result(&json!({ "person": person, "organization": organization, "role": role }), |_| {
        format!("{email} can sign in now, as {role} of {organization}.")
    });
    Ok(())
}

async fn reset_second_factors(email: &str, settings: Settings, output: &Output) -> Result<(), Failure> {
    let vault = open::vault(settings).await?;
    let reset = vault.reset_second_factors(email).await;
    vault.close().await;
    let person = reset?;
    output.result(&json!({ "person": person }), |_| {
        format!("{email} signs in by password alone now, and is signed out everywhere.")
    });
    Ok(())
}
