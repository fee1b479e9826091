//! `--coverage`: how often each step fired and each part of a condition was true and false, in the scenarios and over the
//! plan's whole time.
//! Counting the parts is `rules::trace`'s; playing the scenarios is `test`'s.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::test::{Played, play_traced};
use super::{Answer, Context};
use crate::calendar::moment::instant;
use crate::cli::output::{self, CoverageRow, Tally};
use crate::cli::{Exit, talk};
use crate::history::History;
use crate::plan::Plan;
use crate::rules::{Rule, Rules, Trace, When};
use crate::schedule::{Origin, Schedule, see};

/// What is said of a step or part that no scenario comes to.
const UNTESTED: &str = "not tested";

/// Counts, and prints a row a step and a part.
pub(super) fn tell(context: &Context) -> Answer<Exit> {
    let (played, in_tests) = play_traced(&context.project, context.config.send_at);
    let (rules, trace) = context.project.traced_rules();
    let fired = fired_on_plans(context, &rules);
    let mut rows = Vec::new();
    for (rule, fired) in rules.list.iter().zip(&fired) {
        rows.extend(parts(rule, &in_tests, &trace));
        rows.extend(steps(rule, &played, &trace, fired));
    }
    let told = summary(&rows);
    output::print(context.format, rows.into_iter())?;
    talk(&told);
    Ok(Exit::Fine)
}

fn summary(rows: &[CoverageRow]) -> String {
    let steps: Vec<&CoverageRow> = rows.iter().filter(|row| row.what == "step").collect();
    let fired = |tally: fn(&CoverageRow) -> Tally| {
        steps.iter().filter(|row| tally(row).fired > Some(0)).count()
    };
    let on_plan = fired(|row| row.plan);
    let in_tests = fired(|row| row.tests);
    let untested = rows.iter().filter(|row| row.remark.as_deref() == Some(UNTESTED)).count();
    let untested =
        if untested == 0 { String::new() } else { format!("; {untested} are {UNTESTED}") };
    let mut dead: Vec<&str> = steps.iter().map(|row| row.rule.as_str()).collect();
    dead.dedup();
    dead.retain(|rule| {
        steps.iter().filter(|row| row.rule == *rule).all(|row| row.plan.fired == Some(0))
    });
    let dead = if dead.is_empty() {
        String::new()
    } else {
        format!("\nRules that never fire on the plan: {}.", dead.join(", "))
    };
    let all = steps.len();
    format!(
        "Of {all} steps, {on_plan} fire on the plan as it stands, and {in_tests} in the scenarios{untested}.{dead}"
    )
}

fn parts(rule: &Rule, tests: &Trace, plan: &Trace) -> Vec<CoverageRow> {
    let counted = tests.parts().into_iter().zip(plan.parts());
    counted
        .filter(|((part, _), _)| part.rule == rule.name)
        .map(|((part, tests), (_, plan))| {
            let tally = |counted: &crate::rules::Counted| Tally {
                fired: None,
                truths: Some(counted.truths),
                falsehoods: Some(counted.falsehoods),
            };
            let remark = match (plan.truths, plan.falsehoods) {
                (0, 0) => Some("never asked on the plan"),
                (_, 0) => Some("always true on the plan"),
                (0, _) => Some("always false on the plan"),
                _ if tests.truths + tests.falsehoods == 0 => Some(UNTESTED),
                _ if tests.truths == 0 => Some("never true in the tests"),
                _ if tests.falsehoods == 0 => Some("never false in the tests"),
                _ => None,
            };
            CoverageRow {
                rule: rule.name.to_string(),
                file: part.file.to_string(),
                line: part.line,
                what: "part",
                text: part.text,
                tests: tally(&tests),
                plan: tally(&plan),
                remark: remark.map(str::to_owned),
            }
        })
        .collect()
}

fn steps(rule: &Rule, played: &Played, trace: &Trace, fired: &[u64]) -> Vec<CoverageRow> {
    let texts = trace.steps_of(&rule.name);
    let in_tests = |step: usize| {
        let told = played.outcomes.iter().flat_map(|outcome| &outcome.decided).filter(|decided| {
            decided.untold.is_none() && *decided.rule == *rule.name && decided.step == Some(step)
        });
        told.count() as u64
    };
    rule.steps
        .iter()
        .zip(fired)
        .enumerate()
        .map(|(place, (step, fired))| {
            // Nobody answers while the plan is gone through, so only a scenario can show what follows an answer.
            let follows_event = matches!(step.when, When::On(_));
            let tested = in_tests(place);
            let remark = match (fired, tested) {
                (0, _) if !follows_event => Some("never fires on the plan"),
                (_, 0) => Some(UNTESTED),
                _ => None,
            };
            // A rule made in a loop has its words elsewhere.
            let text = texts.get(place).filter(|_| texts.len() == rule.steps.len());
            CoverageRow {
                rule: rule.name.to_string(),
                file: rule.file.to_string(),
                line: text.map_or(rule.line, |text| text.line),
                what: "step",
                text: text.map_or_else(|| format!("step {}", place + 1), |text| text.text.clone()),
                tests: Tally { fired: Some(tested), ..Tally::default() },
                plan: Tally { fired: (!follows_event).then_some(*fired), ..Tally::default() },
                remark: remark.map(str::to_owned),
            }
        })
        .collect()
}

/// Counts how often each step of each rule is told over each plan's whole time, if nobody answers.
fn fired_on_plans(context: &Context, rules: &Arc<Rules>) -> Vec<Vec<u64>> {
    let mut fired: Vec<Vec<u64>> =
        rules.list.iter().map(|rule| vec![0; rule.steps.len()]).collect();
    for plan in &context.project.plans {
        let (from, until) = whole_time(plan);
        let mut history = History::default();
        see(&mut history, plan, rules, from);
        let schedule = Schedule::new(plan.clone(), rules.clone(), context.config.send_at, &history);
        let (told, _) = schedule.forecast(&Arc::new(history), from, until);
        for forecast in told {
            if let Origin::Step { rule, step } = forecast.notice.origin {
                fired[usize::from(rule)][usize::from(step)] += 1;
            }
        }
    }
    fired
}

/// Returns from when to when a plan lasts: from its adoption or beginning until a year after its last date.
fn whole_time(plan: &Plan) -> (DateTime<Utc>, DateTime<Utc>) {
    let dates =
        || plan.deadlines.iter().flat_map(|deadline| deadline.due.dates(chrono::NaiveDate::MAX));
    let first = dates().map(|due| due.date).min();
    let last = dates().map(|due| due.date).max();
    let period = plan.period;
    let from = plan.adopted.or(period.map(|period| period.from)).or(first).unwrap_or_default();
    let until = last.into_iter().chain(period.map(|period| period.until)).max().unwrap_or(from);
    let at = |date: chrono::NaiveDate| instant(plan.zone, date.and_time(NaiveTime::MIN));
    (at(from), at(until + TimeDelta::days(366)))
}
