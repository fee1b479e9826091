//! Reading the log: every notice joined with its message.
//! What a row means is in `store::log`.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::SqliteLedger;
use super::history::{Names, read_key, read_sightings};
use crate::history::Seen;
use crate::plan::Id;
use crate::store::words::{self, Ids, known};
use crate::store::{Fate, LogEntry, MessageState, StoreError};

impl SqliteLedger {
    /// Reads the log of `plan`, or of all plans.
    pub(in crate::store) async fn log(
        &self,
        plan: Option<&Id>,
    ) -> Result<Vec<LogEntry>, StoreError> {
        let mut reader = self.read().await?;
        let mut entries =
            read_log(&mut reader, plan).await.map_err(|source| self.trouble(source))?;
        entries.sort_by(|a, b| a.order().cmp(&b.order()));
        Ok(entries)
    }
}

async fn read_log(reader: &mut SqliteConnection, plan: Option<&Id>) -> sqlx::Result<Vec<LogEntry>> {
    let plans: Vec<Id> = if let Some(plan) = plan {
        vec![plan.clone()]
    } else {
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT DISTINCT plan FROM notices").fetch_all(&mut *reader).await?;
        ids.into_iter().map(Id::from).collect()
    };
    let mut entries = Vec::new();
    for plan in plans {
        read_plan(reader, &plan, &mut entries).await?;
    }
    Ok(entries)
}

async fn read_plan(
    reader: &mut SqliteConnection,
    plan: &Id,
    entries: &mut Vec<LogEntry>,
) -> sqlx::Result<()> {
    let (mut ids, mut names) = (Ids::default(), Names::default());
    let seen = read_sightings(reader, plan, &mut ids).await?;
    let mut rows = sqlx::query(
        "SELECT about, about_id, about_rule, due, kind, nominal, notices.recipient, measure, rule, step, moment, notices.at,
             verdict, code, reason, why, message_id, state, attempts, settled_at, said
         FROM notices LEFT JOIN messages ON messages.id = notices.message AND verdict = 'send'
         WHERE notices.plan = ?",
    )
    .bind(&**plan)
    .fetch(reader);
    while let Some(row) = rows.try_next().await? {
        entries.push(read_entry(&row, plan, &mut ids, &mut names, &seen)?);
    }
    Ok(())
}

fn read_entry(
    row: &SqliteRow,
    plan: &Id,
    ids: &mut Ids,
    names: &mut Names,
    seen: &HashMap<Id, Seen>,
) -> sqlx::Result<LogEntry> {
    let key = read_key(row, plan, ids)?;
    let why: String = row.try_get(15)?;
    let settled_at: Option<i64> = row.try_get(19)?;
    Ok(LogEntry {
        plan: plan.clone(),
        deadline: names.of(&key.about, key.due, seen),
        measure: row.try_get::<Option<&str>, _>(7)?.map(|measure| ids.id(measure)),
        due: key.due,
        rule: ids.id(row.try_get(8)?),
        step: row.try_get(9)?,
        kind: key.kind,
        to: key.to,
        nominal: key.nominal,
        moment: words::instant(row.try_get(10)?)?,
        at: words::instant(row.try_get(11)?)?,
        fate: read_fate(row.try_get(12)?, row.try_get(17)?)?,
        reason: row.try_get::<Option<String>, _>(14)?.unwrap_or_else(|| why.clone()),
        code: row.try_get(13)?,
        why,
        message_id: row.try_get(16)?,
        attempts: row.try_get::<Option<u32>, _>(18)?.unwrap_or_default(),
        settled_at: settled_at.map(words::instant).transpose()?,
        said: row.try_get(20)?,
    })
}

fn read_fate(verdict: &str, state: Option<&str>) -> sqlx::Result<Fate> {
    let fate = match (verdict, state) {
        ("send", Some(state)) => MessageState::from_word(state).map(Fate::Told),
        ("superseded", _) => Some(Fate::Superseded),
        ("not_sent", _) => Some(Fate::NotSent),
        _ => None,
    };
    known(fate, "fate of a notice", state.unwrap_or(verdict))
}
