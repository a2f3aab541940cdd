//! Self-service: an end user sees what it has connected to an application, ends it, or connects it again.

mod own_accounts;

pub use own_accounts::{OwnAccount, OwnAccounts};

use crate::Vault;
use crate::applications::return_addresses;
use crate::caller::{ApplicationCaller, EndUserCaller};
use crate::clock::{DAY, HOUR, SECOND, rfc3339};
use crate::connection_tests::RESERVED;
use crate::error::VaultError;
use crate::events::Event;
use crate::random;
use crate::secret::sha256;
use crate::store::{applications, end_users, manage_links as store};
use model::end_users::ManageLinkView;
use model::paths;
use model::people::Role;
use serde_json::json;

/// What a backend asks for.
#[derive(Clone, Debug, Default)]
pub struct NewManageLink {
    /// How long the link lives, in seconds: 60 to 86,400; 3,600 when absent.
    pub expires_in: Option<i64>,
    /// Where the end user goes afterwards: a return address of the application.
    pub return_url: Option<String>,
}

/// What stands behind a manage link.
pub enum ManageLink {
    /// There is no such link.
    Unknown,
    /// Its time is over.
    Expired,
    /// The end user may act.
    Entered(Box<EndUserCaller>),
}

const SHORTEST: i64 = 60;
const LONGEST: i64 = 86_400;
const USUAL: i64 = HOUR / SECOND;

impl Vault {
    /// Makes a link for an end user, by the developer's own id. The secret is in this answer and nowhere else.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when nobody of that id has been invited yet; [`VaultError::Invalid`];
    /// [`VaultError::Forbidden`].
    pub async fn open_manage_link(
        &self,
        caller: &ApplicationCaller,
        end_user: &str,
        new: NewManageLink,
    ) -> Result<ManageLinkView, VaultError> {
        caller.require(Role::Developer)?;
        let life = new.expires_in.unwrap_or(USUAL);
        let (link, now) = (random::token("")?, self.clock.now());
        let mut tx = self.store.begin().await?;
        // No row is made for an id that nobody has been invited under: whoever guesses ids would fill the table.
        let known = end_users::by_external_id(&mut tx, caller.application, end_user).await?;
        let end_user_id = known.filter(|_| !end_user.starts_with(RESERVED)).ok_or(VaultError::NotFound)?;
        let known = applications::return_addresses(&mut tx, caller.application).await?;
        let mut wrong = Vec::new();
        if !(SHORTEST..=LONGEST).contains(&life) {
            wrong.push(("expires_in".to_owned(), format!("Between {SHORTEST} and {LONGEST} seconds.")));
        }
        if new.return_url.as_ref().is_some_and(|url| !return_addresses::allows(&known, caller.environment, url)) {
            let message = "It must equal a return address of this application; add it in the application's settings.";
            wrong.push(("return_url".to_owned(), message.to_owned()));
        }
        VaultError::check("The manage link is not made.", wrong)?;
        let expires_at = now + life * SECOND;
        let row = store::Row {
            application_id: caller.application,
            end_user_id,
            return_url: new.return_url,
            created_at: now,
            expires_at,
        };
        let by = caller.actor.id().unwrap_or_else(|| caller.actor.kind().to_owned());
        store::insert(&mut tx, &row, &link.sha256(), &by).await?;
        let event = Event::by(caller, "manage_link.created", end_user_id);
        let event =
            event.detail(json!({ "expires_at": rfc3339(expires_at) })).personal(json!({ "end_user": end_user }));
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        Ok(ManageLinkView { url: self.connect_address(&paths::manage(link.expose())), expires_at: rfc3339(expires_at) })
    }

    /// Lets whoever holds a link act for its end user. Looking changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enter_by_manage_link(&self, link: &str) -> Result<ManageLink, VaultError> {
        // A cut or mistyped one costs no look-up.
        if !random::is_token("", link) {
            return Ok(ManageLink::Unknown);
        }
        let mut db = self.store.connection().await?;
        let Some(row) = store::by_link(&mut db, &sha256(link.as_bytes())).await? else {
            return Ok(ManageLink::Unknown);
        };
        if row.expires_at <= self.clock.now() {
            return Ok(ManageLink::Expired);
        }
        let Some(application) = applications::get_of_any(&mut db, row.application_id).await? else {
            return Ok(ManageLink::Unknown);
        };
        Ok(ManageLink::Entered(Box::new(EndUserCaller {
            application: row.application_id,
            application_name: application.name,
            organization: application.organization_id,
            environment: application.environment,
            end_user: row.end_user_id,
            return_url: row.return_url,
            request_id: None,
        })))
    }

    /// Links that ended a day ago can say nothing more than that they are not known.
    pub(crate) async fn forget_manage_links(&self) -> Result<(), VaultError> {
        let before = self.clock.now() - DAY;
        Ok(store::forget_ended(&mut *self.store.connection().await?, before).await?)
    }
}
