//! The one connection that writes: transactions on it, and procedures that are transactions of their own.
//! It is none of a pool: that asks a connection whether it still lives whenever it comes back, and a mail whose end is being
//! written down would wait for the answer. What is asked of it is in `store::database`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

use super::{ANSWER, PATIENCE, WRITING, in_time, lives};

/// For how long a connection that was used is believed to live: asking it is a journey too.
const FRESH: Duration = Duration::from_secs(1);

/// For how long a connection is kept: what the server remembers for it grows.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// A connection for one transaction after the other; a clone is another handle on the same one.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    /// Makes connections, and waits for a server that is starting up.
    new: PgPool,
    /// The connection while there is no transaction; `None` before the first one, and after one that has failed.
    idle: Arc<Mutex<Option<Line>>>,
}

/// A connection, and what it knows.
#[derive(Debug)]
struct Line {
    connection: PgConnection,
    made: Instant,
    used: Instant,
    /// The procedures that it has, each under its place here.
    procedures: Vec<String>,
}

/// A connection that is in use, as a rule by a transaction. Dropped before that is committed, it is closed, in whatever state it
/// may be.
pub(in crate::store::database) struct Writing {
    /// `None` once it is back.
    line: Option<Line>,
    home: OwnedMutexGuard<Option<Line>>,
}

impl Writer {
    /// Makes a writer whose connections come from `new`, which gives them away for good.
    pub(super) fn new(new: PgPool) -> Self {
        Self { new, idle: Arc::default() }
    }

    /// Begins a transaction with these statements, all in one journey, once the one before has ended.
    pub(super) async fn begin(&self, sql: &str) -> sqlx::Result<Writing> {
        let mut writing = self.line().await?;
        let begin = || sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        if let Err(error) = in_time(WRITING, begin().execute(writing.connection())).await {
            if writing.in_use().is_new() {
                return Err(error);
            }
            // It had died since it was used; nothing was begun on it.
            writing.line = Some(self.new_line().await?);
            in_time(WRITING, begin().execute(writing.connection())).await?;
        }
        Ok(writing)
    }

    /// Takes the connection once nobody else has it.
    pub(super) async fn line(&self) -> sqlx::Result<Writing> {
        let idle = timeout(PATIENCE, self.idle.clone().lock_owned()).await;
        let mut home = idle.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let alive = match home.take() {
            Some(line) => line.alive().await,
            None => None,
        };
        let line = match alive {
            Some(line) => line,
            None => self.new_line().await?,
        };
        Ok(Writing { line: Some(line), home })
    }

    async fn new_line(&self) -> sqlx::Result<Line> {
        Ok(Line::new(self.new.acquire().await?.detach()))
    }

    /// Closes the connection.
    pub(super) async fn close(self) {
        if let Some(line) = self.idle.lock().await.take() {
            // Nothing is under way, so nothing can be lost.
            let _ = line.connection.close().await;
        }
        self.new.close().await;
    }
}

impl Line {
    fn new(connection: PgConnection) -> Self {
        let now = Instant::now();
        Self { connection, made: now, used: now, procedures: Vec::new() }
    }

    /// Tells whether nothing was done on it yet.
    fn is_new(&self) -> bool {
        self.used == self.made
    }

    /// Returns it unless it is dead or old.
    async fn alive(mut self) -> Option<Self> {
        if self.made.elapsed() > LIFETIME {
            let _ = timeout(PATIENCE, self.connection.close()).await;
            return None;
        }
        let is_alive = self.used.elapsed() <= FRESH || lives(&mut self.connection, ANSWER).await;
        is_alive.then_some(self)
    }
}

impl Writing {
    /// Returns the connection.
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.in_use().connection
    }

    /// Makes everything last, or nothing.
    pub(super) async fn commit(mut self) -> sqlx::Result<()> {
        sqlx::raw_sql("COMMIT").execute(self.connection()).await?;
        self.give_back();
        Ok(())
    }

    /// Returns the name of a procedure, with the types of what it is given, and makes it if this connection has none.
    pub(super) async fn procedure(&mut self, types: &str, body: &str) -> sqlx::Result<String> {
        let Line { connection, procedures, .. } = self.in_use();
        let known = procedures.iter().position(|known| known == body);
        let name = format!("pg_temp.frist_{}", known.unwrap_or(procedures.len()));
        if known.is_none() {
            let sql = format!(
                "CREATE FUNCTION {name}({types}) RETURNS void LANGUAGE plpgsql AS $frist$ {body} $frist$"
            );
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
            procedures.push(body.to_owned());
        }
        Ok(name)
    }

    /// Gives the connection back, on which nothing is under way.
    pub(super) fn give_back(mut self) {
        if let Some(mut line) = self.line.take() {
            line.used = Instant::now();
            *self.home = Some(line);
        }
    }

    fn in_use(&mut self) -> &mut Line {
        self.line.as_mut().expect("it is given back by what uses it up")
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // Without taking leave the server would write into its log that somebody has vanished.
        if let Some(line) = self.line.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(line.connection.close());
        }
    }
}
