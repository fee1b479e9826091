//! The long texts of messages that were settled long ago: reading them, and taking them out of the ledger.
//! The file that they go into is in `store::archive`.

use chrono::{DateTime, Utc};

use super::insert::placeholders;
use super::sent::decompressed;
use crate::store::archive::Archived;
use crate::store::database::{Row, Transaction, Value, values};
use crate::store::{Store, StoreError, words};

/// So many messages are read at a time, or marked in one transaction.
const PORTION: u32 = 500;

/// So many of them are marked by one statement; SQLite finds a value's place by going through all of them.
const AT_ONCE: usize = 50;

impl Store {
    /// Reads messages that were settled before `before` and have their texts in the ledger, outside the chain of seals, in the order in which they were
    /// queued: those after the row `last`, a portion at a time and `most` at most.
    ///
    /// # Errors
    /// If the database fails.
    pub(in crate::store) async fn to_archive(
        &self,
        before: DateTime<Utc>,
        last: i64,
        most: usize,
    ) -> Result<Vec<Archived>, StoreError> {
        let sql = "SELECT messages.id, message_id, plan, recipient, address, deadlines, queued_at, settled_at, state, said,
                          subject, text, html, copies.digest, content
                   FROM messages JOIN letters ON letters.message = messages.id
                       LEFT JOIN copies ON copies.message = messages.id
                   WHERE settled_at < $1 AND archived_at IS NULL AND messages.digest IS NOT NULL AND messages.id > $2 ORDER BY messages.id LIMIT $3";
        let trouble = |source| self.database.trouble(source);
        let mut reader = self.database.read().await?;
        let limit = u32::try_from(most).unwrap_or(PORTION).min(PORTION);
        let rows = reader.rows(sql, &values![before, last, limit]).await.map_err(trouble)?;
        rows.iter().map(read_one).collect::<sqlx::Result<_>>().map_err(trouble)
    }

    /// Takes the texts of messages out of the ledger, which must lie in an archive by then.
    ///
    /// # Errors
    /// If the database fails; then some may have been taken out.
    pub(in crate::store) async fn mark_archived(
        &self,
        ids: &[i64],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let trouble = |source| self.database.trouble(source);
        for portion in ids.chunks(PORTION as usize) {
            let mut writer = self.database.write().await?;
            for ids in portion.chunks(AT_ONCE) {
                mark(&mut writer, ids, now).await.map_err(trouble)?;
            }
            writer.commit().await.map_err(trouble)?;
        }
        Ok(())
    }
}

async fn mark(writer: &mut Transaction, ids: &[i64], now: DateTime<Utc>) -> sqlx::Result<()> {
    let (these, no_content): (_, &[u8]) = (placeholders(1, ids.len(), 2), &[]);
    let with = |first: Value<'static>| -> Vec<Value<'static>> {
        [first].into_iter().chain(ids.iter().map(|id| Value::from(*id))).collect()
    };
    let messages =
        format!("UPDATE messages SET archived_at = $1 WHERE archived_at IS NULL AND id IN {these}");
    writer.execute(&messages, &with(now.into())).await?;
    let letters = format!("UPDATE letters SET text = $1, html = $1 WHERE message IN {these}");
    writer.execute(&letters, &with("".into())).await?;
    let copies = format!("UPDATE copies SET content = $1 WHERE message IN {these}");
    writer.execute(&copies, &with(no_content.into())).await.map(|_| ())
}

fn read_one(row: &Row) -> sqlx::Result<Archived> {
    let content: Option<&[u8]> = row.get(14)?;
    let mail = content.filter(|content| !content.is_empty()).map(decompressed).transpose()?;
    Ok(Archived {
        id: row.get(0)?,
        message_id: row.get(1)?,
        plan: row.get(2)?,
        to: row.get(3)?,
        address: row.get(4)?,
        deadlines: row.get(5)?,
        queued_at: words::instant(row.get(6)?)?.to_rfc3339(),
        settled_at: words::instant(row.get(7)?)?.to_rfc3339(),
        state: row.get(8)?,
        reply: row.get(9)?,
        subject: row.get(10)?,
        text: row.get(11)?,
        html: row.get(12)?,
        mail: mail.map(|mail| String::from_utf8_lossy(&mail).into_owned()),
        digest: row.get(13)?,
    })
}
