//! `keybearer api-key`: keys by which an application's backend signs in.

use super::failure::Failure;
use super::output::{Output, table};
use super::{one_of, open};
use crate::settings::Settings;
use clap::{Args, Subcommand};
use model::api_keys::{ApiKeyView, KeyScope, Policy};
use model::ids::{ApiKeyId, ApplicationId};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use vault::{ApiKeyForm, HOUR, KeyExpiry, NewApiKey};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Makes a key and prints it, this once
    Add(Box<Add>),
    /// Lists the application's keys, the revoked ones too
    List {
        /// The application
        #[arg(long, value_name = "APP")]
        application: ApplicationId,
    },
    /// Makes a key like this one and prints it, this once; the old one ends after the overlap
    Rotate {
        /// The key
        id: ApiKeyId,
        /// The application
        #[arg(long, value_name = "APP")]
        application: ApplicationId,
        /// For how many hours both are good, 720 at most; 0 ends the old one at once
        #[arg(long, value_name = "HOURS", default_value_t = 24)]
        overlap_hours: u32,
    },
    /// Revokes a key: it is refused on every server from now on
    Revoke {
        /// The key
        id: ApiKeyId,
        /// The application
        #[arg(long, value_name = "APP")]
        application: ApplicationId,
    },
}

#[derive(Args)]
pub(super) struct Add {
    /// The application
    #[arg(long, value_name = "APP")]
    application: ApplicationId,
    /// What will use it
    #[arg(long)]
    name: String,
    /// What it may do; may be given several times. Without it everything but imports
    #[arg(long = "scope", value_name = "SCOPE", value_parser = one_of::<KeyScope>(KeyScope::ALL.iter().map(|scope| scope.as_str())))]
    scopes: Vec<KeyScope>,
    /// An address or network from which it is taken, such as 10.0.0.0/8; may be given several times. Without it everywhere
    #[arg(long = "source", value_name = "CIDR")]
    sources: Vec<String>,
    /// After how many days it ends; without it never
    #[arg(long, value_name = "DAYS")]
    expires_in_days: Option<u32>,
    /// It gets no token: its backend calls providers through the proxy
    #[arg(long)]
    proxy_only: bool,
    /// What the proxy does for it, in JSON: {"providers":["custom-crm"],"methods":["GET"],"paths":["/users/**"]}
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Add(add) => self::add(*add, settings, output).await,
        Command::List { application } => list(application, settings, output).await,
        Command::Rotate { id, application, overlap_hours } => {
            let (vault, caller) = open::application(settings, application).await?;
            let made = vault.rotate_api_key(&caller, id, i64::from(overlap_hours) * HOUR).await;
            vault.close().await;
            print(&made?, output);
            Ok(())
        }
        Command::Revoke { id, application } => {
            let (vault, caller) = open::application(settings, application).await?;
            let revoked = vault.revoke_api_key(&caller, id).await;
            vault.close().await;
            revoked?;
            output.result(&json!({ "id": id, "revoked": true }), |_| format!("{id} is refused from now on."));
            Ok(())
        }
    }
}

async fn add(add: Add, settings: Settings, output: &Output) -> Result<(), Failure> {
    // An unset variable of a shell must not make a key that is taken from everywhere.
    if add.sources.iter().any(|source| source.trim().is_empty()) {
        let why = "--source is empty: name an address or network such as 10.0.0.0/8, or leave it out for everywhere";
        return Err(Failure::refused(why.to_owned()));
    }
    let form = ApiKeyForm {
        name: add.name,
        scopes: add.scopes,
        sources: add.sources,
        expiry: add.expires_in_days.map_or(KeyExpiry::Never, KeyExpiry::Days),
        proxy_only: add.proxy_only,
        policy: add.policy.as_deref().map_or(Ok(Policy::default()), read_policy)?,
    };
    let (vault, caller) = open::application(settings, add.application).await?;
    let added = vault.add_api_key(&caller, form).await;
    vault.close().await;
    print(&added?, output);
    Ok(())
}

async fn list(application: ApplicationId, settings: Settings, output: &Output) -> Result<(), Failure> {
    let (vault, caller) = open::application(settings, application).await?;
    let keys = vault.api_keys(&caller).await;
    vault.close().await;
    let keys = keys?;
    output.result(&json!({ "data": keys }), |_| {
        let headings = ["ID", "NAME", "KEY", "STATE", "ENDS", "LAST USED", "RESTRICTED TO"];
        table(headings, keys.iter().map(row).collect())
    });
    Ok(())
}

fn row(key: &ApiKeyView) -> [String; 7] {
    let state = match key {
        ApiKeyView { revoked_at: Some(_), .. } => "revoked",
        ApiKeyView { expired: true, .. } => "ended",
        ApiKeyView { replaced_by: Some(_), .. } => "replaced",
        _ => "active",
    };
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    [
        key.id.to_string(),
        key.name.clone(),
        format!("{}…", key.starts_with),
        state.to_owned(),
        or_dash(&key.expires_at),
        or_dash(&key.last_used_at),
        restrictions(key),
    ]
}

fn restrictions(key: &ApiKeyView) -> String {
    let scopes = key.scopes.iter().map(ToString::to_string);
    let sources = key.sources.iter().cloned();
    let others = [key.proxy_only.then_some("proxy-only"), key.policy.as_ref().map(|_| "policy")];
    let all: Vec<String> = scopes.chain(sources).chain(others.into_iter().flatten().map(str::to_owned)).collect();
    if all.is_empty() { "-".to_owned() } else { all.join(" ") }
}

fn print(made: &NewApiKey, output: &Output) {
    output.remark("Keep this key where the backend finds it: it is shown this once.");
    let value: Value = json!({ "id": made.view.id, "name": made.view.name, "secret": made.secret.expose() });
    output.result(&value, |_| made.secret.expose().clone());
}

fn read_policy(file: &Path) -> Result<Policy, Failure> {
    let wrong = |why: String| Failure::refused(format!("--policy {}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|e| wrong(e.to_string()))?;
    let object: serde_json::Map<String, Value> =
        serde_json::from_str(&text).map_err(|e| wrong(format!("it is no JSON object: {e}")))?;
    if object.is_empty() {
        return Err(wrong("it restricts nothing: name providers, methods or paths, or leave --policy out".to_owned()));
    }
    serde_json::from_value(Value::Object(object)).map_err(|e| wrong(format!("it is no policy: {e}")))
}
