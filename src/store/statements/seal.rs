//! Sealing what was written, and checking that it still is as it was.
//! Each transaction that enters something ends with an entry of the chain: the digest of the new rows, together with the
//! seal before it. So a change of any row breaks its entry, and a new entry in its place breaks all later ones.

use std::collections::BTreeMap;
use std::io::Read;

use chrono::{DateTime, Utc};
use flate2::read::ZlibDecoder;

use crate::fingerprint::{self, Fingerprint};
use crate::store::database::{Dialects, Transaction, values};
use crate::store::seal::{SealFault, Verified};
use crate::store::words::{self, known};
use crate::store::{Store, StoreError};

/// Rows in one page.
const PAGE: i64 = 5000;

/// Keeps two daemons from sealing at once on PostgreSQL: "frst", then 2; 1 is the migrations'.
const CHAIN: i64 = 0x6672_7374_0002;

/// A table whose rows are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sealed {
    name: &'static str,
    /// The column that numbers the rows.
    number: &'static str,
    /// What is sealed of each row, separated by commas: all that never changes.
    columns: &'static str,
}

pub(super) const PLANS: Sealed = Sealed { name: "plans", number: "number", columns: "id, seen_at" };
pub(super) const RULES: Sealed =
    Sealed { name: "rules", number: "number", columns: "plan, rule, seen_at" };
pub(super) const SIGHTINGS: Sealed =
    Sealed { name: "sightings", number: "id", columns: "plan, deadline, at, due" };
pub(super) const MESSAGES: Sealed = Sealed {
    name: "messages",
    number: "id",
    columns: "message_id, plan, recipient, deadlines, queued_at, change, plan_title, recipient_name, address, language, \
              thread, subject, \
              coalesce(digest; (SELECT text || html FROM letters WHERE message = messages.id))",
};
pub(super) const NOTICES: Sealed = Sealed {
    name: "notices",
    number: "id",
    columns: "plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, \
              verdict, code, reason, why, message",
};
pub(super) const ATTEMPTS: Sealed =
    Sealed { name: "attempts", number: "id", columns: "message, at, holder, outcome, said" };
pub(super) const COPIES: Sealed =
    Sealed { name: "copies", number: "id", columns: "message, at, digest" };
pub(super) const ANSWERS: Sealed = Sealed {
    name: "answers",
    number: "id",
    columns: "plan, deadline, at, occurrence, unit, says, date, text",
};
pub(super) const FAULTS: Sealed =
    Sealed { name: "faults", number: "number", columns: "plan, key, at, text" };
pub(super) const FAILURES: Sealed = Sealed {
    name: "rule_failures",
    number: "id",
    columns: "plan, fingerprint, rule, about, at, message",
};
pub(super) const CHANGES: Sealed = Sealed {
    name: "changes",
    number: "id",
    columns: "at, state, hash, send_at, who, changed, why, added, gone, moved, redirected, reworded",
};
pub(super) const CHANGE_FILES: Sealed =
    Sealed { name: "change_files", number: "id", columns: "change, kind, file, name, text" };

pub(super) const INSTANCES: Sealed =
    Sealed { name: "instances", number: "id", columns: "at, state, token, host, who" };

/// Every table that is sealed, in the order in which their rows are digested.
const ALL: [Sealed; 13] = [
    PLANS,
    RULES,
    SIGHTINGS,
    MESSAGES,
    NOTICES,
    ATTEMPTS,
    COPIES,
    ANSWERS,
    FAULTS,
    FAILURES,
    CHANGES,
    CHANGE_FILES,
    INSTANCES,
];

/// The last sealed row of each table.
type UpTo = BTreeMap<String, i64>;

/// An entry of the chain.
struct Entry {
    id: i64,
    at: DateTime<Utc>,
    upto: UpTo,
    digest: String,
    seal: String,
}

/// Keeps other daemons from entering anything until this transaction ends; to be called before the first row.
pub(super) async fn begin(writer: &mut Transaction) -> sqlx::Result<()> {
    // SQLite lets one write at a time anyhow.
    let lock = Dialects { sqlite: "", postgres: "SELECT pg_advisory_xact_lock($1)" };
    match writer.choose(lock) {
        "" => Ok(()),
        lock => writer.rows(lock, &values![CHAIN]).await.map(|_| ()),
    }
}

/// Seals the rows of `tables` that are new.
pub(super) async fn seal(
    writer: &mut Transaction,
    at: DateTime<Utc>,
    tables: &[Sealed],
) -> sqlx::Result<()> {
    let before = newest(writer).await?;
    let (last, mut upto, seal_before) =
        before.map_or_else(Default::default, |entry| (entry.id, entry.upto, entry.seal));
    let mut digest = Fingerprint::default();
    let mut any = false;
    for table in ALL.iter().filter(|table| tables.contains(table)) {
        let last = upto.get(table.name).copied().unwrap_or_default();
        if let Some(last) = digest_rows(writer, table, last, i64::MAX, &mut digest).await? {
            upto.insert(table.name.to_owned(), last);
            any = true;
        }
    }
    if !any {
        return Ok(());
    }
    let (upto, digest) = (json(&upto), digest.text());
    let seal = seal_of(&seal_before, at, &upto, &digest);
    let sql = "INSERT INTO seals (id, at, upto, digest, seal) VALUES ($1, $2, $3, $4, $5)";
    writer.execute(sql, &values![last + 1, at, upto, digest, seal]).await.map(|_| ())
}

impl Store {
    /// Seals what an older frist has written, which knew no chain.
    ///
    /// # Errors
    /// If the database fails.
    pub(in crate::store) async fn begin_chain(&self) -> Result<(), StoreError> {
        let trouble = |source| self.database.trouble(source);
        let mut reader = self.database.read().await?;
        let chain = reader.first("SELECT 1 FROM seals LIMIT 1", &[]).await.map_err(trouble)?;
        if chain.is_some() {
            return Ok(());
        }
        // Whatever was entered last; nothing, in a new ledger.
        let newest = "SELECT max(at) FROM (SELECT max(at) AS at FROM notices UNION ALL SELECT max(at) FROM answers
                          UNION ALL SELECT max(at) FROM sightings UNION ALL SELECT max(at) FROM changes
                          UNION ALL SELECT max(seen_at) FROM plans UNION ALL SELECT max(seen_at) FROM rules) AS entered";
        let row = reader.only(newest, &[]).await.map_err(trouble)?;
        let Some(at) = row.get::<Option<i64>>(0).map_err(trouble)? else { return Ok(()) };
        drop(reader);
        let mut writer = self.database.write().await?;
        begin(&mut writer).await.map_err(trouble)?;
        let at = words::instant(at).map_err(trouble)?;
        seal(&mut writer, at, &ALL).await.map_err(trouble)?;
        writer.commit().await.map_err(trouble)
    }

    /// Checks the whole ledger against its chain; with `noted`, a seal that was noted elsewhere, also that it is in it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn verify(&self, noted: Option<&str>) -> Result<Verified, StoreError> {
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

/// Compares each message's words with their digest, and its state with what its attempts came to.
async fn verify_messages(
    reader: &mut Transaction,
    faults: &mut Vec<SealFault>,
) -> sqlx::Result<()> {
    let sql = "SELECT id, message_id, state, digest, text, html, archived_at,
                   (SELECT outcome FROM attempts WHERE message = messages.id ORDER BY attempts.id DESC LIMIT 1)
               FROM messages LEFT JOIN letters ON letters.message = messages.id
               WHERE id > $1 ORDER BY id LIMIT 500";
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

/// Returns the digest of the words of a message.
pub(super) fn digest_of(text: &str, html: &str) -> String {
    fingerprint::of([text.as_bytes(), html.as_bytes()])
}

fn seal_of(before: &str, at: DateTime<Utc>, upto: &str, digest: &str) -> String {
    let at = at.timestamp_millis().to_string();
    fingerprint::of([before, &at, upto, digest].map(str::as_bytes))
}

fn json(upto: &UpTo) -> String {
    serde_json::to_string(upto).expect("numbers by name are JSON")
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
            digest_rows(reader, table, last, end, &mut digest).await?;
            let rows =
                if end == last + 1 { end.to_string() } else { format!("{} to {end}", last + 1) };
            names.push(format!("{} {rows}", table.name));
        }
    }
    Ok((digest.text(), names))
}

/// Adds the rows after `last` up to `end` to `digest`; returns the number of the last one, `None` if there is none.
async fn digest_rows(
    reader: &mut Transaction,
    table: &Sealed,
    last: i64,
    end: i64,
    digest: &mut Fingerprint,
) -> sqlx::Result<Option<i64>> {
    let Sealed { name, number, columns } = table;
    // Each value with its length before it, so that no two rows read the same; `-` where there is none.
    let value = |column: &str| {
        let text = format!("CAST({} AS TEXT)", column.trim().replace(';', ","));
        format!("coalesce(length({text}) || ':' || {text}, '-')")
    };
    let row = columns.split(',').map(value).collect::<Vec<_>>().join(" || ");
    let all = reader.choose(Dialects {
        sqlite: "group_concat(row, char(10))",
        postgres: "string_agg(row, chr(10) ORDER BY number)",
    });
    let sql = format!(
        "SELECT max(number), {all}, count(*) FROM (SELECT {number} AS number, {row} AS row FROM {name}
             WHERE {number} > $1 AND {number} <= $2 ORDER BY {number} LIMIT {PAGE}) AS page"
    );
    let (mut from, mut found) = (last, None);
    loop {
        let page = reader.only(&sql, &values![from, end]).await?;
        let Some(number) = page.get::<Option<i64>>(0)? else { return Ok(found) };
        if found.is_none() {
            digest.add(name.as_bytes());
            digest.add(b"\n");
        }
        digest.add(page.get::<&str>(1)?.as_bytes());
        digest.add(b"\n");
        // A page that is not full is the last one.
        if page.get::<i64>(2)? < PAGE {
            return Ok(Some(number));
        }
        (from, found) = (number, Some(number));
    }
}

async fn newest(reader: &mut Transaction) -> sqlx::Result<Option<Entry>> {
    let sql = "SELECT id, at, upto, digest, seal FROM seals ORDER BY id DESC LIMIT 1";
    reader.first(sql, &[]).await?.map(|row| read_entry(&row)).transpose()
}

async fn next(reader: &mut Transaction, last: i64) -> sqlx::Result<Option<Entry>> {
    let sql = "SELECT id, at, upto, digest, seal FROM seals WHERE id > $1 ORDER BY id LIMIT 1";
    reader.first(sql, &values![last]).await?.map(|row| read_entry(&row)).transpose()
}

fn read_entry(row: &crate::store::database::Row) -> sqlx::Result<Entry> {
    let upto: &str = row.get(2)?;
    Ok(Entry {
        id: row.get(0)?,
        at: words::instant(row.get(1)?)?,
        upto: known(serde_json::from_str(upto).ok(), "list of rows", upto)?,
        digest: row.get(3)?,
        seal: row.get(4)?,
    })
}
