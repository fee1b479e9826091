//! What became of the messages of one round, and what the log says about it: no address and no subject.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::Id;
use crate::store::{Attempt, Settled, Settlement};

/// What became of the messages of one round.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How many were sent.
    pub(crate) sent: usize,
    /// How many will be tried again, and why.
    pub(crate) again: BTreeMap<String, usize>,
    /// Those that were given up.
    pub(crate) gave_up: Vec<Lost>,
    /// How many were answered when they belonged to another instance already.
    pub(crate) too_late: usize,
}

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lost {
    /// The recipient's unit.
    pub(crate) to: Id,
    /// What the server said.
    pub(crate) why: String,
}

impl Outcome {
    /// Adds what the ledger made of one settlement.
    pub(super) fn add(&mut self, attempt: &Attempt, settled: Settled) {
        let message = attempt.message();
        match (settled, attempt.settlement()) {
            (Settled::TooLate, _) => self.too_late += 1,
            (Settled::Applied, Settlement::Sent { .. }) => self.sent += 1,
            (
                Settled::Applied,
                Settlement::Again { why, .. } | Settlement::Uncertain { why, .. },
            ) => {
                *self.again.entry(without_addresses(why)).or_default() += 1;
            }
            (Settled::Applied, Settlement::GaveUp { why }) => {
                self.gave_up.push(Lost { to: message.to.clone(), why: why.clone() });
            }
        }
    }

    /// Tells whether any message was tried.
    pub(super) fn has_tried(&self) -> bool {
        *self != Self::default()
    }

    /// Returns why messages were not sent.
    pub(super) fn reasons(&self) -> BTreeSet<String> {
        self.again.keys().cloned().collect()
    }

    /// Writes what happened into the log; reasons that are `told` already are for those who look closer.
    pub(super) fn log(&self, told: &BTreeSet<String>) {
        if self.sent > 0 {
            tracing::info!(messages = self.sent, "sent");
        }
        for (why, messages) in &self.again {
            if told.contains(why) {
                tracing::debug!(messages, %why, "not sent, to be tried again");
            } else {
                tracing::warn!(messages, %why, "not sent, to be tried again");
            }
        }
        for lost in &self.gave_up {
            let why = code(&lost.why);
            tracing::error!(to = &*lost.to, %why, "given up");
        }
        if self.too_late > 0 {
            let messages = self.too_late;
            tracing::warn!(messages, "settled already, or taken over by another instance");
        }
    }
}

/// Returns where the server refused, and its codes: its words may repeat what the mail says.
fn code(said: &str) -> String {
    let (stage, words) = said.split_once(": ").unwrap_or((said, ""));
    let is_code = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let codes: Vec<_> = words.split(' ').take_while(is_code).collect();
    if codes.is_empty() { stage.to_owned() } else { format!("{stage}: {}", codes.join(" ")) }
}

/// Returns what a server said without the addresses in it.
fn without_addresses(said: &str) -> String {
    let words = said.split(' ').map(|word| if word.contains('@') { "<…>" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_refusal_the_log_has_the_codes() {
        assert_eq!(code("RCPT TO: 550 5.1.1 <office@example.org>: no"), "RCPT TO: 550 5.1.1");
        assert_eq!(code("RCPT TO: 550 nobody here"), "RCPT TO: 550");
    }

    #[test]
    fn the_log_says_why_and_not_to_whom() {
        assert_eq!(
            without_addresses("RCPT TO: 550 5.1.1 <office@example.org>: no such user here"),
            "RCPT TO: 550 5.1.1 <…> no such user here"
        );
    }
}
