//! The page for programs: a row for each thing to look at, with ids and ISO dates.
//! What is told is found in `advice::adoption`.

use chrono::NaiveDate;
use serde::Serialize;

use crate::advice::{Adoption, Obstacle};
use crate::calendar::FreeDay;
use crate::cli::output::{self, Text};
use crate::plan::{DeadlineIx, Plan};
use crate::schedule::Topic;

/// One thing to look at before a plan is adopted.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    plan: String,
    /// What it is: `no_date`, `no_responsible`, `due_on_free_day`, `past`, `busy_week`, `unremindable`, `no_address`.
    what: &'static str,
    measure: Option<String>,
    deadline: Option<String>,
    unit: Option<String>,
    date: Option<Text<NaiveDate>>,
    /// The holiday's name, in English for Norway's; or what stands in the way of a reminder.
    why: Option<String>,
    workday_before: Option<Text<NaiveDate>>,
    /// How many deadlines of one unit fall into the week that begins on `date`.
    count: Option<usize>,
}

/// Returns all rows about a plan.
pub(super) fn rows(plan: &Plan, found: &Adoption) -> Vec<Row> {
    let mut rows = Vec::new();
    let about = |what: &'static str, topic: Topic| {
        let (measure, deadline) = match topic {
            Topic::Deadline { ix, .. } => (Some(plan.deadline(ix).measure), Some(ix)),
            Topic::Measure(ix) => (Some(ix), None),
            Topic::Plan => (None, None),
        };
        Row {
            plan: plan.id.to_string(),
            what,
            measure: measure.map(|ix| plan.measure(ix).id.to_string()),
            deadline: deadline.map(|ix| plan.deadline(ix).id.to_string()),
            unit: None,
            date: None,
            why: None,
            workday_before: None,
            count: None,
        }
    };
    let of = |what, ix: DeadlineIx| about(what, Topic::Deadline { ix, due: None });
    for gap in &found.gaps {
        rows.extend(gap.no_date.then(|| about("no_date", gap.topic)));
        rows.extend(gap.no_unit.then(|| about("no_responsible", gap.topic)));
    }
    for day in &found.on_free_days {
        let why = match &day.why {
            FreeDay::Holiday(name) => Some((*name).to_owned()),
            FreeDay::Extra(name) => name.clone(),
            FreeDay::Weekend(_) => None,
        };
        rows.extend(day.deadlines.iter().map(|ix| Row {
            date: Some(Text(day.date)),
            why: why.clone(),
            workday_before: Some(Text(day.workday_before)),
            ..of("due_on_free_day", *ix)
        }));
    }
    let past = found.past.iter();
    rows.extend(past.map(|it| Row { date: Some(Text(it.due.date)), ..of("past", it.deadline) }));
    rows.extend(found.busy.iter().map(|busy| Row {
        unit: Some(plan.unit(busy.unit).id.to_string()),
        date: Some(Text(busy.monday)),
        count: Some(busy.deadlines.len()),
        ..about("busy_week", Topic::Plan)
    }));
    rows.extend(found.unremindable.iter().map(|it| Row {
        why: Some(word(it.obstacle).to_owned()),
        ..about("unremindable", it.topic)
    }));
    rows.extend(found.without_address.iter().map(|unit| Row {
        unit: Some(plan.unit(*unit).id.to_string()),
        ..about("no_address", Topic::Plan)
    }));
    rows
}

fn word(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::NoDate => "no_date",
        Obstacle::NoUnit => "no_responsible",
        Obstacle::NoAddress => "no_address",
        Obstacle::NoRule => "no_rule",
    }
}

impl output::Row for Row {
    const COLUMNS: &'static [&'static str] =
        &["plan", "what", "measure", "deadline", "unit", "date", "why", "workday_before", "count"];
    const HEADINGS: &'static [&'static str] = &["what", "about"];

    fn cells(&self) -> Vec<String> {
        let about = self.deadline.as_ref().or(self.measure.as_ref()).or(self.unit.as_ref());
        vec![self.what.to_owned(), about.cloned().unwrap_or_default()]
    }
}
