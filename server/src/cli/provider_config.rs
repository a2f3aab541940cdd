//! `keybearer provider-config`: an application's set-ups of providers.

use super::failure::Failure;
use super::output::{Output, table};
use super::{open, secret_input};
use crate::settings::Settings;
use clap::{Args, Subcommand};
use model::ids::ApplicationId;
use model::provider_configs::{ProbeVerdict, ProviderConfigView};
use serde_json::json;
use std::path::PathBuf;
use vault::{ApplicationCaller, SaveProviderConfig, Saved, Secret, Vault};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Saves credentials, the secret from standard input, and prints the redirect URI
    Set(Set),
    /// Lists the application's provider configs
    List {
        /// The application
        #[arg(long, value_name = "APP")]
        application: ApplicationId,
    },
    /// Asks the provider about the stored credentials now
    Verify(One),
    /// Switches a provider config off: no connects, no tokens
    Disable(One),
    /// Switches it on again
    Enable(One),
    /// Removes it; its connected accounts are revoked
    Remove(One),
}

#[derive(Args)]
pub(super) struct Set {
    /// Its key; usually the provider's id
    key: String,
    /// The application
    #[arg(long, value_name = "APP")]
    application: ApplicationId,
    /// The OAuth client id
    #[arg(long)]
    client_id: String,
    /// The provider's id, where the key is another
    #[arg(long, value_name = "SLUG")]
    provider: Option<String>,
    /// A scope that is expected to be granted; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// A file with the secret that the provider signs its notices with
    #[arg(long, value_name = "FILE", conflicts_with = "remove_webhook_secret")]
    webhook_secret_file: Option<PathBuf>,
    /// Forget the stored webhook secret
    #[arg(long)]
    remove_webhook_secret: bool,
    /// Save credentials that the provider refuses
    #[arg(long)]
    save_anyway: bool,
}

#[derive(Args)]
pub(super) struct One {
    /// The provider config's key
    key: String,
    /// The application
    #[arg(long, value_name = "APP")]
    application: ApplicationId,
}

pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    let id = match &command {
        Command::Set(set) => set.application,
        Command::List { application } => *application,
        Command::Verify(one) | Command::Disable(one) | Command::Enable(one) | Command::Remove(one) => one.application,
    };
    let secret = match &command {
        Command::Set(_) => Some(secret_input::read("client secret")?),
        _ => None,
    };
    let (vault, caller) = open::application(settings, id).await?;
    let done = match (command, secret) {
        (Command::Set(set), Some(secret)) => save(set, secret, &vault, &caller, output).await,
        (command, _) => act(command, &vault, &caller, output).await,
    };
    vault.close().await;
    done
}

async fn save(
    set: Set,
    client_secret: Secret,
    vault: &Vault,
    caller: &ApplicationCaller,
    output: &Output,
) -> Result<(), Failure> {
    let provider = set.provider.unwrap_or_else(|| set.key.clone());
    let webhook_secret = match &set.webhook_secret_file {
        Some(file) => secret_input::read_file("webhook secret", file)?,
        None => Secret::new(String::new()),
    };
    let form = SaveProviderConfig {
        provider: provider.clone(),
        key: set.key,
        client_id: set.client_id,
        client_secret,
        webhook_secret,
        remove_webhook_secret: set.remove_webhook_secret,
        held_secret: String::new(),
        scopes: set.scopes,
        save_anyway: set.save_anyway,
    };
    let saved = vault.save_provider_config(caller, form).await.map_err(|error| match error {
        vault::VaultError::NotFound => Failure::refused(format!(
            "the catalogue has no provider \"{provider}\" for this application; see keybearer catalogue list"
        )),
        other => other.into(),
    })?;
    match saved {
        Saved::Saved(saved) => {
            for note in &saved.notes {
                output.remark(note);
            }
            output.remark(match saved.verdict {
                Some(ProbeVerdict::Accepted) => "Saved; the provider accepts the credentials. The redirect URI:",
                Some(ProbeVerdict::Rejected) => {
                    "Saved, although the provider refuses the credentials. The redirect URI:"
                }
                Some(ProbeVerdict::CannotTell) => "Saved, not verified: the provider could not tell. The redirect URI:",
                None => "Saved; the credentials are the stored ones. The redirect URI:",
            });
            output.result(&*saved, |saved| saved.config.redirect_uri.clone());
            if let Some(url) = saved.config.provider_events_url.as_ref().filter(|_| saved.config.webhook_secret_stored)
            {
                output.remark(&format!("The provider sends its notices to {url}"));
            }
            Ok(())
        }
        Saved::Doubtful { doubts, .. } => {
            for (_, doubt) in &doubts {
                output.remark(doubt);
            }
            Err(Failure::refused("Nothing is saved. Correct it, or add --save-anyway".to_owned()))
        }
        Saved::Rejected { words, notes, .. } => {
            for note in &notes {
                output.remark(note);
            }
            Err(Failure::refused(format!(
                "the provider refuses these credentials: {words}. Nothing is saved. Correct them, or add --save-anyway"
            )))
        }
    }
}

async fn act(command: Command, vault: &Vault, caller: &ApplicationCaller, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Set(_) => {}
        Command::List { .. } => {
            let configs = vault.provider_configs(caller).await?;
            output.result(&json!({ "data": configs }), |_| rows(&configs));
        }
        Command::Verify(One { key, .. }) => {
            let (verdict, words, config) = vault.verify_provider_config(caller, &key).await?;
            let value = json!({ "verdict": verdict, "detail": words, "config": config });
            output
                .result(&value, |_| if words.is_empty() { verdict.to_string() } else { format!("{verdict}: {words}") });
            if verdict == ProbeVerdict::Rejected {
                return Err(Failure::refused("set the right credentials with keybearer provider-config set"));
            }
        }
        Command::Disable(One { key, .. }) => switched(vault, caller, &key, true, output).await?,
        Command::Enable(One { key, .. }) => switched(vault, caller, &key, false, output).await?,
        Command::Remove(One { key, .. }) => {
            let revoked = vault.remove_provider_config(caller, &key).await?;
            output.result(&json!({ "key": key, "state": "removed", "revoked_accounts": revoked }), |_| {
                format!("{key} is removed; {revoked} connected accounts are revoked.")
            });
        }
    }
    Ok(())
}

async fn switched(
    vault: &Vault,
    caller: &ApplicationCaller,
    key: &str,
    off: bool,
    output: &Output,
) -> Result<(), Failure> {
    let config = vault.set_provider_config_disabled(caller, key, off).await?;
    output.result(&config, |config| format!("{key} is {}.", config.state));
    Ok(())
}

fn rows(configs: &[ProviderConfigView]) -> String {
    let row = |c: &ProviderConfigView| {
        let state = match (&c.verified_at, c.state.as_str()) {
            (None, "active") => "active, not verified yet".to_owned(),
            (_, state) => state.to_owned(),
        };
        [c.key.clone(), c.provider.slug.clone(), state, c.client_id.clone(), c.redirect_uri.clone()]
    };
    table(["KEY", "PROVIDER", "STATE", "CLIENT ID", "REDIRECT URI"], configs.iter().map(row).collect())
}
