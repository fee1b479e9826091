//! Messages that the brake holds, what it holds them for, and what can become of them.
//! When messages are held is decided in `daemon::brake`; the rows are in `statements`.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::plan::Id;

/// A message that the brake holds, or has held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The plan's id.
    pub plan: Id,
    /// The id of the recipient's unit.
    pub to: Id,
    /// The recipient's name.
    pub to_name: String,
    /// The subject.
    pub subject: String,
    /// The full ids of the deadlines that it is about.
    pub deadlines: Vec<String>,
    /// When it was decided.
    pub at: DateTime<Utc>,
    /// What it is held for.
    pub why: HeldFor,
}

/// What a message is held for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldFor {
    /// A change of the files, by its hash: those before would not have sent it.
    Change(String),
    /// A limit that was reached.
    Limit(Limit),
}

/// How many messages there may be before the rest is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// In one tick of all plans.
    Tick,
    /// In one hour.
    Hour,
    /// To one recipient on one day.
    Recipient,
}

/// What becomes of messages that the brake holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They are sent.
    Release,
    /// They are never sent; what they would have told counts as told.
    Drop,
}

impl HeldFor {
    /// Reads the word that the ledger keeps: the name of a limit, or the hash of a change.
    pub fn from_word(word: &str) -> Self {
        match Limit::ALL.into_iter().find(|limit| limit.word() == word) {
            Some(limit) => Self::Limit(limit),
            None => Self::Change(word.to_owned()),
        }
    }

    /// Returns the word that the ledger keeps.
    pub fn word(&self) -> &str {
        match self {
            Self::Change(hash) => hash,
            Self::Limit(limit) => limit.word(),
        }
    }
}

impl Limit {
    /// All limits.
    pub const ALL: [Self; 3] = [Self::Tick, Self::Hour, Self::Recipient];

    /// Returns its name, which is that of its key in the configuration; no hash looks like it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tick => "a_tick",
            Self::Hour => "an_hour",
            Self::Recipient => "a_recipient_and_day",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
