//! The dates of one step, for those who ask about the step and not about a moment: whether it can ever fire, and for whom.
//! By the same arithmetic as a tick (`dates`); what becomes of a firing is decided in `decide`.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Origin, Schedule, Topic, dates, recipients};
use crate::history::History;
use crate::notice::Role;
use crate::plan::UnitIx;
use crate::rules::When;

/// One date of a step for one topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// What it is about.
    pub topic: Topic,
    /// The date that the step names.
    pub nominal: NaiveDate,
    /// The date on which it goes out.
    pub sending: NaiveDate,
    /// Whether it counts: it does not lie before the plan was adopted, nor before deadline and rule were known.
    pub counts: bool,
}

/// So many dates of one step for one topic are laid out at most; the later ones of a repeat without end say nothing new.
const MOST: usize = 100;

impl Schedule {
    /// Returns the topics of the rule at `rule`, in the order of the plan.
    pub fn topics(&self, rule: u16) -> impl Iterator<Item = Topic> {
        let over = self.rules.list[usize::from(rule)].over;
        let topics = self.subjects.iter().map(|subject| subject.topic);
        topics.filter(move |topic| topic.over() == over)
    }

    /// Returns the dates of one step until `until`, topic by topic, those that do not count included: at most a hundred a
    /// topic. A cron expression has no beginning, so its dates begin when they count.
    pub fn dates_of(
        &self,
        history: &History,
        rule: u16,
        step: u16,
        until: DateTime<Utc>,
    ) -> Vec<Dated> {
        let entry = &self.rules.list[usize::from(rule)];
        let when = &entry.steps[usize::from(step)].when;
        let origin = Origin::Step { rule, step };
        let mut dated = Vec::new();
        for subject in self.subjects.iter().filter(|subject| subject.topic.over() == entry.over) {
            let from = subject.from.max(self.rules_from[usize::from(rule)]);
            let after = match when {
                When::Cron { .. } => from.saturating_sub(1),
                When::Offset(_) | When::On(_) => i64::MIN,
            };
            let timer = dates::Timer::Rule(when);
            let mut steps = dates::Steps::new(self, history, subject.topic, origin, timer, after);
            steps.once_a_day = true;
            let until = until.timestamp_millis();
            let firings = steps.take_while(|firing| firing.moment < until).take(MOST);
            dated.extend(firings.map(|firing| Dated {
                topic: subject.topic,
                nominal: firing.nominal,
                sending: firing.sending,
                counts: firing.moment >= from,
            }));
        }
        dated
    }

    /// Returns those that `role` names for `topic`, groups without an address taken apart, each once.
    pub fn named_by(&self, role: &Role, topic: Topic) -> Vec<UnitIx> {
        let mut found = Vec::new();
        recipients::resolve(self, topic, role, &mut found);
        found
    }
}
