//! `keybearer migrate` and `keybearer setup-code`.

use super::failure::Failure;
use super::open;
use super::output::Output;
use crate::settings::Settings;
use serde_json::json;

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
