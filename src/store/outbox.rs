//! The outbox: the states of a message, the ways between them, and what senders say to the ledger and hear from it.
//! Sending is in `mail`; when to try again is decided in `daemon`; the rows are written in `statements`.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::mail::{Copy, Message};
use crate::plan::Id;

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageState {
    /// Nobody has tried to send it yet.
    Queued,
    /// A sender has claimed it until its lease ends.
    Sending,
    /// An attempt has failed; there will be another.
    Retrying,
    /// Nobody knows whether the server has taken it: its sender died, or the connection did before the answer. There
    /// will be another attempt, with the same `Message-ID`.
    Uncertain,
    /// The server has taken it. Final.
    Sent,
    /// It will never go through. Final.
    GaveUp,
    /// The brake holds it, until somebody releases or drops it.
    Held,
    /// It was held and is not to be sent. Final.
    Dropped,
}

/// Every way from one state to another. The database refuses all others.
///
/// | from | to | how |
/// | --- | --- | --- |
/// | held | queued | released |
/// | held | dropped | dropped |
/// | queued | sending | claimed for the first time |
/// | retrying, uncertain | sending | claimed again when its time has come |
/// | sending | sending | lease renewed |
/// | sending | sent | the server has taken it, as its sender or a receipt says |
/// | sending | retrying | it may go through later |
/// | sending | uncertain | the lease has ended, or the answer was lost |
/// | sending | `gave_up` | it will never go through, or was tried long enough |
pub const WAYS: [(MessageState, MessageState); 10] = [
    (MessageState::Held, MessageState::Queued),
    (MessageState::Held, MessageState::Dropped),
    (MessageState::Queued, MessageState::Sending),
    (MessageState::Retrying, MessageState::Sending),
    (MessageState::Uncertain, MessageState::Sending),
    (MessageState::Sending, MessageState::Sending),
    (MessageState::Sending, MessageState::Sent),
    (MessageState::Sending, MessageState::Retrying),
    (MessageState::Sending, MessageState::Uncertain),
    (MessageState::Sending, MessageState::GaveUp),
];

/// The place of a message in the outbox; grows with every message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OutboxId(pub(super) i64);

/// A message that a sender has claimed and must settle before its lease ends.
#[derive(Debug)]
pub struct Claimed {
    /// Where it stands in the outbox.
    pub id: OutboxId,
    /// Who has claimed it.
    pub(super) holder: Arc<str>,
    /// The message.
    pub message: Message,
    /// How many attempts were begun before this one.
    pub attempts: u32,
    /// When it came into the outbox, or was released.
    pub queued_at: DateTime<Utc>,
}

/// An attempt that has ended, to be written down. Only what was claimed can be settled, and only once.
#[derive(Debug)]
pub struct Attempt {
    pub(super) ended: Ended,
    message: Message,
}

/// How an attempt ended, and whose it was.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) id: OutboxId,
    pub(super) holder: Arc<str>,
    pub(super) settlement: Settlement,
}

/// That a server has taken a message, to be kept outside of the ledger until that has it: should its sender die in
/// between, whoever follows can settle the attempt.
#[derive(Debug, Serialize, Deserialize)]
pub struct Receipt {
    id: OutboxId,
    holder: String,
    /// When the server had taken it, in milliseconds since 1970 (UTC).
    at: i64,
    reply: String,
    copy: Option<Copy>,
}

/// An address to which a message was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// The id of the recipient's unit.
    pub to: Id,
    /// The address that it was sent to.
    pub address: String,
    /// Why it was given up, in the server's words.
    pub why: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The server has taken the message.
    Sent {
        /// What the server said.
        reply: String,
        /// The mail as it was sent; `None` if nobody made one.
        copy: Option<Copy>,
    },
    /// It is to be tried again.
    Again {
        /// Not before this instant.
        next_attempt: DateTime<Utc>,
        /// Why not now.
        why: String,
    },
    /// Nobody knows whether the server has taken it; it is to be tried again.
    Uncertain {
        /// Not before this instant.
        next_attempt: DateTime<Utc>,
        /// Why nobody knows.
        why: String,
    },
    /// It is not tried again.
    GaveUp {
        /// Why not.
        why: String,
    },
}

/// What the ledger made of a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It is written down.
    Applied,
    /// The lease had gone to somebody else, or the message was settled before; nothing is changed.
    TooLate,
}

impl MessageState {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Sending,
        Self::Retrying,
        Self::Uncertain,
        Self::Sent,
        Self::GaveUp,
        Self::Held,
        Self::Dropped,
    ];

    /// Returns the word for JSON and SQL.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Retrying => "retrying",
            Self::Uncertain => "uncertain",
            Self::Sent => "sent",
            Self::GaveUp => "gave_up",
            Self::Held => "held",
            Self::Dropped => "dropped",
        }
    }

    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Tells whether a message may go from this state to `next`.
    pub fn may_become(self, next: Self) -> bool {
        WAYS.contains(&(self, next))
    }
}

impl Claimed {
    /// Ends the attempt.
    pub fn ended(self, settlement: Settlement) -> Attempt {
        let ended = Ended { id: self.id, holder: self.holder, settlement };
        Attempt { ended, message: self.message }
    }
}

impl Attempt {
    /// Returns where the message stands in the outbox.
    pub fn id(&self) -> OutboxId {
        self.ended.id
    }

    /// Returns the message.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// Returns how the attempt ended.
    pub fn settlement(&self) -> &Settlement {
        &self.ended.settlement
    }

    /// Returns what is to be kept until the ledger has it; `None` unless a server took the message, at `at`.
    pub fn receipt(&self, at: DateTime<Utc>) -> Option<Receipt> {
        let Ended { id, holder, settlement } = &self.ended;
        let Settlement::Sent { reply, copy } = settlement else { return None };
        let (holder, reply, copy) = (holder.to_string(), reply.clone(), copy.clone());
        Some(Receipt { id: *id, holder, at: at.timestamp_millis(), reply, copy })
    }
}

impl Ended {
    /// Returns the mail as it was sent, if it was and a copy was made.
    pub(super) fn copy(&self) -> Option<&Copy> {
        match &self.settlement {
            Settlement::Sent { copy, .. } => copy.as_ref(),
            _ => None,
        }
    }
}

impl Receipt {
    /// Returns where the message stands in the outbox.
    pub fn id(&self) -> OutboxId {
        self.id
    }

    /// Returns how the attempt ended, and when; `None` if that is no time at all.
    pub(super) fn ending(self) -> Option<(Ended, DateTime<Utc>)> {
        let at = DateTime::from_timestamp_millis(self.at)?;
        let settlement = Settlement::Sent { reply: self.reply, copy: self.copy };
        Some((Ended { id: self.id, holder: self.holder.into(), settlement }, at))
    }
}

impl Settlement {
    /// Returns the state that the message has afterwards.
    pub fn state(&self) -> MessageState {
        match self {
            Self::Sent { .. } => MessageState::Sent,
            Self::Again { .. } => MessageState::Retrying,
            Self::Uncertain { .. } => MessageState::Uncertain,
            Self::GaveUp { .. } => MessageState::GaveUp,
        }
    }

    /// Returns the word for the attempt in SQL.
    pub(super) fn outcome(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::Again { .. } => "again",
            Self::Uncertain { .. } => "uncertain",
            Self::GaveUp { .. } => "gave_up",
        }
    }

    /// Returns what the server said.
    pub(super) fn said(&self) -> &str {
        match self {
            Self::Sent { reply: said, .. }
            | Self::Again { why: said, .. }
            | Self::Uncertain { why: said, .. }
            | Self::GaveUp { why: said } => said,
        }
    }
}
