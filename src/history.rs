//! What has happened so far, as values: what the ledger has seen, told and been answered.
//! Reading it from a database is in `store`; using it to decide is in `schedule`.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::notice::{Kind, NoticeKey};
use crate::plan::{DueDate, Id};

/// Everything that a tick needs to know about the past of one plan.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// When the ledger first saw the plan; `None` before the first tick.
    pub plan_seen: Option<DateTime<Utc>>,
    /// When it first saw each deadline, by full id.
    pub deadlines_seen: HashMap<Id, Seen>,
    /// When it first saw each rule, by name.
    pub rules_seen: HashMap<Id, DateTime<Utc>>,
    /// The keys of what was told, or superseded by something told.
    pub told: HashSet<NoticeKey>,
    /// What was decided otherwise: key and rule.
    pub passed_over: HashSet<(NoticeKey, Id)>,
    /// All answers by the deadline's full id, oldest first.
    pub answers: BTreeMap<Id, Vec<Answer>>,
    /// The last notice told for each deadline, by full id with the occurrence's date: when and of what kind.
    pub last_told: HashMap<Id, (DateTime<Utc>, Kind)>,
    /// The `Message-ID` of the first message about each deadline, by full id with the occurrence's date.
    pub threads: HashMap<Id, String>,
    /// What rules failed for.
    pub rule_failures: RuleFailures,
}

/// What rules failed for, as long as their files are the same.
///
/// A rule that has failed for something is not asked about it again, and after [`RuleFailures::ALLOWED`] failures about
/// nothing at all: it is put aside until the files are changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleFailures(BTreeMap<Id, BTreeMap<Id, Failed>>);

/// What one rule failed for, and when: by the id of the deadline with the occurrence's date, the measure or the plan.
pub type Failed = BTreeMap<String, DateTime<Utc>>;

impl RuleFailures {
    /// So many failures altogether put a rule aside for all.
    pub const ALLOWED: usize = 3;

    /// Enters that `rule`, of files with this fingerprint, failed for `about`; the first time counts.
    pub fn enter(&mut self, fingerprint: &Id, rule: &Id, about: String, at: DateTime<Utc>) {
        let rules = self.0.entry(fingerprint.clone()).or_default();
        rules.entry(rule.clone()).or_default().entry(about).or_insert(at);
    }

    /// Returns what the rules of files with this fingerprint failed for, by the rule's name.
    pub fn of(&self, fingerprint: &str) -> Option<&BTreeMap<Id, Failed>> {
        self.0.get(fingerprint)
    }
}

/// What the ledger knows of a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// When it was first seen.
    pub at: DateTime<Utc>,
    /// The due date as it was last seen; `None` for one without a date or a recurring one.
    pub due: Option<DueDate>,
    /// When the due date last changed, and what it was before.
    pub moved: Option<(DateTime<Utc>, Option<DueDate>)>,
}

/// What a unit said back about a deadline; entries are never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// When the answer was entered.
    pub at: DateTime<Utc>,
    /// The occurrence that it is about; `None` for a deadline that does not recur.
    pub occurrence: Option<NaiveDate>,
    /// The id of the unit that answers, if it was named.
    pub unit: Option<Id>,
    /// What it says.
    pub says: Says,
    /// In the unit's own words; may be empty.
    pub text: String,
}

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// The unit has read it.
    Acknowledged,
    /// The work goes on; reminders may be silenced until a date.
    Progress {
        /// The first date on which reminders go out again.
        silent_until: Option<NaiveDate>,
    },
    /// It was delivered on this date.
    Delivered(NaiveDate),
    /// The unit asks for this new date.
    Asked(NaiveDate),
    /// The unit says that it is not responsible.
    NotOurs,
}

impl Says {
    /// Returns the word for JSON and SQL.
    pub fn word(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Progress { .. } => "progress",
            Self::Delivered(_) => "delivered",
            Self::Asked(_) => "asked",
            Self::NotOurs => "not_ours",
        }
    }

    /// Reads the word back, with the date that the answer carries.
    pub fn from_word(word: &str, date: Option<NaiveDate>) -> Option<Self> {
        match (word, date) {
            ("acknowledged", _) => Some(Self::Acknowledged),
            ("progress", silent_until) => Some(Self::Progress { silent_until }),
            ("delivered", Some(date)) => Some(Self::Delivered(date)),
            ("asked", Some(date)) => Some(Self::Asked(date)),
            ("not_ours", _) => Some(Self::NotOurs),
            _ => None,
        }
    }

    /// Returns the date that the answer carries, if any.
    pub fn date(self) -> Option<NaiveDate> {
        match self {
            Self::Delivered(date) | Self::Asked(date) => Some(date),
            Self::Progress { silent_until } => silent_until,
            Self::Acknowledged | Self::NotOurs => None,
        }
    }
}
