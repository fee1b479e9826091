//! Copies of a ledger in a file: made while a daemon writes, checked, and put back into its place.
//! How a ledger is opened is in `sqlite`; what is said about a copy is `cli`'s.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use thiserror::Error;

use super::address::Address;
use super::{LedgerLock, Store, StoreError};
use crate::access;
use crate::beside::{folder_of, with_end};

/// What lies in a ledger, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Notices, told or not.
    pub notices: i64,
    /// Messages in all states.
    pub messages: i64,
    /// Answers.
    pub answers: i64,
    newest_ms: Option<i64>,
}

/// A ledger that was put back.
#[derive(Debug)]
pub struct Restored {
    /// What lies in it.
    pub contents: Contents,
    /// The ledger.
    pub file: PathBuf,
    /// Where the one that was there before is now.
    pub put_aside: Option<PathBuf>,
}

/// Why there is no copy, or none was put back. What was there is then as it was, or lies aside, whole.
#[derive(Debug, Error)]
pub enum CopyError {
    /// The ledger is not in a file of SQLite's.
    #[error("the ledger is not in a file, so frist does not copy it")]
    NoFile,
    /// There is no ledger.
    #[error("there is no ledger yet: the daemon has not run")]
    NoLedger,
    /// The file to restore has no ledger in it.
    #[error("`{}` has no ledger in it", .0.display())]
    Empty(PathBuf),
    /// A file of that name is there already.
    #[error("`{}` is there already", .0.display())]
    Taken(PathBuf),
    /// A ledger is there already.
    #[error("the ledger `{}` is there already", .0.display())]
    LedgerThere(PathBuf),
    /// A file cannot be read or written.
    #[error("`{}`", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A ledger fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Contents {
    /// Returns when something was written last: a tick that decided something, or an answer.
    pub fn newest(&self) -> Option<DateTime<Utc>> {
        self.newest_ms.filter(|at| *at > 0).and_then(DateTime::from_timestamp_millis)
    }
}

/// Copies the ledger at `url` into the new file `to`, as it is at one moment, and checks the copy.
///
/// Others may write meanwhile. Only the file's owner can read it.
///
/// # Errors
/// If there is no ledger in a file, `to` is there already, or anything fails; then there is no `to`.
pub async fn back_up(url: &str, folder: &Path, to: &Path) -> Result<Contents, CopyError> {
    let Address::File(ledger) = Address::read(url, folder)? else { return Err(CopyError::NoFile) };
    if fs::symlink_metadata(to).is_ok() {
        return Err(CopyError::Taken(to.to_owned()));
    }
    if Store::open_existing(url, folder).await?.is_none() {
        return Err(CopyError::NoLedger);
    }
    copy(&ledger, to, |part| into_place(part, to, None)).await
}

/// Puts a copy of the ledger in `from` at `url`; one that is there already is put aside if `force` says so, with `now` in
/// its name.
///
/// Before that it deletes `token`, which lets an installation send for the ledger that was there: whatever the copy lacks is due
/// again, and a power cut in between is not to leave the two together.
///
/// # Errors
/// If `from` is no sound ledger of this frist or an older one, a daemon serves the one at `url`, it is in the way, or `token`
/// cannot be deleted.
pub async fn restore(
    url: &str,
    folder: &Path,
    from: &Path,
    force: bool,
    token: Option<&Path>,
    now: DateTime<Utc>,
) -> Result<Restored, CopyError> {
    let Address::File(ledger) = Address::read(url, folder)? else { return Err(CopyError::NoFile) };
    readable(from).await?;
    let _lock = LedgerLock::take(&ledger)?;
    let is_there = fs::metadata(&ledger).is_ok_and(|data| data.len() > 0);
    if is_there && !force {
        return Err(CopyError::LedgerThere(ledger));
    }
    let aside = with_end(&ledger, &format!(".{}", now.format("%Y-%m-%dT%H%M%S%.3fZ")));
    let aside = is_there.then_some(aside);
    if let Some(aside) = aside.iter().find(|aside| aside.exists()) {
        return Err(CopyError::Taken(aside.clone()));
    }
    let contents = copy(from, &ledger, |part| {
        token.map_or(Ok(()), take_away)?;
        into_place(part, &ledger, aside.as_deref())
    })
    .await?;
    // Root restores; the ledger and its lock belong to the daemon's user, as their folder does.
    access::give_to_owner_of_folder(&ledger)
        .map_err(|source| CopyError::File { file: ledger.clone(), source })?;
    Ok(Restored { contents, file: ledger, put_aside: aside })
}

/// Refuses what is no ledger that this frist could bring up to date.
async fn readable(file: &Path) -> Result<(), CopyError> {
    fs::metadata(file).map_err(|source| CopyError::File { file: file.to_owned(), source })?;
    let url = format!("sqlite:{}", file.display());
    match Store::open_existing(&url, Path::new(".")).await {
        Ok(Some(_)) | Err(StoreError::Older { .. }) => Ok(()),
        Ok(None) => Err(CopyError::Empty(file.to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// Copies the ledger in `from` to a file beside `to`, which is put into its place when it has turned out to be sound.
async fn copy(
    from: &Path,
    to: &Path,
    put: impl FnOnce(&Path) -> Result<(), CopyError>,
) -> Result<Contents, CopyError> {
    let part = with_end(to, ".part");
    let copied = match copy_and_check(from, &part).await {
        Ok(contents) => put(&part).map(|()| contents),
        Err(error) => Err(error),
    };
    if copied.is_err() {
        // What is left of an attempt is nobody's ledger; if it cannot be deleted, the next attempt says so.
        let _ = fs::remove_file(&part);
    }
    copied
}

async fn copy_and_check(from: &Path, part: &Path) -> Result<Contents, CopyError> {
    let failed = |source| CopyError::File { file: part.to_owned(), source };
    if_there(fs::remove_file(part)).map_err(failed)?;
    let file = access::private_file().write(true).create_new(true).open(part).map_err(failed)?;
    let mut reader = connect(from).await?;
    sqlx::query("VACUUM INTO ?")
        .bind(part.to_string_lossy().into_owned())
        .execute(&mut reader)
        .await
        .map_err(|source| trouble(part, source))?;
    close(reader, from).await?;
    let contents = check(part).await.map_err(|error| of_original(error, from))?;
    file.sync_all().map_err(failed)?;
    Ok(contents)
}

/// A damage that was copied is the original's.
fn of_original(error: CopyError, from: &Path) -> CopyError {
    match error {
        CopyError::Store(StoreError::Damaged { found, .. }) => {
            StoreError::Damaged { ledger: from.display().to_string(), found }.into()
        }
        other => other,
    }
}

/// Reads the whole file, and counts what is in it.
async fn check(file: &Path) -> Result<Contents, CopyError> {
    let mut reader = connect(file).await?;
    let failed = |source| trouble(file, source);
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut reader)
        .await
        .map_err(failed)?;
    if found != "ok" {
        return Err(StoreError::Damaged { ledger: file.display().to_string(), found }.into());
    }
    let (notices, messages, answers, newest_ms) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM notices), (SELECT count(*) FROM messages), (SELECT count(*) FROM answers),
                max((SELECT coalesce(max(at), 0) FROM notices), (SELECT coalesce(max(at), 0) FROM answers))",
    )
    .fetch_one(&mut reader)
    .await
    .map_err(failed)?;
    close(reader, file).await?;
    Ok(Contents { notices, messages, answers, newest_ms })
}

/// Deletes a file for good, if it is there.
fn take_away(file: &Path) -> Result<(), CopyError> {
    if_there(fs::remove_file(file))
        .and_then(|()| sync_folder(file))
        .map_err(|source| CopyError::File { file: file.to_owned(), source })
}

/// What was done with a file that is not there is done.
fn if_there(done: io::Result<()>) -> io::Result<()> {
    done.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// Gives a checked copy its name, so that it survives a power cut.
fn into_place(part: &Path, to: &Path, aside: Option<&Path>) -> Result<(), CopyError> {
    let failed = |source| CopyError::File { file: to.to_owned(), source };
    // What lies beside a file that is gone, or empty, would be taken for the copy's own.
    for suffix in ["", "-wal", "-shm"] {
        let old = with_end(to, suffix);
        let moved = match aside {
            // Only says where in the `-wal` is what; SQLite makes it anew.
            _ if suffix == "-shm" => fs::remove_file(&old),
            Some(aside) => fs::rename(&old, with_end(aside, suffix)),
            None if suffix.is_empty() => Ok(()),
            None => fs::remove_file(&old),
        };
        if_there(moved).map_err(failed)?;
    }
    fs::rename(part, to).map_err(failed)?;
    sync_folder(to).map_err(failed)
}

/// Makes a new file's name, or its end, survive a power cut.
pub(super) fn sync_folder(file: &Path) -> io::Result<()> {
    File::open(folder_of(file)).and_then(|folder| folder.sync_all())
}

async fn connect(file: &Path) -> Result<SqliteConnection, CopyError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(Duration::from_secs(10));
    SqliteConnection::connect_with(&options).await.map_err(|source| trouble(file, source))
}

async fn close(connection: SqliteConnection, file: &Path) -> Result<(), CopyError> {
    connection.close().await.map_err(|source| trouble(file, source))
}

fn trouble(file: &Path, source: sqlx::Error) -> CopyError {
    StoreError::from_sqlite(&file.to_string_lossy(), source).into()
}
