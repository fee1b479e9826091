//! A notice: one step for one deadline to one recipient on one day, with its key, its fate and the reason for it.
//! How notices are decided is in `schedule`; how they are kept is in `store`; how they read in a mail is in `mail`.

use std::fmt;

use chrono::NaiveDate;

use crate::calendar::Span;
use crate::plan::{DueDate, Id};

/// What kind of step a notice is of; in this order where two fall on the same date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Told to those who answer for the responsible ones.
    Escalate,
    /// Told to the responsible ones.
    Remind,
    /// Told for information; neither supersedes nor is superseded.
    Notify,
}

/// What identifies a notice: never told twice, whatever happens to rules, texts, daemons and clocks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeKey {
    /// The plan's id.
    pub plan: Id,
    /// What the notice is about.
    pub about: About,
    /// The due date of the occurrence; `None` for a measure, a plan and a deadline without a date.
    pub due: Option<DueDate>,
    /// The kind of step.
    pub kind: Kind,
    /// The nominal date of the step.
    pub nominal: NaiveDate,
    /// The id of the recipient's unit.
    pub to: Id,
}

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// A deadline, by its full id without the occurrence's date.
    Deadline(Id),
    /// A measure; the rule belongs to the key, since two rules over measures speak of different things.
    Measure {
        /// The measure's id.
        measure: Id,
        /// The rule's id.
        rule: Id,
    },
    /// The plan as a whole; the rule belongs to the key for the same reason.
    Plan {
        /// The rule's id.
        rule: Id,
    },
}

/// Whom a step addresses, in the words of the rules: why this unit gets the mail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// All responsible units.
    Responsible,
    /// The first of the responsible units.
    Lead,
    /// The helping units.
    Helpers,
    /// The plan's owner.
    Owner,
    /// The leaders of the responsible units.
    Leader,
    /// Those responsible for what the deadline waits for.
    Blocker,
    /// Those responsible for what waits for the deadline.
    Dependents,
    /// A unit that the rule names, or that its closure answered.
    Unit(Id),
}

/// The date that a step counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anchor {
    /// The due date.
    Due,
    /// The first day of the work.
    Start,
    /// The date of the last answer.
    LastAnswer,
    /// The date on which the plan was adopted.
    Adopted,
}

/// What happened to a deadline, for steps that follow an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// It was delivered.
    Delivered,
    /// Its due date was moved.
    Moved,
    /// A unit asked for a new date.
    Asked,
}

/// Why a notice is due on its date: what the mail and the forecast say in words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Why {
    /// So long before (negative) or after the anchor; nothing is the day itself.
    Offset {
        /// The signed distance from the anchor.
        span: Span,
        /// What it is counted from.
        anchor: Anchor,
    },
    /// The rule's cron expression.
    Cron(Id),
    /// An event.
    On(Event),
    /// It was overdue already when the plan was first seen.
    OverdueAtFirst,
    /// A rule for the deadline failed, so a plain warning goes out on the due date.
    RuleFailed,
}

/// What is to become of a notice, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is told.
    Send,
    /// A newer step for the same deadline and recipient was due in the same tick.
    Superseded {
        /// The kind of the newer step.
        by: Kind,
        /// The nominal date of the newer step.
        nominal: NaiveDate,
    },
    /// It is not told.
    NotSent(Reason),
}

/// Why a notice is not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The deadline was settled before the step's sending date.
    Delivered(NaiveDate),
    /// The unit asked for silence until this date.
    SilencedUntil(NaiveDate),
    /// The recipient has no address.
    NoAddress,
    /// The rule's condition was false.
    ConditionFalse,
    /// The rule failed; the fault is told to the owner.
    RuleFailed,
    /// The rule has failed before, and is not asked until it is changed.
    RulePutAside,
    /// A later firing of the same recurring step is due as well, so this one says nothing any more.
    TooOld,
    /// The same was told already, by another rule.
    ToldAlready,
    /// The sending date lies before the plan was adopted.
    BeforeAdopted(NaiveDate),
    /// The moment lies before the ledger first saw the deadline, on this date in the plan's zone.
    BeforeDeadline(NaiveDate),
    /// The moment lies before the ledger first saw the rule, on this date in the plan's zone.
    BeforeRule(NaiveDate),
}

impl Kind {
    /// Returns the word for JSON and SQL.
    pub fn word(self) -> &'static str {
        match self {
            Self::Escalate => "escalate",
            Self::Remind => "remind",
            Self::Notify => "notify",
        }
    }

    /// Returns the noun in English.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Escalate => "escalation",
            Self::Remind => "reminder",
            Self::Notify => "note",
        }
    }

    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Escalate, Self::Remind, Self::Notify].into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for Why {
    /// Writes the reason in English, as in `forecast`: "30 days before", "on the day", "14 days after the start".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offset { span, anchor } => {
                let of = match anchor {
                    Anchor::Due => "",
                    Anchor::Start => " the start",
                    Anchor::LastAnswer => " the last answer",
                    Anchor::Adopted => " the plan was adopted",
                };
                match span.sign() {
                    0 if *anchor == Anchor::Due => f.write_str("on the day"),
                    0 => write!(f, "on the day of{of}"),
                    n if n < 0 => write!(f, "{} before{of}", -*span),
                    _ => write!(f, "{span} after{of}"),
                }
            }
            Self::Cron(expression) => write!(f, "on schedule {expression}"),
            Self::On(Event::Delivered) => f.write_str("delivered"),
            Self::On(Event::Moved) => f.write_str("the due date was moved"),
            Self::On(Event::Asked) => f.write_str("a new date was asked for"),
            Self::OverdueAtFirst => f.write_str("overdue when the plan was first seen"),
            Self::RuleFailed => f.write_str("on the day, since a rule failed"),
        }
    }
}

impl Verdict {
    /// Returns the word for SQL and summaries: `told`, `superseded` or `not_sent`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Send => "told",
            Self::Superseded { .. } => "superseded",
            Self::NotSent(_) => "not_sent",
        }
    }
}

impl Reason {
    /// Returns the reason's code for JSON and SQL.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered_already",
            Self::SilencedUntil(_) => "silenced_until",
            Self::NoAddress => "no_address",
            Self::ConditionFalse => "condition_false",
            Self::RuleFailed => "rule_failed",
            Self::RulePutAside => "rule_put_aside",
            Self::TooOld => "too_old",
            Self::ToldAlready => "told_already",
            Self::BeforeAdopted(_) => "before_adopted",
            Self::BeforeDeadline(_) => "before_deadline",
            Self::BeforeRule(_) => "before_rule",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered(date) => write!(f, "delivered already on {date}"),
            Self::SilencedUntil(date) => write!(f, "silenced until {date}"),
            Self::NoAddress => f.write_str("the recipient has no address"),
            Self::ConditionFalse => f.write_str("the rule's condition is false"),
            Self::RuleFailed => f.write_str("the rule failed"),
            Self::RulePutAside => {
                f.write_str("the rule failed before and is put aside until it is changed")
            }
            Self::TooOld => f.write_str("too old: a later one of the same step is due as well"),
            Self::ToldAlready => f.write_str("told already by another rule"),
            Self::BeforeAdopted(date) => write!(f, "before the plan was adopted on {date}"),
            Self::BeforeDeadline(date) => write!(f, "before the deadline was known, on {date}"),
            Self::BeforeRule(date) => write!(f, "before the rule existed, on {date}"),
        }
    }
}
