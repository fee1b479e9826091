//! Whether a rule can ever hold for something: asked in several worlds, from "nobody answers" to "everything is delivered".
//! A condition that needs an answer to become true is no fault.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::outlook::Outlook;
use crate::history::{Answer, History, Says};
use crate::plan::{Deadline, Plan};
use crate::rules::{Facts, Rule, World};
use crate::schedule::{Dated, Topic};

/// Days before and after its date on which a deadline is looked at beside the dates of steps.
const DAYS: [i64; 4] = [-40, -3, 0, 20];

/// What may have become of a plan's deadlines, day by day.
pub(super) struct Worlds {
    plan: Arc<Plan>,
    histories: Vec<Arc<History>>,
    by_day: HashMap<(usize, NaiveDate), Arc<World>>,
}

impl Worlds {
    /// Thinks up what may be answered to `plan`, which was first seen at `from` as `history` says.
    pub(super) fn new(plan: &Arc<Plan>, history: &Arc<History>, from: DateTime<Utc>) -> Self {
        let day = from.date_naive();
        let answered = |says: Says, fits: fn(&Deadline) -> bool| {
            let answer =
                Answer { at: from, occurrence: None, unit: None, says, text: String::new() };
            let mut answered = (**history).clone();
            let deadlines = plan.deadlines.iter().filter(|deadline| fits(deadline));
            // A recurring deadline is delivered occurrence by occurrence.
            let about = |deadline: &Deadline| {
                let occurrences = deadline.due.dates(NaiveDate::MAX).into_iter();
                let each = occurrences.map(|due| Some(due.date));
                let each = if deadline.due.recurs() { each.collect() } else { vec![None] };
                let answers =
                    each.into_iter().map(|occurrence| Answer { occurrence, ..answer.clone() });
                (deadline.id.clone(), answers.collect())
            };
            answered.answers.extend(deadlines.map(about));
            answered
                .deadlines_seen
                .values_mut()
                .for_each(|seen| seen.moved = Some((from, seen.due)));
            Arc::new(answered)
        };
        let all = |_: &Deadline| true;
        let histories = vec![
            history.clone(),
            answered(Says::Delivered(day), all),
            answered(Says::Delivered(day), |deadline| deadline.waits_for.is_empty()),
            answered(Says::Asked(day), all),
            answered(Says::Progress { silent_until: None }, all),
            answered(Says::Acknowledged, all),
            answered(Says::NotOurs, all),
        ];
        Self { plan: plan.clone(), histories, by_day: HashMap::new() }
    }

    /// Tells whether `rule` holds for `topic` on `today` in any world; one that fails does, since that is told elsewhere.
    fn holds(&mut self, rule: &Rule, topic: Topic, today: NaiveDate) -> bool {
        if !rule.is_conditional() {
            return true;
        }
        (0..self.histories.len()).any(|place| {
            let world = self.by_day.entry((place, today)).or_insert_with(|| {
                let history = self.histories[place].clone();
                Arc::new(World { plan: self.plan.clone(), history, today })
            });
            let facts = match topic {
                Topic::Deadline { ix, due } => Facts::deadline(world, ix, due),
                Topic::Measure(ix) => Facts::measure(world, ix),
                Topic::Plan => Facts::plan(world),
            };
            rule.holds(&facts).unwrap_or(true)
        })
    }
}

impl Outlook {
    /// Tells whether `rule` can hold for what a date of one of its steps is about, on the day on which that goes out.
    pub(super) fn holds(&self, rule: &Rule, dated: &Dated) -> bool {
        self.worlds.borrow_mut().holds(rule, dated.topic, dated.sending)
    }

    /// Tells whether `rule` can hold for `topic` on any of its days.
    pub(super) fn can_hold(&self, rule: &Rule, topic: Topic) -> bool {
        let about = match topic {
            Topic::Deadline { due, .. } => due.map(|due| due.date),
            Topic::Measure(_) | Topic::Plan => None,
        };
        let around = about.map(|date| DAYS.map(|days| date + TimeDelta::days(days)));
        // What has no date of its own is looked at every three months.
        let months = || {
            let last = self.until.date_naive();
            let day = |place: i64| self.from + TimeDelta::days(91 * place);
            (0..200).map(day).take_while(move |day| *day < last)
        };
        let mut worlds = self.worlds.borrow_mut();
        match around {
            Some(days) => days.into_iter().any(|day| worlds.holds(rule, topic, day)),
            None => months().any(|day| worlds.holds(rule, topic, day)),
        }
    }
}
