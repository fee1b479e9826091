//! The ledger in SQLite: one writer, some readers, write-ahead log, every commit on the disk before it is answered.
//! What is written is in `ledger` (decisions, answers) and `outbox` (messages on their way).

mod ledger;
mod outbox;
mod row;

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Row, SqliteConnection};

use super::{Result, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// How long a command waits for another one's write.
const BUSY: Duration = Duration::from_secs(10);

/// A ledger in a SQLite file, or in memory.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    in_memory: bool,
    writer: SqlitePool,
    readers: SqlitePool,
}

/// The right of one daemon to serve a ledger; ends when dropped, and with the process.
#[derive(Debug)]
pub struct LedgerLock {
    _file: Option<File>,
}

impl Sqlite {
    pub(super) async fn open(url: &str, folder: &Path) -> Result<Self> {
        let Some(path) = path_of(url, folder)? else {
            let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
            // Memory lives as long as its one connection.
            let pool = SqlitePoolOptions::new()
                .max_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_with(options)
                .await;
            let path = PathBuf::from("memory");
            let pool = pool.map_err(|cause| StoreError::Open { path: path.clone(), cause })?;
            let store = Self { path, in_memory: true, writer: pool.clone(), readers: pool };
            store.migrate().await?;
            return Ok(store);
        };
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
        };
        let opened = pool(1).connect_with(options.clone()).await;
        let writer = opened.map_err(|cause| refused(&path, cause))?;
        let readers = pool(2).connect_lazy_with(options);
        let store = Self { path, in_memory: false, writer, readers };
        store.check().await?;
        store.migrate().await?;
        Ok(store)
    }

    pub(super) fn exists(url: &str, folder: &Path) -> Result<bool> {
        Ok(path_of(url, folder)?.is_some_and(|path| path.exists()))
    }

    pub(super) fn lock(&self) -> Result<LedgerLock> {
        if self.in_memory {
            return Ok(LedgerLock { _file: None });
        }
        let mut name = self.path.clone().into_os_string();
        name.push(".lock");
        let path = PathBuf::from(name);
        let trouble = |cause| StoreError::Lock { path: path.clone(), cause };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(trouble)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                let mut who = String::new();
                file.read_to_string(&mut who).map_err(trouble)?;
                return Err(StoreError::Locked {
                    path: self.path.clone(),
                    who: who.trim().to_owned(),
                });
            }
            Err(std::fs::TryLockError::Error(cause)) => return Err(trouble(cause)),
        }
        file.set_len(0).map_err(trouble)?;
        file.rewind().map_err(trouble)?;
        writeln!(file, "process {}", std::process::id()).map_err(trouble)?;
        Ok(LedgerLock { _file: Some(file) })
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Finds damage before anything is written.
    async fn check(&self) -> Result<()> {
        let found = sqlx::query("PRAGMA quick_check(1)").fetch_one(&self.writer).await;
        let row = found.map_err(|cause| refused(&self.path, cause))?;
        match row.get::<String, _>(0).as_str() {
            "ok" => Ok(()),
            what => Err(StoreError::Damaged { path: self.path.clone(), what: what.to_owned() }),
        }
    }

    async fn migrate(&self) -> Result<()> {
        let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
        match MIGRATIONS.run(&self.writer).await {
            Ok(()) => Ok(()),
            Err(sqlx::migrate::MigrateError::VersionMissing(found)) => {
                Err(StoreError::Newer { path: self.path.clone(), found, known })
            }
            Err(sqlx::migrate::MigrateError::Execute(cause)) => Err(refused(&self.path, cause)),
            Err(other) => {
                Err(StoreError::Damaged { path: self.path.clone(), what: other.to_string() })
            }
        }
    }

    /// Runs `work` in one immediate transaction: all of it is written, or nothing.
    async fn write<T>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> sqlx::Result<T>,
    ) -> Result<T> {
        let begun = self.writer.begin_with("BEGIN IMMEDIATE").await;
        let mut transaction = begun.map_err(|cause| self.trouble(cause))?;
        let done = work(&mut transaction).await.map_err(|cause| self.trouble(cause))?;
        transaction.commit().await.map_err(|cause| self.trouble(cause))?;
        Ok(done)
    }

    fn trouble(&self, cause: sqlx::Error) -> StoreError {
        let twice =
            cause.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if twice {
            StoreError::AlreadyTold(cause)
        } else {
            StoreError::Database { path: self.path.clone(), cause }
        }
    }
}

/// Returns the file that `url` names; `None` for memory.
fn path_of(url: &str, folder: &Path) -> Result<Option<PathBuf>> {
    let rest = url.strip_prefix("sqlite:").ok_or_else(|| StoreError::Url(url.to_owned()))?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    match rest {
        "" => Err(StoreError::Url(url.to_owned())),
        ":memory:" => Ok(None),
        path => Ok(Some(folder.join(path))),
    }
}

/// Tells a file that is no database from one that cannot be opened.
fn refused(path: &Path, cause: sqlx::Error) -> StoreError {
    let code =
        cause.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
    match code.as_deref() {
        Some("11" | "26") => StoreError::Damaged { path: path.to_owned(), what: cause.to_string() },
        _ => StoreError::Open { path: path.to_owned(), cause },
    }
}
