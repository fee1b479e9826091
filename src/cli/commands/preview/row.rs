//! A mail of `frist preview` as programs read it.
//! People get it as a mail program shows it, from `preview`.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde::Serialize;

use super::search::Shown;
use crate::cli::output::Row;
use crate::mail::Sender;

/// A mail that would go out.
#[derive(Debug, Serialize)]
pub(super) struct PreviewRow {
    plan: String,
    at: String,
    from: String,
    to: String,
    address: String,
    subject: String,
    message_id: String,
    deadlines: Vec<String>,
    /// Why it would not be sent.
    not_sent: Option<String>,
    text: String,
    html: String,
}

impl PreviewRow {
    /// Makes the row of a mail with its date.
    pub(super) fn new(mail: &Shown, sender: &Sender, date: DateTime<FixedOffset>) -> Self {
        let message = &mail.message;
        Self {
            plan: message.plan.to_string(),
            at: date.to_rfc3339_opts(SecondsFormat::Secs, false),
            from: sender.from.to_string(),
            to: message.to.to_string(),
            address: message.address.clone(),
            subject: message.subject.clone(),
            message_id: message.message_id.clone(),
            deadlines: message.deadlines.clone(),
            not_sent: mail.not_sent.clone(),
            text: message.text.clone(),
            html: message.html.clone(),
        }
    }
}

impl Row for PreviewRow {
    const COLUMNS: &'static [&'static str] = &[
        "plan",
        "at",
        "from",
        "to",
        "address",
        "subject",
        "message_id",
        "deadlines",
        "not_sent",
        "text",
        "html",
    ];
    const HEADINGS: &'static [&'static str] = &[];

    fn cells(&self) -> Vec<String> {
        Vec::new()
    }
}
