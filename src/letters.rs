//! From decisions to letters: everything that one recipient is told today, in one letter, and the message that carries it.
//! How a letter reads is in `mail::render`; what is told is decided in `schedule`.

mod faults;
mod message;
mod news;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::history::History;
use crate::mail::letter::{
    Announced, DeadlineItem, FaultItem, Item, Letter, MeasureItem, Overview, OverviewLine, Said,
};
use crate::notice::Verdict;
use crate::plan::{DeadlineIx, Due, DueDate, MeasureIx, Plan, UnitIx};
use crate::rules::Rule;
use crate::schedule::{Notice, Schedule, Topic};
use crate::state::{self, SOON_DAYS, State};

pub use faults::faults;
pub use message::Post;
pub use news::{coming, own_letter, reachable_owner, stale_item};

/// A letter with the places of its notices in the tick.
#[derive(Debug)]
pub struct Addressed {
    /// The recipient.
    pub to: UnitIx,
    /// What it says.
    pub letter: Letter,
    /// The places of the notices that it carries.
    pub notices: Vec<usize>,
    /// The deadlines that it is about, in the letter's order, by id with the occurrence's date.
    pub deadlines: Vec<String>,
    /// Whether it carries the faults.
    pub carries_faults: bool,
}

/// Writes one letter a recipient about everything in `notices` that is told, and to the owner about `faults`.
///
/// Each is written when it is asked for: after an outage all of them together may be a hundred megabytes.
pub fn letters<'a>(
    schedule: &'a Schedule,
    history: &'a Arc<History>,
    notices: &'a [Notice],
    faults: &'a [FaultItem],
    now: DateTime<Utc>,
) -> impl Iterator<Item = Addressed> + 'a {
    let writer = Writer { schedule, history, now, today: schedule.moments().date_of(now) };
    let mut told = by_recipient(notices);
    let owner = reachable_owner(writer.plan());
    if let Some(owner) = owner.filter(|_| !faults.is_empty()) {
        told.entry(owner).or_default();
    }
    told.into_iter().map(move |(to, mut places)| {
        places.sort_by_cached_key(|place| writer.urgency(&notices[*place]));
        let faults = if Some(to) == owner { faults } else { &[] };
        writer.letter(to, places, notices, faults)
    })
}

/// Returns the places of what is told, by recipient: what each of them gets in one letter.
pub fn by_recipient(notices: &[Notice]) -> BTreeMap<UnitIx, Vec<usize>> {
    let mut told: BTreeMap<UnitIx, Vec<usize>> = BTreeMap::new();
    for (place, notice) in notices.iter().enumerate() {
        if let (Verdict::Send, Some(to)) = (&notice.verdict, notice.to) {
            told.entry(to).or_default().push(place);
        }
    }
    told
}

struct Writer<'a> {
    schedule: &'a Schedule,
    history: &'a Arc<History>,
    now: DateTime<Utc>,
    today: NaiveDate,
}

impl Writer<'_> {
    fn plan(&self) -> &Plan {
        self.schedule.plan()
    }

    /// Late ones first, then by date; what has no date comes after, the overview last.
    fn urgency(&self, notice: &Notice) -> (u8, Option<DueDate>, String) {
        let id = self.schedule.topic_id(notice.topic);
        match notice.topic {
            Topic::Deadline { due: Some(due), .. } => {
                (u8::from(due.date >= self.today), Some(due), id)
            }
            Topic::Deadline { due: None, .. } => (2, None, id),
            Topic::Measure(_) => (3, None, id),
            Topic::Plan => (4, None, id),
        }
    }

    fn letter(
        &self,
        to: UnitIx,
        places: Vec<usize>,
        notices: &[Notice],
        faults: &[FaultItem],
    ) -> Addressed {
        let plan = self.plan();
        let topics = places.iter().map(|place| notices[*place].topic);
        let ids = topics
            .filter(|topic| topic.deadline().is_some())
            .map(|topic| self.schedule.topic_id(topic));
        let mut known = HashSet::new();
        let deadlines = ids.filter(|id| known.insert(id.clone())).collect();
        let told = places.iter().map(|place| self.item(&notices[*place]));
        let items = faults.iter().cloned().map(Item::Fault).chain(told).collect();
        let letter = Letter {
            language: plan.language_of(to),
            plan: plan.title.clone(),
            to: plan.unit(to).name.clone(),
            owner: plan.owner.map(|ix| plan.unit(ix).name.clone()),
            today: self.today,
            items,
        };
        Addressed { to, letter, notices: places, deadlines, carries_faults: !faults.is_empty() }
    }

    fn item(&self, notice: &Notice) -> Item {
        match notice.topic {
            Topic::Deadline { ix, due } => Item::Deadline(Box::new(self.deadline(notice, ix, due))),
            Topic::Measure(ix) => Item::Measure(Box::new(self.measure(notice, ix))),
            Topic::Plan => Item::Overview(Box::new(self.overview(notice))),
        }
    }

    fn deadline(&self, notice: &Notice, ix: DeadlineIx, due: Option<DueDate>) -> DeadlineItem {
        let plan = self.plan();
        let deadline = plan.deadline(ix);
        let rule = self.rule(notice);
        let free = due.and_then(|due| {
            let free = plan.calendar.free_day(due.date)?;
            Some((free, plan.calendar.on_or_before(due.date)))
        });
        let waits_for = state::waits_on(plan, self.history, deadline, self.today).map(|other| {
            let measure = plan.measure(other.measure);
            (
                measure.id.clone(),
                measure.title.clone(),
                other.due.dates(NaiveDate::MAX).first().copied(),
            )
        });
        let last = state::answers(self.history, deadline, due).next_back();
        let announced = self.schedule.announcement(self.history, notice.topic, self.now);
        DeadlineItem {
            id: self.schedule.topic_id(notice.topic),
            measure: plan.measure(deadline.measure).id.clone(),
            measure_title: plan.measure(deadline.measure).title.clone(),
            kind: deadline.kind.clone(),
            title: deadline.title.clone(),
            due,
            decided_as: deadline.decided_as.clone(),
            free,
            days_left: due.map(|due| (due.date - self.today).num_days()),
            workdays_left: due.map(|due| plan.calendar.workdays_between(self.today, due.date)),
            delivered: state::delivered_by(self.history, deadline, due, self.today),
            step: notice.kind,
            why: notice.why.clone(),
            role: notice.role.clone(),
            rule: self.schedule.rule_name(notice.origin).into(),
            rule_about: rule.and_then(|rule| rule.about.clone()),
            late_since: self.late_since(notice),
            responsible: self.names(&deadline.responsible),
            helpers: self.names(&deadline.helpers),
            deliver_to: deadline.recipient.clone(),
            waits_for: waits_for.collect(),
            last_answer: last.map(|answer| Said {
                on: answer.at.with_timezone(&plan.zone).date_naive(),
                says: answer.says.word(),
                text: answer.text.clone(),
            }),
            next: announced.map(|next| Announced {
                on: next.on,
                kind: next.kind,
                to: self.names(&next.to),
            }),
            subject: rule.and_then(|rule| rule.subject.as_ref()).map(|text| text.template.clone()),
            text: rule.and_then(|rule| rule.text.as_ref()).map(|text| text.template.clone()),
        }
    }

    fn measure(&self, notice: &Notice, ix: MeasureIx) -> MeasureItem {
        let plan = self.plan();
        let measure = plan.measure(ix);
        let deadlines = plan.deadlines_of(measure);
        let rule = self.rule(notice);
        MeasureItem {
            measure: measure.id.clone(),
            title: measure.title.clone(),
            goal: plan.goal(measure.goal).title.clone(),
            runs: measure.runs.is_some(),
            nobody_responsible: measure.responsible.is_empty(),
            no_deadline: measure.runs.is_none() && deadlines.is_empty(),
            undated: deadlines
                .iter()
                .filter(|entry| entry.due == Due::None)
                .map(|entry| entry.id.clone())
                .collect(),
            why: notice.why.clone(),
            role: notice.role.clone(),
            rule: self.schedule.rule_name(notice.origin).into(),
            rule_about: rule.and_then(|rule| rule.about.clone()),
            late_since: self.late_since(notice),
            responsible: self.names(&measure.responsible),
            helpers: self.names(&measure.helpers),
            subject: rule.and_then(|rule| rule.subject.as_ref()).map(|text| text.template.clone()),
            text: rule.and_then(|rule| rule.text.as_ref()).map(|text| text.template.clone()),
        }
    }

    fn overview(&self, notice: &Notice) -> Overview {
        let plan = self.plan();
        let rule = self.rule(notice);
        let mut overview = Overview {
            why: notice.why.clone(),
            rule: self.schedule.rule_name(notice.origin).into(),
            rule_about: rule.and_then(|rule| rule.about.clone()),
            late_since: self.late_since(notice),
            overdue: Vec::new(),
            soon: Vec::new(),
            delivered: Vec::new(),
            open: 0,
            gaps: self.gaps(),
            subject: rule.and_then(|rule| rule.subject.as_ref()).map(|text| text.template.clone()),
            text: rule.and_then(|rule| rule.text.as_ref()).map(|text| text.template.clone()),
        };
        // Occurrences that lie further ahead than the next one say nothing yet.
        let horizon = self.today + TimeDelta::days(SOON_DAYS);
        for deadline in &plan.deadlines {
            let dates = deadline.due.dates(NaiveDate::MAX);
            for due in dates.iter().filter(|due| !deadline.due.recurs() || due.date <= horizon) {
                let line = || self.line(deadline, *due);
                match state::state(plan, self.history, deadline, Some(*due), self.today) {
                    State::Overdue => overview.overdue.push(line()),
                    State::Delivered => {
                        let on =
                            state::delivered_by(self.history, deadline, Some(*due), self.today);
                        if on.is_some_and(|on| self.today - on <= TimeDelta::days(31)) {
                            overview.delivered.push(line());
                        }
                    }
                    State::Soon | State::Blocked if due.date <= horizon => {
                        overview.soon.push(line());
                    }
                    State::Soon | State::Blocked | State::Open | State::NoDate => {
                        overview.open += 1;
                    }
                }
            }
        }
        for lines in [&mut overview.overdue, &mut overview.soon, &mut overview.delivered] {
            lines.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
        }
        overview
    }

    fn gaps(&self) -> Vec<(crate::plan::Id, String)> {
        let plan = self.plan();
        let has_gap = |measure: &&crate::plan::Measure| {
            let deadlines = plan.deadlines_of(measure);
            let undated = deadlines.iter().any(|deadline| deadline.due == Due::None);
            measure.responsible.is_empty()
                || undated
                || (deadlines.is_empty() && measure.runs.is_none())
        };
        plan.measures
            .iter()
            .filter(has_gap)
            .map(|measure| (measure.id.clone(), measure.title.clone()))
            .collect()
    }

    fn line(&self, deadline: &crate::plan::Deadline, due: DueDate) -> OverviewLine {
        let measure = self.plan().measure(deadline.measure);
        OverviewLine {
            id: state::occurrence_id(deadline, Some(due)),
            measure: measure.id.clone(),
            title: measure.title.clone(),
            kind: deadline.kind.clone(),
            due,
            days_left: (due.date - self.today).num_days(),
            responsible: self.names(&deadline.responsible),
        }
    }

    fn rule(&self, notice: &Notice) -> Option<&Rule> {
        notice.origin.rule().map(|rule| &self.schedule.rules().list[usize::from(rule)])
    }

    fn late_since(&self, notice: &Notice) -> Option<NaiveDate> {
        (notice.sending < self.today).then_some(notice.sending)
    }

    fn names(&self, units: &[UnitIx]) -> Vec<String> {
        units.iter().map(|ix| self.plan().unit(*ix).name.clone()).collect()
    }
}
