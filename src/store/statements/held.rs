//! The messages that the brake holds: reading them, releasing them, dropping them; and how many are
//! usual, and were let through.
//! When messages are held is decided in `daemon`.

use std::collections::HashMap;

use super::BRAKED;
use crate::plan::Id;
use crate::store::database::{Row, values};
use crate::store::{Decision, Held, HeldFor, Store, StoreError, words};
use chrono::{DateTime, TimeDelta, Utc};

/// Over how long the usual day is counted.
const USUAL: TimeDelta = TimeDelta::days(90);

/// The columns of a message that is held.
const HELD: &str = "plan, recipient, recipient_name, subject, deadlines, queued_at, change, id";

/// What was let through after the first time and until the second; what somebody has released is that person's matter.
const LET_THROUGH: &str = "queued_at > $1 AND queued_at <= $2 AND state NOT IN ('held', 'dropped') AND released_at IS NULL";

impl Store {
    /// Reads the messages that the brake holds, oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn held(&self) -> Result<Vec<Held>, StoreError> {
        let sql = format!("SELECT {HELD} FROM messages WHERE {BRAKED} AND state = 'held'");
        let mut reader = self.database.read().await?;
        let held = reader.rows(&sql, &[]).await.and_then(|rows| read_all(&rows));
        held.map_err(|source| self.database.trouble(source))
    }

    /// Releases or drops the messages that are held, all or those of one reason; returns which they were.
    ///
    /// # Errors
    /// If the database fails; then all are held as before.
    pub async fn decide_held(
        &self,
        decision: Decision,
        why: Option<&HeldFor>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Held>, StoreError> {
        let set = match decision {
            Decision::Release => "state = 'queued', released_at = $1",
            Decision::Drop => "state = 'dropped', settled_at = $1",
        };
        // What it answers is what it has changed: somebody else may be deciding at the same time.
        let sql = format!(
            "UPDATE messages SET {set} WHERE {BRAKED} AND state = 'held' AND change = coalesce($2, change)
             RETURNING {HELD}"
        );
        let trouble = |source| self.database.trouble(source);
        let mut writer = self.database.write().await?;
        let values = values![now, why.map(HeldFor::word)];
        let rows = writer.rows(&sql, &values).await.map_err(trouble)?;
        let decided = read_all(&rows).map_err(trouble)?;
        writer.commit().await.map_err(trouble)?;
        Ok(decided)
    }

    /// Tells whether messages that were held for `why` have been released.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn is_released(&self, why: &HeldFor) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM messages WHERE change = $1 AND released_at IS NOT NULL LIMIT 1";
        let mut reader = self.database.read().await?;
        let found = reader.first(sql, &values![why.word()]).await;
        Ok(found.map_err(|source| self.database.trouble(source))?.is_some())
    }

    /// Returns what messages of a plan are held for at present.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn held_for(&self, plan: &Id) -> Result<Vec<HeldFor>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = format!(
            "SELECT DISTINCT change FROM messages WHERE {BRAKED} AND state = 'held' AND plan = $1"
        );
        let mut reader = self.database.read().await?;
        let rows = reader.rows(&sql, &values![&**plan]).await.map_err(trouble)?;
        let why = |row: &Row| Ok(HeldFor::from_word(row.get(0)?));
        rows.iter().map(why).collect::<sqlx::Result<_>>().map_err(trouble)
    }

    /// Returns how many messages were let through by nobody's decision after `from`, until `until`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn queued_between(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = format!("SELECT count(*) FROM messages WHERE {LET_THROUGH}");
        let mut reader = self.database.read().await?;
        let row = reader.only(&sql, &values![from, until]).await.map_err(trouble)?;
        row.count(0).map(|count| count as usize).map_err(trouble)
    }

    /// Returns how many of a plan's messages were let through by nobody's decision after `from`, until `until`, by the
    /// recipient's id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn queued_by_recipient(
        &self,
        plan: &Id,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<HashMap<Id, usize>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = format!(
            "SELECT recipient, count(*) FROM messages WHERE {LET_THROUGH} AND plan = $3 GROUP BY recipient"
        );
        let mut reader = self.database.read().await?;
        let rows = reader.rows(&sql, &values![from, until, &**plan]).await.map_err(trouble)?;
        let count = |row: &Row| Ok((row.get::<&str>(0)?.into(), row.count(1)? as usize));
        rows.iter().map(count).collect::<sqlx::Result<_>>().map_err(trouble)
    }

    /// Returns how many messages a day with any had on average in the 90 days before `now`; `None` if there was none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn usual_day(&self, now: DateTime<Utc>) -> Result<Option<f64>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = "SELECT count(*), count(DISTINCT queued_at / 86400000) FROM messages
                   WHERE queued_at > $1 AND queued_at <= $2 AND state NOT IN ('held', 'dropped')";
        let mut reader = self.database.read().await?;
        let row = reader.only(sql, &values![now - USUAL, now]).await.map_err(trouble)?;
        let (messages, days) = (row.count(0).map_err(trouble)?, row.count(1).map_err(trouble)?);
        Ok((days > 0).then(|| f64::from(messages) / f64::from(days)))
    }
}

/// Reads messages, oldest first; the rows come in no promised order.
fn read_all(rows: &[Row]) -> sqlx::Result<Vec<Held>> {
    let mut held = rows
        .iter()
        .map(|row| Ok((row.get::<i64>(7)?, read_one(row)?)))
        .collect::<sqlx::Result<Vec<_>>>()?;
    held.sort_by_key(|(id, _)| *id);
    Ok(held.into_iter().map(|(_, held)| held).collect())
}

fn read_one(row: &Row) -> sqlx::Result<Held> {
    let deadlines: &str = row.get(4)?;
    Ok(Held {
        plan: row.get::<&str>(0)?.into(),
        to: row.get::<&str>(1)?.into(),
        to_name: row.get(2)?,
        subject: row.get(3)?,
        deadlines: deadlines.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        at: words::instant(row.get(5)?)?,
        why: HeldFor::from_word(row.get(6)?),
    })
}
