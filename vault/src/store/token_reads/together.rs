//! Token reads that share a statement: while all readers are busy, reads wait, and the next reader that is free takes all
//! that wait. Nobody waits for others to come, and no read is answered by what was read before it was asked for.

use super::super::kept_connections::{KeptConnections, PATIENCE};
use super::super::{Statement, StoreError, is_away};
use super::{Result, Row, SQL, Wanted, alone, row};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// So many reads share a statement at most.
const MOST: usize = 32;

/// A statement for two reads, for four, and so on: a few statements are prepared, whatever comes at once.
static STATEMENTS: LazyLock<Vec<String>> = LazyLock::new(|| (0..=MOST.ilog2()).map(|n| statement(1 << n)).collect());

/// Reads that wait, and those who read.
pub(super) struct Together {
    connections: KeptConnections,
    /// So many statements are under way at most.
    most: usize,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Asked>,
    reading: usize,
}

impl Queue {
    fn take(&mut self) -> Option<Vec<Asked>> {
        let count = self.waiting.len().min(MOST);
        (count > 0).then(|| self.waiting.drain(..count).collect())
    }
}

/// A read with whoever asked for it.
type Asked = (Wanted, oneshot::Sender<Result<Option<Row>>>);

/// When a read is made.
enum Turn {
    Now(Reader),
    Later(oneshot::Receiver<Result<Option<Row>>>),
}

impl Together {
    pub(super) fn new(connections: KeptConnections, most: usize) -> Arc<Self> {
        Arc::new(Self { connections, most, queue: Mutex::default() })
    }

    /// `None` without a valid key, or when the account is not of the key's application.
    ///
    /// # Errors
    /// As the statement; [`StoreError::PoolTimedOut`] after ten seconds.
    pub(super) async fn get(self: &Arc<Self>, wanted: Wanted) -> Result<Option<Row>> {
        let told = match self.turn(&wanted) {
            Turn::Now(_reader) => return alone(&self.connections, &wanted).await,
            Turn::Later(told) => told,
        };
        match tokio::time::timeout(PATIENCE, told).await {
            Ok(Ok(read)) => read,
            // A shared statement failed: whoever asked finds out by itself why.
            Ok(Err(_)) => alone(&self.connections, &wanted).await,
            Err(_) => Err(StoreError::PoolTimedOut),
        }
    }

    fn turn(self: &Arc<Self>, wanted: &Wanted) -> Turn {
        let mut queue = self.lock();
        if queue.reading < self.most {
            queue.reading += 1;
            return Turn::Now(Reader(Arc::clone(self)));
        }
        let (tell, told) = oneshot::channel();
        queue.waiting.push((wanted.clone(), tell));
        Turn::Later(told)
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the statements under way. Whoever is done, or goes away half-way, leaves it to those who wait.
struct Reader(Arc<Together>);

impl Drop for Reader {
    fn drop(&mut self) {
        let mut queue = self.0.lock();
        if let (Some(asked), Ok(runtime)) = (queue.take(), Handle::try_current()) {
            let next = Self(Arc::clone(&self.0));
            drop(queue);
            runtime.spawn(async move { next.read_all(asked).await });
        } else {
            queue.reading -= 1;
        }
    }
}

impl Reader {
    /// Reads until nothing waits.
    async fn read_all(self, mut asked: Vec<Asked>) {
        loop {
            self.read_together(asked).await;
            let next = self.0.lock().take();
            match next {
                Some(next) => asked = next,
                None => return,
            }
        }
    }

    async fn read_together(&self, asked: Vec<Asked>) {
        match self.read(&asked).await {
            Ok(rows) => {
                for ((_, tell), row) in asked.into_iter().zip(rows) {
                    // Whoever asked may have gone.
                    drop(tell.send(Ok(row)));
                }
            }
            Err(error) => {
                let (reads, is_away, error) = (asked.len(), is_away(&error), crate::error::chain(&error));
                tracing::debug!(reads, error, "Reads that shared a statement failed.");
                for (_, tell) in asked.into_iter().filter(|_| is_away) {
                    drop(tell.send(Err(StoreError::PoolTimedOut)));
                }
            }
        }
    }

    /// One row, or none, for each.
    async fn read(&self, asked: &[Asked]) -> Result<Vec<Option<Row>>> {
        let found = self.0.connections.rows(|| bind(asked)).await?;
        let mut rows: Vec<Option<Row>> = asked.iter().map(|_| None).collect();
        for r in &found {
            if let Some(place) = rows.get_mut(place(r)?) {
                *place = Some(row(r)?);
            }
        }
        Ok(rows)
    }
}

fn place(r: &AnyRow) -> Result<usize> {
    Ok(usize::try_from(r.try_get::<i64, _>("place")?).unwrap_or(usize::MAX))
}

/// For so many reads. The single read stands in it as it is: with LATERAL and LIMIT it is made once for each, by its
/// indexes, where a join of all could be planned as a scan of a table.
fn statement(reads: usize) -> String {
    let wanted = |n: usize| format!("(CAST({n} AS BIGINT), ${}, ${}, ${})", 3 * n + 1, 3 * n + 2, 3 * n + 3);
    let wanted = (0..reads).map(wanted).collect::<Vec<_>>().join(", ");
    let single = ["$1", "$2", "$3"].iter().zip(["wanted.key_hash", "wanted.account", "wanted.asked_at"]);
    let single = single.fold(SQL.to_owned(), |sql, (place, column)| sql.replace(place, column));
    format!(
        "SELECT wanted.place, stored.* FROM (VALUES {wanted}) AS wanted (place, key_hash, account, asked_at) \
         CROSS JOIN LATERAL ({single} LIMIT 1) AS stored"
    )
}

/// Places that are left over ask with a hash that no key has.
fn bind(asked: &[Asked]) -> Statement<'_> {
    let places = asked.len().next_power_of_two();
    let sql = STATEMENTS.get(usize::try_from(places.ilog2()).unwrap_or(usize::MAX)).map_or(SQL, String::as_str);
    let query = sqlx::query(AssertSqlSafe(sql));
    let query = asked.iter().fold(query, |query, (wanted, _)| {
        query.bind(wanted.key_hash.as_slice()).bind(wanted.account.to_string()).bind(wanted.now)
    });
    (asked.len()..places).fold(query, |query, _| query.bind(b"".as_slice()).bind("").bind(0_i64))
}
