//! Changes of a project's files, as values: which files took force or were refused, when, and by whom.
//! What may take force is decided in `daemon`; what a change does to mails is compared in `diff`; the rows are in `statements`.

use chrono::{DateTime, NaiveTime, Utc};

use crate::project::Files;

/// The place of a change among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeId(pub(super) i64);

/// Files of a project as they were read at a moment, and what became of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When they took force, or were refused.
    pub at: DateTime<Utc>,
    /// The SHA-256 over names, texts and settings ([`Files::hash`]), in hexadecimal.
    pub hash: String,
    /// The hour from which mails go out.
    pub send_at: NaiveTime,
    /// Who wrote them, if that is known.
    pub who: Option<String>,
    /// The names of the files that are not as they were before.
    pub changed: Vec<String>,
    /// Why they were refused, in one line; `None` if they took force.
    pub refused: Option<String>,
    /// What they change, where it was compared.
    pub numbers: Option<Numbers>,
}

/// A difference in numbers of messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Messages that were not sent before.
    pub added: u32,
    /// Messages that are sent no more.
    pub gone: u32,
    /// Messages that are sent at another time.
    pub moved: u32,
    /// Messages that go to another recipient.
    pub redirected: u32,
    /// Messages whose words are others.
    pub reworded: u32,
}

/// A change in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeEntry {
    /// Its place; later ones are greater.
    pub id: ChangeId,
    /// What it is.
    pub change: Change,
}

impl ChangeEntry {
    /// Returns the newest of `changes`, oldest first, that took force.
    pub fn newest_in_force(changes: &[Self]) -> Option<&Self> {
        changes.iter().rfind(|entry| entry.change.refused.is_none())
    }
}

impl Change {
    /// Returns the word for JSON and SQL: `in_force` or `refused`.
    pub fn state(&self) -> &'static str {
        if self.refused.is_some() { "refused" } else { "in_force" }
    }
}

/// A change that is to be written down, with its files.
#[derive(Debug, Clone)]
pub struct NewChange {
    /// What it is.
    pub change: Change,
    /// The files, all of them.
    pub files: Files,
}
