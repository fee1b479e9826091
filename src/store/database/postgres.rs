//! A ledger in PostgreSQL: connecting, checking that it is ours, and bringing its tables up to date.
//! What is asked of it is in `store::statements`; the connection that writes is in `writer`, and how it gets several statements
//! in one journey in `journey`.

mod journey;
mod writer;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres, Transaction};
use tokio::time::timeout;

use super::Procedure;
use crate::store::address::without_password;
use crate::store::{LedgerLock, StoreError};

use journey::call;
pub(in crate::store) use journey::in_one;
pub(super) use journey::together;
use writer::{Writer, Writing};

/// Every version of the tables, oldest first; a released one is never changed. The first is the third of SQLite's.
const MIGRATIONS: [&str; 2] = [
    include_str!("../migrations/postgres/0003_ledger.sql"),
    include_str!("../migrations/postgres/0004_letters.sql"),
];

/// The version before the first migration.
const BEFORE: usize = 2;

/// Keeps two programs from bringing one database up to date at once: "frst", then 1.
const MIGRATING: i64 = 0x6672_7374_0001;

/// Begins a transaction that writes. Each of its statements sees what others have committed: what was read before it waited for
/// another would be old.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// Waits until no other transaction enters rows that are sealed: "frst", then 2. To be selected, or performed.
pub(in crate::store) const CHAIN: &str = "pg_advisory_xact_lock(x'667273740002'::int8)";

/// What the server says to those who may not do something (`insufficient_privilege`).
const FORBIDDEN: &str = "42501";

/// What a procedure raises that undoes what it has done, since not all that it was to change was there.
pub(in crate::store) const LATE: &str = "FR001";

/// The first half of the key of the lock that only one daemon holds; the second is the ledger's table.
const DECIDING: i32 = 0x6672_7374;

/// Reading connections.
const READERS: u32 = 7;

/// For how long a server that is starting up, or has no connection left, is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// For how long a statement that writes is waited for: if the line was cut while the server was asked, its answer never comes.
/// Who had to wait for another that wrote much finds that out in the same way, and tries again.
const WRITING: Duration = Duration::from_secs(30);

/// For how long one that reads is waited for: that may be years of history.
const READING: Duration = Duration::from_secs(600);

/// How soon a connection answers that lives; to wait for longer would cost more than a new one.
const ANSWER: Duration = Duration::from_secs(1);

/// What the server is to do about a machine that has gone without a word: notice it within a minute, and end what it
/// has begun. Otherwise the lock and the rows of a dead daemon would be kept for hours.
const SESSION: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
    ("idle_in_transaction_session_timeout", "60s"),
];

/// What the connection that writes asks for besides. Procedures see what others have committed, as [`BEGIN`] says for all else.
/// What is written is the same again and again, and planning it takes longer than doing it. Each time it is about a few rows of
/// tables that grow for years: a plan from when they were small would go through all of them. What such a plan must not do the
/// server takes for very dear, and would translate into machine code first.
const WRITES: [(&str, &str); 6] = [
    ("default_transaction_isolation", "read committed"),
    ("plan_cache_mode", "force_generic_plan"),
    ("jit", "off"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];

/// An open PostgreSQL ledger.
#[derive(Debug, Clone)]
pub(in crate::store) struct PostgresDatabase {
    /// What errors call it: the address without a password.
    name: Arc<str>,
    options: Arc<PgConnectOptions>,
    /// One connection, like SQLite's: what it has planned and read of the catalogue need not be planned and read by another.
    writer: Writer,
    readers: PgPool,
    /// Whether this user may make no procedures. Asked again and again, the server would fill its log.
    is_forbidden: Arc<AtomicBool>,
}

/// A transaction.
pub(super) enum Session {
    Reads(Transaction<'static, Postgres>),
    Writes(Writing),
}

impl PostgresDatabase {
    /// Connects to the database and makes or updates its tables.
    pub(in crate::store) async fn open(url: &str) -> Result<Self, StoreError> {
        let database = Self::connect(url, &[]).await?;
        database.migrate().await?;
        Ok(database)
    }

    /// Connects to the database for reading; `None` if it has no ledger.
    pub(in crate::store) async fn open_existing(url: &str) -> Result<Option<Self>, StoreError> {
        let database = Self::connect(url, &[("default_transaction_read_only", "on")]).await?;
        let mut reader =
            database.readers.acquire().await.map_err(|source| database.trouble(source))?;
        match database.version(&mut reader).await? {
            0 => Ok(None),
            version if version < newest() => {
                Err(StoreError::Older { ledger: database.name.to_string() })
            }
            _ => Ok(Some(database)),
        }
    }

    async fn connect(url: &str, session: &[(&str, &str)]) -> Result<Self, StoreError> {
        let options: PgConnectOptions =
            url.parse().map_err(|_| StoreError::Address { url: without_password(url) })?;
        let options = options
            .application_name(&format!("frist {}", std::process::id()))
            .options(SESSION)
            .options(session.iter().copied());
        let name: Arc<str> = without_password(url).into();
        // The pool tries again until its patience ends and then does not say why; the first connection says it at once.
        let trouble = |source| StoreError::from_postgres(&name, source);
        PgConnection::connect_with(&options)
            .await
            .map_err(trouble)?
            .close()
            .await
            .map_err(trouble)?;
        let writer = Writer::new(pool(1, &options.clone().options(WRITES)));
        let readers = pool(READERS, &options);
        Ok(Self { name, options: options.into(), writer, readers, is_forbidden: Arc::default() })
    }

    /// Returns what errors call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Closes all connections.
    pub(super) async fn close(self) {
        self.writer.close().await;
        self.readers.close().await;
    }

    /// Begins a transaction that reads one state of the ledger.
    pub(super) async fn read(&self) -> sqlx::Result<Session> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
        self.told_why(self.readers.begin_with(begin).await.map(Session::Reads)).await
    }

    /// Begins a transaction that writes.
    pub(super) async fn write(&self) -> sqlx::Result<Session> {
        self.begin_writing(BEGIN).await
    }

    /// Begins a transaction that enters rows, once no other one does; both in one journey.
    pub(super) async fn enter(&self) -> sqlx::Result<Session> {
        self.begin_writing(&format!("{BEGIN}; SELECT {CHAIN}")).await
    }

    /// Does what a procedure says. Tells whether all that it was to change was there; `None` if this user may make none.
    pub(super) async fn call(&self, procedure: &Procedure<'_>) -> sqlx::Result<Option<bool>> {
        if self.is_forbidden.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let mut writing = self.told_why(self.writer.line().await).await?;
        let called = match in_time(WRITING, call(&mut writing, procedure)).await {
            Ok(()) => Some(true),
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(LATE) => {
                Some(false)
            }
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(FORBIDDEN) => {
                self.is_forbidden.store(true, Ordering::Relaxed);
                None
            }
            Err(error) => return Err(error),
        };
        writing.give_back();
        Ok(called)
    }

    async fn begin_writing(&self, sql: &str) -> sqlx::Result<Session> {
        self.told_why(self.writer.begin(sql).await.map(Session::Writes)).await
    }

    /// Finds out why no connection came in time: a pool does not say so, but a connection of its own does.
    async fn told_why<T>(&self, begun: sqlx::Result<T>) -> sqlx::Result<T> {
        if matches!(begun, Err(sqlx::Error::PoolTimedOut)) {
            PgConnection::connect_with(&self.options).await?.close().await?;
        }
        begun
    }

    /// Takes the lock under which one of several daemons decides, and ends the term of whoever held it before.
    pub(in crate::store) async fn lock(&self) -> Result<LedgerLock, StoreError> {
        let trouble = |source| self.trouble(source);
        // The lock lasts as long as its connection, so that has nothing else to do and is never put back into the pool.
        let mut connection = PgConnection::connect_with(&self.options).await.map_err(trouble)?;
        let free: bool =
            sqlx::query_scalar("SELECT pg_try_advisory_lock($1, 'ledger'::regclass::oid::int4)")
                .bind(DECIDING)
                .fetch_one(&mut connection)
                .await
                .map_err(trouble)?;
        if !free {
            let since = self.held_since(&mut connection).await.map_err(trouble)?;
            let ledger = self.name.to_string();
            return Err(StoreError::Served { ledger, process: None, since });
        }
        let term = sqlx::query_scalar("UPDATE ledger SET term = term + 1 RETURNING term")
            .fetch_one(&mut connection)
            .await
            .map_err(trouble)?;
        Ok(LedgerLock::of_server(connection, term))
    }

    /// Tells since when the holder of the lock is connected.
    async fn held_since(
        &self,
        connection: &mut PgConnection,
    ) -> sqlx::Result<Option<DateTime<Utc>>> {
        let millis: Option<i64> = sqlx::query_scalar(
            "SELECT (extract(epoch FROM backend_start) * 1000)::int8
             FROM pg_locks JOIN pg_stat_activity USING (pid)
             WHERE locktype = 'advisory' AND granted AND classid = $1::int4::oid AND objid = 'ledger'::regclass
                 AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
        .bind(DECIDING)
        .fetch_optional(connection)
        .await?
        .flatten();
        Ok(millis.and_then(DateTime::from_timestamp_millis))
    }

    /// Returns by how much the server's clock is ahead of `now`.
    pub(in crate::store) async fn ahead_of(
        &self,
        now: DateTime<Utc>,
    ) -> Result<TimeDelta, StoreError> {
        let trouble = |source| self.trouble(source);
        let mut reader = self.read().await.map_err(trouble)?;
        let clock =
            sqlx::query_scalar("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::int8");
        let millis: i64 =
            reader.ask(async |reader| clock.fetch_one(reader).await).await.map_err(trouble)?;
        Ok(TimeDelta::milliseconds(millis - now.timestamp_millis()))
    }

    fn trouble(&self, source: sqlx::Error) -> StoreError {
        StoreError::from_postgres(&self.name, source)
    }

    /// Returns the version of the tables, 0 if there are none, unless they are newer than this program.
    async fn version(&self, connection: &mut PgConnection) -> Result<i64, StoreError> {
        let trouble = |source| self.trouble(source);
        let exists: bool = sqlx::query_scalar("SELECT to_regclass('ledger') IS NOT NULL")
            .fetch_one(&mut *connection)
            .await
            .map_err(trouble)?;
        if !exists {
            return Ok(0);
        }
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT (to_jsonb(ledger) ->> 'version')::int8 FROM ledger WHERE to_jsonb(ledger) ? 'term'",
        )
        .fetch_optional(connection)
        .await
        .map_err(trouble)?
        .flatten();
        let Some(found) = found else {
            return Err(StoreError::Foreign { ledger: self.name.to_string() });
        };
        if found > newest() {
            let ledger = self.name.to_string();
            return Err(StoreError::Newer { ledger, found, known: newest() });
        }
        Ok(found)
    }

    /// Brings the tables up to date, in one transaction, while no other program does.
    async fn migrate(&self) -> Result<(), StoreError> {
        let trouble = |source| self.trouble(source);
        let begin = format!("{BEGIN}; SELECT pg_advisory_xact_lock({MIGRATING})");
        let mut writer = self.writer.begin(&begin).await.map_err(trouble)?;
        let version = self.version(writer.connection()).await?;
        let done = usize::try_from(version).unwrap_or_default().saturating_sub(BEFORE);
        for sql in MIGRATIONS.into_iter().skip(done) {
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
                .execute(writer.connection())
                .await
                .map_err(trouble)?;
        }
        if version < newest() {
            sqlx::query("UPDATE ledger SET version = $1")
                .bind(newest())
                .execute(writer.connection())
                .await
                .map_err(trouble)?;
        }
        writer.commit().await.map_err(trouble)
    }
}

impl Session {
    /// Asks the server something, and waits for the answer as long as that may take.
    pub(super) async fn ask<T>(
        &mut self,
        asking: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
    ) -> sqlx::Result<T> {
        match self {
            Self::Reads(reading) => in_time(READING, asking(reading)).await,
            Self::Writes(writing) => in_time(WRITING, asking(writing.connection())).await,
        }
    }

    /// Makes everything last, or nothing.
    pub(super) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Reads(reading) => reading.commit().await,
            Self::Writes(writing) => in_time(WRITING, writing.commit()).await,
        }
    }
}

/// Makes a set of connections, none of which is opened yet.
fn pool(connections: u32, options: &PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        // Its own test waits for an answer without end.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(async { Ok(lives(connection, ANSWER).await) }))
        .connect_lazy_with(options.clone())
}

/// Asks whether the server is still at the other end of a connection, and answers in time; a line that was cut says nothing.
pub(in crate::store) async fn lives(connection: &mut PgConnection, within: Duration) -> bool {
    in_time(within, connection.ping()).await.is_ok()
}

/// Waits for an answer, but no longer than `limit`.
async fn in_time<T>(
    limit: Duration,
    asking: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    let late = |_| Err(io::Error::from(io::ErrorKind::TimedOut).into());
    timeout(limit, asking).await.unwrap_or_else(late)
}

/// Waits until no other transaction enters rows that are sealed.
pub(super) async fn wait_for_chain(writer: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query(AssertSqlSafe(format!("SELECT {CHAIN}"))).execute(writer).await.map(|_| ())
}

/// The version that this program writes.
fn newest() -> i64 {
    i64::try_from(BEFORE + MIGRATIONS.len()).expect("the migrations of a program are few")
}
