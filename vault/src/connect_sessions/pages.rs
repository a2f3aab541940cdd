//! What an end user's browser may see of a session.

use crate::Vault;
use crate::applications::return_addresses::with_parameters;
use crate::catalogue::{ScopeParameter, ScopeWords};
use crate::error::VaultError;
use crate::secret::{same, sha256};
use crate::store::{Connection, applications, branding, connect_sessions, end_users, provider_configs};
use model::applications::Environment;
use model::branding::Branding;
use model::connect_sessions::{ConnectResult, ConnectSessionStatus};
use model::connected_accounts::EndUserView;
use model::ids::ConnectSessionId;
use model::provider_configs::ProviderConfigState;
use model::providers::ProviderSummary;
use url::Url;

/// What stands behind a connect link.
pub enum LinkPage {
    /// There is no such link.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was used; nothing more can be done with it.
    Finished,
    /// Another browser pressed Continue.
    StartedElsewhere,
    /// This server is in quarantine.
    Paused,
    /// Who asks for what.
    Offer(Box<Offer>),
}

/// Who asks whom for what.
pub struct Offer {
    /// The session.
    pub session: ConnectSessionId,
    /// What end users know the application as.
    pub application_name: String,
    /// How its pages look.
    pub branding: Branding,
    /// Development or production.
    pub environment: Environment,
    /// The end user as the backend named it.
    pub end_user: EndUserView,
    /// What can be connected.
    pub providers: Vec<Offered>,
    /// Whether an account is renewed.
    pub renews: bool,
    /// Whether a member tests the connection.
    pub tests: bool,
    /// Whether this browser has pressed Continue already.
    pub begun: bool,
    /// Origins that Continue leads to; the page's content security policy names them.
    pub authorize_origins: Vec<String>,
    /// The application's return address. A provider that remembers a consent sends the browser straight on to it, so the
    /// page's policy names it too.
    pub return_url: Option<String>,
}

/// A provider on offer.
pub struct Offered {
    /// The provider config's key.
    pub key: String,
    /// The provider.
    pub provider: ProviderSummary,
    /// What is asked for, where the provider is told.
    pub scopes: Vec<ScopeWords>,
    /// What became of it in this session.
    pub result: Option<ConnectResult>,
}

/// What the browser that made the trip sees after it.
pub struct ResultPage {
    /// What was on offer, with results.
    pub offer: Offer,
    /// How far the session has come; `Open`, when more can be connected.
    pub status: ConnectSessionStatus,
    /// Where the browser goes now.
    pub returning: Returning,
}

/// Where a browser goes at the end, and what it takes along.
pub struct Returning {
    /// The return address, with `connect_session`, `status` and perhaps `code`.
    pub url: Option<String>,
    /// The origin to post the same to, in a popup.
    pub origin: Option<String>,
    /// `completed` or `failed`.
    pub status: &'static str,
    /// The code that the backend must post, where confirmation is asked for.
    pub code: Option<String>,
}

impl Vault {
    /// What stands behind a link. Looking changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn link_page(&self, link: &str, browser: Option<&str>) -> Result<LinkPage, VaultError> {
        let mut db = self.store.connection().await?;
        let Some(row) = connect_sessions::by_link(&mut db, &sha256(link.as_bytes())).await? else {
            return Ok(LinkPage::Unknown);
        };
        self.page_of(&mut db, row, browser).await
    }

    pub(super) async fn page_of(
        &self,
        db: &mut Connection,
        row: connect_sessions::Row,
        browser: Option<&str>,
    ) -> Result<LinkPage, VaultError> {
        let here = |hash: &Vec<u8>| browser.is_some_and(|b| same(hash, &sha256(b.as_bytes())));
        match (self.status_now(&row), &row.browser_hash) {
            (ConnectSessionStatus::Expired, _) => Ok(LinkPage::Expired),
            (ConnectSessionStatus::Open, Some(hash)) if !here(hash) => Ok(LinkPage::StartedElsewhere),
            (ConnectSessionStatus::Open, _) if self.is_quarantined() => Ok(LinkPage::Paused),
            (ConnectSessionStatus::Open, _) => Ok(LinkPage::Offer(Box::new(self.offer(db, &row).await?))),
            _ => Ok(LinkPage::Finished),
        }
    }

    async fn offer(&self, db: &mut Connection, row: &connect_sessions::Row) -> Result<Offer, VaultError> {
        let application = applications::get_of_any(db, row.application_id).await?.ok_or(VaultError::NotFound)?;
        let branding = branding::get(db, row.application_id).await?;
        let end_user = end_users::get(db, row.application_id, row.end_user_id).await?.ok_or(VaultError::NotFound)?;
        let mut results = self.results(db, row).await?;
        let (mut providers, mut authorize_origins) = (Vec::new(), Vec::<String>::new());
        for key in &row.providers {
            let Some(config) = provider_configs::by_key(db, row.application_id, key).await? else { continue };
            let provider = self.running(&config)?;
            if config.state != ProviderConfigState::Active && !results.contains_key(key) {
                continue;
            }
            let origin = Url::parse(&provider.entry.endpoints.authorize).map(|u| u.origin().ascii_serialization());
            let leads_to = origin.into_iter().chain(provider.entry.authorize.redirect_origins.iter().cloned());
            authorize_origins.extend(leads_to.filter(|o| !authorize_origins.contains(o)).collect::<Vec<_>>());
            let scopes = match provider.entry.authorize.scope {
                ScopeParameter::None => Vec::new(),
                _ => row.scopes.get(key).cloned().unwrap_or_else(|| config.scopes.clone()),
            };
            let scopes = provider.entry.scopes.with_words(&scopes);
            let (provider, result) = (provider.summary(), results.remove(key));
            providers.push(Offered { key: key.clone(), provider, scopes, result });
        }
        Ok(Offer {
            session: row.id,
            application_name: branding.display_name.clone().unwrap_or(application.name),
            branding,
            environment: application.environment,
            end_user,
            providers,
            renews: row.reconnect_id.is_some(),
            tests: row.tests_at.is_some(),
            begun: row.browser_hash.is_some(),
            authorize_origins,
            return_url: row.return_url.clone(),
        })
    }

    /// What the browser that pressed Continue sees after its trip; `None` for every other browser.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn result_page(&self, id: ConnectSessionId, browser: &str) -> Result<Option<ResultPage>, VaultError> {
        let mut db = self.store.connection().await?;
        let Some(row) = connect_sessions::by_browser(&mut db, id, &sha256(browser.as_bytes())).await? else {
            return Ok(None);
        };
        let status = self.status_now(&row);
        let offer = self.offer(&mut db, &row).await?;
        drop(db);
        let returning = self.returning(&row, status).await?;
        Ok(Some(ResultPage { offer, status, returning }))
    }

    async fn returning(
        &self,
        row: &connect_sessions::Row,
        status: ConnectSessionStatus,
    ) -> Result<Returning, VaultError> {
        let place = row.id.to_string();
        let code = match (&row.confirmation_code, status) {
            (Some(sealed), ConnectSessionStatus::AwaitingConfirmation) => {
                let code = self
                    .keyring
                    .open(&self.store, row.application_id, connect_sessions::code_place(&place), sealed)
                    .await?;
                Some(code.expose().clone())
            }
            _ => None,
        };
        let good = matches!(status, ConnectSessionStatus::Completed | ConnectSessionStatus::AwaitingConfirmation);
        let status = if good { "completed" } else { "failed" };
        let mut parameters = vec![("connect_session", place.as_str()), ("status", status)];
        parameters.extend(code.as_deref().map(|code| ("code", code)));
        let url = row.return_url.as_ref().map(|url| with_parameters(url, &parameters));
        Ok(Returning { url, origin: row.origin.clone(), status, code })
    }
}
