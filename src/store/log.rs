//! The log: every notice with its fate, as one reads it.
//! How it is printed is `cli`'s; the rows come from `statements`.

use chrono::{DateTime, NaiveDate, Utc};

use super::outbox::MessageState;
use crate::notice::{About, Kind, NoticeKey};
use crate::plan::{DueDate, Id};

/// One notice and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The plan's id.
    pub plan: Id,
    /// What it is about.
    pub about: About,
    /// The deadline's full id with the occurrence's date, `4e/meeting@2011-06-01`; `None` for a measure or a plan.
    pub deadline: Option<Id>,
    /// The measure's id.
    pub measure: Option<Id>,
    /// The due date.
    pub due: Option<DueDate>,
    /// The rule's name.
    pub rule: Id,
    /// The step's place in the rule, from 0.
    pub step: u16,
    /// The kind of step.
    pub kind: Kind,
    /// The recipient's id.
    pub to: Id,
    /// The nominal date of the step.
    pub nominal: NaiveDate,
    /// When it was due to go out.
    pub moment: DateTime<Utc>,
    /// The tick that decided about it.
    pub at: DateTime<Utc>,
    /// What became of it.
    pub fate: Fate,
    /// The reason in words: why it was due if it is told, why it is not told otherwise.
    pub reason: String,
    /// The code of the reason for which it is not told: `superseded`, or [`Reason::code`](crate::notice::Reason::code).
    pub code: Option<String>,
    /// Why it was due, in words.
    pub why: String,
    /// The `Message-ID` of the message that tells it.
    pub message_id: Option<String>,
    /// How many attempts to send that message were begun.
    pub attempts: u32,
    /// When that message was sent or given up.
    pub settled_at: Option<DateTime<Utc>>,
    /// What the server said at the last attempt.
    pub said: Option<String>,
}

/// What became of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It is told by a message; where that stands.
    Told(MessageState),
    /// A newer step said it.
    Superseded,
    /// It is not told.
    NotSent,
}

impl Fate {
    /// Returns the word for JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Told(state) => state.word(),
            Self::Superseded => "superseded",
            Self::NotSent => "not_sent",
        }
    }
}

impl LogEntry {
    /// Returns what identifies the notice.
    pub fn key(&self) -> NoticeKey {
        NoticeKey {
            plan: self.plan.clone(),
            about: self.about.clone(),
            due: self.due,
            kind: self.kind,
            nominal: self.nominal,
            to: self.to.clone(),
        }
    }

    /// Returns what the log is ordered by: at, to, deadline, kind, nominal, rule.
    pub(super) fn order(&self) -> impl Ord + '_ {
        let kind = self.kind.word();
        (self.at, &self.to, &self.deadline, kind, self.nominal, &self.rule, self.step)
    }
}
