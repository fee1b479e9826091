//! When a step is due, as a rule says it: an offset from a date, a cron expression, an event.
//! From there to dates and moments: `schedule`. The words that make these values: `vocabulary`.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::DateTime;
use chrono_tz::Tz;
use croner::Cron;

use crate::calendar::Span;
use crate::notice::{Anchor, Event};
use crate::plan::Id;

/// When a step is due.
#[derive(Debug, Clone)]
pub enum When {
    /// So long before or after a date.
    Offset(Offset),
    /// Whenever a cron expression says, in the plan's zone.
    Cron {
        /// The expression as written.
        expression: Id,
        /// When it fires.
        firings: Arc<Firings>,
    },
    /// When something happens.
    On(Event),
}

/// The firings of a cron expression.
#[derive(Debug)]
pub struct Firings {
    cron: Cron,
    /// The last answer with its question: all measures of a plan ask the same, one after the other.
    last: Mutex<Option<Asked>>,
}

/// A moment, and the first firing after it.
type Asked = (DateTime<Tz>, Option<DateTime<Tz>>);

impl Firings {
    /// Makes the firings of an expression.
    pub fn new(cron: Cron) -> Self {
        Self { cron, last: Mutex::new(None) }
    }

    /// Returns the first firing after `at`, in the zone of `at`; `None` if there is none any more.
    pub fn next_after(&self, at: &DateTime<Tz>) -> Option<DateTime<Tz>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((asked, answer)) = &*last
            && asked == at
            && asked.timezone() == at.timezone()
        {
            return *answer;
        }
        let answer = self.cron.find_next_occurrence(at, false).ok();
        *last = Some((*at, answer));
        answer
    }
}

/// A distance from a date, perhaps repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// The signed distance from the anchor.
    pub span: Span,
    /// Whether it was written as before, after or on the day: where a free day sends it.
    pub direction: Direction,
    /// What it is counted from.
    pub anchor: Anchor,
    /// The distance between two repeats.
    pub every: Option<Span>,
    /// How often it is told in all.
    pub times: Option<u32>,
    /// Whether it goes out on its nominal date, free day or not.
    pub any_day: bool,
}

/// On which side of its date a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Before it: a free day sends it to the working day before.
    Before,
    /// On it: likewise the working day before.
    OnTheDay,
    /// After it: the working day after.
    After,
}

impl Offset {
    /// Makes an offset that is told once.
    pub fn once(span: Span, direction: Direction, anchor: Anchor) -> Self {
        Self { span, direction, anchor, every: None, times: None, any_day: false }
    }
}
