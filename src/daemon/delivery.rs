//! Sending what lies in the outbox: claim, send outside any transaction, settle as soon as it is answered.
//! How a message leaves the house is in `mail::transport`; the states of a message are in `store`.

mod outcome;
mod queue;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at};

use super::backoff::{KEEP, next_attempt};
use crate::clock::Clock;
use crate::fault::{self, Place};
use crate::instance::Instance;
use crate::mail::{Delivery, Taken, Transport};
use crate::pulse::Heart;
use crate::receipts::Receipts;
use crate::store::{Attempt, Claimed, Settled, Settlement, Store, StoreError};

pub(super) use outcome::Outcome;
use queue::Queue;

/// For how long a claimed message belongs to its instance unless that renews it: so long it waits if the instance dies.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// So often leases are renewed at least, which shows that the ledger takes what is written.
const SIGN: Duration = Duration::from_secs(20);
/// How many messages are claimed ahead of those that are under way.
const AHEAD: usize = 128;

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
    lease: TimeDelta,
    /// Says that nothing more is to be begun.
    stop: watch::Sender<bool>,
    /// What has been answered and is not in the ledger yet; not empty between two rounds only if the ledger failed.
    answered: Vec<Attempt>,
    /// What was claimed and not begun, to be written down in the same way.
    given_back: Vec<Attempt>,
    /// Whether the last round came to its end, so that nothing is claimed any more.
    tidy: bool,
    /// Why messages were not sent the last time, as the log has it.
    told: BTreeSet<String>,
    heart: Heart,
    /// Where it is noted what was sent, until the ledger has it; `None` if the ledger does not last.
    receipts: Option<Arc<Receipts>>,
}

impl Postman {
    /// Makes a postman that sends up to `at_once` messages side by side; `Date` headers are in `zone`.
    pub(super) fn new(
        transport: Transport,
        clock: Clock,
        zone: Tz,
        instance: String,
        at_once: usize,
        heart: Heart,
        receipts: Option<Arc<Receipts>>,
    ) -> Self {
        Self {
            transport: Arc::new(transport),
            clock,
            zone,
            instance,
            at_once: at_once.max(1),
            lease: LEASE,
            stop: watch::Sender::new(false),
            answered: Vec::new(),
            given_back: Vec::new(),
            tidy: true,
            told: BTreeSet::new(),
            heart,
            receipts,
        }
    }

    /// Returns what stops it: once that says so, no message is begun, and those under way are seen to their end.
    pub(super) fn stop(&self) -> watch::Sender<bool> {
        self.stop.clone()
    }

    /// Takes leave of the mail server.
    pub(super) async fn close(&self) {
        self.transport.close().await;
        if let Some(receipts) = &self.receipts {
            receipts.close();
        }
    }

    /// Sends every message whose time has come, as long as `instance` may; adds what became of them to `outcome`.
    ///
    /// Workers take messages from a queue and never wait for the ledger. Whatever they have answered since the last
    /// commit is settled in the next one; meanwhile the next answers come in.
    ///
    /// # Errors
    /// If the ledger fails. Then nothing more is begun; what is under way is seen to its end, and what was answered is
    /// settled before anything else in the next round.
    pub(super) async fn deliver(
        &mut self,
        store: &Store,
        instance: Option<&Instance>,
        outcome: &mut Outcome,
    ) -> Result<(), StoreError> {
        let queue = Arc::new(Queue::default());
        self.settle(store, &queue, outcome).await?;
        self.adopt(store).await?;
        if !self.tidy {
            // The last round was broken off, perhaps while it was claiming: whatever is still ours, nobody is sending.
            store.give_back(&self.instance, self.clock.now()).await?;
        }
        self.tidy = false;
        let (answer, mut answers) = mpsc::unbounded_channel();
        // Dropped with this round, and the workers with it.
        let mut workers = JoinSet::new();
        let often = (self.lease.to_std().unwrap_or(Duration::MAX) / 3).min(SIGN);
        let mut renewal = interval_at(Instant::now() + often, often);
        let mut stop = self.stop.subscribe();
        let mut stopped = *stop.borrow();
        let mut disarmed = false;
        let mut failure = None;
        loop {
            if stopped || disarmed {
                let why = if stopped { "the daemon was told to stop" } else { "disarmed" };
                self.give_back(&queue, why);
                // At once, not with the answers that are still to come: another instance may be waiting.
                failure = failure.or(self.settle(store, &queue, outcome).await.err());
            } else if failure.is_some() {
                self.give_back(&queue, "the ledger failed");
            } else {
                failure = self.claim(store, &queue).await.err();
            }
            if queue.is_idle() {
                break;
            }
            while workers.len() < self.at_once.min(queue.len()) {
                workers.spawn(self.worker(&queue, answer.clone()));
            }
            tokio::select! {
                // In this order: answers may come without end, and neither of the first two.
                biased;
                _ = stop.wait_for(|stop| *stop), if !stopped => {
                    stopped = true;
                    self.transport.stop();
                }
                _ = renewal.tick() => {
                    failure = failure.or(self.renew(store, &queue).await.err());
                    failure = failure.or(self.adopt(store).await.err());
                    if let Some(instance) = instance {
                        // A ledger that fails says so elsewhere.
                        disarmed = matches!(instance.why_disarmed(store).await, Ok(Some(_)));
                    }
                }
                _ = answers.recv_many(&mut self.answered, AHEAD) => {
                    failure = failure.or(self.settle(store, &queue, outcome).await.err());
                }
                Some(ended) = workers.join_next() => ended.expect("delivering does not panic"),
            }
        }
        let settled = self.settle(store, &queue, outcome).await;
        let failure = failure.or(settled.err());
        self.tidy = failure.is_none();
        failure.map_or(Ok(()), Err)
    }

    /// Makes a worker: takes one message after the other from the queue, tries to send it, and tells what came of it.
    fn worker(
        &self,
        queue: &Arc<Queue>,
        answer: mpsc::UnboundedSender<Attempt>,
    ) -> impl Future<Output = ()> + use<> {
        let (queue, transport) = (queue.clone(), self.transport.clone());
        let (clock, zone, keep) = (self.clock.clone(), self.zone, self.keep());
        let receipts = self.receipts.clone();
        async move {
            loop {
                let claimed = queue.next(&clock).await;
                let date = clock.now().with_timezone(&zone).fixed_offset();
                let delivery = transport.deliver(&claimed.message, date).await;
                let now = clock.now();
                let settlement = settlement(&claimed, delivery, now, keep);
                let attempt = claimed.ended(settlement);
                if let (Some(receipts), Some(receipt)) = (&receipts, attempt.receipt(now)) {
                    receipts.note(&receipt);
                }
                // Here it can be killed; there is nothing that could fail.
                let _ = fault::pass(Place::Noted);
                if answer.send(attempt).is_err() {
                    return;
                }
            }
        }
    }

    /// Claims the next messages while there is still something in the queue for the workers to do.
    async fn claim(&self, store: &Store, queue: &Queue) -> Result<(), StoreError> {
        if !queue.wants_more(AHEAD / 2) {
            return Ok(());
        }
        let now = self.clock.now();
        let claimed = store.claim(&self.instance, now, now + self.lease, limit(AHEAD)).await?;
        queue.add(claimed, now + self.lease);
        Ok(())
    }

    /// Enters what instances on this machine have sent that died before the ledger had it.
    async fn adopt(&self, store: &Store) -> Result<(), StoreError> {
        if let Some(receipts) = &self.receipts {
            receipts.adopt(store, self.clock.now()).await?;
        }
        Ok(())
    }

    /// Makes the leases last on; what another instance has claimed meanwhile is not begun.
    async fn renew(&self, store: &Store, queue: &Queue) -> Result<(), StoreError> {
        let until = self.clock.now() + self.lease;
        let held = store.renew(&self.instance, &queue.ids(), until).await?;
        queue.renewed(&held, until);
        self.heart.goes_on();
        Ok(())
    }

    /// Gives back what nobody has begun, for another instance or for the next round.
    fn give_back(&mut self, queue: &Queue, why: &str) {
        let next_attempt = self.clock.now();
        self.given_back.extend(
            queue.drain().into_iter().map(|claimed| {
                claimed.ended(Settlement::Again { next_attempt, why: why.to_owned() })
            }),
        );
    }

    /// Writes down all that was answered in one transaction, and what was given back in another.
    async fn settle(
        &mut self,
        store: &Store,
        queue: &Queue,
        outcome: &mut Outcome,
    ) -> Result<(), StoreError> {
        // Whether the ledger takes it now or in the next round, it is under way no more.
        queue.answered(self.answered.iter().map(Attempt::id));
        let now = self.clock.now();
        for (ended, was_begun) in [(&mut self.answered, true), (&mut self.given_back, false)] {
            if ended.is_empty() {
                continue;
            }
            let settled = store.settle_many(ended, now).await?;
            if let Some(receipts) = &self.receipts {
                receipts.settled(ended.iter().map(Attempt::id));
            }
            for (attempt, settled) in ended.drain(..).zip(settled) {
                if was_begun && settled == Settled::Applied {
                    self.heart.delivered(attempt.settlement().state());
                }
                outcome.add(&attempt, settled);
            }
        }
        Ok(())
    }

    /// Sends by another way from now on, when nothing is under way.
    pub(super) async fn replace(&mut self, transport: Transport, at_once: usize) {
        let old = std::mem::replace(&mut self.transport, Arc::new(transport));
        old.close().await;
        self.at_once = at_once.max(1);
    }

    /// Tells whether what is sent leaves the house.
    pub(super) fn reaches_people(&self) -> bool {
        matches!(*self.transport, Transport::Smtp(_))
    }

    /// For how long a message is tried. A folder is our own: a full disk must lose nothing, however long it stays full.
    fn keep(&self) -> Option<TimeDelta> {
        match *self.transport {
            Transport::Folder(_) => None,
            Transport::Smtp(_) | Transport::Memory(_) => Some(KEEP),
        }
    }

    /// Writes what happened into the log; why messages were not sent, only once in a row.
    pub(super) fn log(&mut self, outcome: &Outcome) {
        outcome.log(&self.told);
        if outcome.has_tried() {
            self.told = outcome.reasons();
        }
    }
}

/// Returns what becomes of a message after an attempt that was answered at `now`.
fn settlement(
    claimed: &Claimed,
    delivery: Delivery,
    now: DateTime<Utc>,
    keep: Option<TimeDelta>,
) -> Settlement {
    let (id, attempts) = (&claimed.message.message_id, claimed.attempts + 1);
    let next = || next_attempt(id, attempts, claimed.queued_at, now, keep);
    match delivery {
        Delivery::NotBegun => {
            let why = "not begun, since the program was told to stop".to_owned();
            Settlement::Again { next_attempt: now, why }
        }
        Delivery::Sent(Taken { reply, copy }) => Settlement::Sent { reply, copy },
        Delivery::GiveUp(why) => Settlement::GaveUp { why },
        Delivery::Again(why) => match next() {
            Some(next_attempt) => Settlement::Again { next_attempt, why },
            None => Settlement::GaveUp { why },
        },
        // Whether the server has it, nobody knows; the same mail with the same Message-ID is the safe side.
        Delivery::Uncertain(why) => match next() {
            Some(next_attempt) => Settlement::Uncertain { next_attempt, why },
            None => Settlement::GaveUp { why },
        },
    }
}

fn limit(messages: usize) -> u32 {
    u32::try_from(messages).unwrap_or(u32::MAX)
}
