//! Lists of connected accounts.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::error::VaultError;
use crate::lists;
use crate::store::Connection;
use crate::store::connected_accounts::{self as store, Edge, Filter, Ids, Row};
use model::Page;
use model::connected_accounts::ConnectedAccountView;
use model::ids::ConnectedAccountId;
use model::lists::{BothWays, Turn};

/// A count ends here.
const MOST_COUNTED: i64 = 1_001;

/// One page of the portal's list.
#[derive(Clone, Debug)]
pub struct AccountPage {
    /// The accounts; fewer than asked for where the list was only looked through in part.
    pub page: BothWays<ConnectedAccountView>,
    /// Whether the page ended because so much was looked through, not because it was full.
    pub looked_through: bool,
    /// How many accounts fit, up to 1,001; `None` where counting would take long.
    pub count: Option<i64>,
}

impl Vault {
    /// The application's connected accounts, newest first. `cursor` is the id of the last one seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn connected_accounts(
        &self,
        caller: &ApplicationCaller,
        filter: &Filter,
        cursor: Option<ConnectedAccountId>,
        limit: u8,
    ) -> Result<Page<ConnectedAccountView>, VaultError> {
        let (rows, more) = self.next_accounts(caller, filter, cursor, i64::from(limit)).await?;
        let next_cursor = rows.last().filter(|_| more).map(|row| row.id.to_string());
        let data = self.account_views(&mut *self.store.connection().await?, rows).await?;
        Ok(Page { data, next_cursor })
    }

    /// One page of the list, in bounded time: where what is looked for is rare and no index leads there, it may end early
    /// and say where to go on.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when the turn cannot be read.
    pub async fn connected_accounts_page(
        &self,
        caller: &ApplicationCaller,
        filter: &Filter,
        turn: &Turn,
        limit: u8,
    ) -> Result<AccountPage, VaultError> {
        let mut edge = edge(turn)?;
        let mut db = self.store.begin_page().await?;
        let Some(narrowed) = store::narrow(&self.store, &mut db, caller.application, filter).await? else {
            return Ok(AccountPage { page: BothWays::nothing(), looked_through: false, count: Some(0) });
        };
        let limit = i64::from(limit);
        let mut found = store::ids(&mut db, &narrowed, edge, limit).await?;
        // A page that comes up to the newest is the first page, and is shown whole.
        if matches!(edge, Edge::NewerThan(_)) && !found.more && found.looked_until.is_none() {
            edge = Edge::Newest;
            found = store::ids(&mut db, &narrowed, edge, limit).await?;
        }
        let rows = store::rows(&mut db, &found.ids).await?;
        let (older, newer) = ends(&found, edge);
        let data = self.account_views(&mut db, rows).await?;
        let (newer, older) = (newer.map(|id| id.to_string()), older.map(|id| id.to_string()));
        let count = store::cheap_count(&mut db, &narrowed, MOST_COUNTED).await?;
        Ok(AccountPage { page: BothWays { data, newer, older }, looked_through: found.looked_until.is_some(), count })
    }

    /// Rows as they are shown.
    pub(crate) async fn account_views(
        &self,
        db: &mut Connection,
        rows: Vec<Row>,
    ) -> Result<Vec<ConnectedAccountView>, VaultError> {
        self.remember_entries(db, &rows).await?;
        Ok(rows.into_iter().map(|row| self.account_view(row)).collect())
    }

    /// The next accounts, older than `cursor`, however far one must look; and whether there may be more.
    pub(crate) async fn next_accounts(
        &self,
        caller: &ApplicationCaller,
        filter: &Filter,
        cursor: Option<ConnectedAccountId>,
        limit: i64,
    ) -> Result<(Vec<Row>, bool), VaultError> {
        let mut db = self.store.begin_page().await?;
        let Some(narrowed) = store::narrow(&self.store, &mut db, caller.application, filter).await? else {
            return Ok((Vec::new(), false));
        };
        let mut edge = cursor.map_or(Edge::Newest, Edge::OlderThan);
        let mut ids: Vec<ConnectedAccountId> = Vec::new();
        loop {
            let missing = limit - i64::try_from(ids.len()).unwrap_or(limit);
            let found = store::ids(&mut db, &narrowed, edge, missing).await?;
            ids.extend(&found.ids);
            match found.looked_until {
                Some(until) if i64::try_from(ids.len()).unwrap_or(limit) < limit => edge = Edge::OlderThan(until),
                until => return Ok((store::rows(&mut db, &ids).await?, found.more || until.is_some())),
            }
        }
    }
}

/// Where a turn leads.
fn edge(turn: &Turn) -> Result<Edge, VaultError> {
    Ok(match (lists::cursor(turn)?, turn.newer) {
        (Some(id), false) => Edge::OlderThan(id),
        (Some(id), true) => Edge::NewerThan(id),
        (None, _) => Edge::Newest,
    })
}

/// Where the pages beside this one begin.
fn ends(found: &Ids, edge: Edge) -> (Option<ConnectedAccountId>, Option<ConnectedAccountId>) {
    let (first, last) = (found.ids.first().copied(), found.ids.last().copied());
    let beyond = |end: Option<ConnectedAccountId>| found.looked_until.or(end.filter(|_| found.more));
    match edge {
        Edge::Newest => (beyond(last), None),
        Edge::OlderThan(from) => (beyond(last), Some(first.unwrap_or(from))),
        Edge::NewerThan(from) => (Some(last.unwrap_or(from)), beyond(first)),
    }
}
