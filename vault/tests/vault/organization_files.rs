//! Exported organizations as files: made, opened, changed, and sealed again.

use age::secrecy::ExposeSecret as _;
use serde_json::Value;
use std::io::{Read as _, Write};
use vault::{Exported, Exporting, Identities, Imported, Importing, Recipients, Vault, VaultError, sha256};

/// A key of whoever moves.
pub(crate) struct Identity(age::x25519::Identity);

impl Identity {
    pub(crate) fn new() -> Self {
        Self(age::x25519::Identity::generate())
    }

    pub(crate) fn public(&self) -> String {
        self.0.to_public().to_string()
    }

    /// The lines within the seal.
    pub(crate) fn lines(&self, file: &[u8]) -> Vec<String> {
        let decryptor = age::Decryptor::new_buffered(file).unwrap();
        let mut text = String::new();
        decryptor.decrypt([&self.0 as &dyn age::Identity].into_iter()).unwrap().read_to_string(&mut text).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// Seals lines: anybody who knows the public key can.
    pub(crate) fn sealed(&self, lines: &[String]) -> Vec<u8> {
        let recipient = self.0.to_public();
        let encryptor = age::Encryptor::with_recipients([&recipient as &dyn age::Recipient].into_iter()).unwrap();
        let mut file = Vec::new();
        let mut writer = encryptor.wrap_output(&mut file).unwrap();
        lines.iter().for_each(|line| writer.write_all(format!("{line}\n").as_bytes()).unwrap());
        writer.finish().unwrap();
        file
    }
}

/// Lines with an end that fits them.
pub(crate) fn with_end(mut lines: Vec<String>) -> Vec<String> {
    let mut end: Value = serde_json::from_str(&lines.pop().unwrap()).unwrap();
    let mut rows: serde_json::Map<String, Value> = serde_json::Map::new();
    for line in lines.iter().skip(1) {
        let line: Value = serde_json::from_str(line).unwrap();
        let count = rows.entry(line["table"].as_str().unwrap()).or_insert(0.into());
        *count = (count.as_u64().unwrap() + 1).into();
    }
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    end["end"]["rows"] = rows.into();
    end["end"]["sha256"] = data_encoding::HEXLOWER.encode(&sha256(text.as_bytes())).into();
    lines.push(end.to_string());
    lines
}

pub(crate) async fn export(vault: &Vault, identity: &Identity) -> Vec<u8> {
    let mut file = Vec::new();
    export_to(vault, identity, Exporting::Copy, &mut file).await.unwrap();
    file
}

pub(crate) async fn export_to(
    vault: &Vault,
    identity: &Identity,
    exporting: Exporting,
    out: impl Write + Send,
) -> Result<Exported, VaultError> {
    let recipients = Recipients::parse(&format!("# of the new host\n\n{}\n", identity.public())).unwrap();
    vault.export_organization_from_command_line(None, &recipients, exporting, out).await
}

pub(crate) async fn import(
    vault: &Vault,
    identity: &Identity,
    file: &[u8],
    importing: Importing,
) -> Result<Imported, VaultError> {
    let identities = format!("# created: today\n{}\n", identity.0.to_string().expose_secret());
    vault.import_organization_from_command_line(&Identities::parse(&identities)?, file, importing).await
}
