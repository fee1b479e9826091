//! Writing and reading changes of a project's files; every text is kept once.
//! What a change is is in `store::change`.

use chrono::NaiveTime;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::SqliteLedger;
use crate::fingerprint;
use crate::project::{Files, PlanFile};
use crate::rules::Source;
use crate::store::words::{self, known};
use crate::store::{Change, ChangeEntry, ChangeId, NewChange, Numbers, StoreError};

impl SqliteLedger {
    /// Appends a change with its files.
    pub(in crate::store) async fn enter_change(
        &self,
        new: &NewChange,
    ) -> Result<ChangeId, StoreError> {
        let mut writer = self.write().await?;
        let id = insert(&mut writer, new).await.map_err(|source| self.trouble(source))?;
        writer.commit().await.map_err(|source| self.trouble(source))?;
        Ok(id)
    }

    /// Reads all changes, oldest first.
    pub(in crate::store) async fn changes(&self) -> Result<Vec<ChangeEntry>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, at, hash, send_at, who, changed, why, added, gone, moved, redirected, reworded
             FROM changes ORDER BY id",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(|source| self.trouble(source))?;
        rows.iter()
            .map(read_change)
            .collect::<sqlx::Result<_>>()
            .map_err(|source| self.trouble(source))
    }

    /// Reads the files of a change.
    pub(in crate::store) async fn files(&self, id: ChangeId) -> Result<Files, StoreError> {
        let rows = sqlx::query(
            "SELECT kind, file, name, content FROM change_files JOIN texts ON texts.hash = change_files.text
             WHERE change = ? ORDER BY change_files.id",
        )
        .bind(id.0)
        .fetch_all(&self.readers)
        .await
        .map_err(|source| self.trouble(source))?;
        read_files(&rows).map_err(|source| self.trouble(source))
    }
}

async fn insert(writer: &mut SqliteConnection, new: &NewChange) -> sqlx::Result<ChangeId> {
    let NewChange { change, files } = new;
    let number = |of: fn(&Numbers) -> u32| change.numbers.as_ref().map(of);
    let entered = sqlx::query(
        "INSERT INTO changes (at, state, hash, send_at, who, changed, why, added, gone, moved, redirected, reworded)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(change.at.timestamp_millis())
    .bind(change.state())
    .bind(&change.hash)
    .bind(change.send_at.to_string())
    .bind(&change.who)
    .bind(serde_json::Value::from(change.changed.clone()).to_string())
    .bind(&change.refused)
    .bind(number(|numbers| numbers.added))
    .bind(number(|numbers| numbers.gone))
    .bind(number(|numbers| numbers.moved))
    .bind(number(|numbers| numbers.redirected))
    .bind(number(|numbers| numbers.reworded))
    .execute(&mut *writer)
    .await?;
    let id = entered.last_insert_rowid();
    for plan in &files.plans {
        insert_file(writer, id, ("plan", &plan.file, ""), &plan.bytes).await?;
    }
    for (kind, sources) in [("rule", &files.rules), ("test", &files.tests)] {
        for Source { file, name, text, .. } in sources {
            insert_file(writer, id, (kind, file, name), text.as_bytes()).await?;
        }
    }
    Ok(ChangeId(id))
}

async fn insert_file(
    writer: &mut SqliteConnection,
    change: i64,
    (kind, file, name): (&str, &str, &str),
    content: &[u8],
) -> sqlx::Result<()> {
    let hash = fingerprint::of([content]);
    sqlx::query("INSERT INTO texts (hash, content) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(&hash)
        .bind(content)
        .execute(&mut *writer)
        .await?;
    sqlx::query("INSERT INTO change_files (change, kind, file, name, text) VALUES (?, ?, ?, ?, ?)")
        .bind(change)
        .bind(kind)
        .bind(file)
        .bind(name)
        .bind(&hash)
        .execute(writer)
        .await?;
    Ok(())
}

fn read_change(row: &SqliteRow) -> sqlx::Result<ChangeEntry> {
    let (send_at, changed): (&str, &str) = (row.try_get(3)?, row.try_get(5)?);
    let numbers = match row.try_get::<Option<u32>, _>(7)? {
        None => None,
        Some(added) => Some(Numbers {
            added,
            gone: row.try_get(8)?,
            moved: row.try_get(9)?,
            redirected: row.try_get(10)?,
            reworded: row.try_get(11)?,
        }),
    };
    let change = Change {
        at: words::instant(row.try_get(1)?)?,
        hash: row.try_get(2)?,
        send_at: known(send_at.parse::<NaiveTime>().ok(), "time of day", send_at)?,
        who: row.try_get(4)?,
        changed: known(serde_json::from_str(changed).ok(), "list of files", changed)?,
        refused: row.try_get(6)?,
        numbers,
    };
    Ok(ChangeEntry { id: ChangeId(row.try_get(0)?), change })
}

fn read_files(rows: &[SqliteRow]) -> sqlx::Result<Files> {
    let mut files = Files::default();
    for row in rows {
        let (kind, file): (&str, String) = (row.try_get(0)?, row.try_get(1)?);
        let content: Vec<u8> = row.try_get(3)?;
        if kind == "plan" {
            files.plans.push(PlanFile { file, bytes: content });
            continue;
        }
        let name: String = row.try_get(2)?;
        let text = String::from_utf8_lossy(&content).into_owned();
        let source = Source { file, import_only: name.contains('/'), name, text };
        let sources = if kind == "test" { &mut files.tests } else { &mut files.rules };
        sources.push(source);
    }
    Ok(files)
}
