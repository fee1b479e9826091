//! The ledger: every notice with its fate, every message, every answer, kept so that nothing is lost or told twice.
//! What is decided is `schedule`'s; how a message is sent, `mail`'s; when to wake and to try again, `daemon`'s.
//!
//! A closed type over the databases that frist knows: what each of them does in its own way is in `database`, what is
//! asked of both in `statements`. The promises that both keep are the tests in `tests/it/store_promises.rs`.

mod address;
mod change;
mod database;
mod error;
mod held;
mod instance;
mod lock;
mod log;
mod outbox;
mod record;
mod statements;
mod waiting;
mod words;

use std::path::Path;

use address::Address;
use database::Database;

pub use address::Home;
pub use change::{Change, ChangeEntry, ChangeId, NewChange, Numbers};
pub use error::StoreError;
pub use held::{Decision, Held, HeldFor, Limit};
pub use instance::{Arming, Position};
pub use lock::LedgerLock;
pub use log::{Fate, LogEntry};
pub use outbox::{Attempt, Claimed, Copy, MessageState, OutboxId, Settled, Settlement, WAYS};
pub use record::{FailureRecord, FaultRecord, Hold, NoticeRecord, TickRecord};
pub use waiting::{Refused, Waiting};

/// An open ledger; a clone is another handle on the same one.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
}

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
        Ok(Self { database })
    }

    /// Opens the ledger at `url` for reading only; `None` if there is none yet.
    ///
    /// # Errors
    /// As [`Store::open`], and if the tables are older than this program. Writing to a file fails with
    /// [`StoreError::ReadOnly`].
    pub async fn open_existing(url: &str, folder: &Path) -> Result<Option<Self>, StoreError> {
        let database = Database::open_existing(Address::read(url, folder)?).await?;
        Ok(database.map(|database| Self { database }))
    }

    /// Waits until all handles' work is done and closes the ledger.
    pub async fn close(self) {
        self.database.close().await;
    }

    /// Takes the lock that only one daemon at a time can hold; one in memory is always granted.
    ///
    /// # Errors
    /// [`StoreError::Served`] if another holds it.
    pub fn lock(&self) -> Result<LedgerLock, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.lock(),
            // Several daemons may share one: see `database::postgres`.
            Database::Postgres(_) => Ok(LedgerLock::granted()),
        }
    }
}
