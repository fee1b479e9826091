//! How the outbox stands, in numbers, for those who watch over the daemon.
//! Where each message stands is in `outbox`; what was decided, in `log`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::MessageState;
use crate::plan::Id;

/// What is not settled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outbox {
    /// How many messages are in each state that is not final.
    pub depth: BTreeMap<MessageState, u32>,
    /// When the oldest of those that are to be sent came into the outbox, or was released; what is held waits for somebody.
    pub oldest: Option<DateTime<Utc>>,
}

/// What became of a plan's messages in a stretch of time, and what waits at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// How many were sent.
    pub sent: usize,
    /// The ids of the units to which messages were given up, one each message.
    pub gave_up: Vec<Id>,
    /// How many wait to be sent, for the first time or again.
    pub waiting: usize,
    /// How many are held by a brake.
    pub held: usize,
}
