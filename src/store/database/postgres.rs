//! A ledger in PostgreSQL: connecting, checking that it is ours, and bringing its tables up to date.
//! What is asked of it is in `store::statements`.

use std::sync::Arc;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};

use crate::store::StoreError;

/// Every version of the tables, oldest first; a released one is never changed. The first is the third of SQLite's.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/postgres/0003_ledger.sql")];

/// The version before the first migration.
const BEFORE: usize = 2;

/// Keeps two programs from bringing one database up to date at once: "frst", then 1.
const MIGRATING: i64 = 0x6672_7374_0001;

const CONNECTIONS: u32 = 8;

/// An open PostgreSQL ledger.
#[derive(Debug, Clone)]
pub(in crate::store) struct PostgresDatabase {
    /// What errors call it: the address without a password.
    name: Arc<str>,
    pool: PgPool,
}

impl PostgresDatabase {
    /// Connects to the database and makes or updates its tables.
    pub(in crate::store) async fn open(url: &str) -> Result<Self, StoreError> {
        let database = Self::connect(url)?;
        database.migrate().await?;
        Ok(database)
    }

    /// Connects to the database for reading; `None` if it has no ledger.
    pub(in crate::store) async fn open_existing(url: &str) -> Result<Option<Self>, StoreError> {
        let database = Self::connect(url)?;
        let mut reader =
            database.pool.acquire().await.map_err(|source| database.trouble(source))?;
        match database.version(&mut reader).await? {
            0 => Ok(None),
            version if version < newest() => {
                Err(StoreError::Older { ledger: database.name.to_string() })
            }
            _ => Ok(Some(database)),
        }
    }

    fn connect(url: &str) -> Result<Self, StoreError> {
        let options: PgConnectOptions =
            url.parse().map_err(|_| StoreError::Address { url: without_password(url) })?;
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect_lazy_with(options);
        Ok(Self { name: without_password(url).into(), pool })
    }

    /// Returns what errors call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Closes all connections.
    pub(super) async fn close(self) {
        self.pool.close().await;
    }

    /// Begins a transaction that reads one state of the ledger.
    pub(super) async fn read(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await
    }

    /// Begins a transaction that writes.
    pub(super) async fn write(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.pool.begin().await
    }

    fn trouble(&self, source: sqlx::Error) -> StoreError {
        StoreError::from_postgres(&self.name, source)
    }

    /// Returns the version of the tables, 0 if there are none, unless they are newer than this program.
    async fn version(&self, connection: &mut PgConnection) -> Result<i64, StoreError> {
        let trouble = |source| self.trouble(source);
        let exists: bool = sqlx::query_scalar("SELECT to_regclass('ledger') IS NOT NULL")
            .fetch_one(&mut *connection)
            .await
            .map_err(trouble)?;
        if !exists {
            return Ok(0);
        }
        let found: i64 = sqlx::query_scalar("SELECT version FROM ledger")
            .fetch_one(connection)
            .await
            .map_err(trouble)?;
        if found > newest() {
            let ledger = self.name.to_string();
            return Err(StoreError::Newer { ledger, found, known: newest() });
        }
        Ok(found)
    }

    /// Brings the tables up to date, in one transaction, while no other program does.
    async fn migrate(&self) -> Result<(), StoreError> {
        let trouble = |source| self.trouble(source);
        let mut writer = self.pool.begin().await.map_err(trouble)?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(MIGRATING)
            .execute(&mut *writer)
            .await
            .map_err(trouble)?;
        let version = self.version(&mut writer).await?;
        if version == newest() {
            return Ok(());
        }
        let done = usize::try_from(version).unwrap_or_default().saturating_sub(BEFORE);
        for sql in MIGRATIONS.into_iter().skip(done) {
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
                .execute(&mut *writer)
                .await
                .map_err(trouble)?;
        }
        sqlx::query("UPDATE ledger SET version = $1")
            .bind(newest())
            .execute(&mut *writer)
            .await
            .map_err(trouble)?;
        writer.commit().await.map_err(trouble)
    }
}

/// The version that this program writes.
fn newest() -> i64 {
    i64::try_from(BEFORE + MIGRATIONS.len()).expect("the migrations of a program are few")
}

/// Leaves the password out of an address, `postgres://user:password@host/database`.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@').and_then(|(login, place)| Some((login.split_once(':')?.0, place))) {
        Some((user, place)) => format!("{scheme}://{user}@{place}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_left_out_of_errors() {
        assert_eq!(
            without_password("postgres://frist:s@:cret@db/plan"),
            "postgres://frist@db/plan"
        );
        assert_eq!(without_password("postgres://frist@db/plan"), "postgres://frist@db/plan");
        assert_eq!(without_password("postgres:///plan"), "postgres:///plan");
    }
}
