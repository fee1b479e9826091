//! Scenarios: what a plan owner expects of the rules on a plan over a stretch of time, as read from `rules/tests/*.rhai`.
//! The words that they are written in are in `scenario::words`; playing them and comparing is done in `trial`.

mod chain;
mod load;
mod words;

use std::fmt;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Value;

use crate::history::Says;
use crate::notice::Kind;

pub use chain::{Chain, chain};
pub use load::{Scenarios, load};
pub use words::{EXAMPLES, WORDS};

/// One scenario: a stretch of time, what happens in it, and what is expected.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub place: Spot,
    /// Its first moment, local time in the plan's zone; the plan's beginning if it names none.
    pub from: Option<NaiveDateTime>,
    /// The moment at which it ends, not included.
    pub until: Option<NaiveDateTime>,
    /// A plan of its own, as `plan.json` has it; the project's first plan if it brings none.
    pub plan: Option<Value>,
    /// What happens, in the order of the script.
    pub deeds: Vec<Deed>,
    /// What is expected, in the order of the script.
    pub expectations: Vec<Expectation>,
}

/// A place in a scenario file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The file.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Something that happens.
#[derive(Debug, Clone)]
pub struct Deed {
    /// When, local time in the plan's zone.
    pub at: NaiveDateTime,
    /// What.
    pub what: What,
    /// Where it stands.
    pub place: Spot,
}

/// What can happen.
#[derive(Debug, Clone)]
pub enum What {
    /// A unit answers for a deadline, or for an occurrence of it.
    Answered(String, Says),
    /// The due date of a deadline is moved in the plan.
    Moved(String, String),
    /// A deadline is taken out of the plan.
    Removed(String),
    /// A deadline comes into a measure.
    Added(String, Value),
    /// A unit gets this address, or loses it.
    Address(String, Option<String>),
    /// The whole plan is another one.
    PlanIs(Value),
    /// The server is down until a moment.
    DownUntil(NaiveDateTime),
}

/// Something that is expected.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// What.
    pub what: Expected,
    /// What the subject of the mail must hold.
    pub subjects: Vec<(String, Spot)>,
    /// What a line of the mail's text must hold.
    pub lines: Vec<(String, Spot)>,
    /// Where it stands.
    pub place: Spot,
}

/// What can be expected.
#[derive(Debug, Clone)]
pub enum Expected {
    /// This is told on a day.
    Notice {
        /// The date on which the mail goes out.
        on: NaiveDate,
        /// The kind of step.
        kind: Kind,
        /// The recipient's id, or `owner`.
        to: String,
        /// The deadline, measure or plan.
        about: String,
    },
    /// So many notices are told, or mails sent.
    Count {
        /// How many.
        count: usize,
        /// Whether mails are counted, and not the notices in them.
        mails: bool,
        /// Which ones.
        of: Filter,
    },
    /// A rule fails, and its fault has these words.
    Fault(String),
}

/// Which notices are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those of this kind.
    pub kind: Option<Kind>,
    /// Only those about, or to, each of these: a deadline, a measure, the plan, or a unit.
    pub names: Vec<String>,
    /// Only those that go out on this date or later.
    pub from: Option<NaiveDate>,
    /// Only those that go out on this date or earlier.
    pub until: Option<NaiveDate>,
}

impl fmt::Display for Filter {
    /// Writes which notices are meant, as it follows "expected nothing"; nothing for all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(kind) = self.kind {
            write!(f, " ({})", kind.noun())?;
        }
        if !self.names.is_empty() {
            write!(f, " about or to {}", self.names.join(" and "))?;
        }
        match (self.from, self.until) {
            (None, None) => Ok(()),
            (Some(from), None) => write!(f, " from {from} on"),
            (None, Some(until)) => write!(f, " until {until}"),
            (Some(from), Some(until)) if from == until => write!(f, " on {from}"),
            (Some(from), Some(until)) => write!(f, " from {from} until {until}"),
        }
    }
}
