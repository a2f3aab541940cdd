//! Statements over connected accounts, put together from fixed parts: only the conditions that are asked for stand in
//! them, so that the planner sees which index serves. Values are always bound.

use super::super::{Connection, Result};
use super::filter::{Breadth, Narrowed};
use crate::clock::Millis;
use model::connected_accounts::ConnectedAccountStatus;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Row as _};

#[derive(Clone)]
enum Value {
    Text(String),
    Number(i64),
}

/// SQL and the values of its placeholders.
#[derive(Clone, Default)]
pub(super) struct Statement {
    pub(super) sql: String,
    values: Vec<Value>,
}

impl Statement {
    /// Adds a part as it stands.
    pub(super) fn push(&mut self, part: &str) -> &mut Self {
        self.sql.push_str(part);
        self
    }

    /// Adds a part in which each `?` is this text.
    pub(super) fn text(&mut self, part: &str, value: impl ToString) -> &mut Self {
        self.bound(part, Value::Text(value.to_string()))
    }

    /// Adds a part in which each `?` is this number.
    pub(super) fn number(&mut self, part: &str, value: i64) -> &mut Self {
        self.bound(part, Value::Number(value))
    }

    /// Adds `part` and a list of placeholders in brackets.
    pub(super) fn list<T: ToString>(&mut self, part: &str, values: &[T]) -> &mut Self {
        self.push(part).push("(");
        for (at, value) in values.iter().enumerate() {
            self.text(if at == 0 { "?" } else { ", ?" }, value.to_string());
        }
        self.push(")")
    }

    fn bound(&mut self, part: &str, value: Value) -> &mut Self {
        self.values.push(value);
        self.sql.push_str(&part.replace('?', &format!("${}", self.values.len())));
        self
    }

    /// Adds another statement; its placeholders are counted on.
    pub(super) fn append(&mut self, other: Self) -> &mut Self {
        let before = self.values.len();
        let mut parts = other.sql.split('$');
        self.sql.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            let (number, rest) = part.split_at(digits);
            let number = number.parse::<usize>().unwrap_or_default() + before;
            self.sql.push_str(&format!("${number}{rest}"));
        }
        self.values.extend(other.values);
        self
    }

    pub(super) async fn rows(self, db: &mut Connection) -> Result<Vec<AnyRow>> {
        let Self { sql, values } = self;
        query(sql, values).fetch_all(db).await
    }

    /// How many rows it gives, but no more than `most`.
    pub(super) async fn count(&self, db: &mut Connection, most: i64) -> Result<i64> {
        let mut counting = Self { sql: String::new(), values: self.values.clone() };
        counting.push("SELECT count(*) AS found FROM (SELECT 1 FROM (").push(&self.sql);
        counting.number(") AS all_of_them LIMIT ?) AS counted", most);
        query(counting.sql, counting.values).fetch_one(db).await?.try_get("found")
    }

    /// The accounts of the group.
    pub(super) fn group(of: &Narrowed<'_>) -> Vec<Self> {
        let mut arm = Self::of_end_users(of);
        arm.text(" AND e.end_user_group = ?", of.filter.group.as_deref().unwrap_or_default());
        vec![arm]
    }

    /// The accounts that a search finds, place by place.
    pub(super) fn search(of: &Narrowed<'_>) -> Vec<Self> {
        let mut arms = Vec::new();
        for column in END_USER_TEXTS {
            let mut arm = Self::of_end_users(of);
            arm.begins(of, column);
            arms.push(arm);
        }
        for column in ACCOUNT_TEXTS {
            let mut arm = Self::of_accounts(of);
            arm.begins(of, column);
            arms.push(arm);
        }
        if let Some((first, last)) = ids_that_begin(of) {
            let mut arm = Self::of_accounts(of);
            arm.text(" AND a.id >= ?", first).text(" AND a.id <= ?", last);
            arms.push(arm);
        }
        arms
    }

    fn of_end_users(of: &Narrowed<'_>) -> Self {
        let mut arm = Self::default();
        arm.push("SELECT a.id FROM end_users e JOIN connected_accounts a ON a.end_user_id = e.id");
        arm.text(" WHERE e.application_id = ?", of.application);
        arm
    }

    fn of_accounts(of: &Narrowed<'_>) -> Self {
        let mut arm = Self::default();
        arm.push("SELECT a.id FROM connected_accounts a").text(" WHERE a.application_id = ?", of.application);
        arm
    }

    /// Adds that a column begins with what is searched for, in capitals or not, as an index serves it.
    fn begins(&mut self, of: &Narrowed<'_>, column: &str) {
        let wanted = of.filter.search.clone().unwrap_or_default();
        let last = format!("{wanted}\u{10FFFF}");
        let bytewise = of.bytewise;
        // An index that leaves nulls out serves a statement that does.
        self.push(&format!(" AND {column} IS NOT NULL"));
        self.text(&format!(" AND lower({column}){bytewise} >= lower(?)"), wanted);
        self.text(&format!(" AND lower({column}){bytewise} < lower(?)"), last);
    }

    /// The same question of a row that is there already.
    fn search_here(&mut self, of: &Narrowed<'_>) {
        self.push(" AND (1 = 0");
        for column in END_USER_TEXTS.iter().chain(&ACCOUNT_TEXTS) {
            self.push(" OR (1 = 1");
            self.begins(of, column);
            self.push(")");
        }
        if let Some((first, last)) = ids_that_begin(of) {
            self.text(" OR (a.id >= ?", first).text(" AND a.id <= ?)", last);
        }
        self.push(")");
    }

    /// What one index serves.
    pub(super) fn driving(&mut self, of: &Narrowed<'_>, by_creation: bool) -> &mut Self {
        let filter = of.filter;
        if let (false, Some(end_user)) = (by_creation, of.end_user) {
            // Of this application, since it was looked up there: named again, SQLite would walk the application's list.
            return self.text(" WHERE a.end_user_id = ?", end_user);
        }
        self.text(" WHERE a.application_id = ?", of.application);
        if by_creation {
            self.created(filter.created_from, filter.created_before);
        } else if let Some(reason) = filter.status_reason {
            self.text(" AND a.status_reason = ?", reason);
        } else if let Some([config]) = of.configs.as_deref() {
            self.text(" AND a.provider_config_id = ?", config);
            self.status(filter.status);
        } else {
            self.status(filter.status);
        }
        self
    }

    /// Whatever the index leaves open.
    pub(super) fn rest(&mut self, of: &Narrowed<'_>) {
        let filter = of.filter;
        if of.search == Breadth::Many {
            self.search_here(of);
        }
        if of.group == Breadth::Many {
            self.text(" AND e.end_user_group = ?", filter.group.as_deref().unwrap_or_default());
        }
        if let Some(end_user) = of.end_user {
            self.text(" AND a.end_user_id = ?", end_user);
        }
        if let Some(reason) = filter.status_reason {
            self.text(" AND a.status_reason = ?", reason);
        }
        if let Some(configs) = &of.configs {
            self.list(" AND a.provider_config_id IN ", configs);
        }
        self.status(filter.status);
        self.created(filter.created_from, filter.created_before);
        if filter.live {
            self.text(" AND a.status <> ?", ConnectedAccountStatus::Revoked);
        }
        if let Some(newest) = filter.newest {
            self.text(" AND a.id <= ?", newest);
        }
        if filter.never_used {
            self.push(" AND a.last_used_at IS NULL");
        }
        if let Some(since) = filter.not_used_since {
            self.number(" AND (a.last_used_at IS NULL OR a.last_used_at < ?)", since);
        }
    }

    fn status(&mut self, status: Option<ConnectedAccountStatus>) {
        if let Some(status) = status {
            self.text(" AND a.status = ?", status);
        }
    }

    fn created(&mut self, from: Option<Millis>, before: Option<Millis>) {
        if let Some(from) = from {
            self.number(" AND a.created_at >= ?", from);
        }
        if let Some(before) = before {
            self.number(" AND a.created_at < ?", before);
        }
    }
}

const END_USER_TEXTS: [&str; 3] = ["e.external_id", "e.name", "e.email"];
const ACCOUNT_TEXTS: [&str; 2] = ["a.provider_user_name", "a.provider_user_email"];

/// The first and the last id that begins as what is searched for, if that can begin an id.
fn ids_that_begin(of: &Narrowed<'_>) -> Option<(String, String)> {
    const LENGTH: usize = 29;
    let wanted = of.filter.search.as_deref()?.to_lowercase();
    let digits = wanted.strip_prefix("ca_")?;
    let fits = wanted.len() <= LENGTH && digits.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    fits.then(|| (format!("{wanted:0<LENGTH$}"), format!("{wanted:z<LENGTH$}")))
}

/// Not kept prepared: a plan that is made without the values takes a search for a broad one.
fn query(sql: String, values: Vec<Value>) -> Query<'static, sqlx::Any, AnyArguments> {
    values.into_iter().fold(sqlx::query(AssertSqlSafe(sql)).persistent(false), |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
    })
}
