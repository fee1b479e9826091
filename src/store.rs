//! The ledger: every notice with its fate, every message, every answer, kept so that nothing is lost or told twice.
//! What is decided is `schedule`'s; how a message is sent, `mail`'s; when to wake and to try again, `daemon`'s.
//!
//! A closed type over the databases that frist knows; the promises that all of them keep are the tests in
//! `tests/it/store_promises.rs`.

mod address;
mod change;
mod error;
mod lock;
mod log;
mod outbox;
mod record;
mod sqlite;
mod words;

use std::collections::HashSet;
use std::path::Path;

use chrono::{DateTime, Utc};

use crate::history::{Answer, History};
use crate::plan::Id;
use crate::project::Files;
use address::Address;
use sqlite::SqliteLedger;

pub use address::file_of;
pub use change::{Change, ChangeEntry, ChangeId, NewChange, Numbers};
pub use error::StoreError;
pub use lock::LedgerLock;
pub use log::{Fate, LogEntry};
pub use outbox::{Claimed, Decision, Held, MessageState, OutboxId, Settled, Settlement, WAYS};
pub use record::{FailureRecord, FaultRecord, Hold, NoticeRecord, TickRecord};

/// An open ledger; a clone is another handle on the same one.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Backend,
}

#[derive(Debug, Clone)]
enum Backend {
    Sqlite(SqliteLedger),
}

impl Store {
    /// Opens the ledger at `url`, makes it if there is none, and brings its tables up to date.
    ///
    /// A relative path is relative to `folder`. `sqlite::memory:` is a ledger that ends with the program.
    ///
    /// # Errors
    /// If the address is not understood, the file cannot be reached, is damaged, is not a ledger, or is one of a newer
    /// frist; it is then left as it was.
    pub async fn open(url: &str, folder: &Path) -> Result<Self, StoreError> {
        let ledger = match Address::read(url, folder)? {
            Address::File(file) => SqliteLedger::open(file).await?,
            Address::Memory => SqliteLedger::in_memory().await?,
        };
        Ok(Self { backend: Backend::Sqlite(ledger) })
    }

    /// Opens the ledger at `url` for reading only; `None` if there is none yet.
    ///
    /// # Errors
    /// As [`Store::open`], and if the tables are older than this program. Writing fails with [`StoreError::ReadOnly`].
    pub async fn open_existing(url: &str, folder: &Path) -> Result<Option<Self>, StoreError> {
        let ledger = match Address::read(url, folder)? {
            Address::File(file) => SqliteLedger::open_existing(file).await?,
            Address::Memory => None,
        };
        Ok(ledger.map(|ledger| Self { backend: Backend::Sqlite(ledger) }))
    }

    /// Waits until all handles' work is done and closes the ledger.
    pub async fn close(self) {
        match self.backend {
            Backend::Sqlite(ledger) => ledger.close().await,
        }
    }

    /// Takes the lock that only one daemon at a time can hold; one in memory is always granted.
    ///
    /// # Errors
    /// [`StoreError::Served`] if another holds it.
    pub fn lock(&self) -> Result<LedgerLock, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.lock(),
        }
    }

    /// Reads everything that a tick needs to know about the past of `plan`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn history(&self, plan: &Id) -> Result<History, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.history(plan).await,
        }
    }

    /// Reads the answers about deadlines of `plan` that were entered after the row `last`, in the order of entry, and
    /// the row to go on from; 0 comes before all rows.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn answers_since(
        &self,
        plan: &Id,
        last: i64,
    ) -> Result<(Vec<(Id, Answer)>, i64), StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.answers_since(plan, last).await,
        }
    }

    /// Reads the keys of the faults of `plan` that its owner was told about.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn faults_told(&self, plan: &Id) -> Result<HashSet<String>, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.faults_told(plan).await,
        }
    }

    /// Writes down everything of one tick, or nothing. When this returns, it survives a power cut.
    ///
    /// What was seen before, and what was passed over before by the same rule, is left as it was.
    ///
    /// # Errors
    /// [`StoreError::AlreadyTold`], [`StoreError::AlreadyQueued`] or [`StoreError::FaultAlreadyTold`] if the tick was
    /// decided on an outdated history ([`StoreError::is_outdated`]); or if the database fails.
    ///
    /// # Panics
    /// If a notice or a fault names a message that is not in the record.
    pub async fn commit(&self, tick: &TickRecord) -> Result<(), StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.commit(tick).await,
        }
    }

    /// Appends an answer about `deadline`, a full id without an occurrence's date.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn answer(
        &self,
        plan: &Id,
        deadline: &Id,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.answer(plan, deadline, answer).await,
        }
    }

    /// Claims up to `limit` messages for `instance`: queued ones, those whose next attempt has come, and those whose
    /// lease has ended; the oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn claim(
        &self,
        instance: &str,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.claim(instance, now, lease_until, limit).await,
        }
    }

    /// Makes leases of `instance` last until `lease_until`; returns which of them it still holds.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn renew(
        &self,
        instance: &str,
        ids: &[OutboxId],
        lease_until: DateTime<Utc>,
    ) -> Result<Vec<OutboxId>, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.renew(instance, ids, lease_until).await,
        }
    }

    /// Writes down how an attempt of `instance` ended.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn settle(
        &self,
        id: OutboxId,
        instance: &str,
        settlement: Settlement,
        now: DateTime<Utc>,
    ) -> Result<Settled, StoreError> {
        let settled = self.settle_many(instance, &[(id, settlement)], now).await?;
        Ok(settled[0])
    }

    /// Writes down how several attempts of `instance` ended, all at once; returns what was made of each, in order.
    ///
    /// # Errors
    /// If the database fails; then none is written down.
    pub async fn settle_many(
        &self,
        instance: &str,
        settlements: &[(OutboxId, Settlement)],
        now: DateTime<Utc>,
    ) -> Result<Vec<Settled>, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.settle_many(instance, settlements, now).await,
        }
    }

    /// Ends all leases at once and returns how many there were. For a daemon that starts and holds the lock: whoever
    /// held them is dead.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn reclaim_all(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.reclaim_all(now).await,
        }
    }

    /// Returns when the next message can be claimed, which may be in the past; `None` if all are settled.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn next_attempt(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.next_attempt().await,
        }
    }

    /// Reads the messages that the brake holds, oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn held(&self) -> Result<Vec<Held>, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.held().await,
        }
    }

    /// Releases or drops the messages that are held, all or those of one `change` by its hash; returns which they were.
    ///
    /// # Errors
    /// If the database fails; then all are held as before.
    pub async fn decide_held(
        &self,
        decision: Decision,
        change: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Held>, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.decide_held(decision, change, now).await,
        }
    }

    /// Tells whether messages that were held for `change`, a hash, have been released.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn is_released(&self, change: &str) -> Result<bool, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.is_released(change).await,
        }
    }

    /// Returns how many messages a day with any had on average in the 90 days before `now`; `None` if there was none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn usual_day(&self, now: DateTime<Utc>) -> Result<Option<f64>, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.usual_day(now).await,
        }
    }

    /// Appends a change of the project's files; a text that is known is kept once.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn enter_change(&self, change: &NewChange) -> Result<ChangeId, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.enter_change(change).await,
        }
    }

    /// Reads all changes of the project's files, in force and refused, oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn changes(&self) -> Result<Vec<ChangeEntry>, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.changes().await,
        }
    }

    /// Reads the files of a change, as they were.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn files(&self, id: ChangeId) -> Result<Files, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.files(id).await,
        }
    }

    /// Reads every notice of `plan`, or of all plans, with its fate; ordered by at, to, deadline, kind, nominal, rule.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn log(&self, plan: Option<&Id>) -> Result<Vec<LogEntry>, StoreError> {
        match &self.backend {
            Backend::Sqlite(ledger) => ledger.log(plan).await,
        }
    }
}
