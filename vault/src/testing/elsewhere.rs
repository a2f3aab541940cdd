//! Another instance beside a test's own: where an organization moves to.

use super::{Options, TestVault, database_in};
use crate::{MasterKeys, Secret, Vault};
use tempfile::TempDir;

/// A vault on an empty database with a master key of its own. It knows the same provider, and its clock is the same.
pub struct Elsewhere {
    /// The vault.
    pub vault: Vault,
    /// Where the database is.
    pub database_url: String,
    /// The master keys.
    pub keys: Secret,
    folder: TempDir,
}

impl TestVault {
    /// Another instance, on the kind of database that tests run on.
    pub async fn elsewhere(&self, change: impl FnOnce(&mut Options)) -> Elsewhere {
        let folder = TempDir::new().unwrap();
        let database_url = database_in(&folder).await;
        self.open_elsewhere(folder, database_url, change).await
    }

    /// Another instance, on SQLite.
    pub async fn elsewhere_on_sqlite(&self, change: impl FnOnce(&mut Options)) -> Elsewhere {
        let folder = TempDir::new().unwrap();
        let database_url = format!("sqlite:{}", folder.path().join("test.db").display());
        self.open_elsewhere(folder, database_url, change).await
    }

    async fn open_elsewhere(
        &self,
        folder: TempDir,
        database_url: String,
        change: impl FnOnce(&mut Options),
    ) -> Elsewhere {
        let keys = crate::generate_master_key().unwrap();
        let mut options = self.options();
        options.database_url.clone_from(&database_url);
        options.master_keys = MasterKeys::Given(keys.clone());
        change(&mut options);
        let vault = Vault::open(options).await.expect("a vault elsewhere");
        Elsewhere { vault, database_url, keys, folder }
    }
}

impl Elsewhere {
    /// The bytes of all files in its folder: the database with its log, where it is SQLite.
    pub fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let files = files.map(|file| std::fs::read(file.unwrap().path()).unwrap_or_default());
        files.collect::<Vec<_>>().concat()
    }
}
