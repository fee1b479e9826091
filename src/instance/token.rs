//! The token that lies beside a ledger: a secret, and what a copy of it does not have.
//! What follows if something does not fit is in `instance`.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::access;
use crate::beside::{folder_of, with_end};
use crate::fingerprint::{self, hex};
use crate::store::Position;

/// What the file says about itself to whoever opens it.
const ABOUT: &str =
    "This copy of frist may send mail: made by `frist arm`, to be neither copied nor edited.";

/// A token, with what it was written beside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Token {
    about: String,
    /// The secret, in hexadecimal.
    secret: String,
    /// The machine's id, hashed.
    pub(super) machine: Option<String>,
    /// Where the ledger is.
    pub(super) ledger: String,
    /// The file's number on the disk, which a copy or a restored file does not have.
    inode: u64,
    /// When that file was made, in nanoseconds, for a file whose content alone was restored; `None` if the disk does not
    /// know it.
    born: Option<u64>,
    /// How far the ledger had come.
    #[serde(flatten)]
    position: Position,
}

/// Why a token cannot be read.
#[derive(Debug, Error)]
pub enum TokenError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] io::Error),
    /// It is not what `frist arm` writes.
    #[error("it is not what `frist arm` writes ({0})")]
    Content(#[from] serde_json::Error),
}

impl Token {
    /// Makes a new one for a ledger that has come so far.
    pub(super) fn new(
        machine: Option<String>,
        ledger: String,
        position: Position,
    ) -> io::Result<Self> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(io::Error::other)?;
        Ok(Self {
            about: ABOUT.to_owned(),
            secret: hex(&secret),
            machine,
            ledger,
            inode: 0,
            born: None,
            position,
        })
    }

    /// Reads the one in `file`; `None` if there is none.
    pub(super) fn read(file: &Path) -> Result<Option<Self>, TokenError> {
        match fs::read(file) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes it to `file`, for its owner's eyes only. When this returns, it survives a power cut.
    pub(super) fn write(mut self, file: &Path) -> io::Result<()> {
        let folder = folder_of(file);
        let new = with_end(file, ".new");
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut written = access::private_file().write(true).create_new(true).open(&new)?;
        (self.inode, self.born) = identity(&written.metadata()?);
        let text = serde_json::to_string_pretty(&self).map_err(io::Error::other)?;
        writeln!(written, "{text}")?;
        access::give_to_owner_of(&new, if file.exists() { file } else { folder })?;
        written.sync_all()?;
        fs::rename(&new, file)?;
        File::open(folder)?.sync_all()
    }

    /// Returns what the ledger knows of it.
    pub(super) fn hash(&self) -> String {
        fingerprint::of([self.secret.as_bytes()])
    }

    /// Returns how far the ledger had come.
    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// Returns the same token for a ledger that has come further.
    pub(super) fn at(self, position: Position) -> Self {
        Self { position, ..self }
    }

    /// Tells whether `file` is the very file that it was written to.
    pub(super) fn is_where_it_was_written(&self, file: &Path) -> bool {
        fs::metadata(file).is_ok_and(|data| identity(&data) == (self.inode, self.born))
    }
}

/// Returns what tells a file from others of its name, before and after it.
fn identity(data: &fs::Metadata) -> (u64, Option<u64>) {
    let since_1970 = data.created().ok().and_then(|born| born.duration_since(UNIX_EPOCH).ok());
    (data.ino(), since_1970.and_then(|age| u64::try_from(age.as_nanos()).ok()))
}
