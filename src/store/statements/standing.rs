//! Numbers about the outbox.
//! What they are for is said in `store::standing`.

use chrono::{DateTime, Utc};

use super::{BRAKED, OPEN};
use crate::plan::Id;
use crate::store::database::{Transaction, values};
use crate::store::words::{instant, known};
use crate::store::{Account, MessageState, Outbox, Store, StoreError};

impl Store {
    /// Counts the messages that are not settled.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn outbox(&self) -> Result<Outbox, StoreError> {
        let mut reader = self.database.read().await?;
        read_outbox(&mut reader).await.map_err(|source| self.database.trouble(source))
    }

    /// Counts what became of the messages of `plan` from `from` (included) until `until` (excluded), and what waits now.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn account(
        &self,
        plan: &Id,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Account, StoreError> {
        let mut reader = self.database.read().await?;
        let account = read_account(&mut reader, plan, from, until).await;
        account.map_err(|source| self.database.trouble(source))
    }
}

async fn read_outbox(reader: &mut Transaction) -> sqlx::Result<Outbox> {
    let sql = format!(
        "SELECT state, count(*), min(coalesce(released_at, queued_at)) FROM messages WHERE {OPEN} GROUP BY state
         UNION ALL
         SELECT state, count(*), min(queued_at) FROM messages WHERE {BRAKED} GROUP BY state"
    );
    let mut outbox = Outbox::default();
    for row in reader.rows(&sql, &[]).await? {
        let state = state(row.get(0)?)?;
        if state == MessageState::Dropped {
            continue;
        }
        outbox.depth.insert(state, row.count(1)?);
        if state != MessageState::Held {
            let oldest = instant(row.get(2)?)?;
            outbox.oldest = outbox.oldest.into_iter().chain([oldest]).min();
        }
    }
    Ok(outbox)
}

async fn read_account(
    reader: &mut Transaction,
    plan: &Id,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> sqlx::Result<Account> {
    let sql = format!(
        "SELECT state, recipient, id FROM messages WHERE {OPEN} AND plan = $1
         UNION ALL
         SELECT state, recipient, id FROM messages WHERE {BRAKED} AND state = 'held' AND plan = $1
         UNION ALL
         SELECT state, recipient, id FROM messages
         WHERE settled_at >= $2 AND settled_at < $3 AND state IN ('sent', 'gave_up') AND plan = $1
         ORDER BY id"
    );
    let mut account = Account::default();
    for row in reader.rows(&sql, &values![&**plan, from, until]).await? {
        match state(row.get(0)?)? {
            MessageState::Sent => account.sent += 1,
            MessageState::GaveUp => account.gave_up.push(row.get::<&str>(1)?.into()),
            MessageState::Held => account.held += 1,
            _ => account.waiting += 1,
        }
    }
    Ok(account)
}

fn state(word: &str) -> sqlx::Result<MessageState> {
    known(MessageState::from_word(word), "state of a message", word)
}
