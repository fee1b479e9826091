//! Reading which messages wait to be sent, and which addresses take none.
//! Moving messages through their states is in `outbox`.

use std::collections::{BTreeMap, HashMap};

use super::OPEN;
use crate::store::database::{Row, Transaction, values};
use crate::store::words::{self, known};
use crate::store::{MessageState, Refused, Store, StoreError, Waiting};

impl Store {
    /// Reads the messages that are on their way, oldest first; those that are held are not.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = format!(
            "SELECT plan, recipient, deadlines, coalesce(next_attempt, released_at, queued_at), state
             FROM messages WHERE {OPEN} ORDER BY id"
        );
        let mut reader = self.database.read().await?;
        let rows = reader.rows(&sql, &[]).await.map_err(trouble)?;
        rows.iter().map(read_waiting).collect::<sqlx::Result<_>>().map_err(trouble)
    }

    /// Reads the addresses to which the newest message was given up, by plan and recipient.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn refused(&self) -> Result<Vec<Refused>, StoreError> {
        let mut reader = self.database.read().await?;
        read_refused(&mut reader).await.map_err(|source| self.database.trouble(source))
    }

    /// Returns how many messages were sent.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn count_sent(&self) -> Result<u32, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = "SELECT count(*) FROM messages WHERE state = 'sent'";
        let mut reader = self.database.read().await?;
        reader.only(sql, &[]).await.and_then(|row| row.count(0)).map_err(trouble)
    }
}

fn read_waiting(row: &Row) -> sqlx::Result<Waiting> {
    let (deadlines, state): (&str, &str) = (row.get(2)?, row.get(4)?);
    Ok(Waiting {
        plan: row.get::<&str>(0)?.into(),
        to: row.get::<&str>(1)?.into(),
        deadlines: deadlines.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        at: words::instant(row.get(3)?)?,
        state: known(MessageState::from_word(state), "state of a message", state)?,
    })
}

async fn read_refused(reader: &mut Transaction) -> sqlx::Result<Vec<Refused>> {
    let given_up = "SELECT plan, recipient, address, settled_at, said FROM messages
                    WHERE state = 'gave_up' ORDER BY settled_at, id";
    let mut refused = BTreeMap::new();
    for row in reader.rows(given_up, &[]).await? {
        let one = Refused {
            plan: row.get::<&str>(0)?.into(),
            to: row.get::<&str>(1)?.into(),
            address: row.get(2)?,
            at: words::instant(row.get(3)?)?,
            said: row.get(4)?,
        };
        refused.insert((one.plan.clone(), one.to.clone(), one.address.clone()), one);
    }
    let Some(first) = refused.values().map(|one| one.at).min() else { return Ok(Vec::new()) };
    // What has got through since shows that the address takes mail again.
    let taken = "SELECT address, max(settled_at) FROM messages
                 WHERE state = 'sent' AND settled_at >= $1 GROUP BY address";
    let taken = reader
        .rows(taken, &values![first])
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, words::instant(row.get(1)?)?)))
        .collect::<sqlx::Result<HashMap<String, _>>>()?;
    refused.retain(|_, one| taken.get(&one.address).is_none_or(|at| *at < one.at));
    Ok(refused.into_values().collect())
}
