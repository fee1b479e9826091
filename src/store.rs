//! The ledger: every notice with its fate and reason, every message, every answer. History is only ever added to.
//! What the values mean is in `history`, `notice` and `mail::message`; each database is in a module of its own.

mod sqlite;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use thiserror::Error;

use crate::history::{Answer, History};
use crate::mail::Message;
use crate::notice::{NoticeKey, Verdict};
use crate::plan::{DueDate, Id};

pub use sqlite::LedgerLock;

/// A ledger in one of the databases that frist knows.
#[derive(Debug)]
pub enum Store {
    /// An embedded SQLite file, or memory.
    Sqlite(sqlite::Sqlite),
}

/// Everything that one tick writes, in one transaction.
#[derive(Debug, Default)]
pub struct TickRecord {
    /// When the plan is seen for the first time.
    pub plan_is_new: bool,
    /// Deadlines that are new or have moved, with the due date that they have now.
    pub deadlines: Vec<(Id, Option<DueDate>)>,
    /// Rules that are new.
    pub rules: Vec<Id>,
    /// The decisions.
    pub notices: Vec<NoticeRecord>,
    /// The messages that carry what is told.
    pub messages: Vec<Message>,
    /// Faults that the owner is told about.
    pub faults: Vec<FaultRecord>,
}

/// One decision as the ledger keeps it.
#[derive(Debug)]
pub struct NoticeRecord {
    /// The key.
    pub key: NoticeKey,
    /// The id of the measure, for a notice about a measure or one of its deadlines.
    pub measure: Option<Id>,
    /// The rule's name.
    pub rule: Id,
    /// From when it was due.
    pub moment: DateTime<Utc>,
    /// What became of it.
    pub verdict: Verdict,
    /// Why it was due, in words.
    pub why: String,
    /// The place in [`TickRecord::messages`] of the message that carries it, if it is told.
    pub message: Option<usize>,
}

/// A fault that the owner is told about.
#[derive(Debug)]
pub struct FaultRecord {
    /// What makes it the same fault as another.
    pub key: String,
    /// What the owner is told.
    pub text: String,
    /// The place in [`TickRecord::messages`] of the message that carries it; `None` if nobody can be told.
    pub message: Option<usize>,
}

/// A message that an instance has claimed for sending.
#[derive(Debug)]
pub struct Claimed {
    /// The message's row.
    pub row: i64,
    /// The message.
    pub message: Message,
    /// How many attempts were made before.
    pub attempts: u32,
    /// When it was put into the outbox.
    pub created: DateTime<Utc>,
}

/// What became of a claimed message.
#[derive(Debug, Clone)]
pub enum Settlement {
    /// It was taken; what the server said.
    Sent(String),
    /// It is tried again.
    Again {
        /// When.
        at: DateTime<Utc>,
        /// Why it did not go through.
        why: String,
    },
    /// It is given up; why.
    GaveUp(String),
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The plan's id.
    pub plan: String,
    /// The deadline's full id without the occurrence's date; `None` for a measure or a plan.
    pub deadline: Option<String>,
    /// The measure's id.
    pub measure: Option<String>,
    /// The due date, with its time if it has one.
    pub due: Option<String>,
    /// The rule's name.
    pub rule: String,
    /// The kind of step.
    pub kind: String,
    /// The recipient's id; `None` where nobody was looked for.
    pub to: Option<String>,
    /// The date that the step named.
    pub nominal: NaiveDate,
    /// When it was decided.
    pub at: DateTime<Utc>,
    /// `queued`, `sending`, `sent`, `retrying`, `gave_up`, `superseded` or `not_sent`.
    pub state: String,
    /// Why it was sent, or why not, in words.
    pub reason: String,
    /// The message's id.
    pub message_id: Option<String>,
    /// How many attempts were made.
    pub attempts: u32,
    /// When the message was sent or given up.
    pub settled_at: Option<DateTime<Utc>>,
    /// What the server said last.
    pub reply: Option<String>,
}

/// Why the ledger cannot do what it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The address of the ledger is not understood.
    #[error("store.url `{0}` is not understood; write `sqlite:frist.db`")]
    Url(String),
    /// The file cannot be opened.
    #[error("{}: the ledger cannot be opened: {cause}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the database said.
        #[source]
        cause: sqlx::Error,
    },
    /// The file is no ledger, or a damaged one.
    #[error("{}: the ledger is damaged: {what}; it was left as it is: restore it from a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check found.
        what: String,
    },
    /// The file was written by a newer frist.
    #[error("{}: the ledger was written by a newer frist (schema {found}, this one knows {known})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// Another daemon serves the ledger.
    #[error("{}: another frist serves this ledger ({who})", path.display())]
    Locked {
        /// The ledger's file.
        path: PathBuf,
        /// What the lock says of its holder.
        who: String,
    },
    /// The lock file cannot be made.
    #[error("{}: cannot be locked: {cause}", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Something was to be told that was told already.
    #[error("the ledger refuses to tell the same twice")]
    AlreadyTold(#[source] sqlx::Error),
    /// Something else went wrong in the database: a full disk, a lock held too long.
    #[error("{}: {cause}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What the database said.
        #[source]
        cause: sqlx::Error,
    },
    /// A row says something that this program does not understand.
    #[error("{}: `{value}` in {column} is not understood", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The table and column.
        column: &'static str,
        /// What stands there.
        value: String,
    },
}

type Result<T> = std::result::Result<T, StoreError>;

impl Store {
    /// Opens the ledger at `url`, `sqlite:frist.db` or `sqlite::memory:`, and makes it if it is not there.
    ///
    /// A relative path is below `folder`.
    ///
    /// # Errors
    /// If it cannot be opened, is damaged, or was written by a newer frist.
    pub async fn open(url: &str, folder: &Path) -> Result<Self> {
        sqlite::Sqlite::open(url, folder).await.map(Self::Sqlite)
    }

    /// Opens the ledger if there is one; makes none.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_existing(url: &str, folder: &Path) -> Result<Option<Self>> {
        if sqlite::Sqlite::exists(url, folder)? {
            Self::open(url, folder).await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// Claims the ledger for one daemon until the lock is dropped or the process ends.
    ///
    /// # Errors
    /// If another daemon holds it.
    pub fn lock(&self) -> Result<LedgerLock> {
        match self {
            Self::Sqlite(sqlite) => sqlite.lock(),
        }
    }

    /// Reads everything that a tick needs to know about the past of `plan`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn history(&self, plan: &Id) -> Result<History> {
        match self {
            Self::Sqlite(sqlite) => sqlite.history(plan).await,
        }
    }

    /// Returns the answers after row `after`, in order, and the newest row.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn answers_since(&self, plan: &Id, after: i64) -> Result<(Vec<(Id, Answer)>, i64)> {
        match self {
            Self::Sqlite(sqlite) => sqlite.answers_since(plan, after).await,
        }
    }

    /// Enters an answer about a deadline.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn answer(&self, plan: &Id, deadline: &str, answer: &Answer) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.answer(plan, deadline, answer).await,
        }
    }

    /// Writes everything of one tick over `plan` at `at`, or nothing.
    ///
    /// # Errors
    /// If the database fails, or refuses to tell the same twice.
    pub async fn commit(&self, plan: &Id, at: DateTime<Utc>, record: &TickRecord) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.commit(plan, at, record).await,
        }
    }

    /// Returns the keys of the faults that were told already.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn faults_told(&self, plan: &Id) -> Result<BTreeSet<String>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.faults_told(plan).await,
        }
    }

    /// Ends every lease at once: for a daemon that holds the lock, since no other can be sending.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_leases(&self, now: DateTime<Utc>) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.end_leases(now).await,
        }
    }

    /// Claims up to `limit` messages whose time has come, until `lease` ends; the oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn claim(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        lease: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Claimed>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.claim(holder, now, lease, limit).await,
        }
    }

    /// Writes down what became of claimed messages; returns how many were still held by `holder`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn settle(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        settled: &[(i64, Settlement)],
    ) -> Result<u64> {
        match self {
            Self::Sqlite(sqlite) => sqlite.settle(holder, now, settled).await,
        }
    }

    /// Returns when a message is to be tried next.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn next_attempt(&self) -> Result<Option<DateTime<Utc>>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.next_attempt().await,
        }
    }

    /// Returns the ledger of `plan`, or of all plans, ordered by time, recipient, deadline, kind, nominal date and rule.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn log(&self, plan: Option<&Id>) -> Result<Vec<LogEntry>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.log(plan).await,
        }
    }

    /// Closes the ledger, so that everything is in its file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => sqlite.close().await,
        }
    }
}
