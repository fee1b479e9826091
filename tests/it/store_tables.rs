//! What the tables themselves hold and refuse, whoever writes to them, in both databases.
//! What the ledger promises to those who use it is in `store_promises`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use chrono::TimeDelta;
use frist::history::{Answer, Says};
use frist::store::{FaultRecord, HeldFor, Hold, MessageState, Settlement, Store, TickRecord};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use tempfile::TempDir;

use crate::postgres_server::PostgresServer;
use crate::store_promises::{at, change, day, failure, telling};

/// A ledger, and a connection to its database beside the ledger's own.
struct Tables {
    store: Store,
    beside: Beside,
    folder: TempDir,
}

enum Beside {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Tables {
    async fn in_a_file() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open("sqlite:frist.db", folder.path()).await.unwrap();
        let url = format!("sqlite://{}", folder.path().join("frist.db").display());
        let beside = Beside::Sqlite(SqliteConnection::connect(&url).await.unwrap());
        Self { store, beside, folder }
    }

    async fn on_a_server() -> Self {
        let folder = TempDir::new().unwrap();
        let url = PostgresServer::shared().database().await;
        let store = Store::open(&url, folder.path()).await.unwrap();
        let beside = Beside::Postgres(PgConnection::connect(&url).await.unwrap());
        Self { store, beside, folder }
    }

    async fn both() -> [Self; 2] {
        [Self::in_a_file().await, Self::on_a_server().await]
    }

    async fn run(&mut self, sql: &str) -> Result<u64, String> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let changed = match &mut self.beside {
            Beside::Sqlite(beside) => sql.execute(beside).await.map(|done| done.rows_affected()),
            Beside::Postgres(beside) => sql.execute(beside).await.map(|done| done.rows_affected()),
        };
        changed.map_err(|error| error.to_string())
    }

    /// Returns the texts in the first column of what a query answers.
    async fn texts(&mut self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &mut self.beside {
            Beside::Sqlite(beside) => {
                let rows = sqlx::query(sql).fetch_all(beside).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
            Beside::Postgres(beside) => {
                let rows = sqlx::query(sql).fetch_all(beside).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }
}

/// A tick that tells one thing more than the `number` before.
fn another(number: i64) -> TickRecord {
    let nominal = day("2011-01-01") + TimeDelta::days(number);
    telling("2011-04-01T06:00", &nominal.to_string())
}

#[tokio::test]
async fn both_databases_have_the_same_tables_with_the_same_columns() {
    let mut sqlite = Tables::in_a_file().await;
    let mut postgres = Tables::on_a_server().await;
    // A number, a text, bytes; then whether it may be missing.
    let in_a_file = sqlite
        .texts(
            "SELECT m.name || '.' || c.name || ' ' || c.type || iif(c.\"notnull\" OR c.pk, '', ' or nothing')
             FROM sqlite_schema AS m, pragma_table_info(m.name) AS c
             WHERE m.type = 'table' ORDER BY m.name, c.cid",
        )
        .await;
    // The version stands in a file's header.
    let on_a_server = postgres
        .texts(
            "SELECT table_name || '.' || column_name || ' '
                 || CASE data_type WHEN 'bigint' THEN 'INTEGER' WHEN 'text' THEN 'TEXT' WHEN 'bytea' THEN 'BLOB'
                    ELSE data_type END
                 || CASE is_nullable WHEN 'YES' THEN ' or nothing' ELSE '' END
             FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name <> 'ledger'
             ORDER BY table_name COLLATE \"C\", ordinal_position",
        )
        .await;
    assert!(in_a_file.contains(&"messages.holder TEXT or nothing".to_owned()), "{in_a_file:?}");
    assert_eq!(in_a_file, on_a_server);
}

#[tokio::test]
async fn history_can_be_neither_changed_nor_deleted() {
    for mut tables in Tables::both().await {
        let mut record = telling("2011-04-01T06:00", "2011-04-01");
        record.first_seen = true;
        record.rules.push("deadline".into());
        record.deadlines.push(("1a/summary".into(), None));
        record.faults.push(FaultRecord {
            key: "one".into(),
            text: "text".into(),
            told_in: Some(0),
        });
        record.failures.push(failure("deadline", "1a/summary"));
        let store = &tables.store;
        store.commit(&record).await.unwrap();
        store.enter_change(&change("2011-04-01T06:00", "one", None)).await.unwrap();
        let now = at("2011-04-01T06:00");
        let says = Says::NotOurs;
        let answer = Answer { at: now, occurrence: None, unit: None, says, text: String::new() };
        store.answer(&"oslo".into(), &"1a/summary".into(), &answer).await.unwrap();
        let claimed =
            store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
        store
            .settle(claimed.ended(Settlement::Sent { reply: "250".into(), copy: None }), now)
            .await
            .unwrap();

        for (table, column) in [
            ("plans", "seen_at"),
            ("sightings", "at"),
            ("rules", "seen_at"),
            ("notices", "at"),
            ("answers", "at"),
            ("attempts", "at"),
            ("faults", "at"),
            ("changes", "at"),
            ("change_files", "file"),
            ("texts", "content"),
            ("rule_failures", "at"),
            ("messages", "queued_at"),
            ("letters", "text"),
            ("messages", "attempts"), // of a message that is settled
        ] {
            // What it is set to is what it was: it is the change that is refused.
            let changed = tables.run(&format!("UPDATE {table} SET {column} = {column}")).await;
            assert!(changed.is_err(), "{table}.{column} could be changed");
            let deleted = tables.run(&format!("DELETE FROM {table}")).await;
            assert!(deleted.is_err(), "rows of {table} could be deleted");
            let emptied = tables.run(&format!("TRUNCATE {table} CASCADE")).await;
            assert!(emptied.is_err(), "{table} could be emptied");
        }
        assert!(tables.folder.path().exists());
    }
}

#[tokio::test]
async fn the_database_refuses_every_way_that_is_not_listed() {
    for mut tables in Tables::both().await {
        let mut number = 0;
        for from in MessageState::ALL {
            for to in MessageState::ALL {
                number += 1;
                // What is held was held from the start.
                let hold = matches!(from, MessageState::Held | MessageState::Dropped);
                let mut record = another(number);
                let why = || HeldFor::Change("c".into());
                record.holds.extend(hold.then(|| Hold { why: why(), messages: [0].into() }));
                tables.store.commit(&record).await.unwrap();
                let become_state = |state: MessageState| {
                    let (mut lease, mut holder) = ("NULL", "NULL");
                    let (mut retry, mut settled) = ("NULL", "NULL");
                    match state {
                        MessageState::Queued | MessageState::Held => {}
                        MessageState::Sending => (lease, holder) = ("1", "'a'"),
                        MessageState::Retrying | MessageState::Uncertain => retry = "1",
                        MessageState::Sent | MessageState::GaveUp | MessageState::Dropped => {
                            settled = "1";
                        }
                    }
                    format!(
                        "UPDATE messages SET state = '{}', holder = {holder}, lease_until = {lease},
                         next_attempt = {retry}, settled_at = {settled}
                         WHERE id = (SELECT max(id) FROM messages)",
                        state.word()
                    )
                };
                let way_there: &[MessageState] = match from {
                    MessageState::Queued | MessageState::Held => &[],
                    MessageState::Dropped => &[MessageState::Dropped],
                    MessageState::Sending => &[MessageState::Sending],
                    other => &[MessageState::Sending, other],
                };
                for state in way_there {
                    assert_eq!(tables.run(&become_state(*state)).await, Ok(1));
                }
                let moved = tables.run(&become_state(to)).await;
                assert_eq!(moved.is_ok(), from.may_become(to), "{from:?} to {to:?}: {moved:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_state_without_what_belongs_to_it_is_refused() {
    for mut tables in Tables::both().await {
        tables.store.commit(&another(0)).await.unwrap();
        for sql in [
            "UPDATE messages SET state = 'sending'",
            "UPDATE messages SET state = 'sending', holder = 'a'",
            "UPDATE messages SET state = 'lost', holder = 'a', lease_until = 1",
        ] {
            assert!(tables.run(sql).await.is_err(), "{sql}");
        }
    }
}
