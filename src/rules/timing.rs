//! When a step is due, as a rule says it: an offset from a date, a cron expression, an event.
//! From there to dates and moments: `schedule`. The words that make these values: `vocabulary`.

use std::sync::Arc;

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
        /// The same, parsed.
        cron: Arc<Cron>,
    },
    /// When something happens.
    On(Event),
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
