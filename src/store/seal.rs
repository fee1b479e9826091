//! The chain of the ledger's entries, as values: what sealing covers, and what a check of it finds.
//! How it is written and checked is in `statements::seal`; how it is told, in `cli`.

use chrono::{DateTime, Utc};

/// What a check of the whole ledger came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries the chain has.
    pub entries: u64,
    /// The newest entry: when it was written, and its seal in hexadecimal. Whoever notes the seal elsewhere can later
    /// show that nothing before it was changed, not even with the chain written anew.
    pub newest: Option<(DateTime<Utc>, String)>,
    /// What is not as it was written.
    pub faults: Vec<SealFault>,
}

/// Something in the ledger that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// Rows that an entry sealed are changed, gone or more.
    #[error("entry {entry} of {at}: {rows} are not as they were written", at = minute(*at))]
    Changed {
        /// The entry's number.
        entry: i64,
        /// When it was written.
        at: DateTime<Utc>,
        /// Which rows it sealed: `notices 1 to 4, messages 1`.
        rows: String,
    },
    /// An entry of the chain itself is changed.
    #[error("entry {entry} of {at}: its seal does not follow from the entry before", at = minute(*at))]
    Broken {
        /// The entry's number.
        entry: i64,
        /// When it says that it was written.
        at: DateTime<Utc>,
    },
    /// Entries of the chain are gone.
    #[error("entries {from} to {until} are gone")]
    Gone {
        /// The first.
        from: i64,
        /// The last.
        until: i64,
    },
    /// Rows that no entry seals.
    #[error("{count} rows of `{table}` were added beside the chain")]
    Unsealed {
        /// The table.
        table: &'static str,
        /// How many.
        count: i64,
    },
    /// A message's words, or its copy, are not those of its digest.
    #[error("the words of the message `{message_id}` are not those that were written")]
    Words {
        /// The `Message-ID`.
        message_id: String,
    },
    /// A message's state is not what its attempts came to.
    #[error("the message `{message_id}` stands as `{state}`, which its attempts do not say")]
    State {
        /// The `Message-ID`.
        message_id: String,
        /// Its state.
        state: String,
    },
    /// What a message says about its end is not what its last attempt says.
    #[error(
        "when the message `{message_id}` ended, and with which answer, is not what its last attempt says"
    )]
    End {
        /// The `Message-ID`.
        message_id: String,
    },
    /// A kept file is not the one that it was.
    #[error("the kept file `{file}` of a change is not the one that was read")]
    File {
        /// The file's name.
        file: String,
    },
    /// A seal that was noted elsewhere is not in the chain.
    #[error("no entry has the seal {seal}")]
    Unknown {
        /// The seal.
        seal: String,
    },
}

fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
