//! What does not get through to the mail server, and why: said beside what `status` and `log` answer.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, talk};
use crate::store::{Fate, LogEntry, MessageState, Store};

/// Says how many messages wait for another attempt, if there are any.
pub(super) async fn remind(store: &Store) -> Answer<()> {
    // Reading the whole log is worth it only if something lies in the outbox.
    if store.next_attempt().await?.is_some() {
        tell(&store.log(None).await?);
    }
    Ok(())
}

/// Says how many messages of the log wait for another attempt, by what came of the last one.
pub(super) fn tell(entries: &[LogEntry]) {
    let mut waiting: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in entries {
        if entry.fate == Fate::Told(MessageState::Retrying)
            && let (Some(said), Some(id)) = (&entry.said, &entry.message_id)
        {
            waiting.entry(said).or_default().insert(id);
        }
    }
    for (said, messages) in waiting {
        let waits = match messages.len() {
            1 => "1 message waits".to_owned(),
            many => format!("{many} messages wait"),
        };
        talk(&format!("{waits} for another attempt: {said}"));
    }
}
