//! Writing into the ledger: everything of one tick in one transaction, and answers.
//! What a message goes through afterwards is in `outbox`.

use std::collections::HashMap;

use super::insert::{Insert, ROWS};
use super::seal;
use crate::history::Answer;
use crate::mail::Message;
use crate::plan::Id;
use crate::store::database::{Transaction, values};
use crate::store::words::{about_words, due_text, verdict_words};
use crate::store::{FaultRecord, NoticeRecord, Store, StoreError, TickRecord};

impl Store {
    /// Writes down everything of one tick, or nothing. When this returns, it survives a power cut.
    ///
    /// What was seen before, and what was passed over before by the same rule, is left as it was.
    ///
    /// # Errors
    /// [`StoreError::AlreadyTold`], [`StoreError::AlreadyQueued`] or [`StoreError::FaultAlreadyTold`] if the tick was
    /// decided on an outdated history ([`StoreError::is_outdated`]); [`StoreError::Deposed`] if another has come to
    /// decide; or if the database fails.
    ///
    /// # Panics
    /// If a notice or a fault names a message that is not in the record.
    pub async fn commit(&self, tick: &TickRecord) -> Result<(), StoreError> {
        if tick.is_empty() {
            return Ok(());
        }
        match self.write(tick, ROWS).await {
            // Which of several it was takes one statement each to find out.
            Err(StoreError::AlreadyQueued { .. } | StoreError::AlreadyTold { .. }) => {
                self.write(tick, 1).await
            }
            written => written,
        }
    }

    /// Writes down everything of one tick, `at_once` rows in one statement. What was there already is one of those.
    async fn write(&self, tick: &TickRecord, at_once: usize) -> Result<(), StoreError> {
        let trouble = |source| self.database.trouble(source);
        let mut writer = self.deciding().await?;
        writer.enters().await.map_err(trouble)?;
        insert_sightings(&mut writer, tick).await.map_err(trouble)?;
        let places = self.queue(&mut writer, tick, at_once).await?;
        for notices in tick.notices.chunks(at_once) {
            insert_notices(&mut writer, tick, notices, &places)
                .await
                .map_err(|source| self.told_already(&notices[0], source))?;
        }
        for fault in &tick.faults {
            self.enter_fault(&mut writer, tick, fault, &places).await?;
        }
        insert_failures(&mut writer, tick).await.map_err(trouble)?;
        seal::commit(writer, tick.at, &tables(tick)).await.map_err(trouble)
    }

    /// Appends an answer about `deadline`, a full id without an occurrence's date.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn answer(
        &self,
        plan: &Id,
        deadline: &Id,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        let trouble = |source| self.database.trouble(source);
        // One after the other: a server gives ids before the commit, and whoever reads answers goes on from the newest that it
        // knows, so none may appear behind that later.
        let mut writer = self.database.enter().await?;
        writer
            .execute(
                "INSERT INTO answers (plan, deadline, at, occurrence, unit, says, date, text)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                &values![
                    &**plan,
                    &**deadline,
                    answer.at,
                    answer.occurrence,
                    answer.unit.as_deref(),
                    answer.says.word(),
                    answer.says.date(),
                    &*answer.text,
                ],
            )
            .await
            .map_err(trouble)?;
        seal::commit(writer, answer.at, &[seal::ANSWERS]).await.map_err(trouble)
    }

    /// Puts the messages into the outbox and returns their places there.
    async fn queue(
        &self,
        writer: &mut Transaction,
        tick: &TickRecord,
        at_once: usize,
    ) -> Result<Vec<i64>, StoreError> {
        if tick.messages.is_empty() {
            return Ok(Vec::new());
        }
        let trouble = |source| self.database.trouble(source);
        let newest = "SELECT coalesce(max(id), 0) FROM messages";
        let newest: i64 =
            writer.only(newest, &[]).await.and_then(|row| row.get(0)).map_err(trouble)?;
        let outgoing: Vec<Outgoing<'_>> = outgoing(tick).collect();
        for messages in outgoing.chunks(at_once) {
            insert_messages(writer, tick, messages)
                .await
                .map_err(|source| self.queued_already(messages[0].0, source))?;
        }
        // Nobody else enters anything until this transaction ends, so all that are newer are these.
        let places = "SELECT message_id, id FROM messages WHERE id > $1";
        let places: HashMap<String, i64> = writer
            .table("message_id, id", places, &values![newest])
            .await
            .map_err(trouble)?
            .into_iter()
            .collect();
        let places: Vec<i64> =
            tick.messages.iter().map(|message| places[&message.message_id]).collect();
        let letters = tick.messages.iter().zip(&places);
        let letters =
            letters.map(|(message, place)| values![*place, &*message.text, &*message.html]);
        LETTERS.portions(writer, letters, LETTERS_AT_ONCE).await.map_err(trouble)?;
        Ok(places)
    }

    fn queued_already(&self, message: &Message, source: sqlx::Error) -> StoreError {
        if is_taken(&source) {
            return StoreError::AlreadyQueued { message_id: message.message_id.clone() };
        }
        self.database.trouble(source)
    }

    fn told_already(&self, notice: &NoticeRecord, source: sqlx::Error) -> StoreError {
        if is_taken(&source) {
            return StoreError::AlreadyTold { key: Box::new(notice.key.clone()) };
        }
        self.database.trouble(source)
    }

    /// Enters a fault, or the message that tells of one which could not be told before.
    async fn enter_fault(
        &self,
        writer: &mut Transaction,
        tick: &TickRecord,
        fault: &FaultRecord,
        places: &[i64],
    ) -> Result<(), StoreError> {
        let entered = writer
            .execute(
                "INSERT INTO faults (plan, key, at, text, message) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (plan, key) DO UPDATE SET message = excluded.message
                 WHERE faults.message IS NULL AND excluded.message IS NOT NULL",
                &values![
                    &*tick.plan,
                    &*fault.key,
                    tick.at,
                    &*fault.text,
                    fault.told_in.map(|place| places[place]),
                ],
            )
            .await
            .map_err(|source| self.database.trouble(source))?;
        if entered == 0 && fault.told_in.is_some() {
            return Err(StoreError::FaultAlreadyTold { key: fault.key.clone() });
        }
        Ok(())
    }
}

/// What messages say.
const LETTERS: Insert = Insert { into: "letters (message, text, html)", then: "" };

/// So many letters are in one statement, which has copies of them: after an outage each may have megabytes.
const LETTERS_AT_ONCE: usize = 4;

/// A message, and what it is held for if it is.
type Outgoing<'a> = (&'a Message, Option<&'a str>);

/// Returns the tables into which a tick puts something.
fn tables(tick: &TickRecord) -> Vec<seal::Sealed> {
    let some = [
        (seal::PLANS, tick.first_seen),
        (seal::RULES, !tick.rules.is_empty()),
        (seal::SIGHTINGS, !tick.deadlines.is_empty()),
        (seal::MESSAGES, !tick.messages.is_empty()),
        (seal::NOTICES, !tick.notices.is_empty()),
        (seal::FAULTS, !tick.faults.is_empty()),
        (seal::FAILURES, !tick.failures.is_empty()),
    ];
    some.into_iter().filter(|(_, any)| *any).map(|(table, _)| table).collect()
}

fn outgoing(tick: &TickRecord) -> impl Iterator<Item = Outgoing<'_>> {
    let held_for = |place: &usize| {
        tick.holds.iter().find(|hold| hold.messages.contains(place)).map(|hold| hold.why.word())
    };
    tick.messages.iter().enumerate().map(move |(place, message)| (message, held_for(&place)))
}

/// Writes what rules failed for; a second failure for the same says nothing new.
async fn insert_failures(writer: &mut Transaction, tick: &TickRecord) -> sqlx::Result<()> {
    let insert = Insert {
        into: "rule_failures (plan, fingerprint, rule, about, at, message)",
        then: "ON CONFLICT DO NOTHING",
    };
    let rows = tick.failures.iter().map(|failure| {
        values![
            &*tick.plan,
            &*failure.fingerprint,
            &*failure.rule,
            &*failure.about,
            tick.at,
            &*failure.message,
        ]
    });
    insert.all(writer, rows).await
}

/// Writes what the tick saw for the first time, or otherwise than before.
async fn insert_sightings(writer: &mut Transaction, tick: &TickRecord) -> sqlx::Result<()> {
    if tick.first_seen {
        writer
            .execute(
                "INSERT INTO plans (id, seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                &values![&*tick.plan, tick.at],
            )
            .await?;
    }
    let rules = Insert { into: "rules (plan, rule, seen_at)", then: "ON CONFLICT DO NOTHING" };
    rules.all(writer, tick.rules.iter().map(|rule| values![&*tick.plan, &**rule, tick.at])).await?;
    let sightings = Insert { into: "sightings (plan, deadline, at, due)", then: "" };
    let rows = tick.deadlines.iter();
    let rows =
        rows.map(|(deadline, due)| values![&*tick.plan, &**deadline, tick.at, due.map(due_text)]);
    sightings.all(writer, rows).await
}

async fn insert_messages(
    writer: &mut Transaction,
    tick: &TickRecord,
    messages: &[Outgoing<'_>],
) -> sqlx::Result<()> {
    let insert = Insert {
        into: "messages (message_id, plan, recipient, deadlines, queued_at, state, change, plan_title, \
               recipient_name, address, language, thread, subject, digest)",
        then: "",
    };
    let rows = messages.iter().map(|(message, held_for)| {
        values![
            &*message.message_id,
            &*message.plan,
            &*message.to,
            message.deadlines.join(","),
            tick.at,
            if held_for.is_some() { "held" } else { "queued" },
            *held_for,
            &*message.plan_title,
            &*message.to_name,
            &*message.address,
            message.language.code(),
            message.thread.as_deref(),
            &*message.subject,
            seal::digest_of(&message.text, &message.html),
        ]
    });
    insert.all(writer, rows).await
}

/// Inserts notices. One that the same rule has passed over before is left as it was; one that was told is an error.
async fn insert_notices(
    writer: &mut Transaction,
    tick: &TickRecord,
    notices: &[NoticeRecord],
    places: &[i64],
) -> sqlx::Result<()> {
    let insert = Insert {
        into: "notices (plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, \
               moment, at, verdict, code, reason, why, message)",
        then: "ON CONFLICT (plan, about_id, nominal, recipient, kind, about, about_rule, (coalesce(due, '')), rule) \
               WHERE verdict = 'not_sent' DO NOTHING",
    };
    let rows = notices.iter().map(|notice| {
        let key = &notice.key;
        let (about, about_id, about_rule) = about_words(&key.about);
        let (verdict, code, reason) = verdict_words(&notice.verdict);
        values![
            &*key.plan,
            about,
            about_id,
            about_rule,
            key.due.map(due_text),
            key.kind.word(),
            key.nominal,
            &*key.to,
            notice.measure.as_deref(),
            &*notice.rule,
            notice.step,
            notice.moment,
            tick.at,
            verdict,
            code,
            reason,
            &*notice.why,
            notice.message.map(|place| places[place]),
        ]
    });
    insert.all(writer, rows).await
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
