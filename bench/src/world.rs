//! An instance with accounts in it, and the settings that the real program runs with on it.

use crate::plan::Plan;
use std::path::Path;
use tempfile::TempDir;
use vault::testing::TestVault;

pub(crate) struct World {
    pub(crate) test: TestVault,
    /// An API key of the application.
    pub(crate) key: String,
    pub(crate) folder: TempDir,
    /// `SQLite` or `PostgreSQL`.
    pub(crate) database: &'static str,
    pub(crate) environment: Vec<(&'static str, String)>,
}

impl World {
    /// A founded instance with one provider config, whose provider is the sandbox in this process.
    pub(crate) async fn make(plan: &Plan) -> Self {
        let test = TestVault::new("zoom").await;
        let key = test.vault.add_api_key(&test.caller, "bench").await.unwrap().secret.expose().clone();
        let folder = TempDir::new().unwrap();
        let database = if test.database_url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
        let environment = environment(&test, folder.path(), &plan.log);
        Self { test, key, folder, database, environment }
    }
}

fn environment(test: &TestVault, folder: &Path, log: &str) -> Vec<(&'static str, String)> {
    let (catalogue, keys) = (folder.join("catalogue"), folder.join("master.key"));
    std::fs::create_dir(&catalogue).unwrap();
    let dev = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dev/catalogue/zoom.toml");
    let overlay = std::fs::read_to_string(dev).unwrap().replace("{sandbox}", &test.sandbox.base_url());
    // The budget of a real provider's host would be all that is measured.
    let overlay = overlay + "\n[refresh]\ncalls_per_second = 100000\n";
    std::fs::write(catalogue.join("zoom.toml"), overlay).unwrap();
    std::fs::write(&keys, test.keys.expose()).unwrap();
    vec![
        ("KEYBEARER_DATABASE_URL", test.database_url.clone()),
        ("KEYBEARER_MASTER_KEY_FILE", keys.display().to_string()),
        ("KEYBEARER_CATALOGUE_DIR", catalogue.display().to_string()),
        ("KEYBEARER_ALLOW_PRIVATE_HOSTS", test.sandbox.address().to_string()),
        ("KEYBEARER_LOG", log.to_owned()),
        ("KEYBEARER_LOG_FORMAT", "json".to_owned()),
    ]
}
