//! The outbox: what an event tells the application's webhook endpoints, written in the event's own transaction, with what
//! the event is about as it stands after the change. Record an event when the change is written, never before.

use super::Event;
use crate::Vault;
use crate::clock::{Millis, rfc3339};
use crate::error::VaultError;
use crate::store::deliveries::{self, New};
use crate::store::{Tx, connect_sessions, connected_accounts, provider_configs, webhook_endpoints};
use model::ids::{ApplicationId, ConnectedAccountId, DeliveryId, EventId, WebhookEndpointId};
use model::provider_configs::ProviderConfigForBackends;
use model::webhook_endpoints::WebhookType;
use serde::Serialize;
use serde_json::Value;

/// The body of a delivery.
#[derive(Serialize)]
pub(crate) struct Envelope<'a> {
    id: DeliveryId,
    r#type: &'a str,
    created_at: String,
    application_id: ApplicationId,
    /// Counts what is told of one connected account.
    seq: Option<i64>,
    data: &'a Value,
}

impl<'a> Envelope<'a> {
    pub(crate) fn new(
        id: DeliveryId,
        r#type: &'a str,
        at: Millis,
        application_id: ApplicationId,
        seq: Option<i64>,
        data: &'a Value,
    ) -> Self {
        Self { id, r#type, created_at: rfc3339(at), application_id, seq, data }
    }

    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Something to tell.
struct News {
    r#type: WebhookType,
    account: Option<ConnectedAccountId>,
    data: Value,
}

impl Vault {
    /// Writes what an event tells, for each endpoint that hears of it.
    pub(super) async fn tell_endpoints(&self, tx: &mut Tx, id: EventId, event: &Event) -> Result<(), VaultError> {
        let (Some(application), Some(r#type)) = (event.application, type_of(event)) else { return Ok(()) };
        let mut listeners = webhook_endpoints::listeners(tx, application).await?;
        listeners.retain(|(_, types)| types.is_empty() || types.iter().any(|known| known == r#type.as_str()));
        if listeners.is_empty() {
            return Ok(());
        }
        for news in self.news(tx, application, r#type, &event.target).await? {
            self.write_deliveries(tx, (application, id), &listeners, &news).await?;
        }
        Ok(())
    }

    async fn write_deliveries(
        &self,
        tx: &mut Tx,
        (application, event): (ApplicationId, EventId),
        listeners: &[(WebhookEndpointId, Vec<String>)],
        news: &News,
    ) -> Result<(), VaultError> {
        let (now, r#type) = (self.clock.now(), news.r#type.as_str());
        let seq = match news.account {
            Some(account) => Some(deliveries::next_seq(tx, account).await?),
            None => None,
        };
        for (endpoint, _) in listeners {
            let id = DeliveryId::new();
            let new = New {
                id,
                application_id: application,
                webhook_endpoint_id: *endpoint,
                event_id: event,
                r#type,
                connected_account_id: news.account,
                seq,
                body: &Envelope::new(id, r#type, now, application, seq, &news.data).text(),
                next_attempt_at: Some(now),
            };
            deliveries::insert(tx, &new, now).await?;
        }
        Ok(())
    }

    /// What there is to tell: of an account, of each account that stands on a token set, of a session, or of a provider
    /// config.
    async fn news(
        &self,
        tx: &mut Tx,
        application: ApplicationId,
        r#type: WebhookType,
        target: &str,
    ) -> Result<Vec<News>, VaultError> {
        if let Ok(token_set) = target.parse() {
            let rows = connected_accounts::of_token_set(tx, token_set).await?;
            return self.news_of_accounts(tx, r#type, rows).await;
        }
        if let Ok(account) = target.parse() {
            let row = connected_accounts::get(tx, application, account).await?;
            return self.news_of_accounts(tx, r#type, row.into_iter().collect()).await;
        }
        let data = if let Ok(session) = target.parse() {
            let row = connect_sessions::get(tx, application, session).await?.ok_or(VaultError::NotFound)?;
            let mut view = self.session_view(tx, row).await?;
            view.end_user.row = None;
            serde_json::to_value(view)
        } else if let Ok(config) = target.parse() {
            let row = provider_configs::get(tx, application, config).await?.ok_or(VaultError::NotFound)?;
            serde_json::to_value(ProviderConfigForBackends::from(self.config_view_in_short(tx, row).await?))
        } else {
            return Ok(Vec::new());
        };
        Ok(vec![News { r#type, account: None, data: data.unwrap_or_default() }])
    }

    async fn news_of_accounts(
        &self,
        tx: &mut Tx,
        r#type: WebhookType,
        rows: Vec<connected_accounts::Row>,
    ) -> Result<Vec<News>, VaultError> {
        self.remember_entries(tx, &rows).await?;
        let news = |row: connected_accounts::Row| {
            let account = Some(row.id);
            News { r#type, account, data: serde_json::to_value(self.account_view(row)).unwrap_or_default() }
        };
        Ok(rows.into_iter().map(news).collect())
    }
}

/// What endpoints hear of an event as; `None` for what only the audit log has.
fn type_of(event: &Event) -> Option<WebhookType> {
    if event.is_untold {
        return None;
    }
    Some(match (event.r#type, event.outcome) {
        ("connected_account.connected" | "connected_account.imported", _) => WebhookType::ConnectedAccountConnected,
        ("connected_account.reconnected" | "connected_account.revived", _) => WebhookType::ConnectedAccountReconnected,
        ("connected_account.needs_reconnect", _) => WebhookType::ConnectedAccountNeedsReconnect,
        ("connected_account.revoked", _) => WebhookType::ConnectedAccountRevoked,
        ("connected_account.scopes_changed", _) => WebhookType::ConnectedAccountScopesChanged,
        ("token_set.refresh_failed", _) => WebhookType::ConnectedAccountRefreshFailed,
        ("connect_session.finished" | "connect_session.confirmed", "ok") => WebhookType::ConnectSessionCompleted,
        ("connect_session.finished" | "connect_session.confirmed", "failed") => WebhookType::ConnectSessionFailed,
        ("provider_config.rejected", _) => WebhookType::ProviderConfigRejected,
        _ => return None,
    })
}
