//! To a mail server: a small set of kept connections, each used by one message at a time.
//! The conversation itself is in `connection`, what its troubles mean for the message in `trouble`.

mod connection;
mod handshake;
mod options;
mod security;
mod socket;
mod trouble;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, FixedOffset};
use lettre::Address;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::mail::sender::{self, Sender};
use crate::mail::{Copy, Delivery, Message, Taken, mime};

use connection::Connection;
use security::Security;
use trouble::Trouble;

pub use options::{Password, SmtpError, SmtpOptions, Timeouts, Tls};

/// Hands messages to a mail server.
pub struct Smtp {
    sender: Sender,
    options: SmtpOptions,
    security: Security,
    /// One place for each connection that may be open at a time.
    places: Semaphore,
    /// Connections that wait for their next message, the one used last at the end.
    kept: Mutex<Vec<Connection>>,
}

impl Smtp {
    /// Prepares to send; the first connection is made for the first message.
    ///
    /// # Errors
    /// What in `options` can never work: an unreadable CA file, a host that cannot have a certificate, a connection
    /// without encryption to an address beyond this machine.
    pub fn open(options: SmtpOptions, sender: Sender) -> Result<Self, SmtpError> {
        let security = Security::of(&options)?;
        let places = Semaphore::new(options.connections.clamp(1, 1000));
        Ok(Self { sender, options, security, places, kept: Mutex::default() })
    }

    /// Tries to send `message`, dated `date`, once there is a free connection.
    pub async fn deliver(&self, message: &Message, date: DateTime<FixedOffset>) -> Delivery {
        let to = match sender::address(&message.address) {
            Ok(to) => to,
            Err(error) => return Delivery::GiveUp(format!("`{}`: {error}", message.address)),
        };
        let mail = mime(message, &self.sender, date);
        // Made now, since nothing is to lie between the server's answer and the entry about it: a kill would repeat the mail.
        let copy = Copy::of(&mail);
        let Some(_place) = self.place().await else { return Delivery::NotBegun };
        match self.send(&to, &mail).await {
            Ok(reply) => Delivery::Sent(Taken { reply, copy }),
            Err(trouble) => trouble.delivery(),
        }
    }

    /// Takes leave of the server on every connection that waits. A later delivery connects anew.
    pub async fn close(&self) {
        let kept = std::mem::take(&mut *self.kept());
        for connection in kept {
            connection.quit().await;
        }
    }

    /// Lets no further message begin; those that have a connection go on.
    pub fn stop(&self) {
        self.places.close();
    }

    /// Waits until one more connection may be open; `None` if none may any more.
    async fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.acquire().await.ok()
    }

    /// Sends over a kept connection if there is one, else, or if that turns out to be dead, over a fresh one.
    async fn send(&self, to: &Address, mail: &[u8]) -> Result<String, Trouble> {
        if let Some(connection) = self.take() {
            match self.send_over(connection, to, mail).await {
                Err(trouble) if trouble.is_dead_line() => {}
                sent => return sent,
            }
        }
        let connection = Connection::open(&self.options, &self.security).await?;
        self.send_over(connection, to, mail).await
    }

    /// Sends over `connection`, and keeps it if it can carry another message.
    ///
    /// A caller that stops waiting drops the connection: nobody knows what the server would say next on it.
    async fn send_over(
        &self,
        mut connection: Connection,
        to: &Address,
        mail: &[u8],
    ) -> Result<String, Trouble> {
        let sent = connection.send(&self.sender.from.email, to, mail).await;
        let usable = match &sent {
            Ok(_) => true,
            Err(trouble) => trouble.leaves_line_usable() && connection.reset().await,
        };
        if usable {
            connection.keep();
            self.kept().push(connection);
        }
        sent
    }

    /// Takes the connection that was used last, and lets go of those that have waited for too long: the server may
    /// have hung up by now, or be about to.
    fn take(&self) -> Option<Connection> {
        let mut kept = self.kept();
        kept.retain(|connection| connection.waited() < self.options.timeouts.idle);
        kept.pop()
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Connection>> {
        // No code that can panic runs while the list is locked.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("sender", &self.sender)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
