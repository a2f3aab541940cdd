//! Connected accounts by the million: sealed as the vault seals them, written as fast as the database takes them.

use super::TestVault;
use crate::clock::Millis;
use crate::store::testing::bulk::{self, Common, SealedRow};
use crate::store::token_sets::{access_place, refresh_place};

/// Rows of one statement.
const BATCH: u64 = 1_000;
/// Rows of one transaction.
const COMMIT: u64 = 50_000;
/// As long as the first provider's access tokens.
const TOKEN_LENGTH: usize = 640;

/// The id of the account with this number.
pub fn seeded_account(number: u64) -> String {
    format!("ca_{number:026}")
}

/// The id of the token set with this number.
pub fn seeded_token_set(number: u64) -> String {
    format!("ts_{number:026}")
}

impl TestVault {
    /// Adds the accounts 1 to `last`, made `now`, to the application. Their tokens are good for a month.
    pub async fn seed(&self, last: u64, now: Millis) {
        let store = &self.vault.store;
        let application = self.caller.application().to_string();
        let common = Common::of(&mut store.connection().await.unwrap(), application, now).await;
        let mut ready = self.sealing(1, last);
        let mut next = 1;
        while next <= last {
            let until = last.min(next + COMMIT - 1);
            let mut tx = store.begin().await.unwrap();
            while next <= until {
                let rows = ready.await.unwrap();
                next += BATCH;
                // The next rows are sealed while these are written.
                ready = self.sealing(next, last);
                bulk::token_sets(&mut tx, &common, &rows).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        let mut tx = store.begin().await.unwrap();
        bulk::accounts(&mut tx, &common, i64::try_from(last).unwrap()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Gives seeded accounts other scopes.
    pub async fn grant(&self, accounts: std::ops::RangeInclusive<u64>, scopes: &[&str]) {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let mut tx = self.vault.store.begin().await.unwrap();
        for number in accounts {
            bulk::grant(&mut tx, &seeded_account(number), &scopes).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Adds the accounts 1 to `last` without any tokens: for lists.
    pub async fn seed_without_tokens(&self, last: u64, now: Millis) {
        let store = &self.vault.store;
        let application = self.caller.application().to_string();
        let common = Common::of(&mut store.connection().await.unwrap(), application, now).await;
        let last = i64::try_from(last).unwrap();
        let mut tx = store.begin().await.unwrap();
        bulk::empty_token_sets(&mut tx, &common, last).await.unwrap();
        bulk::accounts(&mut tx, &common, last).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Seals one batch from `first` on in a task of its own.
    fn sealing(&self, first: u64, last: u64) -> tokio::task::JoinHandle<Vec<SealedRow>> {
        let (vault, application) = (self.vault.clone(), self.caller.application());
        tokio::spawn(async move {
            let mut rows = Vec::new();
            for number in first..=last.min(first + BATCH - 1) {
                let id = seeded_token_set(number);
                let token = format!("{number:0TOKEN_LENGTH$}");
                let seal = |place| vault.keyring.seal(&vault.store, application, place, &token);
                let (access, refresh) =
                    (seal(access_place(&id)).await.unwrap(), seal(refresh_place(&id)).await.unwrap());
                rows.push((id, access, refresh));
            }
            rows
        })
    }
}
