//! How a message leaves the house: into a folder, to a mail server, or into memory.
//! The MIME form is in `mime`; when a message is tried again is decided in `daemon` and kept in `store`.

pub mod memory;

use chrono::{DateTime, FixedOffset};

use crate::mail::{Delivery, Message};

pub use memory::Memory;

/// The ways out.
#[derive(Debug)]
pub enum Transport {
    /// Keeps messages in memory, for tests.
    Memory(Memory),
}

impl Transport {
    /// Tries to send `message`, dated `date`.
    pub async fn deliver(&self, message: &Message, date: DateTime<FixedOffset>) -> Delivery {
        match self {
            Self::Memory(memory) => memory.deliver(message, date),
        }
    }
}
