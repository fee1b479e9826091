//! From a step to its dates: nominal date, sending date, moment, by date arithmetic alone.
//! Whether a step that is due is told is decided in `decide`; the contract's "Dates of steps" is the source.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{Origin, Schedule, Subject, Topic};
use crate::calendar::moment::instant;
use crate::calendar::{Calendar, Span};
use crate::history::{History, Says};
use crate::notice::{Anchor, Event, Why};
use crate::plan::{DeadlineIx, DueDate};
use crate::rules::{Direction, Firings, Offset, When};
use crate::state;

/// One firing of a step.
#[derive(Debug, Clone)]
pub(super) struct Firing {
    pub(super) origin: Origin,
    /// The date that the step names.
    pub(super) nominal: NaiveDate,
    /// The date on which it goes out.
    pub(super) sending: NaiveDate,
    /// When it is due, in milliseconds UTC.
    pub(super) moment: i64,
    pub(super) why: Why,
}

/// Returns the first moment after the subject's cursor at which any step for it is due.
pub(super) fn next_moment(
    schedule: &Schedule,
    history: &History,
    subject: &Subject,
) -> Option<i64> {
    let mut first: Option<i64> = None;
    each_step(schedule, subject.topic, |origin, when, from| {
        let after = subject.cursor.max(from.saturating_sub(1));
        let found = Steps::new(schedule, history, subject.topic, origin, when, after).next();
        if let Some(firing) = found {
            first = Some(first.map_or(firing.moment, |moment| moment.min(firing.moment)));
        }
    });
    first
}

/// Adds to `found` every firing for the subject after its cursor, up to and including `until`.
///
/// Of a cron expression that fires several times a day, a survey looks only at the first time: the others have its key.
pub(super) fn due(
    schedule: &Schedule,
    history: &History,
    subject: &Subject,
    until: i64,
    is_survey: bool,
    found: &mut Vec<Firing>,
) {
    each_step(schedule, subject.topic, |origin, when, from| {
        let after = subject.cursor.max(from.saturating_sub(1));
        let mut steps = Steps::new(schedule, history, subject.topic, origin, when, after);
        steps.once_a_day = is_survey;
        found.extend(steps.take_while(|firing| firing.moment <= until));
    });
}

/// What makes a step fire: a rule's words, or one of the two that are built in.
#[derive(Clone, Copy)]
pub(super) enum Timer<'a> {
    Rule(&'a When),
    Overview,
    Safety,
}

/// Calls `visit` with every step that applies to `topic`, and from when its rule counts.
pub(super) fn each_step<'a>(
    schedule: &'a Schedule,
    topic: Topic,
    mut visit: impl FnMut(Origin, Timer<'a>, i64),
) {
    let over = topic.over();
    for (rule, entry) in (0_u16..).zip(&schedule.rules.list) {
        if entry.over != over {
            continue;
        }
        let from = schedule.rules_from[usize::from(rule)];
        for (step, entry) in (0_u16..).zip(&entry.steps) {
            visit(Origin::Step { rule, step }, Timer::Rule(&entry.when), from);
        }
    }
    match topic {
        Topic::Plan => visit(Origin::Overview, Timer::Overview, i64::MIN),
        Topic::Deadline { due: Some(_), .. } if schedule.fallible => {
            visit(Origin::Safety, Timer::Safety, i64::MIN);
        }
        Topic::Deadline { .. } | Topic::Measure(_) => {}
    }
}

/// The firings of one step after a moment, in order.
pub(super) struct Steps<'a> {
    schedule: &'a Schedule,
    origin: Origin,
    after: i64,
    /// Whether a cron expression is followed from day to day only.
    pub(super) once_a_day: bool,
    kind: StepsKind<'a>,
}

enum StepsKind<'a> {
    Offset {
        offset: Offset,
        anchor: NaiveDate,
        k: u32,
        ends: Option<NaiveDate>,
    },
    Cron {
        firings: &'a Firings,
        expression: &'a crate::plan::Id,
        at: DateTime<Tz>,
        ends: Option<NaiveDate>,
    },
    Few(std::vec::IntoIter<Firing>),
}

impl<'a> Steps<'a> {
    pub(super) fn new(
        schedule: &'a Schedule,
        history: &History,
        topic: Topic,
        origin: Origin,
        timer: Timer<'a>,
        after: i64,
    ) -> Self {
        let settled =
            || topic.deadline().and_then(|(ix, due)| delivered(schedule, history, ix, due));
        let kind = match timer {
            Timer::Rule(When::Offset(offset)) => {
                match anchor_date(schedule, history, topic, offset.anchor) {
                    Some(anchor) => {
                        let endless = offset.every.is_some()
                            && offset.times.is_none()
                            && offset.direction != Direction::Before;
                        let k = first_k(&schedule.plan.calendar, offset, anchor, after);
                        StepsKind::Offset {
                            offset: *offset,
                            anchor,
                            k,
                            ends: if endless { settled() } else { None },
                        }
                    }
                    None => StepsKind::Few(Vec::new().into_iter()),
                }
            }
            Timer::Rule(When::Cron { expression, firings }) => {
                // In whole seconds: a fraction would stay in every firing found from there.
                let at = DateTime::from_timestamp(after.max(0) / 1_000, 0).unwrap_or_default();
                StepsKind::Cron {
                    firings,
                    expression,
                    at: at.with_timezone(&schedule.plan.zone),
                    ends: settled(),
                }
            }
            Timer::Rule(When::On(event)) => {
                StepsKind::Few(events(schedule, history, topic, *event, origin).into_iter())
            }
            Timer::Overview => StepsKind::Few(
                overview(schedule, history).into_iter().collect::<Vec<_>>().into_iter(),
            ),
            Timer::Safety => {
                let due = topic.deadline().and_then(|(_, due)| due);
                let firing = due.map(|due| {
                    let sending = schedule.plan.calendar.on_or_before(due.date);
                    let moment = moment_of(schedule, sending);
                    Firing { origin, nominal: due.date, sending, moment, why: Why::RuleFailed }
                });
                StepsKind::Few(firing.into_iter().collect::<Vec<_>>().into_iter())
            }
        };
        Self { schedule, origin, after, once_a_day: false, kind }
    }

    fn advance(&mut self) -> Option<Firing> {
        match &mut self.kind {
            StepsKind::Offset { offset, anchor, k, ends } => {
                let firing = offset_firing(self.schedule, self.origin, offset, *anchor, *k)?;
                *k += 1;
                ends.is_none_or(|ends| firing.sending < ends).then_some(firing)
            }
            StepsKind::Cron { firings, expression, at, ends } => {
                *at = firings.next_after(at)?;
                let nominal = at.date_naive();
                let moment = at.timestamp_millis();
                if self.once_a_day {
                    let midnight = nominal.succ_opt()?.and_time(chrono::NaiveTime::MIN);
                    let midnight = instant(at.timezone(), midnight) - chrono::TimeDelta::seconds(1);
                    *at = midnight.with_timezone(&at.timezone());
                }
                let firing = Firing {
                    origin: self.origin,
                    nominal,
                    sending: nominal,
                    moment,
                    why: Why::Cron((*expression).clone()),
                };
                ends.is_none_or(|ends| nominal < ends).then_some(firing)
            }
            StepsKind::Few(few) => few.next(),
        }
    }
}

impl Iterator for Steps<'_> {
    type Item = Firing;

    fn next(&mut self) -> Option<Firing> {
        loop {
            let firing = self.advance()?;
            if firing.moment > self.after {
                return Some(firing);
            }
        }
    }
}

/// Returns the `k`th firing of an offset from `anchor`; `None` when its repeats are over.
fn offset_firing(
    schedule: &Schedule,
    origin: Origin,
    offset: &Offset,
    anchor: NaiveDate,
    k: u32,
) -> Option<Firing> {
    let calendar = &schedule.plan.calendar;
    let span = repeat(offset, k)?;
    let nominal = span.from(anchor, calendar);
    // Repeats that start before the date end before it.
    if k > 0 && offset.direction == Direction::Before && nominal >= anchor {
        return None;
    }
    let sending = match offset.direction {
        _ if offset.any_day => nominal,
        Direction::Before | Direction::OnTheDay => calendar.on_or_before(nominal),
        Direction::After => calendar.on_or_after(nominal),
    };
    let why = Why::Offset { span, anchor: offset.anchor };
    Some(Firing { origin, nominal, sending, moment: moment_of(schedule, sending), why })
}

/// Returns the distance of the `k`th repeat from the anchor; `None` when there are not so many.
fn repeat(offset: &Offset, k: u32) -> Option<Span> {
    match offset.every {
        _ if k == 0 => Some(offset.span),
        Some(every) if offset.times.is_none_or(|times| k < times) => {
            Some(offset.span + every * i32::try_from(k).ok()?)
        }
        _ => None,
    }
}

/// Returns a repeat from which the search for the first one after a moment may start: none before it lies after the moment.
fn first_k(calendar: &Calendar, offset: &Offset, anchor: NaiveDate, after: i64) -> u32 {
    let Some(every) = offset.every else { return 0 };
    let first = offset.span.from(anchor, calendar);
    let date =
        DateTime::from_timestamp_millis(after).unwrap_or(DateTime::<Utc>::MIN_UTC).date_naive();
    // An upper bound of one repeat's length: 31 days a month, and no calendar leaves fewer than one working day in 20.
    let longest =
        i64::from(every.months) * 31 + i64::from(every.days) + i64::from(every.workdays) * 20;
    // The working day before a sending date can lie some weeks away from its nominal date, and a zone a day from UTC.
    let gap = (date - first).num_days() - 31;
    u32::try_from(gap / longest.max(1)).unwrap_or(0)
}

fn anchor_date(
    schedule: &Schedule,
    history: &History,
    topic: Topic,
    anchor: Anchor,
) -> Option<NaiveDate> {
    let plan = &schedule.plan;
    let period_from = plan.period.map(|period| period.from);
    match (anchor, topic) {
        (Anchor::Due, Topic::Deadline { due, .. }) => due.map(|due| due.date),
        (Anchor::Adopted, _) => plan.adopted,
        (Anchor::Start, Topic::Deadline { ix, .. }) => {
            let deadline = plan.deadline(ix);
            let measure = plan.measure(deadline.measure);
            let starts = plan.deadlines_of(measure).iter().find(|other| &*other.kind == "start");
            let start = starts
                .and_then(|start| start.due.dates(NaiveDate::MAX).first().map(|due| due.date));
            deadline.start.or(start).or(measure.runs.map(|runs| runs.from)).or(period_from)
        }
        (Anchor::Start, Topic::Measure(ix)) => {
            plan.measure(ix).runs.map(|runs| runs.from).or(period_from)
        }
        (Anchor::Start, Topic::Plan) => period_from,
        (Anchor::LastAnswer, Topic::Deadline { ix, due }) => {
            let last = state::answers(history, plan.deadline(ix), due).next_back()?;
            Some(last.at.with_timezone(&plan.zone).date_naive())
        }
        (Anchor::Due | Anchor::LastAnswer, Topic::Measure(_) | Topic::Plan) => None,
    }
}

/// Returns the firings of `on(event)`: as soon as it happens, but not before the hour of mails on a working day.
fn events(
    schedule: &Schedule,
    history: &History,
    topic: Topic,
    event: Event,
    origin: Origin,
) -> Vec<Firing> {
    let Some((ix, due)) = topic.deadline() else { return Vec::new() };
    let deadline = schedule.plan.deadline(ix);
    let answered =
        state::answers(history, deadline, due).filter(|answer| match (event, answer.says) {
            (Event::Delivered, Says::Delivered(_)) | (Event::Asked, Says::Asked(_)) => true,
            (Event::Delivered | Event::Asked | Event::Moved, _) => false,
        });
    let mut instants: Vec<DateTime<Utc>> = answered.map(|answer| answer.at).collect();
    match event {
        Event::Delivered if instants.is_empty() => {
            // The plan says so: known from the morning of that day.
            instants.extend(
                delivered(schedule, history, ix, due).map(|date| schedule.moments.of(date)),
            );
        }
        Event::Delivered => instants.truncate(1),
        Event::Moved => {
            let moved =
                history.deadlines_seen.get(&deadline.id).and_then(|seen| seen.moved.as_ref());
            instants.extend(moved.map(|(at, _)| *at));
        }
        Event::Asked => {}
    }
    instants.into_iter().map(|at| at_once(schedule, at, origin, Why::On(event))).collect()
}

/// Returns the overview that the owner gets when the plan is first seen, or adopted if that is later.
fn overview(schedule: &Schedule, history: &History) -> Option<Firing> {
    let plan = &schedule.plan;
    let seen = history.plan_seen?;
    let from = plan
        .adopted
        .map(|date| schedule.moments.of(date))
        .map_or(seen, |adopted| adopted.max(seen));
    let firing = at_once(schedule, from, Origin::Overview, Why::OverdueAtFirst);
    overdue_at_first(schedule, history, firing.nominal).next().is_some().then_some(firing)
}

/// Returns what was overdue already when the plan was first seen: due before `date`, known from the beginning, not delivered.
pub(super) fn overdue_at_first<'a>(
    schedule: &'a Schedule,
    history: &'a History,
    date: NaiveDate,
) -> impl Iterator<Item = (DeadlineIx, DueDate)> {
    schedule.subjects.iter().filter_map(move |subject| {
        let (ix, due) = subject.topic.deadline()?;
        let due = due.filter(|due| due.date < date)?;
        let deadline = schedule.plan.deadline(ix);
        let from_the_beginning =
            history.deadlines_seen.get(&deadline.id).map(|seen| seen.at) == history.plan_seen;
        let open = state::delivered_by(history, deadline, Some(due), date).is_none();
        (from_the_beginning && open).then_some((ix, due))
    })
}

fn at_once(schedule: &Schedule, at: DateTime<Utc>, origin: Origin, why: Why) -> Firing {
    let nominal = at.with_timezone(&schedule.plan.zone).date_naive();
    let sending = schedule.plan.calendar.on_or_after(nominal);
    let moment = at.timestamp_millis().max(moment_of(schedule, sending));
    Firing { origin, nominal, sending, moment, why }
}

fn delivered(
    schedule: &Schedule,
    history: &History,
    ix: DeadlineIx,
    due: Option<DueDate>,
) -> Option<NaiveDate> {
    state::delivered(history, schedule.plan.deadline(ix), due)
}

fn moment_of(schedule: &Schedule, sending: NaiveDate) -> i64 {
    schedule.moments.of(sending).timestamp_millis()
}
