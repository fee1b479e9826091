//! Limits to how many messages there may be in a tick, in an hour, and to a recipient on a day: the rest is held.
//! They stop a rule that says too much, or too often, whoever wrote it and whenever. What the owner is told about faults,
//! and the question itself, are never held.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::ask::{mails, question};
use crate::calendar::moment::instant;
use crate::mail::Message;
use crate::mail::letter::{FaultItem, HeldBy, HeldMails};
use crate::plan::{Id, Plan, UnitIx};
use crate::store::{HeldFor, Limit, Store, StoreError};

/// How many messages there may be before the rest is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In one tick of all plans.
    pub a_tick: usize,
    /// In one hour.
    pub an_hour: usize,
    /// To one recipient on one day.
    pub a_recipient_and_day: usize,
}

/// What a tick has used up so far of the limits that all plans share.
#[derive(Debug, Clone, Copy)]
pub(in crate::daemon) struct Allowance {
    limits: Limits,
    /// Messages of this tick.
    tick: usize,
    /// Messages of the last hour, those of this tick among them.
    hour: usize,
}

/// What the limits leave to one plan.
#[derive(Debug)]
pub(in crate::daemon) struct PlanAllowance {
    shared: Allowance,
    /// How many messages each unit has had today.
    today: HashMap<Id, usize>,
    /// The limits about which the owner was asked, and nobody has decided yet.
    asked: BTreeSet<Limit>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { a_tick: 500, an_hour: 1000, a_recipient_and_day: 10 }
    }
}

impl Limits {
    fn of(&self, limit: Limit) -> usize {
        match limit {
            Limit::Tick => self.a_tick,
            Limit::Hour => self.an_hour,
            Limit::Recipient => self.a_recipient_and_day,
        }
    }
}

impl Allowance {
    /// Reads what the last hour has used up.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(in crate::daemon) async fn read(
        store: &Store,
        limits: Limits,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let hour = store.queued_between(now - TimeDelta::hours(1), now).await?;
        Ok(Self { limits, tick: 0, hour })
    }

    /// Counts messages that were let through.
    pub(in crate::daemon) fn spend(&mut self, messages: usize) {
        self.tick += messages;
        self.hour += messages;
    }

    /// Reads what is left to one plan.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(in crate::daemon) async fn of_plan(
        self,
        store: &Store,
        plan: &Plan,
        now: DateTime<Utc>,
    ) -> Result<PlanAllowance, StoreError> {
        let today = now.with_timezone(&plan.zone).date_naive();
        let midnight = instant(plan.zone, today.and_time(NaiveTime::MIN));
        let held = store.held_for(&plan.id).await?;
        Ok(PlanAllowance {
            shared: self,
            today: store.queued_by_recipient(&plan.id, midnight, now).await?,
            asked: held
                .into_iter()
                .filter_map(|why| match why {
                    HeldFor::Limit(limit) => Some(limit),
                    HeldFor::Change(_) => None,
                })
                .collect(),
        })
    }
}

impl PlanAllowance {
    /// Returns which of the recipients, each of whom would get one message, lie beyond a limit, by limit.
    ///
    /// The owner is one recipient and hears what goes wrong, so only the limit of recipients counts for it.
    pub(super) fn beyond(
        &self,
        plan: &Plan,
        recipients: &[UnitIx],
    ) -> BTreeMap<Limit, BTreeSet<UnitIx>> {
        let Allowance { limits, mut tick, mut hour } = self.shared;
        let mut beyond: BTreeMap<Limit, BTreeSet<UnitIx>> = BTreeMap::new();
        for &to in recipients {
            let today = self.today.get(&plan.unit(to).id).copied().unwrap_or_default();
            let is_owner = plan.owner == Some(to);
            let limit = if today >= limits.a_recipient_and_day {
                Limit::Recipient
            } else if tick >= limits.a_tick && !is_owner {
                Limit::Tick
            } else if hour >= limits.an_hour && !is_owner {
                Limit::Hour
            } else {
                tick += 1;
                hour += 1;
                continue;
            };
            beyond.entry(limit).or_default().insert(to);
        }
        beyond
    }

    /// Asks the plan's owner what is to become of `messages`; once, until somebody has decided.
    pub(super) fn ask(
        &self,
        limit: Limit,
        plan: &Plan,
        messages: &[Message],
        now: DateTime<Utc>,
    ) -> Option<(String, FaultItem)> {
        if self.asked.contains(&limit) {
            return None;
        }
        let most = mails(self.shared.limits.of(limit));
        let so_many = match limit {
            Limit::Tick => format!("{most} at a time"),
            Limit::Hour => format!("{most} in an hour"),
            Limit::Recipient => format!("{most} to one recipient on one day"),
        };
        let why = format!(
            "No more than {so_many} may go out ({limit} in [brake] of frist.toml). A rule may say more than it should; or \
             the plan is large, and the limit should be higher."
        );
        let meanwhile = "Until then they wait, and so does what comes beyond this limit meanwhile: you are not asked again \
                         before you have decided. `frist status` counts them. Everything else is sent as usual.";
        let message = question(plan, messages, &why, &format!("--limit {limit}"), meanwhile);
        let key = format!("held for limit {limit} at {}", now.timestamp_millis());
        let held = Some(HeldMails { count: messages.len(), by: HeldBy::Limit });
        Some((key, FaultItem { what: format!("limit {limit}"), held, message }))
    }
}
