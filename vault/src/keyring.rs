//! Seals and opens what the database keeps: AES-256-GCM-SIV (RFC 8452) under a data key for each application, which is
//! itself wrapped by a master key. The associated data names table, row, column, application and key, so that a
//! ciphertext opens only where it was written.
//!
//! A sealed value is: one byte of format (1), the data key's id (29 characters), 12 bytes of nonce, the ciphertext.

mod fresh;
mod instance;
mod master;

pub(crate) use fresh::FreshKey;
pub(crate) use master::MasterKey;
pub use master::{generate, parse};

use crate::clock::Millis;
use crate::error::{VaultError, internal};
use crate::random;
use crate::secret::Secret;
use crate::store::{Store, data_keys, master_keys};
use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit};
use model::ids::{ApplicationId, DataKeyId};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

const FORMAT: u8 = 1;
const ID_LENGTH: usize = 29;
const NONCE_LENGTH: usize = 12;
const CHECK: &[u8] = b"keybearer master key check";

/// Where a sealed value stands. It opens nowhere else.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The table.
    pub(crate) table: &'static str,
    /// The column.
    pub(crate) column: &'static str,
    /// The row's id.
    pub(crate) row: &'a str,
}

/// A data key with the application it belongs to.
type DataKey = (ApplicationId, Secret<[u8; 32]>);

/// The keys of this process.
pub(crate) struct Keyring {
    masters: Vec<MasterKey>,
    data_keys: RwLock<HashMap<DataKeyId, DataKey>>,
    newest: RwLock<HashMap<ApplicationId, DataKeyId>>,
}

impl Keyring {
    /// Takes the master keys, after having tried them on the database's check values; new ones are recorded.
    ///
    /// # Errors
    /// [`VaultError::Settings`], when the database knows a key that is not here or that is another one under the same
    /// id. Nothing is written then.
    pub(crate) async fn open_for(store: &Store, masters: Vec<MasterKey>, now: Millis) -> Result<Self, VaultError> {
        let mut tx = store.begin().await?;
        let known = master_keys::list(&mut tx).await?;
        for row in &known {
            let Some(key) = masters.iter().find(|k| k.id == row.id) else {
                return Err(VaultError::Settings(format!(
                    "the database was sealed with master key \"{}\", which is not among the keys given",
                    row.id
                )));
            };
            if open_bytes(&key.key, &row.check_value, &check_data(&row.id)).as_deref() != Some(CHECK) {
                return Err(VaultError::Settings(format!(
                    "master key \"{}\" is not the one that this database was sealed with",
                    row.id
                )));
            }
        }
        for key in masters.iter().filter(|k| known.iter().all(|row| row.id != k.id)) {
            let check = seal_bytes(&key.key, CHECK, &check_data(&key.id))?;
            master_keys::insert(&mut tx, &key.id, &check, now).await?;
        }
        tx.commit().await?;
        Ok(Self { masters, data_keys: RwLock::default(), newest: RwLock::default() })
    }

    /// Makes the data key of a new application.
    ///
    /// # Errors
    /// When there are no random numbers.
    pub(crate) fn new_data_key(&self, application: ApplicationId) -> Result<data_keys::Row, VaultError> {
        self.fresh_key(application).map(|key| key.row)
    }

    /// Seals a text for its place.
    ///
    /// # Errors
    /// When the application has no data key, or the one it has does not open.
    pub(crate) async fn seal(
        &self,
        store: &Store,
        application: ApplicationId,
        place: Place<'_>,
        plain: &str,
    ) -> Result<Vec<u8>, VaultError> {
        let id = self.newest_for(store, application).await?;
        let key = self.data_key(store, application, id).await?;
        seal_under((id, &key), application, place, plain)
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`], when it was sealed for another place, changed, or its key is gone.
    pub(crate) async fn open(
        &self,
        store: &Store,
        application: ApplicationId,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Secret, VaultError> {
        let unsealable = || VaultError::Unsealable(format!("{}.{} of {}", place.table, place.column, place.row));
        let (id, rest) = parse_sealed(sealed).ok_or_else(unsealable)?;
        let key = self.data_key(store, application, id).await?;
        let plain = open_bytes(&key, rest, &place_data(place, application, id)).ok_or_else(unsealable)?;
        String::from_utf8(plain).map(Secret::new).map_err(|_| unsealable())
    }

    async fn newest_for(&self, store: &Store, application: ApplicationId) -> Result<DataKeyId, VaultError> {
        let cached = self.newest.read().unwrap_or_else(PoisonError::into_inner).get(&application).copied();
        if let Some(id) = cached {
            return Ok(id);
        }
        let row = data_keys::newest(&mut *store.connection().await?, application).await?;
        let row = row.ok_or_else(|| VaultError::Unsealable(format!("the data key of {application} is gone")))?;
        self.newest.write().unwrap_or_else(PoisonError::into_inner).insert(application, row.id);
        Ok(row.id)
    }

    async fn data_key(
        &self,
        store: &Store,
        application: ApplicationId,
        id: DataKeyId,
    ) -> Result<Secret<[u8; 32]>, VaultError> {
        if let Some((owner, key)) = self.data_keys.read().unwrap_or_else(PoisonError::into_inner).get(&id)
            && *owner == application
        {
            return Ok(key.clone());
        }
        let unsealable = || VaultError::Unsealable(format!("the data key {id} of {application}"));
        let row = data_keys::get(&mut *store.connection().await?, application, id).await?.ok_or_else(unsealable)?;
        let master = self.masters.iter().find(|k| k.id == row.master_key_id).ok_or_else(unsealable)?;
        let key = open_bytes(&master.key, &row.wrapped, &wrap_data(id, application)).ok_or_else(unsealable)?;
        let key = Secret::new(<[u8; 32]>::try_from(key.as_slice()).map_err(|_| unsealable())?);
        self.data_keys.write().unwrap_or_else(PoisonError::into_inner).insert(id, (application, key.clone()));
        Ok(key)
    }
}

fn seal_under(
    (id, key): (DataKeyId, &Secret<[u8; 32]>),
    application: ApplicationId,
    place: Place<'_>,
    plain: &str,
) -> Result<Vec<u8>, VaultError> {
    let mut sealed = vec![FORMAT];
    sealed.extend_from_slice(id.to_string().as_bytes());
    sealed.extend(seal_bytes(key, plain.as_bytes(), &place_data(place, application, id))?);
    Ok(sealed)
}

fn parse_sealed(sealed: &[u8]) -> Option<(DataKeyId, &[u8])> {
    let (format, rest) = sealed.split_first()?;
    let (id, rest) = rest.split_at_checked(ID_LENGTH)?;
    let id = std::str::from_utf8(id).ok()?.parse().ok()?;
    (*format == FORMAT).then_some((id, rest))
}

fn seal_bytes(key: &Secret<[u8; 32]>, plain: &[u8], data: &[u8]) -> Result<Vec<u8>, VaultError> {
    let nonce = random::bytes::<NONCE_LENGTH>()?;
    let cipher = Aes256GcmSiv::new(key.expose().into());
    let payload = Payload { msg: plain, aad: data };
    let sealed =
        cipher.encrypt(&nonce.into(), payload).map_err(|_| internal("sealing failed", "the text is too long"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open_bytes(key: &Secret<[u8; 32]>, sealed: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
    Aes256GcmSiv::new(key.expose().into()).decrypt(nonce.into(), Payload { msg: sealed, aad: data }).ok()
}

// A zero byte cannot stand in any of the parts, so two different places never give the same associated data.
fn place_data(place: Place<'_>, application: ApplicationId, key: DataKeyId) -> Vec<u8> {
    format!("{}\0{}\0{}\0{application}\0{key}", place.table, place.column, place.row).into_bytes()
}

fn wrap_data(key: DataKeyId, application: ApplicationId) -> Vec<u8> {
    format!("data_keys\0wrapped\0{key}\0{application}").into_bytes()
}

fn check_data(id: &str) -> Vec<u8> {
    format!("master_keys\0check_value\0{id}").into_bytes()
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::*;
    use crate::testing::{CLIENT_SECRET, TestVault};
    use model::applications::Environment;

    const PLACE: Place<'_> = Place { table: "token_sets", column: "access_token", row: "ts_1" };

    #[tokio::test]
    async fn a_ciphertext_opens_only_where_it_was_written() {
        let test = TestVault::empty("sandbox").await;
        let (vault, application) = (&test.vault, test.caller.application());
        let sealed = vault.keyring.seal(&vault.store, application, PLACE, "a secret").await.unwrap();
        let open = async |application, place, sealed: &[u8]| {
            vault
                .keyring
                .open(&vault.store, application, place, sealed)
                .await
                .map(|s| s.expose().clone())
                .map_err(|e| e.to_string())
        };
        assert_eq!(open(application, PLACE, &sealed).await.as_deref(), Ok("a secret"));
        let other = vault.add_application(&test.member, "Other", Environment::Development).await.unwrap().id;
        let elsewhere = [
            (application, Place { row: "ts_2", ..PLACE }),
            (application, Place { column: "refresh_token", ..PLACE }),
            (application, Place { table: "clients", ..PLACE }),
            (other, PLACE),
        ];
        for (application, place) in elsewhere {
            assert!(open(application, place, &sealed).await.is_err());
        }
        for at in [0, 1, 40, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(application, PLACE, &changed).await.is_err(), "byte {at}");
        }
        assert!(open(application, PLACE, b"").await.is_err());
        let again = vault.keyring.seal(&vault.store, application, PLACE, "a secret").await.unwrap();
        assert_ne!(sealed, again);
    }

    #[tokio::test]
    async fn a_database_without_its_key_yields_nothing() {
        let test = TestVault::new("sandbox").await;
        let id = test.connected().await;
        let token = test.vault.fresh(&test.caller, id, crate::TokenRequest::default()).await.unwrap();
        let key = test.vault.add_api_key(&test.caller, "backend").await.unwrap();
        test.vault.store.close().await;
        let bytes = test.database_bytes();
        let found = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
        for secret in [
            CLIENT_SECRET,
            token.access_token.expose(),
            key.secret.expose(),
            "canary-password-123",
            test.keys.expose().trim(),
        ] {
            assert!(!found(secret), "a secret is in the database");
        }
        if !bytes.is_empty() {
            assert!(found("owner@example.com"), "the search itself works");
        }
    }

    #[tokio::test]
    async fn a_wrong_or_missing_master_key_stops_before_anything_is_touched() {
        let test = TestVault::empty("sandbox").await;
        let other = generate().unwrap();
        let refused = Keyring::open_for(&test.vault.store, parse(other.expose()).unwrap(), 0).await.err().unwrap();
        assert!(refused.to_string().contains("not among the keys given"), "{refused}");
        let id = test.keys.expose().split(':').next().unwrap().to_owned();
        let same_id = format!("{id}:{}", other.expose().split(':').nth(1).unwrap());
        let refused = Keyring::open_for(&test.vault.store, parse(&same_id).unwrap(), 0).await.err().unwrap();
        assert!(refused.to_string().contains("is not the one"), "{refused}");
        let known = master_keys::list(&mut test.vault.store.connection().await.unwrap()).await.unwrap();
        assert_eq!(known.len(), 1);
    }
}
