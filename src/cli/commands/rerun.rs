//! A ledger's past played again with other files: what they would have sent, had they been in force.
//! Playing is `schedule::Play`'s part; here the ledger's answers, outages and moved dates become what happens in it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::changes::Files;
use crate::history::{History, Seen};
use crate::notice::Verdict;
use crate::plan::{Due, Plan};
use crate::schedule::{Happening, Notice, Origin, Play, Played};
use crate::store::LogEntry;

/// A daemon looks every minute; what it decides so much later than it was due, it was kept from.
const LATE: TimeDelta = TimeDelta::minutes(10);

/// A past to be played again.
pub(super) struct Rerun<'a> {
    /// What the ledger knows.
    pub(super) history: &'a History,
    /// Everything that it decided.
    pub(super) log: &'a [LogEntry],
    /// From when the files are in force; not before the ledger first saw the plan.
    pub(super) start: DateTime<Utc>,
    /// Until when it is played, excluded.
    pub(super) until: DateTime<Utc>,
}

impl Rerun<'_> {
    /// Plays the past with `files`; `visit` sees each tick that decided anything.
    ///
    /// Every answer is known from its moment on. A deadline counts from when the ledger first saw it, all else from the
    /// start. A due date that the ledger saw moved is what it was until then. When the server was down, it is down again.
    pub(super) fn play(&self, files: &Files, visit: impl FnMut(&Played)) -> Play {
        let moves = self.moves(&files.plan);
        let at_first = self.plan_at(&files.plan, self.start);
        let history = self.history_at_start(&at_first);
        let rules = &files.rules;
        let mut happenings: Vec<(DateTime<Utc>, Happening)> = Vec::new();
        for at in moves {
            let plan = self.plan_at(&files.plan, at);
            happenings.push((at, Happening::Replaced(plan, rules.clone())));
        }
        for (deadline, answers) in &self.history.answers {
            let later = answers.iter().filter(|answer| answer.at >= self.start);
            happenings.extend(
                later.map(|answer| {
                    (answer.at, Happening::Answered(deadline.clone(), answer.clone()))
                }),
            );
        }
        happenings
            .extend(self.outages().into_iter().map(|(at, until)| (at, Happening::Down(until))));
        happenings.sort_by_key(|(at, _)| *at);
        let mut play = Play::begin(at_first, rules.clone(), files.send_at, history, self.start);
        play.play(happenings, self.start, self.until, visit);
        play
    }

    /// Plays the past and returns what would have been told, and when.
    pub(super) fn told(&self, files: &Files) -> (Play, Vec<(DateTime<Utc>, Notice)>) {
        let mut told = Vec::new();
        let play = self.play(files, |played| {
            let notices = played.tick.notices.iter().filter(|notice| {
                notice.verdict == Verdict::Send
                    && self.counts(notice.moment, notice.origin == Origin::Overview)
            });
            told.extend(notices.map(|notice| (played.at, notice.clone())));
        });
        (play, told)
    }

    /// Tells whether a step that was due at `moment` can be compared: not what was due before the start, nor the overview
    /// of a plan that was known long before.
    pub(super) fn counts(&self, moment: DateTime<Utc>, is_first_overview: bool) -> bool {
        let from_the_beginning = self.history.plan_seen.is_none_or(|seen| seen >= self.start);
        moment >= self.start && (from_the_beginning || !is_first_overview)
    }

    /// Returns the past as it was at the start, with nothing told yet: what was due before is not looked at.
    fn history_at_start(&self, plan: &Plan) -> History {
        let mut history = History { plan_seen: Some(self.start), ..History::default() };
        for deadline in &plan.deadlines {
            let known = self.history.deadlines_seen.get(&deadline.id);
            let at = known.map_or(self.start, |seen| seen.at.max(self.start));
            let due = match deadline.due {
                Due::On(due) => Some(due),
                Due::None | Due::Every { .. } => None,
            };
            history.deadlines_seen.insert(deadline.id.clone(), Seen { at, due, moved: None });
        }
        for (deadline, answers) in &self.history.answers {
            let earlier = answers.iter().filter(|answer| answer.at < self.start);
            history.answers.insert(deadline.clone(), earlier.cloned().collect());
        }
        history
    }

    /// Returns when due dates of `plan` were moved meanwhile, in order.
    fn moves(&self, plan: &Plan) -> Vec<DateTime<Utc>> {
        let mut moves: Vec<_> = plan
            .deadlines
            .iter()
            .filter_map(|deadline| self.moved(&deadline.id, deadline.due))
            .map(|(at, _)| at)
            .filter(|at| *at > self.start && *at < self.until)
            .collect();
        moves.sort_unstable();
        moves.dedup();
        moves
    }

    /// Returns when a deadline was moved to the date that it has now, and its date before.
    fn moved(&self, id: &crate::plan::Id, due: Due) -> Option<(DateTime<Utc>, Due)> {
        let seen = self.history.deadlines_seen.get(id)?;
        let (at, before) = seen.moved?;
        (due == seen.due.map_or(Due::None, Due::On))
            .then(|| (at, before.map_or(Due::None, Due::On)))
    }

    /// Returns `plan` with the due dates of that moment.
    fn plan_at(&self, plan: &Arc<Plan>, now: DateTime<Utc>) -> Arc<Plan> {
        let mut plan = plan.clone();
        for place in 0..plan.deadlines.len() {
            let deadline = &plan.deadlines[place];
            if let Some((at, before)) = self.moved(&deadline.id, deadline.due)
                && at > now
            {
                Arc::make_mut(&mut plan).deadlines[place].due = before;
            }
        }
        plan
    }

    /// Returns when the server was down: from when something was due until it was decided, if nothing at all was decided
    /// in between, and if the deadline was not moved meanwhile, which makes steps late as well.
    fn outages(&self) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let mut decided: Vec<DateTime<Utc>> = self.log.iter().map(|entry| entry.at).collect();
        decided.sort_unstable();
        let was_up = |from: DateTime<Utc>, until: DateTime<Utc>| {
            let next = decided.partition_point(|at| *at < from);
            decided.get(next).is_some_and(|at| *at < until)
        };
        let was_moved = |entry: &LogEntry| {
            let id = entry.deadline.as_deref();
            let seen = id.and_then(|id| self.history.deadlines_seen.get(id));
            seen.and_then(|seen| seen.moved)
                .is_some_and(|(at, _)| at > entry.moment && at <= entry.at)
        };
        let late = self.log.iter().filter(|entry| entry.at - entry.moment >= LATE);
        let mut outages: Vec<_> = late
            .filter(|entry| !was_up(entry.moment, entry.at) && !was_moved(entry))
            .map(|entry| (entry.moment, entry.at))
            .collect();
        outages.sort_unstable();
        outages.dedup();
        outages
    }
}
