//! The two databases that a ledger can live in, behind one closed type, and transactions on either.
//! What is asked of them is in `statements`, written once for both: values stand in it as `$1`, `$2`, …, numbers are 64
//! bits wide, and where the two differ a statement comes in two forms. Opening them is in `sqlite` and `postgres`.

mod postgres;
mod sqlite;
mod value;

use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, FromRow, Row as _};

use super::StoreError;
use super::address::Address;
use crate::fault::{self, Place};

pub(super) use postgres::{CHAIN, LATE, PostgresDatabase, in_one, lives};
pub(super) use sqlite::SqliteDatabase;
pub(super) use value::{Row, Value, values};

/// An open database; a clone is another handle on the same one.
#[derive(Debug, Clone)]
pub(super) enum Database {
    Sqlite(SqliteDatabase),
    Postgres(PostgresDatabase),
}

/// A transaction; undone if it is dropped before it is committed.
pub(super) struct Transaction {
    running: Running,
    writes: bool,
}

enum Running {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(postgres::Session),
}

/// A statement about rows.
pub(super) struct Statement<'v> {
    sql: String,
    columns: usize,
    /// The cells, row by row.
    rows: Vec<Value<'v>>,
}

/// Statements, and what else a server is to do in one journey and as a transaction of its own.
pub(super) struct Procedure<'v> {
    pub(super) statements: Vec<Statement<'v>>,
    /// Its values after those of the statements.
    pub(super) rest: [i64; 2],
    /// What it does, in PL/pgSQL; the statements are in it, as [`in_one`] makes them.
    pub(super) body: String,
}

/// The language that a database understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// A statement in both dialects.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialects {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

impl Dialect {
    /// Returns the form of a statement that a database of this language understands.
    pub(super) fn choose(self, dialects: Dialects) -> &'static str {
        match self {
            Self::Sqlite => dialects.sqlite,
            Self::Postgres => dialects.postgres,
        }
    }

    /// Makes the statement about `rows`, of which there is at least one, whose text `sql` makes of the query that answers them.
    /// They stand cell by cell, and all cells of a column are of one kind.
    ///
    /// SQLite finds the number of a place that has a name by going through all names, so there they have none; that cost more
    /// than the insertion. PostgreSQL gets each column as an array.
    pub(super) fn statement(
        self,
        columns: usize,
        rows: Vec<Value<'_>>,
        sql: impl FnOnce(&str) -> String,
    ) -> Statement<'_> {
        let query = match self {
            Self::Sqlite => {
                let row = format!("({})", vec!["?"; columns].join(", "));
                format!("VALUES {}", vec![row; rows.len() / columns].join(", "))
            }
            Self::Postgres => {
                let array = |(place, cell): (usize, &Value<'_>)| {
                    format!("${}::{}", place + 1, cell.array())
                };
                let arrays: Vec<String> =
                    rows.iter().take(columns).enumerate().map(array).collect();
                format!("SELECT * FROM unnest({})", arrays.join(", "))
            }
        };
        Statement { sql: sql(&query), columns, rows }
    }
}

impl Statement<'_> {
    /// Returns how many values each of its rows has.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }
}

impl Database {
    /// Opens or makes what `address` names.
    pub(super) async fn open(address: Address) -> Result<Self, StoreError> {
        match address {
            Address::File(file) => SqliteDatabase::open(file).await.map(Self::Sqlite),
            Address::Memory => SqliteDatabase::in_memory().await.map(Self::Sqlite),
            Address::Postgres(url) => PostgresDatabase::open(&url).await.map(Self::Postgres),
        }
    }

    /// Opens what `address` names for reading only; `None` if there is no ledger yet.
    pub(super) async fn open_existing(address: Address) -> Result<Option<Self>, StoreError> {
        match address {
            Address::File(file) => Ok(SqliteDatabase::open_existing(file).await?.map(Self::Sqlite)),
            Address::Memory => Ok(None),
            Address::Postgres(url) => {
                Ok(PostgresDatabase::open_existing(&url).await?.map(Self::Postgres))
            }
        }
    }

    /// Looks for damage. A server looks after its own files.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if there is any.
    pub(super) async fn check(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(database) => database.check().await,
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Waits until all handles' work is done and closes the database.
    pub(super) async fn close(self) {
        match self {
            Self::Sqlite(database) => database.close().await,
            Self::Postgres(database) => database.close().await,
        }
    }

    /// Begins a transaction that reads one state of the ledger, whatever others write meanwhile.
    pub(super) async fn read(&self) -> Result<Transaction, StoreError> {
        let running = match self {
            Self::Sqlite(database) => database.read().await.map(Running::Sqlite),
            Self::Postgres(database) => database.read().await.map(Running::Postgres),
        };
        let running = running.map_err(|source| self.trouble(source))?;
        Ok(Transaction { running, writes: false })
    }

    /// Begins a transaction that writes.
    pub(super) async fn write(&self) -> Result<Transaction, StoreError> {
        self.begin_writing(false).await
    }

    /// Begins a transaction that enters rows and seals them, once no other one does.
    pub(super) async fn enter(&self) -> Result<Transaction, StoreError> {
        self.begin_writing(true).await
    }

    async fn begin_writing(&self, enters: bool) -> Result<Transaction, StoreError> {
        fault::pass(Place::Begin).map_err(|error| self.trouble(error.into()))?;
        let running = match self {
            // It lets one write at a time anyhow.
            Self::Sqlite(database) => database.write().await.map(Running::Sqlite),
            Self::Postgres(database) if enters => database.enter().await.map(Running::Postgres),
            Self::Postgres(database) => database.write().await.map(Running::Postgres),
        };
        let running = running.map_err(|source| self.trouble(source))?;
        Ok(Transaction { running, writes: true })
    }

    /// Returns the language that it understands.
    pub(super) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Has a server do what a procedure says. Tells whether all that it was to change was there; if not, nothing is changed. `None`
    /// if there is no server, or it makes no procedures for this user.
    pub(super) async fn call(&self, procedure: &Procedure<'_>) -> sqlx::Result<Option<bool>> {
        let Self::Postgres(database) = self else { return Ok(None) };
        for place in [Place::Begin, Place::Write, Place::Commit] {
            fault::pass(place)?;
        }
        let called = database.call(procedure).await?;
        fault::pass(Place::Committed)?;
        Ok(called)
    }

    /// Returns what errors call it.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Sqlite(database) => database.name(),
            Self::Postgres(database) => database.name(),
        }
    }

    /// Names this ledger in an error of the database.
    pub(super) fn trouble(&self, source: sqlx::Error) -> StoreError {
        match self {
            Self::Sqlite(database) => StoreError::from_sqlite(database.name(), source),
            Self::Postgres(database) => StoreError::from_postgres(database.name(), source),
        }
    }
}

impl Transaction {
    /// Makes everything last, or nothing.
    pub(super) async fn commit(self) -> sqlx::Result<()> {
        if self.writes {
            fault::pass(Place::Commit)?;
        }
        match self.running {
            Running::Sqlite(running) => running.commit().await?,
            Running::Postgres(running) => running.commit().await?,
        }
        if self.writes {
            fault::pass(Place::Committed)?;
        }
        Ok(())
    }

    /// Runs a statement and returns how many rows it has changed.
    pub(super) async fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> sqlx::Result<u64> {
        self.pass()?;
        // All statements are this program's own texts; what comes from outside is in `values`.
        let sql = AssertSqlSafe(sql.to_owned());
        match &mut self.running {
            Running::Sqlite(running) => {
                let query = value::bind_sqlite(sqlx::query(sql), values);
                Ok(query.execute(&mut **running).await?.rows_affected())
            }
            Running::Postgres(running) => {
                let query = value::bind_postgres(sqlx::query(sql), values);
                let done = running.ask(async |server| query.execute(server).await).await?;
                Ok(done.rows_affected())
            }
        }
    }

    /// Runs statements that change rows, of which none sees what another has changed, and returns how many rows all have
    /// changed. The database gets them in one piece, for each piece goes to another thread or machine and back.
    pub(super) async fn together(&mut self, statements: &[Statement<'_>]) -> sqlx::Result<u64> {
        self.pass()?;
        match &mut self.running {
            Running::Sqlite(running) => {
                let sql: Vec<&str> = statements.iter().map(|statement| &*statement.sql).collect();
                let mut query = sqlx::query(AssertSqlSafe(sql.join(";\n")));
                for statement in statements {
                    query = value::bind_sqlite(query, &statement.rows);
                }
                Ok(query.execute(&mut **running).await?.rows_affected())
            }
            Running::Postgres(running) => {
                running.ask(async |server| postgres::together(server, statements).await).await
            }
        }
    }

    /// Runs a statement and returns the rows that it answers.
    pub(super) async fn rows(&mut self, sql: &str, values: &[Value<'_>]) -> sqlx::Result<Vec<Row>> {
        self.pass()?;
        let sql = AssertSqlSafe(sql.to_owned());
        match &mut self.running {
            Running::Sqlite(running) => {
                let query = value::bind_sqlite(sqlx::query(sql), values);
                let rows = query.fetch_all(&mut **running).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Running::Postgres(running) => {
                let query = value::bind_postgres(sqlx::query(sql), values);
                let rows = running.ask(async |server| query.fetch_all(server).await).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// Runs a query and returns its rows, of which `columns` are read. Those of SQLite come in one piece, as JSON: one by one
    /// they would come from another thread, and waiting for many costs more than reading them.
    pub(super) async fn table<T: DeserializeOwned + for<'r> FromRow<'r, PgRow>>(
        &mut self,
        columns: &str,
        sql: &str,
        values: &[Value<'_>],
    ) -> sqlx::Result<Vec<T>> {
        let columns = match self.running {
            Running::Sqlite(_) => format!("json_group_array(json_array({columns}))"),
            Running::Postgres(_) => columns.to_owned(),
        };
        let rows = self.rows(&format!("SELECT {columns} FROM ({sql}) AS found"), values).await?;
        match rows.first() {
            Some(Row::Sqlite(all)) => serde_json::from_str(all.try_get(0)?)
                .map_err(|error| sqlx::Error::Decode(Box::new(error))),
            _ => rows.iter().filter_map(Row::postgres).map(T::from_row).collect(),
        }
    }

    /// Runs a query and returns its first row, if there is one.
    pub(super) async fn first(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
    ) -> sqlx::Result<Option<Row>> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Runs a query that answers one row and returns it.
    pub(super) async fn only(&mut self, sql: &str, values: &[Value<'_>]) -> sqlx::Result<Row> {
        self.first(sql, values).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// Has a transaction that writes enter rows and seal them, once no other one does; to be called before the first of them.
    pub(super) async fn enters(&mut self) -> sqlx::Result<()> {
        match &mut self.running {
            // It lets one write at a time anyhow.
            Running::Sqlite(_) => Ok(()),
            Running::Postgres(running) => {
                running.ask(async |server| postgres::wait_for_chain(server).await).await
            }
        }
    }

    /// Returns the form of a statement that this database understands.
    pub(super) fn choose(&self, dialects: Dialects) -> &'static str {
        self.dialect().choose(dialects)
    }

    /// Returns the language that this database understands.
    pub(super) fn dialect(&self) -> Dialect {
        match self.running {
            Running::Sqlite(_) => Dialect::Sqlite,
            Running::Postgres(_) => Dialect::Postgres,
        }
    }

    fn pass(&self) -> sqlx::Result<()> {
        if self.writes { Ok(fault::pass(Place::Write)?) } else { Ok(()) }
    }
}
