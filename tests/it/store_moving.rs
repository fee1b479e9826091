//! A ledger that is copied from one kind of database into the other, and back: nothing is missing, nothing is added, and
//! it goes on from there.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::path::Path;

use chrono::TimeDelta;
use frist::history::{Answer, Says};
use frist::mail::Copy;
use frist::store::{
    Arming, FaultRecord, HeldFor, Hold, MessageState, MoveError, Settlement, Store,
};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};
use tempfile::TempDir;

use crate::postgres_server::PostgresServer;
use crate::project::TestProject;
use crate::store_promises::{at, change, failure, message, telling};

/// Fills a ledger with rows in every table, and messages in most states.
async fn fill(store: &Store) {
    let mut record = telling("2011-04-01T06:00", "2011-04-01");
    record.first_seen = true;
    record.rules.push("deadline".into());
    record.deadlines.push(("1a/summary".into(), None));
    record.messages.extend((0..450).map(|n| message(&format!("æ{n}"), &["1a/summary"])));
    record.holds.push(Hold { why: HeldFor::Change("c".into()), messages: [1].into() });
    let told_in = Some(0);
    record.faults.push(FaultRecord { key: "one".into(), text: "text\n'\"".into(), told_in });
    record.failures.push(failure("deadline", "1a/summary"));
    store.commit(&record).await.unwrap();
    let arming = Arming {
        at: at("2011-04-01T06:00"),
        is_armed: true,
        token: "a".into(),
        host: "vm".into(),
        who: "root".into(),
    };
    store.enter_armings(&[arming]).await.unwrap();
    store.enter_change(&change("2011-04-01T06:00", "one", None)).await.unwrap();
    store.enter_change(&change("2011-04-02T06:00", "two", Some("faulty"))).await.unwrap();
    let now = at("2011-04-01T06:00");
    let says = Says::Delivered("2011-04-01".parse().unwrap());
    let answer = Answer { at: now, occurrence: None, unit: None, says, text: "ja".into() };
    store.answer(&"oslo".into(), &"1a/summary".into(), &answer).await.unwrap();
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 4).await.unwrap();
    let next_attempt = now + TimeDelta::minutes(10);
    let settlements = [
        Settlement::Sent { reply: "250 tatt\0".into(), copy: Copy::of(b"mail") },
        Settlement::Again { next_attempt, why: "450".into() },
        Settlement::Uncertain { next_attempt, why: "?".into() },
    ];
    for (claimed, settlement) in claimed.into_iter().zip(settlements) {
        store.settle(claimed.ended(settlement), now).await.unwrap();
    }
}

/// Returns every row of every table of a file, as text.
async fn dump(folder: &Path, name: &str) -> Vec<String> {
    let url = format!("sqlite://{}", folder.join(name).display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let query = "SELECT 'SELECT ''' || m.name || ' '' || ' || group_concat('quote(' || c.name || ')', ' || '' '' || ')
                     || ' FROM ' || m.name || ' ORDER BY 1'
                 FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' GROUP BY m.name";
    let mut rows = Vec::new();
    for query in sqlx::query(query).fetch_all(&mut connection).await.unwrap() {
        let query = AssertSqlSafe(query.get::<String, _>(0));
        let found = sqlx::query(query).fetch_all(&mut connection).await.unwrap();
        assert!(!found.is_empty());
        rows.extend(found.iter().map(|row| row.get::<String, _>(0)));
    }
    rows
}

#[tokio::test]
async fn a_ledger_goes_to_a_server_and_back_with_every_row() {
    let folder = TempDir::new().unwrap();
    let file = Store::open("sqlite:one.db", folder.path()).await.unwrap();
    fill(&file).await;
    let url = PostgresServer::shared().database().await;
    let server = Store::open(&url, folder.path()).await.unwrap();
    let copied = file.copy_to(&server).await.unwrap();
    let rows = |table| copied.iter().find(|copied| copied.table == table).unwrap().rows;
    assert_eq!((rows("messages"), rows("attempts"), rows("change_files")), (451, 3, 8));
    assert!(copied.iter().all(|copied| copied.rows > 0), "{copied:?}");

    let plan = "oslo".into();
    assert_eq!(
        format!("{:?}", file.log(None).await.unwrap()).replace("\\0", "\u{fffd}"),
        format!("{:?}", server.log(None).await.unwrap())
    );
    let (before, after) =
        (file.history(&plan).await.unwrap(), server.history(&plan).await.unwrap());
    assert_eq!(
        (before.told, before.answers, before.threads),
        (after.told, after.answers, after.threads)
    );
    assert_eq!(file.changes().await.unwrap(), server.changes().await.unwrap());
    let sealed = format!("{:?}", file.verify(None).await.unwrap());
    assert_eq!(sealed, format!("{:?}", server.verify(None).await.unwrap()));

    let back = Store::open("sqlite:two.db", folder.path()).await.unwrap();
    assert_eq!(server.copy_to(&back).await.unwrap(), copied);
    let (one, two) = (dump(folder.path(), "one.db").await, dump(folder.path(), "two.db").await);
    let one: Vec<_> = one.iter().map(|row| row.replace('\0', "\u{fffd}")).collect();
    // SQLite shows a text with a zero in it up to that.
    let differing = one.iter().zip(&two).filter(|(one, two)| one != two).count();
    assert!(one.len() == two.len() && differing <= 2, "{differing} of {}", one.len());

    // It goes on: new rows get new ids, the triggers watch again, and what was under way is taken up.
    for store in [&server, &back] {
        store.commit(&telling("2011-04-02T06:00", "2011-04-02")).await.unwrap();
        assert!(store.commit(&telling("2011-04-03T06:00", "2011-04-02")).await.is_err());
        let now = at("2011-04-01T06:30");
        let claimed = store.claim("b", now, now + TimeDelta::minutes(5), 1000).await.unwrap();
        assert_eq!(claimed.len(), 450); // all but the one that was sent and the one that is held
        assert_eq!(store.held().await.unwrap().len(), 1);
    }
    let states = server.log(None).await.unwrap();
    assert!(states.iter().any(|entry| entry.fate.word() == MessageState::Sent.word()));
}

#[tokio::test]
async fn a_ledger_with_anything_in_it_is_not_copied_into() {
    let folder = TempDir::new().unwrap();
    let file = Store::open("sqlite:one.db", folder.path()).await.unwrap();
    fill(&file).await;
    let url = PostgresServer::shared().database().await;
    let server = Store::open(&url, folder.path()).await.unwrap();
    server.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    for target in [&server, &file] {
        let error = file.copy_to(target).await.unwrap_err();
        assert!(matches!(error, MoveError::NotEmpty { .. }), "{error}");
    }
    assert_eq!(server.log(None).await.unwrap().len(), 1);
}

#[test]
fn the_program_moves_its_ledger_and_says_what_to_do_next() {
    let url = tokio::runtime::Runtime::new().unwrap().block_on(PostgresServer::shared().database());
    let project = TestProject::with_file();
    let ran = project.frist(&["ledger", "move", "--to", &url]);
    assert_eq!(ran.code(), 2);
    assert!(ran.err().contains("there is no ledger in `sqlite:frist.db`"), "{}", ran.err());

    assert_eq!(project.turn("2011-03-31T08:00").len(), 0);
    assert_eq!(project.turn("2011-04-01T08:00").len(), 2);
    let log = project.rows(&["log"]);
    let moved = project.rows(&["ledger", "move", "--to", &url]);
    assert!(moved.iter().any(|row| row["table"] == "messages" && row["rows"] == 2), "{moved:?}");
    let again = project.frist(&["ledger", "move", "--to", &url]);
    assert_eq!(again.code(), 2);
    assert!(again.err().contains("name an empty database"), "{}", again.err());

    // The rest of the story happens in the other ledger.
    project.write("frist.toml", &format!("[store]\nurl = \"{url}\"\n"));
    assert_eq!(project.rows(&["log"]), log);
    assert_eq!(project.turn("2011-04-01T09:00").len(), 0);
    assert_eq!(
        project
            .frist(&["done", "1a/summary", "--on", "2011-04-02", "--now", "2011-04-02T10:00"])
            .code(),
        0
    );
    let next = project.turn("2011-04-26T08:00");
    assert_eq!(next.iter().map(|(to, _)| &**to).collect::<Vec<_>>(), ["mate"]);
    for command in [
        &["status"][..],
        &["explain", "1a/summary"],
        &["forecast"],
        &["log", "--changes"],
        &["release"],
        &["drop"],
        &["preview", "1b/note", "--at", "2011-04-26T08:00"],
        &["progress", "1b/note", "--text", "soon"],
        &["extend", "1b/note", "--to", "2011-06-01"],
    ] {
        let ran = project.frist(&[command, &["--now", "2011-04-26T10:00"]].concat());
        assert_eq!(ran.code(), 0, "{command:?}: {}", ran.err());
        assert!(!ran.err().contains("s3cret"), "{}", ran.err());
    }
    let back = project.frist(&["ledger", "move", "--from", &url, "--to", "sqlite:back.db"]);
    assert_eq!(back.code(), 0, "{}", back.err());
    assert!(!back.err().contains("s3cret"), "{}", back.err());
    let here = project.rows(&["log"]);
    project.write("frist.toml", "[store]\nurl = \"sqlite:back.db\"\n");
    assert_eq!(project.rows(&["log"]), here);
}

#[test]
fn what_a_killed_daemon_had_sent_moves_along() {
    let project = TestProject::with_file();
    assert_eq!(project.turn("2011-03-31T08:00").len(), 0);
    let mut turn = project.command(&["run", "--once", "--now", "2011-04-01T08:00"]);
    let killed = turn.env("FRIST_FAULT", "kill@noted:1").output().unwrap();
    assert!(killed.status.code().is_none());
    // As docs/operations.md has it, the place of the token is named before the ledger is moved.
    let there = "[store]\nurl = \"sqlite:other.db\"\ninstance = \"other.instance\"\n";
    project.write("frist.toml", there);
    let moved = ["ledger", "move", "--from", "sqlite:frist.db", "--to", "sqlite:other.db"];
    let moved = project.frist(&moved);
    assert_eq!(moved.code(), 0, "{}", moved.err());
    let sent = |log: &[serde_json::Value]| log.iter().filter(|row| row["state"] == "sent").count();
    assert_eq!(sent(&project.rows(&["log"])), 1);
}
