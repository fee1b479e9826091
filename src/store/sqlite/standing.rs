//! Numbers about the outbox in SQLite.
//! What they are for is in `store::standing`.

use chrono::{DateTime, Utc};

use super::SqliteLedger;
use crate::plan::Id;
use crate::store::words::{instant, known};
use crate::store::{Account, MessageState, Outbox, StoreError};

impl SqliteLedger {
    /// Counts what is not settled. Each part is written as the condition of an index, so that only that is read.
    pub(in crate::store) async fn outbox(&self) -> Result<Outbox, StoreError> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT state, count(*), min(coalesce(released_at, queued_at)) FROM messages
             WHERE state IN ('queued', 'sending', 'retrying') GROUP BY state
             UNION ALL
             SELECT state, count(*), min(queued_at) FROM messages
             WHERE state IN ('held', 'dropped') GROUP BY state",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(|source| self.trouble(source))?;
        let mut outbox = Outbox::default();
        for (word, count, oldest) in rows {
            let state = known(MessageState::from_word(&word), "state of a message", &word);
            let state = state.map_err(|source| self.trouble(source))?;
            if state == MessageState::Dropped {
                continue;
            }
            outbox.depth.insert(state, usize::try_from(count).unwrap_or_default());
            if state != MessageState::Held {
                let oldest = instant(oldest).map_err(|source| self.trouble(source))?;
                outbox.oldest = outbox.oldest.into_iter().chain([oldest]).min();
            }
        }
        Ok(outbox)
    }

    /// Counts what became of the messages of `plan` from `from` until `until`, and what waits now.
    pub(in crate::store) async fn account(
        &self,
        plan: &Id,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Account, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT state, recipient FROM messages
             WHERE plan = ? AND (state IN ('queued', 'sending', 'retrying', 'held')
                 OR state IN ('sent', 'gave_up') AND settled_at >= ? AND settled_at < ?)
             ORDER BY id",
        )
        .bind(&**plan)
        .bind(from.timestamp_millis())
        .bind(until.timestamp_millis())
        .fetch_all(&self.readers)
        .await
        .map_err(|source| self.trouble(source))?;
        let mut account = Account::default();
        for (word, recipient) in rows {
            match MessageState::from_word(&word) {
                Some(MessageState::Sent) => account.sent += 1,
                Some(MessageState::GaveUp) => account.gave_up.push(recipient.into()),
                Some(MessageState::Held) => account.held += 1,
                _ => account.waiting += 1,
            }
        }
        Ok(account)
    }
}
