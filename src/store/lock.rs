//! The lock that keeps two daemons from deciding for one ledger.
//! Writing at the same time is safe without it (`frist done` does not take it); the database sees to that.
//!
//! In a file it is the file's own lock, and nobody serves without it. On a server it is an advisory lock, which ends
//! with its connection: those who do not get it send what another has decided. A holder cannot know at each moment that
//! its connection still stands; so who gets the lock begins a new *term*, a number in the ledger, and a transaction that
//! decides ends well only in the term that it was begun in: it locks that number until it is committed, so the next
//! holder, who must change it, waits for what is being committed, reads the past after that, and all later commits of
//! the former one are refused. Looking up in `pg_locks` whether the lock is still held would leave a gap before the commit.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

use super::StoreError;
use super::database::lives;
use crate::access;
use crate::beside::with_end;

/// How long the connection of a lock may take to answer before it counts as lost.
const ANSWER: Duration = Duration::from_secs(10);

/// A held lock; let go when it is dropped, and by the system when the process ends in whatever way.
#[derive(Debug)]
#[must_use = "the lock is let go when this is dropped"]
pub struct LedgerLock(Held);

#[derive(Debug)]
enum Held {
    /// Nobody else can reach the ledger.
    Alone,
    /// The file's lock.
    File { _file: File },
    /// The server's lock.
    Server { connection: Box<PgConnection>, term: Term },
}

/// The time from one holder of a server's lock to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Term(pub(super) i64);

impl LedgerLock {
    /// Grants a lock on what no other process can reach.
    pub(super) fn granted() -> Self {
        Self(Held::Alone)
    }

    /// Takes over a server's lock, which lasts as long as `connection`.
    pub(super) fn of_server(connection: PgConnection, term: i64) -> Self {
        Self(Held::Server { connection: Box::new(connection), term: Term(term) })
    }

    /// Returns the term that it began; `None` if nobody can begin another one.
    pub(super) fn term(&self) -> Option<Term> {
        match self.0 {
            Held::Alone | Held::File { .. } => None,
            Held::Server { term, .. } => Some(term),
        }
    }

    /// Tells whether it is still held, as far as one can know.
    pub async fn is_held(&mut self) -> bool {
        match &mut self.0 {
            Held::Alone | Held::File { .. } => true,
            Held::Server { connection, .. } => lives(connection, ANSWER).await,
        }
    }

    /// Lets it go at once; a server would notice a lost connection a little later.
    pub async fn release(self) {
        if let Held::Server { connection, .. } = self.0
            && let Err(error) = connection.close().await
        {
            tracing::debug!(%error, "the lock ends with its connection");
        }
    }

    /// Takes the lock of the ledger in `database`, a file of that name with `.lock` behind it.
    ///
    /// The file stays when the lock is let go: to delete it would let two processes lock two files of one name.
    pub(super) fn take(database: &Path) -> Result<Self, StoreError> {
        let path = lock_path(database);
        let failed = |source| StoreError::Open { file: path.clone(), source };
        let mut file = access::private_file()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        access::give_to_owner_of_folder(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {
                write_process(&mut file).map_err(failed)?;
                Ok(Self(Held::File { _file: file }))
            }
            Err(TryLockError::WouldBlock) => Err(served(database, &mut file)),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

/// Returns where the lock of the ledger in `database` is.
pub(super) fn lock_path(database: &Path) -> PathBuf {
    with_end(database, ".lock")
}

/// Writes who holds the lock. Since when, the file's own time says.
fn write_process(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())
}

fn served(database: &Path, file: &mut File) -> StoreError {
    let mut text = String::new();
    // What cannot be read is left out of the message; that the lock is held is what matters.
    let process = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
    let since = file.metadata().and_then(|data| data.modified()).ok().map(DateTime::<Utc>::from);
    StoreError::Served { ledger: database.display().to_string(), process, since }
}
