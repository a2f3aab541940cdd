//! Token reads and proxied calls in the audit log: whoever waits for an answer waits for the commit of its line, and those
//! who wait together share one.

use super::chain::personal_digest;
use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::clock::Millis;
use crate::error::{VaultError, chain, internal};
use crate::random;
use crate::store::events::lines::{self, NewLine};
use crate::store::{StoreError, events};
use model::ids::{ApplicationId, ConnectedAccountId, EventId};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// So many lines are written in one transaction.
const BATCH: usize = 256;
/// How long a caller waits for its line, real time.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many lines may wait in memory where nobody waits for them.
const MOST_WAITING: usize = 50_000;

/// How lines of token reads and proxied calls are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadEvents {
    /// An answer waits until its line is committed.
    #[default]
    Durable,
    /// Lines are written at once, and nobody waits: a crash may lose those of a moment.
    Batched,
    /// There are none.
    Off,
}

impl FromStr for ReadEvents {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "durable" => Ok(Self::Durable),
            "batched" => Ok(Self::Batched),
            "off" => Ok(Self::Off),
            other => Err(format!("\"{other}\" is none of durable, batched and off")),
        }
    }
}

/// On whose behalf a token leaves the vault.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) application: ApplicationId,
    pub(crate) actor: Actor,
    pub(crate) request_id: Option<String>,
    pub(crate) address: Option<IpAddr>,
}

impl Reader {
    pub(crate) fn of(caller: &ApplicationCaller) -> Self {
        let (application, actor) = (caller.application, caller.actor);
        Self { application, actor, request_id: caller.request_id.clone(), address: caller.address }
    }
}

/// A line that waits to be written.
struct Line {
    reader: Reader,
    r#type: &'static str,
    account: ConnectedAccountId,
    detail: Value,
    personal: Option<Value>,
    at: Millis,
}

/// Hears whether the line was written.
type Told = oneshot::Sender<Result<(), Away>>;

/// Why a line was not written.
#[derive(Clone, Copy)]
struct Away {
    /// The database cannot be reached.
    database: bool,
}

/// Lines that wait, and whether somebody writes.
#[derive(Default)]
pub(crate) struct ReadLog {
    mode: ReadEvents,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<(Line, Option<Told>)>,
    writing: bool,
}

impl ReadLog {
    pub(crate) fn new(mode: ReadEvents) -> Self {
        Self { mode, ..Self::default() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line. `true`: nobody writes, so the caller must see to it.
    fn add(&self, line: Line, told: Option<Told>) -> bool {
        let mut queue = self.lock();
        queue.waiting.push((line, told));
        !std::mem::replace(&mut queue.writing, true)
    }

    /// The next lines; `None`, and whoever adds one begins anew, when there are none.
    fn take(&self) -> Option<Vec<(Line, Option<Told>)>> {
        let mut queue = self.lock();
        if queue.waiting.is_empty() {
            queue.writing = false;
            return None;
        }
        let count = queue.waiting.len().min(BATCH);
        Some(queue.waiting.drain(..count).collect())
    }

    fn is_full(&self) -> bool {
        self.lock().waiting.len() >= MOST_WAITING
    }
}

impl Vault {
    /// Writes that a token is handed out, and comes back when it may be.
    ///
    /// # Errors
    /// When the line could not be written: then nothing may be handed out.
    pub(crate) async fn record_token_read(
        &self,
        reader: Reader,
        account: ConnectedAccountId,
    ) -> Result<(), VaultError> {
        let detail = reader.address.map_or_else(|| json!({}), |address| json!({ "address": address.to_string() }));
        let at = self.clock.now();
        let r#type = "connected_account.token_read";
        self.record_line(Line { reader, r#type, account, detail, personal: None, at }).await
    }

    /// Writes that a provider is called with an account's token, and comes back when it may be. Paths of many APIs hold
    /// e-mail addresses, so the path is personal.
    ///
    /// # Errors
    /// When the line could not be written: then nothing may be called.
    pub(crate) async fn record_proxied_call(
        &self,
        reader: Reader,
        account: ConnectedAccountId,
        (method, host, path): (&str, &str, &str),
    ) -> Result<(), VaultError> {
        let mut detail = json!({ "method": method, "host": host });
        if let (Some(address), Some(members)) = (reader.address, detail.as_object_mut()) {
            members.insert("address".to_owned(), json!(address.to_string()));
        }
        let (personal, at) = (Some(json!({ "path": path })), self.clock.now());
        self.record_line(Line { reader, r#type: "connected_account.proxied", account, detail, personal, at }).await
    }

    async fn record_line(&self, line: Line) -> Result<(), VaultError> {
        let waits = match self.reads.mode {
            ReadEvents::Off => return Ok(()),
            ReadEvents::Durable => true,
            ReadEvents::Batched => self.reads.is_full(),
        };
        let (told, hear) = oneshot::channel();
        if self.reads.add(line, waits.then_some(told)) {
            let vault = self.clone();
            self.calls.spawn(async move { vault.write_lines().await });
        }
        if !waits {
            return Ok(());
        }
        match tokio::time::timeout(PATIENCE, hear).await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(away))) => Err(not_written(away)),
            Ok(Err(_)) | Err(_) => Err(not_written(Away { database: true })),
        }
    }

    /// Writes until nothing waits.
    async fn write_lines(&self) {
        while let Some(batch) = self.reads.take() {
            let (lines, told): (Vec<Line>, Vec<Option<Told>>) = batch.into_iter().unzip();
            let written = self.write_together(lines).await;
            let outcome = written.map_err(|error| {
                tracing::error!(error = chain(&error), "Token reads could not be written to the audit log.");
                Away { database: error.is_database_away() }
            });
            for one in told.into_iter().flatten() {
                if one.send(outcome).is_err() {
                    tracing::debug!("Whoever waited for its line has gone; the line stands all the same.");
                }
            }
        }
    }

    /// Writes lines in one transaction: those of one key share an event.
    async fn write_together(&self, lines: Vec<Line>) -> Result<(), VaultError> {
        let mut groups: HashMap<(ApplicationId, Actor), Vec<Line>> = HashMap::new();
        for line in lines {
            groups.entry((line.reader.application, line.reader.actor)).or_default().push(line);
        }
        let groups = groups.into_iter().map(|(of, lines)| Shared::new(of, lines)).collect::<Result<Vec<_>, _>>()?;
        if let ([group], Some(writer)) = (groups.as_slice(), self.store.line_writer()) {
            return Ok(lines::insert_with_event(writer, &group.row(), group.at, &group.lines).await?);
        }
        let mut tx = self.store.begin().await?;
        for group in &groups {
            events::insert(&mut tx, &group.row(), group.at).await?;
        }
        let all: Vec<&NewLine> = groups.iter().flat_map(|group| &group.lines).collect();
        lines::insert(&mut tx, &all).await?;
        Ok(tx.commit().await?)
    }
}

/// The event that lines of one key share, with them.
struct Shared {
    id: EventId,
    application: ApplicationId,
    target: String,
    actor: Actor,
    at: Millis,
    salt: [u8; 16],
    digest: [u8; 32],
    lines: Vec<NewLine>,
}

impl Shared {
    fn new((application, actor): (ApplicationId, Actor), lines: Vec<Line>) -> Result<Self, VaultError> {
        let (id, salt) = (EventId::of_several(), random::bytes::<16>()?);
        let at = lines.first().map_or(0, |line| line.at);
        let lines = lines.into_iter().zip(0..).map(|(line, position)| line.at_position(id, position));
        let lines = lines.collect::<Result<Vec<_>, _>>()?;
        let (target, digest) = (application.to_string(), personal_digest(&salt, ""));
        Ok(Self { id, application, target, actor, at, salt, digest, lines })
    }

    fn row(&self) -> events::NewRow<'_> {
        let only = if let [only] = self.lines.as_slice() { Some(only) } else { None };
        let detail = match only {
            Some(line) => json!({ "count": 1, "connected_account": line.target }),
            None => json!({ "count": self.lines.len() }),
        };
        events::NewRow {
            id: self.id,
            organization: None,
            application: Some(self.application),
            r#type: "connected_account.tokens_read",
            actor_kind: self.actor.kind(),
            actor_id: self.actor.id(),
            target: &self.target,
            outcome: "ok",
            request_id: only.and_then(|line| line.request_id.as_deref()),
            detail: detail.to_string(),
            personal: None,
            personal_salt: &self.salt,
            personal_digest: &self.digest,
            lines: i64::try_from(self.lines.len()).ok(),
        }
    }
}

impl Line {
    fn at_position(self, event: EventId, position: u16) -> Result<NewLine, VaultError> {
        let personal = match self.personal.map(|fields| fields.to_string()) {
            Some(text) => {
                let salt = random::bytes::<16>()?;
                let digest = personal_digest(&salt, &text);
                Some(lines::Personal { text, salt, digest })
            }
            None => None,
        };
        Ok(NewLine {
            event,
            position,
            r#type: self.r#type,
            target: self.account.to_string(),
            request_id: self.reader.request_id,
            detail: self.detail.to_string(),
            personal,
            created_at: self.at,
        })
    }
}

fn not_written(away: Away) -> VaultError {
    let context = "the audit log could not be written, so no token is handed out";
    if away.database { internal(context, StoreError::PoolTimedOut) } else { internal(context, "see the line before") }
}
