//! Moving messages through their states: claiming, renewing, settling.
//! The states and the ways between them are in `store::outbox`; the database refuses all other ways.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::SqliteLedger;
use crate::mail::Message;
use crate::plan::Language;
use crate::store::words::{self, known};
use crate::store::{Claimed, OutboxId, Settled, Settlement, StoreError};

/// No back-off and no lease of ours ends later than this.
const FURTHEST: TimeDelta = TimeDelta::days(1);

impl SqliteLedger {
    /// Claims messages for `instance`.
    pub(in crate::store) async fn claim(
        &self,
        instance: &str,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut writer = self.write().await?;
        let claimed = claim(&mut writer, instance, now, lease_until, limit)
            .await
            .map_err(|source| self.trouble(source))?;
        writer.commit().await.map_err(|source| self.trouble(source))?;
        Ok(claimed)
    }

    /// Renews leases of `instance`.
    pub(in crate::store) async fn renew(
        &self,
        instance: &str,
        ids: &[OutboxId],
        lease_until: DateTime<Utc>,
    ) -> Result<Vec<OutboxId>, StoreError> {
        let mut writer = self.write().await?;
        let mut renewed = Vec::with_capacity(ids.len());
        for id in ids {
            let rows = sqlx::query(
                "UPDATE messages SET lease_until = ? WHERE id = ? AND state = 'sending' AND holder = ?",
            )
            .bind(lease_until.timestamp_millis())
            .bind(id.0)
            .bind(instance)
            .execute(&mut *writer)
            .await
            .map_err(|source| self.trouble(source))?;
            if rows.rows_affected() == 1 {
                renewed.push(*id);
            }
        }
        writer.commit().await.map_err(|source| self.trouble(source))?;
        Ok(renewed)
    }

    /// Settles attempts of `instance`.
    pub(in crate::store) async fn settle_many(
        &self,
        instance: &str,
        settlements: &[(OutboxId, Settlement)],
        now: DateTime<Utc>,
    ) -> Result<Vec<Settled>, StoreError> {
        let mut writer = self.write().await?;
        let mut settled = Vec::with_capacity(settlements.len());
        for (id, settlement) in settlements {
            let outcome = settle(&mut writer, instance, *id, settlement, now)
                .await
                .map_err(|source| self.trouble(source))?;
            settled.push(outcome);
        }
        writer.commit().await.map_err(|source| self.trouble(source))?;
        Ok(settled)
    }

    /// Ends all leases.
    pub(in crate::store) async fn reclaim_all(
        &self,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let ended = sqlx::query(
            "UPDATE messages SET lease_until = ?1 WHERE state = 'sending' AND lease_until > ?1",
        )
        .bind(now.timestamp_millis())
        .execute(&self.writer)
        .await
        .map_err(|source| self.trouble(source))?;
        Ok(ended.rows_affected())
    }

    /// Returns when something can be claimed next.
    pub(in crate::store) async fn next_attempt(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        // Exactly one of the three times applies in each state.
        let next: Option<i64> = sqlx::query_scalar(
            "SELECT min(coalesce(next_attempt, lease_until, released_at, queued_at)) FROM messages
             WHERE state IN ('queued', 'sending', 'retrying')",
        )
        .fetch_one(&self.readers)
        .await
        .map_err(|source| self.trouble(source))?;
        next.map(words::instant).transpose().map_err(|source| self.trouble(source))
    }
}

async fn claim(
    writer: &mut SqliteConnection,
    instance: &str,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
    limit: u32,
) -> sqlx::Result<Vec<Claimed>> {
    // What lies further ahead than any back-off or lease was written before the clock was set back.
    let rows = sqlx::query(
        "SELECT id, message_id, plan, recipient, deadlines, coalesce(released_at, queued_at), attempts, plan_title, recipient_name, address,
             language, thread, subject, text, html
         FROM messages
         WHERE state IN ('queued', 'sending', 'retrying')
             AND (state = 'queued' OR coalesce(next_attempt, lease_until) NOT BETWEEN ?1 + 1 AND ?2)
         ORDER BY id LIMIT ?3",
    )
    .bind(now.timestamp_millis())
    .bind((now + FURTHEST).timestamp_millis())
    .bind(limit)
    .fetch_all(&mut *writer)
    .await?;
    let claimed: Vec<Claimed> = rows.iter().map(read_claimed).collect::<sqlx::Result<_>>()?;
    for one in &claimed {
        // Whoever held it has never said what came of the attempt.
        sqlx::query(
            "INSERT INTO attempts (message, at, holder, outcome, said)
             SELECT id, ?, holder, 'lost', 'the lease ended' FROM messages WHERE id = ? AND state = 'sending'",
        )
        .bind(now.timestamp_millis())
        .bind(one.id.0)
        .execute(&mut *writer)
        .await?;
        sqlx::query(
            "UPDATE messages SET state = 'sending', attempts = attempts + 1, holder = ?, lease_until = ?,
                 next_attempt = NULL
             WHERE id = ?",
        )
        .bind(instance)
        .bind(lease_until.timestamp_millis())
        .bind(one.id.0)
        .execute(&mut *writer)
        .await?;
    }
    Ok(claimed)
}

fn read_claimed(row: &SqliteRow) -> sqlx::Result<Claimed> {
    let language: &str = row.try_get(10)?;
    let deadlines: &str = row.try_get(4)?;
    let message = Message {
        message_id: row.try_get(1)?,
        plan: row.try_get::<&str, _>(2)?.into(),
        to: row.try_get::<&str, _>(3)?.into(),
        deadlines: deadlines.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        plan_title: row.try_get(7)?,
        to_name: row.try_get(8)?,
        address: row.try_get(9)?,
        language: known(Language::from_code(language), "language", language)?,
        thread: row.try_get(11)?,
        subject: row.try_get(12)?,
        text: row.try_get(13)?,
        html: row.try_get(14)?,
    };
    Ok(Claimed {
        id: OutboxId(row.try_get(0)?),
        message,
        attempts: row.try_get(6)?,
        queued_at: words::instant(row.try_get(5)?)?,
    })
}

async fn settle(
    writer: &mut SqliteConnection,
    instance: &str,
    id: OutboxId,
    settlement: &Settlement,
    now: DateTime<Utc>,
) -> sqlx::Result<Settled> {
    let (next_attempt, settled_at) = match settlement {
        Settlement::Again { next_attempt, .. } => (Some(*next_attempt), None),
        Settlement::Sent { .. } | Settlement::GaveUp { .. } => (None, Some(now)),
    };
    let moved = sqlx::query(
        "UPDATE messages SET state = ?, next_attempt = ?, settled_at = ?, said = ?, holder = NULL, lease_until = NULL
         WHERE id = ? AND state = 'sending' AND holder = ?",
    )
    .bind(settlement.state().word())
    .bind(next_attempt.map(|at| at.timestamp_millis()))
    .bind(settled_at.map(|at| at.timestamp_millis()))
    .bind(settlement.said())
    .bind(id.0)
    .bind(instance)
    .execute(&mut *writer)
    .await?;
    if moved.rows_affected() == 0 {
        return Ok(Settled::TooLate);
    }
    sqlx::query("INSERT INTO attempts (message, at, holder, outcome, said) VALUES (?, ?, ?, ?, ?)")
        .bind(id.0)
        .bind(now.timestamp_millis())
        .bind(instance)
        .bind(settlement.outcome())
        .bind(settlement.said())
        .execute(writer)
        .await?;
    Ok(Settled::Applied)
}
