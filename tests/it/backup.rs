//! A ledger is copied while others write, and put back: nothing is overwritten, and nothing unsound takes its place.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::project::{Ran, TestProject};
use crate::resident::{Resident, until};

/// A project that has told its reminders of 1 April.
fn in_april() -> TestProject {
    let project = TestProject::with_file();
    assert_eq!(project.turn("2011-01-03T08:00").len(), 0);
    assert_eq!(project.turn("2011-04-01T08:00").len(), 2);
    project
}

fn backup(project: &TestProject, name: &str) -> (PathBuf, Ran) {
    let file = project.path().join(name);
    let ran = project.frist(&["backup", file.to_str().unwrap()]);
    (file, ran)
}

fn restore(project: &TestProject, file: &Path, more: &[&str]) -> Ran {
    project.frist(&[&["restore", file.to_str().unwrap()], more].concat())
}

async fn run(file: &Path, sql: &str) {
    let mut connection =
        SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// What a ledger says, and that there is one.
fn log(project: &TestProject) -> Vec<serde_json::Value> {
    let rows = project.rows(&["log"]);
    assert!(!rows.is_empty());
    rows
}

/// Names in the project's folder that begin with the ledger's.
fn ledgers(project: &TestProject) -> Vec<String> {
    let entries = fs::read_dir(project.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with("frist.db")).collect();
    names.sort();
    names
}

#[test]
fn a_backup_restored_elsewhere_says_the_same_and_tells_nothing_again() {
    let project = in_april();
    let (file, ran) = backup(&project, "copy.db");
    assert_eq!(ran.code(), 0, "{}", ran.err());
    assert!(ran.out().contains("copy.db"), "{}", ran.out());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let elsewhere = TestProject::with_file();
    let ran = restore(&elsewhere, &file, &["--format", "jsonl"]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let row: serde_json::Value = serde_json::from_str(&ran.out()).unwrap();
    assert_eq!(
        (&row["notices"], &row["messages"], &row["answers"]),
        (&2.into(), &2.into(), &0.into())
    );
    assert!(ran.err().contains("The newest entry is of 2011-04-01 06:00 UTC."), "{}", ran.err());
    assert_eq!(log(&elsewhere), log(&project));
    let mode = fs::metadata(elsewhere.path().join("frist.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(elsewhere.turn("2011-04-01T09:00").len(), 0);
}

#[tokio::test]
async fn a_backup_is_made_while_others_write_and_has_only_what_they_have_finished() {
    let project = in_april();
    let daemon = Resident::start(&project, "2011-04-01T09:00");
    let ledger = project.path().join("frist.db");
    let url = format!("sqlite://{}", ledger.display());
    let mut writer = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(
        "BEGIN IMMEDIATE; INSERT INTO answers (plan, deadline, at, says, text) \
         VALUES ('small', '1a/summary', 1, 'acknowledged', '')"
            .to_owned(),
    ))
    .execute(&mut writer)
    .await
    .unwrap();
    let (file, ran) = backup(&project, "copy.db");
    assert_eq!(ran.code(), 0, "{}", ran.err());
    sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();
    let (later, ran) = backup(&project, "later.db");
    assert_eq!(ran.code(), 0, "{}", ran.err());
    for (file, answers) in [(file, 0), (later, 1)] {
        let url = format!("sqlite://{}", file.display());
        let mut copy = SqliteConnection::connect(&url).await.unwrap();
        let found: i64 =
            sqlx::query_scalar("SELECT count(*) FROM answers").fetch_one(&mut copy).await.unwrap();
        assert_eq!(found, answers);
    }
    drop(daemon);
}

#[test]
fn a_backup_overwrites_nothing_and_needs_a_ledger() {
    let project = TestProject::with_file();
    let (file, ran) = backup(&project, "copy.db");
    assert_eq!(ran.code(), 2);
    assert!(ran.err().contains("there is no ledger yet"), "{}", ran.err());
    assert!(!file.exists());

    project.turn("2011-04-01T08:00");
    project.write("copy.db", "minutes of a meeting");
    let (_, ran) = backup(&project, "copy.db");
    assert_eq!(ran.code(), 2);
    assert!(ran.err().contains("is there already"), "{}", ran.err());
    assert_eq!(project.read("copy.db"), "minutes of a meeting");

    let (_, ran) = backup(&project, "nowhere/copy.db");
    assert_eq!(ran.code(), 3);
    assert!(ran.err().contains("nowhere/copy.db"), "{}", ran.err());
}

#[test]
fn a_ledger_that_is_there_is_put_aside_only_when_that_is_asked_for() {
    let project = in_april();
    let (file, _) = backup(&project, "copy.db");
    assert_eq!(project.turn("2011-04-26T08:00").len(), 2);
    let newer = log(&project);

    let ran = restore(&project, &file, &[]);
    assert_eq!(ran.code(), 2);
    assert!(ran.err().contains("--force"), "{}", ran.err());
    assert_eq!(log(&project), newer);

    let ran = restore(&project, &file, &["--force", "--format", "jsonl"]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let row: serde_json::Value = serde_json::from_str(&ran.out()).unwrap();
    let aside = Path::new(row["put_aside"].as_str().unwrap()).to_owned();
    assert!(aside.to_str().unwrap().contains("frist.db.20"), "{aside:?}");
    assert_eq!(log(&project).len(), 2);
    // What was put aside is whole, and can be put back.
    let ran = restore(&project, &aside, &["--force"]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    assert_eq!(log(&project), newer);
}

#[test]
fn a_ledger_that_a_daemon_serves_is_not_replaced() {
    let project = in_april();
    let (file, _) = backup(&project, "copy.db");
    let _daemon = Resident::start(&project, "2011-04-02T08:00");
    let lock = project.path().join("frist.db.lock");
    until("the daemon holds the ledger", || {
        fs::File::open(&lock).is_ok_and(|lock| lock.try_lock().is_err())
    });
    let ran = restore(&project, &file, &["--force"]);
    assert_eq!(ran.code(), 3);
    assert!(ran.err().contains("serves the ledger"), "{}", ran.err());
    assert_eq!(log(&project).len(), 2);
}

#[tokio::test]
async fn what_is_no_sound_ledger_changes_nothing() {
    let project = in_april();
    let before = log(&project);
    let names = ledgers(&project);
    let broken = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let (file, _) = backup(&project, name);
        let mut bytes = fs::read(&file).unwrap();
        change(&mut bytes);
        fs::write(&file, bytes).unwrap();
        file
    };
    let truncated = broken("truncated.db", &|bytes| bytes.truncate(bytes.len() - 5000));
    let scribbled = broken("scribbled.db", &|bytes| {
        let half = bytes.len() / 2;
        bytes[half..half + 8000].fill(0xa5);
    });
    let (newer, _) = backup(&project, "newer.db");
    run(&newer, "PRAGMA user_version = 99").await;
    let (foreign, _) = backup(&project, "foreign.db");
    run(&foreign, "PRAGMA application_id = 7").await;
    project.write("minutes.db", &"minutes of a meeting\n".repeat(100));
    project.write("empty.db", "");
    for (file, words) in [
        (truncated, "is damaged"),
        (scribbled, "is damaged"),
        (newer, "newer frist"),
        (foreign, "not a ledger of frist"),
        (project.path().join("minutes.db"), "is damaged"),
        (project.path().join("empty.db"), "has no ledger in it"),
        (project.path().join("nowhere.db"), "No such file"),
    ] {
        let ran = restore(&project, &file, &["--force"]);
        assert_eq!(ran.code(), 3, "{}: {}", file.display(), ran.err());
        assert!(ran.err().contains(words), "{}: {}", file.display(), ran.err());
        assert_eq!(log(&project), before);
        assert_eq!(ledgers(&project), names, "{}", file.display());
    }
}

#[test]
fn what_the_administrator_restores_belongs_to_the_folders_owner() {
    let project = in_april();
    let (file, _) = backup(&project, "copy.db");
    let (ledger, lock) = (project.path().join("frist.db"), project.path().join("frist.db.lock"));
    fs::remove_file(&lock).unwrap();
    if rustix::process::getuid().is_root() {
        std::os::unix::fs::chown(project.path(), Some(65534), Some(65534)).unwrap();
    }
    let owner = |path: &Path| fs::metadata(path).unwrap().uid();
    let ran = restore(&project, &file, &["--force"]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let folder = owner(project.path());
    assert_eq!([owner(&ledger), owner(&lock)], [folder; 2]);
}

#[tokio::test]
async fn a_backup_of_an_older_frist_is_restored_and_brought_up_to_date() {
    let project = TestProject::with_file();
    let file = project.path().join("old.db");
    fs::write(&file, "").unwrap();
    run(&file, &fs::read_to_string("tests/data/ledger/version-1.sql").unwrap()).await;
    let ran = restore(&project, &file, &[]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    assert_eq!(project.turn("2011-05-03T12:00").len(), 2);
}
