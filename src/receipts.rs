//! Receipts: what a mail server has taken, noted in a file beside the ledger until that has it.
//! Writing into the ledger takes milliseconds, a line at the end of a file microseconds. So a program that is killed just
//! after the server's yes tells its mail to nobody twice: whoever starts next finds the receipt. What it comes to in the
//! ledger is in `store`.
//!
//! Receipts help and decide nothing: without them, as after a power cut, a mail may be repeated with the same `Message-ID`.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::access;
use crate::fingerprint::hex;
use crate::store::{OutboxId, Receipt, Store, StoreError};

/// The extension of the folder, in the place of the token's.
const EXTENSION: &str = "receipts";

/// When a page has this many bytes, the next receipts go to the other one.
const FULL: u64 = 4 << 20;

/// How often a name for a page is tried that nobody else has.
const TRIES: usize = 10;

/// The receipts of one process, in a folder that it may share with others.
#[derive(Debug)]
pub struct Receipts {
    folder: PathBuf,
    book: Mutex<Book>,
}

/// Two pages, so that one can be emptied while receipts go to the other.
#[derive(Debug, Default)]
struct Book {
    pages: [Option<Page>; 2],
    /// Which of them receipts go to.
    current: usize,
    /// Whether the last one could not be written.
    is_failing: bool,
}

/// A file that its process holds locked, so that others see that it lives.
#[derive(Debug)]
struct Page {
    path: PathBuf,
    file: File,
    bytes: u64,
    /// What the ledger does not have yet.
    open: BTreeSet<OutboxId>,
}

impl Receipts {
    /// Finds the place of receipts for the installation whose token lies in `token`; nothing is made yet.
    pub fn beside(token: &Path) -> Self {
        Self { folder: token.with_extension(EXTENSION), book: Mutex::default() }
    }

    /// Notes that a server has taken a message. What cannot be noted is logged once; the ledger will have it soon.
    pub fn note(&self, receipt: &Receipt) {
        let mut book = self.book();
        let noted = book.note(&self.folder, receipt);
        if let (Err(error), false) = (&noted, book.is_failing) {
            tracing::warn!(%error, "what is sent cannot be noted beside the ledger");
        }
        book.is_failing = noted.is_err();
    }

    /// Forgets what the ledger has.
    pub fn settled(&self, messages: impl IntoIterator<Item = OutboxId>) {
        self.book().settled(messages);
    }

    /// Enters into `store` what processes that are dead have sent, and forgets them; returns how many messages the ledger
    /// took for not sent.
    ///
    /// # Errors
    /// If the ledger fails; then the receipts stay.
    pub async fn adopt(&self, store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut adopted = 0;
        let left = match left(&self.folder) {
            Ok(left) => left,
            Err(error) => {
                tracing::warn!(%error, "what was sent before cannot be read beside the ledger");
                return Ok(0);
            }
        };
        for Left { path, file, receipts } in left {
            adopted += store.settle_receipts(receipts, now).await?;
            if let Err(error) = fs::remove_file(&path) {
                tracing::warn!(%error, "a receipt that the ledger has cannot be removed");
            }
            drop(file);
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
        for page in &mut self.book().pages {
            if let Some(page) = page.take_if(|page| page.open.is_empty()) {
                // What stays is empty, and the next start removes it.
                let _ = fs::remove_file(&page.path);
            }
        }
        // Others may still use it.
        let _ = fs::remove_dir(&self.folder);
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn note(&mut self, folder: &Path, receipt: &Receipt) -> io::Result<()> {
        let page = match &mut self.pages[self.current] {
            Some(page) => page,
            none => none.insert(Page::new(folder)?),
        };
        // A line that was cut off, by a full disk say, must not spoil the next one.
        let mut line = b"\n".to_vec();
        serde_json::to_writer(&mut line, receipt)?;
        page.file.write_all(&line)?;
        page.bytes += line.len() as u64;
        page.open.insert(receipt.id());
        Ok(())
    }

    fn settled(&mut self, messages: impl IntoIterator<Item = OutboxId>) {
        for message in messages {
            for page in self.pages.iter_mut().flatten() {
                page.open.remove(&message);
            }
        }
        for page in self.pages.iter_mut().flatten() {
            page.empty();
        }
        let bytes = |page: &Option<Page>| page.as_ref().map_or(0, |page| page.bytes);
        let other = 1 - self.current;
        if bytes(&self.pages[self.current]) >= FULL && bytes(&self.pages[other]) == 0 {
            self.current = other;
        }
    }
}

impl Page {
    fn new(folder: &Path) -> io::Result<Self> {
        access::private_folder(folder)?;
        access::give_to_owner_of_folder(folder)?;
        for _ in 0..TRIES {
            let mut random = [0; 8];
            getrandom::fill(&mut random).map_err(io::Error::other)?;
            let path = folder.join(hex(&random));
            let file = access::private_file().append(true).create_new(true).open(&path)?;
            access::give_to_owner_of(&path, folder)?;
            // Before it is locked, another may take it for that of a dead one, and remove it.
            if is_locked(&file)? && file.metadata()?.nlink() > 0 {
                return Ok(Self { path, file, bytes: 0, open: BTreeSet::new() });
            }
        }
        Err(io::Error::other("others remove the files"))
    }

    /// Begins anew if the ledger has all that it says.
    fn empty(&mut self) {
        // What cannot be emptied stays: the ledger knows that it has it.
        if self.open.is_empty() && self.bytes > 0 && self.file.set_len(0).is_ok() {
            self.bytes = 0;
        }
    }
}

/// Locks a file for this process; tells whether no other has.
fn is_locked(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(false),
        locked => Ok(locked.map(|()| true)?),
    }
}

/// What a dead process has left.
struct Left {
    path: PathBuf,
    /// Locked, so that only one enters it.
    file: File,
    receipts: Vec<Receipt>,
}

fn left(folder: &Path) -> io::Result<Vec<Left>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut left = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let mut file = match File::open(&path) {
            // Its process has just ended well, or another has entered it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            file => file?,
        };
        if !is_locked(&file)? {
            continue;
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let receipts: Vec<_> = lines.map(serde_json::from_slice).collect();
        let unreadable = receipts.iter().filter(|receipt| receipt.is_err()).count();
        if unreadable > 0 {
            tracing::warn!(
                unreadable,
                "receipts beside the ledger were cut off, and count for nothing"
            );
        }
        left.push(Left { path, file, receipts: receipts.into_iter().flatten().collect() });
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(id: u32, reply: &str) -> Receipt {
        let json =
            serde_json::json!({"id": id, "holder": "we", "at": 0, "reply": reply, "copy": null});
        serde_json::from_value(json).unwrap()
    }

    /// Two processes with receipts in one folder, one of which has noted messages 1 and 2.
    fn two() -> (tempfile::TempDir, Receipts, Receipts) {
        let folder = tempfile::tempdir().unwrap();
        let process = || Receipts::beside(&folder.path().join("frist.db.instance"));
        let (one, other) = (process(), process());
        one.note(&receipt(1, "250"));
        one.note(&receipt(2, "250"));
        (folder, one, other)
    }

    fn ids(receipts: &Receipts) -> Vec<u32> {
        let left = left(&receipts.folder).unwrap();
        let ids = left.iter().flat_map(|left| &left.receipts).map(|receipt| {
            serde_json::to_value(receipt.id()).unwrap().as_u64().unwrap().try_into().unwrap()
        });
        ids.collect()
    }

    #[test]
    fn receipts_are_left_to_their_process_while_it_lives() {
        let (_folder, one, other) = two();
        assert!(ids(&other).is_empty());
        drop(one);
        assert_eq!(ids(&other), [1, 2]);
    }

    #[test]
    fn what_the_ledger_has_leaves_nothing_behind() {
        let (_folder, one, other) = two();
        one.settled([receipt(1, "").id()]);
        one.close();
        assert!(other.folder.exists(), "one of them is open");
        one.settled([receipt(2, "").id()]);
        one.close();
        assert!(!other.folder.exists());
    }

    #[test]
    fn a_receipt_that_was_cut_off_spoils_no_other() {
        let (_folder, one, other) = two();
        let file = fs::read_dir(&other.folder).unwrap().next().unwrap().unwrap().path();
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, &text[..text.len() - 5]).unwrap();
        one.note(&receipt(3, "250"));
        drop(one);
        assert_eq!(ids(&other), [1, 3]);
    }

    #[test]
    fn receipts_take_bounded_room_although_one_is_always_open() {
        let (_folder, one, other) = two();
        one.settled([receipt(1, "").id()]);
        let reply = "x".repeat(100_000);
        let mut most = 0;
        for id in 3..200 {
            one.note(&receipt(id, &reply));
            one.settled([receipt(id - 1, "").id()]);
            let files = fs::read_dir(&other.folder).unwrap();
            most = most.max(files.map(|file| file.unwrap().metadata().unwrap().len()).sum());
        }
        assert!(most > FULL && most < 2 * FULL + 200_000, "{most}");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_no_reason_not_to_send() {
        let folder = tempfile::tempdir().unwrap();
        let receipts = Receipts::beside(&folder.path().join("gone/frist.instance"));
        fs::write(folder.path().join("gone"), "a file").unwrap();
        receipts.note(&receipt(1, "250"));
        receipts.settled([receipt(1, "").id()]);
        receipts.close();
    }
}
