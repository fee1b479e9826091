//! Messages on their way: queued, claimed under a lease, sent, tried again or given up.
//! Which transitions there are is in the migration, as a trigger that refuses all others.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::Sqlite;
use super::row::instant;
use crate::mail::Message;
use crate::plan::{Id, Language};
use crate::store::{Claimed, Result, Settlement};

/// No back-off and no lease ends later than this.
const FURTHEST: TimeDelta = TimeDelta::hours(6);

/// Puts a message into the outbox and returns its row.
pub(super) async fn queue(
    connection: &mut SqliteConnection,
    message: &Message,
    at: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let sql = "INSERT INTO messages (message_id, plan, plan_title, recipient, name, address, language, subject, text, html,
            thread, deadlines, created, state, due)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?13, 'queued', ?13)";
    let done = sqlx::query(sql)
        .bind(&message.message_id)
        .bind(&*message.plan)
        .bind(&message.plan_title)
        .bind(&*message.to)
        .bind(&message.to_name)
        .bind(&message.address)
        .bind(message.language.code())
        .bind(&message.subject)
        .bind(&message.text)
        .bind(&message.html)
        .bind(&message.thread)
        .bind(message.deadlines.join(","))
        .bind(at.timestamp_millis())
        .execute(connection)
        .await?;
    Ok(done.last_insert_rowid())
}

impl Sqlite {
    pub(in crate::store) async fn end_leases(&self, now: DateTime<Utc>) -> Result<()> {
        self.write(async |connection| {
            sqlx::query("UPDATE messages SET due = ? WHERE state = 'sending'")
                .bind(now.timestamp_millis())
                .execute(connection)
                .await
        })
        .await?;
        Ok(())
    }

    pub(in crate::store) async fn claim(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        lease: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Claimed>> {
        self.write(async |connection| {
            // What is queued goes out whatever the clock says. A time that lies further ahead than any back-off or
            // lease was written before the clock was set back.
            let sql = "UPDATE messages SET state = 'sending', holder = ?1, due = ?2, attempts = attempts + 1
                WHERE id IN (
                    SELECT id FROM messages
                    WHERE due IS NOT NULL AND (due <= ?3 OR state = 'queued' OR due > ?4)
                    ORDER BY id LIMIT ?5
                ) RETURNING *";
            let rows = sqlx::query(sql)
                .bind(holder)
                .bind(lease.timestamp_millis())
                .bind(now.timestamp_millis())
                .bind((now + FURTHEST).timestamp_millis())
                .bind(limit)
                .fetch_all(connection)
                .await?;
            let mut claimed: Vec<Claimed> = rows.iter().map(claimed).collect();
            claimed.sort_by_key(|claimed| claimed.row);
            Ok(claimed)
        })
        .await
    }

    pub(in crate::store) async fn settle(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        settled: &[(i64, Settlement)],
    ) -> Result<u64> {
        self.write(async |connection| {
            let mut held = 0;
            for (row, settlement) in settled {
                held += settle_one(connection, holder, now, *row, settlement).await?;
            }
            Ok(held)
        })
        .await
    }

    pub(in crate::store) async fn next_attempt(&self) -> Result<Option<DateTime<Utc>>> {
        let found = sqlx::query("SELECT min(due) AS due FROM messages WHERE due IS NOT NULL")
            .fetch_one(&self.readers)
            .await
            .map_err(|cause| self.trouble(cause))?;
        Ok(found.get::<Option<i64>, _>("due").map(instant))
    }
}

/// A settlement counts only while the lease is the holder's own; returns 1 if it did.
async fn settle_one(
    connection: &mut SqliteConnection,
    holder: &str,
    now: DateTime<Utc>,
    row: i64,
    settlement: &Settlement,
) -> sqlx::Result<u64> {
    let (state, outcome, due, reply) = match settlement {
        Settlement::Sent(reply) => ("sent", "sent", None, reply),
        Settlement::Again { at, why } => ("retrying", "again", Some(at.timestamp_millis()), why),
        Settlement::GaveUp(why) => ("gave_up", "gave_up", None, why),
    };
    let settled = due.is_none().then(|| now.timestamp_millis());
    let sql = "UPDATE messages SET state = ?, due = ?, settled = ?, reply = ?, holder = NULL
        WHERE id = ? AND state = 'sending' AND holder = ?";
    let done = sqlx::query(sql)
        .bind(state)
        .bind(due)
        .bind(settled)
        .bind(reply)
        .bind(row)
        .bind(holder)
        .execute(&mut *connection)
        .await?;
    if done.rows_affected() > 0 {
        sqlx::query("INSERT INTO attempts (message, at, outcome, reply) VALUES (?, ?, ?, ?)")
            .bind(row)
            .bind(now.timestamp_millis())
            .bind(outcome)
            .bind(reply)
            .execute(connection)
            .await?;
    }
    Ok(done.rows_affected())
}

fn claimed(row: &SqliteRow) -> Claimed {
    let deadlines: &str = row.get("deadlines");
    Claimed {
        row: row.get("id"),
        message: Message {
            message_id: row.get("message_id"),
            plan: row.get::<&str, _>("plan").into(),
            plan_title: row.get("plan_title"),
            to: Id::from(row.get::<&str, _>("recipient")),
            to_name: row.get("name"),
            address: row.get("address"),
            language: Language::from_code(row.get("language")).unwrap_or(Language::English),
            subject: row.get("subject"),
            text: row.get("text"),
            html: row.get("html"),
            thread: row.get("thread"),
            deadlines: deadlines
                .split(',')
                .filter(|id| !id.is_empty())
                .map(str::to_owned)
                .collect(),
        },
        attempts: row.get::<u32, _>("attempts") - 1,
        created: instant(row.get("created")),
    }
}
