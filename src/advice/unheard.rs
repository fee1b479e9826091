//! Deadlines that nobody is reminded of, and units that are responsible and would never hear: told at their place in the plan.
//! What has no date, no unit or no address is told by `plan::json`, so it is passed over here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::outlook::Outlook;
use super::{NAMED, few};
use crate::finding::Severity::Warning;
use crate::notice::{Kind, Verdict};
use crate::plan::json::{Part, Remarks};
use crate::plan::{Deadline, DeadlineIx, Due, UnitIx, index};
use crate::rules::Over;
use crate::schedule::Notice;

/// Says who and what is forgotten by all rules.
pub(super) fn unheard(outlook: &Outlook, remarks: &mut Remarks) {
    let rules = outlook.schedule.rules();
    // A rule that is left out may be the very one.
    if rules.incomplete {
        return;
    }
    if rules.list.is_empty() {
        let message = "there are no rules: nobody is ever told anything";
        let help = "write one into rules/deadlines.rhai: `rule(\"deadline\").remind(responsible, 7.days.before);`";
        remarks.say(Warning, "no_rules", Part::Plan.at("id"), message, help.to_owned());
        return;
    }
    deadlines(outlook, remarks);
    units(outlook, remarks);
}

fn deadlines(outlook: &Outlook, remarks: &mut Remarks) {
    let mut first_told: BTreeMap<DeadlineIx, &Notice> = BTreeMap::new();
    for (.., decision) in outlook.of_steps() {
        let notice = &decision.notice;
        if let (Some((ix, _)), Verdict::Send) = (notice.topic.deadline(), &notice.verdict) {
            first_told.entry(ix).or_insert(notice);
        }
    }
    let (reminded, _) = outlook.reminded();
    let all = (0..index(outlook.plan.deadlines.len())).map(DeadlineIx);
    let forgotten: Vec<DeadlineIx> = all
        .filter(|ix| !reminded.contains(ix))
        .filter(|ix| {
            let deadline = outlook.plan.deadline(*ix);
            lies_ahead(outlook, deadline) && is_reachable(outlook, &deadline.responsible)
        })
        .collect();
    let early = early_reminders(outlook, &forgotten);
    for ixs in in_few(&forgotten) {
        let (first, id) = (ixs[0], |ix: &DeadlineIx| &*outlook.plan.deadline(*ix).id);
        let names = few(ixs.iter().map(id));
        let late = match first_told.get(&first).and_then(|notice| Some((notice, notice.to?))) {
            Some((notice, to)) if ixs.len() == 1 => {
                let to = &outlook.plan.unit(to).id;
                format!(": the first to hear is `{to}`, on {}", notice.sending)
            }
            _ => String::new(),
        };
        let message = format!("no rule reminds anybody of {names}{late}");
        let help = match early.get(&first) {
            Some(date) => format!(
                "a reminder would be due on {date}, which is too early to count; add one that is nearer to its date"
            ),
            None => format!(
                "let a rule that matches kind `{}` remind somebody: `.remind(responsible, 7.days.before)`",
                outlook.plan.deadline(first).kind
            ),
        };
        remarks.say(
            Warning,
            "deadline_unreminded",
            Part::Deadline(first.0).at("id"),
            message,
            help,
        );
    }
}

/// Returns the last reminder of each of `deadlines` that lies before everything counts.
fn early_reminders(outlook: &Outlook, deadlines: &[DeadlineIx]) -> BTreeMap<DeadlineIx, NaiveDate> {
    let mut early = BTreeMap::new();
    if deadlines.is_empty() {
        return early;
    }
    let rules = outlook.schedule.rules();
    for (place, rule) in (0..).zip(&rules.list).filter(|(_, rule)| rule.over == Over::Deadlines) {
        let steps = (0..).zip(&rule.steps).filter(|(_, step)| step.kind == Kind::Remind);
        for (step, _) in steps {
            for dated in outlook.dates_of(place, step) {
                if let Some((ix, _)) = dated.topic.deadline()
                    && !dated.counts
                    && deadlines.contains(&ix)
                    && outlook.holds(rule, &dated)
                {
                    let last = early.entry(ix).or_insert(dated.sending);
                    *last = (*last).max(dated.sending);
                }
            }
        }
    }
    early
}

fn units(outlook: &Outlook, remarks: &mut Remarks) {
    let plan = &outlook.plan;
    let told: BTreeSet<UnitIx> = outlook
        .decisions
        .iter()
        .filter(|decision| decision.notice.verdict == Verdict::Send)
        .filter_map(|decision| decision.notice.to)
        .collect();
    let mut charged: BTreeMap<UnitIx, Vec<&str>> = BTreeMap::new();
    let deadlines = plan.deadlines.iter().filter(|deadline| lies_ahead(outlook, deadline));
    let deadlines = deadlines.map(|deadline| (&*deadline.id, &deadline.responsible));
    let running = plan.measures.iter().filter(|measure| measure.runs.is_some());
    let running = running.map(|measure| (&*measure.id, &measure.responsible));
    for (id, responsible) in running.chain(deadlines) {
        let recipients: BTreeSet<UnitIx> =
            responsible.iter().flat_map(|unit| plan.recipients(*unit)).collect();
        for unit in recipients {
            charged.entry(unit).or_default().push(id);
        }
    }
    let deaf: Vec<UnitIx> = charged
        .keys()
        .copied()
        .filter(|unit| !told.contains(unit) && plan.unit(*unit).email.is_some())
        .collect();
    for units in in_few(&deaf) {
        let names = few(units.iter().map(|unit| &*plan.unit(*unit).id));
        let message = match units {
            [unit] => format!(
                "`{}` is responsible for {} and would never hear anything",
                plan.unit(*unit).id,
                few(charged[unit].iter().copied())
            ),
            _ => format!("{names} are responsible for something and would never hear anything"),
        };
        let help = "let a rule tell `responsible`; `lead` is only the first of them".to_owned();
        remarks.say(Warning, "unit_never_hears", Part::Unit(units[0].0).at("id"), message, help);
    }
}

/// Tells whether anything about a deadline still lies ahead when the plan is adopted.
pub(super) fn lies_ahead(outlook: &Outlook, deadline: &Deadline) -> bool {
    let from = outlook.plan.adopted.unwrap_or(outlook.from);
    let last = match deadline.due {
        Due::None => None,
        Due::On(due) => Some(due.date),
        Due::Every { .. } => deadline.due.dates(NaiveDate::MAX).last().map(|due| due.date),
    };
    last.is_some_and(|last| {
        last >= from && deadline.delivered.is_none_or(|date| date < last && deadline.due.recurs())
    })
}

pub(super) fn is_reachable(outlook: &Outlook, units: &[UnitIx]) -> bool {
    let plan = &outlook.plan;
    units.iter().flat_map(|unit| plan.recipients(*unit)).any(|unit| plan.unit(unit).email.is_some())
}

/// Takes a few one by one, and more than that together.
fn in_few<T>(all: &[T]) -> impl Iterator<Item = &[T]> {
    all.chunks(if all.len() <= NAMED { 1 } else { all.len() })
}
