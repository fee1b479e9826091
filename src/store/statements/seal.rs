//! Sealing what was written; checking that it still is as it was is in `verify`, and how a server seals by itself in `procedure`.
//! Each transaction that enters something ends with an entry of the chain: the digest of the new rows, together with the
//! seal before it. So a change of any row breaks its entry, and a new entry in its place breaks all later ones.

mod procedure;
mod verify;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::fingerprint::{self, Fingerprint};
use crate::store::database::{Dialects, Row, Transaction, values};
use crate::store::words::{self, known};
use crate::store::{Store, StoreError};

pub(super) use procedure::procedure;

/// Rows in one page.
const PAGE: i64 = 5000;

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

/// Seals the rows of `tables` that are new.
pub(super) async fn seal(
    writer: &mut Transaction,
    at: DateTime<Utc>,
    tables: &[Sealed],
) -> sqlx::Result<()> {
    let tables: Vec<&Sealed> = ALL.iter().filter(|table| tables.contains(table)).collect();
    let New { last, mut upto, seal, pages } = look(writer, &tables).await?;
    if pages.is_empty() {
        return Ok(());
    }
    let mut digest = Fingerprint::default();
    for (table, page) in pages {
        let last = digest_rows(writer, table, page, i64::MAX, &mut digest).await?;
        upto.insert(table.name.to_owned(), last);
    }
    let (upto, digest) = (json(&upto), digest.text());
    let seal = seal_of(&seal, at, &upto, &digest);
    let sql = "INSERT INTO seals (id, at, upto, digest, seal) VALUES ($1, $2, $3, $4, $5)";
    writer.execute(sql, &values![last + 1, at, upto, digest, seal]).await.map(|_| ())
}

/// Seals the rows of `tables` that are new, and commits.
pub(super) async fn commit(
    mut writer: Transaction,
    at: DateTime<Utc>,
    tables: &[Sealed],
) -> sqlx::Result<()> {
    seal(&mut writer, at, tables).await?;
    writer.commit().await
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
        let writer = self.database.enter().await?;
        let at = words::instant(at).map_err(trouble)?;
        commit(writer, at, &ALL).await.map_err(trouble)
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

/// Some of a table's rows, as they are digested.
struct Page {
    /// The number of the last one.
    last: i64,
    rows: String,
    count: i64,
}

/// The newest entry of the chain, or the place for the first, and what is new since then.
struct New<'t> {
    /// The number of the entry.
    last: i64,
    upto: UpTo,
    seal: String,
    /// The first page of new rows of each table that has any: mostly there is no second one.
    pages: Vec<(&'t Sealed, Page)>,
}

/// Looks for the newest entry and for new rows of `tables`, all at once.
async fn look<'t>(reader: &mut Transaction, tables: &[&'t Sealed]) -> sqlx::Result<New<'t>> {
    let json = reader.choose(Dialects { sqlite: "upto", postgres: "CAST(upto AS json)" });
    let page = |(place, table): (usize, &&Sealed)| {
        let last = format!("(SELECT CAST({json} ->> '{}' AS BIGINT) FROM newest)", table.name);
        let rows = rows_of_page(table, &format!("> coalesce({last}, 0)"));
        format!("UNION ALL {}, NULL, {place} {rows}", page_of(reader))
    };
    let pages: Vec<String> = tables.iter().enumerate().map(page).collect();
    let sql = format!(
        "WITH newest AS (SELECT id, upto, seal FROM seals ORDER BY id DESC LIMIT 1)
         SELECT id, seal, 0, upto, CAST(-1 AS BIGINT) AS place FROM newest {} ORDER BY place",
        pages.join(" "),
    );
    let mut new = New { last: 0, upto: UpTo::new(), seal: String::new(), pages: Vec::new() };
    for row in reader.rows(&sql, &[]).await? {
        if let Ok(place) = usize::try_from(row.get::<i64>(4)?) {
            new.pages.extend(read_page(&row)?.map(|page| (tables[place], page)));
        } else {
            (new.last, new.seal) = (row.get(0)?, row.get::<&str>(1)?.to_owned());
            new.upto = read_upto(row.get(3)?)?;
        }
    }
    Ok(new)
}

/// Adds the rows of `page` and those after it up to `end` to `digest`; returns the number of the last one.
async fn digest_rows(
    reader: &mut Transaction,
    table: &Sealed,
    mut page: Page,
    end: i64,
    digest: &mut Fingerprint,
) -> sqlx::Result<i64> {
    digest.add(table.name.as_bytes());
    digest.add(b"\n");
    loop {
        digest.add(page.rows.as_bytes());
        digest.add(b"\n");
        // A page that is not full is the last one.
        let next = if page.count < PAGE {
            None
        } else {
            page_after(reader, table, page.last, end).await?
        };
        match next {
            Some(next) => page = next,
            None => return Ok(page.last),
        }
    }
}

/// Reads the rows after `last` up to `end`, or the first of them; `None` if there are none.
async fn page_after(
    reader: &mut Transaction,
    table: &Sealed,
    last: i64,
    end: i64,
) -> sqlx::Result<Option<Page>> {
    let sql = format!("{} {}", page_of(reader), rows_of_page(table, "BETWEEN $1 + 1 AND $2"));
    read_page(&reader.only(&sql, &values![last, end]).await?)
}

/// Returns what is asked of the rows of a page, which follow.
fn page_of(reader: &Transaction) -> String {
    let all = reader.choose(Dialects {
        sqlite: "group_concat(row, char(10))",
        postgres: "string_agg(row, chr(10) ORDER BY number)",
    });
    format!("SELECT max(number), {all}, count(*)")
}

/// Returns the rows of a page, of those whose number is so.
fn rows_of_page(table: &Sealed, numbered: &str) -> String {
    let Sealed { name, number, columns } = table;
    // Each value with its length before it, so that no two rows read the same; `-` where there is none.
    let value = |column: &str| {
        let text = format!("CAST({} AS TEXT)", column.trim().replace(';', ","));
        format!("coalesce(length({text}) || ':' || {text}, '-')")
    };
    let row = columns.split(',').map(value).collect::<Vec<_>>().join(" || ");
    format!(
        "FROM (SELECT {number} AS number, {row} AS row FROM {name} WHERE {number} {numbered} ORDER BY {number}
               LIMIT {PAGE}) AS page"
    )
}

fn read_page(row: &Row) -> sqlx::Result<Option<Page>> {
    let Some(last) = row.get(0)? else { return Ok(None) };
    Ok(Some(Page { last, rows: row.get(1)?, count: row.get(2)? }))
}

fn read_upto(upto: &str) -> sqlx::Result<UpTo> {
    known(serde_json::from_str(upto).ok(), "list of rows", upto)
}

fn read_entry(row: &Row) -> sqlx::Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        at: words::instant(row.get(1)?)?,
        upto: read_upto(row.get(2)?)?,
        digest: row.get(3)?,
        seal: row.get(4)?,
    })
}
