//! A line of `frist diff`: what becomes of one notice, as programs read it and as people do.
//! How lines are put together for people is in `show`.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::cli::commands::times::{due_text, rfc3339};
use crate::cli::output::Row;
use crate::diff::Change;
use crate::notice::Kind;
use crate::plan::{DeadlineIx, DueDate, MeasureIx, Plan};
use crate::schedule::{Notice, Schedule, Topic};
use crate::store::LogEntry;

/// A notice as one side tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) at: DateTime<Utc>,
    /// With the occurrence's date.
    pub(super) deadline: Option<String>,
    pub(super) measure: Option<String>,
    pub(super) due: Option<DueDate>,
    pub(super) rule: String,
    pub(super) kind: Kind,
    pub(super) to: String,
    /// The recipient's name.
    pub(super) to_name: String,
    pub(super) nominal: NaiveDate,
    /// Why it is told, in words.
    pub(super) why: String,
    /// The title of what it is about.
    pub(super) title: String,
}

/// A notice that differs.
#[derive(Debug)]
pub(super) struct DiffRow {
    pub(super) plan: String,
    pub(super) zone: Tz,
    pub(super) change: Change,
    /// As it was told before; `None` for an added one.
    pub(super) was: Option<Entry>,
    /// As it is told now; `None` for one that is gone.
    pub(super) now: Option<Entry>,
    /// The lines of the mail that differ.
    pub(super) lines: Vec<String>,
}

impl Entry {
    /// Describes a notice that was decided.
    pub(super) fn decided(schedule: &Schedule, notice: &Notice, at: DateTime<Utc>) -> Self {
        let plan = schedule.plan();
        let (deadline, measure, due) = match notice.topic {
            Topic::Deadline { ix, due } => (Some(ix), Some(plan.deadline(ix).measure), due),
            Topic::Measure(ix) => (None, Some(ix), None),
            Topic::Plan => (None, None, None),
        };
        let to = notice.to.map(|ix| plan.unit(ix));
        Self {
            at,
            deadline: deadline.map(|_| schedule.topic_id(notice.topic)),
            measure: measure.map(|ix| plan.measure(ix).id.to_string()),
            due,
            rule: schedule.rule_name(notice.origin).to_owned(),
            kind: notice.kind,
            to: to.map_or_else(String::new, |unit| unit.id.to_string()),
            to_name: to.map_or_else(String::new, |unit| unit.name.clone()),
            nominal: notice.nominal,
            why: notice.why.to_string(),
            title: title(plan, deadline, measure),
        }
    }

    /// Describes a notice of the ledger; its names are the plan's, where that still has them.
    pub(super) fn written(plan: &Plan, entry: &LogEntry) -> Self {
        let deadline = entry.deadline.as_deref().map(without_occurrence);
        let deadline = deadline.and_then(|id| plan.deadline_by_id(id));
        let measure = entry.measure.as_deref().and_then(|id| plan.measure_by_id(id));
        let is_gone = entry.measure.is_some() && measure.is_none();
        let to = plan.unit_by_id(&entry.to).map_or(&*entry.to, |ix| &plan.unit(ix).name);
        Self {
            at: entry.at,
            deadline: entry.deadline.as_ref().map(ToString::to_string),
            measure: entry.measure.as_ref().map(ToString::to_string),
            due: entry.due,
            rule: entry.rule.to_string(),
            kind: entry.kind,
            to: entry.to.to_string(),
            to_name: to.to_owned(),
            nominal: entry.nominal,
            why: entry.why.clone(),
            title: if is_gone { String::new() } else { title(plan, deadline, measure) },
        }
    }
}

/// Returns a deadline's id without the occurrence's date.
pub(super) fn without_occurrence(id: &str) -> &str {
    id.split('@').next().unwrap_or(id)
}

fn title(plan: &Plan, deadline: Option<DeadlineIx>, measure: Option<MeasureIx>) -> String {
    let own = deadline.and_then(|ix| plan.deadline(ix).title.as_ref());
    let title = own.or_else(|| measure.map(|ix| &plan.measure(ix).title));
    title.unwrap_or(&plan.title).clone()
}

impl DiffRow {
    /// Returns the notice as it is now, else as it was.
    pub(super) fn entry(&self) -> &Entry {
        self.now.as_ref().or(self.was.as_ref()).expect("a difference has at least one side")
    }

    /// Tells whether it concerns a unit.
    pub(super) fn concerns(&self, unit: &str) -> bool {
        [&self.was, &self.now].into_iter().flatten().any(|entry| entry.to == unit)
    }

    /// Returns what rows are ordered by, as those of `forecast` are.
    pub(super) fn order(&self) -> impl Ord + use<> {
        let Entry { at, to, deadline, kind, nominal, rule, .. } = self.entry().clone();
        (at, to, deadline, kind.word(), nominal, rule, self.change)
    }
}

/// The row as JSON has it.
#[derive(Serialize)]
struct Flat<'a> {
    plan: &'a str,
    change: &'static str,
    at: Option<String>,
    was_at: Option<String>,
    deadline: Option<&'a str>,
    measure: Option<&'a str>,
    due: Option<String>,
    was_due: Option<String>,
    rule: &'a str,
    kind: &'static str,
    to: Option<&'a str>,
    was_to: Option<&'a str>,
    nominal: Option<String>,
    was_nominal: Option<String>,
    lines: Option<&'a [String]>,
}

impl Serialize for DiffRow {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entry = self.entry();
        let (was, now) = (self.was.as_ref(), self.now.as_ref());
        let due = |entry: &Entry| entry.due.map(|due| due_text(self.zone, due));
        let flat = Flat {
            plan: &self.plan,
            change: self.change.word(),
            at: now.map(|now| rfc3339(self.zone, now.at)),
            was_at: was.map(|was| rfc3339(self.zone, was.at)),
            deadline: entry.deadline.as_deref(),
            measure: entry.measure.as_deref(),
            due: now.and_then(due),
            was_due: was.and_then(due),
            rule: &entry.rule,
            kind: entry.kind.word(),
            to: now.map(|now| &*now.to),
            was_to: was.map(|was| &*was.to),
            nominal: now.map(|now| now.nominal.to_string()),
            was_nominal: was.map(|was| was.nominal.to_string()),
            lines: (!self.lines.is_empty()).then_some(&self.lines),
        };
        flat.serialize(serializer)
    }
}

impl Row for DiffRow {
    const COLUMNS: &'static [&'static str] = &[
        "plan",
        "change",
        "at",
        "was_at",
        "deadline",
        "measure",
        "due",
        "was_due",
        "rule",
        "kind",
        "to",
        "was_to",
        "nominal",
        "was_nominal",
        "lines",
    ];
    // People get them grouped by recipient, from `show`.
    const HEADINGS: &'static [&'static str] = &[];

    fn cells(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The differences in numbers.
#[derive(Debug, Default, Serialize)]
pub(super) struct Totals {
    pub(super) added: usize,
    pub(super) gone: usize,
    pub(super) moved: usize,
    pub(super) redirected: usize,
    pub(super) reworded: usize,
    pub(super) mails_before: usize,
    pub(super) mails_now: usize,
}

impl Totals {
    /// Counts what becomes of notices.
    pub(super) fn count(&mut self, rows: &[DiffRow]) {
        for row in rows {
            let count = match row.change {
                Change::Added => &mut self.added,
                Change::Gone => &mut self.gone,
                Change::Moved => &mut self.moved,
                Change::Redirected => &mut self.redirected,
                Change::Reworded => &mut self.reworded,
            };
            *count += 1;
        }
    }
}

impl Row for Totals {
    const COLUMNS: &'static [&'static str] =
        &["added", "gone", "moved", "redirected", "reworded", "mails_before", "mails_now"];
    const HEADINGS: &'static [&'static str] = Self::COLUMNS;

    fn cells(&self) -> Vec<String> {
        let Self { added, gone, moved, redirected, reworded, mails_before, mails_now } = self;
        [added, gone, moved, redirected, reworded, mails_before, mails_now]
            .map(ToString::to_string)
            .to_vec()
    }
}
