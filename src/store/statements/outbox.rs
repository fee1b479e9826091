//! Moving messages through their states: claiming, renewing, and taking back what the dead have left; settling is in `settle`.
//! Which ways there are is in `store::outbox`; who sends is in `daemon`.

mod settle;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row as _};

use super::insert::{Insert, placeholders};
use super::{OPEN, seal};
use crate::mail::Message;
use crate::plan::{Id, Language};
use crate::store::database::{Dialects, Transaction, Value, values};
use crate::store::words::{self, known};
use crate::store::{Claimed, GivenUp, OutboxId, Store, StoreError};

/// No back-off and no lease of ours ends later than this.
const FURTHEST: TimeDelta = TimeDelta::days(1);

/// Messages in one statement.
const AT_ONCE: usize = 500;

/// What follows a query for rows that are to be changed: those that another daemon is about to change are left to it.
const FOR_UPDATE: Dialects =
    Dialects { sqlite: "", postgres: "FOR UPDATE OF messages SKIP LOCKED" };

/// Which of those that are not at rest may be claimed at `$1`. What lies after `$2`, further ahead than any back-off, was
/// written before the clock was set back.
const DUE: &str = "(state = 'queued' OR (state IN ('retrying', 'uncertain') AND next_attempt NOT BETWEEN $1 + 1 AND $2))";

/// So many bytes of letters are claimed at a time, or one letter: a few that are long are not to fill the memory.
const BYTES: i64 = 4 << 20;

/// Attempts that have ended.
const ATTEMPTS: Insert = Insert { into: "attempts (message, at, holder, outcome, said)", then: "" };

impl Store {
    /// Claims up to `limit` messages for `instance`: queued ones, and those whose next attempt has come; the oldest
    /// first. Those whose lease has ended are among them: nobody knows what became of their last attempt.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn claim(
        &self,
        instance: &str,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let mut writer = self.database.write().await?;
        let ended = "state = 'sending' AND lease_until NOT BETWEEN $1 + 1 AND $2";
        expire(&mut writer, ended, &values![now, now + FURTHEST], now).await.map_err(trouble)?;
        let claimed = claim(&mut writer, instance, now, lease_until, limit).await;
        let claimed = claimed.map_err(trouble)?;
        writer.commit().await.map_err(trouble)?;
        Ok(claimed)
    }

    /// Makes leases of `instance` last until `lease_until`; returns which of them it still holds.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn renew(
        &self,
        instance: &str,
        ids: &[OutboxId],
        lease_until: DateTime<Utc>,
    ) -> Result<Vec<OutboxId>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let mut writer = self.database.write().await?;
        let mut renewed = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            let sql = format!(
                "UPDATE messages SET lease_until = $1 WHERE state = 'sending' AND holder = $2 AND id IN {} RETURNING id",
                placeholders(1, ids.len(), 3),
            );
            let values: Vec<Value<'_>> = values![lease_until, instance]
                .into_iter()
                .chain(ids.iter().map(|id| id.0.into()))
                .collect();
            for row in writer.rows(&sql, &values).await.map_err(trouble)? {
                renewed.push(OutboxId(row.get(0).map_err(trouble)?));
            }
        }
        writer.commit().await.map_err(trouble)?;
        renewed.sort_unstable();
        Ok(renewed)
    }

    /// Ends all leases of `instance`, which sends nothing at this moment.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn give_back(&self, instance: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = "UPDATE messages SET lease_until = $1 WHERE state = 'sending' AND holder = $2";
        let mut writer = self.database.write().await?;
        writer.execute(sql, &values![now, instance]).await.map_err(trouble)?;
        writer.commit().await.map_err(trouble)
    }

    /// Ends all leases at once and returns how many there were. For a daemon that starts and knows that whoever held
    /// them is dead.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn reclaim_all(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let mut writer = self.database.write().await?;
        let ended = expire(&mut writer, "state = 'sending'", &[], now).await.map_err(trouble)?;
        writer.commit().await.map_err(trouble)?;
        Ok(ended)
    }

    /// Reads to whom messages of `plan` were given up: each address once, with what was said the last time.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn given_up(&self, plan: &Id) -> Result<Vec<GivenUp>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = "SELECT recipient, address, coalesce(said, '') FROM messages
                   WHERE id IN (SELECT max(id) FROM messages WHERE plan = $1 AND state = 'gave_up'
                                GROUP BY recipient, address)
                   ORDER BY id";
        let mut reader = self.database.read().await?;
        let rows = reader.rows(sql, &values![&**plan]).await.map_err(trouble)?;
        let given_up = rows.iter().map(|row| {
            Ok(GivenUp { to: row.get::<&str>(0)?.into(), address: row.get(1)?, why: row.get(2)? })
        });
        given_up.collect::<sqlx::Result<_>>().map_err(trouble)
    }

    /// Returns when the next message can be claimed, which may be in the past; `None` if all are settled.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn next_attempt(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        // The first of these times that there is applies.
        let sql = format!(
            "SELECT min(coalesce(next_attempt, lease_until, released_at, queued_at)) FROM messages WHERE {OPEN}"
        );
        let mut reader = self.database.read().await?;
        let row = reader.only(&sql, &[]).await.map_err(trouble)?;
        row.get::<Option<i64>>(0).and_then(|at| at.map(words::instant).transpose()).map_err(trouble)
    }
}

/// Ends leases: of these attempts nobody knows what became.
async fn expire(
    writer: &mut Transaction,
    which: &str,
    values: &[Value<'_>],
    now: DateTime<Utc>,
) -> sqlx::Result<usize> {
    // Whoever enters attempts waits for the chain before it locks a message, or two daemons could wait for each other.
    let any = format!("SELECT id FROM messages WHERE {which} LIMIT 1");
    if writer.first(&any, values).await?.is_none() {
        return Ok(0);
    }
    writer.enters().await?;
    let lock = writer.choose(FOR_UPDATE);
    let sql = format!("SELECT id, holder FROM messages WHERE {which} ORDER BY id {lock}");
    let ended = writer
        .rows(&sql, values)
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect::<sqlx::Result<Vec<(i64, String)>>>()?;
    for ended in ended.chunks(AT_ONCE) {
        let sql = format!(
            "UPDATE messages SET state = 'uncertain', next_attempt = $1, holder = NULL, lease_until = NULL,
                 said = 'the lease ended'
             WHERE id IN {}",
            placeholders(1, ended.len(), 2),
        );
        let values: Vec<Value<'_>> =
            [now.into()].into_iter().chain(ended.iter().map(|(id, _)| (*id).into())).collect();
        writer.execute(&sql, &values).await?;
    }
    let rows =
        ended.iter().map(|(id, holder)| values![*id, now, &**holder, "lost", "the lease ended"]);
    ATTEMPTS.all(writer, rows).await?;
    seal::seal(writer, now, &[seal::ATTEMPTS]).await?;
    Ok(ended.len())
}

async fn claim(
    writer: &mut Transaction,
    instance: &str,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
    limit: u32,
) -> sqlx::Result<Vec<Claimed>> {
    let lock = writer.choose(FOR_UPDATE);
    let sizes = format!(
        "SELECT id, CAST(octet_length(text) AS BIGINT) + octet_length(html) AS size
         FROM messages JOIN letters ON letters.message = messages.id WHERE {OPEN} AND {DUE} ORDER BY id LIMIT $3 {lock}"
    );
    let sizes: Vec<(i64, i64)> =
        writer.table("id, size", &sizes, &values![now, now + FURTHEST, limit]).await?;
    let Some(last) = last_that_fits(&sizes) else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT messages.*, coalesce(released_at, queued_at) AS since, text, html
         FROM messages JOIN letters ON letters.message = messages.id
         WHERE {OPEN} AND {DUE} AND id <= $3 ORDER BY id {lock}"
    );
    let columns = "id, message_id, plan, recipient, deadlines, since, attempts, plan_title, recipient_name, address, \
                   language, thread, subject, text, html";
    let claimed = writer
        .table(columns, &sql, &values![now, now + FURTHEST, last])
        .await?
        .into_iter()
        .map(|row| read_claimed(row, instance))
        .collect::<sqlx::Result<Vec<_>>>()?;
    for claimed in claimed.chunks(AT_ONCE) {
        let sql = format!(
            "UPDATE messages SET state = 'sending', attempts = attempts + 1, holder = $1, lease_until = $2,
                 next_attempt = NULL
             WHERE id IN {}",
            placeholders(1, claimed.len(), 3),
        );
        let values: Vec<Value<'_>> = values![instance, lease_until]
            .into_iter()
            .chain(claimed.iter().map(|one| one.id.0.into()))
            .collect();
        writer.execute(&sql, &values).await?;
    }
    Ok(claimed)
}

/// Returns the last message of those in order that fit into one claim; `None` if there are none.
fn last_that_fits(sizes: &[(i64, i64)]) -> Option<i64> {
    let mut sum = 0;
    let fits = |(_, size): &&(i64, i64)| {
        sum += size;
        sum <= BYTES
    };
    sizes.iter().take_while(fits).last().or(sizes.first()).map(|(id, _)| *id)
}

/// A claimed message as it is read: the columns in the order in which they are asked for.
#[derive(Deserialize)]
struct ClaimedRow {
    id: i64,
    message_id: String,
    plan: String,
    recipient: String,
    deadlines: String,
    since: i64,
    attempts: u32,
    plan_title: String,
    recipient_name: String,
    address: String,
    language: String,
    thread: Option<String>,
    subject: String,
    text: String,
    html: String,
}

impl FromRow<'_, PgRow> for ClaimedRow {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let attempts: i64 = row.try_get(6)?;
        Ok(Self {
            id: row.try_get(0)?,
            message_id: row.try_get(1)?,
            plan: row.try_get(2)?,
            recipient: row.try_get(3)?,
            deadlines: row.try_get(4)?,
            since: row.try_get(5)?,
            attempts: known(attempts.try_into().ok(), "number of attempts", "out of range")?,
            plan_title: row.try_get(7)?,
            recipient_name: row.try_get(8)?,
            address: row.try_get(9)?,
            language: row.try_get(10)?,
            thread: row.try_get(11)?,
            subject: row.try_get(12)?,
            text: row.try_get(13)?,
            html: row.try_get(14)?,
        })
    }
}

fn read_claimed(row: ClaimedRow, instance: &str) -> sqlx::Result<Claimed> {
    let deadlines = row.deadlines.split(',').filter(|id| !id.is_empty());
    let message = Message {
        message_id: row.message_id,
        plan: row.plan.into(),
        to: row.recipient.into(),
        deadlines: deadlines.map(str::to_owned).collect(),
        plan_title: row.plan_title,
        to_name: row.recipient_name,
        address: row.address,
        language: known(Language::from_code(&row.language), "language", &row.language)?,
        thread: row.thread,
        subject: row.subject,
        text: row.text,
        html: row.html,
    };
    Ok(Claimed {
        id: OutboxId(row.id),
        holder: instance.into(),
        message,
        attempts: row.attempts,
        queued_at: words::instant(row.since)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_takes_what_fits_and_one_letter_in_any_case() {
        assert_eq!(last_that_fits(&[]), None);
        assert_eq!(last_that_fits(&[(1, BYTES / 2), (2, BYTES / 2), (5, 1)]), Some(2));
        assert_eq!(last_that_fits(&[(1, 10), (7, 10)]), Some(7));
        assert_eq!(last_that_fits(&[(3, 2 * BYTES), (4, 1)]), Some(3));
    }
}
