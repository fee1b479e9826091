//! Sending what lies in the outbox: claim, send outside any transaction, settle.
//! How a message leaves the house is in `mail::transport`; the states of a message are in `store`.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio::task::JoinSet;

use super::backoff::{KEEP, next_attempt};
use crate::clock::Clock;
use crate::mail::{Delivery, Transport};
use crate::plan::Id;
use crate::store::{Claimed, Settlement, Store, StoreError};

/// For how long a claimed message belongs to its instance: the longest wait for a server's answer, and some.
const LEASE: TimeDelta = TimeDelta::minutes(15);

/// Sends messages for one instance of the daemon.
#[derive(Debug)]
pub(super) struct Postman {
    transport: Arc<Transport>,
    clock: Clock,
    zone: Tz,
    /// Under which name messages are claimed.
    instance: String,
    /// How many messages are under way at once.
    at_once: usize,
}

/// What became of the messages of one round.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// How many were sent.
    pub(super) sent: usize,
    /// How many will be tried again.
    pub(super) again: usize,
    /// Those that were given up.
    pub(super) gave_up: Vec<Lost>,
}

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lost {
    /// The plan's id.
    pub(super) plan: Id,
    /// The recipient's unit.
    pub(super) to: Id,
    /// The address that it was sent to.
    pub(super) address: String,
    /// What the server said.
    pub(super) why: String,
}

impl Outcome {
    /// Writes what happened into the log; addresses and subjects stay out of it.
    pub(super) fn log(&self) {
        if self.sent > 0 {
            tracing::info!(messages = self.sent, "sent");
        }
        if self.again > 0 {
            tracing::warn!(messages = self.again, "not sent, to be tried again");
        }
        for lost in &self.gave_up {
            tracing::error!(to = &*lost.to, "given up");
        }
    }
}

impl Postman {
    /// Makes a postman that sends up to `at_once` messages side by side; `Date` headers are in `zone`.
    pub(super) fn new(
        transport: Transport,
        clock: Clock,
        zone: Tz,
        instance: String,
        at_once: usize,
    ) -> Self {
        Self { transport: Arc::new(transport), clock, zone, instance, at_once: at_once.max(1) }
    }

    /// Sends every message whose time has come.
    ///
    /// # Errors
    /// If the ledger fails. A message that was taken but could not be settled keeps its lease, and is repeated with the
    /// same Message-ID when that ends.
    pub(super) async fn deliver(&self, store: &Store) -> Result<Outcome, StoreError> {
        let mut outcome = Outcome::default();
        loop {
            let now = self.clock.now();
            let limit = u32::try_from(self.at_once * 8).unwrap_or(u32::MAX);
            let claimed = store.claim(&self.instance, now, now + LEASE, limit).await?;
            if claimed.is_empty() {
                return Ok(outcome);
            }
            self.send(store, claimed, &mut outcome).await?;
        }
    }

    /// Starts as many deliveries as may be under way.
    fn start(
        &self,
        waiting: &mut impl Iterator<Item = Claimed>,
        under_way: &mut JoinSet<(Claimed, Delivery)>,
    ) {
        while under_way.len() < self.at_once
            && let Some(claimed) = waiting.next()
        {
            let transport = self.transport.clone();
            let date = self.clock.now().with_timezone(&self.zone).fixed_offset();
            under_way.spawn(async move {
                let delivery = transport.deliver(&claimed.message, date).await;
                (claimed, delivery)
            });
        }
    }

    /// For how long a message is tried. A folder is our own: a full disk must lose nothing, however long it stays full.
    fn keep(&self) -> Option<TimeDelta> {
        match *self.transport {
            Transport::Folder(_) => None,
            Transport::Smtp(_) | Transport::Memory(_) => Some(KEEP),
        }
    }

    /// Sends by another way from now on, when nothing is under way.
    pub(super) async fn replace(&mut self, transport: Transport, at_once: usize) {
        self.close().await;
        (self.transport, self.at_once) = (Arc::new(transport), at_once.max(1));
    }

    /// Takes leave of the mail server.
    pub(super) async fn close(&self) {
        self.transport.close().await;
    }

    async fn send(
        &self,
        store: &Store,
        claimed: Vec<Claimed>,
        outcome: &mut Outcome,
    ) -> Result<(), StoreError> {
        let mut waiting = claimed.into_iter();
        let mut under_way = JoinSet::new();
        loop {
            self.start(&mut waiting, &mut under_way);
            let Some(first) = under_way.join_next().await else { return Ok(()) };
            // What has been answered meanwhile is settled in the same transaction.
            let mut answered = vec![first];
            while let Some(next) = under_way.try_join_next() {
                answered.push(next);
            }
            // The next ones are on their way while these are written down.
            self.start(&mut waiting, &mut under_way);
            let now = self.clock.now();
            let settled: Vec<_> = answered
                .into_iter()
                .map(|task| task.expect("delivering does not panic"))
                .map(|(claimed, delivery)| {
                    let settlement = settlement(&claimed, delivery, now, self.keep(), outcome);
                    claimed.ended(settlement)
                })
                .collect();
            store.settle_many(&settled, now).await?;
        }
    }
}

fn settlement(
    claimed: &Claimed,
    delivery: Delivery,
    now: DateTime<Utc>,
    keep: Option<TimeDelta>,
    outcome: &mut Outcome,
) -> Settlement {
    let gave_up = |outcome: &mut Outcome, why: String| {
        let message = &claimed.message;
        outcome.gave_up.push(Lost {
            plan: message.plan.clone(),
            to: message.to.clone(),
            address: message.address.clone(),
            why: why.clone(),
        });
        Settlement::GaveUp { why }
    };
    match delivery {
        Delivery::Sent(reply) => {
            outcome.sent += 1;
            Settlement::Sent { reply }
        }
        Delivery::GiveUp(why) => gave_up(outcome, why),
        Delivery::Again(why) => {
            match next_attempt(
                &claimed.message.message_id,
                claimed.attempts + 1,
                claimed.queued_at,
                now,
                keep,
            ) {
                Some(at) => {
                    outcome.again += 1;
                    Settlement::Again { next_attempt: at, why }
                }
                None => gave_up(outcome, why),
            }
        }
    }
}
