//! Copying all rows of a ledger into an empty one, and comparing what was written with what was read.
//! What came of it is said in `store::moving`.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::insert::ROWS;
use crate::store::database::{Dialects, Row, Transaction, Value, values};
use crate::store::{Copied, MoveError, Store};

/// All tables, each after those that it refers to, with what orders its rows. A test holds the list complete.
const TABLES: [(&str, &str); 16] = [
    ("plans", "number"),
    ("sightings", "id"),
    ("rules", "number"),
    ("messages", "id"),
    ("letters", "message"),
    ("attempts", "id"),
    ("notices", "id"),
    ("answers", "id"),
    ("faults", "number"),
    ("texts", "hash"),
    ("changes", "id"),
    ("change_files", "id"),
    ("rule_failures", "id"),
    ("copies", "id"),
    ("instances", "id"),
    ("seals", "id"),
];

/// The columns of the table `$1`, and what stands in them.
const COLUMNS: Dialects = Dialects {
    sqlite: "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
    postgres: "SELECT column_name::text, data_type::text FROM information_schema.columns
               WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
};

impl Store {
    /// Copies everything into `target`, an empty ledger, ids included; returns how much there was, table by table.
    ///
    /// Nobody else may write to either meanwhile: take both locks.
    ///
    /// # Errors
    /// If `target` is not empty, took other rows than were read, or a database fails; then nothing is left in it.
    pub async fn copy_to(&self, target: &Self) -> Result<Vec<Copied>, MoveError> {
        let from = |source| self.database.trouble(source);
        let to = |source| target.database.trouble(source);
        let mut reader = self.database.read().await?;
        let mut writer = target.database.write().await?;
        let ledger = || target.database.name().to_owned();
        for (table, _) in TABLES {
            let any = format!("SELECT 1 FROM {table} LIMIT 1");
            if writer.first(&any, &[]).await.map_err(to)?.is_some() {
                return Err(MoveError::NotEmpty { ledger: ledger(), table });
            }
        }
        let triggers = put_aside_triggers(&mut writer).await.map_err(to)?;
        let mut copied = Vec::new();
        for (table, order) in TABLES {
            let columns = columns(&mut reader, table).await.map_err(from)?;
            let (mut read, mut written) = (Pages::new(table, order, &columns), None);
            let mut digest = Sha256::new();
            let mut rows = 0;
            while let Some(page) = read.next(&mut reader).await.map_err(from)? {
                rows += page.len() as u64;
                digest_rows(&mut digest, &page);
                insert(&mut writer, table, &columns, &page).await.map_err(to)?;
                written.get_or_insert_with(|| Pages::new(table, order, &columns));
            }
            let mut copy = Sha256::new();
            if let Some(mut written) = written {
                while let Some(page) = written.next(&mut writer).await.map_err(to)? {
                    digest_rows(&mut copy, &page);
                }
                if read.by_id {
                    go_on_after_the_last(&mut writer, table, order).await.map_err(to)?;
                }
            }
            if digest.finalize() != copy.finalize() {
                return Err(MoveError::Unequal { ledger: ledger(), table });
            }
            copied.push(Copied { table, rows });
        }
        for sql in triggers {
            writer.execute(&sql, &[]).await.map_err(to)?;
        }
        writer.commit().await.map_err(to)?;
        Ok(copied)
    }
}

/// A column of a table.
struct Column {
    name: String,
    kind: Kind,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Integer,
    Text,
    Bytes,
}

/// A value as it was read.
enum Cell {
    Integer(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

async fn columns(reader: &mut Transaction, table: &str) -> sqlx::Result<Vec<Column>> {
    let rows = reader.rows(reader.choose(COLUMNS), &values![table]).await?;
    let column = |row: &Row| {
        let kind = match row.get(1)? {
            "INTEGER" | "bigint" => Kind::Integer,
            "BLOB" | "bytea" => Kind::Bytes,
            _ => Kind::Text,
        };
        Ok(Column { name: row.get(0)?, kind })
    };
    rows.iter().map(column).collect()
}

/// The rows of a table in order, some at a time: from the last id on, or all at once where there is none and few are.
struct Pages<'a> {
    sql: String,
    columns: &'a [Column],
    by_id: bool,
    last: Option<i64>,
}

impl<'a> Pages<'a> {
    fn new(table: &str, order: &str, columns: &'a [Column]) -> Self {
        let by_id = columns[0].kind == Kind::Integer;
        let names = names(columns);
        let (after, limit) = if by_id {
            (format!("WHERE {order} > $1"), format!("LIMIT {ROWS}"))
        } else {
            ("WHERE $1 < 0".to_owned(), String::new())
        };
        let sql = format!("SELECT {names} FROM {table} {after} ORDER BY {order} {limit}");
        Self { sql, columns, by_id, last: Some(if by_id { 0 } else { -1 }) }
    }

    async fn next(&mut self, reader: &mut Transaction) -> sqlx::Result<Option<Vec<Vec<Cell>>>> {
        let Some(last) = self.last else { return Ok(None) };
        let rows = reader.rows(&self.sql, &values![last]).await?;
        let page = rows.iter().map(|row| self.read(row)).collect::<sqlx::Result<Vec<_>>>()?;
        self.last = match page.last().and_then(|row| row.first()) {
            Some(Cell::Integer(Some(id))) if self.by_id => Some(*id),
            _ => None,
        };
        Ok((!page.is_empty()).then_some(page))
    }

    fn read(&self, row: &Row) -> sqlx::Result<Vec<Cell>> {
        let cell = |(place, column): (usize, &Column)| {
            Ok(match column.kind {
                Kind::Integer => Cell::Integer(row.get(place)?),
                Kind::Text => Cell::Text(row.get(place)?),
                Kind::Bytes => Cell::Bytes(row.get(place)?),
            })
        };
        self.columns.iter().enumerate().map(cell).collect()
    }
}

/// Adds rows to a digest, each value with its kind and its length; a zero in a text, which
/// PostgreSQL does not keep, counts as what stands in its place.
fn digest_rows(digest: &mut Sha256, rows: &[Vec<Cell>]) {
    let mut add = |kind: &[u8], bytes: &[u8]| {
        digest.update(kind);
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(bytes);
    };
    for cell in rows.iter().flatten() {
        match cell {
            Cell::Integer(Some(number)) => add(b"i", &number.to_be_bytes()),
            Cell::Text(Some(text)) => add(b"t", text.replace('\0', "\u{fffd}").as_bytes()),
            Cell::Bytes(Some(bytes)) => add(b"b", bytes),
            Cell::Integer(None) | Cell::Text(None) | Cell::Bytes(None) => add(b"-", b""),
        }
    }
}

async fn insert(
    writer: &mut Transaction,
    table: &str,
    columns: &[Column],
    rows: &[Vec<Cell>],
) -> sqlx::Result<()> {
    for rows in rows.chunks(ROWS) {
        let cells = rows.iter().flatten().map(value).collect();
        let insert = writer.dialect().statement(columns.len(), cells, |rows| {
            format!("INSERT INTO {table} ({}) {rows}", names(columns))
        });
        writer.together(&[insert]).await?;
    }
    Ok(())
}

fn value(cell: &Cell) -> Value<'_> {
    match cell {
        Cell::Integer(number) => Value::Integer(*number),
        Cell::Text(text) => Value::Text(text.as_deref().map(Cow::from)),
        Cell::Bytes(bytes) => Value::Bytes(bytes.as_deref()),
    }
}

fn names(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
    names.join(", ")
}

/// Puts the triggers aside, which refuse a message that does not start in the queue; returns what brings them back.
async fn put_aside_triggers(writer: &mut Transaction) -> sqlx::Result<Vec<String>> {
    let aside = Dialects {
        sqlite: "SELECT 'DROP TRIGGER ' || name, sql FROM sqlite_schema WHERE type = 'trigger'",
        postgres: "SELECT 'ALTER TABLE ' || table_name || ' DISABLE TRIGGER USER',
                       'ALTER TABLE ' || table_name || ' ENABLE TRIGGER USER'
                   FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
    };
    let mut back = Vec::new();
    for row in writer.rows(writer.choose(aside), &[]).await? {
        let sql: String = row.get(0)?;
        writer.execute(&sql, &[]).await?;
        back.push(row.get(1)?);
    }
    Ok(back)
}

/// Lets new rows have ids that are greater than those that were copied; SQLite does so by itself.
async fn go_on_after_the_last(writer: &mut Transaction, table: &str, id: &str) -> sqlx::Result<()> {
    let sql = writer.choose(Dialects {
        sqlite: "",
        // What is numbered by frist itself has no sequence, so this does nothing for it.
        postgres: "SELECT setval(pg_get_serial_sequence($1, $2)::regclass, $3)",
    });
    if sql.is_empty() {
        return Ok(());
    }
    let last: i64 = writer.only(&format!("SELECT max({id}) FROM {table}"), &[]).await?.get(0)?;
    writer.rows(sql, &values![table, id, last]).await.map(|_| ())
}
