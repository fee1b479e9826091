//! A file of receipts, held locked by the process that writes it, so that others see that it lives.
//! What becomes of it when its process has died is in `left`.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use super::Place;
use crate::access;
use crate::fingerprint::hex;
use crate::store::{OutboxId, Receipt};

/// How often a new file is tried that nobody else takes away.
const TRIES: usize = 10;

/// A shorter file is not emptied each time: what the ledger has once, it does not enter again.
const SHORT: u64 = 64 << 10;

/// A file of receipts.
#[derive(Debug)]
pub(super) struct Sheet {
    path: PathBuf,
    file: File,
    bytes: u64,
    /// What the ledger does not have yet.
    open: BTreeSet<OutboxId>,
}

impl Sheet {
    /// Makes a new one, and the folder if there is none.
    pub(super) fn new(place: &Place) -> io::Result<Self> {
        for _ in 0..TRIES {
            match Self::make(place) {
                // Another process has just taken the folder away with its own last file.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Ok(None) => {}
                Ok(Some(sheet)) => return Ok(sheet),
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("others take away what is made"))
    }

    fn make(place: &Place) -> io::Result<Option<Self>> {
        if !place.is_there()? {
            access::private_folder(&place.folder)?;
            access::give_to_owner_of_folder(&place.folder)?;
        }
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let path = place.folder.join(format!("{}-{}", place.ledger, hex(&random)));
        let file = access::private_file().append(true).create_new(true).open(&path)?;
        let is_ours = || {
            access::give_to_owner_of(&path, &place.folder)?;
            // Before it was locked, another may have taken it for that of a dead one, and removed it.
            Ok(lock(&file)? && is_there(&file))
        };
        match is_ours() {
            Ok(true) => Ok(Some(Self { path, file, bytes: 0, open: BTreeSet::new() })),
            taken => {
                let _ = fs::remove_file(&path);
                taken.map(|_| None)
            }
        }
    }

    /// Adds a line.
    pub(super) fn note(&mut self, message: OutboxId, line: &[u8]) -> io::Result<()> {
        self.file.write_all(line)?;
        self.bytes += line.len() as u64;
        self.open.insert(message);
        Ok(())
    }

    /// Notes that the ledger has `message`.
    pub(super) fn settled(&mut self, message: OutboxId) {
        self.open.remove(&message);
    }

    /// Empties the file if it is long and the ledger has all that it says.
    pub(super) fn begin_anew(&mut self) {
        if self.is_settled() && self.bytes > SHORT && self.file.set_len(0).is_ok() {
            self.bytes = 0;
        }
    }

    /// Tells whether the ledger has all that it says.
    pub(super) fn is_settled(&self) -> bool {
        self.open.is_empty()
    }

    /// Tells whether nobody has taken the file away.
    pub(super) fn is_there(&self) -> bool {
        is_there(&self.file)
    }

    /// How long the file is.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes the file away. One that stays says nothing new to the ledger.
    pub(super) fn remove(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Returns a receipt as a line. One that was cut off, by a full disk say, must not spoil the next: so each begins anew.
pub(super) fn line(receipt: &Receipt) -> io::Result<Vec<u8>> {
    let mut line = b"\n".to_vec();
    serde_json::to_writer(&mut line, receipt)?;
    Ok(line)
}

/// Locks a file for this process; `false` if another has.
pub(super) fn lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(false),
        locked => Ok(locked.map(|()| true)?),
    }
}

/// Tells whether an open file still has a name.
pub(super) fn is_there(file: &File) -> bool {
    file.metadata().is_ok_and(|data| data.nlink() > 0)
}
