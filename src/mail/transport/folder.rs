//! Into a folder: a file a message that any mail program opens, and a list of them all.
//! The list, and what makes a second delivery of the same message do nothing, is in `list`.

mod list;

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, FixedOffset};

use crate::access;
use crate::mail::sender::{self, Sender};
use crate::mail::{Copy, Delivery, Message, Taken, mime};

use list::{Entry, Known, List};

/// Writes messages into a folder.
#[derive(Debug)]
pub struct Folder {
    place: Arc<Place>,
    sender: Sender,
}

/// Why a folder cannot be written to.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It is not there and cannot be made.
    #[error("cannot create the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// The list of messages cannot be read or written.
    #[error("cannot write the list {}", path.display())]
    List {
        /// The list.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// A message cannot be written.
    #[error("cannot write the mail {}", path.display())]
    Mail {
        /// The message's file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
}

/// The folder itself, as the thread that writes sees it.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    durable: bool,
    known: Mutex<Known>,
}

impl Folder {
    /// Opens the folder at `path`, and creates it if it is not there.
    ///
    /// A `durable` folder answers only when a mail would outlast a power cut; a replay can do without, which is much
    /// faster.
    ///
    /// # Errors
    /// If the folder cannot be made or its list cannot be read and written.
    pub fn open(
        path: impl Into<PathBuf>,
        sender: Sender,
        durable: bool,
    ) -> Result<Self, FolderError> {
        let place = Place { path: path.into(), durable, known: Mutex::default() };
        place.tidy()?;
        Ok(Self { place: Arc::new(place), sender })
    }

    /// Writes `message`, dated `date`, unless it was written before.
    ///
    /// A message that is listed and whose file is gone is written again: the folder cannot tell a crash from a mail
    /// that somebody moved elsewhere.
    pub async fn deliver(&self, message: &Message, date: DateTime<FixedOffset>) -> Delivery {
        // What SMTP would refuse is refused here too, so that a replay shows it.
        if let Err(error) = sender::address(&message.address) {
            return Delivery::GiveUp(format!("`{}`: {error}", message.address));
        }
        let mail = mime(message, &self.sender, date);
        let (place, message) = (Arc::clone(&self.place), message.clone());
        let written = tokio::task::spawn_blocking(move || place.put(&message, date, mail));
        match written.await {
            Ok(Ok((file, mail))) => {
                let copy = Copy::of(&mail);
                Delivery::Sent(Taken { reply: format!("written to {file}"), copy })
            }
            Ok(Err(error)) => {
                let source = error.source().map(ToString::to_string).unwrap_or_default();
                Delivery::Again(format!("{error}: {source}"))
            }
            Err(error) => Delivery::Again(format!("writing the mail was broken off: {error}")),
        }
    }
}

impl Place {
    /// Takes away what a crash left half written. Nobody writes meanwhile, for the list is locked.
    fn tidy(&self) -> Result<(), FolderError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let _list = self.list(&mut known)?;
        let failed = |source| FolderError::Folder { path: self.path.clone(), source };
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with('.') && name.ends_with(".eml.tmp"))
            {
                fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Writes the mail and lists it; returns the name of its file, and the mail that lies there: an earlier attempt's, if
    /// that was written and nobody heard of it.
    ///
    /// The mail is written under a temporary name, then listed, then given its name. If this ends before the last step,
    /// the list says under which name the next attempt has to write it, and nothing stands there twice.
    fn put(
        &self,
        message: &Message,
        date: DateTime<FixedOffset>,
        mail: Vec<u8>,
    ) -> Result<(String, Vec<u8>), FolderError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut list = self.list(&mut known)?;
        if let Some(file) = list.file_of(&message.message_id) {
            let file = file.to_owned();
            if let Ok(there) = fs::read(self.path.join(&file)) {
                return Ok((file, there));
            }
            self.write(&file, &mail)?;
            self.name(&file)?;
            return Ok((file, mail));
        }
        let file = self.free_name(&list, message, date);
        self.write(&file, &mail)?;
        if let Err(source) = list.add(&Entry::of(message, date, &file)) {
            // Best effort: opening the folder takes it away as well.
            let _ = fs::remove_file(self.temporary(&file));
            return Err(self.list_failed(source));
        }
        self.name(&file)?;
        Ok((file, mail))
    }

    /// Opens and locks the list, and learns what others have added to it.
    fn list<'a>(&self, known: &'a mut Known) -> Result<List<'a>, FolderError> {
        access::private_folder(&self.path)
            .map_err(|source| FolderError::Folder { path: self.path.clone(), source })?;
        List::open(&self.list_path(), self.durable, known)
            .map_err(|source| self.list_failed(source))
    }

    fn list_path(&self) -> PathBuf {
        self.path.join("messages.jsonl")
    }

    fn list_failed(&self, source: io::Error) -> FolderError {
        FolderError::List { path: self.list_path(), source }
    }

    /// Returns a name that sorts by time, says to whom, and stands for no other mail.
    fn free_name(&self, list: &List<'_>, message: &Message, date: DateTime<FixedOffset>) -> String {
        let (id, _) = message.message_id.split_once('@').unwrap_or((&message.message_id, ""));
        let id: String = safe(id).chars().take(8).collect();
        let to: String = safe(&message.to).chars().take(40).collect();
        let stem = format!("{}-{to}-{id}", date.format("%Y-%m-%dT%H%M"));
        let others = (2..).map(|n| format!("{stem}-{n}.eml"));
        std::iter::once(format!("{stem}.eml"))
            .chain(others)
            .find(|name| !list.has_file(name) && !self.path.join(name).exists())
            .expect("the numbers do not end")
    }

    /// Writes a mail under its temporary name, or leaves nothing.
    fn write(&self, file: &str, mail: &[u8]) -> Result<(), FolderError> {
        let path = self.temporary(file);
        // Nothing that stands there already is written to: it might be a link to a file elsewhere.
        let _ = fs::remove_file(&path);
        let made = access::private_file().write(true).create_new(true).open(&path);
        let written = made.and_then(|mut file| {
            file.write_all(mail)?;
            if self.durable { file.sync_all() } else { Ok(()) }
        });
        written.map_err(|source| {
            let _ = fs::remove_file(&path);
            FolderError::Mail { path: self.path.join(file), source }
        })
    }

    /// Gives a mail its name.
    fn name(&self, file: &str) -> Result<(), FolderError> {
        let path = self.path.join(file);
        fs::rename(self.temporary(file), &path)
            .and_then(|()| if self.durable { sync_folder(&self.path) } else { Ok(()) })
            .map_err(|source| FolderError::Mail { path, source })
    }

    fn temporary(&self, file: &str) -> PathBuf {
        self.path.join(format!(".{file}.tmp"))
    }
}

/// Returns `text` with nothing in it that a file system or a shell could take for something else.
fn safe(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect()
}

/// Makes sure that the names in a folder outlast a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened like a file, and names are safe once they are given.
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}
