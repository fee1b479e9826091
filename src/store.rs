//! The ledger: every notice with its fate, every message, every answer, kept so that nothing is lost or told twice.
//! What is decided is `schedule`'s; how a message is sent, `mail`'s; when to wake and to try again, `daemon`'s.
//!
//! A closed type over the databases that frist knows: what each of them does in its own way is in `database`, what is
//! asked of both in `statements`. The promises that both keep are the tests in `tests/it/store_promises.rs`.

mod address;
mod archive;
mod change;
mod copy;
mod database;
mod error;
mod held;
mod instance;
mod lock;
mod log;
mod moving;
mod outbox;
mod record;
mod seal;
mod sent;
mod standing;
mod statements;
mod waiting;
mod words;

use std::path::Path;

use address::Address;
use chrono::{DateTime, TimeDelta, Utc};
use database::{Database, Transaction, values};
use lock::Term;

pub use address::{Home, file_of, without_password};
pub use archive::{ArchiveError, archive_name, folder_of};
pub use change::{Change, ChangeEntry, ChangeId, NewChange, Numbers};
pub use copy::{Contents, CopyError, Restored, back_up, restore};
pub use error::StoreError;
pub use held::{Decision, Held, HeldFor, Limit};
pub use instance::{Arming, Position};
pub use lock::LedgerLock;
pub use log::{Fate, LogEntry};
pub use moving::{Copied, MoveError};
pub use outbox::{
    Attempt, Claimed, GivenUp, MessageState, OutboxId, Receipt, Settled, Settlement, WAYS,
};
pub use record::{FailureRecord, FaultRecord, Hold, NoticeRecord, TickRecord};
pub use seal::{SealFault, Verified};
pub use sent::{SentMessage, Tried};
pub use standing::{Account, Outbox};
pub use waiting::{Refused, Waiting};

/// An open ledger; a clone is another handle on the same one.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
    /// In which term this handle decides; `None` if it writes whatever others do.
    term: Option<Term>,
}

/// By how much the clocks of a daemon and of the server may differ: leases are far longer.
const CLOCKS_APART: TimeDelta = TimeDelta::minutes(1);

impl Store {
    /// Opens the ledger at `url`, makes it if there is none, and brings its tables up to date.
    ///
    /// A relative path is relative to `folder`. `sqlite::memory:` is a ledger that ends with the program.
    ///
    /// # Errors
    /// If the address is not understood, the file or the server cannot be reached, is damaged, is not a ledger, or is
    /// one of a newer frist; it is then left as it was.
    pub async fn open(url: &str, folder: &Path) -> Result<Self, StoreError> {
        let database = Database::open(Address::read(url, folder)?).await?;
        let store = Self { database, term: None };
        store.begin_chain().await?;
        Ok(store)
    }

    /// Opens the ledger at `url` for reading only; `None` if there is none yet.
    ///
    /// # Errors
    /// As [`Store::open`], and if the tables are older than this program. Writing to it fails with
    /// [`StoreError::ReadOnly`].
    pub async fn open_existing(url: &str, folder: &Path) -> Result<Option<Self>, StoreError> {
        let database = Database::open_existing(Address::read(url, folder)?).await?;
        Ok(database.map(|database| Self { database, term: None }))
    }

    /// Waits until all handles' work is done and closes the ledger.
    pub async fn close(self) {
        self.database.close().await;
    }

    /// Takes the lock that only one daemon at a time can hold; one in memory is always granted.
    ///
    /// # Errors
    /// [`StoreError::Served`] if another holds it.
    pub async fn lock(&self) -> Result<LedgerLock, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.lock(),
            Database::Postgres(database) => database.lock().await,
        }
    }

    /// Takes the lock for a daemon; `None` if another decides for a ledger that is shared, so that this one can help it
    /// to send.
    ///
    /// # Errors
    /// [`StoreError::Served`] if another holds the lock of a ledger that is not shared.
    pub async fn lock_or_help(&self) -> Result<Option<LedgerLock>, StoreError> {
        match self.lock().await {
            Err(StoreError::Served { .. }) if self.is_shared() => Ok(None),
            taken => taken.map(Some),
        }
    }

    /// Tells whether several daemons may serve the ledger side by side.
    pub fn is_shared(&self) -> bool {
        matches!(self.database, Database::Postgres(_))
    }

    /// Returns a handle that decides under `lock`: what it commits counts only until another comes to decide.
    #[must_use]
    pub fn under(&self, lock: &LedgerLock) -> Self {
        Self { database: self.database.clone(), term: lock.term() }
    }

    /// Compares the clock that shows `now` with that of a server, on which several daemons agree about leases.
    ///
    /// # Errors
    /// [`StoreError::Clock`] if they differ by more than a minute.
    pub async fn check_clock(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Database::Postgres(database) = &self.database else { return Ok(()) };
        let ahead = database.ahead_of(now).await?;
        if ahead.abs() <= CLOCKS_APART {
            return Ok(());
        }
        Err(StoreError::Clock { ledger: self.database.name().to_owned(), ahead })
    }

    /// Begins a transaction that decides: it is refused if another has come to decide, and nobody comes to decide before
    /// it ends.
    async fn deciding(&self) -> Result<Transaction, StoreError> {
        let mut writer = self.database.write().await?;
        let Some(Term(term)) = self.term else { return Ok(writer) };
        let sql = "SELECT term FROM ledger WHERE term = $1 FOR SHARE";
        let mine = writer.first(sql, &values![term]).await;
        if mine.map_err(|source| self.database.trouble(source))?.is_none() {
            return Err(StoreError::Deposed { ledger: self.database.name().to_owned() });
        }
        Ok(writer)
    }
}
