//! How a provider config does: counted by index and up to a limit, so that the list is as fast with a million accounts.

use crate::Vault;
use crate::clock::{DAY, Millis, rfc3339};
use crate::error::VaultError;
use crate::store::{Connection, clients, provider_configs};
use model::provider_configs::{MOST_COUNTED, ProviderConfigState, counted};
use model::provider_health::{Attention, ConfigHealth, Urgency};

/// Reminders begin so many days before a secret ends.
pub(super) const REMINDED_FROM: i64 = 30;

impl Vault {
    /// How this provider config does. `client` is its current one.
    pub(super) async fn health(
        &self,
        db: &mut Connection,
        row: &provider_configs::Row,
        client: Option<&clients::Row>,
    ) -> Result<ConfigHealth, VaultError> {
        let now = self.clock.now();
        let (failing, lost) = provider_configs::count_troubles(db, row.id, now - DAY, MOST_COUNTED + 1).await?;
        let mut attention = Vec::new();
        let mut say = |urgency, words| attention.push(Attention { urgency, words });
        if row.state == ProviderConfigState::Rejected {
            say(Urgency::Now, "Credentials are refused".to_owned());
        }
        if lost > 0 {
            say(Urgency::Now, format!("{} refused in the last day", counted(lost)));
        }
        if failing > 0 {
            say(Urgency::Now, format!("Refreshes fail for {}", counted(failing)));
        }
        if let Some(words) = client.and_then(|client| ending(client.secret_expires_at?, now)) {
            say(words.0, words.1);
        }
        if let Some(next) = client.and_then(|client| client.next.as_ref()) {
            let words = match (next.works_since, next.refused_at) {
                (Some(_), _) => "New client secret works: finish the replacement",
                (None, Some(_)) => "New client secret is refused",
                (None, None) => "New client secret is not tried yet",
            };
            say(Urgency::Soon, words.to_owned());
        }
        attention.sort_by_key(|a| a.urgency == Urgency::Soon);
        let secret_expires_at = client.and_then(|client| client.secret_expires_at).map(rfc3339);
        Ok(ConfigHealth { failing, lost, secret_expires_at, attention })
    }
}

/// What is said of a secret that ends within 30 days.
fn ending(at: Millis, now: Millis) -> Option<(Urgency, String)> {
    let days = (at - now).div_euclid(DAY);
    match days {
        ..0 => Some((Urgency::Now, "Client secret has ended".to_owned())),
        0 => Some((Urgency::Now, "Client secret ends within a day".to_owned())),
        1 => Some((Urgency::Soon, "Client secret ends tomorrow".to_owned())),
        2..=REMINDED_FROM => Some((Urgency::Soon, format!("Client secret ends in {days} days"))),
        _ => None,
    }
}
