//! Explaining: every step for one deadline, decided, waiting or never, and the reason.
//! Laid out by the same dates as a tick; what became of a decided one is in the ledger's log.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::decide::Decider;
use super::{Notice, Schedule, Subject, Tick, Topic, dates};
use crate::history::History;
use crate::notice::{Reason, Verdict};
use crate::rules::{RuleFault, When, World};

/// One firing of a step for one recipient.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The notice; its verdict is what a tick at the moment of explaining would say.
    pub notice: Notice,
    /// Whether it is decided, lies ahead, or never counts.
    pub fate: Fate,
}

/// Where a firing stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Its moment has come, and the ledger knows what became of it.
    Decided,
    /// Its moment has come, and the next tick will decide it as the verdict says.
    Pending,
    /// It lies ahead; the verdict says what would become of it as things stand.
    Waiting,
    /// It never counts.
    Never(Reason),
}

/// How many firings of a repeat without end are shown ahead.
const AHEAD: usize = 3;

impl Schedule {
    /// Returns every firing of every step for the topics that are `wanted` as it looks at `at`, by moment.
    pub fn explain(
        &self,
        history: &Arc<History>,
        at: DateTime<Utc>,
        wanted: impl Fn(Topic) -> bool,
    ) -> Vec<Explained> {
        let mut explained = Vec::new();
        for subject in self.subjects.iter().filter(|subject| wanted(subject.topic)) {
            self.explain_subject(history, subject, at, &mut explained);
        }
        explained.sort_by_key(|entry| (entry.notice.moment, entry.notice.origin, entry.notice.to));
        explained
    }

    fn explain_subject(
        &self,
        history: &Arc<History>,
        subject: &Subject,
        at: DateTime<Utc>,
        explained: &mut Vec<Explained>,
    ) {
        let now = at.timestamp_millis();
        let mut decider = Decider::new(self, history, at);
        dates::each_step(self, subject.topic, |origin, timer, rule_from| {
            // A step counted from a date can say that it came too early; a cron expression has no first firing.
            let after = match timer {
                dates::Timer::Rule(When::Cron { .. }) => subject.from.max(rule_from) - 1,
                _ => i64::MIN,
            };
            let steps = dates::Steps::new(self, history, subject.topic, origin, timer, after);
            let mut ahead = 0;
            for firing in steps {
                if firing.moment > now {
                    ahead += 1;
                    if ahead > AHEAD {
                        break;
                    }
                }
                let never = self.never(history, subject, rule_from, firing.moment);
                let moment = firing.moment;
                let then = DateTime::from_timestamp_millis(moment.max(now)).unwrap_or_default();
                decider.at(self, then);
                let mut tick = Tick::default();
                decider.one(self, subject.topic, firing, &mut tick);
                for notice in tick.notices {
                    let fate = match &never {
                        Some(reason) => Fate::Never(reason.clone()),
                        None if moment > now => Fate::Waiting,
                        None if self.is_decided(history, &notice) => Fate::Decided,
                        None => Fate::Pending,
                    };
                    explained.push(Explained { notice, fate });
                }
            }
        });
    }

    /// Tells why a moment never counts: the plan was not adopted, the deadline or the rule not known yet.
    fn never(
        &self,
        history: &History,
        subject: &Subject,
        rule_from: i64,
        moment: i64,
    ) -> Option<Reason> {
        if moment >= subject.from.max(rule_from) {
            return None;
        }
        let adopted = self.plan.adopted.filter(|date| {
            let from = self.moments.of(*date).timestamp_millis();
            moment < from
        });
        if let Some(date) = adopted {
            return Some(Reason::BeforeAdopted(date));
        }
        let day = |millis: i64| {
            self.moments.date_of(DateTime::from_timestamp_millis(millis).unwrap_or_default())
        };
        let known = subject.topic.deadline().and_then(|(ix, _)| {
            history.deadlines_seen.get(&self.plan.deadline(ix).id).map(|seen| seen.at)
        });
        match known {
            Some(known) if moment < known.timestamp_millis() => {
                Some(Reason::BeforeDeadline(self.moments.date_of(known)))
            }
            _ => Some(Reason::BeforeRule(day(rule_from))),
        }
    }

    /// Asks the conditions of the rule at `rule` about `topic` as on the day `on`.
    ///
    /// # Errors
    /// If the rule fails.
    pub fn ask(
        &self,
        history: &Arc<History>,
        topic: Topic,
        rule: u16,
        on: NaiveDate,
    ) -> Result<bool, RuleFault> {
        let world =
            Arc::new(World { plan: self.plan.clone(), history: history.clone(), today: on });
        self.rules.list[usize::from(rule)].holds(&topic.facts(&world))
    }

    /// Tells whether the ledger knows what became of `notice`.
    pub fn is_decided(&self, history: &History, notice: &Notice) -> bool {
        let key = self.key(notice);
        history.told.contains(&key)
            || history.passed_over.contains(&(key, self.rule_name(notice.origin).into()))
    }
}

impl Explained {
    /// Tells whether the notice will be told, as things stand.
    pub fn will_be_told(&self) -> bool {
        self.notice.verdict == Verdict::Send && matches!(self.fate, Fate::Pending | Fate::Waiting)
    }
}
