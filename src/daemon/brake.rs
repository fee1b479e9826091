//! The brake: a change of the files that would at once send many mails more than the files before it is asked about first.
//! Held messages lie in the ledger; `frist release` and `frist drop` decide about them.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::force::{self, InForce};
use crate::history::History;
use crate::mail::Message;
use crate::mail::letter::FaultItem;
use crate::notice::{NoticeKey, Verdict};
use crate::plan::{Plan, UnitIx};
use crate::schedule::{Notice, Schedule};
use crate::store::{ChangeEntry, Store, StoreError};

/// For how long a change is compared with the files of the day before: until every hour of the day has come once.
const WATCHED: TimeDelta = TimeDelta::days(1);

/// So many messages may always be sent, however few are usual.
const FEW: usize = 20;

/// So many times the usual day may be sent at once.
const TIMES: f64 = 3.0;

/// So many recipients are named when the owner is asked.
const NAMED: usize = 10;

/// A change that is watched.
#[derive(Debug)]
pub(super) struct Brake {
    change: ChangeEntry,
    before: InForce,
    /// How many messages may be sent at once that the files before would not have sent.
    at_once: usize,
}

impl Brake {
    /// Finds the change to watch at `now`, if there is any: files in force that are not those of the day before.
    ///
    /// The first files of a ledger change nothing. What was released once is not asked about again.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(super) async fn find(
        store: &Store,
        at_once: Option<usize>,
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
        let at_once = match at_once {
            Some(at_once) => at_once,
            None => usual(store.usual_day(now).await?),
        };
        Ok(Some(Self { change: newest.clone(), before, at_once }))
    }

    /// Tells whether `count` messages that would not have been sent before are too many at once.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(super) async fn holds(&self, store: &Store, count: usize) -> Result<bool, StoreError> {
        Ok(count > self.at_once && !store.is_released(self.change()).await?)
    }

    /// Tells whether the change is still to be watched.
    pub(super) fn watches(&self, now: DateTime<Utc>) -> bool {
        now < self.change.change.at + WATCHED
    }

    /// Returns the keys of what the files before would tell at `now`.
    pub(super) fn familiar(
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

    /// Returns the hash of the change.
    pub(super) fn change(&self) -> &str {
        &self.change.change.hash
    }

    /// Asks the plan's owner what is to become of `messages`, one or more: under which key, and in which words.
    pub(super) fn ask(
        &self,
        plan: &Plan,
        messages: &[&Message],
        now: DateTime<Utc>,
    ) -> (String, FaultItem) {
        let change = &self.change.change;
        let local = |at: DateTime<Utc>| at.with_timezone(&plan.zone).format("%Y-%m-%d %H:%M");
        let short = short(&change.hash);
        // The owner's own mail is not the one to judge by.
        let owner = plan.owner.map(|owner| &plan.unit(owner).id);
        let to_others = messages.iter().find(|message| Some(&message.to) != owner);
        let sample = to_others.unwrap_or(&messages[0]);
        let message = format!(
            "{count} are held back. The files that took force on {since} ({files}) would send them at once, and those \
             before would not.\n\nTo send them:\n    frist release --change {short}\nTo throw them away, for good:\n    \
             frist drop --change {short}\nUntil then they wait; everything else is sent as usual.\n\nThey would go to \
             {names}.\n\nThis is one of them, to {to}:\n\n    {subject}\n\n{text}",
            count = mails(messages.len()),
            since = local(change.at),
            files = change.changed.join(", "),
            names = names(messages),
            to = sample.to_name,
            subject = sample.subject,
            text = indented(&sample.text),
        );
        let key = format!("held for change {} at {}", change.hash, now.timestamp_millis());
        (key, FaultItem { what: format!("change {short}"), held: Some(messages.len()), message })
    }
}

/// Returns the recipients of what is told and not familiar.
pub(super) fn recipients(
    schedule: &Schedule,
    notices: &[Notice],
    familiar: &HashSet<NoticeKey>,
) -> BTreeSet<UnitIx> {
    let told = notices.iter().filter(|notice| notice.verdict == Verdict::Send);
    told.filter(|notice| !familiar.contains(&schedule.key(notice)))
        .filter_map(|notice| notice.to)
        .collect()
}

/// Shortens a hash to what is enough to tell changes apart.
pub fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of mails is small and not negative"
)]
fn usual(day: Option<f64>) -> usize {
    day.map_or(FEW, |day| ((TIMES * day).ceil() as usize).max(FEW))
}

/// Names the recipients, or the first of them.
fn names(messages: &[&Message]) -> String {
    let recipients: BTreeSet<&str> = messages.iter().map(|message| &*message.to_name).collect();
    let more = recipients.len().saturating_sub(NAMED);
    let named = recipients.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

fn mails(count: usize) -> String {
    if count == 1 { "1 mail".to_owned() } else { format!("{count} mails") }
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("    {line}") })
        .collect::<Vec<_>>()
        .join("\n")
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
