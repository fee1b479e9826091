//! `frist status`: the plan as a table, as it stands at a moment.
//! How a deadline stands is computed in `state`; how rows are printed is in `cli::output`.

use chrono::{DateTime, NaiveDate, Utc};

use crate::cli::commands::times::{due_text, rfc3339};
use crate::cli::output::StatusRow;
use crate::history::History;
use crate::plan::{Deadline, DueDate, Measure, Plan, UnitIx};
use crate::state::{self, State, occurrence_id};

/// Returns a line a deadline, and one for each measure without any.
///
/// A recurring deadline has a line for each occurrence that is overdue, and one for the next.
pub(super) fn rows(plan: &Plan, history: &History, at: DateTime<Utc>) -> Vec<StatusRow> {
    let today = at.with_timezone(&plan.zone).date_naive();
    let mut rows = Vec::new();
    for measure in &plan.measures {
        let deadlines = plan.deadlines_of(measure);
        if deadlines.is_empty() {
            rows.push(measure_row(plan, measure));
        }
        for deadline in deadlines {
            for due in occurrences(history, deadline, today) {
                rows.push(deadline_row(plan, history, measure, deadline, due, today));
            }
        }
    }
    rows
}

fn occurrences(history: &History, deadline: &Deadline, today: NaiveDate) -> Vec<Option<DueDate>> {
    let dates = deadline.due.dates(NaiveDate::MAX);
    if !deadline.due.recurs() {
        return vec![dates.first().copied()];
    }
    let next = dates.iter().find(|due| due.date >= today).copied();
    let open = |due: &DueDate| state::delivered_by(history, deadline, Some(*due), today).is_none();
    let overdue = dates.iter().take_while(|due| due.date < today).copied().filter(open);
    let mut shown: Vec<_> = overdue.chain(next).map(Some).collect();
    if shown.is_empty() {
        shown.push(dates.last().copied());
    }
    shown
}

fn deadline_row(
    plan: &Plan,
    history: &History,
    measure: &Measure,
    deadline: &Deadline,
    due: Option<DueDate>,
    today: NaiveDate,
) -> StatusRow {
    let id = occurrence_id(deadline, due);
    let state = state::state(plan, history, deadline, due, today);
    let days_left =
        due.filter(|_| state != State::Delivered).map(|due| (due.date - today).num_days());
    let last = state::answers(history, deadline, due).next_back();
    StatusRow {
        plan: plan.id.to_string(),
        measure: measure.id.to_string(),
        title: deadline.title.as_ref().unwrap_or(&measure.title).clone(),
        kind: Some(deadline.kind.to_string()),
        due: due.map(|due| due_text(plan.zone, due)),
        state: state.word().to_owned(),
        days_left,
        responsible: ids(plan, &deadline.responsible),
        last_notice: history.last_told.get(id.as_str()).map(|(at, _)| rfc3339(plan.zone, *at)),
        last_answer: last.map(|answer| answer.says.word().to_owned()),
        deadline: Some(id),
    }
}

fn measure_row(plan: &Plan, measure: &Measure) -> StatusRow {
    let state = if measure.runs.is_some() { "running" } else { State::NoDate.word() };
    StatusRow {
        plan: plan.id.to_string(),
        deadline: None,
        measure: measure.id.to_string(),
        title: measure.title.clone(),
        kind: None,
        due: None,
        state: state.to_owned(),
        days_left: None,
        responsible: ids(plan, &measure.responsible),
        last_notice: None,
        last_answer: None,
    }
}

fn ids(plan: &Plan, units: &[UnitIx]) -> Vec<String> {
    units.iter().map(|ix| plan.unit(*ix).id.to_string()).collect()
}
