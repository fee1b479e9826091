//! Receipts: what a mail server has taken, noted in a file beside the ledger until that has it.
//! Writing into the ledger takes milliseconds, a line at the end of a file microseconds. So a program that is killed just
//! after the server's yes tells its mail to nobody twice: whoever starts next finds the receipt. What it comes to in the
//! ledger is in `store`.
//!
//! Receipts help and decide nothing: without them, as after a power cut, a mail may be repeated with the same `Message-ID`.

mod left;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::beside::{folder_of, with_end};
use crate::fingerprint;
use crate::instance::Instance;
use crate::store::{OutboxId, Receipt, Store, StoreError};
use sheet::Sheet;

/// What stands behind the name of what the folder lies beside.
const FOLDER: &str = ".receipts";

/// When a sheet has this many bytes, the next receipts go to the other one.
const FULL: u64 = 4 << 20;

/// The receipts of one process, in a folder that it may share with others.
#[derive(Debug)]
pub struct Receipts {
    place: Place,
    book: Mutex<Book>,
}

/// Where the receipts for one ledger lie.
#[derive(Debug)]
struct Place {
    folder: PathBuf,
    /// What the names of the files begin with: what tells this ledger from others.
    ledger: String,
}

/// Two sheets, so that one can be emptied while receipts go to the other.
#[derive(Debug, Default)]
struct Book {
    sheets: [Option<Sheet>; 2],
    /// Which of them receipts go to.
    current: usize,
    /// What is in the way, as far as the log has it.
    told: BTreeSet<PathBuf>,
}

/// Returns the folder of receipts for the ledger of an installation, which may not be there; `None` if it is in memory.
pub fn folder(instance: &Instance) -> Option<PathBuf> {
    instance.beside().map(|beside| with_end(beside, FOLDER))
}

impl Receipts {
    /// Finds the place of receipts for the ledger of this installation; nothing is made yet. `None` if it is in memory.
    pub fn of(instance: &Instance) -> Option<Self> {
        let folder = folder(instance)?;
        let mut ledger = fingerprint::of([instance.ledger().as_bytes()]);
        ledger.truncate(16);
        let place = Place { folder, ledger };
        Some(Self { place, book: Mutex::default() })
    }

    /// Notes that a server has taken a message. What cannot be noted is logged once; the ledger will have it soon.
    pub fn note(&self, receipt: &Receipt) {
        let line = sheet::line(receipt);
        let mut book = self.book();
        match line.and_then(|line| book.note(&self.place, receipt.id(), &line)) {
            Ok(()) => {
                book.told.remove(&self.place.folder);
            }
            Err(error) => book.tell(&self.place.folder, &error),
        }
    }

    /// Forgets what the ledger has.
    pub fn settled(&self, messages: impl IntoIterator<Item = OutboxId>) {
        self.book().settled(messages);
    }

    /// Enters into `store` what processes that are dead have sent, and forgets it; returns how many messages the ledger
    /// took for not sent.
    ///
    /// # Errors
    /// If the ledger fails; then the receipts stay.
    pub async fn adopt(&self, store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut left = left::left(&self.place, |path, error| self.book().tell(path, error));
        if left.is_empty() {
            return Ok(0);
        }
        let receipts = left.iter_mut().flat_map(|left| left.receipts.drain(..)).collect();
        let adopted = store.settle_receipts(receipts, now).await?;
        for left in left {
            if let Err(error) = left.remove() {
                self.book().tell(&left.path, &error);
            }
        }
        if adopted > 0 {
            tracing::info!(
                messages = adopted,
                "sent by one that died before it could write that down"
            );
        }
        Ok(adopted)
    }

    /// Takes its files away, unless they say what the ledger does not have.
    pub fn close(&self) {
        for sheet in &mut self.book().sheets {
            if let Some(sheet) = sheet.take_if(|sheet| sheet.is_settled()) {
                sheet.remove();
            }
        }
        // Others may still use it.
        let _ = fs::remove_dir(&self.place.folder);
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Tells whether the folder is there. One of somebody else's is not written into, and not believed.
    fn is_there(&self) -> io::Result<bool> {
        let data = match fs::symlink_metadata(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            data => data?,
        };
        let owner = fs::metadata(folder_of(&self.folder))?.uid();
        let is_ours = data.uid() == owner || data.uid() == rustix::process::geteuid().as_raw();
        if data.is_dir() && is_ours && data.mode() & 0o022 == 0 {
            Ok(true)
        } else {
            Err(io::Error::other("it is no folder that the daemon's user alone can write into"))
        }
    }
}

impl Book {
    fn note(&mut self, place: &Place, message: OutboxId, line: &[u8]) -> io::Result<()> {
        let sheet = match &mut self.sheets[self.current] {
            Some(sheet) if sheet.is_there() => sheet,
            none => none.insert(Sheet::new(place)?),
        };
        sheet.note(message, line)
    }

    fn settled(&mut self, messages: impl IntoIterator<Item = OutboxId>) {
        for message in messages {
            for sheet in self.sheets.iter_mut().flatten() {
                sheet.settled(message);
            }
        }
        for sheet in self.sheets.iter_mut().flatten() {
            sheet.begin_anew();
        }
        let is_full =
            |sheet: &Option<Sheet>| sheet.as_ref().is_some_and(|sheet| sheet.bytes() >= FULL);
        let other = 1 - self.current;
        if is_full(&self.sheets[self.current]) && !is_full(&self.sheets[other]) {
            self.current = other;
        }
    }

    /// Logs what is in the way, once.
    fn tell(&mut self, path: &Path, why: &dyn Display) {
        if self.told.insert(path.to_owned()) {
            let path = path.display();
            tracing::warn!(%path, %why, "what was sent is not noted beside the ledger, or cannot be read there");
        }
    }
}
