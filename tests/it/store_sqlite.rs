//! What only a ledger in a file can do: outlive its process, be shared, be damaged, be locked.
//! What every ledger promises is in `store_promises`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use frist::history::{Answer, Says};
use frist::plan::Id;
use frist::store::{HeldFor, Hold, MessageState, Settlement, Store, StoreError};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

use crate::store_promises::{at, change, failure, telling, tick};

const URL: &str = "sqlite:frist.db";

fn folder() -> TempDir {
    TempDir::new().unwrap()
}

async fn open(folder: &Path) -> Result<Store, StoreError> {
    Store::open(URL, folder).await
}

fn plan() -> Id {
    "oslo".into()
}

/// A connection beside the ledger's own.
async fn beside(folder: &Path) -> SqliteConnection {
    let path = folder.join("frist.db");
    SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap()
}

async fn run(connection: &mut SqliteConnection, sql: &str) -> Result<u64, String> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .map(|done| done.rows_affected())
        .map_err(|error| error.to_string())
}

/// A file with one notice told.
async fn told(folder: &Path) {
    let store = open(folder).await.unwrap();
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    store.close().await;
}

fn causes(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn what_was_written_is_there_after_reopening() {
    let folder = folder();
    told(folder.path()).await;
    let store = open(folder.path()).await.unwrap();
    assert_eq!(store.history(&plan()).await.unwrap().told.len(), 1);
    let error = store.commit(&telling("2011-04-02T06:00", "2011-04-01")).await.unwrap_err();
    assert!(matches!(error, StoreError::AlreadyQueued { .. }), "{error}");
}

/// A ledger that an older frist has written.
async fn of_version_1(folder: &Path) {
    let sql = fs::read_to_string("tests/data/ledger/version-1.sql").unwrap();
    fs::write(folder.join("frist.db"), "").unwrap();
    run(&mut beside(folder).await, &sql).await.unwrap();
}

#[tokio::test]
async fn a_ledger_of_version_1_is_brought_up_to_date_with_everything_in_it() {
    let folder = folder();
    of_version_1(folder.path()).await;
    let error = Store::open_existing(URL, folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Older { .. }), "{error}");

    let store = open(folder.path()).await.unwrap();
    let plan: Id = "small".into();
    let log = store.log(None).await.unwrap();
    let states: Vec<_> =
        log.iter().map(|entry| (entry.to.to_string(), entry.fate.word())).collect();
    let told = states.iter().filter(|(_, fate)| *fate == "sent").count();
    let retrying: Vec<_> = states.iter().filter(|(_, fate)| *fate == "retrying").collect();
    assert_eq!((told, retrying.len()), (3, 2), "{states:?}");
    let history = store.history(&plan).await.unwrap();
    assert_eq!((history.told.len(), history.answers.len(), history.threads.len()), (5, 2, 2));
    assert_eq!(store.faults_told(&plan).await.unwrap().len(), 1);
    assert!(store.changes().await.unwrap().is_empty() && store.held().await.unwrap().is_empty());

    // What was to be tried again is, with its words.
    let now = at("2011-05-03T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 9).await.unwrap();
    let texts: Vec<_> = claimed.iter().map(|claimed| claimed.message.text.len()).collect();
    assert!(texts.len() == 2 && texts.iter().all(|length| *length > 100), "{texts:?}");
    store.close().await;
    let store = open(folder.path()).await.unwrap();
    assert_eq!(store.log(None).await.unwrap().len(), log.len());
    // References between the tables hold as before.
    let mut connection = beside(folder.path()).await;
    let attempt =
        "INSERT INTO attempts (message, at, holder, outcome, said) VALUES (99, 1, 'a', 'lost', '')";
    assert!(run(&mut connection, attempt).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_bring_a_ledger_up_to_date_at_once() {
    let folder = folder();
    of_version_1(folder.path()).await;
    let openers = (0..4).map(|_| {
        let path = folder.path().to_owned();
        tokio::spawn(async move { open(&path).await.unwrap().log(None).await.unwrap().len() })
    });
    for opener in openers.collect::<Vec<_>>() {
        assert_eq!(opener.await.unwrap(), 10);
    }
}

#[tokio::test]
async fn a_text_is_kept_once() {
    let folder = folder();
    let store = open(folder.path()).await.unwrap();
    for (moment, plan) in [("2011-04-01T06:00", "one"), ("2011-04-02T06:00", "two")] {
        store.enter_change(&change(moment, plan, None)).await.unwrap();
    }
    let texts: i64 = sqlx::query_scalar("SELECT count(*) FROM texts")
        .fetch_one(&mut beside(folder.path()).await)
        .await
        .unwrap();
    assert_eq!(texts, 4, "two plans, one rule, one test");
}

#[tokio::test]
async fn a_commit_dropped_in_the_middle_leaves_nothing_and_blocks_nobody() {
    let folder = folder();
    let store = open(folder.path()).await.unwrap();
    for pause in 0..30 {
        let record = telling("2011-04-01T06:00", "2011-04-01");
        let commit = store.commit(&record);
        // Dropped at another place each time, and sometimes done.
        let done = tokio::time::timeout(std::time::Duration::from_micros(pause * 50), commit).await;
        // One reading: what was dropped may still come through between two.
        let history = store.history(&plan()).await.unwrap();
        assert_eq!(history.told.len(), history.threads.len(), "half a tick was written");
        if done.is_ok() {
            break;
        }
    }
    drop(store);
    let store = open(folder.path()).await.unwrap();
    store.commit(&telling("2011-05-01T06:00", "2011-04-24")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_write_at_once() {
    let folder = folder();
    let writers = (0..4).map(|writer| {
        let path = folder.path().to_owned();
        tokio::spawn(async move {
            // All of them find a new file and want to make its tables.
            let store = open(&path).await.unwrap();
            for n in 0..10 {
                let deadline = format!("1a/d{writer}").into();
                let answer = Answer {
                    at: at("2011-04-01T06:00"),
                    occurrence: None,
                    unit: None,
                    says: Says::Acknowledged,
                    text: n.to_string(),
                };
                store.answer(&plan(), &deadline, &answer).await.unwrap();
                store.history(&plan()).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let answers = open(folder.path()).await.unwrap().history(&plan()).await.unwrap().answers;
    for writer in 0..4 {
        let texts: Vec<&str> =
            answers[&*format!("1a/d{writer}")].iter().map(|answer| answer.text.as_str()).collect();
        assert_eq!(texts, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_daemons_tells_and_the_other_is_refused() {
    let folder = folder();
    let (one, two) = (open(folder.path()).await.unwrap(), open(folder.path()).await.unwrap());
    let record = telling("2011-04-01T06:00", "2011-04-01");
    let (first, second) = tokio::join!(one.commit(&record), two.commit(&record));
    let refused: Vec<_> = [first, second].into_iter().filter_map(Result::err).collect();
    assert!(refused.len() == 1 && refused[0].is_outdated(), "{refused:?}");
    let (now, until) = (at("2011-04-01T06:00"), at("2011-04-01T06:05"));
    let (a, b) = tokio::join!(one.claim("a", now, until, 5), two.claim("b", now, until, 5));
    assert_eq!(a.unwrap().len() + b.unwrap().len(), 1);
}

#[tokio::test]
async fn reading_never_makes_a_file() {
    let folder = folder();
    assert!(Store::open_existing(URL, folder.path()).await.unwrap().is_none());
    assert!(Store::open_existing("sqlite::memory:", folder.path()).await.unwrap().is_none());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    fs::write(folder.path().join("frist.db"), "").unwrap();
    assert!(Store::open_existing(URL, folder.path()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_ledger_opened_for_reading_is_not_written_to() {
    let folder = folder();
    told(folder.path()).await;
    let store = Store::open_existing(URL, folder.path()).await.unwrap().unwrap();
    assert_eq!(store.log(None).await.unwrap().len(), 1);
    let error = store.commit(&telling("2011-04-24T06:00", "2011-04-24")).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
    assert_eq!(store.history(&plan()).await.unwrap().told.len(), 1);
}

#[tokio::test]
async fn a_reader_sees_what_a_daemon_has_just_written() {
    let folder = folder();
    let daemon = open(folder.path()).await.unwrap();
    let reader = Store::open_existing(URL, folder.path()).await.unwrap().unwrap();
    daemon.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    assert_eq!(reader.history(&plan()).await.unwrap().told.len(), 1);
}

#[tokio::test]
async fn a_path_that_cannot_be_reached_is_named_with_the_reason() {
    let folder = folder();
    fs::write(folder.path().join("plan.json"), "{}").unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    for (url, reason) in [
        ("sqlite:plan.json/frist.db", "Not a directory"),
        ("sqlite:missing/frist.db", "No such file or directory"),
        ("sqlite:sub", "is a directory"),
    ] {
        let error = causes(&Store::open(url, folder.path()).await.unwrap_err());
        let path = folder.path().join(&url["sqlite:".len()..]);
        assert!(error.contains(&path.display().to_string()), "{error}");
        assert!(error.contains(reason), "{error}");
    }
    let error = Store::open_existing("sqlite:plan.json/frist.db", folder.path()).await.unwrap_err();
    assert!(causes(&error).contains("Not a directory"));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let folder = folder();
    let path = folder.path().join("frist.db");
    fs::write(&path, "these are minutes of a meeting, not a ledger\n".repeat(200)).unwrap();
    let before = fs::read(&path).unwrap();
    let error = open(folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains("frist.db") && error.to_string().contains("backup"));
    assert!(Store::open_existing(URL, folder.path()).await.is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_ledger_is_found_at_opening_and_left_alone() {
    let folder = folder();
    told(folder.path()).await;
    let path = folder.path().join("frist.db");
    let whole = fs::read(&path).unwrap();
    let truncated = whole[..whole.len() - 5000].to_vec();
    let mut scribbled = whole.clone();
    let half = scribbled.len() / 2;
    scribbled[half..half + 8000].fill(0xa5);
    for damaged in [truncated, scribbled] {
        fs::write(&path, &damaged).unwrap();
        let error = open(folder.path()).await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{}", causes(&error));
        assert_eq!(fs::read(&path).unwrap(), damaged);
    }
}

#[tokio::test]
async fn a_ledger_of_a_newer_frist_is_refused() {
    let folder = folder();
    told(folder.path()).await;
    run(&mut beside(folder.path()).await, "PRAGMA user_version = 99").await.unwrap();
    for error in [
        open(folder.path()).await.unwrap_err(),
        Store::open_existing(URL, folder.path()).await.unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
        assert!(error.to_string().contains("frist.db"), "{error}");
    }
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let folder = folder();
    let path = folder.path().join("frist.db");
    fs::write(&path, "").unwrap();
    run(&mut beside(folder.path()).await, "CREATE TABLE members (name TEXT)").await.unwrap();
    let before = fs::read(&path).unwrap();
    let error = open(folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn only_one_daemon_holds_the_lock() {
    let folder = folder();
    let (one, two) = (open(folder.path()).await.unwrap(), open(folder.path()).await.unwrap());
    let lock = one.lock().unwrap();
    let error = two.lock().unwrap_err();
    let expected = format!("another frist (process {}, since ", std::process::id());
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert!(error.to_string().contains("frist.db"), "{error}");
    // Whoever enters an answer needs no lock.
    two.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    drop(lock);
    let lock = two.lock().unwrap();
    drop(lock);

    let memory = Store::open("sqlite::memory:", folder.path()).await.unwrap();
    let (_first, _second) = (memory.lock().unwrap(), memory.lock().unwrap());
}

#[tokio::test]
async fn history_can_be_neither_changed_nor_deleted() {
    let folder = folder();
    let store = open(folder.path()).await.unwrap();
    let mut record = telling("2011-04-01T06:00", "2011-04-01");
    record.first_seen = true;
    record.rules.push("deadline".into());
    record.deadlines.push(("1a/summary".into(), None));
    record.faults.push(frist::store::FaultRecord {
        key: "one".into(),
        text: "text".into(),
        told_in: Some(0),
    });
    record.failures.push(failure("deadline", "1a/summary"));
    store.commit(&record).await.unwrap();
    store.enter_change(&change("2011-04-01T06:00", "one", None)).await.unwrap();
    let answer = Answer {
        at: at("2011-04-01T06:00"),
        occurrence: None,
        unit: None,
        says: Says::NotOurs,
        text: String::new(),
    };
    store.answer(&plan(), &"1a/summary".into(), &answer).await.unwrap();
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    store
        .settle(claimed.ended(Settlement::Sent { reply: "250".into(), copy: None }), now)
        .await
        .unwrap();

    let mut connection = beside(folder.path()).await;
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
        ("messages", "attempts"), // of a message that is settled
    ] {
        let changed = run(&mut connection, &format!("UPDATE {table} SET {column} = 1")).await;
        assert!(changed.is_err(), "{table}.{column} could be changed");
        let deleted = run(&mut connection, &format!("DELETE FROM {table}")).await;
        assert!(deleted.is_err(), "rows of {table} could be deleted");
    }
}

#[tokio::test]
async fn the_database_refuses_every_way_that_is_not_listed() {
    for from in MessageState::ALL {
        for to in MessageState::ALL {
            let folder = folder();
            // What is held was held from the start.
            let hold = matches!(from, MessageState::Held | MessageState::Dropped);
            let mut record = telling("2011-04-01T06:00", "2011-04-01");
            record.holds.extend(
                hold.then(|| Hold { why: HeldFor::Change("c".into()), messages: [0].into() }),
            );
            let store = open(folder.path()).await.unwrap();
            store.commit(&record).await.unwrap();
            store.close().await;
            let mut connection = beside(folder.path()).await;
            let become_state = |state: MessageState| {
                let (mut holder, mut retry, mut settled) = ("NULL", "NULL", "NULL");
                match state {
                    MessageState::Queued | MessageState::Held => {}
                    MessageState::Sending => holder = "1",
                    MessageState::Retrying | MessageState::Uncertain => retry = "1",
                    MessageState::Sent | MessageState::GaveUp | MessageState::Dropped => {
                        settled = "1";
                    }
                }
                format!(
                    "UPDATE messages SET state = '{}', holder = {holder}, lease_until = {holder},
                     next_attempt = {retry}, settled_at = {settled}",
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
                run(&mut connection, &become_state(*state)).await.unwrap();
            }
            let moved = run(&mut connection, &become_state(to)).await;
            assert_eq!(moved.is_ok(), from.may_become(to), "{from:?} to {to:?}: {moved:?}");
        }
    }
}

#[tokio::test]
async fn a_state_without_what_belongs_to_it_is_refused() {
    let folder = folder();
    told(folder.path()).await;
    let mut connection = beside(folder.path()).await;
    for sql in [
        "UPDATE messages SET state = 'sending'",
        "UPDATE messages SET state = 'sending', holder = 'a'",
        "UPDATE messages SET state = 'lost', holder = 'a', lease_until = 1",
    ] {
        assert!(run(&mut connection, sql).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn a_tick_with_nothing_in_it_writes_nothing() {
    let folder = folder();
    told(folder.path()).await;
    let reader = Store::open_existing(URL, folder.path()).await.unwrap().unwrap();
    reader.commit(&tick("2011-04-02T06:00")).await.unwrap();
}
