//! Opens the vault by the settings.

use super::failure::Failure;
use crate::settings::Settings;
use model::ids::ApplicationId;
use std::path::Path;
use vault::{ApplicationCaller, Clock, Options, Vault};

/// Opens the vault. A sandbox provider that the settings name is taken as running.
pub(super) async fn vault(settings: Settings) -> Result<Vault, Failure> {
    let mut allowed_hosts = settings.allowed_hosts;
    if let Some(address) = settings.sandbox_listen {
        allowed_hosts.add(address);
    }
    let options = Options {
        database_url: settings.database_url,
        master_keys: settings.master_key.keys().await.map_err(|e| Failure::settings(vec![e]))?,
        catalogue_folder: settings.catalogue_dir,
        allowed_hosts,
        sandbox: settings.sandbox_listen.map(|address| format!("http://{address}")),
        public_url: settings.public_url,
        connect_url: settings.connect_url,
        mail: settings.mail,
        sign_up: settings.sign_up,
        proxy_limits: settings.proxy_limits,
        retention: settings.retention,
        clock: Clock::system(),
        read_events: settings.read_events,
        unsafe_durability: settings.unsafe_durability,
    };
    Ok(Vault::open(options).await?)
}

/// Opens the vault of a database that is there: whoever asks about what is in one wants none made.
pub(super) async fn existing(settings: Settings) -> Result<Vault, Failure> {
    if let Some(file) = settings.database_url.strip_prefix("sqlite:") {
        let file = file.trim_start_matches("//").split('?').next().unwrap_or_default();
        if !Path::new(file).exists() {
            let what_next = "run the command in the server's folder, or set KEYBEARER_DATABASE_URL";
            return Err(Failure::settings(vec![format!("there is no database at {file}: {what_next}")]));
        }
    }
    vault(settings).await
}

/// Opens the vault of a database that is there and enters an application.
pub(super) async fn application(settings: Settings, id: ApplicationId) -> Result<(Vault, ApplicationCaller), Failure> {
    let vault = existing(settings).await?;
    match vault.enter_from_command_line(id).await {
        Ok(caller) => Ok((vault, caller)),
        Err(vault::VaultError::NotFound) => Err(Failure::refused(format!("there is no application {id}"))),
        Err(error) => Err(error.into()),
    }
}
