//! A change of the files that would at once send many mails more than the files before it.
//! What is held, and how the owner is asked, is in `brake`.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::ask::{question, short};
use crate::daemon::force::{self, InForce};
use crate::history::History;
use crate::mail::Message;
use crate::mail::letter::{FaultItem, HeldBy, HeldMails};
use crate::notice::{NoticeKey, Verdict};
use crate::plan::{Plan, UnitIx};
use crate::schedule::{Notice, Schedule};
use crate::store::{ChangeEntry, HeldFor, Store, StoreError};

/// For how long a change is compared with the files of the day before: until every hour of the day has come once.
const WATCHED: TimeDelta = TimeDelta::days(1);

/// So many messages may always be sent, however few are usual.
const FEW: usize = 20;

/// So many times the usual day may be sent at once.
const TIMES: f64 = 3.0;

/// A change that is watched.
#[derive(Debug)]
pub(in crate::daemon) struct ChangeBrake {
    change: ChangeEntry,
    before: InForce,
    /// How many messages may be sent at once that the files before would not have sent, if the configuration does not say it.
    usual: usize,
}

impl ChangeBrake {
    /// Finds the change to watch at `now`, if there is any: files in force that are not those of the day before.
    ///
    /// The first files of a ledger change nothing. What was released once is not asked about again.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(in crate::daemon) async fn find(
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, StoreError> {
        let mut changes = store.changes().await?;
        changes.retain(|entry| entry.change.refused.is_none());
        let Some(newest) = changes.last().filter(|entry| now < entry.change.at + WATCHED) else {
            return Ok(None);
        };
        let a_day_old = changes.iter().rfind(|entry| entry.change.at + WATCHED <= now);
        let before = a_day_old.unwrap_or(&changes[0]);
        if before.change.hash == newest.change.hash {
            return Ok(None);
        }
        let Some(before) = force::kept(store, before).await? else { return Ok(None) };
        let usual = usual(store.usual_day(now).await?);
        Ok(Some(Self { change: newest.clone(), before, usual }))
    }

    /// Tells whether `count` messages that would not have been sent before are too many `at_once`, as configured.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(in crate::daemon) async fn holds(
        &self,
        store: &Store,
        count: usize,
        at_once: Option<usize>,
    ) -> Result<bool, StoreError> {
        Ok(count > at_once.unwrap_or(self.usual) && !store.is_released(&self.why()).await?)
    }

    /// Tells whether the change is still to be watched.
    pub(in crate::daemon) fn watches(&self, now: DateTime<Utc>) -> bool {
        now < self.change.change.at + WATCHED
    }

    /// Returns the keys of what the files before would tell at `now`.
    pub(in crate::daemon) fn familiar(
        &self,
        plan: &Plan,
        history: &Arc<History>,
        now: DateTime<Utc>,
    ) -> HashSet<NoticeKey> {
        let project = &self.before.project;
        let Some(before) = project.plans.iter().find(|before| before.id == plan.id) else {
            return HashSet::new();
        };
        let rules = project.rules.clone();
        let mut schedule = Schedule::new(before.clone(), rules, self.before.send_at, history);
        let tick = schedule.tick(history, now);
        let told = tick.notices.iter().filter(|notice| notice.verdict == Verdict::Send);
        told.map(|notice| schedule.key(notice)).collect()
    }

    /// Returns what messages are held for.
    pub(super) fn why(&self) -> HeldFor {
        HeldFor::Change(self.change.change.hash.clone())
    }

    /// Asks the plan's owner what is to become of `messages`, one or more: under which key, and in which words.
    pub(super) fn ask(
        &self,
        plan: &Plan,
        messages: &[Message],
        now: DateTime<Utc>,
    ) -> (String, FaultItem) {
        let change = &self.change.change;
        let since = change.at.with_timezone(&plan.zone).format("%Y-%m-%d %H:%M");
        let short = short(&change.hash);
        let why = format!(
            "The files that took force on {since} ({files}) would send them at once, and those before would not.",
            files = change.changed.join(", "),
        );
        let meanwhile = "Until then they wait; everything else is sent as usual.";
        let message = question(plan, messages, &why, &format!("--change {short}"), meanwhile);
        let key = format!("held for change {} at {}", change.hash, now.timestamp_millis());
        let held = Some(HeldMails { count: messages.len(), by: HeldBy::Change });
        (key, FaultItem { what: format!("change {short}"), held, message })
    }
}

/// Returns the recipients of what is told and not familiar.
pub(in crate::daemon) fn recipients(
    schedule: &Schedule,
    notices: &[Notice],
    familiar: &HashSet<NoticeKey>,
) -> BTreeSet<UnitIx> {
    let told = notices.iter().filter(|notice| notice.verdict == Verdict::Send);
    told.filter(|notice| !familiar.contains(&schedule.key(notice)))
        .filter_map(|notice| notice.to)
        .collect()
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of mails is small and not negative"
)]
fn usual(day: Option<f64>) -> usize {
    day.map_or(FEW, |day| ((TIMES * day).ceil() as usize).max(FEW))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_times_the_usual_day_is_let_through_and_twenty_always() {
        assert_eq!(
            [None, Some(1.0), Some(6.5), Some(7.1), Some(100.0)].map(usual),
            [20, 20, 20, 22, 300]
        );
    }
}
