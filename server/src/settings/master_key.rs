//! Where the master keys come from.

use std::path::PathBuf;
use std::process::Stdio;
use tokio::process::Command;
use vault::{MasterKeys, Secret};

/// Where the master keys come from.
pub enum MasterKeySource {
    /// `KEYBEARER_MASTER_KEY`.
    Given(Secret),
    /// What a command prints.
    Command(String),
    /// A file, which may be made where SQLite is the database.
    File {
        /// Where it is.
        path: PathBuf,
        /// Whether it may be made.
        generate: bool,
    },
}

impl MasterKeySource {
    /// Fetches the keys, or says where they lie.
    ///
    /// # Errors
    /// What went wrong with the command, in a sentence; never what it printed.
    pub async fn keys(self) -> Result<MasterKeys, String> {
        match self {
            Self::Given(keys) => Ok(MasterKeys::Given(keys)),
            Self::File { path, generate } => Ok(MasterKeys::File { path, generate }),
            Self::Command(command) => Ok(MasterKeys::Given(run(&command).await?)),
        }
    }
}

async fn run(command: &str) -> Result<Secret, String> {
    let wrong = |what: &str| format!("KEYBEARER_MASTER_KEY_COMMAND: {what}");
    let output = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .await
        .map_err(|e| wrong(&format!("it cannot be run: {e}")))?;
    if !output.status.success() {
        return Err(wrong(&format!("it failed with {}", output.status)));
    }
    String::from_utf8(output.stdout).map(Secret::new).map_err(|_| wrong("what it printed is not text"))
}
