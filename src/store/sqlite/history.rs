//! Reading the past of one plan. A ledger grows to a million notices, so it is read in pages and ids are shared.
//! What a tick makes of it is in `schedule`.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt;
use serde::Deserialize;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::SqliteLedger;
use super::pages::{self, KeyRow, next_page};
use crate::history::{Answer, History, Seen};
use crate::notice::About;
use crate::plan::{DueDate, Id};
use crate::store::StoreError;
use crate::store::words::{self, Ids};

impl SqliteLedger {
    /// Reads the history of `plan`.
    pub(in crate::store) async fn history(&self, plan: &Id) -> Result<History, StoreError> {
        let mut reader = self.read().await?;
        let mut ids = Ids::default();
        read_history(&mut reader, plan, &mut ids).await.map_err(|source| self.trouble(source))
    }

    /// Reads the answers after row `last`, and the last row.
    pub(in crate::store) async fn answers_since(
        &self,
        plan: &Id,
        last: i64,
    ) -> Result<(Vec<(Id, Answer)>, i64), StoreError> {
        let mut reader = self.read().await?;
        read_answers(&mut reader, plan, last, &mut Ids::default())
            .await
            .map_err(|source| self.trouble(source))
    }

    /// Reads the keys of the faults that were told.
    pub(in crate::store) async fn faults_told(
        &self,
        plan: &Id,
    ) -> Result<HashSet<String>, StoreError> {
        let keys: Vec<String> =
            sqlx::query_scalar("SELECT key FROM faults WHERE plan = ? AND message IS NOT NULL")
                .bind(&**plan)
                .fetch_all(&self.readers)
                .await
                .map_err(|source| self.trouble(source))?;
        Ok(keys.into_iter().collect())
    }
}

async fn read_history(
    reader: &mut SqliteConnection,
    plan: &Id,
    ids: &mut Ids,
) -> sqlx::Result<History> {
    let mut history = History::default();
    let seen: Option<i64> = sqlx::query_scalar("SELECT seen_at FROM plans WHERE id = ?")
        .bind(&**plan)
        .fetch_optional(&mut *reader)
        .await?;
    history.plan_seen = seen.map(words::instant).transpose()?;
    history.deadlines_seen = read_sightings(reader, plan, ids).await?;
    let rules: Vec<(String, i64)> =
        sqlx::query_as("SELECT rule, seen_at FROM rules WHERE plan = ?")
            .bind(&**plan)
            .fetch_all(&mut *reader)
            .await?;
    for (rule, at) in rules {
        history.rules_seen.insert(ids.id(&rule), words::instant(at)?);
    }
    let (answers, _) = read_answers(reader, plan, 0, ids).await?;
    for (deadline, answer) in answers {
        history.answers.entry(deadline).or_default().push(answer);
    }
    read_failures(reader, plan, ids, &mut history).await?;
    read_threads(reader, plan, ids, &mut history).await?;
    read_notices(reader, plan, ids, &mut history).await?;
    Ok(history)
}

/// Reads when each deadline was first seen and last moved. Two daemons may have entered the same sighting.
pub(super) async fn read_sightings(
    reader: &mut SqliteConnection,
    plan: &Id,
    ids: &mut Ids,
) -> sqlx::Result<HashMap<Id, Seen>> {
    let mut seen: HashMap<Id, Seen> = HashMap::new();
    let mut rows =
        sqlx::query("SELECT deadline, at, due FROM sightings WHERE plan = ? ORDER BY id")
            .bind(&**plan)
            .fetch(reader);
    while let Some(row) = rows.try_next().await? {
        let deadline = ids.id(row.try_get(0)?);
        let at = words::instant(row.try_get(1)?)?;
        let due = row.try_get::<Option<&str>, _>(2)?.map(words::due).transpose()?;
        let known = seen.entry(deadline).or_insert(Seen { at, due, moved: None });
        if known.due != due {
            known.moved = Some((at, known.due));
            known.due = due;
        }
    }
    Ok(seen)
}

async fn read_answers(
    reader: &mut SqliteConnection,
    plan: &Id,
    mut last: i64,
    ids: &mut Ids,
) -> sqlx::Result<(Vec<(Id, Answer)>, i64)> {
    let mut answers = Vec::new();
    let mut rows = sqlx::query(
        "SELECT id, deadline, at, occurrence, unit, says, date, text
         FROM answers WHERE plan = ? AND id > ? ORDER BY id",
    )
    .bind(&**plan)
    .bind(last)
    .fetch(reader);
    while let Some(row) = rows.try_next().await? {
        last = row.try_get(0)?;
        let date = row.try_get::<Option<&str>, _>(6)?.map(words::date).transpose()?;
        let answer = Answer {
            at: words::instant(row.try_get(2)?)?,
            occurrence: row.try_get::<Option<&str>, _>(3)?.map(words::date).transpose()?,
            unit: row.try_get::<Option<&str>, _>(4)?.map(|unit| ids.id(unit)),
            says: words::says(row.try_get(5)?, date)?,
            text: row.try_get(7)?,
        };
        answers.push((ids.id(row.try_get(1)?), answer));
    }
    Ok((answers, last))
}

/// Reads what rules failed for.
async fn read_failures(
    reader: &mut SqliteConnection,
    plan: &Id,
    ids: &mut Ids,
    history: &mut History,
) -> sqlx::Result<()> {
    let mut rows =
        sqlx::query("SELECT fingerprint, rule, about, at FROM rule_failures WHERE plan = ?")
            .bind(&**plan)
            .fetch(reader);
    while let Some(row) = rows.try_next().await? {
        let (fingerprint, rule) = (ids.id(row.try_get(0)?), ids.id(row.try_get(1)?));
        let (about, at) = (row.try_get(2)?, words::instant(row.try_get(3)?)?);
        history.rule_failures.enter(&fingerprint, &rule, about, at);
    }
    Ok(())
}

/// Reads the first message about each deadline; one that nobody has got is none.
async fn read_threads(
    reader: &mut SqliteConnection,
    plan: &Id,
    ids: &mut Ids,
    history: &mut History,
) -> sqlx::Result<()> {
    let mut rows = sqlx::query(
        "SELECT message_id, deadlines FROM messages
             WHERE plan = ? AND state NOT IN ('held', 'dropped') ORDER BY id",
    )
    .bind(&**plan)
    .fetch(reader);
    while let Some(row) = rows.try_next().await? {
        let message_id: &str = row.try_get(0)?;
        for deadline in row.try_get::<&str, _>(1)?.split(',').filter(|id| !id.is_empty()) {
            history.threads.entry(ids.id(deadline)).or_insert_with(|| message_id.to_owned());
        }
    }
    Ok(())
}

/// A notice as history needs it.
#[derive(Debug, Deserialize)]
struct NoticeRow<'page>(
    #[serde(borrow)] KeyRow<'page>,
    #[serde(borrow)] Cow<'page, str>, // verdict
    #[serde(borrow)] Cow<'page, str>, // rule
    i64,                              // at
    Option<i64>,                      // message
);

async fn read_notices(
    reader: &mut SqliteConnection,
    plan: &Id,
    ids: &mut Ids,
    history: &mut History,
) -> sqlx::Result<()> {
    let (mut names, mut last) = (Names::default(), 0);
    let withheld: Vec<i64> =
        sqlx::query_scalar("SELECT id FROM messages WHERE state IN ('held', 'dropped')")
            .fetch_all(&mut *reader)
            .await?;
    let withheld: HashSet<i64> = withheld.into_iter().collect();
    let sql = "SELECT max(id), json_group_array(json_array(
                   json_array(about, about_id, about_rule, due, kind, nominal, recipient), verdict, rule, at, message))
               FROM (SELECT * FROM notices WHERE plan = ? AND id > ? ORDER BY id LIMIT 5000)";
    while let Some(page) = next_page(reader, sql, plan, &mut last).await? {
        for NoticeRow(key, verdict, rule, at, message) in pages::rows(&page)? {
            let key = key.read(plan, ids)?;
            if verdict == "not_sent" {
                history.passed_over.insert((key, ids.id(&rule)));
                continue;
            }
            if verdict == "send"
                && message.is_none_or(|message| !withheld.contains(&message))
                && let Some(name) = names.of(&key.about, key.due, &history.deadlines_seen)
            {
                history.last_told.insert(name, (words::instant(at)?, key.kind));
            }
            history.told.insert(key);
        }
    }
    Ok(())
}

/// The names of deadlines with their occurrence's date, each made once.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<(Id, DueDate), Id>);

impl Names {
    /// Returns `4e/meeting@2011-06-01` for an occurrence of a recurring deadline, `1a/summary` for another; `None` if
    /// it is about no deadline.
    ///
    /// Recurring is one that was last seen without a due date, where the notice has one.
    pub(super) fn of(
        &mut self,
        about: &About,
        due: Option<DueDate>,
        seen: &HashMap<Id, Seen>,
    ) -> Option<Id> {
        let About::Deadline(deadline) = about else { return None };
        let recurs = seen.get(deadline).is_some_and(|seen| seen.due.is_none());
        let Some(due) = due.filter(|_| recurs) else { return Some(deadline.clone()) };
        let name = self
            .0
            .entry((deadline.clone(), due))
            .or_insert_with(|| format!("{deadline}@{}", due.date).into());
        Some(name.clone())
    }
}
