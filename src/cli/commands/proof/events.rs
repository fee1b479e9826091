//! One thing that happened, as the report tells it: a notice, an attempt to send, an answer.
//! The report itself is in `report`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::super::times::{due_text, rfc3339};
use crate::cli::output::Row;
use crate::history::{Answer, Says};
use crate::notice::Kind;
use crate::store::{LogEntry, MessageState, SentMessage};

/// Something that happened.
#[derive(Debug, Serialize)]
pub(super) struct Event {
    /// What the events are ordered by: an hour that comes twice is not in the order of its words.
    #[serde(skip)]
    pub(super) instant: DateTime<Utc>,
    pub(super) at: String,
    pub(super) what: String,
    pub(super) details: Vec<String>,
    #[serde(skip)]
    pub(super) row: ProofRow,
}

/// A line of `frist proof` for programs.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct ProofRow {
    at: String,
    event: &'static str,
    deadline: Option<String>,
    due: Option<String>,
    rule: Option<String>,
    kind: Option<&'static str>,
    to: Option<String>,
    /// Where the mail stands, or why there is none.
    state: Option<&'static str>,
    address: Option<String>,
    message_id: Option<String>,
    digest: Option<String>,
    said: Option<String>,
}

/// Tells what a message said, and then what became of each attempt to send it.
pub(super) fn told(zone: Tz, message: &SentMessage, notices: &[LogEntry]) -> Vec<Event> {
    let to = recipient(message);
    let carried: Vec<&LogEntry> = notices
        .iter()
        .filter(|entry| entry.message_id.as_deref() == Some(&*message.message_id))
        .collect();
    let decided = carried.iter().map(|entry| {
        let event = if message.state == MessageState::Sent { "told" } else { "decided" };
        let row =
            ProofRow { address: Some(message.address.clone()), ..notice_row(zone, event, entry) };
        let rule = format!("rule `{}`: {}", entry.rule, entry.why);
        let state = state_in_words(message.state).map(|state| format!(": {state}"));
        Event {
            instant: entry.at,
            at: second(zone, entry.at),
            what: format!("{} to {to}{}", noun(entry.kind), state.unwrap_or_default()),
            details: vec![rule, format!("subject: {}", message.subject)],
            row,
        }
    });
    let tried = message.attempts.iter().enumerate().map(|(place, attempt)| {
        let event = match &*attempt.outcome {
            "sent" => "sent",
            "gave_up" => "gave_up",
            "again" => "again",
            _ => "uncertain",
        };
        let became = match event {
            "sent" => "sent",
            "gave_up" => "refused for good",
            "again" => "not taken, to be tried again",
            _ => "nobody knows whether it was taken, to be tried again with the same Message-ID",
        };
        let row = ProofRow {
            at: rfc3339(zone, attempt.at),
            event,
            state: Some(message.state.word()),
            address: Some(message.address.clone()),
            message_id: Some(message.message_id.clone()),
            digest: message.digest.clone().filter(|_| event == "sent"),
            said: Some(attempt.said.clone()),
            ..ProofRow::default()
        };
        let mut details = vec![format!("what was said to it: {}", attempt.said)];
        if event == "sent" {
            details.push(format!("Message-ID: {}", message.message_id));
        }
        Event {
            instant: attempt.at,
            at: second(zone, attempt.at),
            what: format!("attempt {} to {to}: {became}", place + 1),
            details,
            row,
        }
    });
    decided.chain(tried).collect()
}

pub(super) fn not_told(zone: Tz, entry: &LogEntry) -> Event {
    let to = if entry.to.is_empty() { String::new() } else { format!(" to `{}`", entry.to) };
    Event {
        instant: entry.at,
        at: second(zone, entry.at),
        what: format!("{}{to} of {}: {}", noun(entry.kind), entry.nominal, entry.reason),
        details: Vec::new(),
        row: ProofRow { said: Some(entry.reason.clone()), ..notice_row(zone, "not_told", entry) },
    }
}

pub(super) fn answered(zone: Tz, answer: &Answer) -> Event {
    let says = match answer.says {
        Says::Acknowledged => "has read it".to_owned(),
        Says::Progress { silent_until: None } => "works on it".to_owned(),
        Says::Progress { silent_until: Some(date) } => {
            format!("works on it, and wants no reminder before {date}")
        }
        Says::Delivered(date) => format!("has delivered on {date}"),
        Says::Asked(date) => format!("asks for a new date, {date}"),
        Says::NotOurs => "says that it is not theirs".to_owned(),
    };
    let who = answer.unit.as_ref().map_or("somebody".to_owned(), |unit| format!("`{unit}`"));
    let words = (!answer.text.is_empty()).then(|| format!("in their words: {}", answer.text));
    Event {
        instant: answer.at,
        at: second(zone, answer.at),
        what: format!("answer: {who} {says}"),
        details: words.into_iter().collect(),
        row: ProofRow {
            at: rfc3339(zone, answer.at),
            event: "answered",
            to: answer.unit.as_ref().map(ToString::to_string),
            said: Some(answer.says.word().to_owned()),
            ..ProofRow::default()
        },
    }
}

fn notice_row(zone: Tz, event: &'static str, entry: &LogEntry) -> ProofRow {
    ProofRow {
        at: rfc3339(zone, entry.at),
        event,
        deadline: entry.deadline.as_ref().map(ToString::to_string),
        due: entry.due.map(|due| due_text(zone, due)),
        rule: Some(entry.rule.to_string()),
        kind: Some(entry.kind.word()),
        to: (!entry.to.is_empty()).then(|| entry.to.to_string()),
        state: Some(entry.fate.word()),
        message_id: entry.message_id.clone(),
        ..ProofRow::default()
    }
}

/// Says where a mail stands that was not sent.
pub(super) fn state_in_words(state: MessageState) -> Option<&'static str> {
    match state {
        MessageState::Sent => None,
        MessageState::Queued => Some("waits in the outbox, not sent yet"),
        MessageState::Sending => Some("is being sent"),
        MessageState::Retrying => Some("not sent yet, to be tried again"),
        MessageState::Uncertain => Some("nobody knows whether it was sent, to be tried again"),
        MessageState::GaveUp => Some("given up, never sent"),
        MessageState::Held => Some("held by the brake, not sent"),
        MessageState::Dropped => Some("thrown away, never sent"),
    }
}

pub(super) fn recipient(message: &SentMessage) -> String {
    format!("{} <{}>", message.to_name, message.address)
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Remind => "reminder",
        Kind::Escalate => "escalation",
        Kind::Notify => "note",
    }
}

pub(super) fn second(zone: Tz, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
}

impl Row for ProofRow {
    const COLUMNS: &'static [&'static str] = &[
        "at",
        "event",
        "deadline",
        "due",
        "rule",
        "kind",
        "to",
        "state",
        "address",
        "message_id",
        "digest",
        "said",
    ];
    const HEADINGS: &'static [&'static str] = &["At", "Event", "To", "Said"];
    fn cells(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![self.at.clone(), self.event.to_owned(), text(&self.to), text(&self.said)]
    }
}
