//! The texts of old mails leave the ledger; what keeps anybody from being told twice stays.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::project::TestProject;
use crate::resident::{Resident, until};

/// A project that has told its reminders of 1 and 26 April, and whose mail server was out of reach on 2 May.
fn in_may() -> TestProject {
    let project = TestProject::with_file();
    for (now, mails) in [("2011-01-03", 0), ("2011-04-01", 2), ("2011-04-26", 2)] {
        assert_eq!(project.turn(&format!("{now}T08:00")).len(), mails);
    }
    project.mail_to(9);
    let quiet = "[watch]\nweekly = \"off\"\nstale_after_days = 0\n";
    project.write("frist.toml", &format!("{}{quiet}", project.read("frist.toml")));
    project.frist(&["run", "--once", "--now", "2011-05-02T08:00"]);
    project
}

/// Returns what an archive says; `None` if it is not whole.
fn text(archive: &Path) -> Option<String> {
    let mut text = String::new();
    let mut read = MultiGzDecoder::new(fs::File::open(archive).unwrap());
    read.read_to_string(&mut text).is_ok().then_some(text)
}

fn lines(archive: &Path) -> Vec<Value> {
    text(archive).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn connect(project: &TestProject) -> SqliteConnection {
    let url = format!("sqlite://{}", project.path().join("frist.db").display());
    SqliteConnection::connect(&url).await.unwrap()
}

/// How many messages have their texts, and how many have not.
async fn texts(project: &TestProject) -> (i64, i64) {
    let sql = "SELECT count(*) FILTER (WHERE text <> '' AND html <> '' AND archived_at IS NULL), \
               count(*) FILTER (WHERE text = '' AND html = '' AND archived_at IS NOT NULL) \
               FROM messages JOIN letters ON letters.message = messages.id";
    sqlx::query_as(sql).fetch_one(&mut connect(project).await).await.unwrap()
}

fn archives(project: &TestProject) -> Vec<PathBuf> {
    let entries = fs::read_dir(project.path()).unwrap().map(|entry| entry.unwrap().path());
    let is_archive = |path: &PathBuf| path.to_string_lossy().ends_with(".jsonl.gz");
    entries.filter(is_archive).collect()
}

#[tokio::test]
async fn what_is_archived_is_whole_and_nothing_is_told_again() {
    let project = in_may();
    let log = project.rows(&["log"]);
    let ran = project.frist(&["archive", "--before", "2011-04-20", "--format", "jsonl"]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let row: Value = serde_json::from_str(&ran.out()).unwrap();
    assert_eq!(row["messages"], 2);
    let archive = PathBuf::from(row["file"].as_str().unwrap());
    assert_eq!(archives(&project), std::slice::from_ref(&archive));
    assert_eq!(fs::metadata(&archive).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(texts(&project).await, (3, 2));

    // Each line is a mail as it was sent.
    let lines = lines(&archive);
    let mails: Vec<String> =
        project.mails().iter().map(|mail| fs::read_to_string(mail).unwrap()).collect();
    for line in &lines {
        let id = line["message_id"].as_str().unwrap();
        assert!(mails.iter().any(|mail| mail.contains(id)), "{line}");
        assert!(line["text"].as_str().unwrap().contains("30 days"), "{line}");
        assert!(line["html"].as_str().unwrap().contains("<html"), "{line}");
        assert_eq!(line["state"], "sent");
        // What is kept as sent has the digest that the ledger keeps.
        let mail = line["mail"].as_str().unwrap();
        assert!(mails.iter().any(|sent| sent == mail), "{mail}");
        assert_eq!(line["digest"], frist::fingerprint::of([mail.as_bytes()]));
    }

    assert_eq!(project.rows(&["log"]), log);
    let verified = project.frist(&["log", "--verify"]);
    assert_eq!(verified.code(), 0, "{}{}", verified.out(), verified.err());
    fs::remove_file(project.path().join("frist.toml")).unwrap();
    assert_eq!(project.turn("2011-05-02T12:00").len(), 1, "the one that was to be tried again");
    for now in ["2011-04-01T08:00", "2011-04-26T08:00", "2011-05-02T12:00"] {
        assert_eq!(project.turn(now).len(), 0, "{now}");
    }
    // A second time there is nothing left to archive, and no empty file.
    let ran = project.frist(&["archive", "--before", "2011-04-20"]);
    assert!(
        ran.code() == 0 && ran.err().contains("No message was settled before"),
        "{}",
        ran.err()
    );
    assert_eq!(archives(&project).len(), 1);
}

#[tokio::test]
async fn what_is_still_to_be_sent_keeps_its_text() {
    let project = in_may();
    let file = project.path().join("all.jsonl.gz");
    let ran = project.frist(&["archive", "--before", "2020-01-01", file.to_str().unwrap()]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    assert_eq!(lines(&file).len(), 4);
    assert_eq!(texts(&project).await, (1, 4));
    fs::remove_file(project.path().join("frist.toml")).unwrap();
    let mails = project.turn("2011-05-02T12:00");
    assert!(mails.len() == 1 && mails[0].1.contains("1 May"), "{mails:?}");
}

#[tokio::test]
async fn the_ledger_lets_go_of_a_text_in_no_other_way() {
    let project = in_may();
    let mut ledger = connect(&project).await;
    let one = "message = (SELECT min(id) FROM messages WHERE state = 'sent')";
    for sql in [
        format!("UPDATE letters SET text = '' WHERE {one}"),
        format!("UPDATE letters SET text = 'something else' WHERE {one}"),
        format!("DELETE FROM letters WHERE {one}"),
        "UPDATE messages SET archived_at = 1, subject = '' WHERE state = 'sent'".to_owned(),
        "UPDATE messages SET archived_at = 1, state = 'queued' WHERE state = 'sent'".to_owned(),
        // It is still to be sent.
        "UPDATE messages SET archived_at = 1 WHERE state = 'retrying'".to_owned(),
    ] {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(&mut ledger).await;
        assert!(done.is_err(), "{sql}");
    }
    let marked = "UPDATE messages SET archived_at = 1 WHERE state = 'sent'";
    sqlx::raw_sql(marked).execute(&mut ledger).await.unwrap();
    for (words, allowed) in [("'something else'", false), ("''", true)] {
        let sql = format!("UPDATE letters SET text = {words}, html = '' WHERE {one}");
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut ledger).await;
        assert_eq!(done.is_ok(), allowed, "{words}: {done:?}");
    }
}

#[test]
fn an_archive_overwrites_nothing_and_lies_in_the_past() {
    let project = in_may();
    project.write("taken.jsonl.gz", "minutes of a meeting");
    let taken = project.path().join("taken.jsonl.gz");
    let ran = project.frist(&["archive", "--before", "2011-04-20", taken.to_str().unwrap()]);
    assert_eq!(ran.code(), 2);
    assert!(ran.err().contains("taken.jsonl.gz"), "{}", ran.err());
    assert!(ran.err().contains("help: an archive overwrites nothing"), "{}", ran.err());
    assert_eq!(project.read("taken.jsonl.gz"), "minutes of a meeting");
    let ran = project.frist(&["archive", "--before", "2099-12-31"]);
    assert_eq!(ran.code(), 2);
    assert!(ran.err().contains("a day to come"), "{}", ran.err());
}

#[tokio::test]
async fn the_daemon_archives_by_itself_what_is_old_enough() {
    let project = in_may();
    project.write("frist.toml", "[store]\narchive_after_years = 1\n");
    let daemon = Resident::start(&project, "2012-04-20T08:00");
    until("it has archived", || {
        archives(&project).first().is_some_and(|archive| text(archive).is_some())
    });
    drop(daemon);
    assert_eq!(lines(&archives(&project)[0]).len(), 2);
}
