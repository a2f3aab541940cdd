//! Connections for token reads and for their lines in the audit log, kept between them.
//!
//! The pool asks a connection whether it is alive before it lends it out and again when it comes back: three round trips
//! for one statement. What is made here changes nothing or can be made twice, so the statement itself finds out, and is
//! made again on a new connection if the old one turns out to be dead.

use super::{Connection, Result, Statement, StoreError};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Connection as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// As long as the pool lets its own wait.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// As old as the pool lets its own become: whoever has moved to another database by its name leaves the old one then.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// Connections taken out of a pool, with its settings but not of its number.
#[derive(Clone)]
pub(crate) struct KeptConnections {
    pool: AnyPool,
    idle: Arc<Mutex<Vec<Kept>>>,
    turns: Arc<Semaphore>,
}

struct Kept {
    connection: Connection,
    opened: Instant,
}

impl KeptConnections {
    /// At most so many; each is opened when it is first needed.
    pub(super) fn new(pool: AnyPool, most: usize) -> Self {
        Self { pool, idle: Arc::default(), turns: Arc::new(Semaphore::new(most)) }
    }

    /// The rows of a statement that changes nothing. When its caller goes away half-way, the connection is given up with it.
    ///
    /// # Errors
    /// As the statement; [`StoreError::PoolTimedOut`] after ten seconds without a turn.
    pub(crate) async fn rows<'q>(&self, statement: impl Fn() -> Statement<'q>) -> Result<Vec<AnyRow>> {
        self.make(statement, Wanted::Rows).await
    }

    /// The only row of such a statement.
    ///
    /// # Errors
    /// As [`KeptConnections::rows`].
    pub(crate) async fn row<'q>(&self, statement: impl Fn() -> Statement<'q>) -> Result<Option<AnyRow>> {
        Ok(self.rows(statement).await?.pop())
    }

    /// Makes a statement that is a transaction of its own, and that does nothing more when it is made a second time.
    ///
    /// # Errors
    /// As [`KeptConnections::rows`].
    pub(crate) async fn execute<'q>(&self, statement: impl Fn() -> Statement<'q>) -> Result<()> {
        self.make(statement, Wanted::Nothing).await.map(drop)
    }

    async fn make<'q>(&self, statement: impl Fn() -> Statement<'q>, wanted: Wanted) -> Result<Vec<AnyRow>> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.acquire()).await;
        let _turn = turn.map_err(|_| StoreError::PoolTimedOut)?.map_err(|_| StoreError::PoolClosed)?;
        while let Some(mut kept) = self.take() {
            if kept.opened.elapsed() > LIFETIME {
                continue;
            }
            match wanted.of(statement(), &mut kept.connection).await {
                Err(error) if is_dead(&error) => {}
                answer => {
                    self.keep(kept);
                    return answer;
                }
            }
        }
        let mut kept = Kept { connection: self.pool.acquire().await?.detach(), opened: Instant::now() };
        let answer = wanted.of(statement(), &mut kept.connection).await?;
        self.keep(kept);
        Ok(answer)
    }

    /// Lets nobody else have a turn and closes what is kept.
    pub(super) async fn close(&self) {
        self.turns.close();
        while let Some(kept) = self.take() {
            if let Err(error) = kept.connection.close().await {
                tracing::debug!(error = crate::error::chain(&error), "A connection could not be closed in good order.");
            }
        }
    }

    fn take(&self) -> Option<Kept> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn keep(&self, kept: Kept) {
        if !self.turns.is_closed() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
        }
    }
}

/// What a statement is made for.
#[derive(Clone, Copy)]
enum Wanted {
    Rows,
    Nothing,
}

impl Wanted {
    async fn of(self, statement: Statement<'_>, connection: &mut Connection) -> Result<Vec<AnyRow>> {
        match self {
            Self::Rows => statement.fetch_all(connection).await,
            Self::Nothing => statement.execute(connection).await.map(|_| Vec::new()),
        }
    }
}

/// Whether it is the connection that failed, or the server that is going away, rather than the statement.
fn is_dead(error: &StoreError) -> bool {
    let going_away = |code: std::borrow::Cow<'_, str>| code.starts_with("57P");
    match error {
        StoreError::Database(error) => error.code().is_some_and(going_away),
        StoreError::Io(_) | StoreError::Protocol(_) | StoreError::Tls(_) | StoreError::WorkerCrashed => true,
        _ => false,
    }
}
