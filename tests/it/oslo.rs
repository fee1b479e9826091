//! The Oslo plan from the outside: the real program, its mails, and what it says about them.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};
use frist::history::History;
use frist::project::{Place, Project};
use frist::rules::Rules;
use frist::schedule::{Schedule, see};
use mail_parser::MessageParser;
use serde_json::Value;

use crate::project::TestProject;

const ALL: [&str; 4] = ["--from", "2011-01-01", "--until", "2014-01-01"];

/// What identifies a notice in the rows of `forecast` and `log`.
fn notice(row: &Value) -> Vec<String> {
    ["plan", "at", "deadline", "measure", "due", "rule", "kind", "to", "nominal"]
        .map(|column| row[column].to_string())
        .to_vec()
}

#[test]
fn the_forecast_is_what_the_replay_sends() {
    let project = TestProject::oslo();
    let forecast = project.rows(&[&["forecast"], &ALL[..]].concat());
    let ran = project.frist(&[&["run"], &ALL[..], &["--store", project.store()]].concat());
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let log = project.rows(&["log"]);
    let sent = log.iter().filter(|row| row["state"] == "sent").map(notice);
    let (forecast, sent) =
        (forecast.iter().map(notice).collect::<BTreeSet<_>>(), sent.collect::<BTreeSet<_>>());
    assert!(forecast.len() > 400, "{}", forecast.len());
    let differ: Vec<_> = forecast.symmetric_difference(&sent).collect();
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn a_district_is_reminded_thirty_days_before_its_summary_is_due() {
    let project = TestProject::oslo();
    let rows = project.rows(&["forecast", "--from", "2011-04-01", "--until", "2011-04-02"]);
    let row = rows
        .iter()
        .find(|row| row["deadline"] == "1a/summary" && row["rule"] == "deadline")
        .unwrap();
    let line = serde_json::json!({
        "plan": "oslo-2011", "at": "2011-04-01T08:00:00+02:00", "deadline": "1a/summary", "measure": "1a",
        "due": "2011-05-01", "rule": "deadline", "kind": "remind", "to": "bydel-grunerlokka",
        "nominal": "2011-04-01", "reason": "30 days before",
    });
    assert_eq!(*row, line);
}

#[test]
fn every_mail_of_the_replay_can_be_read_and_is_listed() {
    let project = TestProject::oslo();
    let ran = project.frist(&[&["run"], &ALL[..]].concat());
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let listed = fs::read_to_string(project.path().join("outbox/messages.jsonl")).unwrap();
    let listed: Vec<Value> =
        listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mails = project.mails();
    assert_eq!(listed.len(), mails.len());
    let mut ids = BTreeSet::new();
    for row in &listed {
        let raw =
            fs::read(project.path().join("outbox").join(row["file"].as_str().unwrap())).unwrap();
        let mail = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(mail.message_id(), row["message_id"].as_str());
        assert_eq!(mail.subject(), row["subject"].as_str());
        assert!(mail.body_text(0).is_some() && mail.body_html(0).is_some());
        assert!(ids.insert(mail.message_id().unwrap().to_owned()));
        for header in ["Auto-Submitted", "X-Frist-Plan", "List-Id", "Reply-To"] {
            assert!(mail.header(header).is_some(), "{header} is missing in {row}");
        }
    }
    // One message a recipient and day.
    let days: BTreeSet<_> =
        listed.iter().map(|row| (row["at"].to_string(), row["to"].to_string())).collect();
    assert_eq!(days.len(), listed.len());
}

#[test]
fn a_second_replay_writes_the_same_mails() {
    let project = TestProject::oslo();
    let read = || {
        let ran = project.frist(&["run", "--from", "2011-01-01", "--until", "2011-06-01"]);
        assert_eq!(ran.code(), 0, "{}", ran.err());
        project.mails().iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>()
    };
    let first = read();
    assert!(!first.is_empty());
    assert!(first == read());
}

#[test]
fn the_whole_forecast_reads_as_it_was_approved() {
    let project = TestProject::oslo();
    let ran = project.frist(&[&["forecast"], &ALL[..], &["--format", "csv"]].concat());
    insta::assert_snapshot!("forecast", ran.out());
}

#[test]
fn the_status_reads_as_it_was_approved() {
    let project = TestProject::oslo();
    let ran = project.frist(&["status", "--at", "2011-04-20"]);
    insta::assert_snapshot!("status", ran.out());
    let rows = project.rows(&["status", "--at", "2011-04-20"]);
    let row = rows.iter().find(|row| row["deadline"] == "1a/summary").unwrap();
    assert_eq!((&row["state"], &row["days_left"]), (&"soon".into(), &11.into()));
    let state = |id: &str| rows.iter().find(|row| row["deadline"] == id).unwrap()["state"].clone();
    assert_eq!(state("4c/assessment"), "blocked");
    assert_eq!(state("2d/summary"), "no_date");
    let measure = rows.iter().find(|row| row["measure"] == "2a").unwrap();
    assert_eq!((&measure["deadline"], &measure["state"]), (&Value::Null, &"running".into()));
}

#[test]
fn a_deadline_is_explained_step_by_step() {
    let project = TestProject::oslo();
    let replay =
        ["run", "--from", "2011-01-01", "--until", "2011-04-25", "--store", project.store()];
    assert_eq!(project.frist(&replay).code(), 0);
    let ran = project.frist(&["explain", "1a/summary", "--at", "2011-04-25"]);
    insta::assert_snapshot!("explain", ran.out());
}

#[test]
fn the_oslo_plan_checks_without_errors() {
    let project = TestProject::oslo();
    let ran = project.frist(&["check"]);
    assert_eq!(ran.code(), 0, "{}", ran.out());
    insta::assert_snapshot!("check", ran.out());
}

#[test]
fn traced_rules_decide_the_same_as_the_daemon_s() {
    let place =
        Place { folder: ".".into(), plans: vec!["plan.json".into()], rules: "rules".into() };
    let project = Project::read(&place).unwrap();
    let told = |rules: &Arc<Rules>| {
        let plan = &project.plans[0];
        let at = |date: &str| date.parse::<DateTime<Utc>>().unwrap();
        let (from, until) = (at("2011-01-01T00:00:00Z"), at("2014-01-01T00:00:00Z"));
        let mut history = History::default();
        see(&mut history, plan, rules, from);
        let eight = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
        let schedule = Schedule::new(plan.clone(), rules.clone(), eight, &history);
        let (told, faults) = schedule.forecast(&Arc::new(history), from, until);
        assert!(faults.is_empty());
        told.into_iter().map(|forecast| (forecast.at, forecast.notice)).collect::<Vec<_>>()
    };
    let (traced, _) = project.traced_rules();
    assert_eq!(told(&project.rules), told(&traced));
}
