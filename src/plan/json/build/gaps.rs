//! Gaps and oddities that a plan may have: no date, no responsible unit, no address, a due date on a free day.

use chrono::NaiveDate;

use crate::calendar::{Calendar, FreeDay};
use crate::finding::Severity::{Hint, Warning};
use crate::plan::json::file::{DeadlineFile, MeasureFile, PlanFile};
use crate::plan::json::place::{Part, Remarks};
use crate::plan::{Deadline, Due, Measure, Plan, UnitIx, index};

/// Looks for all gaps of a plan.
pub(super) fn gaps(file: &PlanFile<'_>, plan: &Plan, remarks: &mut Remarks) {
    if file.owner.is_none() {
        let message = "the plan has no owner: nobody hears when something goes wrong";
        let help = "name a unit as `owner`".to_owned();
        remarks.say(Warning, "no_owner", Part::Plan.at("id"), message, help);
    }
    addresses(file, plan, remarks);
    let files = file.goals.iter().flat_map(|goal| goal.measures.iter().flatten());
    for ((file, measure), ix) in files.zip(&plan.measures).zip(0..) {
        gaps_of_measure(file, measure, Part::Measure(ix), remarks);
        let files = file.deadlines.iter().flatten();
        for ((file, deadline), ix) in
            files.zip(plan.deadlines_of(measure)).zip(measure.deadlines.clone())
        {
            gaps_of_deadline(file, deadline, Part::Deadline(ix), &plan.calendar, remarks);
        }
    }
}

/// A unit that is written to needs an address, its own or its members'; one that is only named may do without.
fn addresses(file: &PlanFile<'_>, plan: &Plan, remarks: &mut Remarks) {
    let concerned = plan.concerned();
    for (place, unit) in plan.units.iter().enumerate() {
        let ix = UnitIx(index(place));
        let recipients = plan.recipients(ix);
        if recipients.iter().any(|recipient| plan.unit(*recipient).email.is_some()) {
            continue;
        }
        let (severity, so) = if concerned.contains(&ix) {
            (Warning, "what concerns it reaches nobody")
        } else {
            (Hint, "mails to it would reach nobody")
        };
        let message =
            match file.units.iter().flatten().nth(place).and_then(|it| it.members.as_ref()) {
                Some(members) if !members.is_empty() => {
                    format!("neither `{}` nor any of its members has an address: {so}", unit.id)
                }
                _ => format!("`{}` has no address: {so}", unit.id),
            };
        let help = "add `email`".to_owned();
        remarks.say(severity, "no_address", Part::Unit(ix.0).at("id"), message, help);
    }
}

fn gaps_of_measure(file: &MeasureFile<'_>, measure: &Measure, at: Part, remarks: &mut Remarks) {
    let id = &measure.id;
    let deadlines = file.deadlines.as_deref().unwrap_or_default();
    if deadlines.is_empty() && file.runs.is_none() {
        let message =
            format!("measure `{id}` has no date: neither a deadline nor a time in which it runs");
        let help = "add `deadlines`, or `runs`".to_owned();
        let key = if file.deadlines.is_some() { "deadlines" } else { "id" };
        remarks.say(Warning, "no_date", at.at(key), message, help);
    }
    let all_have_their_own =
        !deadlines.is_empty() && deadlines.iter().all(|it| it.responsible.is_some());
    if names_nobody(file.responsible.as_deref()) && !all_have_their_own {
        let message = format!("measure `{id}` has no responsible unit");
        let help = "name units in `responsible`; the first one leads".to_owned();
        let key = if file.responsible.is_some() { "responsible" } else { "id" };
        remarks.say(Warning, "no_responsible", at.at(key), message, help);
    }
}

fn gaps_of_deadline(
    file: &DeadlineFile<'_>,
    deadline: &Deadline,
    at: Part,
    calendar: &Calendar,
    remarks: &mut Remarks,
) {
    let id = &deadline.id;
    if file.due.is_none() && file.every.is_none() && file.delivered.is_none() {
        let message = format!("deadline `{id}` has no date");
        let help = "add `due`, or `every`".to_owned();
        remarks.say(Warning, "no_date", at.at("id"), message, help);
    }
    if file.responsible.as_ref().is_some_and(Vec::is_empty) {
        let message = format!("deadline `{id}` has no responsible unit");
        let help = "leave the empty list out, and the measure's units are responsible".to_owned();
        remarks.say(Warning, "no_responsible", at.at("responsible"), message, help);
    }
    if let Due::On(due) = deadline.due
        && let Some(why) = calendar.free_day(due.date)
    {
        let message =
            format!("deadline `{id}` is due on {}, which is no working day", named(due.date, &why));
        let before = calendar.on_or_before(due.date);
        let help = format!("the last working day before it is {}", before.format("%A %Y-%m-%d"));
        remarks.say(Hint, "due_on_free_day", at.at("due"), message, help);
    }
}

fn names_nobody<T>(units: Option<&[T]>) -> bool {
    units.is_none_or(<[T]>::is_empty)
}

/// Names a free day: "Sunday 2011-05-01", "Friday 2010-12-24 (Julaften)".
fn named(date: NaiveDate, why: &FreeDay) -> String {
    let weekday = date.format("%A %Y-%m-%d");
    match why {
        FreeDay::Weekend(_) | FreeDay::Extra(None) => weekday.to_string(),
        FreeDay::Holiday(name) => format!("{weekday} ({name})"),
        FreeDay::Extra(Some(name)) => format!("{weekday} ({name})"),
    }
}
