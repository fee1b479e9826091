//! The ledger in SQLite: opening a file, checking that it is ours and sound, and bringing its tables up to date.
//! What is asked of it is in `store::statements`.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, Sqlite, Transaction};

use crate::access;
use crate::store::{LedgerLock, StoreError};

/// Every version of the tables, oldest first; a released one is never changed.
const MIGRATIONS: [&str; 4] = [
    include_str!("../migrations/sqlite/0001_ledger.sql"),
    include_str!("../migrations/sqlite/0002_changes.sql"),
    include_str!("../migrations/sqlite/0003_unattended.sql"),
    include_str!("../migrations/sqlite/0004_letters.sql"),
];

/// "frst": marks the file as a ledger of frist.
const APPLICATION_ID: i64 = 0x6672_7374;

/// How long to wait for another process that is writing.
const BUSY: Duration = Duration::from_secs(10);

/// How long to wait at a time where SQLite does not wait itself.
const NAP: Duration = Duration::from_millis(10);

const READERS: u32 = 4;

/// An open SQLite ledger. SQLite lets one connection write at a time, so one is kept for that.
#[derive(Debug, Clone)]
pub(in crate::store) struct SqliteDatabase {
    /// What errors call it.
    name: Arc<str>,
    /// `None` in memory.
    file: Option<Arc<Path>>,
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteDatabase {
    /// Opens or makes the ledger in `file`.
    pub(super) async fn open(file: PathBuf) -> Result<Self, StoreError> {
        make(&file).map_err(|source| StoreError::Open { file: file.clone(), source })?;
        let options = options(&file);
        let ledger = Self {
            name: file.to_string_lossy().into(),
            file: Some(file.into()),
            writer: pool(options.clone(), 1),
            readers: pool(options.read_only(true), READERS),
        };
        // All checks come before the first statement that changes the file.
        ledger.version().await?;
        ledger.check().await?;
        ledger.write_ahead().await?;
        ledger.migrate().await?;
        Ok(ledger)
    }

    /// Opens the ledger in `file` for reading only; `None` if there is no file, or nothing in it.
    pub(super) async fn open_existing(file: PathBuf) -> Result<Option<Self>, StoreError> {
        match fs::metadata(&file) {
            Ok(data) if data.is_dir() => {
                let source = io::ErrorKind::IsADirectory.into();
                return Err(StoreError::Open { file, source });
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(StoreError::Open { file, source }),
        }
        let readers = pool(options(&file).read_only(true), READERS);
        let ledger = Self {
            name: file.to_string_lossy().into(),
            file: Some(file.into()),
            writer: readers.clone(),
            readers,
        };
        match ledger.version().await? {
            0 => Ok(None),
            version if version < newest() => {
                Err(StoreError::Older { ledger: ledger.name.to_string() })
            }
            _ => Ok(Some(ledger)),
        }
    }

    /// Opens a ledger in memory: one connection, since each would have a memory of its own.
    pub(super) async fn in_memory() -> Result<Self, StoreError> {
        let only = pool(SqliteConnectOptions::new(), 1);
        let ledger =
            Self { name: "in memory".into(), file: None, writer: only.clone(), readers: only };
        ledger.migrate().await?;
        Ok(ledger)
    }

    /// Closes all connections; the last one to close a file folds the write-ahead log into it.
    pub(super) async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Returns what errors call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Takes the daemon's lock.
    pub(in crate::store) fn lock(&self) -> Result<LedgerLock, StoreError> {
        match &self.file {
            Some(file) => LedgerLock::take(file),
            None => Ok(LedgerLock::granted()),
        }
    }

    /// Begins a transaction that reads one state of the ledger.
    pub(super) async fn read(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.readers.begin().await
    }

    /// Begins a transaction that writes. It takes the write lock at once: one that begins by reading can find, when it
    /// comes to write, that another has written, and then no waiting helps.
    pub(super) async fn write(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    /// Names this ledger in an error of the database.
    fn trouble(&self, source: sqlx::Error) -> StoreError {
        StoreError::from_sqlite(&self.name, source)
    }

    /// Returns the version of the tables, 0 if there are none, if the file is ours and not newer than this program.
    async fn version(&self) -> Result<i64, StoreError> {
        let mut reader = self.writer.acquire().await.map_err(|source| self.trouble(source))?;
        self.version_of(&mut reader).await
    }

    async fn version_of(&self, connection: &mut SqliteConnection) -> Result<i64, StoreError> {
        let (tables, application, version): (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM sqlite_schema), application_id, user_version
             FROM pragma_application_id, pragma_user_version",
        )
        .fetch_one(connection)
        .await
        .map_err(|source| self.trouble(source))?;
        let ledger = || self.name.to_string();
        match (tables, application) {
            (0, 0) => Ok(0),
            (_, APPLICATION_ID) if version > newest() => {
                Err(StoreError::Newer { ledger: ledger(), found: version, known: newest() })
            }
            (_, APPLICATION_ID) => Ok(version),
            _ => Err(StoreError::Foreign { ledger: ledger() }),
        }
    }

    /// Switches to a write-ahead log. SQLite does not wait for another process that is doing the same, so we do.
    async fn write_ahead(&self) -> Result<(), StoreError> {
        let mut waited = Duration::ZERO;
        loop {
            let switched = sqlx::query("PRAGMA journal_mode = WAL").execute(&self.writer).await;
            match switched.map_err(|source| self.trouble(source)) {
                Err(StoreError::Busy { .. }) if waited < BUSY => {
                    tokio::time::sleep(NAP).await;
                    waited += NAP;
                }
                switched => return switched.map(|_| ()),
            }
        }
    }

    /// Refuses a damaged file. An index that lacks what its table has would have things told twice, so it is compared too.
    pub(super) async fn check(&self) -> Result<(), StoreError> {
        let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(&self.writer)
            .await
            .map_err(|source| self.trouble(source))?;
        if found == "ok" {
            return Ok(());
        }
        Err(StoreError::Damaged { ledger: self.name.to_string(), found })
    }

    /// Brings the tables up to date.
    ///
    /// The version stands in the file's header and is read under the write lock, so two processes that open a new
    /// file at once do not both migrate it; sqlx's own migrator has no lock on SQLite.
    ///
    /// # Errors
    /// If any step fails; then nothing is changed, and the connection is not to be used for anything else.
    async fn migrate(&self) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await.map_err(|source| self.trouble(source))?;
        if self.version_of(&mut connection).await? == newest() {
            return Ok(());
        }
        // A table that is made anew would take its rows' children with it. This cannot be said in a transaction.
        let references = |on: &str| AssertSqlSafe(format!("PRAGMA foreign_keys = {on}"));
        let trouble = |source| self.trouble(source);
        sqlx::raw_sql(references("OFF")).execute(&mut *connection).await.map_err(trouble)?;
        let mut writer = connection.begin_with("BEGIN IMMEDIATE").await.map_err(trouble)?;
        let version = self.version_of(&mut writer).await?;
        let done = usize::try_from(version).unwrap_or_default();
        let steps = MIGRATIONS.into_iter().skip(done).map(str::to_owned);
        let marks =
            format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}", newest());
        for sql in steps.chain([marks]) {
            // The text is this program's own, nothing comes from outside.
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *writer).await.map_err(trouble)?;
        }
        let lost: i64 = sqlx::query_scalar("SELECT count(*) FROM pragma_foreign_key_check")
            .fetch_one(&mut *writer)
            .await
            .map_err(trouble)?;
        if lost > 0 {
            let found = format!("{lost} rows refer to what is not there");
            return Err(StoreError::Damaged { ledger: self.name.to_string(), found });
        }
        writer.commit().await.map_err(trouble)?;
        sqlx::raw_sql(references("ON")).execute(&mut *connection).await.map_err(trouble)?;
        Ok(())
    }
}

/// The version that this program writes.
fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).expect("the migrations of a program are few")
}

/// Makes an empty file if there is none, to hear from the system itself why that may fail.
///
/// An existing file is left alone: closing it would drop the locks that SQLite holds on it in this process.
fn make(file: &Path) -> io::Result<()> {
    match fs::metadata(file) {
        Ok(data) if data.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match create_private(file) {
            Ok(_) => access::give_to_owner_of_folder(file),
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            Err(_) => Ok(()),
        },
        Err(error) => Err(error),
    }
}

/// Makes a file that others cannot read; SQLite gives what it makes beside it the same mode.
fn create_private(file: &Path) -> io::Result<File> {
    access::private_file().write(true).create_new(true).open(file)
}

/// `synchronous = FULL` makes a commit in the write-ahead log survive a power cut.
fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
}

fn pool(options: SqliteConnectOptions, connections: u32) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(connections)
        // A connection does not go stale, and the one in memory must not end.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        // Where the disk is full or fails, SQLite ends the transaction itself, and sqlx, which cannot end it again, believes
        // for ever that it is in one: such a connection is of no use.
        .before_acquire(|connection, _| {
            let usable = !connection.is_in_transaction();
            Box::pin(async move { Ok(usable) })
        })
        .connect_lazy_with(options)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::store::database::Database;
    use crate::store::{Store, TickRecord};

    async fn set_page_limit(ledger: &SqliteDatabase, pages: u32) {
        sqlx::raw_sql(AssertSqlSafe(format!("PRAGMA max_page_count = {pages}")))
            .execute(&ledger.writer)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn the_writer_waits_for_the_disk() {
        let folder = tempfile::TempDir::new().unwrap();
        let ledger = SqliteDatabase::open(folder.path().join("frist.db")).await.unwrap();
        let modes: (String, i64, i64, i64) = sqlx::query_as(
            "SELECT journal_mode, synchronous, foreign_keys, timeout
             FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_busy_timeout",
        )
        .fetch_one(&ledger.writer)
        .await
        .unwrap();
        let full = 2; // synchronous = FULL
        assert_eq!(modes, ("wal".to_owned(), full, 1, 10_000));
    }

    #[tokio::test]
    async fn a_full_disk_is_told_and_nothing_is_half_written() {
        let folder = tempfile::TempDir::new().unwrap();
        let database = SqliteDatabase::open(folder.path().join("frist.db")).await.unwrap();
        let ledger = Store { database: Database::Sqlite(database.clone()), term: None };
        let mut tick = TickRecord::new("oslo".into(), DateTime::UNIX_EPOCH);
        tick.first_seen = true;
        tick.deadlines = (0..5000).map(|n| (format!("1a/d{n}").into(), None)).collect();

        set_page_limit(&database, 1).await; // that is: no more than there are
        for _ in 0..2 {
            let error = ledger.commit(&tick).await.unwrap_err();
            assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
            assert!(error.to_string().contains("frist.db"), "{error}");
            let history = ledger.history(&"oslo".into()).await.unwrap();
            assert!(history.plan_seen.is_none() && history.deadlines_seen.is_empty());
        }

        set_page_limit(&database, 1_000_000).await;
        ledger.commit(&tick).await.unwrap();
        assert_eq!(ledger.history(&"oslo".into()).await.unwrap().deadlines_seen.len(), 5000);
    }
}
