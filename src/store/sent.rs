//! A message with everything that became of it, as a proof of notice needs it.
//! Which notices it carries is in `log`; the rows come from `statements`.

use chrono::{DateTime, Utc};

use super::outbox::MessageState;

/// A message, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    /// Its `Message-ID`, without angle brackets.
    pub message_id: String,
    /// The recipient's name.
    pub to_name: String,
    /// The address that it went to.
    pub address: String,
    /// The subject.
    pub subject: String,
    /// The plain text; empty once it lies in an archive.
    pub text: String,
    /// When it was decided.
    pub queued_at: DateTime<Utc>,
    /// Where it stands.
    pub state: MessageState,
    /// Every attempt that has ended, in order.
    pub attempts: Vec<Tried>,
    /// The mail as it left the house; `None` if it was not sent, or if its copy lies in an archive.
    pub mail: Option<Vec<u8>>,
    /// SHA-256 of that mail, in hexadecimal.
    pub digest: Option<String>,
}

/// An attempt to send a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// How: `sent`, `again`, `uncertain`, `gave_up`, or `lost` if its sender never said.
    pub outcome: String,
    /// What the server said, or why nobody knows.
    pub said: String,
}
