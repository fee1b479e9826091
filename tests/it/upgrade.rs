//! A newer frist goes on where an older one stopped: it loses no moment, and repeats nothing.
//!
//! `tests/data/ledger` has a ledger of every released version, and beside it the mails that the frist of that version
//! went on to send: their Message-IDs are the golden file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use crate::postgres_server::PostgresServer;
use crate::project::{RULES, TestProject};
use crate::resident::{Resident, until};

/// The rules under which the ledgers of versions 2 and 3 were written: a step more, which the brake held.
fn with_one_step_more() -> String {
    let step = ".remind(responsible, 30.days.before)";
    RULES.replace(step, &format!("{step}.notify([responsible, owner], 31.days.before)"))
}

/// What the ledgers of versions 1 and 2 had sent.
const BEFORE: [&str; 3] = ["40e59b70", "adf03262", "eac9b18f"];

/// What the ledger of version 3 had sent.
const UNTIL_3: [&str; 4] = ["40e59b70", "adf03262", "eac9b18f", "d942b886"];

/// Reads one of the test ledgers.
fn data(name: &str) -> String {
    fs::read_to_string(format!("tests/data/ledger/{name}")).unwrap()
}

/// A project whose ledger an older frist has left in a file.
async fn left_by(version: u32) -> TestProject {
    let project = TestProject::with_file();
    project.write("frist.db", "");
    let sql = data(&format!("version-{version}.sql"));
    let url = format!("sqlite://{}", project.path().join("frist.db").display());
    let mut ledger = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut ledger).await.unwrap();
    ledger.close().await.unwrap();
    project
}

/// A project whose ledger the first frist that knew servers has left on one.
async fn left_on_server() -> TestProject {
    let url = PostgresServer::shared().database().await;
    let mut ledger = PgConnection::connect(&url).await.unwrap();
    let tables = fs::read_to_string("src/store/migrations/postgres/0003_ledger.sql").unwrap();
    // The rows of that version's ledger in a file: the columns are the same, only bytes are written otherwise.
    let file = data("version-3.sql").replace(",X'", r",'\x");
    let rows = file.split(";\n").filter(|statement| statement.starts_with("INSERT INTO "));
    // They are put down as they were, whatever way they took; after the last of them come others.
    let before = "SET session_replication_role = replica; UPDATE ledger SET version = 3";
    let after = "DO $$ DECLARE name TEXT; number TEXT; last BIGINT; BEGIN
        FOR name, number IN SELECT table_name, column_name FROM information_schema.columns WHERE is_identity = 'YES' LOOP
            EXECUTE format('SELECT max(%I) FROM %I', number, name) INTO last;
            PERFORM setval(pg_get_serial_sequence(name, number), coalesce(last, 0) + 1, false);
        END LOOP;
    END $$";
    for sql in [&tables, before].into_iter().chain(rows).chain([after]) {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut ledger).await.unwrap();
    }
    ledger.close().await.unwrap();
    let mut project = TestProject::with_file();
    project.keep_in(url);
    project
}

/// Every notice that was told, with its message's id, as the golden file has them.
fn told(project: &TestProject) -> String {
    let word = |row: &Value, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    let rows = project.rows(&["log"]);
    let told = rows.iter().filter(|row| !row["message_id"].is_null());
    let columns = ["to", "kind", "deadline", "nominal", "state", "message_id"];
    let lines = told.map(|row| {
        let at = word(row, "at")[..10].to_owned();
        let cells = columns.map(|name| word(row, name));
        format!("{at} {}\n", cells.join(" "))
    });
    lines.collect::<Vec<_>>().concat()
}

/// The ids of the messages that have left the house, in order.
fn sent(project: &TestProject) -> Vec<String> {
    let text = project.read("outbox/messages.jsonl");
    let ids = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    ids.map(|row| row["message_id"].as_str().unwrap().trim_matches(['<', '>']).to_owned()).collect()
}

/// Goes on with a ledger of a version, under which the messages that are named by the first letters of their ids were sent.
fn goes_on(project: &TestProject, version: u32, rules: &str, before: &[&str]) {
    project.write("rules/deadlines.rhai", rules);
    for now in ["2011-05-03T08:00", "2011-05-03T12:00"] {
        project.turn(now);
    }
    let ran = project.frist(&["release"]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    for day in ["05-04", "08-02", "08-25", "08-31", "09-02", "09-02"] {
        project.turn(&format!("2011-{day}T08:00"));
    }
    let golden = data(&format!("version-{version}.mails"));
    assert_eq!(told(project), golden);
    let sent = sent(project);
    let once: BTreeSet<&String> = sent.iter().collect();
    assert_eq!(once.len(), sent.len(), "a mail was repeated: {sent:?}");
    // What the older frist had sent, this one did not send.
    assert!(!sent.iter().any(|id| before.iter().any(|old| id.starts_with(old))), "{sent:?}");
    let after = golden.lines().filter(|line| !before.iter().any(|old| line.contains(old)));
    let after: BTreeSet<String> =
        after.map(|line| line.rsplit(' ').next().unwrap().to_owned()).collect();
    assert_eq!(sent.into_iter().collect::<BTreeSet<_>>(), after);
    let ran = project.frist(&["log", "--verify"]);
    assert_eq!(ran.code(), 0, "{}", ran.out());
}

#[tokio::test]
async fn an_upgrade_from_version_1_repeats_nothing() {
    goes_on(&left_by(1).await, 1, RULES, &BEFORE);
}

#[tokio::test]
async fn an_upgrade_from_version_2_repeats_nothing() {
    goes_on(&left_by(2).await, 2, &with_one_step_more(), &BEFORE);
}

#[tokio::test]
async fn an_upgrade_from_version_3_repeats_nothing() {
    goes_on(&left_by(3).await, 3, &with_one_step_more(), &UNTIL_3);
}

#[tokio::test]
async fn an_upgrade_from_version_3_on_a_server_repeats_nothing() {
    goes_on(&left_on_server().await, 3, &with_one_step_more(), &UNTIL_3);
}

/// Starts the daemon of a program that is installed somewhere, and waits until it serves.
fn serving(program: &Path, project: &TestProject, now: &str) -> Resident {
    let mut command = Command::new(program);
    command.arg("--dir").arg(project.path()).args(["run", "--now", now]).env_remove("FRIST_LOG");
    Resident::of(&mut command).when_it_serves()
}

#[test]
fn a_program_replaced_between_two_runs_loses_no_moment_and_repeats_nothing() {
    let project = TestProject::new();
    let program = project.path().join("bin-frist");
    let install = || {
        // As package managers do: a new file takes the old one's name.
        let new = project.path().join("bin-frist.new");
        fs::copy(env!("CARGO_BIN_EXE_frist"), &new).unwrap();
        fs::rename(new, &program).unwrap();
    };
    install();
    assert_eq!(serving(&program, &project, "2011-03-31T12:00").stop(), 0);
    assert_eq!(project.mails().len(), 0);
    // At eight, nobody is there.
    install();
    let daemon = serving(&program, &project, "2011-04-01T08:10");
    until("the mails of the morning go out", || project.mails().len() == 2);
    assert_eq!(daemon.stop(), 0);
    install();
    assert_eq!(serving(&program, &project, "2011-04-01T08:20").stop(), 0);
    assert_eq!(project.mails().len(), 2);
    let rows = project.rows(&["log"]);
    assert!(rows.len() == 2 && rows.iter().all(|row| row["state"] == "sent"), "{rows:?}");
}
