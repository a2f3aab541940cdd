//! `keybearer instance`, `keybearer migrate` and `keybearer setup-code`.

use super::failure::Failure;
use super::open;
use super::output::Output;
use crate::settings::Settings;
use clap::{Args, Subcommand};
use serde_json::json;
use vault::Adoption;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Shows which public URL the database serves, and whether it is in quarantine
    Show,
    /// Makes a copied or restored database this instance's own, and ends its quarantine
    Adopt(Adopt),
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Adopt {
    /// The original is gone for good: its tokens are used from here on
    #[arg(long)]
    take_over: bool,
    /// The original lives on: the tokens in this copy are erased, and every account must be connected again
    #[arg(long)]
    forget_tokens: bool,
}

/// Shows, or adopts.
pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    let vault = open::existing(settings).await?;
    if let Command::Adopt(adopt) = command {
        if vault.instance().await?.quarantine.is_none() {
            vault.close().await;
            return Err(Failure::refused("there is nothing to adopt: this database is not in quarantine here"));
        }
        let ended = vault.adopt(if adopt.forget_tokens { Adoption::ForgetTokens } else { Adoption::TakeOver }).await?;
        output.remark("The database is this instance's own now. Servers that run notice within seconds.");
        if adopt.forget_tokens {
            let accounts = if ended == 1 { "connected account" } else { "connected accounts" };
            output.remark(&format!("{ended} {accounts} must be connected again: send reconnect links."));
        }
    }
    let instance = vault.instance().await?;
    vault.close().await;
    output.result(&json!(instance), |_| {
        let recorded = instance.recorded_public_url.as_deref().unwrap_or("nothing yet");
        let state = instance.quarantine.as_deref().unwrap_or("none");
        format!(
            "The database serves {recorded}\nPublic URL here      {}\nQuarantine           {state}",
            instance.public_url
        )
    });
    Ok(())
}

/// Opening the vault brings the database up to date.
pub(super) async fn migrate(settings: Settings, output: &Output) -> Result<(), Failure> {
    let vault = open::vault(settings).await?;
    vault.close().await;
    output.result(&json!({ "migrated": true }), |_| "The database is up to date.".to_owned());
    Ok(())
}

/// Prints a new founding code; the one before it is over.
pub(super) async fn set_up_code(settings: Settings, output: &Output) -> Result<(), Failure> {
    let vault = open::vault(settings).await?;
    let code = vault.new_set_up_code().await?;
    vault.close().await;
    let Some(code) = code else {
        return Err(Failure::refused("already founded: a member can sign in, or use keybearer member add"));
    };
    output.remark("Enter this code on the sign-up page. It is good for 24 hours and for one founder.");
    output.result(&json!({ "set_up_code": code.expose() }), |_| code.expose().clone());
    Ok(())
}
