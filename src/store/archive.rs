//! Archives: files of compressed JSON lines that the long texts of old messages go into, so that a ledger keeps its size.
//! What is needed against repeats stays in the ledger: keys, ids, addresses, states. How it is read is in `statements`.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use thiserror::Error;

use super::address::Address;
use super::{Store, StoreError, copy};

/// A message in an archive: what stays in the ledger as well, and its texts.
#[derive(Debug, Serialize)]
pub(super) struct Archived {
    /// Its row in the ledger.
    #[serde(skip)]
    pub(super) id: i64,
    pub(super) message_id: String,
    pub(super) plan: String,
    pub(super) to: String,
    pub(super) address: String,
    pub(super) deadlines: String,
    pub(super) queued_at: String,
    pub(super) settled_at: String,
    pub(super) state: String,
    pub(super) reply: Option<String>,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
    /// The mail as it left the house, and its SHA-256 in hexadecimal, which stays in the ledger as well.
    pub(super) mail: Option<String>,
    pub(super) digest: Option<String>,
}

/// Why not everything was archived. What the ledger has no more is in the archive; what it still has may be in both.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// The archive cannot be written.
    #[error("cannot write the archive `{}`", file.display())]
    File {
        /// The archive.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The ledger fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Returns the name of an archive that is made at `now`.
pub fn archive_name(now: DateTime<Utc>) -> String {
    now.format("frist-archive-%Y-%m-%dT%H%M%SZ.jsonl.gz").to_string()
}

/// Returns the folder that the ledger at `url` lies in; of one that is not in a file, the project's `folder`.
///
/// # Errors
/// If the address is not understood.
pub fn folder_of(url: &str, folder: &Path) -> Result<PathBuf, StoreError> {
    let file = match Address::read(url, folder)? {
        Address::File(file) => file,
        Address::Memory | Address::Postgres(_) => return Ok(folder.to_owned()),
    };
    Ok(file.parent().unwrap_or(folder).to_owned())
}

impl Store {
    /// Moves the texts of messages that were settled before `before` into the new file `to`, the oldest first and
    /// `most` at most; returns how many there were. If there are none, there is no file.
    ///
    /// The texts leave the ledger when they are safe on the disk, so a power cut can leave them in both, never in neither.
    ///
    /// # Errors
    /// If the file is there already, or it or the ledger cannot be written.
    pub async fn archive(
        &self,
        before: DateTime<Utc>,
        to: &Path,
        most: usize,
        now: DateTime<Utc>,
    ) -> Result<usize, ArchiveError> {
        let failed = |source| ArchiveError::File { file: to.to_owned(), source };
        let mut portion = self.to_archive(before, 0, most).await?;
        if portion.is_empty() {
            return Ok(0);
        }
        let file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(failed)?;
        let mut archive = GzEncoder::new(file, Compression::default());
        let mut ids = Vec::new();
        while let Some(last) = portion.last().map(|message| message.id) {
            for message in &portion {
                serde_json::to_writer(&mut archive, message)
                    .map_err(|error| failed(error.into()))?;
                archive.write_all(b"\n").map_err(failed)?;
                ids.push(message.id);
            }
            portion = self.to_archive(before, last, most - ids.len()).await?;
        }
        archive.finish().and_then(|file| file.sync_all()).map_err(failed)?;
        copy::sync_folder(to).map_err(failed)?;
        self.mark_archived(&ids, now).await?;
        Ok(ids.len())
    }
}
