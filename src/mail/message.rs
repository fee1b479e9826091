//! A message: one e-mail in words, ready to be put into MIME form and sent.
//! What it is made of is in `letter` and `render`; how it is sent in `transport`; its fate is kept in `store`.

use crate::mail::Copy;
use crate::plan::{Id, Language};

/// One e-mail as it stands in the outbox. The same on every attempt, but for its `Date`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `Message-ID` without angle brackets, derived from the keys of the notices that it carries.
    pub message_id: String,
    /// The plan's id.
    pub plan: Id,
    /// The plan's title.
    pub plan_title: String,
    /// The id of the recipient's unit.
    pub to: Id,
    /// The recipient's name.
    pub to_name: String,
    /// The recipient's address, `local@domain`.
    pub address: String,
    /// The language that it is written in.
    pub language: Language,
    /// The subject, unencoded.
    pub subject: String,
    /// The plain text, lines ended by `\n`.
    pub text: String,
    /// The HTML document.
    pub html: String,
    /// The `Message-ID` of the first message about the deadline, where this one is about one only.
    pub thread: Option<String>,
    /// The full ids of the deadlines that it is about, in the letter's order.
    pub deadlines: Vec<String>,
}

/// What became of one attempt to send a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The server (or the folder) has taken it.
    Sent(Taken),
    /// It may go through later: why not now.
    Again(String),
    /// It will never go through: why.
    GiveUp(String),
    /// The mail was handed over completely and no answer came: the server has it, or it has not. What happened.
    Uncertain(String),
    /// Nothing was tried, since the way out had been closed.
    NotBegun,
}

/// What was taken, and what was said to that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What the server said.
    pub reply: String,
    /// The mail as it left the house; `None` if nobody made one.
    pub copy: Option<Copy>,
}

impl From<&str> for Taken {
    /// Makes the answer of a way out that makes no mails: what it says stands for the mail.
    fn from(reply: &str) -> Self {
        Self { reply: reply.to_owned(), copy: Copy::of(reply.as_bytes()) }
    }
}
