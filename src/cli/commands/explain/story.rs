//! The rows of an explanation as a story: what a deadline is, what was told, what was not and why not, what comes next.
//! What stands in the rows is computed in `rows`.

use std::io::{self, Write};

use chrono::{DateTime, NaiveDate, Utc};

use super::{History, Schedule};
use crate::cli::output::{ExplainRow, for_people};
use crate::plan::date::parse_date;
use crate::state;

/// Says what the deadline `name` is, how it stands, and what was answered.
pub(super) fn introduce(
    schedule: &Schedule,
    history: &History,
    name: Option<&str>,
    at: DateTime<Utc>,
) -> io::Result<()> {
    let plan = schedule.plan();
    let (id, occurrence) =
        name.unwrap_or_default().split_once('@').unwrap_or((name.unwrap_or_default(), ""));
    let occurrence = parse_date(occurrence).ok();
    let Some(ix) = plan.deadline_by_id(id) else { return Ok(()) };
    let deadline = plan.deadline(ix);
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
    let mut out = for_people();
    writeln!(out, "{}: {}, {}", deadline.id, measure.title, deadline.kind)?;
    writeln!(out, "  {when}\n  responsible: {names}\n  on {today} it is {state}")?;
    for answer in state::answers(history, deadline, due.copied()) {
        let day = answer.at.with_timezone(&plan.zone).format("%A %Y-%m-%d");
        let date = answer.says.date().map(|date| format!(" {date}")).unwrap_or_default();
        let says = answer.says.word().replace('_', " ");
        let text =
            if answer.text.is_empty() { String::new() } else { format!(": \"{}\"", answer.text) };
        let by = answer.unit.as_ref().map(|unit| format!(" by {unit}")).unwrap_or_default();
        writeln!(out, "  answered on {day}{by}: {says}{date}{text}")?;
    }
    writeln!(out)
}

/// Tells all rows, those that say the same gathered into one sentence; unless their deadline was `introduced`, each says what
/// it is about.
pub(super) fn tell(rows: &[ExplainRow], introduced: bool) -> io::Result<()> {
    let mut out = for_people();
    if rows.is_empty() {
        return writeln!(out, "There is nothing to tell.");
    }
    let named = introduced && rows.iter().all(|row| row.deadline == rows[0].deadline);
    let would_be_sent = |row: &&ExplainRow| !row.reason.contains("would not be sent");
    let waiting = |row: &&ExplainRow| row.state == "waiting";
    let untold = |row: &&ExplainRow| matches!(&*row.state, "not_sent" | "superseded" | "dropped");
    let told = |row: &&ExplainRow| !waiting(row) && !untold(row);
    let mut section = |heading: &str, rows: Vec<&ExplainRow>| {
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(out, "{heading}")?;
        for group in gathered(&rows) {
            let about = if named { String::new() } else { format!("{}, ", group[0].deadline) };
            let more = match group.len() - 1 {
                0 => String::new(),
                more => format!("\n    the same {}", also(&group[1..], more)),
            };
            writeln!(out, "  {about}{}{more}", group[0].sentence)?;
        }
        writeln!(out)
    };
    section("What was told", rows.iter().filter(told).collect())?;
    section("What was not told, and why not", rows.iter().filter(untold).collect())?;
    section(
        "What comes next, as things stand",
        rows.iter().filter(waiting).filter(would_be_sent).collect(),
    )?;
    let not_sent = rows.iter().filter(waiting).filter(|row| !would_be_sent(row));
    section("What lies ahead and would not be sent, as things stand", not_sent.collect())
}

/// Gathers rows of one rule about one thing that were not told for one reason.
fn gathered<'a>(rows: &[&'a ExplainRow]) -> Vec<Vec<&'a ExplainRow>> {
    let mut groups: Vec<Vec<&ExplainRow>> = Vec::new();
    for row in rows {
        let alike = |group: &&mut Vec<&ExplainRow>| {
            let first = group[0];
            let reason = |row: &ExplainRow| row.reason.rsplit(": ").next().map(str::to_owned);
            !row.parts.is_empty()
                && (&first.deadline, &first.rule, &first.parts, reason(first))
                    == (&row.deadline, &row.rule, &row.parts, reason(row))
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// Says when else, and to whom else.
fn also(rows: &[&ExplainRow], count: usize) -> String {
    const SHOWN: usize = 4;
    let told: Vec<String> = rows
        .iter()
        .take(SHOWN)
        .map(|row| {
            let to = row.to.as_deref().map(|to| format!(" to {to}")).unwrap_or_default();
            format!("on {}{to}", row.at.get(..10).unwrap_or_default())
        })
        .collect();
    let more = if count > SHOWN { format!(" and {} more", count - SHOWN) } else { String::new() };
    format!("{}{more}", told.join(", "))
}
