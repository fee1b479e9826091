//! The chain of the ledger's entries: whoever changes a row later is found, and the right ones are not.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::path::Path;

use chrono::TimeDelta;
use frist::history::{Answer, Says};
use frist::mail::Copy;
use frist::store::{Arming, FaultRecord, HeldFor, Hold, SealFault, Settlement, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection};
use tempfile::TempDir;

use crate::store_promises::{at, change, failure, plan, telling};

const URL: &str = "sqlite:frist.db";

/// A ledger with something of everything, closed.
async fn written() -> TempDir {
    let folder = TempDir::new().unwrap();
    let store = Store::open(URL, folder.path()).await.unwrap();
    let mut record = telling("2011-04-01T06:00", "2011-04-01");
    record.first_seen = true;
    record.rules.push("deadline".into());
    record.deadlines.push(("1a/summary".into(), None));
    record.faults.push(FaultRecord { key: "one".into(), text: "text".into(), told_in: Some(0) });
    record.failures.push(failure("deadline", "1a/summary"));
    store.commit(&record).await.unwrap();
    store.enter_change(&change("2011-04-01T06:00", "one", None)).await.unwrap();
    let answer = Answer {
        at: at("2011-04-02T06:00"),
        occurrence: None,
        unit: None,
        says: Says::NotOurs,
        text: "Ikkje vår".into(),
    };
    store.answer(&plan(), &"1a/summary".into(), &answer).await.unwrap();
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    let copy = Copy::of(b"Subject: Frist\r\n\r\nHei\r\n");
    let attempt = claimed.ended(Settlement::Sent { reply: "250 ok".into(), copy });
    store.settle(attempt, now).await.unwrap();
    let mut held = telling("2011-04-03T06:00", "2011-04-03");
    held.holds.push(Hold { why: HeldFor::Change("c".into()), messages: [0].into() });
    store.commit(&held).await.unwrap();
    let arming = Arming {
        at: at("2011-04-01T06:00"),
        is_armed: true,
        token: "a".into(),
        host: "vm".into(),
        who: "root".into(),
    };
    store.enter_armings(&[arming]).await.unwrap();
    store.close().await;
    folder
}

/// Changes the ledger behind frist's back, past all triggers.
async fn tamper(folder: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(folder.join("frist.db"));
    let mut connection: SqliteConnection = options.connect().await.unwrap();
    let triggers: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    for trigger in triggers {
        let drop = AssertSqlSafe(format!("DROP TRIGGER {trigger}"));
        sqlx::raw_sql(drop).execute(&mut connection).await.unwrap();
    }
    let sql = format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
}

async fn faults(folder: &Path) -> Vec<SealFault> {
    let store = Store::open_existing(URL, folder).await.unwrap().unwrap();
    store.verify(None).await.unwrap().faults
}

#[tokio::test]
async fn an_untouched_ledger_is_found_to_be_so() {
    let folder = written().await;
    let store = Store::open_existing(URL, folder.path()).await.unwrap().unwrap();
    let verified = store.verify(None).await.unwrap();
    assert_eq!(verified.faults, []);
    assert_eq!(verified.entries, 6);
    // Whoever has noted a seal finds it again, whatever was entered since.
    let (_, seal) = verified.newest.unwrap();
    assert_eq!(store.verify(Some(&seal)).await.unwrap().faults, []);
    let other = "0".repeat(64);
    let unknown = SealFault::Unknown { seal: other.clone() };
    assert_eq!(store.verify(Some(&other)).await.unwrap().faults, [unknown]);
}

#[tokio::test]
async fn a_change_of_any_column_is_found() {
    let folder = written().await;
    let columns: Vec<(String, String)> = {
        let options = SqliteConnectOptions::new().filename(folder.path().join("frist.db"));
        let mut connection = options.connect().await.unwrap();
        sqlx::query_as(
            "SELECT tables.name, columns.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' ORDER BY 1, 2",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap()
    };
    // What the course of things changes, and what is taken for granted: how often a message was tried and when it is next,
    // who holds a lease, when a held message was released, which message told of a fault.
    let moves = [
        ("messages", "attempts"),
        ("messages", "holder"),
        ("messages", "lease_until"),
        ("messages", "next_attempt"),
        ("messages", "released_at"),
        ("messages", "archived_at"),
        ("faults", "message"),
    ];
    assert!(columns.len() > 80, "{columns:?}");
    for (table, column) in columns {
        if moves.contains(&(&*table, &*column)) {
            continue;
        }
        let copied = TempDir::new().unwrap();
        std::fs::copy(folder.path().join("frist.db"), copied.path().join("frist.db")).unwrap();
        let value = match (&*table, &*column) {
            ("seals", "upto") => "'{}'",
            ("messages", "state") => "'gave_up'",
            ("copies" | "texts", "content") => "x'00'",
            (_, "id" | "number" | "message" | "at" | "moment" | "step" | "change") => "77",
            _ => "'7'",
        };
        tamper(
            copied.path(),
            &format!("UPDATE {table} SET {column} = {value} WHERE rowid = (SELECT min(rowid) FROM {table})"),
        )
        .await;
        let store = Store::open_existing(URL, copied.path()).await.unwrap().unwrap();
        let found = store.verify(None).await;
        assert!(found.is_err() || found.is_ok_and(|it| !it.faults.is_empty()), "{table}.{column}");
    }
}

#[tokio::test]
async fn what_is_gone_and_what_was_added_is_found() {
    for (sql, words) in [
        ("DELETE FROM notices WHERE id = 1", "are not as they were written"),
        ("DELETE FROM seals WHERE id = 2", "entries 2 to 2 are gone"),
        ("DELETE FROM attempts", "which its attempts do not say"),
        (
            "INSERT INTO attempts (message, at, holder, outcome, said) VALUES (1, 1, 'a', 'sent', '250 forged')",
            "1 rows of `attempts` were added beside the chain",
        ),
        ("UPDATE attempts SET said = '250 forged'", "entry 4"),
        // Only what was archived has no words.
        ("UPDATE letters SET text = '', html = ''", "words"),
        ("UPDATE copies SET content = x''", "words"),
        ("DELETE FROM seals WHERE id > 2", "rows of `answers` were added beside the chain"),
    ] {
        let folder = written().await;
        tamper(folder.path(), sql).await;
        let found: Vec<String> =
            faults(folder.path()).await.iter().map(ToString::to_string).collect();
        assert!(found.iter().any(|fault| fault.contains(words)), "{sql}: {found:?}");
    }
}

/// Puts down what an older frist has left, without the rows of some tables.
async fn of_an_older_frist(without: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let old = std::fs::read_to_string("tests/data/ledger/version-1.sql").unwrap();
    let is_left_out = |line: &&str| {
        without.iter().any(|table| line.starts_with(&format!("INSERT INTO {table} ")))
    };
    let old: Vec<&str> = old.lines().filter(|line| !is_left_out(line)).collect();
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("frist.db"))
        .create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(old.join("\n"))).execute(&mut connection).await.unwrap();
    folder
}

#[tokio::test]
async fn what_an_older_frist_has_seen_is_sealed_although_it_told_nothing() {
    let folder = of_an_older_frist(&["notices", "messages", "attempts", "faults", "answers"]).await;
    let store = Store::open(URL, folder.path()).await.unwrap();
    store.commit(&telling("2012-04-01T06:00", "2012-04-01")).await.unwrap();
    assert_eq!(store.verify(None).await.unwrap().faults, []);
}

#[tokio::test]
async fn words_that_are_in_the_chain_themselves_are_not_archived() {
    let folder = of_an_older_frist(&[]).await;
    let store = Store::open(URL, folder.path()).await.unwrap();
    let (now, file) = (at("2030-01-01T06:00"), folder.path().join("archive"));
    assert_eq!(store.archive(now, &file, 10, now).await.unwrap(), 0);
    assert_eq!(store.verify(None).await.unwrap().faults, []);
}

#[tokio::test]
async fn a_ledger_of_an_older_frist_is_sealed_with_its_next_entry() {
    let folder = of_an_older_frist(&[]).await;
    let store = Store::open(URL, folder.path()).await.unwrap();
    assert_eq!(store.verify(None).await.unwrap().faults, []);
    store.close().await;
    tamper(folder.path(), "UPDATE notices SET why = 'forged' WHERE id = 1").await;
    assert_eq!(faults(folder.path()).await.len(), 1);
}
