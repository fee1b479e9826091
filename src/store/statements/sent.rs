//! Reading messages with everything that became of them.
//! What is shown of it is decided in `cli`.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::insert::placeholders;
use crate::store::database::{Row, Transaction, Value, values};
use crate::store::sent::{SentMessage, Tried};
use crate::store::words::{self, known};
use crate::store::{MessageState, Store, StoreError};

/// Messages in one query.
const AT_ONCE: usize = 500;

impl Store {
    /// Reads messages by their `Message-ID`s, oldest first, with all attempts and the mails as they were sent.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sent(&self, message_ids: &[&str]) -> Result<Vec<SentMessage>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let mut reader = self.database.read().await?;
        let mut sent = Vec::with_capacity(message_ids.len());
        for ids in message_ids.chunks(AT_ONCE) {
            sent.extend(read(&mut reader, ids).await.map_err(trouble)?);
        }
        sent.sort_by_key(|message| message.queued_at);
        Ok(sent)
    }
}

async fn read(reader: &mut Transaction, ids: &[&str]) -> sqlx::Result<Vec<SentMessage>> {
    let sql = format!(
        "SELECT messages.id, message_id, recipient_name, address, subject, queued_at, state, copies.digest, content, text
         FROM messages JOIN letters ON letters.message = messages.id
             LEFT JOIN copies ON copies.message = messages.id
         WHERE message_id IN {} ORDER BY messages.id",
        placeholders(1, ids.len(), 1),
    );
    let values: Vec<Value<'_>> = ids.iter().map(|id| Value::from(*id)).collect();
    let mut sent = Vec::new();
    for row in reader.rows(&sql, &values).await? {
        let attempts = attempts(reader, row.get(0)?).await?;
        sent.push(read_message(&row, attempts)?);
    }
    Ok(sent)
}

async fn attempts(reader: &mut Transaction, message: i64) -> sqlx::Result<Vec<Tried>> {
    let sql = "SELECT at, outcome, said FROM attempts WHERE message = $1 ORDER BY id";
    let rows = reader.rows(sql, &values![message]).await?;
    rows.iter()
        .map(|row| {
            Ok(Tried { at: words::instant(row.get(0)?)?, outcome: row.get(1)?, said: row.get(2)? })
        })
        .collect()
}

fn read_message(row: &Row, attempts: Vec<Tried>) -> sqlx::Result<SentMessage> {
    let state: &str = row.get(6)?;
    let content: Option<&[u8]> = row.get(8)?;
    let mail = content.filter(|content| !content.is_empty()).map(decompressed).transpose()?;
    Ok(SentMessage {
        message_id: row.get(1)?,
        to_name: row.get(2)?,
        address: row.get(3)?,
        subject: row.get(4)?,
        queued_at: words::instant(row.get(5)?)?,
        state: known(MessageState::from_word(state), "state of a message", state)?,
        attempts,
        mail,
        digest: row.get(7)?,
        text: row.get(9)?,
    })
}

pub(super) fn decompressed(content: &[u8]) -> sqlx::Result<Vec<u8>> {
    let mut mail = Vec::new();
    let read = ZlibDecoder::new(content).read_to_end(&mut mail);
    read.map(|_| mail).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
