//! Reading the log: every notice joined with its message.
//! What a row means is in `store::log`.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use super::history::{Names, read_sightings};
use super::pages::{self, KeyRow, next_page};
use crate::history::Seen;
use crate::plan::Id;
use crate::store::database::Transaction;
use crate::store::words::{self, Ids, known};
use crate::store::{Fate, LogEntry, MessageState, Store, StoreError};

impl Store {
    /// Reads every notice of `plan`, or of all plans, with its fate; ordered by at, to, deadline, kind, nominal, rule.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn log(&self, plan: Option<&Id>) -> Result<Vec<LogEntry>, StoreError> {
        let mut reader = self.database.read().await?;
        let mut entries =
            read_log(&mut reader, plan).await.map_err(|source| self.database.trouble(source))?;
        entries.sort_by(|a, b| a.order().cmp(&b.order()));
        Ok(entries)
    }
}

async fn read_log(reader: &mut Transaction, plan: Option<&Id>) -> sqlx::Result<Vec<LogEntry>> {
    let plans: Vec<Id> = if let Some(plan) = plan {
        vec![plan.clone()]
    } else {
        let rows = reader.rows("SELECT DISTINCT plan FROM notices", &[]).await?;
        rows.iter().map(|row| Ok(row.get::<&str>(0)?.into())).collect::<sqlx::Result<_>>()?
    };
    let mut entries = Vec::new();
    for plan in plans {
        read_plan(reader, &plan, &mut entries).await?;
    }
    Ok(entries)
}

async fn read_plan(
    reader: &mut Transaction,
    plan: &Id,
    entries: &mut Vec<LogEntry>,
) -> sqlx::Result<()> {
    let (mut ids, mut names) = (Ids::default(), Names::default());
    let seen = read_sightings(reader, plan, &mut ids).await?;
    let mut last = 0;
    let row = "row(row(about, about_id, about_rule, due, kind, nominal, recipient), measure, rule, step, moment,
                   at, verdict, code, reason, why, message_id, state, attempts, settled_at, said)";
    let from = "SELECT notices.*, message_id, state, attempts, settled_at, said
                FROM notices LEFT JOIN messages ON messages.id = notices.message AND verdict = 'send'
                WHERE notices.plan = $1 AND notices.id > $2 ORDER BY notices.id LIMIT 5000";
    while let Some(page) = next_page(reader, row, from, plan, &mut last).await? {
        for row in pages::rows::<LogRow>(&page)? {
            entries.push(row.read(plan, &mut ids, &mut names, &seen)?);
        }
    }
    Ok(())
}

/// A notice with its message, in the order of the query's columns.
#[derive(Debug, Deserialize)]
struct LogRow<'page> {
    #[serde(borrow)]
    key: KeyRow<'page>,
    #[serde(borrow)]
    measure: Option<Cow<'page, str>>,
    #[serde(borrow)]
    rule: Cow<'page, str>,
    step: u16,
    moment: i64,
    at: i64,
    #[serde(borrow)]
    verdict: Cow<'page, str>,
    code: Option<String>,
    reason: Option<String>,
    why: String,
    message_id: Option<String>,
    #[serde(borrow)]
    state: Option<Cow<'page, str>>,
    attempts: Option<u32>,
    settled_at: Option<i64>,
    said: Option<String>,
}

impl LogRow<'_> {
    fn read(
        self,
        plan: &Id,
        ids: &mut Ids,
        names: &mut Names,
        seen: &HashMap<Id, Seen>,
    ) -> sqlx::Result<LogEntry> {
        let key = self.key.read(plan, ids)?;
        Ok(LogEntry {
            plan: plan.clone(),
            deadline: names.of(&key.about, key.due, seen),
            about: key.about,
            measure: self.measure.map(|measure| ids.id(&measure)),
            due: key.due,
            rule: ids.id(&self.rule),
            step: self.step,
            kind: key.kind,
            to: key.to,
            nominal: key.nominal,
            moment: words::instant(self.moment)?,
            at: words::instant(self.at)?,
            fate: read_fate(&self.verdict, self.state.as_deref())?,
            reason: self.reason.unwrap_or_else(|| self.why.clone()),
            code: self.code,
            why: self.why,
            message_id: self.message_id,
            attempts: self.attempts.unwrap_or_default(),
            settled_at: self.settled_at.map(words::instant).transpose()?,
            said: self.said,
        })
    }
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
