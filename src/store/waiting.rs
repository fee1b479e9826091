//! Messages that wait to be sent, and addresses that take none, as they are shown to people.
//! How a message is sent is in `outbox`; the rows are read in `statements`.

use chrono::{DateTime, Utc};

use super::MessageState;
use crate::plan::Id;

/// A message that is on its way: in the queue, or to be tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The plan's id.
    pub plan: Id,
    /// The id of the recipient's unit.
    pub to: Id,
    /// The full ids of the deadlines that it is about.
    pub deadlines: Vec<String>,
    /// When it is sent, at the earliest.
    pub at: DateTime<Utc>,
    /// Where it stands.
    pub state: MessageState,
}

/// An address to which the newest message was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The plan's id.
    pub plan: Id,
    /// The id of the recipient's unit.
    pub to: Id,
    /// The address.
    pub address: String,
    /// When the newest message to it was given up.
    pub at: DateTime<Utc>,
    /// What the server said.
    pub said: String,
}
