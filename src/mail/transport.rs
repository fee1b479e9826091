//! How a message leaves the house: into a folder, to a mail server, or into memory.
//! The MIME form is in `mime`; when a message is tried again is decided in `daemon` and kept in `store`.

pub mod folder;
pub mod memory;
pub mod smtp;

use chrono::{DateTime, FixedOffset};

use crate::fault::{self, Place};
use crate::mail::{Delivery, Message};

pub use folder::Folder;
pub use memory::Memory;
pub use smtp::Smtp;

/// The ways out.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a program has one or two of them, and never moves them"
)]
pub enum Transport {
    /// Writes messages into a folder.
    Folder(Folder),
    /// Hands messages to a mail server.
    Smtp(Smtp),
    /// Keeps messages in memory, for tests.
    Memory(Memory),
}

impl Transport {
    /// Tries to send `message`, dated `date`. Whatever goes wrong is in the answer.
    pub async fn deliver(&self, message: &Message, date: DateTime<FixedOffset>) -> Delivery {
        if let Err(error) = fault::pass(Place::Send) {
            return Delivery::Again(error.to_string());
        }
        let delivery = match self {
            Self::Folder(folder) => folder.deliver(message, date).await,
            Self::Smtp(smtp) => smtp.deliver(message, date).await,
            Self::Memory(memory) => memory.deliver(message, date).await,
        };
        match fault::pass(Place::Answered) {
            Ok(()) => delivery,
            Err(error) => Delivery::Uncertain(error.to_string()),
        }
    }

    /// Lets nothing begin any more: what waits for a connection is not begun, what has one goes on.
    pub fn stop(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.stop();
        }
    }

    /// Takes leave of the mail server, if there are connections to one; a later delivery connects anew.
    pub async fn close(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.close().await;
        }
    }
}
