//! A deadline or a unit that was asked for on the command line, as the ledger's lines name it.
//! Both may be gone from the plan: what was told is known all the same. What is in the plan is found by `Context`.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Answer, Context, split_occurrence};
use crate::plan::{DeadlineIx, Id, Plan};
use crate::store::LogEntry;

/// A deadline that was asked for, and perhaps one occurrence of it.
pub(super) struct Asked<'a> {
    /// Where it is in a plan, if it still is.
    pub(super) in_plan: Option<(&'a Arc<Plan>, DeadlineIx)>,
    name: String,
    occurrence: Option<NaiveDate>,
}

impl<'a> Asked<'a> {
    /// Takes a deadline of a plan, as [`Context::deadline`] finds it.
    pub(super) fn of(
        (plan, ix, occurrence): (&'a Arc<Plan>, DeadlineIx, Option<NaiveDate>),
    ) -> Self {
        let name = plan.deadline(ix).id.to_string();
        Self { in_plan: Some((plan, ix)), name, occurrence }
    }

    /// Takes one that no plan has any more.
    ///
    /// # Errors
    /// If what follows its `@` is no date.
    pub(super) fn gone(id: &str) -> Answer<Self> {
        let (name, occurrence) = split_occurrence(id)?;
        Ok(Self { in_plan: None, name: name.to_owned(), occurrence })
    }

    /// Returns its id, with the occurrence if one was asked for.
    pub(super) fn id(&self) -> String {
        match self.occurrence {
            Some(date) => format!("{}@{date}", self.name),
            None => self.name.clone(),
        }
    }

    /// Tells whether a line of the log is about it; a recurring deadline's name stands for all its occurrences.
    pub(super) fn is_told_by(&self, entry: &LogEntry) -> bool {
        let named = entry.deadline.as_deref().unwrap_or_default();
        match self.occurrence {
            Some(_) => *named == *self.id(),
            None => named.split('@').next() == Some(&*self.name),
        }
    }

    /// Tells whether an answer about `deadline`, and perhaps one occurrence, is about it.
    pub(super) fn is_answered_by(&self, deadline: &Id, occurrence: Option<NaiveDate>) -> bool {
        **deadline == *self.name && (self.occurrence.is_none() || self.occurrence == occurrence)
    }
}

/// A unit that neither a plan nor the log knows is a slip of the pen, and not one that was told nothing.
///
/// # Errors
/// If nobody knows it.
pub(super) fn check_unit(context: &Context, unit: &str, log: &[LogEntry]) -> Answer<()> {
    let plans = &context.project.plans;
    let is_known = plans.iter().any(|plan| plan.unit_by_id(unit).is_some())
        || log.iter().any(|entry| *entry.to == *unit);
    match plans.first() {
        Some(plan) if !is_known => Context::unit(plan, unit).map(|_| ()),
        _ => Ok(()),
    }
}
