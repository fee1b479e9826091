//! Deciding: which steps are due at a moment, to whom, and why one is told and another is not.
//! No clock, no file, no database: `now` and the past are arguments. What a rule says is in `rules`, what has happened in
//! `history`; the daemon calls `tick` with the real clock, a replay with a simulated one.

mod announce;
mod aside;
mod dates;
mod decide;
mod explain;
mod forecast;
mod layout;
mod play;
mod recipients;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::calendar::Moments;
use crate::calendar::moment::instant;
use crate::history::{History, Seen};
use crate::notice::{About, Kind, NoticeKey, Role, Verdict, Why};
use crate::plan::{DeadlineIx, Due, DueDate, Id, MeasureIx, Plan, UnitIx, index};
use crate::rules::{Facts, Over, RuleFault, Rules, World};
use crate::state::occurrence_id;

pub use announce::Announcement;
pub use explain::{Explained, Fate};
pub use forecast::Forecast;
pub use layout::Dated;
pub use play::{Happening, Play, Played};

/// Everything that can ever be due, ordered by its next moment.
///
/// A look at what is due costs a look at the top of the queue, whatever the plan's size.
#[derive(Debug)]
pub struct Schedule {
    plan: Arc<Plan>,
    rules: Arc<Rules>,
    moments: Moments,
    subjects: Vec<Subject>,
    queue: BinaryHeap<Reverse<(i64, u32)>>,
    /// From when each rule counts: first seen, and the plan adopted.
    rules_from: Vec<i64>,
    /// Whom each unit stands for, by its place.
    recipients: Vec<Vec<UnitIx>>,
    /// Whether a rule can fail, so that deadlines need a plain warning on their day.
    fallible: bool,
}

/// What a notice can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// One occurrence of a deadline.
    Deadline {
        /// The deadline.
        ix: DeadlineIx,
        /// The due date of this occurrence.
        due: Option<DueDate>,
    },
    /// A measure.
    Measure(MeasureIx),
    /// The plan.
    Plan,
}

/// A topic with what is known of its place in time; instants in milliseconds UTC.
#[derive(Debug)]
struct Subject {
    topic: Topic,
    /// Nothing before this counts.
    from: i64,
    /// Everything up to here has been decided.
    cursor: i64,
    /// Where it stands in the queue; another place there is out of date.
    next: i64,
}

/// Where a notice comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A step of a rule, by their places.
    Step {
        /// The rule's place in [`Rules::list`].
        rule: u16,
        /// The step's place in its rule.
        step: u16,
    },
    /// What was overdue already when the plan was first seen.
    Overview,
    /// A plain warning on the day, since a rule failed.
    Safety,
}

/// One decision: what is told, or not told, to whom and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub topic: Topic,
    /// The rule and step that it comes from.
    pub origin: Origin,
    /// The kind of step.
    pub kind: Kind,
    /// The recipient; `None` where nobody had to be found since nothing is told.
    pub to: Option<UnitIx>,
    /// Why this recipient.
    pub role: Role,
    /// The date that the step names.
    pub nominal: NaiveDate,
    /// The date on which it goes out.
    pub sending: NaiveDate,
    /// The moment from which it is due.
    pub moment: DateTime<Utc>,
    /// Why it is due.
    pub why: Why,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// A rule that failed while a tick asked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule.
    pub rule: Id,
    /// The deadline, measure or plan that it was asked about.
    pub about: String,
    /// What went wrong and where.
    pub fault: RuleFault,
}

/// What one tick decided.
#[derive(Debug, Default)]
pub struct Tick {
    /// Every decision, subject by subject.
    pub notices: Vec<Notice>,
    /// The rules that failed.
    pub faults: Vec<Fault>,
    /// When something is due next; `None` if nothing ever is.
    pub next: Option<DateTime<Utc>>,
}

/// What the ledger sees for the first time, or sees moved.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct NewlySeen {
    /// Whether the plan itself is new.
    pub plan: bool,
    /// New and moved deadlines with the due date that they have now.
    pub deadlines: Vec<(Id, Option<DueDate>)>,
    /// New rules.
    pub rules: Vec<Id>,
}

/// Enters into `history` what of `plan` and `rules` it does not know yet, as first seen at `now`.
pub fn see(history: &mut History, plan: &Plan, rules: &Rules, now: DateTime<Utc>) -> NewlySeen {
    let mut new = NewlySeen { plan: history.plan_seen.is_none(), ..NewlySeen::default() };
    history.plan_seen.get_or_insert(now);
    for deadline in &plan.deadlines {
        let due = match deadline.due {
            Due::On(due) => Some(due),
            Due::None | Due::Every { .. } => None,
        };
        match history.deadlines_seen.get_mut(&deadline.id) {
            None => {
                history
                    .deadlines_seen
                    .insert(deadline.id.clone(), Seen { at: now, due, moved: None });
            }
            Some(seen) if seen.due != due => {
                seen.moved = Some((now, seen.due));
                seen.due = due;
            }
            Some(_) => continue,
        }
        new.deadlines.push((deadline.id.clone(), due));
    }
    for rule in &rules.list {
        if !history.rules_seen.contains_key(&rule.name) {
            history.rules_seen.insert(rule.name.clone(), now);
            new.rules.push(rule.name.clone());
        }
    }
    new
}

impl Schedule {
    /// Lays out `plan` and `rules` by date; `history` must have seen both (see [`see`]).
    ///
    /// Mails go out from `send_at` in the plan's zone. What was missed since things were first seen is due at the first
    /// tick, unless `history` knows what became of it.
    pub fn new(plan: Arc<Plan>, rules: Arc<Rules>, send_at: NaiveTime, history: &History) -> Self {
        let moments = Moments::new(plan.zone, send_at);
        let adopted = plan.adopted.map_or(i64::MIN, |date| {
            instant(plan.zone, date.and_time(NaiveTime::MIN)).timestamp_millis()
        });
        let seen_from = |seen: Option<&DateTime<Utc>>| {
            seen.map_or(i64::MAX, DateTime::timestamp_millis).max(adopted)
        };
        let rules_from =
            rules.list.iter().map(|rule| seen_from(history.rules_seen.get(&rule.name))).collect();
        let plan_from = seen_from(history.plan_seen.as_ref());
        let fallible = rules.incomplete || rules.list.iter().any(crate::rules::Rule::has_scripts);
        let recipients =
            (0..index(plan.units.len())).map(|ix| plan.recipients(UnitIx(ix))).collect();

        let mut subjects = vec![Subject::new(Topic::Plan, plan_from)];
        subjects.extend(
            (0..index(plan.measures.len()))
                .map(|ix| Subject::new(Topic::Measure(MeasureIx(ix)), plan_from)),
        );
        for (place, deadline) in plan.deadlines.iter().enumerate() {
            let ix = DeadlineIx(index(place));
            let from = seen_from(history.deadlines_seen.get(&deadline.id).map(|seen| &seen.at));
            match deadline.due {
                Due::None => subjects.push(Subject::new(Topic::Deadline { ix, due: None }, from)),
                due => subjects.extend(
                    due.dates(NaiveDate::MAX)
                        .into_iter()
                        .map(|due| Subject::new(Topic::Deadline { ix, due: Some(due) }, from)),
                ),
            }
        }
        let queue = BinaryHeap::with_capacity(subjects.len());
        let mut schedule =
            Self { plan, rules, moments, subjects, queue, rules_from, recipients, fallible };
        for place in 0..index(schedule.subjects.len()) {
            schedule.enqueue(history, place);
        }
        schedule
    }

    /// Decides everything that is due at `now`. Pure but for the queue: nothing outside is read or written.
    ///
    /// The caller enters what it gets into `history` before the next tick.
    pub fn tick(&mut self, history: &Arc<History>, now: DateTime<Utc>) -> Tick {
        let mut tick = Tick::default();
        let until = now.timestamp_millis();
        let mut decider = decide::Decider::new(self, history, now);
        while let Some(Reverse((moment, place))) = self.queue.peek().copied() {
            if moment > until {
                break;
            }
            self.queue.pop();
            if self.subjects[place as usize].next != moment {
                continue;
            }
            decider.subject(self, &self.subjects[place as usize], until, &mut tick);
            self.subjects[place as usize].cursor = until;
            self.enqueue(history, place);
        }
        tick.next = self.next_wake_up();
        tick
    }

    /// Returns when something is due next.
    pub fn next_wake_up(&self) -> Option<DateTime<Utc>> {
        self.queue.peek().and_then(|Reverse((moment, _))| DateTime::from_timestamp_millis(*moment))
    }

    /// Looks again at a deadline about which something new is known: an answer, above all.
    pub fn look_again(&mut self, history: &History, deadline: DeadlineIx) {
        for place in 0..index(self.subjects.len()) {
            let subject = &mut self.subjects[place as usize];
            if matches!(subject.topic, Topic::Deadline { ix, .. } if ix == deadline) {
                subject.cursor = subject.from.saturating_sub(1);
                self.enqueue(history, place);
            }
        }
    }

    /// Returns the plan that is laid out.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Returns the rules that are laid out.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// Returns the moments of the plan's sending dates.
    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    /// Returns the name of the rule that a notice comes from.
    pub fn rule_name(&self, origin: Origin) -> &str {
        match origin {
            Origin::Step { rule, .. } => &self.rules.list[usize::from(rule)].name,
            Origin::Overview => "first-overview",
            Origin::Safety => "plain-warning",
        }
    }

    /// Returns the key of a notice; a recipient that was not looked for is empty.
    pub fn key(&self, notice: &Notice) -> NoticeKey {
        let plan = &self.plan;
        let rule: Id = self.rule_name(notice.origin).into();
        let (about, due) = match notice.topic {
            Topic::Deadline { ix, due } => (About::Deadline(plan.deadline(ix).id.clone()), due),
            Topic::Measure(ix) => {
                (About::Measure { measure: plan.measure(ix).id.clone(), rule }, None)
            }
            Topic::Plan => (About::Plan { rule }, None),
        };
        NoticeKey {
            plan: plan.id.clone(),
            about,
            due,
            kind: notice.kind,
            nominal: notice.nominal,
            to: notice.to.map_or_else(|| "".into(), |ix| plan.unit(ix).id.clone()),
        }
    }

    /// Returns a topic's id as people and programs see it: `1a/summary`, `4e/meeting@2011-06-01`, `1a`, or the plan's.
    pub fn topic_id(&self, topic: Topic) -> String {
        match topic {
            Topic::Deadline { ix, due } => occurrence_id(self.plan.deadline(ix), due),
            Topic::Measure(ix) => self.plan.measure(ix).id.to_string(),
            Topic::Plan => self.plan.id.to_string(),
        }
    }

    fn enqueue(&mut self, history: &History, place: u32) {
        let subject = &self.subjects[place as usize];
        let next = dates::next_moment(self, history, subject);
        self.subjects[place as usize].next = next.unwrap_or(i64::MAX);
        if let Some(next) = next {
            self.queue.push(Reverse((next, place)));
        }
    }
}

impl Subject {
    fn new(topic: Topic, from: i64) -> Self {
        Self { topic, from, cursor: from.saturating_sub(1), next: i64::MAX }
    }
}

impl Origin {
    /// Returns the place of the rule, unless the notice is built in.
    pub fn rule(self) -> Option<u16> {
        match self {
            Self::Step { rule, .. } => Some(rule),
            Self::Overview | Self::Safety => None,
        }
    }
}

impl Topic {
    /// Returns what a rule for it goes over.
    pub fn over(self) -> Over {
        match self {
            Self::Deadline { .. } => Over::Deadlines,
            Self::Measure(_) => Over::Measures,
            Self::Plan => Over::Plan,
        }
    }

    /// Returns what a rule's closures see of it.
    fn facts(self, world: &Arc<World>) -> Facts {
        match self {
            Self::Deadline { ix, due } => Facts::deadline(world, ix, due),
            Self::Measure(ix) => Facts::measure(world, ix),
            Self::Plan => Facts::plan(world),
        }
    }

    /// Returns the deadline and its due date, if it is one.
    pub fn deadline(self) -> Option<(DeadlineIx, Option<DueDate>)> {
        match self {
            Self::Deadline { ix, due } => Some((ix, due)),
            Self::Measure(_) | Self::Plan => None,
        }
    }
}

#[cfg(test)]
mod tests;
