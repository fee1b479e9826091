//! What one tick writes into the ledger, as values.
//! Deciding it is `schedule`'s part; putting messages into words is `mail`'s; writing it is in `statements`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::HeldFor;
use crate::mail::Message;
use crate::notice::{NoticeKey, Verdict};
use crate::plan::{DueDate, Id};

/// Everything that one tick of one plan has seen and decided; written as a whole or not at all.
#[derive(Debug, Clone)]
pub struct TickRecord {
    /// The plan's id.
    pub plan: Id,
    /// The moment of the tick.
    pub at: DateTime<Utc>,
    /// Whether the tick is the first that saw the plan.
    pub first_seen: bool,
    /// Deadlines that are new or have another due date than before: full id, and the due date that
    /// [`Seen::due`](crate::history::Seen::due) shall have.
    pub deadlines: Vec<(Id, Option<DueDate>)>,
    /// Rules that are new, by name.
    pub rules: Vec<Id>,
    /// All decisions.
    pub notices: Vec<NoticeRecord>,
    /// The messages that are to be sent.
    pub messages: Vec<Message>,
    /// Those of them that the brake holds; no message twice.
    pub holds: Vec<Hold>,
    /// What went wrong.
    pub faults: Vec<FaultRecord>,
    /// What rules failed for.
    pub failures: Vec<FailureRecord>,
}

/// Messages that are not to be sent before somebody releases them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What they are held for.
    pub why: HeldFor,
    /// Their places in [`TickRecord::messages`].
    pub messages: BTreeSet<usize>,
}

/// A rule that failed for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureRecord {
    /// The rule's name.
    pub rule: Id,
    /// The fingerprint of the rules' files.
    pub fingerprint: Id,
    /// The deadline, measure or plan that it was asked about.
    pub about: String,
    /// What went wrong, in words.
    pub message: String,
}

/// One decision.
#[derive(Debug, Clone)]
pub struct NoticeRecord {
    /// The notice's key.
    pub key: NoticeKey,
    /// The measure that it belongs to.
    pub measure: Option<Id>,
    /// The rule's name.
    pub rule: Id,
    /// The step's place in the rule, from 0.
    pub step: u16,
    /// When it was due to go out.
    pub moment: DateTime<Utc>,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Why it was due, in words.
    pub why: String,
    /// The message that carries it, as a place in [`TickRecord::messages`]; never `None` for one that is told.
    pub message: Option<usize>,
}

/// Something that went wrong.
#[derive(Debug, Clone)]
pub struct FaultRecord {
    /// What makes it the same fault another time; unique in the plan.
    pub key: String,
    /// What happened, in words.
    pub text: String,
    /// The message that tells the owner, as a place in [`TickRecord::messages`]; `None` if nobody can be told yet.
    pub told_in: Option<usize>,
}

impl TickRecord {
    /// Makes the record of a tick that has seen and decided nothing.
    pub fn new(plan: Id, at: DateTime<Utc>) -> Self {
        Self {
            plan,
            at,
            first_seen: false,
            deadlines: Vec::new(),
            rules: Vec::new(),
            notices: Vec::new(),
            messages: Vec::new(),
            holds: Vec::new(),
            faults: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Tells whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        !self.first_seen
            && self.deadlines.is_empty()
            && self.rules.is_empty()
            && self.notices.is_empty()
            && self.messages.is_empty()
            && self.faults.is_empty()
            && self.failures.is_empty()
    }
}
