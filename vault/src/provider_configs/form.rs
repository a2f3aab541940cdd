//! What a developer fills in, checked: whitespace goes, oddities are named, and an empty secret keeps the stored one.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::Provider;
use crate::clock::MINUTE;
use crate::error::VaultError;
use crate::keyring::Place;
use crate::secret::{Secret, same};
use crate::store::{clients, provider_configs};
use data_encoding::BASE64URL_NOPAD;
use model::ids::ClientId;

/// How long a secret is held for "Save anyway".
const HELD: i64 = 15 * MINUTE;

/// The form of a provider config.
pub struct SaveProviderConfig {
    /// The provider's slug.
    pub provider: String,
    /// The key; the slug when empty.
    pub key: String,
    /// The OAuth client id.
    pub client_id: String,
    /// The OAuth client secret; empty keeps the stored one.
    pub client_secret: Secret,
    /// The secret that the provider's notices are signed with; empty keeps the stored one.
    pub webhook_secret: Secret,
    /// Forget the stored one.
    pub remove_webhook_secret: bool,
    /// Secrets held since a refused save, for when their fields are empty.
    pub held_secret: String,
    /// Scopes the developer expects to be granted.
    pub scopes: Vec<String>,
    /// Save credentials that the provider refuses.
    pub save_anyway: bool,
}

impl SaveProviderConfig {
    pub(super) fn key_or_slug(&self) -> &str {
        let key = self.key.trim();
        if key.is_empty() { &self.provider } else { key }
    }
}

/// A form without mistakes in itself.
pub(super) struct Checked {
    pub(super) key: String,
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
    pub(super) webhook_secret: Secret,
    pub(super) remove_webhook_secret: bool,
    pub(super) held_secret: String,
    pub(super) scopes: Vec<String>,
    pub(super) save_anyway: bool,
    pub(super) notes: Vec<String>,
}

/// Credentials that are about to be stored.
pub(super) struct Credentials {
    /// The stored client of this id, if there is one.
    pub(super) client: Option<ClientId>,
    pub(super) client_id: String,
    pub(super) secret: Secret,
    /// Whether the form brought the secret; otherwise it is the stored one.
    pub(super) is_given: bool,
}

/// Checks what can be checked without the database.
pub(super) fn check(provider: &Provider, form: SaveProviderConfig) -> Result<Checked, VaultError> {
    let key = form.key_or_slug().to_owned();
    let client_id = form.client_id.trim().to_owned();
    let client_secret = Secret::new(form.client_secret.expose().trim().to_owned());
    let webhook_secret = Secret::new(form.webhook_secret.expose().trim().to_owned());
    let mut fields = Vec::new();
    let well_formed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if key == "new" {
        fields.push(("key".to_owned(), "\"new\" is the address of the catalogue: choose another key.".to_owned()));
    }
    if key.len() > 40 || !key.bytes().all(well_formed) {
        fields.push(("key".to_owned(), "Use at most 40 lower-case letters, digits and dashes.".to_owned()));
    }
    if client_id.is_empty() {
        fields.push(("client_id".to_owned(), format!("Copy the Client ID from {}'s page.", provider.entry.name)));
    }
    let texts = [
        ("client_id", client_id.as_str()),
        ("client_secret", client_secret.expose()),
        ("webhook_secret", webhook_secret.expose()),
    ];
    for (name, text) in texts {
        if text.len() > 1_024 || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            fields.push((
                name.to_owned(),
                "It holds a space or line break in the middle: copy it again, alone.".to_owned(),
            ));
        }
    }
    if !client_id.is_empty() && same(client_id.as_bytes(), client_secret.expose().as_bytes()) {
        fields.push(("client_secret".to_owned(), "This is the Client ID again: copy the Client Secret.".to_owned()));
    }
    fields.extend(wrong_webhook_secret(provider, &webhook_secret, &client_secret));
    VaultError::check(&format!("{} is not saved: check the fields below.", provider.entry.name), fields)?;
    let trimmed = client_id != form.client_id || client_secret.expose() != form.client_secret.expose();
    let notes = notes(provider, &client_id, client_secret.expose(), trimmed);
    let scopes = form.scopes.iter().flat_map(|s| s.split([' ', ',', '\n', '\r', '\t'])).filter(|s| !s.is_empty());
    let mut scopes: Vec<String> = scopes.map(str::to_owned).collect();
    scopes.dedup();
    Ok(Checked {
        key,
        client_id,
        client_secret,
        webhook_secret,
        remove_webhook_secret: form.remove_webhook_secret,
        held_secret: form.held_secret,
        scopes,
        save_anyway: form.save_anyway,
        notes,
    })
}

fn wrong_webhook_secret(provider: &Provider, webhook: &Secret, client: &Secret) -> Option<(String, String)> {
    let wrong = |message: String| Some(("webhook_secret".to_owned(), message));
    let (name, given) = (&provider.entry.name, !webhook.expose().is_empty());
    match &provider.entry.provider_events {
        None if given => wrong(format!("{name} sends no notices that Keybearer knows: leave it empty.")),
        Some(events) if given && same(webhook.expose().as_bytes(), client.expose().as_bytes()) => {
            wrong(format!("This is the Client Secret again: copy the {}, or leave it empty.", events.secret_label))
        }
        _ => None,
    }
}

/// What looks odd but may be right: said, never refused.
fn notes(provider: &Provider, client_id: &str, secret: &str, trimmed: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if trimmed {
        notes.push("Spaces around what was pasted are removed.".to_owned());
    }
    let usual = (provider.entry.client.id_length, provider.entry.client.secret_length);
    let (id_length, secret_length) = (client_id.chars().count(), secret.chars().count());
    if let (Some(id), Some(secret)) = usual
        && id != secret
        && (id_length, secret_length) == (secret, id)
    {
        notes.push("Client ID and Client Secret look swapped: each has the other's usual length.".to_owned());
        return notes;
    }
    let name = &provider.entry.name;
    for (what, length, usual) in [("Client ID", id_length, usual.0), ("Client Secret", secret_length, usual.1)] {
        if let Some(usual) = usual.filter(|usual| *usual != length && length > 0) {
            notes.push(format!("This {what} has {length} characters; {name}'s usually have {usual}."));
        }
    }
    notes
}

impl Vault {
    /// The credentials that a form means, and whether they differ from the stored ones.
    pub(super) async fn credentials_to_save(
        &self,
        caller: &ApplicationCaller,
        known: Option<&provider_configs::Row>,
        form: &Checked,
    ) -> Result<(Credentials, bool), VaultError> {
        let client = match known {
            Some(config) => {
                clients::by_client_id(&mut *self.store.connection().await?, config.id, &form.client_id).await?
            }
            None => None,
        };
        let current = known.and_then(|k| k.current_client_id);
        let same_client = client.as_ref().is_some_and(|c| Some(c.id) == current);
        let stored = match client.as_ref().map(|c| (c.id.to_string(), c.secret_current.as_deref())) {
            Some((row, Some(sealed))) => {
                Some(self.keyring.open(&self.store, caller.application, clients::secret_place(&row), sealed).await?)
            }
            _ => None,
        };
        let given = if form.client_secret.expose().is_empty() {
            self.held(caller, form).await.map(|held| held.client_secret)
        } else {
            Some(form.client_secret.clone())
        };
        let changed = match (&given, &stored) {
            (Some(given), Some(stored)) => !same_client || !same(given.expose().as_bytes(), stored.expose().as_bytes()),
            (None, Some(_)) => !same_client,
            _ => true,
        };
        let missing = || {
            let why = if known.is_some() {
                "A new Client ID has a secret of its own: copy it too."
            } else {
                "Copy the Client Secret too."
            };
            VaultError::field("client_secret", why)
        };
        let is_given = given.is_some();
        let secret = given.or(stored).ok_or_else(missing)?;
        let client = client.map(|c| c.id);
        Ok((Credentials { client, client_id: form.client_id.clone(), secret, is_given }, changed))
    }

    /// Seals secrets for the person and key at hand, so that a page can carry them to the next save without knowing them.
    pub(super) async fn hold_secrets(
        &self,
        caller: &ApplicationCaller,
        form: &Checked,
        client_secret: &Secret,
    ) -> Result<String, VaultError> {
        let row = held_row(caller, &form.key);
        let until = self.clock.now() + HELD;
        let webhook_secret = self.webhook_secret_of(caller, form).await;
        let webhook_secret = webhook_secret.as_ref().map_or("", |secret| secret.expose());
        let text = Secret::new(format!("{until}:{}\n{webhook_secret}", client_secret.expose()));
        let sealed = self.keyring.seal(&self.store, caller.application, held_place(&row), text.expose()).await?;
        Ok(BASE64URL_NOPAD.encode(&sealed))
    }

    /// The webhook secret that a form brings, typed now or held since a refused save.
    pub(super) async fn webhook_secret_of(&self, caller: &ApplicationCaller, form: &Checked) -> Option<Secret> {
        let given = if form.webhook_secret.expose().is_empty() {
            self.held(caller, form).await?.webhook_secret
        } else {
            form.webhook_secret.clone()
        };
        (!given.expose().is_empty()).then_some(given)
    }

    async fn held(&self, caller: &ApplicationCaller, form: &Checked) -> Option<Held> {
        let sealed = BASE64URL_NOPAD.decode(form.held_secret.as_bytes()).ok().filter(|s| !s.is_empty())?;
        let row = held_row(caller, &form.key);
        let text = self.keyring.open(&self.store, caller.application, held_place(&row), &sealed).await.ok()?;
        let (until, secrets) = text.expose().split_once(':')?;
        let (client_secret, webhook_secret) = secrets.split_once('\n')?;
        let held = Held {
            client_secret: Secret::new(client_secret.to_owned()),
            webhook_secret: Secret::new(webhook_secret.to_owned()),
        };
        until.parse::<i64>().is_ok_and(|until| until > self.clock.now()).then_some(held)
    }
}

/// What a refused save leaves for "Save anyway". No secret holds a line break.
struct Held {
    client_secret: Secret,
    webhook_secret: Secret,
}

fn held_row(caller: &ApplicationCaller, key: &str) -> String {
    format!("{key}/{}", caller.actor.id().unwrap_or_default())
}

fn held_place(row: &str) -> Place<'_> {
    Place { table: "forms", column: "client_secret", row }
}
