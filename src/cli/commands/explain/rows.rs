//! A row a step and recipient: what became of it, why, and which part of a condition was false.
//! How rows read as a story is in `story`.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::{History, LogEntry, Schedule, Trace, Wanted};
use crate::cli::commands::times::{due_text, rfc3339};
use crate::cli::output::ExplainRow;
use crate::notice::{Kind, Reason, Verdict};
use crate::plan::DueDate;
use crate::schedule::{Explained, Fate, Notice, Origin, Topic};
use crate::store;

/// What a plan's rows are made of.
pub(super) struct Asked<'a> {
    pub(super) schedule: &'a Schedule,
    pub(super) history: &'a Arc<History>,
    pub(super) trace: &'a Trace,
    pub(super) log: &'a [LogEntry],
    pub(super) at: DateTime<Utc>,
}

/// What identifies a line of the log among those of one plan: rule, kind, nominal date, recipient, what it is about.
type Place<'a> = (&'a str, Kind, NaiveDate, &'a str, String);

impl Asked<'_> {
    /// Returns the rows that are wanted, by moment.
    pub(super) fn rows(&self, wanted: &Wanted) -> Vec<ExplainRow> {
        let plan = self.schedule.plan();
        let mut entries: HashMap<Place<'_>, &LogEntry> = HashMap::new();
        for entry in self.log {
            let about = entry.deadline.as_ref().or(entry.measure.as_ref()).unwrap_or(&plan.id);
            let place = (&*entry.rule, entry.kind, entry.nominal, &*entry.to, about.to_string());
            entries.insert(place, entry);
        }
        let mut used = HashSet::new();
        let mut rows: Vec<ExplainRow> = Vec::new();
        for explained in self.schedule.explain(self.history, self.at, &wanted.topic) {
            let notice = &explained.notice;
            let to = notice.to.map_or("", |ix| &plan.unit(ix).id);
            let about = self.schedule.topic_id(notice.topic);
            let place =
                (self.schedule.rule_name(notice.origin), notice.kind, notice.nominal, to, about);
            let entry = entries.get(&place).copied();
            if let Some(entry) = entry {
                used.insert(std::ptr::from_ref(entry));
            }
            let shown = match (entry, wanted.message_id) {
                (Some(entry), _) => wanted.tells(entry),
                (None, message_id) => message_id.is_none(),
            };
            let of_unit = wanted.to.is_none() || notice.to == wanted.to;
            let at = entry.map_or(notice.moment, |entry| entry.at);
            let of_day = wanted.on.is_none_or(|on| {
                [at, notice.moment].iter().any(|at| self.schedule.moments().date_of(*at) == on)
            });
            if shown && of_unit && of_day {
                rows.push(self.row(&explained, entry));
            }
        }
        // A mail may tell of what is no longer in the plan or the rules.
        let gone = self.log.iter().filter(|entry| {
            wanted.message_id.is_some()
                && wanted.tells(entry)
                && !used.contains(&std::ptr::from_ref(*entry))
        });
        rows.extend(gone.map(|entry| self.row_of_log(entry)));
        rows
    }

    fn row(&self, explained: &Explained, entry: Option<&LogEntry>) -> ExplainRow {
        let notice = &explained.notice;
        let plan = self.schedule.plan();
        let due = notice.topic.deadline().and_then(|(_, due)| due);
        let (state, reason) = state_of(explained, entry);
        let at = entry.map_or(notice.moment, |entry| entry.at);
        let parts = self.false_parts(notice, entry, &reason, at);
        ExplainRow {
            deadline: self.schedule.topic_id(notice.topic),
            due: due.map(|due| due_text(plan.zone, due)),
            rule: self.schedule.rule_name(notice.origin).to_owned(),
            step: match notice.origin {
                Origin::Step { step, .. } => usize::from(step) + 1,
                Origin::Overview | Origin::Safety => 0,
            },
            kind: notice.kind.word().to_owned(),
            to: notice.to.map(|ix| plan.unit(ix).id.to_string()),
            nominal: notice.nominal.to_string(),
            at: rfc3339(plan.zone, at),
            sentence: self.sentence(notice, &state, &reason, &parts, at),
            state,
            reason,
            parts,
        }
    }

    /// Makes a row of a line of the log whose step is no longer there.
    fn row_of_log(&self, entry: &LogEntry) -> ExplainRow {
        let plan = self.schedule.plan();
        let about = entry.deadline.as_ref().or(entry.measure.as_ref()).unwrap_or(&plan.id);
        let to = plan.unit_by_id(&entry.to).map_or(&*entry.to, |ix| &plan.unit(ix).name);
        let day = entry.at.with_timezone(&plan.zone).format("%A %Y-%m-%d at %H:%M");
        let sentence = format!(
            "{day}: {} to {to}, {} (rule `{}`, which says so no more): {}",
            entry.kind.noun(),
            entry.why,
            entry.rule,
            in_words(entry.fate.word(), &entry.reason)
        );
        ExplainRow {
            deadline: about.to_string(),
            due: entry.due.map(|due: DueDate| due_text(plan.zone, due)),
            rule: entry.rule.to_string(),
            step: usize::from(entry.step) + 1,
            kind: entry.kind.word().to_owned(),
            to: (!entry.to.is_empty()).then(|| entry.to.to_string()),
            nominal: entry.nominal.to_string(),
            at: rfc3339(plan.zone, entry.at),
            state: entry.fate.word().to_owned(),
            reason: entry.reason.clone(),
            sentence,
            parts: Vec::new(),
        }
    }

    /// Asks the condition once more, as it was on the day, and returns its false parts in words.
    fn false_parts(
        &self,
        notice: &Notice,
        entry: Option<&LogEntry>,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Vec<String> {
        let condition_false = match entry {
            Some(entry) => entry.code.as_deref() == Some(Reason::ConditionFalse.code()),
            None => reason.contains(&Reason::ConditionFalse.to_string()),
        };
        let Some(rule) = notice.origin.rule().filter(|_| condition_false) else {
            return Vec::new();
        };
        let mut history = self.history.clone();
        if let Topic::Deadline { .. } = notice.topic {
            super::forget_what_came_later(&mut history, at);
        }
        let on = self.schedule.moments().date_of(at);
        let ask = || self.schedule.ask(&history, notice.topic, rule, on);
        let (_, parts) = self.trace.watch(ask);
        parts.iter().filter(|part| !part.held).map(ToString::to_string).collect()
    }

    /// Tells a step's story: when, what, to whom, why by its rule, and what became of it.
    fn sentence(
        &self,
        notice: &Notice,
        state: &str,
        reason: &str,
        parts: &[String],
        at: DateTime<Utc>,
    ) -> String {
        let plan = self.schedule.plan();
        let to = notice.to.map_or("nobody", |ix| &plan.unit(ix).name);
        let rule = self.schedule.rule_name(notice.origin);
        let day = at.with_timezone(&plan.zone).format("%A %Y-%m-%d at %H:%M");
        let what = notice.kind.noun();
        let mut story = format!("{day}: {what} to {to}, {} (rule `{rule}`)", notice.why);
        // Writing to a string does not fail.
        if notice.nominal != notice.sending {
            let direction = if notice.sending < notice.nominal { "before" } else { "after" };
            let nominal = notice.nominal.format("%A %Y-%m-%d");
            let _ =
                write!(story, "; {nominal} is no working day, so on the working day {direction}");
        }
        let fate = match (state, &notice.verdict) {
            ("waiting", Verdict::NotSent(reason)) => {
                format!("lies ahead, and would not be sent as things stand: {reason}")
            }
            _ => in_words(state, reason),
        };
        let _ = write!(story, ": {fate}");
        if !parts.is_empty() {
            let _ = write!(story, ": {}", parts.join(" and "));
        }
        story
    }
}

/// Returns the state in the words of the contract, and the reason.
fn state_of(explained: &Explained, entry: Option<&store::LogEntry>) -> (String, String) {
    if let Some(entry) = entry {
        return (entry.fate.word().to_owned(), entry.reason.clone());
    }
    let notice = &explained.notice;
    match (&explained.fate, &notice.verdict) {
        (Fate::Never(reason), _) => ("not_sent".to_owned(), reason.to_string()),
        (Fate::Decided, _) => ("not_sent".to_owned(), Reason::ToldAlready.to_string()),
        (Fate::Pending | Fate::Waiting, Verdict::NotSent(reason)) => (
            "waiting".to_owned(),
            format!("{}; as things stand it would not be sent: {reason}", notice.why),
        ),
        (Fate::Pending | Fate::Waiting, _) => ("waiting".to_owned(), notice.why.to_string()),
    }
}

/// Puts a state into words.
fn in_words(state: &str, reason: &str) -> String {
    match state {
        "sent" => "sent".to_owned(),
        "queued" | "sending" => "lies in the outbox".to_owned(),
        "retrying" => "not through yet, is being tried again".to_owned(),
        "held" => "held back, since a change of the files would send too much at once".to_owned(),
        "dropped" => "held back, and then dropped".to_owned(),
        "gave_up" => "given up: the mail server refuses it".to_owned(),
        "waiting" => "lies ahead".to_owned(),
        _ => format!("not sent: {reason}"),
    }
}
