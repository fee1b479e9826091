//! The messages that this instance has claimed and not settled: some wait for a worker, some are under way.
//! Claiming and settling them is in `delivery`.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::store::{Claimed, OutboxId};

/// What is claimed and not settled, shared by all workers.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// Tells workers that there is something to take.
    news: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Nobody has begun these; the oldest first.
    waiting: VecDeque<Claimed>,
    /// A worker is about these.
    under_way: BTreeSet<OutboxId>,
    /// When the first of the leases ends.
    lease_until: DateTime<Utc>,
    /// Whether the ledger had no more to claim the last time.
    exhausted: bool,
}

impl Queue {
    /// Waits for a message that may be begun.
    ///
    /// A lease that has ended, since the machine slept or the clock was set, begins nothing: once it is renewed, it
    /// shows what is still ours.
    pub(super) async fn next(&self, clock: &Clock) -> Claimed {
        loop {
            // Made before the look, so that no news in between is missed.
            let news = self.news.notified();
            if let Some(claimed) = self.take(clock.now()) {
                return claimed;
            }
            news.await;
        }
    }

    fn take(&self, now: DateTime<Utc>) -> Option<Claimed> {
        let mut state = self.state();
        if state.lease_until <= now {
            return None;
        }
        let claimed = state.waiting.pop_front()?;
        state.under_way.insert(claimed.id);
        Some(claimed)
    }

    /// Adds what has been claimed until `lease_until`. What is here already was claimed again after its lease had ended, since
    /// the machine slept or the clock was set; it is not to be sent again.
    pub(super) fn add(&self, claimed: Vec<Claimed>, lease_until: DateTime<Utc>) {
        let mut state = self.state();
        if state.is_idle() {
            state.lease_until = lease_until;
        }
        state.exhausted = claimed.is_empty();
        let known: BTreeSet<OutboxId> = state.ids().collect();
        state.waiting.extend(claimed.into_iter().filter(|claimed| !known.contains(&claimed.id)));
        drop(state);
        self.news.notify_waiters();
    }

    /// Forgets what waits and is not `held` any more; all else belongs to this instance until `lease_until`.
    pub(super) fn renewed(&self, held: &[OutboxId], lease_until: DateTime<Utc>) {
        let held: BTreeSet<_> = held.iter().collect();
        let mut state = self.state();
        state.waiting.retain(|claimed| held.contains(&claimed.id));
        state.lease_until = lease_until;
        drop(state);
        self.news.notify_waiters();
    }

    /// Takes away what waits, and returns what that was.
    pub(super) fn drain(&self) -> Vec<Claimed> {
        self.state().waiting.drain(..).collect()
    }

    /// Notes that these are under way no more.
    pub(super) fn answered(&self, ids: impl Iterator<Item = OutboxId>) {
        let mut state = self.state();
        for id in ids {
            state.under_way.remove(&id);
        }
    }

    /// Tells whether more should be claimed: fewer than `low` wait, and the ledger may have more.
    pub(super) fn wants_more(&self, low: usize) -> bool {
        let state = self.state();
        state.is_idle() || !state.exhausted && state.waiting.len() < low
    }

    /// Tells whether everything is settled.
    pub(super) fn is_idle(&self) -> bool {
        self.state().is_idle()
    }

    /// Returns how many messages are not settled.
    pub(super) fn len(&self) -> usize {
        let state = self.state();
        state.waiting.len() + state.under_way.len()
    }

    /// Returns all messages that are not settled.
    pub(super) fn ids(&self) -> Vec<OutboxId> {
        self.state().ids().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs while the state is locked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn ids(&self) -> impl Iterator<Item = OutboxId> {
        let waiting = self.waiting.iter().map(|claimed| claimed.id);
        waiting.chain(self.under_way.iter().copied())
    }

    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.under_way.is_empty()
    }
}
