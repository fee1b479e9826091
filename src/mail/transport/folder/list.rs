//! The list of all messages in a folder, `messages.jsonl`: a line a message, in the order in which they were sent.
//! It is also the folder's memory: a message id that stands in it is not written again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde::{Deserialize, Serialize};

use crate::access;
use crate::mail::Message;

/// A line of the list; its names and their order are a contract.
#[derive(Debug, Serialize)]
pub(super) struct Entry<'a> {
    at: String,
    to: &'a str,
    address: &'a str,
    subject: &'a str,
    message_id: &'a str,
    file: &'a str,
    deadlines: &'a [String],
}

/// What is read back of a line.
#[derive(Deserialize)]
struct Listed {
    message_id: String,
    file: String,
}

/// What the list is known to hold, up to a length.
#[derive(Debug, Default)]
pub(super) struct Known {
    file_of: BTreeMap<String, String>,
    files: BTreeSet<String>,
    length: u64,
}

/// The list, locked against other processes for as long as this lives.
pub(super) struct List<'a> {
    file: File,
    durable: bool,
    known: &'a mut Known,
}

impl<'a> Entry<'a> {
    /// Makes the line of `message`, which stands in `file`.
    pub(super) fn of(message: &'a Message, date: DateTime<FixedOffset>, file: &'a str) -> Self {
        Self {
            at: date.to_rfc3339_opts(SecondsFormat::Secs, false),
            to: &message.to,
            address: &message.address,
            subject: &message.subject,
            message_id: &message.message_id,
            file,
            deadlines: &message.deadlines,
        }
    }
}

impl<'a> List<'a> {
    /// Opens the list, waits until nobody else writes to it, and reads what is new in it.
    pub(super) fn open(path: &Path, durable: bool, known: &'a mut Known) -> io::Result<Self> {
        let file = access::private_file().read(true).append(true).create(true).open(path)?;
        file.lock()?;
        let mut list = Self { file, durable, known };
        list.catch_up()?;
        Ok(list)
    }

    /// Reads what was added since the last time, and takes away half a line that a crash left at the end: its mail
    /// was not given its name yet.
    fn catch_up(&mut self) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        if length < self.known.length {
            // Somebody has emptied or replaced the list.
            *self.known = Known::default();
        }
        let new = length - self.known.length;
        if new == 0 {
            return Ok(());
        }
        self.file.seek(SeekFrom::Start(self.known.length))?;
        let mut bytes = Vec::new();
        (&self.file).take(new).read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if whole < bytes.len() {
            self.file.set_len(self.known.length + whole as u64)?;
        }
        for line in bytes[..whole].split(|byte| *byte == b'\n') {
            // A line that is not ours says nothing about any message.
            if let Ok(listed) = serde_json::from_slice::<Listed>(line) {
                self.known.files.insert(listed.file.clone());
                self.known.file_of.insert(listed.message_id, listed.file);
            }
        }
        self.known.length += whole as u64;
        Ok(())
    }

    /// Returns the file of the message with this id, if it is listed.
    pub(super) fn file_of(&self, message_id: &str) -> Option<&str> {
        self.known.file_of.get(message_id).map(String::as_str)
    }

    /// Tells whether a message with this file is listed.
    pub(super) fn has_file(&self, file: &str) -> bool {
        self.known.files.contains(file)
    }

    /// Adds a line in one write, or leaves the list as it was.
    pub(super) fn add(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let written = (&self.file).write_all(&line);
        let written =
            written.and_then(|()| if self.durable { self.file.sync_data() } else { Ok(()) });
        if written.is_err() {
            // Should this fail too, half a line is left, which the next opening takes away.
            let _ = self.file.set_len(self.known.length);
            return written;
        }
        self.known.length += line.len() as u64;
        self.known.file_of.insert(entry.message_id.to_owned(), entry.file.to_owned());
        self.known.files.insert(entry.file.to_owned());
        Ok(())
    }
}
