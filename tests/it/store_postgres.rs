//! What only a ledger on a server can do: be shared by several daemons, be out of reach, ask for a password.
//! What every ledger promises is in `store_promises`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use frist::history::{Answer, Says};
use frist::store::{Settled, Store, StoreError};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::certificate::Certificate;
use crate::postgres_server::{PASSWORD, PostgresServer};
use crate::store_promises::{at, change, message, queueing, sent, telling, tick};

async fn open(url: &str) -> Result<Store, StoreError> {
    Store::open(url, Path::new(".")).await
}

/// A new ledger's address, and two handles on it as two daemons have them.
async fn shared() -> (String, Store, Store) {
    let url = PostgresServer::shared().database().await;
    let (one, two) = (open(&url).await.unwrap(), open(&url).await.unwrap());
    (url, one, two)
}

async fn beside(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

/// Breaks the connection that holds the lock of the ledger at `url`, as a server or a firewall may.
async fn break_the_lock(url: &str) {
    let ended = sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
         WHERE locktype = 'advisory' AND datname = current_database()",
    )
    .fetch_all(&mut beside(url).await)
    .await
    .unwrap();
    assert_eq!(ended.len(), 1);
}

/// Takes the lock as soon as the server has noticed that it is free.
async fn take(store: &Store) -> frist::store::LedgerLock {
    for _ in 0..500 {
        if let Some(lock) = store.lock_or_help().await.unwrap() {
            return lock;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the lock stays with the dead");
}

fn causes(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn one_of_several_daemons_decides() {
    let (_, one, two) = shared().await;
    let lock = one.lock_or_help().await.unwrap().unwrap();
    assert!(two.lock_or_help().await.unwrap().is_none());
    let error = two.lock().await.unwrap_err();
    assert!(error.to_string().starts_with("another frist (since "), "{error}");
    lock.release().await;
    let _lock = take(&two).await;
    assert!(one.lock_or_help().await.unwrap().is_none());
}

#[tokio::test]
async fn who_has_lost_the_lock_cannot_decide_any_more() {
    let (url, one, two) = shared().await;
    let mut lock = one.lock().await.unwrap();
    let one = one.under(&lock);
    one.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    assert!(lock.is_held().await);

    break_the_lock(&url).await;
    assert!(!lock.is_held().await);
    // As long as nobody else has come to decide, what it has begun still counts.
    one.commit(&telling("2011-04-02T06:00", "2011-04-02")).await.unwrap();

    let new = take(&two).await;
    let error = one.commit(&telling("2011-04-03T06:00", "2011-04-03")).await.unwrap_err();
    assert!(matches!(error, StoreError::Deposed { .. }), "{error}");
    let error = one.enter_change(&change("2011-04-03T06:00", "p", None)).await.unwrap_err();
    assert!(matches!(error, StoreError::Deposed { .. }), "{error}");
    let two = two.under(&new);
    assert_eq!(two.history(&"oslo".into()).await.unwrap().told.len(), 2);
    two.commit(&telling("2011-04-03T06:00", "2011-04-03")).await.unwrap();
}

#[tokio::test]
async fn who_comes_to_decide_waits_for_what_is_being_committed() {
    let (url, one, two) = shared().await;
    let _first = one.lock().await.unwrap();
    // What a commit does first.
    let mut committing = beside(&url).await;
    run(&mut committing, "BEGIN; SELECT term FROM ledger WHERE term = 1 FOR SHARE").await;
    break_the_lock(&url).await;
    let next = tokio::spawn(async move { take(&two).await });
    let mut watching = beside(&url).await;
    loop {
        let waiting = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let waiting: i64 = sqlx::query(waiting).fetch_one(&mut watching).await.unwrap().get(0);
        if waiting == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(!next.is_finished());
    run(&mut committing, "COMMIT").await;
    let mut lock = next.await.unwrap();
    assert!(lock.is_held().await);
}

/// Claims what there is as the daemon `name`, a few at a time, and returns which messages those were.
async fn claims(url: &str, name: &str) -> Vec<String> {
    let store = open(url).await.unwrap();
    let (now, mut mine) = (at("2011-04-01T06:00"), Vec::new());
    for _ in 0..60 {
        let claimed = store.claim(name, now, now + TimeDelta::minutes(5), 7).await.unwrap();
        mine.extend(claimed.into_iter().map(|claimed| claimed.message.message_id));
    }
    mine
}

#[tokio::test]
async fn several_daemons_claim_each_message_once() {
    let (url, store, _) = shared().await;
    let messages = (0..300).map(|n| message(&format!("m{n}"), &[])).collect();
    let record = frist::store::TickRecord { messages, ..tick("2011-04-01T06:00") };
    store.commit(&record).await.unwrap();
    let (a, b, c, d) =
        tokio::join!(claims(&url, "a"), claims(&url, "b"), claims(&url, "c"), claims(&url, "d"));
    let claimed = [a, b, c, d].concat();
    let different: BTreeSet<&String> = claimed.iter().collect();
    assert_eq!((claimed.len(), different.len()), (300, 300));
}

#[tokio::test]
async fn who_reads_answers_as_they_come_misses_none() {
    let (url, reader, _) = shared().await;
    let plan = "oslo".into();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4 {
        let store = open(&url).await.unwrap();
        writers.spawn(async move {
            for number in 0..25 {
                let answer = Answer {
                    at: at("2011-04-01T06:00"),
                    occurrence: None,
                    unit: None,
                    says: Says::Acknowledged,
                    text: format!("{writer} {number}"),
                };
                store.answer(&"oslo".into(), &"1a/summary".into(), &answer).await.unwrap();
            }
        });
    }
    let (mut last, mut heard) = (0, Vec::new());
    while !writers.is_empty() {
        while writers.try_join_next().is_some() {}
        let (answers, newest) = reader.answers_since(&plan, last).await.unwrap();
        heard.extend(answers);
        last = newest;
    }
    heard.extend(reader.answers_since(&plan, last).await.unwrap().0);
    assert_eq!(heard.len(), 100);
}

#[tokio::test]
async fn a_ledger_opened_for_reading_is_not_written_to() {
    let server = PostgresServer::shared();
    let url = server.database().await;
    assert!(Store::open_existing(&url, Path::new(".")).await.unwrap().is_none());
    open(&url).await.unwrap().close().await;
    let reader = Store::open_existing(&url, Path::new(".")).await.unwrap().unwrap();
    let error = reader.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
}

#[tokio::test]
async fn a_reply_with_a_zero_in_it_is_kept() {
    let (_, store, _) = shared().await;
    let now = at("2011-04-01T06:00");
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    let sent = frist::store::Settlement::Sent { reply: "250 o\0k".into(), copy: None };
    store.settle(claimed.ended(sent), now).await.unwrap();
    assert_eq!(store.log(None).await.unwrap()[0].said.as_deref(), Some("250 o\u{fffd}k"));
}

#[tokio::test]
async fn who_may_make_no_procedure_settles_and_seals_as_others_do() {
    let url = PostgresServer::shared().database().await;
    let store = open(&url).await.unwrap();
    let (_, name) = url.rsplit_once('/').unwrap();
    let mut beside = beside(&url).await;
    let clerk = format!(
        "CREATE ROLE clerk LOGIN PASSWORD '{PASSWORD}';
         REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC;
         GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk;
         GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO clerk"
    );
    run(&mut beside, &clerk).await;
    let clerk = open(&url.replace("//frist:", "//clerk:")).await.unwrap();
    store.commit(&queueing(&["one", "two", "three", "four"])).await.unwrap();
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 4).await.unwrap();
    let count = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'frist\\_%'
                     AND pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_temp%')";
    for (claimed, by) in claimed.into_iter().zip([&clerk, &store, &clerk, &store]) {
        let settled = by.settle(claimed.ended(sent("250 a")), now).await.unwrap();
        assert_eq!(settled, Settled::Applied);
    }
    let procedures: i64 = sqlx::query_scalar(count).fetch_one(&mut beside).await.unwrap();
    assert_eq!(procedures, 1, "one of them makes none");
    let verified = store.verify(None).await.unwrap();
    assert_eq!((verified.entries, verified.faults), (5, vec![]));
}

#[tokio::test]
async fn more_rows_than_a_procedure_seals_are_sealed_all_the_same() {
    let url = PostgresServer::shared().database().await;
    let store = open(&url).await.unwrap();
    store.commit(&queueing(&["one"])).await.unwrap();
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    // As a frist that knew no chain might have left them.
    let rows = "INSERT INTO attempts (message, at, holder, outcome, said)
                SELECT messages.id, 0, 'b', 'lost', 'x' FROM messages, generate_series(1, 5001)";
    run(&mut beside(&url).await, rows).await;
    assert_eq!(store.settle(claimed.ended(sent("250 a")), now).await.unwrap(), Settled::Applied);
    let verified = store.verify(None).await.unwrap();
    assert_eq!((verified.entries, verified.faults), (2, vec![]));
}

#[tokio::test]
async fn copies_are_not_compressed_a_second_time() {
    let (url, _, _) = shared().await;
    let storage = "SELECT attstorage::text FROM pg_attribute
                   WHERE attrelid = 'copies'::regclass AND attname = 'content'";
    let storage: String =
        sqlx::query_scalar(storage).fetch_one(&mut beside(&url).await).await.unwrap();
    assert_eq!(storage, "e", "external");
}

#[tokio::test]
async fn a_clock_that_does_not_agree_with_the_server_is_told() {
    let (_, store, _) = shared().await;
    store.check_clock(frist::clock::Clock::System.now()).await.unwrap();
    let told = |error: StoreError| error.to_string();
    let behind = told(
        store
            .check_clock(frist::clock::Clock::System.now() - TimeDelta::seconds(630))
            .await
            .unwrap_err(),
    );
    assert!(behind.contains("is 10 minutes ahead of this machine's"), "{behind}");
    let ahead = told(
        store
            .check_clock(frist::clock::Clock::System.now() + TimeDelta::seconds(630))
            .await
            .unwrap_err(),
    );
    assert!(ahead.contains("is 10 minutes behind this machine's"), "{ahead}");
}

#[tokio::test]
async fn what_a_server_refuses_is_told_with_what_to_do_and_without_the_password() {
    let server = PostgresServer::shared();
    let url = server.database().await;
    server.run("CREATE ROLE guest LOGIN PASSWORD 's3cret guest'").await;
    run(&mut beside(&url).await, "REVOKE CREATE ON SCHEMA public FROM PUBLIC").await;
    let foreign = server.database().await;
    run(&mut beside(&foreign).await, "CREATE TABLE ledger (sum TEXT)").await;
    let newer = server.database().await;
    open(&newer).await.unwrap().close().await;
    run(&mut beside(&newer).await, "UPDATE ledger SET version = 9999").await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (url, expected) in [
        (url.replace(PASSWORD, "s3cret wrong"), "look at the user and the password in `store.url`"),
        (url.replace("frist:", "nobody:"), "look at the user and the password in `store.url`"),
        (server.url("not_there"), "make the database with `createdb`"),
        (url.replace("frist:s3cret", "guest:s3cret%20guest"), "the owner of the database"),
        (url.replace(&server.port().to_string(), &nobody.to_string()), "cannot be reached"),
        (format!("{url}?sslmode=require"), "cannot be reached"),
        (foreign, "not a ledger of frist"),
        (newer, "was written by a newer frist (version 9999"),
        (url.replace("postgres://", "postgre://"), "is no address of a ledger"),
        (format!("{url}?sslmode=perhaps"), "is no address of a ledger"),
    ] {
        let told = causes(&open(&url).await.unwrap_err());
        assert!(told.contains(expected), "{told}");
        assert!(!told.contains("s3cret"), "{told}");
        let reading = causes(&Store::open_existing(&url, Path::new(".")).await.map_or_else(
            |error| error,
            |found| StoreError::Address { url: format!("{expected} {}", found.is_some()) },
        ));
        assert!(reading.contains(expected) && !reading.contains("s3cret"), "{reading}");
    }
}

#[tokio::test]
async fn a_server_whose_certificate_is_not_to_be_trusted_is_told_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (host, trusted) in [("127.0.0.1", true), ("127.0.0.1", false), ("elsewhere.example", true)]
    {
        let server = PostgresServer::start();
        let url = server.database().await;
        let root = folder.path().join("ca.pem");
        let root = if trusted { format!("&sslrootcert={}", root.display()) } else { String::new() };
        let url = format!("{url}?sslmode=verify-full{root}");
        let certificate = Certificate::of(host);
        std::fs::write(folder.path().join("ca.pem"), certificate.pem()).unwrap();
        let unencrypted = causes(&open(&url).await.unwrap_err());
        server.encrypt(&certificate).await;
        // The server does not read its settings at once.
        let mut opened = open(&url).await;
        while opened.as_ref().is_err_and(|error| causes(error) == unencrypted) {
            tokio::time::sleep(Duration::from_millis(10)).await;
            opened = open(&url).await;
        }
        let said = opened.as_ref().err().map(causes).unwrap_or_default();
        assert_eq!(opened.is_ok(), trusted && host == "127.0.0.1", "{host} {trusted}: {said}");
        assert!(opened.is_ok() || said.contains("certificate"), "{said}");
    }
}

#[tokio::test]
async fn a_server_is_reached_through_its_socket_too() {
    let server = PostgresServer::shared();
    let url = server.database().await;
    let name = url.rsplit('/').next().unwrap();
    let socket = server.socket().display();
    let port = server.port();
    let url =
        format!("postgres:///{name}?host={socket}&port={port}&user=frist&password={PASSWORD}");
    let store = open(&url).await.unwrap();
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
}

#[tokio::test]
async fn a_server_that_crashes_and_comes_back_is_found_again() {
    let server = PostgresServer::start();
    let url = server.database().await;
    let store = open(&url).await.unwrap();
    let mut lock = store.lock().await.unwrap();
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    server.crash();
    let error = store.commit(&telling("2011-04-02T06:00", "2011-04-02")).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{}", causes(&error));
    assert!(!causes(&error).contains(PASSWORD));
    assert!(!lock.is_held().await);
    server.restart();
    assert_eq!(store.history(&"oslo".into()).await.unwrap().told.len(), 1);
    store.commit(&telling("2011-04-02T06:00", "2011-04-02")).await.unwrap();
    assert!(store.lock_or_help().await.unwrap().is_some());
}
