//! `keybearer api-key`: keys by which an application's backend signs in.

use super::failure::Failure;
use super::open;
use super::output::Output;
use crate::settings::Settings;
use clap::Subcommand;
use model::ids::ApplicationId;
use serde_json::json;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Makes a key and prints it, this once
    Add {
        /// The application
        #[arg(long, value_name = "APP")]
        application: ApplicationId,
        /// What will use it
        #[arg(long)]
        name: String,
    },
}

pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    let Command::Add { application, name } = command;
    let (vault, caller) = open::application(settings, application).await?;
    let added = vault.add_api_key(&caller, &name).await;
    vault.close().await;
    let key = added?;
    output.remark("Keep this key where the backend finds it: it is shown this once.");
    let value = json!({ "id": key.view.id, "name": key.view.name, "secret": key.secret.expose() });
    output.result(&value, |_| key.secret.expose().clone());
    Ok(())
}
