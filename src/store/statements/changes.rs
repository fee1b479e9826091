//! Writing and reading changes of a project's files; every text is kept once.
//! What a change is is in `store::change`.

use super::insert::Insert;
use super::seal;
use crate::fingerprint;
use crate::project::{Files, PlanFile};
use crate::rules::Source;
use crate::store::database::{Row, Transaction, values};
use crate::store::words::{self, known};
use crate::store::{Change, ChangeEntry, ChangeId, NewChange, Numbers, Store, StoreError};
use chrono::NaiveTime;

impl Store {
    /// Appends a change of the project's files; a text that is known is kept once.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn enter_change(&self, change: &NewChange) -> Result<ChangeId, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let mut writer = self.deciding().await?;
        writer.enters().await.map_err(trouble)?;
        let id = insert(&mut writer, change).await.map_err(trouble)?;
        let tables = [seal::CHANGES, seal::CHANGE_FILES];
        seal::commit(writer, change.change.at, &tables).await.map_err(trouble)?;
        Ok(id)
    }

    /// Reads all changes of the project's files, in force and refused, oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn changes(&self) -> Result<Vec<ChangeEntry>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = "SELECT id, at, hash, send_at, who, changed, why, added, gone, moved, redirected, reworded
                   FROM changes ORDER BY id";
        let mut reader = self.database.read().await?;
        let rows = reader.rows(sql, &[]).await.map_err(trouble)?;
        rows.iter().map(read_change).collect::<sqlx::Result<_>>().map_err(trouble)
    }

    /// Reads the files of a change, as they were.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn files(&self, id: ChangeId) -> Result<Files, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = "SELECT kind, file, name, content FROM change_files JOIN texts ON texts.hash = change_files.text
                   WHERE change = $1 ORDER BY change_files.id";
        let mut reader = self.database.read().await?;
        let rows = reader.rows(sql, &values![id.0]).await.map_err(trouble)?;
        read_files(&rows).map_err(trouble)
    }
}

async fn insert(writer: &mut Transaction, new: &NewChange) -> sqlx::Result<ChangeId> {
    let NewChange { change, files } = new;
    let number = |of: fn(&Numbers) -> u32| change.numbers.as_ref().map(of);
    let entered = writer
        .only(
            "INSERT INTO changes (at, state, hash, send_at, who, changed, why, added, gone, moved, redirected, reworded)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
            &values![
                change.at,
                change.state(),
                &*change.hash,
                change.send_at.to_string(),
                change.who.as_deref(),
                serde_json::Value::from(change.changed.clone()).to_string(),
                change.refused.as_deref(),
                number(|numbers| numbers.added),
                number(|numbers| numbers.gone),
                number(|numbers| numbers.moved),
                number(|numbers| numbers.redirected),
                number(|numbers| numbers.reworded),
            ],
        )
        .await?;
    let id = entered.get(0)?;
    insert_files(writer, id, files).await?;
    Ok(ChangeId(id))
}

async fn insert_files(writer: &mut Transaction, change: i64, files: &Files) -> sqlx::Result<()> {
    let plans = files.plans.iter().map(|plan| ("plan", &*plan.file, "", &*plan.bytes));
    let sources = [("rule", &files.rules), ("test", &files.tests)];
    let sources = sources.into_iter().flat_map(|(kind, sources)| {
        sources
            .iter()
            .map(move |source| (kind, &*source.file, &*source.name, source.text.as_bytes()))
    });
    let files: Vec<_> = plans
        .chain(sources)
        .map(|(kind, file, name, content)| (kind, file, name, content, fingerprint::of([content])))
        .collect();
    let texts = Insert { into: "texts (hash, content)", then: "ON CONFLICT DO NOTHING" };
    let rows = files.iter().map(|(.., content, hash)| values![&**hash, *content]);
    texts.all(writer, rows).await?;
    let of_change = Insert { into: "change_files (change, kind, file, name, text)", then: "" };
    let rows = files
        .iter()
        .map(|(kind, file, name, _, hash)| values![change, *kind, *file, *name, &**hash]);
    of_change.all(writer, rows).await
}

fn read_change(row: &Row) -> sqlx::Result<ChangeEntry> {
    let (send_at, changed): (&str, &str) = (row.get(3)?, row.get(5)?);
    let numbers = match row.get::<Option<i64>>(7)? {
        None => None,
        Some(_) => Some(Numbers {
            added: row.count(7)?,
            gone: row.count(8)?,
            moved: row.count(9)?,
            redirected: row.count(10)?,
            reworded: row.count(11)?,
        }),
    };
    let change = Change {
        at: words::instant(row.get(1)?)?,
        hash: row.get(2)?,
        send_at: known(send_at.parse::<NaiveTime>().ok(), "time of day", send_at)?,
        who: row.get(4)?,
        changed: known(serde_json::from_str(changed).ok(), "list of files", changed)?,
        refused: row.get(6)?,
        numbers,
    };
    Ok(ChangeEntry { id: ChangeId(row.get(0)?), change })
}

fn read_files(rows: &[Row]) -> sqlx::Result<Files> {
    let mut files = Files::default();
    for row in rows {
        let (kind, file): (&str, String) = (row.get(0)?, row.get(1)?);
        let content: Vec<u8> = row.get(3)?;
        if kind == "plan" {
            files.plans.push(PlanFile { file, bytes: content });
            continue;
        }
        let name: String = row.get(2)?;
        let text = String::from_utf8_lossy(&content).into_owned();
        let source = Source { file, import_only: name.contains('/'), name, text };
        let sources = if kind == "test" { &mut files.tests } else { &mut files.rules };
        sources.push(source);
    }
    Ok(files)
}
