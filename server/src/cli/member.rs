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
}

pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    let Command::Add { email, role, organization } = command;
    let password = secret_input::read("password")?;
    let vault = open::vault(settings).await?;
    let added = vault.add_member(organization, &email, role, password).await;
    vault.close().await;
    let (person, organization) = added?;
    output.result(&json!({ "person": person, "organization": organization, "role": role }), |_| {
        format!("{email} can sign in now, as {role} of {organization}.")
    });
    Ok(())
}
