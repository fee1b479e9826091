//! `frist explain`: every rule and step for one deadline, and what became of it, in sentences.
//! The steps are laid out in `schedule::explain`; what the ledger wrote down comes from its log.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::cli::commands::times::{due_text, rfc3339};
use crate::cli::output::ExplainRow;
use crate::history::History;
use crate::notice::{Kind, Reason, Verdict};
use crate::plan::{DeadlineIx, DueDate, UnitIx};
use crate::schedule::{Explained, Fate, Notice, Origin, Schedule};
use crate::state;
use crate::store::LogEntry;

/// What identifies a line of the log among those of one plan.
type Place<'a> = (&'a str, Kind, NaiveDate, &'a str, Option<DueDate>);

/// Returns a row a step and recipient, by moment; `to` limits them to one unit.
pub(super) fn rows(
    schedule: &Schedule,
    history: &Arc<History>,
    log: &[LogEntry],
    deadline: DeadlineIx,
    occurrence: Option<NaiveDate>,
    to: Option<UnitIx>,
    at: DateTime<Utc>,
) -> Vec<ExplainRow> {
    let plan = schedule.plan();
    let id = &plan.deadline(deadline).id;
    let mut entries: HashMap<Place<'_>, &LogEntry> = HashMap::new();
    for entry in log.iter().filter(|entry| {
        entry.deadline.as_deref().is_some_and(|name| name.split('@').next() == Some(id))
    }) {
        entries.insert((&entry.rule, entry.kind, entry.nominal, &entry.to, entry.due), entry);
    }
    schedule
        .explain(history, deadline, occurrence, at)
        .iter()
        .filter(|explained| to.is_none() || explained.notice.to == to)
        .map(|explained| {
            let notice = &explained.notice;
            let due = notice.topic.deadline().and_then(|(_, due)| due);
            let to = notice.to.map_or("", |ix| &plan.unit(ix).id);
            let rule = schedule.rule_name(notice.origin);
            let entry = entries.get(&(rule, notice.kind, notice.nominal, to, due));
            row(schedule, explained, entry.copied())
        })
        .collect()
}

/// Says in words, before the table, what the deadline is and how it stands.
pub(super) fn introduce(
    schedule: &Schedule,
    history: &History,
    deadline: DeadlineIx,
    occurrence: Option<NaiveDate>,
    at: DateTime<Utc>,
) -> io::Result<()> {
    let plan = schedule.plan();
    let deadline = plan.deadline(deadline);
    let measure = plan.measure(deadline.measure);
    let dates = deadline.due.dates(NaiveDate::MAX);
    let today = at.with_timezone(&plan.zone).date_naive();
    let due = match occurrence {
        Some(date) => dates.iter().find(|due| due.date == date),
        None => dates.iter().find(|due| due.date >= today).or(dates.last()),
    };
    let names: Vec<&str> = deadline.responsible.iter().map(|ix| &*plan.unit(*ix).name).collect();
    let when = match due {
        None => "no date was decided".to_owned(),
        Some(due) if plan.calendar.is_working_day(due.date) => {
            format!("due {}", due.date.format("%A %Y-%m-%d"))
        }
        Some(due) => {
            let before = plan.calendar.on_or_before(due.date).format("%A %Y-%m-%d");
            let due = due.date.format("%A %Y-%m-%d");
            format!("due {due}, no working day; the last one before it is {before}")
        }
    };
    let names = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
    let state = state::state(plan, history, deadline, due.copied(), today).word().replace('_', " ");
    let words = format!(
        "{}: {}, {}\n  {when}\n  responsible: {names}\n  on {today} it is {state}\n\n",
        deadline.id, measure.title, deadline.kind
    );
    io::stdout().lock().write_all(words.as_bytes())
}

fn row(schedule: &Schedule, explained: &Explained, entry: Option<&LogEntry>) -> ExplainRow {
    let notice = &explained.notice;
    let plan = schedule.plan();
    let due = notice.topic.deadline().and_then(|(_, due)| due);
    let (state, reason) = state_of(explained, entry);
    let at = entry.map_or(notice.moment, |entry| entry.at);
    ExplainRow {
        deadline: schedule.topic_id(notice.topic),
        due: due.map(|due| due_text(plan.zone, due)),
        rule: schedule.rule_name(notice.origin).to_owned(),
        step: step(notice),
        kind: notice.kind.word().to_owned(),
        to: notice.to.map(|ix| plan.unit(ix).id.to_string()),
        nominal: notice.nominal.to_string(),
        at: rfc3339(plan.zone, at),
        sentence: sentence(schedule, notice, &state, &reason, at),
        state,
        reason,
    }
}

/// Returns the state in the words of the contract, and the reason.
fn state_of(explained: &Explained, entry: Option<&LogEntry>) -> (String, String) {
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

/// Returns the step's place in its rule, from 1; 0 for what is built in.
fn step(notice: &Notice) -> usize {
    match notice.origin {
        Origin::Step { step, .. } => usize::from(step) + 1,
        Origin::Overview | Origin::Safety => 0,
    }
}

/// Tells a step's story: when, what, to whom, why by its rule, and what became of it.
fn sentence(
    schedule: &Schedule,
    notice: &Notice,
    state: &str,
    reason: &str,
    at: DateTime<Utc>,
) -> String {
    let plan = schedule.plan();
    let what = notice.kind.noun();
    let to = notice.to.map_or("nobody", |ix| &plan.unit(ix).name);
    let rule = schedule.rule_name(notice.origin);
    let day = at.with_timezone(&plan.zone).format("%A %Y-%m-%d at %H:%M");
    let mut story = format!("{day}: {what} to {to}, {} (rule `{rule}`)", notice.why);
    if notice.nominal != notice.sending {
        let direction = if notice.sending < notice.nominal { "before" } else { "after" };
        let nominal = notice.nominal.format("%A %Y-%m-%d");
        let _ = write!(story, "; {nominal} is no working day, so on the working day {direction}");
    }
    let fate = match state {
        "sent" => "sent".to_owned(),
        "queued" | "sending" => "lies in the outbox".to_owned(),
        "retrying" => "not through yet, is being tried again".to_owned(),
        "gave_up" => "given up: the mail server refuses it".to_owned(),
        "waiting" => match &notice.verdict {
            Verdict::NotSent(reason) => {
                format!("lies ahead, and would not be sent as things stand: {reason}")
            }
            Verdict::Send | Verdict::Superseded { .. } => "lies ahead".to_owned(),
        },
        _ => format!("not sent: {reason}"),
    };
    format!("{story}: {fate}")
}
