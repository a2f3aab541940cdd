//! `keybearer member`: people with access to the portal.

use super::failure::Failure;
use super::output::{Output, table};
use super::{one_of, open, secret_input};
use crate::settings::Settings;
use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};
use model::ids::OrganizationId;
use model::members::ListedMember;
use model::people::Role;
use serde_json::json;
use vault::{Vault, VaultError};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Adds a person; the password comes from standard input. The first one founds the instance
    Add {
        /// The e-mail address to sign in with
        #[arg(long)]
        email: String,
        /// What the person may do; each role includes the ones after it
        #[arg(long, value_parser = role())]
        role: Role,
        /// The organization, where there is more than one
        #[arg(long, value_name = "ORG")]
        organization: Option<OrganizationId>,
    },
    /// Lists the members
    List {
        /// The organization, where there is more than one
        #[arg(long, value_name = "ORG")]
        organization: Option<OrganizationId>,
    },
    /// Gives a member another role, at once
    SetRole {
        #[command(flatten)]
        one: One,
        /// What the member may do from now on
        #[arg(long, value_parser = role())]
        role: Role,
    },
    /// Removes a member: all sessions end at once
    Remove(One),
    /// Forgets authenticator app, passkeys and recovery codes of somebody who is locked out, and ends the sessions
    ResetSecondFactors(One),
    /// Prints a link that sets a new password, good once and for an hour
    ResetPassword(One),
}

#[derive(Args)]
pub(super) struct One {
    /// The member's e-mail address
    #[arg(long)]
    email: String,
}

fn role() -> impl TypedValueParser<Value = Role> {
    one_of::<Role>(Role::ALL.iter().map(|role| role.as_str()))
}

pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    if let Command::Add { email, role, organization } = command {
        let password = secret_input::read("password")?;
        let vault = open::vault(settings).await?;
        let added = vault.add_member(organization, &email, role, password).await;
        vault.close().await;
        let (person, organization) = added?;
        output.result(&json!({ "person": person, "organization": organization, "role": role }), |_| {
            format!("{email} can sign in now, as {role} of {organization}.")
        });
        return Ok(());
    }
    let vault = open::existing(settings).await?;
    let done = act(command, &vault, output).await;
    vault.close().await;
    done
}

async fn act(command: Command, vault: &Vault, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Add { .. } => {}
        Command::List { organization } => {
            let data = vault.members_for_command_line(organization).await?;
            output.result(&json!({ "data": data }), |_| rows(&data));
        }
        Command::SetRole { one: One { email }, role } => {
            vault.set_role_from_command_line(&email, role).await.map_err(|e| of(e, &email))?;
            output.result(&json!({ "email": email, "role": role }), |_| format!("{email} is {role} from now on."));
        }
        Command::Remove(One { email }) => {
            vault.remove_member_from_command_line(&email).await.map_err(|e| of(e, &email))?;
            output.result(&json!({ "email": email, "removed": true }), |_| {
                format!("{email} is removed: every session has ended. API keys stay as they are.")
            });
        }
        Command::ResetSecondFactors(One { email }) => {
            let person = vault.reset_second_factors(&email).await.map_err(|e| of(e, &email))?;
            output.result(&json!({ "person": person }), |_| {
                format!("{email} signs in by password alone now, and is signed out everywhere.")
            });
        }
        Command::ResetPassword(One { email }) => {
            let link = vault.password_reset_from_command_line(&email).await.map_err(|e| of(e, &email))?;
            let result = json!({ "email": email, "link": link.expose(), "expires_in": 3_600 });
            output.result(&result, |_| link.expose().clone());
            output.remark("The link works once, for an hour. It leaves two-step verification on.");
        }
    }
    Ok(())
}

fn of(error: VaultError, email: &str) -> Failure {
    match error {
        VaultError::NotFound => Failure::refused(format!("{email} is no member; keybearer member list shows who is")),
        error => error.into(),
    }
}

fn rows(members: &[ListedMember]) -> String {
    let row = |m: &ListedMember| {
        [m.email.clone(), m.role.to_string(), m.last_signed_in_at.clone().unwrap_or_default(), m.id.to_string()]
    };
    table(["E-MAIL", "ROLE", "LAST SIGN-IN", "ID"], members.iter().map(row).collect())
}
