//! Checking that what was written still is as it was: rows against the chain, words and files against their digests.
//! What the chain is made of is in `seal`; what is found wrong, in `store::seal`.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::{ALL, Entry, UpTo, digest_of, digest_rows, json, page_after, read_entry, seal_of};
use crate::fingerprint::{self, Fingerprint};
use crate::store::database::{Transaction, values};
use crate::store::seal::{SealFault, Verified};
use crate::store::{Store, StoreError};

impl Store {
    /// Checks the whole ledger against its chain; with `noted`, a seal that was noted elsewhere, also that it is in it.
    ///
    /// # Errors
    /// If the database fails, or its file is damaged.
    pub async fn verify(&self, noted: Option<&str>) -> Result<Verified, StoreError> {
        self.database.check().await?;
        let mut reader = self.database.read().await?;
        verify(&mut reader, noted).await.map_err(|source| self.database.trouble(source))
    }
}

async fn verify(reader: &mut Transaction, noted: Option<&str>) -> sqlx::Result<Verified> {
    let mut verified = Verified { entries: 0, newest: None, faults: Vec::new() };
    let (mut upto, mut seal, mut last) = (UpTo::new(), String::new(), 0);
    let mut is_noted = false;
    while let Some(entry) = next(reader, last).await? {
        if entry.id > last + 1 {
            verified.faults.push(SealFault::Gone { from: last + 1, until: entry.id - 1 });
        }
        let (id, at) = (entry.id, entry.at);
        if entry.seal != seal_of(&seal, at, &json(&entry.upto), &entry.digest) {
            verified.faults.push(SealFault::Broken { entry: id, at });
        }
        let (digest, rows) = digest_between(reader, &upto, &entry.upto).await?;
        if digest != entry.digest {
            verified.faults.push(SealFault::Changed { entry: id, at, rows: rows.join(", ") });
        }
        is_noted |= noted == Some(entry.seal.as_str());
        verified.entries += 1;
        verified.newest = Some((at, entry.seal.clone()));
        (upto, seal, last) = (entry.upto, entry.seal, id);
    }
    for table in &ALL {
        let sealed = upto.get(table.name).copied().unwrap_or_default();
        let sql = format!("SELECT count(*) FROM {} WHERE {} > $1", table.name, table.number);
        let count: i64 = reader.only(&sql, &values![sealed]).await?.get(0)?;
        if count > 0 {
            verified.faults.push(SealFault::Unsealed { table: table.name, count });
        }
    }
    if let Some(seal) = noted.filter(|_| !is_noted) {
        verified.faults.push(SealFault::Unknown { seal: seal.to_owned() });
    }
    verify_messages(reader, &mut verified.faults).await?;
    verify_copies(reader, &mut verified.faults).await?;
    verify_files(reader, &mut verified.faults).await?;
    Ok(verified)
}

/// Compares each message's words with their digest, and how it stands with what its attempts came to.
async fn verify_messages(
    reader: &mut Transaction,
    faults: &mut Vec<SealFault>,
) -> sqlx::Result<()> {
    let sql = "SELECT messages.id, message_id, state, digest, text, html, archived_at, outcome,
                   messages.said, attempts.said, settled_at, attempts.at
               FROM messages LEFT JOIN letters ON letters.message = messages.id
                   LEFT JOIN attempts ON attempts.id = (SELECT max(id) FROM attempts WHERE message = messages.id)
               WHERE messages.id > $1 ORDER BY messages.id LIMIT 500";
    let mut last = 0_i64;
    loop {
        let rows = reader.rows(sql, &values![last]).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            last = row.get(0)?;
            let (message_id, state): (&str, &str) = (row.get(1)?, row.get(2)?);
            let digest: Option<&str> = row.get(3)?;
            let letter: (Option<&str>, Option<&str>) = (row.get(4)?, row.get(5)?);
            let is_archived = row.get::<Option<i64>>(6)?.is_some();
            let is_sound = match (letter, digest) {
                ((Some(""), Some("")), _) if is_archived => true,
                // Older than digests: these words are in the chain.
                ((Some(_), Some(_)), None) => true,
                ((Some(text), Some(html)), Some(digest)) => digest == digest_of(text, html),
                _ => false,
            };
            if !is_sound {
                faults.push(SealFault::Words { message_id: message_id.to_owned() });
            }
            let says = match row.get::<Option<&str>>(7)? {
                Some("sent") => "sent",
                Some("gave_up") => "gave_up",
                _ => "open",
            };
            let is = if matches!(state, "sent" | "gave_up") { state } else { "open" };
            if says != is {
                faults.push(SealFault::State {
                    message_id: message_id.to_owned(),
                    state: state.to_owned(),
                });
            }
            let (said, answered): (Option<&str>, Option<&str>) = (row.get(8)?, row.get(9)?);
            let (ended, at): (Option<i64>, Option<i64>) = (row.get(10)?, row.get(11)?);
            if is != "open" && (said, ended) != (answered, at) {
                faults.push(SealFault::End { message_id: message_id.to_owned() });
            }
        }
    }
}

/// Compares the copies of what was sent with their digests.
async fn verify_copies(reader: &mut Transaction, faults: &mut Vec<SealFault>) -> sqlx::Result<()> {
    let sql = "SELECT copies.id, message_id, copies.digest, content, archived_at
               FROM copies JOIN messages ON messages.id = copies.message
               WHERE copies.id > $1 ORDER BY copies.id LIMIT 500";
    let mut last = 0_i64;
    loop {
        let rows = reader.rows(sql, &values![last]).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            last = row.get(0)?;
            let content: &[u8] = row.get(3)?;
            let mut mail = Vec::new();
            let read = ZlibDecoder::new(content).read_to_end(&mut mail);
            let is_archived = content.is_empty() && row.get::<Option<i64>>(4)?.is_some();
            if !is_archived && (read.is_err() || fingerprint::of([&*mail]) != row.get::<&str>(2)?) {
                faults.push(SealFault::Words { message_id: row.get(1)? });
            }
        }
    }
}

/// Compares the kept files with their hashes.
async fn verify_files(reader: &mut Transaction, faults: &mut Vec<SealFault>) -> sqlx::Result<()> {
    let sql = "SELECT hash, content FROM texts WHERE hash > $1 ORDER BY hash LIMIT 50";
    let name = "SELECT min(file) FROM change_files WHERE text = $1";
    let mut last = String::new();
    loop {
        let rows = reader.rows(sql, &values![&*last]).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            last = row.get(0)?;
            if fingerprint::of([row.get(1)?]) != last {
                let named = reader.only(name, &values![&*last]).await?;
                let file = named.get::<Option<String>>(0)?.unwrap_or_default();
                faults.push(SealFault::File { file });
            }
        }
    }
}

/// Digests the rows between two entries, and names them.
async fn digest_between(
    reader: &mut Transaction,
    from: &UpTo,
    until: &UpTo,
) -> sqlx::Result<(String, Vec<String>)> {
    let (mut digest, mut names) = (Fingerprint::default(), Vec::new());
    for table in &ALL {
        let last = from.get(table.name).copied().unwrap_or_default();
        let end = until.get(table.name).copied().unwrap_or_default();
        if end > last {
            if let Some(page) = page_after(reader, table, last, end).await? {
                digest_rows(reader, table, page, end, &mut digest).await?;
            }
            let rows =
                if end == last + 1 { end.to_string() } else { format!("{} to {end}", last + 1) };
            names.push(format!("{} {rows}", table.name));
        }
    }
    Ok((digest.text(), names))
}

async fn next(reader: &mut Transaction, last: i64) -> sqlx::Result<Option<Entry>> {
    let sql = "SELECT id, at, upto, digest, seal FROM seals WHERE id > $1 ORDER BY id LIMIT 1";
    reader.first(sql, &values![last]).await?.map(|row| read_entry(&row)).transpose()
}
