//! A backend invites an end user.

use crate::Vault;
use crate::applications::return_addresses;
use crate::caller::ApplicationCaller;
use crate::clock::{DAY, Millis, SECOND};
use crate::connection_tests::RESERVED;
use crate::end_users::is_a_name;
use crate::error::VaultError;
use crate::events::Event;
use crate::random;
use crate::store::{Tx, applications, connect_sessions, connected_accounts, end_users, provider_configs};
use model::connect_sessions::{Completion, ConnectSessionStatus, ConnectSessionView};
use model::connected_accounts::{ConnectedAccountStatus, EndUserView};
use model::ids::{ConnectSessionId, ConnectedAccountId};
use model::paths;
use model::people::Role;
use model::provider_configs::ProviderConfigState;
use serde_json::json;
use std::collections::BTreeMap;

/// What a backend asks for.
#[derive(Clone, Debug)]
pub struct NewConnectSession {
    /// The developer's customer.
    pub end_user: EndUserView,
    /// Keys of provider configs on offer; all that work, when empty.
    pub providers: Vec<String>,
    /// Where the browser goes at the end.
    pub return_url: Option<String>,
    /// The page to tell, in a popup.
    pub origin: Option<String>,
    /// The account to renew, and nothing else.
    pub reconnect: Option<ConnectedAccountId>,
    /// Who makes the session count.
    pub completion: Completion,
    /// Scopes to ask for, by provider config key; those of the provider config otherwise.
    pub scopes: BTreeMap<String, Vec<String>>,
    /// The backend's own notes.
    pub metadata: BTreeMap<String, String>,
    /// How long the link lives, in seconds: 60 to 86,400; 1,800 when absent.
    pub expires_in: Option<i64>,
}

const SHORTEST: i64 = 60;
const LONGEST: i64 = 86_400;
const USUAL: i64 = 1_800;

impl Vault {
    /// Opens a connect session. The link is in this answer and nowhere else.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] with each field that cannot be.
    pub async fn open_connect_session(
        &self,
        caller: &ApplicationCaller,
        new: NewConnectSession,
    ) -> Result<ConnectSessionView, VaultError> {
        caller.require(Role::Developer)?;
        if new.end_user.id.starts_with(RESERVED) {
            return Err(VaultError::field(
                "end_user.id",
                format!("Ids that begin with \"{RESERVED}\" are not yours to give."),
            ));
        }
        let life = new.expires_in.unwrap_or(USUAL);
        if !(SHORTEST..=LONGEST).contains(&life) {
            return Err(VaultError::field("expires_in", format!("Between {SHORTEST} and {LONGEST} seconds.")));
        }
        self.open_session_for(caller, new, life * SECOND).await
    }

    /// Opens a session that can only renew an account, with a link that lives 7 days.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Revoked`].
    pub async fn open_reconnect_link(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
    ) -> Result<ConnectSessionView, VaultError> {
        caller.require(Role::Developer)?;
        self.open_renewal(caller, id, None, 7 * DAY).await
    }

    /// The same with a life and a return address of its own.
    pub(crate) async fn open_renewal(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
        return_url: Option<String>,
        life: Millis,
    ) -> Result<ConnectSessionView, VaultError> {
        let row = connected_accounts::get(&mut *self.store.connection().await?, caller.application, id)
            .await?
            .ok_or(VaultError::NotFound)?;
        if row.status == ConnectedAccountStatus::Revoked {
            return Err(VaultError::Revoked);
        }
        let new = NewConnectSession {
            end_user: row.end_user,
            providers: vec![row.config_key],
            return_url,
            origin: None,
            reconnect: Some(id),
            completion: Completion::Automatic,
            scopes: BTreeMap::new(),
            metadata: BTreeMap::new(),
            expires_in: None,
        };
        self.open_session_for(caller, new, life).await
    }

    async fn open_session_for(
        &self,
        caller: &ApplicationCaller,
        new: NewConnectSession,
        life: Millis,
    ) -> Result<ConnectSessionView, VaultError> {
        let (link, now) = (random::token("")?, self.clock.now());
        let mut tx = self.store.begin().await?;
        check_end_user(&new.end_user)?;
        let providers = self.offered(&mut tx, caller, &new).await?;
        check_returning(&mut tx, caller, &new).await?;
        let application =
            applications::get(&mut tx, caller.organization, caller.application).await?.ok_or(VaultError::NotFound)?;
        let confirmed = application.confirmation_required_at.is_some();
        let row = connect_sessions::Row {
            id: ConnectSessionId::new(),
            application_id: caller.application,
            end_user_id: end_users::upsert(&mut tx, caller.application, &new.end_user, now).await?,
            browser_hash: None,
            providers,
            scopes: new.scopes,
            reconnect_id: new.reconnect,
            completion: if confirmed { Completion::Confirmed } else { new.completion },
            status: ConnectSessionStatus::Open,
            confirmation_code: None,
            confirm_by: None,
            return_url: new.return_url,
            origin: new.origin,
            metadata: new.metadata,
            tests_at: None,
            created_at: now,
            expires_at: now + life,
        };
        let by = caller.actor.id().unwrap_or_else(|| caller.actor.kind().to_owned());
        connect_sessions::insert(&mut tx, &row, &link.sha256(), &by).await?;
        let detail = json!({ "providers": row.providers, "reconnect": row.reconnect_id, "completion": row.completion });
        let personal = json!({ "end_user": new.end_user.id });
        self.record(&mut tx, Event::by(caller, "connect_session.created", row.id).detail(detail).personal(personal))
            .await?;
        tx.commit().await?;
        let mut view = self.session_view(&mut *self.store.connection().await?, row).await?;
        view.url = Some(self.connect_address(&paths::connect(link.expose())));
        Ok(view)
    }

    /// The keys on offer: each must be there and work.
    async fn offered(
        &self,
        tx: &mut Tx,
        caller: &ApplicationCaller,
        new: &NewConnectSession,
    ) -> Result<Vec<String>, VaultError> {
        if let Some(id) = new.reconnect {
            return renewable(tx, caller, new, id).await;
        }
        let all = provider_configs::list(tx, caller.application).await?;
        let works = |key: &str| all.iter().any(|c| c.key == key && c.state == ProviderConfigState::Active);
        let mut keys: Vec<String> = match new.providers.as_slice() {
            [] => all.iter().filter(|c| c.state == ProviderConfigState::Active).map(|c| c.key.clone()).collect(),
            named => named.to_vec(),
        };
        if keys.is_empty() {
            return Err(VaultError::field(
                "providers",
                "This application has no active provider: add one in the portal, or see to those that are rejected or disabled.",
            ));
        }
        let mut seen = std::collections::BTreeSet::new();
        keys.retain(|key| seen.insert(key.clone()));
        if new.scopes.values().flatten().any(|s| s.is_empty() || s.chars().any(|c| c.is_whitespace() || c.is_control()))
        {
            return Err(VaultError::field("scopes", "A scope is one word: give several as a list."));
        }
        match keys.iter().chain(new.scopes.keys()).find(|key| !works(key)) {
            Some(key) => {
                Err(VaultError::field("providers", format!("\"{key}\" is not an active provider of this application.")))
            }
            None => Ok(keys),
        }
    }
}

async fn renewable(
    tx: &mut Tx,
    caller: &ApplicationCaller,
    new: &NewConnectSession,
    id: ConnectedAccountId,
) -> Result<Vec<String>, VaultError> {
    let row = connected_accounts::get(tx, caller.application, id).await?;
    let row = row.filter(|row| row.end_user.id == new.end_user.id && row.status != ConnectedAccountStatus::Revoked);
    let row = row.ok_or_else(|| {
        VaultError::field("reconnect", "Name a connected account of this end user that is not revoked.")
    })?;
    if new.providers.iter().any(|key| *key != row.config_key) {
        return Err(VaultError::field(
            "providers",
            format!("This account can only be renewed at \"{}\".", row.config_key),
        ));
    }
    if row.config_state != ProviderConfigState::Active {
        return Err(VaultError::field(
            "reconnect",
            format!("The provider config \"{}\" is {}.", row.config_key, row.config_state),
        ));
    }
    Ok(vec![row.config_key])
}

async fn check_returning(tx: &mut Tx, caller: &ApplicationCaller, new: &NewConnectSession) -> Result<(), VaultError> {
    let known = applications::return_addresses(tx, caller.application).await?;
    let mut fields = Vec::new();
    if new.return_url.as_ref().is_some_and(|url| !return_addresses::allows(&known, caller.environment, url)) {
        fields.push((
            "return_url".to_owned(),
            "It must equal a return address of this application; add it in the application's settings.".to_owned(),
        ));
    }
    if new.origin.as_ref().is_some_and(|origin| !return_addresses::allows_origin(&known, caller.environment, origin)) {
        fields.push((
            "origin".to_owned(),
            "It must be the origin of a return address, such as https://example.com.".to_owned(),
        ));
    }
    VaultError::check("The connect session cannot return there.", fields)
}

pub(crate) fn check_end_user(end_user: &EndUserView) -> Result<(), VaultError> {
    let texts = [
        ("end_user.id", Some(&end_user.id)),
        ("end_user.name", end_user.name.as_ref()),
        ("end_user.email", end_user.email.as_ref()),
        ("end_user.group", end_user.group.as_ref()),
    ];
    let fields = texts.iter().filter(|(_, text)| text.is_some_and(|text| !is_a_name(text)));
    let fields = fields.map(|(name, _)| ((*name).to_owned(), "1 to 255 characters that can be shown.".to_owned()));
    VaultError::check("The end user cannot be named so.", fields.collect())
}
