//! What a daemon has done so far, for those who started it; each round is also told in the log.
//! What others see while it runs is in `pulse`.

use std::collections::BTreeMap;

use super::discreet::discreet;
use super::round::Round;
use crate::notice::Kind;

/// What a daemon has done so far.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Messages put into the outbox.
    pub messages: usize,
    /// Those of them that the brake holds.
    pub held: usize,
    /// Messages sent.
    pub sent: usize,
    /// Messages given up.
    pub gave_up: usize,
    /// Messages that are to be tried again.
    pub retrying: usize,
    /// Notices by kind and by what became of them when they were decided: `told`, `superseded`, `not_sent`.
    pub notices: BTreeMap<(Kind, &'static str), usize>,
    /// The faults that were found, in words.
    pub faults: Vec<String>,
}

impl Summary {
    /// Adds what a round did, and tells it.
    pub(super) fn add(&mut self, round: &Round) {
        self.messages += round.messages;
        self.held += round.held;
        for (of, count) in &round.notices {
            *self.notices.entry(*of).or_default() += count;
        }
        for fault in &round.faults {
            tracing::warn!(fault = discreet(fault), "told to the owner");
        }
        self.faults.extend(round.faults.iter().cloned());
        if round.messages > 0 {
            tracing::info!(messages = round.messages, "decided");
        }
        if round.held > 0 {
            tracing::warn!(messages = round.held, "held by the brake");
        }
    }
}
