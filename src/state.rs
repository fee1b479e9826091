//! How a deadline stands on a date: delivered, waiting, overdue, from the plan and what has happened.
//! What is told about it is decided in `schedule`; the answers themselves are in `history`.

pub mod stale;

use chrono::{NaiveDate, TimeDelta};

use crate::history::{Answer, History, Says};
use crate::plan::{Deadline, Due, DueDate, Plan};

/// A deadline counts as soon due from so many days before.
pub const SOON_DAYS: i64 = 30;

/// How a deadline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its due date has passed.
    Overdue,
    /// It waits for another deadline that is not delivered.
    Blocked,
    /// It is due within [`SOON_DAYS`].
    Soon,
    /// It is due later.
    Open,
    /// It has no date.
    NoDate,
    /// It is delivered.
    Delivered,
}

impl State {
    /// Returns the word for JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Blocked => "blocked",
            Self::Soon => "soon",
            Self::Open => "open",
            Self::NoDate => "no_date",
            Self::Delivered => "delivered",
        }
    }
}

/// Returns how one occurrence of `deadline` stands on `today`.
pub fn state(
    plan: &Plan,
    history: &History,
    deadline: &Deadline,
    due: Option<DueDate>,
    today: NaiveDate,
) -> State {
    if delivered_by(history, deadline, due, today).is_some() {
        return State::Delivered;
    }
    let Some(due) = due else {
        return State::NoDate;
    };
    if due.date < today {
        State::Overdue
    } else if waits_on(plan, history, deadline, today).next().is_some() {
        State::Blocked
    } else if due.date - today <= TimeDelta::days(SOON_DAYS) {
        State::Soon
    } else {
        State::Open
    }
}

/// Returns when one occurrence of `deadline` was delivered, whether that lies ahead or behind.
///
/// The plan's `delivered` settles a recurring deadline's occurrences on or before that date; an answer settles the
/// occurrence that it names, or those on or before its date if it names none.
pub fn delivered(
    history: &History,
    deadline: &Deadline,
    due: Option<DueDate>,
) -> Option<NaiveDate> {
    let settles =
        |date: NaiveDate| !deadline.due.recurs() || due.is_some_and(|due| due.date <= date);
    let by_plan = deadline.delivered.filter(|date| settles(*date));
    let by_answer = answers(history, deadline, due)
        .filter_map(|answer| match answer.says {
            Says::Delivered(date) if answer.occurrence.is_some() || settles(date) => Some(date),
            _ => None,
        })
        .min();
    by_plan.into_iter().chain(by_answer).min()
}

/// Returns when it was delivered, if that was on or before `today`.
pub fn delivered_by(
    history: &History,
    deadline: &Deadline,
    due: Option<DueDate>,
    today: NaiveDate,
) -> Option<NaiveDate> {
    delivered(history, deadline, due).filter(|date| *date <= today)
}

/// Returns the answers about one occurrence of `deadline`, oldest first.
pub fn answers<'a>(
    history: &'a History,
    deadline: &Deadline,
    due: Option<DueDate>,
) -> impl DoubleEndedIterator<Item = &'a Answer> + use<'a> {
    let occurrence = due.map(|due| due.date);
    history.answers.get(&deadline.id).into_iter().flatten().filter(move |answer| {
        match answer.occurrence {
            None => true,
            named => named == occurrence,
        }
    })
}

/// Returns the first date on which reminders go out again, if a unit asked for silence beyond `today`.
pub fn silenced_until(
    history: &History,
    deadline: &Deadline,
    due: Option<DueDate>,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let last = answers(history, deadline, due).rev().find_map(|answer| match answer.says {
        Says::Progress { silent_until } => Some(silent_until),
        _ => None,
    })?;
    last.filter(|until| *until > today)
}

/// Returns the deadlines that `deadline` waits for and that are not delivered by `today`.
///
/// A recurring one is waited for until its newest occurrence so far is delivered, or its first if none came yet.
pub fn waits_on<'a>(
    plan: &'a Plan,
    history: &'a History,
    deadline: &'a Deadline,
    today: NaiveDate,
) -> impl Iterator<Item = &'a Deadline> {
    deadline.waits_for.iter().map(|ix| plan.deadline(*ix)).filter(move |other| {
        let due = match other.due {
            Due::None => None,
            Due::On(due) => Some(due),
            Due::Every { from, .. } => Some(
                other
                    .due
                    .dates(today)
                    .last()
                    .copied()
                    .unwrap_or(DueDate { date: from, time: None }),
            ),
        };
        delivered_by(history, other, due, today).is_none()
    })
}

/// Returns the id of one occurrence as people and programs see it: `1a/summary`, or `4e/meeting@2011-06-01`.
pub fn occurrence_id(deadline: &Deadline, due: Option<DueDate>) -> String {
    match due {
        Some(due) if deadline.due.recurs() => format!("{}@{}", deadline.id, due.date),
        _ => deadline.id.to_string(),
    }
}
