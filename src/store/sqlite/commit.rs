//! Writing into the ledger: everything of one tick in one transaction, and answers.
//! What a message goes through afterwards is in `outbox`.

use std::collections::HashMap;

use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::SqliteLedger;
use crate::history::Answer;
use crate::mail::Message;
use crate::plan::Id;
use crate::store::words::{about_words, due_text, verdict_words};
use crate::store::{FaultRecord, NoticeRecord, StoreError, TickRecord};

/// Rows in one statement; with 20 values each, well below SQLite's bound of 32766 values.
const ROWS: usize = 200;

impl SqliteLedger {
    /// Writes down one tick.
    pub(in crate::store) async fn commit(&self, tick: &TickRecord) -> Result<(), StoreError> {
        if tick.is_empty() {
            return Ok(());
        }
        let mut writer = self.write().await?;
        insert_sightings(&mut writer, tick).await.map_err(|source| self.trouble(source))?;
        let mut places = Vec::with_capacity(tick.messages.len());
        let outgoing: Vec<Outgoing<'_>> = outgoing(tick).collect();
        for messages in outgoing.chunks(ROWS) {
            places.extend(self.queue(&mut writer, tick, messages).await?);
        }
        for notices in tick.notices.chunks(ROWS) {
            self.enter(&mut writer, tick, notices, &places).await?;
        }
        for fault in &tick.faults {
            self.enter_fault(&mut writer, tick, fault, &places).await?;
        }
        insert_failures(&mut writer, tick).await.map_err(|source| self.trouble(source))?;
        writer.commit().await.map_err(|source| self.trouble(source))
    }

    /// Appends an answer.
    pub(in crate::store) async fn answer(
        &self,
        plan: &Id,
        deadline: &Id,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO answers (plan, deadline, at, occurrence, unit, says, date, text)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&**plan)
        .bind(&**deadline)
        .bind(answer.at.timestamp_millis())
        .bind(answer.occurrence.map(|date| date.to_string()))
        .bind(answer.unit.as_deref())
        .bind(answer.says.word())
        .bind(answer.says.date().map(|date| date.to_string()))
        .bind(&answer.text)
        .execute(&self.writer)
        .await
        .map_err(|source| self.trouble(source))?;
        Ok(())
    }

    /// Puts messages into the outbox and returns their places there.
    async fn queue(
        &self,
        writer: &mut SqliteConnection,
        tick: &TickRecord,
        messages: &[Outgoing<'_>],
    ) -> Result<Vec<i64>, StoreError> {
        match insert_messages(writer, tick, messages).await {
            Ok(places) => Ok(places),
            // Which of them it was takes one statement each to find out.
            Err(error) if is_taken(&error) && messages.len() > 1 => {
                for message in messages {
                    insert_messages(writer, tick, std::slice::from_ref(message))
                        .await
                        .map_err(|source| self.queued_already(message.0, source))?;
                }
                Err(self.trouble(error))
            }
            Err(error) => Err(self.queued_already(messages[0].0, error)),
        }
    }

    fn queued_already(&self, message: &Message, source: sqlx::Error) -> StoreError {
        if is_taken(&source) {
            return StoreError::AlreadyQueued { message_id: message.message_id.clone() };
        }
        self.trouble(source)
    }

    /// Enters notices.
    async fn enter(
        &self,
        writer: &mut SqliteConnection,
        tick: &TickRecord,
        notices: &[NoticeRecord],
        places: &[i64],
    ) -> Result<(), StoreError> {
        match insert_notices(writer, tick, notices, places).await {
            Ok(()) => Ok(()),
            Err(error) if is_taken(&error) => {
                for notice in notices {
                    insert_notices(writer, tick, std::slice::from_ref(notice), places)
                        .await
                        .map_err(|source| self.told_already(notice, source))?;
                }
                Err(self.trouble(error))
            }
            Err(error) => Err(self.trouble(error)),
        }
    }

    fn told_already(&self, notice: &NoticeRecord, source: sqlx::Error) -> StoreError {
        if is_taken(&source) {
            return StoreError::AlreadyTold { key: Box::new(notice.key.clone()) };
        }
        self.trouble(source)
    }

    /// Enters a fault, or the message that tells of one which could not be told before.
    async fn enter_fault(
        &self,
        writer: &mut SqliteConnection,
        tick: &TickRecord,
        fault: &FaultRecord,
        places: &[i64],
    ) -> Result<(), StoreError> {
        let entered = sqlx::query(
            "INSERT INTO faults (plan, key, at, text, message) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (plan, key) DO UPDATE SET message = excluded.message
             WHERE message IS NULL AND excluded.message IS NOT NULL",
        )
        .bind(&*tick.plan)
        .bind(&fault.key)
        .bind(tick.at.timestamp_millis())
        .bind(&fault.text)
        .bind(fault.told_in.map(|place| places[place]))
        .execute(writer)
        .await
        .map_err(|source| self.trouble(source))?;
        if entered.rows_affected() == 0 && fault.told_in.is_some() {
            return Err(StoreError::FaultAlreadyTold { key: fault.key.clone() });
        }
        Ok(())
    }
}

/// A message, and the change for which it is held if it is.
type Outgoing<'a> = (&'a Message, Option<&'a str>);

fn outgoing(tick: &TickRecord) -> impl Iterator<Item = Outgoing<'_>> {
    let held_for = |place: &usize| {
        tick.hold.as_ref().filter(|hold| hold.messages.contains(place)).map(|hold| &*hold.change)
    };
    tick.messages.iter().enumerate().map(move |(place, message)| (message, held_for(&place)))
}

/// Writes what rules failed for; a second failure for the same says nothing new.
async fn insert_failures(writer: &mut SqliteConnection, tick: &TickRecord) -> sqlx::Result<()> {
    for failures in tick.failures.chunks(ROWS) {
        QueryBuilder::<Sqlite>::new(
            "INSERT INTO rule_failures (plan, fingerprint, rule, about, at, message) ",
        )
        .push_values(failures, |mut row, failure| {
            row.push_bind(&*tick.plan)
                .push_bind(&*failure.fingerprint)
                .push_bind(&*failure.rule)
                .push_bind(&failure.about)
                .push_bind(tick.at.timestamp_millis())
                .push_bind(&failure.message);
        })
        .push(" ON CONFLICT DO NOTHING")
        .build()
        .execute(&mut *writer)
        .await?;
    }
    Ok(())
}

/// Writes what the tick saw for the first time, or otherwise than before.
async fn insert_sightings(writer: &mut SqliteConnection, tick: &TickRecord) -> sqlx::Result<()> {
    let at = tick.at.timestamp_millis();
    if tick.first_seen {
        sqlx::query("INSERT INTO plans (id, seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(&*tick.plan)
            .bind(at)
            .execute(&mut *writer)
            .await?;
    }
    for rule in &tick.rules {
        sqlx::query(
            "INSERT INTO rules (plan, rule, seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(&*tick.plan)
        .bind(&**rule)
        .bind(at)
        .execute(&mut *writer)
        .await?;
    }
    for deadlines in tick.deadlines.chunks(ROWS) {
        QueryBuilder::<Sqlite>::new("INSERT INTO sightings (plan, deadline, at, due) ")
            .push_values(deadlines, |mut row, (deadline, due)| {
                row.push_bind(&*tick.plan)
                    .push_bind(&**deadline)
                    .push_bind(at)
                    .push_bind(due.map(due_text));
            })
            .build()
            .execute(&mut *writer)
            .await?;
    }
    Ok(())
}

/// Inserts messages and returns their row ids in the order of `messages`.
async fn insert_messages(
    writer: &mut SqliteConnection,
    tick: &TickRecord,
    messages: &[Outgoing<'_>],
) -> sqlx::Result<Vec<i64>> {
    let rows = QueryBuilder::<Sqlite>::new(
        "INSERT INTO messages (message_id, plan, recipient, deadlines, queued_at, state, change, plan_title,
         recipient_name, address, language, thread, subject, text, html) ",
    )
    .push_values(messages, |mut row, (message, held_for)| {
        row.push_bind(&message.message_id)
            .push_bind(&*message.plan)
            .push_bind(&*message.to)
            .push_bind(message.deadlines.join(","))
            .push_bind(tick.at.timestamp_millis())
            .push_bind(if held_for.is_some() { "held" } else { "queued" })
            .push_bind(*held_for)
            .push_bind(&message.plan_title)
            .push_bind(&message.to_name)
            .push_bind(&message.address)
            .push_bind(message.language.code())
            .push_bind(message.thread.as_deref())
            .push_bind(&message.subject)
            .push_bind(&message.text)
            .push_bind(&message.html);
    })
    .push(" RETURNING message_id, id")
    .build()
    .fetch_all(writer)
    .await?;
    // The rows come back in no promised order.
    let places = rows
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect::<sqlx::Result<HashMap<String, i64>>>()?;
    Ok(messages.iter().map(|(message, _)| places[&message.message_id]).collect())
}

/// Inserts notices. One that the same rule has passed over before is left as it was; one that was told is an error.
async fn insert_notices(
    writer: &mut SqliteConnection,
    tick: &TickRecord,
    notices: &[NoticeRecord],
    places: &[i64],
) -> sqlx::Result<()> {
    QueryBuilder::<Sqlite>::new(
        "INSERT INTO notices (plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step,
         moment, at, verdict, code, reason, why, message) ",
    )
    .push_values(notices, |mut row, notice| {
        let key = &notice.key;
        let (about, about_id, about_rule) = about_words(&key.about);
        let (verdict, code, reason) = verdict_words(&notice.verdict);
        row.push_bind(&*key.plan)
            .push_bind(about)
            .push_bind(about_id)
            .push_bind(about_rule)
            .push_bind(key.due.map(due_text))
            .push_bind(key.kind.word())
            .push_bind(key.nominal.to_string())
            .push_bind(&*key.to)
            .push_bind(notice.measure.as_deref())
            .push_bind(&*notice.rule)
            .push_bind(notice.step)
            .push_bind(notice.moment.timestamp_millis())
            .push_bind(tick.at.timestamp_millis())
            .push_bind(verdict)
            .push_bind(code)
            .push_bind(reason)
            .push_bind(&notice.why)
            .push_bind(notice.message.map(|place| places[place]));
    })
    .push(
        " ON CONFLICT (plan, about_id, nominal, recipient, kind, about, about_rule, coalesce(due, ''), rule)
         WHERE verdict = 'not_sent' DO NOTHING",
    )
    .build()
    .execute(writer)
    .await?;
    Ok(())
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
