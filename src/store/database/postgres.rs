//! A ledger in PostgreSQL: connecting, checking that it is ours, and bringing its tables up to date.
//! What is asked of it is in `store::statements`.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres, Transaction};

use super::Statement;
use crate::store::address::without_password;
use crate::store::{LedgerLock, StoreError};

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

/// Waits until no other transaction enters rows that are sealed: "frst", then 2.
const WAIT_FOR_CHAIN: &str = "SELECT pg_advisory_xact_lock(x'667273740002'::int8)";

/// The first half of the key of the lock that only one daemon holds; the second is the ledger's table.
const DECIDING: i32 = 0x6672_7374;

/// Reading connections.
const READERS: u32 = 7;

/// For how long a server that is starting up, or has no connection left, is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// For how long a connection that was used is believed to live.
const FRESH: Duration = Duration::from_secs(1);

/// What the server is to do about a machine that has gone without a word: notice it within a minute, and end what it
/// has begun. Otherwise the lock and the rows of a dead daemon would be kept for hours.
const SESSION: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
    ("idle_in_transaction_session_timeout", "60s"),
];

/// An open PostgreSQL ledger.
#[derive(Debug, Clone)]
pub(in crate::store) struct PostgresDatabase {
    /// What errors call it: the address without a password.
    name: Arc<str>,
    options: Arc<PgConnectOptions>,
    /// One connection, like SQLite's: what it has planned and read of the catalogue need not be planned and read by another.
    writer: PgPool,
    readers: PgPool,
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
        // What it does is the same again and again, and planning it takes longer than doing it.
        let planned_once = options.clone().options([("plan_cache_mode", "force_generic_plan")]);
        let (writer, readers) = (pool(1, &planned_once), pool(READERS, &options));
        Ok(Self { name, options: options.into(), writer, readers })
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
    pub(super) async fn read(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.begin(&self.readers, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await
    }

    /// Begins a transaction that writes.
    pub(super) async fn write(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.begin(&self.writer, BEGIN).await
    }

    /// Begins a transaction that enters rows, once no other one does; both in one journey.
    pub(super) async fn enter(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.begin(&self.writer, &format!("{BEGIN}; {WAIT_FOR_CHAIN}")).await
    }

    async fn begin(
        &self,
        pool: &PgPool,
        sql: &str,
    ) -> sqlx::Result<Transaction<'static, Postgres>> {
        match pool.begin_with(AssertSqlSafe(sql.to_owned())).await {
            // The pool does not say why it has waited in vain; a connection of its own does.
            Err(sqlx::Error::PoolTimedOut) => {
                PgConnection::connect_with(&self.options).await?.close().await?;
                Err(sqlx::Error::PoolTimedOut)
            }
            begun => begun,
        }
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
        let millis: i64 =
            sqlx::query_scalar("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::int8")
                .fetch_one(&mut *reader)
                .await
                .map_err(trouble)?;
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
        let mut writer = self.writer.begin().await.map_err(trouble)?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(MIGRATING)
            .execute(&mut *writer)
            .await
            .map_err(trouble)?;
        let version = self.version(&mut writer).await?;
        if version == newest() {
            return Ok(());
        }
        let done = usize::try_from(version).unwrap_or_default().saturating_sub(BEFORE);
        for sql in MIGRATIONS.into_iter().skip(done) {
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
                .execute(&mut *writer)
                .await
                .map_err(trouble)?;
        }
        sqlx::query("UPDATE ledger SET version = $1")
            .bind(newest())
            .execute(&mut *writer)
            .await
            .map_err(trouble)?;
        writer.commit().await.map_err(trouble)
    }
}

/// Makes a set of connections, none of which is opened yet.
fn pool(connections: u32, options: &PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        // Asking whether a connection lives is a journey too, and one that was just used does.
        .test_before_acquire(false)
        .before_acquire(|connection, since| {
            Box::pin(async move {
                if since.idle_for > FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options.clone())
}

/// Waits until no other transaction enters rows that are sealed.
pub(super) async fn wait_for_chain(writer: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query(WAIT_FOR_CHAIN).execute(writer).await.map(|_| ())
}

/// Makes one statement of several; it answers how many rows they have changed. Their values follow each other.
pub(super) fn in_one(statements: &[Statement<'_>]) -> String {
    let (mut parts, mut counts, mut before) = (Vec::new(), Vec::new(), 0);
    for (place, Statement { sql, columns, .. }) in statements.iter().enumerate() {
        parts.push(format!("part{place} AS ({} RETURNING 1)", numbered_after(sql, before)));
        counts.push(format!("(SELECT count(*) FROM part{place})"));
        before += columns;
    }
    format!("WITH {} SELECT {}", parts.join(", "), counts.join(" + "))
}

/// Returns a statement with its values numbered after those `before` it.
fn numbered_after(sql: &str, before: usize) -> String {
    let mut pieces = sql.split('$');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |sql, piece| {
        let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        let (number, rest) = piece.split_at(end);
        let number = number.parse::<usize>().expect("a value has a number");
        format!("{sql}${}{rest}", number + before)
    })
}

/// The version that this program writes.
fn newest() -> i64 {
    i64::try_from(BEFORE + MIGRATIONS.len()).expect("the migrations of a program are few")
}
