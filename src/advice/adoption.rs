//! What to look at on the day before a plan is adopted: gaps, free days, dates already past, crowded weeks, the unreachable.
//! How it reads in the plan's language is in the command line's `check --adopt`.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};

use super::outlook::Outlook;
use super::unheard::{is_reachable, lies_ahead};
use crate::calendar::FreeDay;
use crate::plan::{DeadlineIx, Due, DueDate, MeasureIx, Plan, UnitIx, index};
use crate::rules::Rules;
use crate::schedule::Topic;

/// So many deadlines of one unit in one week are told.
const CROWD: usize = 3;

/// What there is to say before a plan is adopted, each list in the order of the plan or of time.
#[derive(Debug)]
pub struct Adoption {
    /// The day on which the plan is adopted.
    pub day: NaiveDate,
    /// Measures and deadlines without a date or a responsible unit.
    pub gaps: Vec<Gap>,
    /// Due dates on days on which nobody works.
    pub on_free_days: Vec<OnFreeDay>,
    /// Due dates that have passed on the day.
    pub past: Vec<Past>,
    /// Weeks in which much is due from one unit.
    pub busy: Vec<Busy>,
    /// Obligations that nobody can be reminded of.
    pub unremindable: Vec<Unremindable>,
    /// Units that something concerns and nobody can write to.
    pub without_address: Vec<UnitIx>,
}

/// A measure or a deadline that lacks something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The measure, or one of its deadlines.
    pub topic: Topic,
    /// Whether it has no date.
    pub no_date: bool,
    /// Whether nobody is responsible.
    pub no_unit: bool,
}

/// A day on which nobody works and something is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnFreeDay {
    /// The day.
    pub date: NaiveDate,
    /// Why nobody works.
    pub why: FreeDay,
    /// The last working day before it.
    pub workday_before: NaiveDate,
    /// What is due.
    pub deadlines: Vec<DeadlineIx>,
}

/// A due date that has passed when the plan is adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// The deadline.
    pub deadline: DeadlineIx,
    /// When it was due.
    pub due: DueDate,
    /// How many days before the adoption that was.
    pub days: i64,
}

/// A week in which much is due from one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// The unit.
    pub unit: UnitIx,
    /// The Monday of the week.
    pub monday: NaiveDate,
    /// What is due.
    pub deadlines: Vec<DeadlineIx>,
}

/// Why nobody can be reminded of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// It has no date.
    NoDate,
    /// Nobody is responsible.
    NoUnit,
    /// None of the responsible units has an address.
    NoAddress,
    /// No rule reminds anybody of it in time.
    NoRule,
}

/// An obligation that nobody can be reminded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unremindable {
    /// What stands in the way.
    pub obstacle: Obstacle,
    /// The deadline, or a measure that only runs or has no deadline.
    pub topic: Topic,
}

/// Looks at `plan` and `rules` as they would be adopted on `day`.
pub fn adoption(
    plan: &Arc<Plan>,
    rules: &Arc<Rules>,
    send_at: NaiveTime,
    day: NaiveDate,
) -> Adoption {
    Adoption {
        day,
        gaps: gaps(plan),
        on_free_days: on_free_days(plan, day),
        past: past(plan, day),
        busy: busy(plan, day),
        unremindable: unremindable(&Outlook::new(plan, rules, send_at)),
        without_address: without_address(plan),
    }
}

fn measures(plan: &Plan) -> impl Iterator<Item = MeasureIx> {
    (0..index(plan.measures.len())).map(MeasureIx)
}

fn deadlines(plan: &Plan) -> impl Iterator<Item = DeadlineIx> {
    (0..index(plan.deadlines.len())).map(DeadlineIx)
}

/// Returns what is due when: each date of each deadline.
fn dates(plan: &Plan) -> impl Iterator<Item = (DeadlineIx, DueDate)> {
    deadlines(plan).flat_map(|ix| {
        let due = plan.deadline(ix).due;
        due.dates(NaiveDate::MAX).into_iter().map(move |due| (ix, due))
    })
}

fn gaps(plan: &Plan) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for ix in measures(plan) {
        let measure = plan.measure(ix);
        let own = measure.deadlines.clone().map(DeadlineIx);
        let of_deadlines = own.map(|ix| {
            let deadline = plan.deadline(ix);
            let no_date = deadline.due == Due::None && deadline.delivered.is_none();
            // What the measure lacks is told of the measure.
            let no_unit = deadline.responsible.is_empty() && !measure.responsible.is_empty();
            Gap { topic: Topic::Deadline { ix, due: None }, no_date, no_unit }
        });
        let no_date = measure.deadlines.is_empty() && measure.runs.is_none();
        let all_have_their_own = !measure.deadlines.is_empty()
            && plan.deadlines_of(measure).iter().all(|it| !it.responsible.is_empty());
        let no_unit = measure.responsible.is_empty() && !all_have_their_own;
        let of_measure = Gap { topic: Topic::Measure(ix), no_date, no_unit };
        gaps.extend(
            [of_measure].into_iter().chain(of_deadlines).filter(|it| it.no_date || it.no_unit),
        );
    }
    gaps
}

fn on_free_days(plan: &Plan, day: NaiveDate) -> Vec<OnFreeDay> {
    let mut found: BTreeMap<NaiveDate, Vec<DeadlineIx>> = BTreeMap::new();
    for (ix, due) in dates(plan).filter(|(_, due)| due.date >= day) {
        if !plan.calendar.is_working_day(due.date) {
            found.entry(due.date).or_default().push(ix);
        }
    }
    let told = found.into_iter().filter_map(|(date, deadlines)| {
        let why = plan.calendar.free_day(date)?;
        let workday_before = plan.calendar.on_or_before(date);
        Some(OnFreeDay { date, why, workday_before, deadlines })
    });
    told.collect()
}

fn past(plan: &Plan, day: NaiveDate) -> Vec<Past> {
    let is_open = |ix: DeadlineIx, due: DueDate| {
        let deadline = plan.deadline(ix);
        deadline.delivered.is_none_or(|date| deadline.due.recurs() && date < due.date)
    };
    let passed = dates(plan).filter(|(ix, due)| due.date < day && is_open(*ix, *due));
    let mut past: Vec<Past> = passed
        .map(|(deadline, due)| Past { deadline, due, days: (day - due.date).num_days() })
        .collect();
    past.sort_by_key(|past| (past.due, past.deadline));
    past
}

fn busy(plan: &Plan, day: NaiveDate) -> Vec<Busy> {
    let mut weeks: BTreeMap<(NaiveDate, UnitIx), Vec<DeadlineIx>> = BTreeMap::new();
    for (ix, due) in dates(plan).filter(|(_, due)| due.date >= day) {
        let since_monday = i64::from(due.date.weekday().num_days_from_monday());
        let monday = due.date - TimeDelta::days(since_monday);
        let mut units: Vec<UnitIx> =
            plan.deadline(ix).responsible.iter().flat_map(|unit| plan.recipients(*unit)).collect();
        units.sort_unstable();
        units.dedup();
        for unit in units {
            weeks.entry((monday, unit)).or_default().push(ix);
        }
    }
    let crowded = weeks.into_iter().filter(|(_, deadlines)| deadlines.len() >= CROWD);
    crowded.map(|((monday, unit), deadlines)| Busy { unit, monday, deadlines }).collect()
}

/// What only runs needs no date; what is past already is told as that.
fn unremindable(outlook: &Outlook) -> Vec<Unremindable> {
    let plan = &outlook.plan;
    let (reminded, reminded_measures) = outlook.reminded();
    let mut found = Vec::new();
    for ix in measures(plan) {
        let measure = plan.measure(ix);
        if measure.deadlines.is_empty() {
            let topic = Topic::Measure(ix);
            let has_date = measure.runs.is_some();
            let is_reminded = reminded_measures.contains(&ix);
            let who = who(outlook, &measure.responsible);
            found.extend(obstacles(topic, has_date, who, is_reminded));
        }
        for ix in measure.deadlines.clone().map(DeadlineIx) {
            let deadline = plan.deadline(ix);
            let topic = Topic::Deadline { ix, due: None };
            if deadline.due != Due::None && !lies_ahead(outlook, deadline)
                || deadline.due == Due::None && deadline.delivered.is_some()
            {
                continue;
            }
            let has_date = deadline.due != Due::None;
            let who = who(outlook, &deadline.responsible);
            found.extend(obstacles(topic, has_date, who, reminded.contains(&ix)));
        }
    }
    found.sort_by_key(|it| it.obstacle);
    found
}

/// Tells what is wrong with those who are responsible.
fn who(outlook: &Outlook, responsible: &[UnitIx]) -> Option<Obstacle> {
    if responsible.is_empty() {
        Some(Obstacle::NoUnit)
    } else {
        (!is_reachable(outlook, responsible)).then_some(Obstacle::NoAddress)
    }
}

/// Returns all that stands in the way; where something does, no rule could help.
fn obstacles(
    topic: Topic,
    has_date: bool,
    who: Option<Obstacle>,
    is_reminded: bool,
) -> impl Iterator<Item = Unremindable> {
    let no_date = (!has_date).then_some(Obstacle::NoDate);
    let no_rule = (has_date && who.is_none() && !is_reminded).then_some(Obstacle::NoRule);
    let all = [no_date, who, no_rule].into_iter().flatten();
    all.map(move |obstacle| Unremindable { obstacle, topic })
}

fn without_address(plan: &Plan) -> Vec<UnitIx> {
    let concerned = plan.concerned();
    let unreachable = |unit: &UnitIx| {
        plan.recipients(*unit).iter().all(|recipient| plan.unit(*recipient).email.is_none())
    };
    let units = (0..index(plan.units.len())).map(UnitIx);
    units.filter(|unit| concerned.contains(unit) && unreachable(unit)).collect()
}
