//! The messages that the brake holds: reading them, releasing them, dropping them; and how many are usual.
//! When messages are held is decided in `daemon`.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::SqliteLedger;
use crate::store::{Decision, Held, StoreError, words};

/// Over how long the usual day is counted.
const USUAL: TimeDelta = TimeDelta::days(90);

impl SqliteLedger {
    /// Reads the messages that are held.
    pub(in crate::store) async fn held(&self) -> Result<Vec<Held>, StoreError> {
        let mut reader = self.read().await?;
        read_held(&mut reader, None).await.map_err(|source| self.trouble(source))
    }

    /// Releases or drops held messages and returns them.
    pub(in crate::store) async fn decide_held(
        &self,
        decision: Decision,
        change: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Held>, StoreError> {
        let sql = match decision {
            Decision::Release => {
                "UPDATE messages SET state = 'queued', released_at = ?1
                 WHERE state = 'held' AND change = coalesce(?2, change)"
            }
            Decision::Drop => {
                "UPDATE messages SET state = 'dropped', settled_at = ?1
                 WHERE state = 'held' AND change = coalesce(?2, change)"
            }
        };
        let mut writer = self.write().await?;
        let held = read_held(&mut writer, change).await.map_err(|source| self.trouble(source))?;
        sqlx::query(sql)
            .bind(now.timestamp_millis())
            .bind(change)
            .execute(&mut *writer)
            .await
            .map_err(|source| self.trouble(source))?;
        writer.commit().await.map_err(|source| self.trouble(source))?;
        Ok(held)
    }

    /// Tells whether messages of a change were released.
    pub(in crate::store) async fn is_released(&self, change: &str) -> Result<bool, StoreError> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM messages WHERE change = ? AND released_at IS NOT NULL)",
        )
        .bind(change)
        .fetch_one(&self.readers)
        .await
        .map_err(|source| self.trouble(source))
    }

    /// Counts messages and the days that have any.
    pub(in crate::store) async fn usual_day(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<f64>, StoreError> {
        let queued: Vec<i64> = sqlx::query_scalar(
            "SELECT queued_at FROM messages
             WHERE queued_at > ?1 AND queued_at <= ?2 AND state NOT IN ('held', 'dropped')",
        )
        .bind((now - USUAL).timestamp_millis())
        .bind(now.timestamp_millis())
        .fetch_all(&self.readers)
        .await
        .map_err(|source| self.trouble(source))?;
        let mut days: BTreeMap<i64, u32> = BTreeMap::new();
        for at in queued {
            *days.entry(at.div_euclid(TimeDelta::days(1).num_milliseconds())).or_default() += 1;
        }
        let count = u32::try_from(days.len()).unwrap_or(u32::MAX);
        Ok((count > 0).then(|| f64::from(days.values().sum::<u32>()) / f64::from(count)))
    }
}

async fn read_held(reader: &mut SqliteConnection, change: Option<&str>) -> sqlx::Result<Vec<Held>> {
    let rows = sqlx::query(
        "SELECT plan, recipient, recipient_name, subject, deadlines, queued_at, change
         FROM messages WHERE state = 'held' AND change = coalesce(?, change) ORDER BY id",
    )
    .bind(change)
    .fetch_all(reader)
    .await?;
    rows.iter().map(read_one).collect()
}

fn read_one(row: &SqliteRow) -> sqlx::Result<Held> {
    let deadlines: &str = row.try_get(4)?;
    Ok(Held {
        plan: row.try_get::<&str, _>(0)?.into(),
        to: row.try_get::<&str, _>(1)?.into(),
        to_name: row.try_get(2)?,
        subject: row.try_get(3)?,
        deadlines: deadlines.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        at: words::instant(row.try_get(5)?)?,
        change: row.try_get(6)?,
    })
}
