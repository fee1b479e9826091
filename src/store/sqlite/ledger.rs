//! Decisions and answers: what a tick writes, and what the next one knows.
//! Messages on their way are in `outbox`.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::row::{about_columns, due_date, instant, some};
use super::{Sqlite, outbox};
use crate::history::{Answer, History, Says, Seen};
use crate::notice::{About, Kind, NoticeKey, Verdict};
use crate::plan::Id;
use crate::store::{LogEntry, NoticeRecord, Result, StoreError, TickRecord};

impl Sqlite {
    pub(in crate::store) async fn commit(
        &self,
        plan: &Id,
        at: DateTime<Utc>,
        record: &TickRecord,
    ) -> Result<()> {
        self.write(async |connection| {
            seen(connection, plan, at, record).await?;
            let mut messages = Vec::with_capacity(record.messages.len());
            for message in &record.messages {
                messages.push(outbox::queue(connection, message, at).await?);
            }
            for notice in &record.notices {
                let message = notice.message.map(|place| messages[place]);
                enter(connection, notice, at, message).await?;
            }
            for fault in &record.faults {
                sqlx::query("INSERT OR IGNORE INTO faults (plan, key, text, at, message) VALUES (?, ?, ?, ?, ?)")
                    .bind(&**plan)
                    .bind(&fault.key)
                    .bind(&fault.text)
                    .bind(at.timestamp_millis())
                    .bind(fault.message.map(|place| messages[place]))
                    .execute(&mut *connection)
                    .await?;
            }
            Ok(())
        })
        .await
    }

    pub(in crate::store) async fn history(&self, plan: &Id) -> Result<History> {
        let mut history = History::default();
        self.read_seen(plan, &mut history).await?;
        self.read_notices(plan, &mut history).await?;
        for (deadline, answer) in self.answers_since(plan, 0).await?.0 {
            history.answers.entry(deadline).or_default().push(answer);
        }
        Ok(history)
    }

    async fn read_seen(&self, plan: &Id, history: &mut History) -> Result<()> {
        let rows = sqlx::query("SELECT what, name, due, at FROM seen WHERE plan = ? ORDER BY id")
            .bind(&**plan)
            .fetch_all(&self.readers)
            .await
            .map_err(|cause| self.trouble(cause))?;
        for row in rows {
            let (name, at): (Id, _) = (row.get::<&str, _>("name").into(), instant(row.get("at")));
            let due = row.get::<Option<String>, _>("due").and_then(|due| due_date(&due));
            match row.get::<&str, _>("what") {
                "plan" => {
                    history.plan_seen.get_or_insert(at);
                }
                "rule" => {
                    history.rules_seen.entry(name).or_insert(at);
                }
                _ => {
                    let seen =
                        history.deadlines_seen.entry(name).or_insert(Seen { at, due, moved: None });
                    if seen.due != due {
                        seen.moved = Some((at, seen.due));
                        seen.due = due;
                    }
                }
            }
        }
        Ok(())
    }

    async fn read_notices(&self, plan: &Id, history: &mut History) -> Result<()> {
        let mut ids = HashSet::new();
        let sql = "SELECT n.deadline, n.measure, n.due, n.kind, n.nominal, n.recipient, n.rule, n.fate, n.at,
                m.message_id, m.deadlines
            FROM notices n LEFT JOIN messages m ON m.id = n.message WHERE n.plan = ? ORDER BY n.id";
        let rows = sqlx::query(sql).bind(&**plan).fetch_all(&self.readers).await;
        for row in rows.map_err(|cause| self.trouble(cause))? {
            let key = self.key(plan, &row, &mut ids)?;
            if row.get::<&str, _>("fate") == "not_sent" {
                let rule = intern(row.get("rule"), &mut ids);
                history.passed_over.insert((key, rule));
                continue;
            }
            if row.get::<&str, _>("fate") == "told"
                && let About::Deadline(deadline) = &key.about
            {
                let about_one = row.get::<&str, _>("deadlines");
                let occurrence =
                    key.due.map(|due| format!("{deadline}@{}", due.date)).unwrap_or_default();
                let id = if about_one.split(',').any(|id| *id == *occurrence) {
                    occurrence.as_str()
                } else {
                    deadline
                };
                let id = intern(id, &mut ids);
                history.last_told.insert(id.clone(), (instant(row.get("at")), key.kind));
                history.threads.entry(id).or_insert_with(|| row.get("message_id"));
            }
            history.told.insert(key);
        }
        Ok(())
    }

    fn key(&self, plan: &Id, row: &SqliteRow, ids: &mut HashSet<Id>) -> Result<NoticeKey> {
        let about = match (row.get::<&str, _>("deadline"), row.get::<&str, _>("measure")) {
            ("", "") => About::Plan { rule: intern(row.get("rule"), ids) },
            ("", measure) => {
                About::Measure { measure: intern(measure, ids), rule: intern(row.get("rule"), ids) }
            }
            (deadline, _) => About::Deadline(intern(deadline, ids)),
        };
        let kind: &str = row.get("kind");
        Ok(NoticeKey {
            plan: plan.clone(),
            about,
            due: due_date(row.get("due")),
            kind: Kind::from_word(kind).ok_or_else(|| self.odd("notices.kind", kind))?,
            nominal: self.date("notices.nominal", row.get("nominal"))?,
            to: intern(row.get("recipient"), ids),
        })
    }

    pub(in crate::store) async fn answers_since(
        &self,
        plan: &Id,
        after: i64,
    ) -> Result<(Vec<(Id, Answer)>, i64)> {
        let sql = "SELECT id, deadline, occurrence, at, unit, says, date, text FROM answers
            WHERE plan = ? AND id > ? ORDER BY id";
        let rows = sqlx::query(sql).bind(&**plan).bind(after).fetch_all(&self.readers).await;
        let mut newest = after;
        let mut answers = Vec::new();
        for row in rows.map_err(|cause| self.trouble(cause))? {
            newest = row.get("id");
            let dated = |column: &str| row.get::<Option<String>, _>(column);
            let date = dated("date").map(|text| self.date("answers.date", &text)).transpose()?;
            let word: &str = row.get("says");
            let says = Says::from_word(word, date).ok_or_else(|| self.odd("answers.says", word))?;
            let occurrence = dated("occurrence")
                .map(|text| self.date("answers.occurrence", &text))
                .transpose()?;
            let answer = Answer {
                at: instant(row.get("at")),
                occurrence,
                unit: row.get::<Option<String>, _>("unit").map(Id::from),
                says,
                text: row.get("text"),
            };
            answers.push((row.get::<&str, _>("deadline").into(), answer));
        }
        Ok((answers, newest))
    }

    pub(in crate::store) async fn answer(
        &self,
        plan: &Id,
        deadline: &str,
        answer: &Answer,
    ) -> Result<()> {
        self.write(async |connection| {
            let sql = "INSERT INTO answers (plan, deadline, occurrence, at, unit, says, date, text)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
            sqlx::query(sql)
                .bind(&**plan)
                .bind(deadline)
                .bind(answer.occurrence.map(|date| date.to_string()))
                .bind(answer.at.timestamp_millis())
                .bind(answer.unit.as_deref())
                .bind(answer.says.word())
                .bind(answer.says.date().map(|date| date.to_string()))
                .bind(&answer.text)
                .execute(connection)
                .await
        })
        .await?;
        Ok(())
    }

    pub(in crate::store) async fn faults_told(&self, plan: &Id) -> Result<BTreeSet<String>> {
        let rows = sqlx::query("SELECT key FROM faults WHERE plan = ?")
            .bind(&**plan)
            .fetch_all(&self.readers)
            .await;
        Ok(rows.map_err(|cause| self.trouble(cause))?.iter().map(|row| row.get("key")).collect())
    }

    pub(in crate::store) async fn log(&self, plan: Option<&Id>) -> Result<Vec<LogEntry>> {
        let sql = "SELECT n.*, m.message_id, m.state, m.attempts, m.settled, m.reply
            FROM notices n LEFT JOIN messages m ON m.id = n.message WHERE ?1 IS NULL OR n.plan = ?1
            ORDER BY n.at, n.recipient, n.deadline, n.due, n.kind, n.nominal, n.rule, n.measure";
        let rows =
            sqlx::query(sql).bind(plan.map(|plan| plan.to_string())).fetch_all(&self.readers).await;
        rows.map_err(|cause| self.trouble(cause))?.iter().map(|row| self.entry(row)).collect()
    }

    fn entry(&self, row: &SqliteRow) -> Result<LogEntry> {
        let fate: String = row.get("fate");
        let told = fate == "told";
        Ok(LogEntry {
            plan: row.get("plan"),
            deadline: some(row.get("deadline")),
            measure: some(row.get("measure")),
            due: some(row.get("due")),
            rule: row.get("rule"),
            kind: row.get("kind"),
            to: some(row.get("recipient")),
            nominal: self.date("notices.nominal", row.get("nominal"))?,
            at: instant(row.get("at")),
            state: if told { row.get("state") } else { fate },
            reason: if told { row.get("why") } else { row.get("reason") },
            message_id: row.get("message_id"),
            attempts: row.get::<Option<u32>, _>("attempts").unwrap_or_default(),
            settled_at: row.get::<Option<i64>, _>("settled").map(instant),
            reply: row.get("reply"),
        })
    }

    fn date(&self, column: &'static str, text: &str) -> Result<NaiveDate> {
        text.parse().map_err(|_| self.odd(column, text))
    }

    fn odd(&self, column: &'static str, value: &str) -> StoreError {
        StoreError::Row { path: self.path.clone(), column, value: value.to_owned() }
    }
}

async fn seen(
    connection: &mut SqliteConnection,
    plan: &Id,
    at: DateTime<Utc>,
    record: &TickRecord,
) -> sqlx::Result<()> {
    let plans = record.plan_is_new.then(|| ("plan", plan, None)).into_iter();
    let deadlines =
        record.deadlines.iter().map(|(id, due)| ("deadline", id, due.map(|due| due.to_string())));
    let rules = record.rules.iter().map(|rule| ("rule", rule, None));
    for (what, name, due) in plans.chain(deadlines).chain(rules) {
        sqlx::query("INSERT INTO seen (plan, what, name, due, at) VALUES (?, ?, ?, ?, ?)")
            .bind(&**plan)
            .bind(what)
            .bind(&**name)
            .bind(due)
            .bind(at.timestamp_millis())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn enter(
    connection: &mut SqliteConnection,
    notice: &NoticeRecord,
    at: DateTime<Utc>,
    message: Option<i64>,
) -> sqlx::Result<()> {
    let NoticeRecord { key, rule, moment, verdict, why, .. } = notice;
    let (deadline, measure, due) = about_columns(key, notice.measure.as_deref());
    let reason = match verdict {
        Verdict::Send => String::new(),
        Verdict::Superseded { by, nominal } => format!("superseded by {} of {nominal}", by.word()),
        Verdict::NotSent(reason) => reason.to_string(),
    };
    let sql = "INSERT INTO notices (plan, deadline, measure, due, kind, nominal, recipient, rule, moment, at, fate,
            reason, why, message)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(&*key.plan)
        .bind(deadline)
        .bind(measure)
        .bind(due)
        .bind(key.kind.word())
        .bind(key.nominal.to_string())
        .bind(&*key.to)
        .bind(&**rule)
        .bind(moment.timestamp_millis())
        .bind(at.timestamp_millis())
        .bind(verdict.word())
        .bind(reason)
        .bind(why)
        .bind(message)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ids repeat in every row; each is kept once.
fn intern(text: &str, ids: &mut HashSet<Id>) -> Id {
    if let Some(known) = ids.get(text) {
        return known.clone();
    }
    let id: Id = Arc::from(text);
    ids.insert(id.clone());
    id
}
