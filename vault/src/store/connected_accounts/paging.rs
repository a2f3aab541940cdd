//! Pages of connected accounts, by key both ways.
//!
//! One index gives the order and the first condition; what it leaves open is asked of at most [`WINDOW`] rows at a time,
//! so that no page, however rare what it looks for, takes longer than that. Where a search or a group leaves few, these
//! are gathered first instead.

use super::super::{Connection, Result, parsed};
use super::filter::{Breadth, Narrowed, creation};
use super::statement::Statement;
use super::{Row, row};
use model::ids::{ConnectedAccountId, ProviderConfigId};
use sqlx::Row as _;

/// So many rows are looked at for one page, and fewer where each costs more: a search compares five texts.
const WINDOW: i64 = 10_000;
const WINDOW_OF_SEARCH: i64 = 2_500;
/// So many more than were counted are gathered, should some have come meanwhile.
const SLACK: i64 = 10;
/// So many ids are bound to one statement.
const AT_ONCE: usize = 200;

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// With the newest.
    Newest,
    /// After this one, towards the older ones.
    OlderThan(ConnectedAccountId),
    /// After this one, towards the newer ones; the page itself still begins with the newest.
    NewerThan(ConnectedAccountId),
}

/// The ids of one page, newest first.
pub(crate) struct Ids {
    pub(crate) ids: Vec<ConnectedAccountId>,
    /// Whether there are more beyond the page.
    pub(crate) more: bool,
    /// The last one that was looked at, where the page ended before the list did.
    pub(crate) looked_until: Option<ConnectedAccountId>,
}

/// The ids of one page.
pub(crate) async fn ids(db: &mut Connection, of: &Narrowed<'_>, edge: Edge, limit: i64) -> Result<Ids> {
    let page = Page::at(db, of, edge).await?;
    let rows = page.statement(of, limit + 1).rows(db).await?;
    let mut ids = rows.iter().map(|r| parsed(r, "id")).collect::<Result<Vec<ConnectedAccountId>>>()?;
    let wanted = usize::try_from(limit).unwrap_or_default();
    let more = ids.len() > wanted;
    ids.truncate(wanted);
    let looked_until = if more || page.gathered { None } else { page.end_of_window(db, of).await? };
    if page.upwards {
        ids.reverse();
    }
    Ok(Ids { ids, more, looked_until })
}

/// Whole rows, in the order of their ids.
pub(crate) async fn rows(db: &mut Connection, ids: &[ConnectedAccountId]) -> Result<Vec<Row>> {
    let mut rows = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let mut statement = Statement::default();
        statement.list(select!("WHERE a.id IN "), some);
        for found in &statement.rows(db).await? {
            rows.push(row(found)?);
        }
    }
    let place = |id| ids.iter().position(|wanted| *wanted == id);
    rows.sort_by_cached_key(|row| place(row.id));
    Ok(rows)
}

/// How many there are, but no more than `most`; `None` where counting would mean looking through the list.
pub(crate) async fn cheap_count(db: &mut Connection, of: &Narrowed<'_>, most: i64) -> Result<Option<i64>> {
    let page = Page { upwards: false, by_creation: of.by_creation(), gathered: of.gathers(), from: None };
    if !page.gathered && page.has_rest(of) {
        return Ok(None);
    }
    if page.gathered {
        return page.statement(of, most).count(db, most).await.map(Some);
    }
    let mut statement = Statement::default();
    statement.push("SELECT a.id FROM connected_accounts a").driving(of, page.by_creation);
    statement.count(db, most).await.map(Some)
}

/// How many there are of each provider config; no more than `most` are looked at.
pub(crate) async fn count_by_config(
    db: &mut Connection,
    of: &Narrowed<'_>,
    most: i64,
) -> Result<Vec<(ProviderConfigId, i64)>> {
    let mut statement = Statement::default();
    if of.gathers() {
        gather(&mut statement, of);
    }
    statement.push(
        " SELECT provider_config_id, count(*) AS accounts FROM (SELECT a.provider_config_id FROM connected_accounts a",
    );
    statement.push(of.end_users());
    statement.driving(of, of.by_creation());
    if of.gathers() {
        statement.push(" AND a.id IN (SELECT id FROM found)");
    }
    statement.rest(of);
    statement.number(" LIMIT ?) AS counted GROUP BY provider_config_id ORDER BY provider_config_id", most);
    let rows = statement.rows(db).await?;
    rows.iter().map(|r| Ok((parsed(r, "provider_config_id")?, r.try_get("accounts")?))).collect()
}

impl Narrowed<'_> {
    fn gathers(&self) -> bool {
        self.filter.ids.is_some() || matches!(self.search, Breadth::Few(_)) || matches!(self.group, Breadth::Few(_))
    }

    /// Whether rows are looked at one by one for what stands with their end users.
    fn asks_end_users(&self) -> bool {
        self.search == Breadth::Many || self.group == Breadth::Many
    }

    fn end_users(&self) -> &'static str {
        if self.asks_end_users() { " JOIN end_users e ON e.id = a.end_user_id" } else { "" }
    }

    fn window(&self) -> i64 {
        if self.search == Breadth::Many { WINDOW_OF_SEARCH } else { WINDOW }
    }

    fn by_creation(&self) -> bool {
        self.filter.created_from.is_some() || self.filter.created_before.is_some()
    }
}

struct Page {
    upwards: bool,
    by_creation: bool,
    gathered: bool,
    /// The account after which it begins, and when that was connected.
    from: Option<(ConnectedAccountId, i64)>,
}

impl Page {
    async fn at(db: &mut Connection, of: &Narrowed<'_>, edge: Edge) -> Result<Self> {
        let (upwards, from) = match edge {
            Edge::Newest => (false, None),
            Edge::OlderThan(id) => (false, Some(id)),
            Edge::NewerThan(id) => (true, Some(id)),
        };
        let by_creation = of.by_creation();
        let from = match from {
            Some(id) if by_creation => creation(db, of.application, id).await?.map(|at| (id, at)),
            from => from.map(|id| (id, 0)),
        };
        Ok(Self { upwards, by_creation, gathered: of.gathers(), from })
    }

    fn order(&self) -> &'static str {
        match (self.by_creation, self.upwards) {
            (false, false) => " ORDER BY a.id DESC",
            (false, true) => " ORDER BY a.id",
            (true, false) => " ORDER BY a.created_at DESC, a.id DESC",
            (true, true) => " ORDER BY a.created_at, a.id",
        }
    }

    fn has_rest(&self, of: &Narrowed<'_>) -> bool {
        let filter = of.filter;
        let windowed = filter.live || filter.newest.is_some() || filter.never_used || filter.not_used_since.is_some();
        let broad = of.asks_end_users();
        let several = of.configs.as_ref().is_some_and(|configs| configs.len() > 1);
        let (config, end_user) = (of.configs.is_some(), of.end_user.is_some());
        let (status, reason) = (filter.status.is_some(), filter.status_reason.is_some());
        let beside = if self.by_creation {
            config || status || reason || end_user
        } else if end_user {
            config || status || reason
        } else {
            reason && (config || status)
        };
        windowed || broad || several || beside
    }

    /// The ids that fit, at most `limit`.
    fn statement(&self, of: &Narrowed<'_>, limit: i64) -> Statement {
        let mut statement = Statement::default();
        if self.gathered {
            gather(&mut statement, of);
            statement.push(" SELECT a.id FROM found f JOIN connected_accounts a ON a.id = f.id");
            statement.push(of.end_users()).push(" WHERE 1 = 1");
            statement.text(" AND a.application_id = ?", of.application);
            self.edge(&mut statement);
            statement.rest(of);
        } else if self.has_rest(of) {
            statement.push("SELECT a.id FROM (");
            self.window(&mut statement, of);
            statement.number(" LIMIT ?) AS a", of.window()).push(of.end_users()).push(" WHERE 1 = 1");
            statement.rest(of);
        } else {
            self.window(&mut statement, of);
            statement.number(" LIMIT ?", limit);
            return statement;
        }
        statement.push(self.order()).number(" LIMIT ?", limit);
        statement
    }

    /// What one index gives in order.
    fn window(&self, statement: &mut Statement, of: &Narrowed<'_>) {
        statement.push(
            "SELECT a.id, a.created_at, a.end_user_id, a.status, a.status_reason, a.provider_config_id, a.last_used_at, \
             a.provider_user_name, a.provider_user_email FROM connected_accounts a",
        );
        statement.driving(of, self.by_creation);
        self.edge(statement);
        statement.push(self.order());
    }

    fn edge(&self, statement: &mut Statement) {
        let Some((id, at)) = self.from else { return };
        let sign = if self.upwards { ">" } else { "<" };
        if self.by_creation {
            statement.number(&format!(" AND (a.created_at, a.id) {sign} (?"), at).text(", ?)", id);
        } else {
            statement.text(&format!(" AND a.id {sign} ?"), id);
        }
    }

    /// The last row of a window that is full.
    async fn end_of_window(&self, db: &mut Connection, of: &Narrowed<'_>) -> Result<Option<ConnectedAccountId>> {
        if !self.has_rest(of) {
            return Ok(None);
        }
        let mut statement = Statement::default();
        self.window(&mut statement, of);
        statement.number(" LIMIT 1 OFFSET ?", of.window() - 1);
        statement.rows(db).await?.first().map(|r| parsed(r, "id")).transpose()
    }
}

/// The few that a search, a group or a list of ids leaves.
fn gather(statement: &mut Statement, of: &Narrowed<'_>) {
    let mut sets = Vec::new();
    if let Some(ids) = &of.filter.ids {
        let mut chosen = Statement::default();
        chosen.text("SELECT a.id FROM connected_accounts a WHERE a.application_id = ?", of.application);
        chosen.list(" AND a.id IN ", ids);
        sets.push(vec![chosen]);
    }
    // A limit tells the planner what was counted: by its own guess it would read the whole tables.
    let limited = |arms: Vec<Statement>, counts: &[i64]| {
        let both = arms.into_iter().zip(counts);
        both.map(|(mut arm, count)| arm.number(" LIMIT ?", count + SLACK).clone()).collect::<Vec<_>>()
    };
    if let Breadth::Few(counts) = &of.search {
        sets.push(limited(Statement::search(of), counts));
    }
    if let Breadth::Few(counts) = &of.group {
        sets.push(limited(Statement::group(of), counts));
    }
    statement.push("WITH found AS MATERIALIZED (");
    for (at, arms) in sets.into_iter().enumerate() {
        statement.push(if at == 0 { "SELECT id FROM (" } else { " INTERSECT SELECT id FROM (" });
        for (at, arm) in arms.into_iter().enumerate() {
            let union = if at == 0 { "" } else { " UNION " };
            statement.push(union).push("SELECT id FROM (").append(arm).push(&format!(") AS part_{at}"));
        }
        statement.push(&format!(") AS set_{at}"));
    }
    statement.push(")");
}
