//! What can go wrong between frist and its ledger.
//! Which of these end the program, and with which exit status, is decided in `cli` and `daemon`.

use std::io;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

use crate::notice::{About, NoticeKey};

/// Why the ledger did not do what it was asked to. Whatever was asked is then undone as a whole.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The configured address names no ledger.
    #[error(
        "`{url}` is no address of a ledger; write `sqlite:frist.db` or `postgres://user@host/database`"
    )]
    Address {
        /// What the configuration says.
        url: String,
    },
    /// The ledger's file cannot be reached or made.
    #[error("cannot open the ledger `{}`", file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is a database of another program.
    #[error("`{ledger}` is a database, but not a ledger of frist; name another one in `store.url`")]
    Foreign {
        /// The ledger's address.
        ledger: String,
    },
    /// A newer frist has written it.
    #[error(
        "the ledger `{ledger}` was written by a newer frist (version {found} of its tables, this frist knows \
         {known}); use that frist, or name another file in `store.url`"
    )]
    Newer {
        /// The ledger's address.
        ledger: String,
        /// The version of its tables.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// An older frist has written it, and it was to be read only.
    #[error(
        "the ledger `{ledger}` was written by an older frist; `frist run --once` brings it up to date"
    )]
    Older {
        /// The ledger's address.
        ledger: String,
    },
    /// The file is damaged.
    #[error(
        "the ledger `{ledger}` is damaged ({found}); nothing was changed in it: put a backup in its place, or move \
         it away together with its `-wal` file and save what can be saved with `sqlite3 FILE .recover`"
    )]
    Damaged {
        /// The ledger's address.
        ledger: String,
        /// What the check found.
        found: String,
    },
    /// Another daemon holds the ledger's lock.
    #[error("{} serves the ledger `{ledger}`; stop it first", other(*process, *since))]
    Served {
        /// The ledger's address.
        ledger: String,
        /// The other's process id.
        process: Option<u32>,
        /// Since when it holds the lock.
        since: Option<DateTime<Utc>>,
    },
    /// The disk is full.
    #[error("no room is left on the disk for the ledger `{ledger}`; nothing was written")]
    Full {
        /// The ledger's address.
        ledger: String,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// The ledger cannot be written to.
    #[error("the ledger `{ledger}` can be read, but not written to")]
    ReadOnly {
        /// The ledger's address.
        ledger: String,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// The disk does not do what it should.
    #[error(
        "the disk fails where the ledger `{ledger}` lies; nothing was written: see what the system says about the disk, \
         and whether it has room"
    )]
    Disk {
        /// The ledger's address.
        ledger: String,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// The ledger is there, and cannot be opened all the same.
    #[error(
        "the ledger `{ledger}` cannot be opened: its file must be readable, and its folder writable for the `-wal`, \
         `-shm` and `.lock` files beside it (is the disk read-only?)"
    )]
    CannotOpen {
        /// The ledger's address.
        ledger: String,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// Another program has kept the ledger for too long.
    #[error("the ledger `{ledger}` is kept busy by another program; nothing was written")]
    Busy {
        /// The ledger's address.
        ledger: String,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// The database failed in another way.
    #[error("the ledger `{ledger}` failed")]
    Database {
        /// The ledger's address.
        ledger: String,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// The server of the database does not answer.
    #[error(
        "the server of the ledger `{ledger}` cannot be reached; is it running, and is `store.url` right?"
    )]
    Unreachable {
        /// The ledger's address.
        ledger: String,
        /// What happened.
        #[source]
        source: sqlx::Error,
    },
    /// The server of the database does not let frist do this.
    #[error("the server of the ledger `{ledger}` refuses ({said}); {todo}")]
    Refused {
        /// The ledger's address.
        ledger: String,
        /// What to do about it.
        todo: &'static str,
        /// What the server said.
        said: String,
    },
    /// Another daemon has come to decide for the ledger.
    #[error("another frist decides for the ledger `{ledger}` by now; nothing was written")]
    Deposed {
        /// The ledger's address.
        ledger: String,
    },
    /// The clocks of this machine and of the server differ too much for leases.
    #[error(
        "the clock of the server of the ledger `{ledger}` is {} this machine's; nothing is sent before both are set right \
         (by NTP, say)",
        apart(*ahead)
    )]
    Clock {
        /// The ledger's address.
        ledger: String,
        /// By how much the server's is ahead.
        ahead: TimeDelta,
    },
    /// What was to be told has been told: the tick was decided on an outdated history.
    #[error("{} was told already to `{}` ({} of {})", subject(key), key.to, key.kind.word(), key.nominal)]
    AlreadyTold {
        /// The notice's key.
        key: Box<NoticeKey>,
    },
    /// A message of this id is in the outbox already.
    #[error("the message `{message_id}` is in the outbox already")]
    AlreadyQueued {
        /// The `Message-ID`.
        message_id: String,
    },
    /// The owner was told about the fault already.
    #[error("the fault `{key}` was told already")]
    FaultAlreadyTold {
        /// The fault's key.
        key: String,
    },
}

impl StoreError {
    /// Tells whether a tick was refused because another has told the same meanwhile: then the history is to be read
    /// again, and decided anew.
    pub fn is_outdated(&self) -> bool {
        matches!(
            self,
            Self::AlreadyTold { .. } | Self::AlreadyQueued { .. } | Self::FaultAlreadyTold { .. }
        )
    }

    /// Sorts what PostgreSQL said by what the reader can do about it.
    pub(super) fn from_postgres(ledger: &str, source: sqlx::Error) -> Self {
        let ledger = ledger.to_owned();
        // https://www.postgresql.org/docs/current/errcodes-appendix.html
        let Some(answer) = source.as_database_error() else {
            return if is_lost(&source) {
                Self::Unreachable { ledger, source }
            } else {
                Self::Database { ledger, source }
            };
        };
        // Where in its own sources the server found that is of no use to anybody here.
        let said = answer.message().to_owned();
        let todo = match answer.code().as_deref() {
            Some("53100") => return Self::Full { ledger, source },
            Some("25006") => return Self::ReadOnly { ledger, source },
            // Somebody else's lock, and what the server undoes so that others can go on.
            Some("55P03" | "40001" | "40P01") => return Self::Busy { ledger, source },
            // The server is stopping, has crashed, is starting, or has ended an idle connection.
            Some("57P01" | "57P02" | "57P03" | "25P03") => {
                return Self::Unreachable { ledger, source: io::Error::other(said).into() };
            }
            Some("28000" | "28P01") => "look at the user and the password in `store.url`",
            Some("3D000") => {
                "make the database with `createdb`, or name another one in `store.url`"
            }
            Some("42501") => "make the user of `store.url` the owner of the database",
            Some("53300") => "raise its `max_connections`; each frist needs up to 10",
            _ => return Self::Database { ledger, source },
        };
        Self::Refused { ledger, todo, said }
    }

    /// Sorts what SQLite said by what the reader can do about it.
    pub(super) fn from_sqlite(ledger: &str, source: sqlx::Error) -> Self {
        let ledger = ledger.to_owned();
        // The low byte is the kind, the rest says more (https://www.sqlite.org/rescode.html).
        match sqlite_code(&source).map(|code| code & 0xff) {
            Some(5 | 6) => Self::Busy { ledger, source },
            Some(8) => Self::ReadOnly { ledger, source },
            Some(10) if sqlite_code(&source) == Some(SHM_SIZE) => Self::Full { ledger, source },
            Some(10) => Self::Disk { ledger, source },
            Some(14) => Self::CannotOpen { ledger, source },
            Some(11 | 26) => Self::Damaged { ledger, found: source.to_string() },
            Some(13) => Self::Full { ledger, source },
            _ => Self::Database { ledger, source },
        }
    }
}

/// Tells whether there is no connection, or none any more.
fn is_lost(error: &sqlx::Error) -> bool {
    use sqlx::Error::{Io, PoolTimedOut, Protocol, Tls, WorkerCrashed};
    matches!(error, Io(_) | Tls(_) | PoolTimedOut | Protocol(_) | WorkerCrashed)
}

fn apart(ahead: TimeDelta) -> String {
    let (minutes, direction) =
        (ahead.num_minutes().abs(), if ahead < TimeDelta::zero() { "behind" } else { "ahead of" });
    let minutes = if minutes == 1 { "1 minute".to_owned() } else { format!("{minutes} minutes") };
    format!("{minutes} {direction}")
}
/// `SQLITE_IOERR_SHMSIZE`: the index of the write-ahead log, a file beside the ledger, cannot grow.
const SHM_SIZE: u32 = 0x130a;

fn sqlite_code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse().ok()
}

fn other(process: Option<u32>, since: Option<DateTime<Utc>>) -> String {
    let process = process.map(|process| format!("process {process}"));
    let since = since.map(|since| format!("since {}", since.format("%Y-%m-%d %H:%M UTC")));
    let known: Vec<String> = process.into_iter().chain(since).collect();
    if known.is_empty() {
        "another frist".to_owned()
    } else {
        format!("another frist ({})", known.join(", "))
    }
}

fn subject(key: &NoticeKey) -> String {
    match &key.about {
        About::Deadline(deadline) => format!("deadline `{deadline}`"),
        About::Measure { measure, rule } => format!("measure `{measure}` by rule `{rule}`"),
        About::Plan { rule } => format!("plan `{}` by rule `{rule}`", key.plan),
    }
}
