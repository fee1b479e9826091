//! What an edit changes in what will be told: two sides on the same past, each looked ahead and compared.
//! How notices are paired off is in `diff`; whether the words of one differ, in `wording`; printing is `cli`'s.

mod wording;

use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use chrono::{DateTime, NaiveTime, Utc};

use crate::diff::{self, Change, Names, Told, pair};
use crate::history::History;
use crate::plan::{Plan, UnitIx};
use crate::rules::Rules;
use crate::schedule::{Fault, Forecast, Schedule, see};

/// What a plan's files say on one side: before the edit, or after it.
#[derive(Debug, Clone)]
pub struct Files {
    /// The plan.
    pub plan: Arc<Plan>,
    /// The rules.
    pub rules: Arc<Rules>,
    /// The hour from which mails go out.
    pub send_at: NaiveTime,
}

/// One side, laid out and looked ahead.
#[derive(Debug)]
pub struct Side {
    /// What was laid out.
    pub schedule: Schedule,
    /// The past as this side knows it.
    pub history: Arc<History>,
    /// What will be told.
    pub told: Vec<Forecast>,
    /// The rules that will fail.
    pub faults: Vec<Fault>,
}

/// What differs between two sides; a side without the plan is `None`.
#[derive(Debug)]
pub struct Changes {
    /// Before the edit.
    pub was: Option<Side>,
    /// After it.
    pub now: Option<Side>,
    /// Every difference.
    pub list: Vec<Difference>,
}

/// One notice that an edit changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What becomes of it.
    pub change: Change,
    /// The place of the notice before the edit; `None` for an added one.
    pub was: Option<u32>,
    /// The place of the notice after the edit; `None` for one that is gone.
    pub now: Option<u32>,
    /// The lines of its mail that differ, each after a `-` or a `+`; empty where they were not looked at.
    pub lines: Vec<String>,
}

impl Side {
    /// Lays out `files` on `history`, in which everything of them has been seen, and looks ahead.
    pub fn ahead(
        files: &Files,
        history: History,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Self {
        let Files { plan, rules, send_at } = files.clone();
        let schedule = Schedule::new(plan, rules, send_at, &history);
        let history = Arc::new(history);
        let (told, faults) = schedule.forecast(&history, from, until);
        Self { schedule, history, told, faults }
    }

    /// Returns how many mails will go out, or how many of them to one unit.
    pub fn mails(&self, to: Option<&str>) -> usize {
        let is_meant = |ix: UnitIx| to.is_none_or(|to| &*self.schedule.plan().unit(ix).id == to);
        let told = self.told.iter().filter(|told| told.notice.to.is_some_and(is_meant));
        diff::mails(told.map(|told| (told.notice.to, told.at)))
    }

    fn numbered(&self, names: &mut Names) -> Vec<Told> {
        names.told(&self.schedule, self.told.iter().map(|told| (told.at, &told.notice)))
    }
}

/// Returns `history` as if `files` had been in force just before `now`: what they move has not moved at that moment.
///
/// What it does not know yet is first seen at `now`.
pub fn in_force(mut history: History, files: &Files, now: DateTime<Utc>) -> History {
    let known = history.deadlines_seen.clone();
    let new = see(&mut history, &files.plan, &files.rules, now);
    for (id, _) in new.deadlines {
        if let (Some(seen), Some(before)) = (history.deadlines_seen.get_mut(&id), known.get(&id)) {
            seen.moved.clone_from(&before.moved);
        }
    }
    history
}

/// Looks ahead on both sides and compares them; a side without the plan tells nothing.
///
/// Both stand on the same `history`, as the daemon would: what is in force before the edit is known, what the edit brings
/// is first seen at `from`, and a deadline that it moves is moved then.
pub fn changes(
    was: Option<&Files>,
    now: Option<&Files>,
    history: History,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Changes {
    let known = match was {
        Some(files) => in_force(history, files, from),
        None => history,
    };
    let now = now.map(|files| {
        let mut history = known.clone();
        see(&mut history, &files.plan, &files.rules, from);
        Side::ahead(files, history, from, until)
    });
    let was = was.map(|files| Side::ahead(files, known, from, until));
    let mut names = Names::default();
    let mut numbered =
        |side: &Option<Side>| side.as_ref().map_or_else(Vec::new, |side| side.numbered(&mut names));
    let (before, after) = (numbered(&was), numbered(&now));
    let mut list = differences(&before, &after);
    if let (Some(was), Some(now)) = (&was, &now) {
        add_words(&mut list, was, now);
    }
    list.retain(Difference::is_one);
    Changes { was, now, list }
}

/// Compares what was told with what is told now. What both tell alike is among it as reworded, without any lines.
pub fn differences(was: &[Told], now: &[Told]) -> Vec<Difference> {
    let pairing = pair(was, now);
    let plain = |change, was, now| Difference { change, was, now, lines: Vec::new() };
    let both = pairing.pairs.into_iter().map(|(before, after)| {
        let change = Change::of(&was[before as usize], &now[after as usize]);
        plain(change.unwrap_or(Change::Reworded), Some(before), Some(after))
    });
    let gone = pairing.gone.into_iter().map(|place| plain(Change::Gone, Some(place), None));
    let added = pairing.added.into_iter().map(|place| plain(Change::Added, None, Some(place)));
    both.chain(gone).chain(added).collect()
}

/// Notices are handed to threads in portions of at least this size.
const PORTION: usize = 500;

/// Compares the words of what both sides tell on the same day.
fn add_words(list: &mut [Difference], was: &Side, now: &Side) {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let portion = list.len().div_ceil(threads).max(PORTION);
    let differing_lines = |difference: &Difference| {
        let (before, after) = (difference.was? as usize, difference.now? as usize);
        let (before, after) = (&was.told[before], &now.told[after]);
        // On another day, or to another unit, the words are others of course.
        let is_the_same = before.notice.nominal == after.notice.nominal
            && difference.change != Change::Redirected;
        is_the_same.then(|| wording::differing_lines((was, before), (now, after)))
    };
    thread::scope(|scope| {
        for portion in list.chunks_mut(portion) {
            scope.spawn(move || {
                for difference in portion {
                    difference.lines = differing_lines(difference).unwrap_or_default();
                }
            });
        }
    });
}

impl Difference {
    /// Tells whether it is a difference, and not the same in the same words.
    pub fn is_one(&self) -> bool {
        self.change != Change::Reworded || !self.lines.is_empty()
    }
}
