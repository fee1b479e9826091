//! What does not get through to the mail server, and why: said beside what `status` and `log` answer.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, talk};
use crate::store::{Fate, LogEntry, MessageState, Store};

/// Says how many messages wait for another attempt, if there are any.
pub(super) async fn remind(store: &Store) -> Answer<()> {
    // Reading the whole log is worth it only if something lies in the outbox.
    if store.next_attempt().await?.is_some() {
        tell(store, &store.log(None).await?).await?;
    }
    Ok(())
}

/// Says how many messages wait for another attempt, by what came of the last one as the log has it.
pub(super) async fn tell(store: &Store, entries: &[LogEntry]) -> Answer<()> {
    let mut waiting: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in entries {
        let is_waiting = matches!(entry.fate, Fate::Told(state) if was_tried(state));
        if is_waiting && let (Some(said), Some(id)) = (&entry.said, &entry.message_id) {
            waiting.entry(said).or_default().insert(id);
        }
    }
    let in_log = waiting.values().map(BTreeSet::len).sum();
    for (said, messages) in waiting {
        let waits = match messages.len() {
            1 => "1 message waits".to_owned(),
            many => format!("{many} messages wait"),
        };
        talk(&format!("{waits} for another attempt: {said}"));
    }
    // A weekly report or a question of the brake is about no deadline, so no line of the log is about it.
    let tried = store.waiting().await?.iter().filter(|message| was_tried(message.state)).count();
    match tried.saturating_sub(in_log) {
        0 => {}
        1 => talk("1 message more waits, about no deadline."),
        more => talk(&format!("{more} messages more wait, about no deadline.")),
    }
    Ok(())
}

/// Tells whether a message in this state waits for another attempt.
fn was_tried(state: MessageState) -> bool {
    matches!(state, MessageState::Retrying | MessageState::Uncertain)
}
