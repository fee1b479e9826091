//! Trying every closure before it counts: on each deadline of the plan, before, on and after its date, open and delivered.
//! What is misspelt in a condition is found when the rules are read, and not on the morning on which it matters.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use super::{Facts, Over, RuleFault, Rules, Whom, World};
use crate::history::{Answer, History, Says};
use crate::plan::{Deadline, DeadlineIx, Due, DueDate, MeasureIx, Plan, index};
use crate::state::occurrence_id;

/// A plan of more deadlines than this is tried at so many of them, evenly spread.
const TRIED: usize = 500;

/// Returns every fault that a closure of `rules` shows on `plan`, each once, with what showed it first.
pub fn probe(rules: &Rules, plan: &Arc<Plan>) -> Vec<RuleFault> {
    let mut faults = Vec::new();
    let mut places = BTreeSet::new();
    // A rule that takes too much is not asked again: a thousand deadlines would take a thousand times as long.
    let mut exhausted = BTreeSet::new();
    let over = |over: Over| rules.list.iter().any(|rule| rule.over == over && rule.has_scripts());
    let mut try_on = |facts: &Facts, over: Over, shown_by: &dyn Fn() -> String| {
        for rule in rules.list.iter().filter(|rule| rule.over == over && rule.has_scripts()) {
            if exhausted.contains(&rule.name) {
                continue;
            }
            let mut found: Vec<RuleFault> = rule.holds(facts).err().into_iter().collect();
            for step in &rule.steps {
                if let Whom::Script(closure) = &step.whom
                    && matches!(rule.holds(facts), Ok(true))
                {
                    found.extend(closure.roles(facts).err());
                }
            }
            if found.iter().any(|fault| fault.exhausted) {
                exhausted.insert(rule.name.clone());
            }
            for mut fault in found {
                if places.insert((fault.file.clone(), fault.line, fault.column)) {
                    fault.message = format!("{} (shown by {})", fault.message, shown_by());
                    faults.push(fault);
                }
            }
        }
    };
    if over(Over::Deadlines) {
        let step = plan.deadlines.len().div_ceil(TRIED).max(1);
        for (place, deadline) in plan.deadlines.iter().enumerate().step_by(step) {
            for (due, today) in days(plan, deadline) {
                for delivered in [false, true] {
                    let history =
                        if delivered { answered(deadline, today) } else { History::default() };
                    let history = Arc::new(history);
                    let world = Arc::new(World { plan: plan.clone(), history, today });
                    let facts = Facts::deadline(&world, DeadlineIx(index(place)), due);
                    try_on(&facts, Over::Deadlines, &|| shown_by(deadline, due, today, delivered));
                }
            }
        }
    }
    let today = plan.adopted.or(plan.period.map(|period| period.from)).unwrap_or_default();
    let world = Arc::new(World { plan: plan.clone(), history: Arc::default(), today });
    if over(Over::Measures) {
        let step = plan.measures.len().div_ceil(TRIED).max(1);
        for place in (0..index(plan.measures.len())).step_by(step) {
            let ix = MeasureIx(place);
            let facts = Facts::measure(&world, ix);
            try_on(&facts, Over::Measures, &|| format!("measure `{}`", plan.measure(ix).id));
        }
    }
    if over(Over::Plan) {
        try_on(&Facts::plan(&world), Over::Plan, &|| format!("the plan, on {today}"));
    }
    faults
}

/// Says on which deadline and when: "`1a/summary`, 40 days before its date".
fn shown_by(
    deadline: &Deadline,
    due: Option<DueDate>,
    today: NaiveDate,
    delivered: bool,
) -> String {
    let when = match due.map(|due| (today - due.date).num_days()) {
        None => "which has no date".to_owned(),
        Some(0) => "on its date".to_owned(),
        Some(days @ ..0) => format!("{} days before its date", -days),
        Some(days) => format!("{days} days after its date"),
    };
    let then = if delivered { ", delivered" } else { "" };
    format!("`{}`, {when}{then}", occurrence_id(deadline, due))
}

/// The first due date with days before, on and after it; any day for a deadline without a date.
fn days(plan: &Plan, deadline: &Deadline) -> Vec<(Option<DueDate>, NaiveDate)> {
    let first = match deadline.due {
        Due::None => None,
        Due::On(due) => Some(due),
        Due::Every { from, .. } => Some(DueDate { date: from, time: None }),
    };
    match first {
        None => vec![(None, plan.adopted.unwrap_or_default())],
        Some(due) => {
            [-40, 0, 20].map(|days| (Some(due), due.date + TimeDelta::days(days))).to_vec()
        }
    }
}

fn answered(deadline: &Deadline, today: NaiveDate) -> History {
    let answer = Answer {
        at: today.and_time(chrono::NaiveTime::MIN).and_utc(),
        occurrence: None,
        unit: None,
        says: Says::Delivered(today),
        text: String::new(),
    };
    History { answers: [(deadline.id.clone(), vec![answer])].into(), ..History::default() }
}
