//! Letters that no rule asks for, each on its own: the weekly report, and that a plan seems forgotten.
//! When they are due is decided in `daemon`; how they read, in `mail::render`.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Addressed;
use crate::history::History;
use crate::mail::Letter;
use crate::mail::letter::{Item, StaleItem};
use crate::plan::{Plan, UnitIx};
use crate::schedule::{Forecast, Schedule};
use crate::state::stale::{Stale, WhyStale};

/// Returns the owner, if mail to the owner is a way to tell anything.
pub fn reachable_owner(plan: &Plan) -> Option<UnitIx> {
    plan.owner.filter(|owner| plan.unit(*owner).email.is_some())
}

/// Writes a letter to `owner` about nothing but `item`.
pub fn own_letter(schedule: &Schedule, owner: UnitIx, item: Item, now: DateTime<Utc>) -> Addressed {
    let plan = schedule.plan();
    let letter = Letter {
        language: plan.language_of(owner),
        plan: plan.title.clone(),
        to: plan.unit(owner).name.clone(),
        owner: Some(plan.unit(owner).name.clone()),
        today: schedule.moments().date_of(now),
        items: vec![item],
    };
    Addressed {
        to: owner,
        letter,
        notices: Vec::new(),
        deadlines: Vec::new(),
        carries_faults: true,
    }
}

/// Returns how many messages come after `now` and before `until` if nobody answers, and when the first of them does.
pub fn coming(
    schedule: &Schedule,
    history: &Arc<History>,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> (usize, Option<DateTime<Utc>>) {
    let (told, _) = schedule.forecast(history, now, until);
    // What is due already is told in this very tick.
    let told: Vec<&Forecast> = told.iter().filter(|told| told.notice.moment > now).collect();
    let messages: BTreeSet<(i64, Option<UnitIx>)> =
        told.iter().map(|told| (told.at, told.notice.to)).collect();
    (messages.len(), told.first().map(|first| first.at()))
}

/// Puts what seems wrong with a plan into a letter's item.
pub fn stale_item(stale: &Stale) -> StaleItem {
    let Stale { why, overdue, open } = *stale;
    let (ended, date) = match why {
        WhyStale::Ended(on) => (true, on),
        WhyStale::Untouched(since) => (false, since),
    };
    StaleItem { ended, date, overdue, open }
}
