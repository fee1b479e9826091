//! `frist preview` from the outside: the mail that it shows is the mail that the daemon sends.

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use crate::project::TestProject;

/// Days on which districts, offices and the plan's owner get mails, first ones and later ones.
const DAYS: [&str; 4] = ["2011-03-01", "2011-04-01", "2011-05-02", "2011-08-01"];

/// Plays the Oslo plan and returns what its ledger says was sent on those days: a row a notice.
fn played(project: &TestProject) -> Vec<Value> {
    let replay =
        ["run", "--from", "2011-01-01", "--until", "2011-09-01", "--store", "sqlite:played.db"];
    assert_eq!(project.frist(&replay).code(), 0);
    let mut log = project.command(&["log", "--format", "jsonl"]);
    let log = log.env("FRIST_STORE__URL", "sqlite:played.db").output().unwrap();
    let rows = String::from_utf8(log.stdout).unwrap();
    let rows = rows.lines().map(|line| serde_json::from_str(line).unwrap());
    let is_of_a_day = |row: &Value| {
        let at = row["at"].as_str().unwrap();
        row["state"] == "sent" && DAYS.iter().any(|day| at.starts_with(day))
    };
    rows.filter(is_of_a_day).collect()
}

/// Returns the file that a message was written to.
fn file(project: &TestProject, message_id: &Value) -> Vec<u8> {
    let listed = fs::read_to_string(project.path().join("outbox/messages.jsonl")).unwrap();
    let listed = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let found = listed.into_iter().find(|row| row["message_id"] == *message_id).unwrap();
    fs::read(project.path().join("outbox").join(found["file"].as_str().unwrap())).unwrap()
}

fn assert_same(shown: &[u8], sent: &[u8], of: &Value) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(shown == sent, "{of}\n{}\n{}", text(shown), text(sent));
}

/// Returns what a row of the log is about, as it is written on the command line.
fn about(row: &Value) -> String {
    let ids = [&row["deadline"], &row["measure"], &row["plan"]];
    ids.into_iter().find_map(Value::as_str).unwrap().to_owned()
}

#[test]
fn every_mail_of_a_few_days_is_shown_to_the_byte() {
    let project = TestProject::oslo();
    let mut rows = played(&project);
    rows.dedup_by(|a, b| a["message_id"] == b["message_id"]);
    assert!(rows.len() >= 10, "{}", rows.len());
    for row in rows {
        let (at, to) = (row["at"].as_str().unwrap(), row["to"].as_str().unwrap());
        let shown = project
            .command(&["preview", &about(&row), "--at", at, "--to", to, "--eml"])
            .output()
            .unwrap();
        assert_same(&shown.stdout, &file(&project, &row["message_id"]), &row);
    }
}

#[test]
fn with_a_ledger_the_next_mail_is_the_one_that_will_be_sent() {
    let project = TestProject::oslo();
    let rows = played(&project);
    // Into a folder of the project's: `--outbox` is relative to where the program is started.
    let outbox = project.path().join("other");
    let replay = [
        "run",
        "--from",
        "2011-01-01",
        "--until",
        "2011-04-30",
        "--store",
        project.store(),
        "--outbox",
        outbox.to_str().unwrap(),
    ];
    assert_eq!(project.frist(&replay).code(), 0);
    for row in rows
        .iter()
        .filter(|row| row["at"] == "2011-05-02T08:00:00+02:00" && !row["deadline"].is_null())
    {
        let arguments = [
            "preview",
            &about(row),
            "--now",
            "2011-04-30",
            "--to",
            row["to"].as_str().unwrap(),
            "--eml",
        ];
        let shown = project.command(&arguments).output().unwrap();
        assert_same(&shown.stdout, &file(&project, &row["message_id"]), row);
    }
    // A mail of the past is played from the ledger's beginning, with the answers of then.
    let asked = ["extend", "4a/programme", "--to", "2011-06-15", "--now", "2011-04-10T12:00"];
    assert_eq!(project.frist(&asked).code(), 0);
    let row = rows
        .iter()
        .find(|row| row["at"] == "2011-04-01T08:00:00+02:00" && row["to"] == "bydel-grunerlokka")
        .unwrap();
    let arguments = ["preview", &about(row), "--now", "2011-04-30", "--at", "2011-04-01", "--eml"];
    let shown = project.command(&arguments).output().unwrap();
    assert_same(&shown.stdout, &file(&project, &row["message_id"]), row);
    let answered =
        project.frist(&["preview", "4a/programme", "--now", "2011-04-30", "--at", "2011-04-09"]);
    assert!(
        answered.out().contains("Siste svar: 10. april 2011: ber om ny dato"),
        "{}",
        answered.out()
    );
}

#[test]
fn a_mail_reads_as_a_mail_program_shows_it() {
    let project = TestProject::oslo();
    let ran = project.frist(&["preview", "4a/programme", "--now", "2011-03-01"]);
    assert_snapshot!("preview", format!("{}\n{}", ran.err(), ran.out()));
}

#[test]
fn a_mail_carries_everything_of_its_day_or_only_what_was_asked_for() {
    let project = TestProject::oslo();
    let preview = ["preview", "4a/programme", "--at", "2011-04-01", "--to", "pro-sentret"];
    let deadlines = |arguments: &[&str]| project.rows(arguments)[0]["deadlines"].clone();
    assert_eq!(deadlines(&preview), serde_json::json!(["2d/start", "4a/programme"]));
    assert_eq!(
        deadlines(&[&preview[..], &["--alone"]].concat()),
        serde_json::json!(["4a/programme"])
    );
}

#[test]
fn a_rule_is_shown_also_where_it_would_not_be_sent() {
    let project = TestProject::oslo();
    let preview = |rule: &str| {
        let ran = project.frist(&["preview", "1a/summary", "--now", "2011-03-01", "--rule", rule]);
        assert_eq!(ran.code(), 0, "{}", ran.err());
        assert!(ran.out().contains("Referanse: 1a/summary"), "{}", ran.out());
        ran.err()
    };
    assert_snapshot!(preview("summary"), @"The mail to bydel-grunerlokka goes out on Wednesday 2011-04-13 at 08:00.");
    assert_snapshot!(preview("knock-on"), @"The mail to bydel-grunerlokka would be due on Friday 2011-04-15 at 08:00, but would NOT be sent: the rule's condition is false.");
    let rows = project.rows(&["preview", "1a/summary", "--now", "2011-03-01", "--rule", "start"]);
    assert_eq!(rows[0]["not_sent"], "the rule's condition is false");
    // A second rule that says the same on the same day gives way to the first.
    project.write("rules/9.rhai", "rule(\"again\").remind(responsible, 30.days.before);");
    let rows = project.rows(&["preview", "1a/summary", "--now", "2011-03-01", "--rule", "again"]);
    assert_eq!(rows[0]["not_sent"], "told already by another rule");
}

#[test]
fn a_measure_and_the_plan_have_mails_too() {
    let project = TestProject::oslo();
    let rows = project.rows(&["preview", "2a", "--at", "2011-03-01"]);
    assert_eq!(rows.len(), 16);
    assert!(rows.iter().all(|row| row["at"] == "2011-06-01T08:00:00+02:00"));
    let rows = project.rows(&["preview", "oslo-2011", "--at", "2011-05-15"]);
    assert_eq!((rows.len(), &rows[0]["to"]), (1, &"byradsavdelingen".into()));
}

#[test]
fn html_is_printed_or_written_into_a_file() {
    let project = TestProject::oslo();
    let preview = ["preview", "1a/summary", "--at", "2011-04-01", "--html"];
    let html = project.frist(&preview).out();
    assert!(
        html.to_lowercase().starts_with("<!doctype html>") && html.contains("botilbud"),
        "{html}"
    );
    let file = project.path().join("mail.html");
    let ran = project.frist(&[&preview[..], &[file.to_str().unwrap()]].concat());
    assert_eq!((ran.code(), &*ran.out()), (0, ""));
    assert_eq!(fs::read_to_string(file).unwrap(), html);
    let nowhere = project.frist(&[&preview[..], &["/no/such/folder/mail.html"]].concat());
    assert_eq!(nowhere.code(), 3);
    assert!(nowhere.err().contains("/no/such/folder/mail.html"), "{}", nowhere.err());
}

#[test]
fn what_cannot_be_shown_is_said_with_what_can_be_done() {
    let project = TestProject::oslo();
    let refused = |arguments: &[&str]| {
        let ran = project.frist(&[&["preview"], arguments].concat());
        assert_eq!((ran.code(), &*ran.out()), (2, ""));
        ran.err()
    };
    assert_snapshot!(refused(&["1a/summary", "--now", "2013-01-01"]), @"
    error: there is no mail about `1a/summary` from 2013-01-01 on
      help: the last one is that of 2011-07-25: --at 2011-07-25
    ");
    assert_snapshot!(refused(&["2d/summary", "--now", "2013-01-01"]), @"
    error: there is no mail about `2d/summary` from 2013-01-01 on
      help: `frist explain 2d/summary` tells why
    ");
    assert_snapshot!(refused(&["1a/sumary"]), @"
    error: deadline `1a/sumary` is not in the plan
      help: did you mean `1a/summary`?
    ");
    assert_snapshot!(refused(&["1a/summary", "--rule", "sumary"]), @"
    error: there is no rule `sumary`
      help: did you mean `summary`?
    ");
    assert_snapshot!(refused(&["1a/summary", "--to", "pro-senter"]), @"
    error: unit `pro-senter` is not in the plan
      help: did you mean `pro-sentret`?
    ");
    assert_snapshot!(refused(&["4a/programme", "--at", "2011-04-01", "--eml"]), @"
    error: there are 2 mails: to helse-og-velferdsetaten, pro-sentret
      help: choose one, as with --to helse-og-velferdsetaten
    ");
}
