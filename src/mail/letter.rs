//! A letter: everything that one recipient is told in one message, as values, before any language or layout.
//! Putting it into words is in `render`; the MIME form in `mime`; which notices it carries is decided in `schedule`.

use chrono::NaiveDate;

use crate::calendar::FreeDay;
use crate::notice::{Kind, Role, Why};
use crate::plan::{DueDate, Id, Language};

/// One message's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The language to write in.
    pub language: Language,
    /// The plan's title.
    pub plan: String,
    /// The recipient's name.
    pub to: String,
    /// The name of the plan's owner, whom an answer reaches.
    pub owner: Option<String>,
    /// The date of writing in the plan's zone.
    pub today: NaiveDate,
    /// What is told: late ones first, then by date. Never empty.
    pub items: Vec<Item>,
}

/// One thing that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A deadline.
    Deadline(Box<DeadlineItem>),
    /// A measure: a gap to be filled, or a request for a progress report.
    Measure(Box<MeasureItem>),
    /// The state of the whole plan, for its owner.
    Overview(Box<Overview>),
    /// Something that went wrong, for the plan's owner.
    Fault(FaultItem),
    /// What the program did in a week, for the plan's owner.
    Weekly(Box<Weekly>),
    /// That nobody seems to care for the plan any more, for its owner.
    Stale(Box<StaleItem>),
}

/// A deadline in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineItem {
    /// The full id, `1a/summary` or `4e/meeting@2011-06-01`.
    pub id: String,
    /// The measure's id, `1a`.
    pub measure: Id,
    /// The measure's title.
    pub measure_title: String,
    /// The kind of deadline, `summary`.
    pub kind: Id,
    /// The deadline's own title.
    pub title: Option<String>,
    /// When it is due.
    pub due: Option<DueDate>,
    /// The words of the decision, where it was not decided as a date.
    pub decided_as: Option<String>,
    /// Where the due date is no working day: what day it is, and the last working day before it.
    pub free: Option<(FreeDay, NaiveDate)>,
    /// Calendar days from today to the due date; negative when overdue.
    pub days_left: Option<i64>,
    /// Working days from today to the due date, today excluded, the due date included if it is one; never negative.
    pub workdays_left: Option<i64>,
    /// When it was delivered, if it was.
    pub delivered: Option<NaiveDate>,
    /// What kind of notice this is.
    pub step: Kind,
    /// Why it is told now.
    pub why: Why,
    /// Why this recipient is told.
    pub role: Role,
    /// The rule's name.
    pub rule: Id,
    /// What the rule is about, in its author's words.
    pub rule_about: Option<String>,
    /// The date on which this should have been sent, where that was before today.
    pub late_since: Option<NaiveDate>,
    /// The names of the responsible units, the lead first.
    pub responsible: Vec<String>,
    /// The names of the helping units.
    pub helpers: Vec<String>,
    /// Who receives what is due.
    pub deliver_to: Option<String>,
    /// What it waits for and what is not delivered yet: measure id, measure title and due date of each.
    pub waits_for: Vec<(Id, String, Option<DueDate>)>,
    /// The last answer.
    pub last_answer: Option<Said>,
    /// Who hears about it next, if nothing comes: the announced escalation.
    pub next: Option<Announced>,
    /// A subject of the rule's own, as a template.
    pub subject: Option<String>,
    /// A text of the rule's own, as a template.
    pub text: Option<String>,
}

/// An answer as it is told again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The day on which it was given.
    pub on: NaiveDate,
    /// What it says: `acknowledged`, `progress`, `delivered`, `asked` or `not_ours`.
    pub says: &'static str,
    /// The unit's own words; may be empty.
    pub text: String,
}

/// The step that follows if no answer comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The sending date.
    pub on: NaiveDate,
    /// The kind of step.
    pub kind: Kind,
    /// The names of those who will be told.
    pub to: Vec<String>,
}

/// A measure in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureItem {
    /// The measure's id.
    pub measure: Id,
    /// The measure's title.
    pub title: String,
    /// The goal's title.
    pub goal: String,
    /// Whether the measure runs through a period without a date of its own.
    pub runs: bool,
    /// Whether nobody is responsible: a gap.
    pub nobody_responsible: bool,
    /// Whether it neither runs nor has any deadline: a gap.
    pub no_deadline: bool,
    /// The ids of deadlines that have no date: gaps.
    pub undated: Vec<Id>,
    /// Why it is told now.
    pub why: Why,
    /// Why this recipient is told.
    pub role: Role,
    /// The rule's name.
    pub rule: Id,
    /// What the rule is about, in its author's words.
    pub rule_about: Option<String>,
    /// The date on which this should have been sent, where that was before today.
    pub late_since: Option<NaiveDate>,
    /// The names of the responsible units.
    pub responsible: Vec<String>,
    /// The names of the helping units.
    pub helpers: Vec<String>,
    /// A subject of the rule's own, as a template.
    pub subject: Option<String>,
    /// A text of the rule's own, as a template.
    pub text: Option<String>,
}

/// The state of the plan in a letter to its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Why it is told now.
    pub why: Why,
    /// The rule's name.
    pub rule: Id,
    /// What the rule is about, in its author's words.
    pub rule_about: Option<String>,
    /// The date on which this should have been sent, where that was before today.
    pub late_since: Option<NaiveDate>,
    /// Overdue and not delivered, the longest overdue first.
    pub overdue: Vec<OverviewLine>,
    /// Due within 30 days.
    pub soon: Vec<OverviewLine>,
    /// Delivered in the last 31 days.
    pub delivered: Vec<OverviewLine>,
    /// How many further deadlines are open.
    pub open: usize,
    /// Measures with a gap: no date or nobody responsible.
    pub gaps: Vec<(Id, String)>,
    /// A subject of the rule's own, as a template.
    pub subject: Option<String>,
    /// A text of the rule's own, as a template.
    pub text: Option<String>,
}

/// A deadline in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewLine {
    /// The full id.
    pub id: String,
    /// The measure's id.
    pub measure: Id,
    /// The measure's title.
    pub title: String,
    /// The kind of deadline.
    pub kind: Id,
    /// When it is due.
    pub due: DueDate,
    /// Calendar days from today to the due date; negative when overdue.
    pub days_left: i64,
    /// The names of the responsible units.
    pub responsible: Vec<String>,
}

/// Mails that are held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldMails {
    /// How many.
    pub count: usize,
    /// By what.
    pub by: HeldBy,
}

/// What holds mails back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBy {
    /// The brake on a change that sends more at once than is usual.
    Change,
    /// A limit to how many there may be.
    Limit,
}

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultItem {
    /// The rule that failed, or the file that could not be read.
    pub what: String,
    /// The mails that are held back until the owner says what is to become of them; then nothing is wrong.
    pub held: Option<HeldMails>,
    /// What happened and where, in English as the program says it; may have several lines.
    pub message: String,
}

/// What the program did in a week, and what it will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weekly {
    /// The day from which it is counted.
    pub since: NaiveDate,
    /// How many messages were sent.
    pub sent: usize,
    /// The names of those to whom messages were given up, one each message.
    pub gave_up: Vec<String>,
    /// How many messages wait to be sent.
    pub waiting: usize,
    /// How many a brake holds.
    pub held: usize,
    /// How many messages come until the next such letter, if nobody answers.
    pub coming: usize,
    /// The day of the first of them.
    pub first: Option<NaiveDate>,
    /// The day of the next such letter.
    pub next: NaiveDate,
}

/// Why a plan seems to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleItem {
    /// Whether its period is over; else nobody touched it.
    pub ended: bool,
    /// Its last day, or the day on which somebody touched it last.
    pub date: NaiveDate,
    /// How many deadlines are overdue.
    pub overdue: usize,
    /// How many are still to come.
    pub open: usize,
}
