//! Whether anybody still cares for a plan: one that nobody has touched for long, or whose period is over.
//! How one deadline stands is in `state`; that the owner is told once of each such spell is the daemon's business.

use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{State, state};
use crate::history::History;
use crate::plan::Plan;

/// A plan that seems forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale {
    /// Why it seems so.
    pub why: WhyStale,
    /// How many deadlines are overdue, each occurrence counted.
    pub overdue: usize,
    /// How many are still to come; a recurring one counts once.
    pub open: usize,
}

/// Why a plan seems forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyStale {
    /// Since this day nobody has answered, and no edited file has taken force.
    Untouched(NaiveDate),
    /// This was the last day of its period.
    Ended(NaiveDate),
}

/// Tells whether `plan` seems forgotten on `today`; `edited` is when files took force last.
///
/// Untouched is a plan after `after_days`, as long as something in it is not delivered; 0 is never.
pub fn stale(
    plan: &Plan,
    history: &History,
    edited: Option<DateTime<Utc>>,
    today: NaiveDate,
    after_days: u16,
) -> Option<Stale> {
    if after_days == 0 {
        return None;
    }
    let ended = plan.period.map(|period| period.until).filter(|until| *until < today);
    let why = if let Some(until) = ended {
        WhyStale::Ended(until)
    } else {
        let since = touched(plan, history, edited)?;
        if today - since < TimeDelta::days(i64::from(after_days)) {
            return None;
        }
        WhyStale::Untouched(since)
    };
    let (overdue, open) = not_delivered(plan, history, today);
    (ended.is_some() || overdue + open > 0).then_some(Stale { why, overdue, open })
}

/// Returns the day on which somebody touched the plan last: answered, edited, or put it here; `None` if it was never seen.
fn touched(plan: &Plan, history: &History, edited: Option<DateTime<Utc>>) -> Option<NaiveDate> {
    let answered = history.answers.values().flatten().map(|answer| answer.at);
    let last = answered.chain(edited).chain(history.plan_seen).max()?;
    history.plan_seen.map(|_| last.with_timezone(&plan.zone).date_naive())
}

/// Counts what is overdue, and what is still to come.
fn not_delivered(plan: &Plan, history: &History, today: NaiveDate) -> (usize, usize) {
    let (mut overdue, mut open) = (0, 0);
    for deadline in &plan.deadlines {
        let mut comes = false;
        for due in deadline.due.dates(NaiveDate::MAX) {
            match state(plan, history, deadline, Some(due), today) {
                State::Overdue => overdue += 1,
                State::Soon | State::Open | State::Blocked => comes = true,
                State::Delivered | State::NoDate => {}
            }
        }
        open += usize::from(comes);
    }
    (overdue, open)
}

impl Stale {
    /// Returns what makes it the same spell another time.
    pub fn key(&self) -> String {
        match self.why {
            WhyStale::Untouched(since) => format!("stale: untouched since {since}"),
            WhyStale::Ended(on) => format!("stale: ended on {on}"),
        }
    }
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            WhyStale::Untouched(since) => {
                write!(f, "nobody has answered or edited anything since {since}")?;
            }
            WhyStale::Ended(on) => write!(f, "the period ended on {on}")?,
        }
        match (self.overdue, self.open) {
            (0, 0) => f.write_str("; everything is delivered"),
            (0, open) => write!(f, "; {open} to come"),
            (overdue, 0) => write!(f, "; {overdue} overdue"),
            (overdue, open) => write!(f, "; {overdue} overdue, {open} to come"),
        }
    }
}
