//! Reading the past of one plan. A ledger grows to a million notices, so it is read in pages and ids are shared.
//! What a tick makes of it is in `schedule`.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use super::pages::{self, KeyRow, next_page};
use crate::history::{Answer, History, Seen};
use crate::notice::About;
use crate::plan::{DueDate, Id};
use crate::store::database::{Transaction, values};
use crate::store::words::{self, Ids};
use crate::store::{Store, StoreError};

impl Store {
    /// Reads everything that a tick needs to know about the past of `plan`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn history(&self, plan: &Id) -> Result<History, StoreError> {
        self.past(plan).await.map(|(history, _)| history)
    }

    /// Reads the same, and the row from which [`Store::answers_since`] goes on.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn past(&self, plan: &Id) -> Result<(History, i64), StoreError> {
        let mut reader = self.database.read().await?;
        let mut ids = Ids::default();
        read_history(&mut reader, plan, &mut ids)
            .await
            .map_err(|source| self.database.trouble(source))
    }

    /// Reads the answers about deadlines of `plan` that were entered after the row `last`, in the order of entry, and
    /// the row to go on from; 0 comes before all rows.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn answers_since(
        &self,
        plan: &Id,
        last: i64,
    ) -> Result<(Vec<(Id, Answer)>, i64), StoreError> {
        let mut reader = self.database.read().await?;
        read_answers(&mut reader, plan, last, &mut Ids::default())
            .await
            .map_err(|source| self.database.trouble(source))
    }

    /// Reads the keys of the faults of `plan` that its owner was told about.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn faults_told(&self, plan: &Id) -> Result<HashSet<String>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = "SELECT key FROM faults WHERE plan = $1 AND message IS NOT NULL";
        let mut reader = self.database.read().await?;
        let rows = reader.rows(sql, &values![&**plan]).await.map_err(trouble)?;
        rows.iter().map(|row| row.get(0)).collect::<sqlx::Result<_>>().map_err(trouble)
    }
}

async fn read_history(
    reader: &mut Transaction,
    plan: &Id,
    ids: &mut Ids,
) -> sqlx::Result<(History, i64)> {
    let mut history = History::default();
    let seen = reader.first("SELECT seen_at FROM plans WHERE id = $1", &values![&**plan]).await?;
    history.plan_seen = seen.map(|row| words::instant(row.get(0)?)).transpose()?;
    history.deadlines_seen = read_sightings(reader, plan, ids).await?;
    let sql = "SELECT rule, seen_at FROM rules WHERE plan = $1";
    for row in reader.rows(sql, &values![&**plan]).await? {
        history.rules_seen.insert(ids.id(row.get(0)?), words::instant(row.get(1)?)?);
    }
    let (answers, newest_answer) = read_answers(reader, plan, 0, ids).await?;
    for (deadline, answer) in answers {
        history.answers.entry(deadline).or_default().push(answer);
    }
    read_failures(reader, plan, ids, &mut history).await?;
    read_threads(reader, plan, ids, &mut history).await?;
    read_notices(reader, plan, ids, &mut history).await?;
    Ok((history, newest_answer))
}

/// Reads when each deadline was first seen and last moved. Two daemons may have entered the same sighting.
pub(super) async fn read_sightings(
    reader: &mut Transaction,
    plan: &Id,
    ids: &mut Ids,
) -> sqlx::Result<HashMap<Id, Seen>> {
    let mut seen: HashMap<Id, Seen> = HashMap::new();
    let sql = "SELECT deadline, at, due FROM sightings WHERE plan = $1 ORDER BY id";
    for row in reader.rows(sql, &values![&**plan]).await? {
        let deadline = ids.id(row.get(0)?);
        let at = words::instant(row.get(1)?)?;
        let due = row.get::<Option<&str>>(2)?.map(words::due).transpose()?;
        let known = seen.entry(deadline).or_insert(Seen { at, due, moved: None });
        if known.due != due {
            known.moved = Some((at, known.due));
            known.due = due;
        }
    }
    Ok(seen)
}

async fn read_answers(
    reader: &mut Transaction,
    plan: &Id,
    mut last: i64,
    ids: &mut Ids,
) -> sqlx::Result<(Vec<(Id, Answer)>, i64)> {
    let mut answers = Vec::new();
    let sql = "SELECT id, deadline, at, occurrence, unit, says, date, text
               FROM answers WHERE plan = $1 AND id > $2 ORDER BY id";
    for row in reader.rows(sql, &values![&**plan, last]).await? {
        last = row.get(0)?;
        let date = row.get::<Option<&str>>(6)?.map(words::date).transpose()?;
        let answer = Answer {
            at: words::instant(row.get(2)?)?,
            occurrence: row.get::<Option<&str>>(3)?.map(words::date).transpose()?,
            unit: row.get::<Option<&str>>(4)?.map(|unit| ids.id(unit)),
            says: words::says(row.get(5)?, date)?,
            text: row.get(7)?,
        };
        answers.push((ids.id(row.get(1)?), answer));
    }
    Ok((answers, last))
}

/// Reads what rules failed for.
async fn read_failures(
    reader: &mut Transaction,
    plan: &Id,
    ids: &mut Ids,
    history: &mut History,
) -> sqlx::Result<()> {
    let sql = "SELECT fingerprint, rule, about, at FROM rule_failures WHERE plan = $1";
    for row in reader.rows(sql, &values![&**plan]).await? {
        let (fingerprint, rule) = (ids.id(row.get(0)?), ids.id(row.get(1)?));
        let (about, at) = (row.get(2)?, words::instant(row.get(3)?)?);
        history.rule_failures.enter(&fingerprint, &rule, about, at);
    }
    Ok(())
}

/// Reads the first message about each deadline; one that nobody has got is none.
async fn read_threads(
    reader: &mut Transaction,
    plan: &Id,
    ids: &mut Ids,
    history: &mut History,
) -> sqlx::Result<()> {
    let from = "SELECT id, message_id, deadlines FROM messages
                WHERE plan = $1 AND id > $2 AND state NOT IN ('held', 'dropped') ORDER BY id LIMIT 5000";
    let mut last = 0;
    while let Some(page) =
        next_page(reader, "row(message_id, deadlines)", from, plan, &mut last).await?
    {
        for ThreadRow(message_id, deadlines) in pages::rows(&page)? {
            for deadline in deadlines.split(',').filter(|id| !id.is_empty()) {
                let thread = history.threads.entry(ids.id(deadline));
                thread.or_insert_with(|| message_id.clone().into_owned());
            }
        }
    }
    Ok(())
}

/// A message as history needs it.
#[derive(Debug, Deserialize)]
struct ThreadRow<'page>(
    #[serde(borrow)] Cow<'page, str>, // message_id
    #[serde(borrow)] Cow<'page, str>, // deadlines
);

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
    reader: &mut Transaction,
    plan: &Id,
    ids: &mut Ids,
    history: &mut History,
) -> sqlx::Result<()> {
    let (mut names, mut last) = (Names::default(), 0);
    let withheld = reader
        .rows("SELECT id FROM messages WHERE state IN ('held', 'dropped')", &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect::<sqlx::Result<HashSet<i64>>>()?;
    let row = "row(row(about, about_id, about_rule, due, kind, nominal, recipient), verdict, rule, at, message)";
    let from = "SELECT * FROM notices WHERE plan = $1 AND id > $2 ORDER BY id LIMIT 5000";
    while let Some(page) = next_page(reader, row, from, plan, &mut last).await? {
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
