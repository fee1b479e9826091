//! Looking ahead: what ticks over a stretch of time would tell, as things stand.
//! Decided by the same code as a tick; one subject after the other, since no decision depends on another subject's.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use chrono::{DateTime, NaiveDate, Utc};

use super::dates::Firing;
use super::decide::Decider;
use super::{Fault, Notice, Origin, Schedule, Subject, Tick, Topic, aside, dates};
use crate::history::History;
use crate::notice::Verdict;
use crate::plan::{Id, index};
use crate::rules::STACK;

/// One notice that would be told; in a survey, also one that would not.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// When, in milliseconds UTC: its moment, or the beginning of the forecast for what is pending then.
    pub at: i64,
    /// What is told.
    pub notice: Notice,
    /// The subject's place.
    place: u32,
}

impl Forecast {
    /// Returns when it is told.
    pub fn at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.at).unwrap_or_default()
    }
}

/// A rule that would fail, and when; milliseconds UTC.
type Failing = (i64, Fault);

/// How far to look ahead, and at what; instants in milliseconds UTC.
struct Stretch<'a> {
    from: i64,
    until: i64,
    /// Rules that are put aside for all, each from a moment on.
    put_aside: &'a [(u16, i64)],
    /// Whether what would not be told is wanted too.
    survey: bool,
}

/// Subjects are handed to threads in portions of at least this size.
const PORTION: usize = 1_000;

impl Schedule {
    /// Returns what would be told from `from` (included) until `until` (excluded) if nobody answers, ordered by time,
    /// recipient, deadline, kind, nominal date and rule; and the rules that would fail.
    ///
    /// # Panics
    /// If deciding does, or the system has no thread left.
    pub fn forecast(
        &self,
        history: &Arc<History>,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> (Vec<Forecast>, Vec<Fault>) {
        let (from, until) = (from.timestamp_millis(), until.timestamp_millis());
        let ranks = Ranks::new(self);
        let (mut told, mut failed) = self.look_far_ahead(
            history,
            &ranks,
            &Stretch { from, until, put_aside: &[], survey: false },
        );
        // A rule that fails too often is put aside for all; what it would do later is decided anew. Rules do not hear of
        // each other, so that a second look is the last.
        let put_aside = self.put_aside_ahead(history, &failed);
        if !put_aside.is_empty() {
            let again = Stretch { from, until, put_aside: &put_aside, survey: false };
            (told, failed) = self.look_far_ahead(history, &ranks, &again);
        }
        let mut faults: Vec<Fault> = failed.into_iter().map(|(_, fault)| fault).collect();
        faults.sort_by(|a, b| (&a.rule, &a.about).cmp(&(&b.rule, &b.about)));
        faults.dedup();
        (told, faults)
    }

    /// Returns which rules are put aside for all by what fails ahead, and from when on.
    fn put_aside_ahead(&self, history: &History, failed: &[Failing]) -> Vec<(u16, i64)> {
        let before = history.rule_failures.of(&self.rules.fingerprint);
        let mut moments: BTreeMap<&Id, BTreeMap<&str, i64>> = BTreeMap::new();
        for (at, fault) in failed {
            let of_rule = moments.entry(&fault.rule).or_insert_with(|| {
                let before = before.and_then(|before| before.get(&fault.rule)).into_iter();
                before.flatten().map(|(about, at)| (&**about, at.timestamp_millis())).collect()
            });
            let first = of_rule.entry(&fault.about).or_insert(*at);
            *first = (*first).min(*at);
        }
        let places = (0_u16..).zip(&self.rules.list);
        places
            .filter_map(|(place, rule)| {
                let failed = moments.get(&rule.name)?.values().copied();
                Some((place, aside::all_from(failed)?))
            })
            .collect()
    }

    /// Returns every decision from `from` (included) until `until` (excluded) in the order of [`Schedule::forecast`]: also
    /// what would not be told.
    pub fn survey(
        &self,
        history: &Arc<History>,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Vec<Forecast> {
        let (from, until) = (from.timestamp_millis(), until.timestamp_millis());
        let stretch = Stretch { from, until, put_aside: &[], survey: true };
        self.look_far_ahead(history, &Ranks::new(self), &stretch).0
    }

    /// Looks ahead at all subjects, on all cores.
    fn look_far_ahead(
        &self,
        history: &Arc<History>,
        ranks: &Ranks,
        stretch: &Stretch,
    ) -> (Vec<Forecast>, Vec<Failing>) {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let portion = self.subjects.len().div_ceil(threads).max(PORTION);
        let parts: Vec<(Vec<Forecast>, Vec<Failing>)> = thread::scope(|scope| {
            let look_ahead = move |range| {
                let decider = Decider::ahead(self, history, stretch.put_aside);
                let (mut told, faults) = self.look_ahead(decider, range, stretch);
                told.sort_by_cached_key(|forecast| ranks.of(forecast));
                (told, faults)
            };
            let workers: Vec<_> = (0..self.subjects.len())
                .step_by(portion)
                .map(|start| start..(start + portion).min(self.subjects.len()))
                .map(|range| {
                    let worker = thread::Builder::new().stack_size(STACK);
                    worker.spawn_scoped(scope, move || look_ahead(range))
                })
                .collect();
            workers
                .into_iter()
                .map(|worker| {
                    let worker = worker.expect("the system has a thread left");
                    worker.join().expect("deciding does not panic")
                })
                .collect()
        });
        let (told, faults): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        (merge(told, ranks), faults.concat())
    }

    fn look_ahead(
        &self,
        mut decider: Decider<'_>,
        range: std::ops::Range<usize>,
        stretch: &Stretch,
    ) -> (Vec<Forecast>, Vec<Failing>) {
        let (mut told, mut faults) = (Vec::new(), Vec::new());
        let mut tick = Tick::default();
        let mut firings = Vec::new();
        for place in range {
            let subject = &self.subjects[place];
            firings.clear();
            let until = stretch.until.saturating_sub(1);
            dates::due(self, decider.history(), subject, until, stretch.survey, &mut firings);
            // One tick a moment; what is pending at the beginning is due in its first one. Within a tick the firings stay
            // in the order of the rules.
            let at = |firing: &Firing| firing.moment.max(stretch.from);
            firings.sort_by_key(at);
            decider.begin(share_a_date(&firings));
            for due in firings.chunk_by(|a, b| at(a) == at(b)) {
                let at = at(&due[0]);
                let now = DateTime::from_timestamp_millis(at).unwrap_or_default();
                decider.at(self, now);
                decider.decide(self, subject.topic, due, &mut tick);
                let kept = tick.notices.drain(..);
                let kept = kept.filter(|it| stretch.survey || it.verdict == Verdict::Send);
                told.extend(kept.map(|notice| Forecast { at, notice, place: index(place) }));
                faults.extend(tick.faults.drain(..).map(|fault| (at, fault)));
            }
        }
        (told, faults)
    }
}

/// Tells whether two firings have the same nominal date, so that one may find the other's key taken.
fn share_a_date(firings: &[Firing]) -> bool {
    let mut dates: Vec<NaiveDate> = firings.iter().map(|firing| firing.nominal).collect();
    dates.sort_unstable();
    dates.windows(2).any(|pair| pair[0] == pair[1])
}

/// Merges parts, each of which is in order.
fn merge(mut parts: Vec<Vec<Forecast>>, ranks: &Ranks) -> Vec<Forecast> {
    if parts.len() < 2 {
        return parts.pop().unwrap_or_default();
    }
    let mut merged = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    let mut parts: Vec<_> = parts.into_iter().map(|part| part.into_iter().peekable()).collect();
    let mut firsts: Vec<Option<Rank>> =
        parts.iter_mut().map(|part| part.peek().map(|first| ranks.of(first))).collect();
    while let Some((place, _)) = (0..)
        .zip(&firsts)
        .filter_map(|(place, first)| Some((place, first.as_ref()?)))
        .min_by_key(|(_, first)| *first)
    {
        let place: usize = place;
        merged.extend(parts[place].next());
        firsts[place] = parts[place].peek().map(|first| ranks.of(first));
    }
    merged
}

/// Where a line stands: moment, recipient, deadline, kind, nominal date, rule, and the subject's place.
type Rank = (i64, u32, u32, &'static str, NaiveDate, u32, u32);

/// The order of ids, so that a million lines are sorted by numbers.
struct Ranks {
    units: Vec<u32>,
    rules: Vec<u32>,
    subjects: Vec<u32>,
}

impl Ranks {
    fn new(schedule: &Schedule) -> Self {
        let topic = |subject: &Subject| match subject.topic {
            Topic::Deadline { ix, .. } if !schedule.plan.deadline(ix).due.recurs() => {
                Cow::Borrowed(&*schedule.plan.deadline(ix).id)
            }
            Topic::Deadline { .. } => Cow::Owned(schedule.topic_id(subject.topic)),
            Topic::Measure(_) | Topic::Plan => Cow::Borrowed(""),
        };
        Self {
            units: ranks(schedule.plan.units.iter().map(|unit| &unit.id)),
            rules: ranks(schedule.rules.list.iter().map(|rule| &rule.name)),
            subjects: ranks(schedule.subjects.iter().map(topic)),
        }
    }

    fn of(&self, forecast: &Forecast) -> Rank {
        let Forecast { at, notice, place } = forecast;
        let to = notice.to.map_or(0, |ix| self.units[ix.0 as usize]);
        let rule = match notice.origin {
            Origin::Step { rule, .. } => self.rules[usize::from(rule)],
            Origin::Overview | Origin::Safety => u32::MAX,
        };
        (*at, to, self.subjects[*place as usize], notice.kind.word(), notice.nominal, rule, *place)
    }
}

/// Returns the rank of each name among all, equal names sharing one.
fn ranks<T: Ord>(names: impl Iterator<Item = T>) -> Vec<u32> {
    let mut ordered: Vec<(T, usize)> = names.zip(0..).collect();
    ordered.sort_unstable();
    let mut ranks = vec![0; ordered.len()];
    let mut rank = 0;
    for (position, (name, place)) in ordered.iter().enumerate() {
        if position > 0 && ordered[position - 1].0 != *name {
            rank += 1;
        }
        ranks[*place] = rank;
    }
    ranks
}
