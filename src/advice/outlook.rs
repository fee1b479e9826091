//! A plan over its whole time, from the day on which it is known until long after its end, as if nobody answered.
//! What is to be said about it is looked for beside.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::matching::Worlds;
use crate::calendar::moment::instant;
use crate::history::History;
use crate::notice::{Kind, Reason, Verdict};
use crate::plan::{DeadlineIx, Due, MeasureIx, Plan};
use crate::rules::Rules;
use crate::schedule::{Dated, Forecast, Origin, Schedule, Topic, see};

/// Looked at is until so many days after the end of the plan: reminders go on when the last date has passed.
const AFTERMATH_DAYS: i64 = 400;
/// A plan without dates of its own is known so many days before its first deadline.
const KNOWN_DAYS: i64 = 800;
/// A plan is looked at for so many months at most.
const LONGEST_MONTHS: u32 = 12 * 40;

/// A plan, laid out, with everything that would be decided about it.
pub(super) struct Outlook {
    pub(super) plan: Arc<Plan>,
    pub(super) schedule: Schedule,
    pub(super) history: Arc<History>,
    /// The day on which everything is first seen.
    pub(super) from: NaiveDate,
    /// When looking ends.
    pub(super) until: DateTime<Utc>,
    /// Every decision, told or not.
    pub(super) decisions: Vec<Forecast>,
    pub(super) worlds: RefCell<Worlds>,
}

impl Outlook {
    /// Lays `plan` out and decides everything.
    pub(super) fn new(plan: &Arc<Plan>, rules: &Arc<Rules>, send_at: NaiveTime) -> Self {
        let (from, last) = span(plan);
        let at = |date: NaiveDate| instant(plan.zone, date.and_time(NaiveTime::MIN));
        let until = at(last);
        let mut history = History::default();
        see(&mut history, plan, rules, at(from));
        let schedule = Schedule::new(plan.clone(), rules.clone(), send_at, &history);
        let history = Arc::new(history);
        let decisions = schedule.survey(&history, at(from), until);
        let worlds = RefCell::new(Worlds::new(plan, &history, at(from)));
        Self { plan: plan.clone(), schedule, history, from, until, decisions, worlds }
    }

    /// Returns the decisions about steps of rules, with the places of rule and step.
    pub(super) fn of_steps(&self) -> impl Iterator<Item = (u16, u16, &Forecast)> {
        self.decisions.iter().filter_map(|decision| match decision.notice.origin {
            Origin::Step { rule, step } => Some((rule, step, decision)),
            Origin::Overview | Origin::Safety => None,
        })
    }

    /// Returns the dates of a step, those that lie too early included.
    pub(super) fn dates_of(&self, rule: u16, step: u16) -> Vec<Dated> {
        self.schedule.dates_of(&self.history, rule, step, self.until)
    }

    /// Returns the deadlines and the measures of which somebody is reminded.
    pub(super) fn reminded(&self) -> (BTreeSet<DeadlineIx>, BTreeSet<MeasureIx>) {
        let (mut deadlines, mut measures) = (BTreeSet::new(), BTreeSet::new());
        for (.., decision) in self.of_steps() {
            let notice = &decision.notice;
            let is_said = match notice.verdict {
                Verdict::Send
                | Verdict::Superseded { .. }
                | Verdict::NotSent(Reason::ToldAlready | Reason::Delivered(_)) => true,
                Verdict::NotSent(_) => false,
            };
            match notice.topic {
                _ if !is_said || notice.kind != Kind::Remind => {}
                Topic::Deadline { ix, .. } => _ = deadlines.insert(ix),
                Topic::Measure(ix) => _ = measures.insert(ix),
                Topic::Plan => {}
            }
        }
        (deadlines, measures)
    }

    /// Names what decisions are about, each once, in the order of the plan; occurrences by their deadline.
    pub(super) fn names(&self, topics: impl IntoIterator<Item = Topic>) -> Vec<String> {
        let place = |topic: Topic| match topic {
            Topic::Plan => (0, 0),
            Topic::Measure(ix) => (1, ix.0),
            Topic::Deadline { ix, .. } => (2, ix.0),
        };
        let places: BTreeSet<(u8, u32)> = topics.into_iter().map(place).collect();
        let name = |(sort, ix): (u8, u32)| match sort {
            0 => self.plan.id.to_string(),
            1 => self.plan.measures[ix as usize].id.to_string(),
            _ => self.plan.deadlines[ix as usize].id.to_string(),
        };
        places.into_iter().map(name).collect()
    }
}

/// Returns the first day of a plan's time and the day after its last one.
fn span(plan: &Plan) -> (NaiveDate, NaiveDate) {
    let dates = || {
        plan.deadlines.iter().filter_map(|deadline| match deadline.due {
            Due::None => None,
            Due::On(due) => Some((due.date, due.date)),
            Due::Every { from, until, .. } => Some((from, until)),
        })
    };
    let known = plan.adopted.into_iter().chain(plan.period.map(|period| period.from)).min();
    let first = || dates().map(|(from, _)| from).min();
    let from = known.or_else(|| first()?.checked_sub_signed(TimeDelta::days(KNOWN_DAYS)));
    let from = from.unwrap_or_default();
    let end = plan.period.map(|period| period.until).into_iter();
    let end = end.chain(dates().map(|(_, until)| until)).max().unwrap_or(from);
    let latest = from.checked_add_months(Months::new(LONGEST_MONTHS)).unwrap_or(NaiveDate::MAX);
    let end = end.checked_add_signed(TimeDelta::days(AFTERMATH_DAYS)).unwrap_or(NaiveDate::MAX);
    (from, end.min(latest))
}
