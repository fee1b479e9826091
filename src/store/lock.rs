//! The lock that keeps two daemons from serving one ledger.
//! Writing at the same time is safe without it (`frist done` does not take it); the database sees to that.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::StoreError;
use crate::access;

/// A held lock; let go when it is dropped, and by the system when the process ends in whatever way.
#[derive(Debug)]
#[must_use = "the lock is let go when this is dropped"]
pub struct LedgerLock {
    _file: Option<File>,
}

impl LedgerLock {
    /// Grants a lock on what no other process can reach.
    pub(super) fn granted() -> Self {
        Self { _file: None }
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
        match file.try_lock() {
            Ok(()) => {
                write_process(&mut file).map_err(failed)?;
                Ok(Self { _file: Some(file) })
            }
            Err(TryLockError::WouldBlock) => Err(served(database, &mut file)),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
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
