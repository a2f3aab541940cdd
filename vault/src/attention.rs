//! What needs attention first in an application.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::{DAY, rfc3339};
use crate::error::VaultError;
use crate::figures::accounts;
use crate::store::{figures, provider_configs};
use model::connected_accounts::ConnectedAccountStatus;
use model::figures::{Attention, Counted, Happened, Urgency, Window};
use model::ids::ApplicationId;
use model::paths;
use model::provider_configs::ProviderConfigState;
use model::webhook_endpoints::PauseReason;

/// A client secret's end is told so long before.
const SECRET_NOTICE: i64 = 30 * DAY;
/// So many pending revocations are counted.
const PENDING: i64 = 100;
/// Fewer failed refreshes than this are no pattern.
const FEW: i64 = 5;

impl Vault {
    /// What does not work, or will not for long: the most pressing first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn attention(&self, caller: &ApplicationCaller) -> Result<Vec<Attention>, VaultError> {
        let mut all = Vec::new();
        all.extend(self.quarantine_notice());
        self.configs_in_trouble(caller, &mut all).await?;
        self.accounts_in_trouble(caller, &mut all).await?;
        self.endpoints_in_trouble(caller, &mut all).await?;
        all.sort_by_key(|item| item.urgency);
        Ok(all)
    }

    fn quarantine_notice(&self) -> Option<Attention> {
        self.is_quarantined().then(|| Attention {
            urgency: Urgency::Bad,
            title: "This instance is in quarantine".into(),
            text: "Its database is a copy, so nothing is refreshed or revoked. An operator ends it with \
                   `keybearer instance adopt`."
                .into(),
            path: String::new(),
            action: String::new(),
        })
    }

    /// Endpoints that hear nothing any more without anybody having wanted it.
    async fn endpoints_in_trouble(
        &self,
        caller: &ApplicationCaller,
        all: &mut Vec<Attention>,
    ) -> Result<(), VaultError> {
        let app = caller.application;
        for endpoint in self.webhook_endpoints(caller, None, 100).await?.data {
            let paused = endpoint.paused.filter(|pause| pause.code != PauseReason::Requested);
            let (urgency, title, text) = match (paused, endpoint.failing_since) {
                (Some(pause), _) => (Urgency::Bad, "A webhook endpoint is paused", pause.detail),
                (None, Some(since)) => {
                    let text = format!("Every attempt has failed since {since}. Deliveries are kept and repeated.");
                    (Urgency::Warn, "A webhook endpoint does not take deliveries", text)
                }
                (None, None) => continue,
            };
            all.push(Attention {
                urgency,
                title: title.to_owned(),
                text: format!("{}: {text}", endpoint.url),
                path: paths::webhook_endpoint(app, endpoint.id),
                action: "Look at its deliveries".into(),
            });
        }
        Ok(())
    }

    async fn configs_in_trouble(&self, caller: &ApplicationCaller, all: &mut Vec<Attention>) -> Result<(), VaultError> {
        let mut db = self.store.connection().await?;
        let app = caller.application;
        for config in provider_configs::list(&mut db, app).await? {
            let name = self.catalogue.get(&config.provider).map_or(config.provider.as_str(), |p| p.entry.name.as_str());
            if config.state == ProviderConfigState::Rejected {
                all.push(Attention {
                    urgency: Urgency::Bad,
                    title: format!("{name} refuses the credentials of {}", config.key),
                    text: "Connecting and refreshing have stopped; tokens that are still valid are handed out.".into(),
                    path: paths::provider_config(app, &config.key),
                    action: "Correct the credentials".into(),
                });
            }
        }
        let now = self.clock.now();
        for (key, ends_at) in figures::ending_secrets(&mut db, app, now + SECRET_NOTICE).await? {
            let over = ends_at <= now;
            let date = rfc3339(ends_at).get(..10).map(str::to_owned).unwrap_or_default();
            all.push(Attention {
                urgency: if over { Urgency::Bad } else { Urgency::Warn },
                title: if over {
                    format!("The client secret of {key} has expired")
                } else {
                    format!("The client secret of {key} expires on {date}")
                },
                text: "Make a new secret at the provider and store it here before the old one ends.".into(),
                path: paths::provider_config(app, &key),
                action: "Store a new secret".into(),
            });
        }
        Ok(())
    }

    async fn accounts_in_trouble(
        &self,
        caller: &ApplicationCaller,
        all: &mut Vec<Attention>,
    ) -> Result<(), VaultError> {
        let (app, happened) = (caller.application, self.happened(caller, Window::Day).await?);
        let mut db = self.store.connection().await?;
        let waiting = accounts(&mut db, app, ConnectedAccountStatus::NeedsReconnect).await?;
        let pending = figures::pending_revocations(&mut db, app, PENDING + 1).await?;
        all.extend(lost(app, &waiting, happened.lost));
        all.extend(failing(app, &happened));
        all.extend(unanswered(app, pending));
        Ok(())
    }
}

fn lost(app: ApplicationId, waiting: &Counted, (lost, before): (i64, i64)) -> Option<Attention> {
    let trend = if lost == 0 {
        "None was lost in the last 24 hours.".to_owned()
    } else {
        format!("{lost} in the last 24 hours, {before} in the 24 hours before.")
    };
    (waiting.count > 0).then(|| Attention {
        urgency: if lost > before && lost >= FEW { Urgency::Bad } else { Urgency::Warn },
        title: format!("{} to be connected again", accounts_in_words(waiting)),
        text: format!("{trend} Each says why, and has a reconnect link for its end user."),
        path: format!("{}?status={}", paths::connected_accounts(app), ConnectedAccountStatus::NeedsReconnect),
        action: "See these accounts".into(),
    })
}

fn failing(app: ApplicationId, happened: &Happened) -> Option<Attention> {
    let (failed, all) = (happened.failed, happened.refreshed + happened.failed);
    (failed >= FEW && failed * 10 > all).then(|| Attention {
        urgency: Urgency::Bad,
        title: "Many refreshes fail".into(),
        text: format!(
            "{failed} of {all} in the last 24 hours. Valid tokens are handed out, and refreshes are tried again."
        ),
        path: format!("{}?group=tokens&outcome=not_ok", paths::events(app)),
        action: "See what the provider said".into(),
    })
}

fn unanswered(app: ApplicationId, pending: i64) -> Option<Attention> {
    let count = if pending > PENDING { format!("More than {PENDING}") } else { pending.to_string() };
    let noun = if pending == 1 { "revocation waits" } else { "revocations wait" };
    (pending > 0).then(|| Attention {
        urgency: Urgency::Warn,
        title: format!("{count} {noun} for the provider"),
        text: "No token is handed out any more; the provider is asked again until it answers.".into(),
        path: format!("{}?status={}", paths::connected_accounts(app), ConnectedAccountStatus::Revoked),
        action: "See revoked accounts".into(),
    })
}

fn accounts_in_words(counted: &Counted) -> String {
    match counted {
        Counted { count: 1, .. } => "1 account has".to_owned(),
        Counted { count, or_more: true, .. } => format!("More than {count} accounts have"),
        Counted { count, .. } => format!("{count} accounts have"),
    }
}
