//! The brake: mails that are more than somebody can have meant are held, and the plan's owner is asked about them.
//! Held messages lie in the ledger; `frist release` and `frist drop` decide about them.
//!
//! There are two occasions: a change of the files that would at once send many mails more than the files before it
//! (`change`), and limits to how many there may be at all (`limits`). What is held takes its place in the ledger, so
//! nothing is dropped, and nothing is decided twice.

mod ask;
pub(super) mod change;
mod limits;

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::letters::by_recipient;
use crate::mail::Message;
use crate::mail::letter::FaultItem;
use crate::notice::{NoticeKey, Reason, Verdict};
use crate::plan::{Plan, UnitIx};
use crate::schedule::{Notice, Schedule};
use crate::store::HeldFor;

use change::ChangeBrake;

pub use ask::short;
pub use limits::Limits;
pub(super) use limits::{Allowance, PlanAllowance};

/// What brakes there are on one plan at one tick.
#[derive(Debug, Default)]
pub(super) struct Brakes<'a> {
    /// A change that sends too much, and what the files before it would tell.
    pub(super) change: Option<(&'a ChangeBrake, HashSet<NoticeKey>)>,
    /// What the limits leave.
    pub(super) limits: Option<PlanAllowance>,
}

/// The notices of a tick, parted: each list has all of them, and tells only its own.
#[derive(Debug)]
pub(super) struct Parted<'n> {
    pub(super) free: Cow<'n, [Notice]>,
    /// What is held, by what it is held for; a list tells something.
    pub(super) held: Vec<(HeldFor, Vec<Notice>)>,
}

impl Brakes<'_> {
    /// Parts what is sent from what is held.
    pub(super) fn part<'n>(&self, schedule: &Schedule, notices: &'n [Notice]) -> Parted<'n> {
        let mut parted = Parted { free: Cow::Borrowed(notices), held: Vec::new() };
        if let Some((brake, familiar)) = &self.change {
            let is_new = |notice: &Notice| !familiar.contains(&schedule.key(notice));
            parted.hold(&brake.why(), is_new);
        }
        if let Some(limits) = &self.limits {
            let told: Vec<UnitIx> = by_recipient(&parted.free).into_keys().collect();
            for (limit, recipients) in limits.beyond(schedule.plan(), &told) {
                let is_beyond =
                    |notice: &Notice| notice.to.is_some_and(|to| recipients.contains(&to));
                parted.hold(&HeldFor::Limit(limit), is_beyond);
            }
        }
        parted
    }

    /// Asks the plan's owner what is to become of `messages`, one or more, unless that was asked: under which key, and in
    /// which words.
    pub(super) fn ask(
        &self,
        why: &HeldFor,
        plan: &Plan,
        messages: &[Message],
        now: DateTime<Utc>,
    ) -> Option<(String, FaultItem)> {
        match (why, &self.change, &self.limits) {
            (HeldFor::Change(_), Some((brake, _)), _) => Some(brake.ask(plan, messages, now)),
            (HeldFor::Limit(limit), _, Some(limits)) => limits.ask(*limit, plan, messages, now),
            _ => None,
        }
    }
}

impl Parted<'_> {
    /// Holds what is told of `which`.
    fn hold(&mut self, why: &HeldFor, which: impl Fn(&Notice) -> bool) {
        let is_held = |notice: &Notice| notice.verdict == Verdict::Send && which(notice);
        if !self.free.iter().any(is_held) {
            return;
        }
        let mut held = self.free.to_vec();
        for (free, held) in self.free.to_mut().iter_mut().zip(&mut held) {
            let elsewhere = if is_held(free) { free } else { held };
            if elsewhere.verdict == Verdict::Send {
                elsewhere.verdict = Verdict::NotSent(Reason::ToldAlready);
            }
        }
        self.held.push((why.clone(), held));
    }
}
