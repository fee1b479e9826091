//! What a daemon keeps in mind while files are replaced and the past is read anew, on a simulated clock.

use std::path::Path;

use chrono::Weekday;

use super::*;
use crate::mail::transport::Memory;
use crate::project::{Files, Place};
use crate::store::{Change, NewChange};

const PLAN: &str = r#"{
  "id": "small", "title": "A small plan", "language": "en", "zone": "Europe/Oslo", "adopted": "2011-01-01",
  "period": { "from": "2011-01-01", "until": "2011-12-31" }, "owner": "boss",
  "units": [{ "id": "boss", "name": "The Boss", "email": "boss@example.org" }],
  "goals": [{ "id": "1", "title": "A goal", "measures": [
    { "id": "1a", "title": "A measure", "responsible": ["boss"],
      "deadlines": [{ "id": "summary", "kind": "summary", "due": "2011-09-01" }] }] }]
}"#;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn send_at() -> NaiveTime {
    NaiveTime::from_hms_opt(8, 0, 0).unwrap()
}

fn files() -> Files {
    let folder = tempfile::tempdir().unwrap();
    let (plan, rules) = (folder.path().join("plan.json"), folder.path().join("rules"));
    std::fs::write(&plan, PLAN).unwrap();
    std::fs::create_dir(&rules).unwrap();
    let place = Place { folder: folder.path().to_owned(), plans: vec![plan], rules };
    Files::read(&place).unwrap()
}

fn project() -> Project {
    let project = Project::of(files());
    assert!(!project.is_faulty() && project.plans.len() == 1);
    project
}

/// A daemon that serves the plan since `began`, with weekly reports on Mondays.
async fn daemon(began: &str) -> (Daemon, Memory) {
    let (began, memory) = (at(began), Memory::default());
    let store = Store::open("sqlite::memory:", Path::new(".")).await.unwrap();
    let lock = store.lock().await.unwrap();
    let parts = Parts {
        clock: Clock::simulated(began),
        began,
        store,
        lock: Some(lock),
        transport: Transport::Memory(memory.clone()),
        sender: Sender::parse("frist <frist@localhost>", None).unwrap(),
        send_at: send_at(),
        at_once: 1,
        brake: None,
        news: News { weekly: Some(Weekday::Mon), stale_after_days: 0 },
        heart: Heart::default(),
        receipts: None,
    };
    (Daemon::begin(&project(), "old".to_owned(), parts).await.unwrap(), memory)
}

fn subjects(memory: &Memory) -> Vec<String> {
    memory.sent().into_iter().map(|(message, _)| message.subject).collect()
}

#[tokio::test]
async fn weekly_reports_go_on_after_the_past_is_read_anew() {
    let (mut daemon, memory) = daemon("2011-04-01T06:00:00Z").await;
    daemon.turn().await.unwrap();
    let now = daemon.clock.now();
    daemon.served[0].begin_again(&daemon.store, now).await.unwrap();
    daemon.clock.sleep_until(at("2011-04-04T06:00:00Z")).await;
    daemon.turn().await.unwrap();
    let subjects = subjects(&memory);
    assert!(subjects.len() == 1 && subjects[0].starts_with("Weekly report"), "{subjects:?}");
}

#[tokio::test]
async fn what_the_owner_is_to_hear_is_told_by_the_files_that_come_next() {
    let (mut daemon, memory) = daemon("2011-04-01T06:00:00Z").await;
    let (what, message) = ("frist.toml".to_owned(), "the configuration is faulty".to_owned());
    daemon.served[0].tell_owner("configuration: 1".to_owned(), what, message);
    let new = InForce { project: project(), send_at: send_at(), hash: "new".to_owned() };
    daemon.replace(new).await.unwrap();
    daemon.turn().await.unwrap();
    assert_eq!(memory.sent().len(), 1);
    assert!(memory.sent()[0].0.text.contains("the configuration is faulty"));
}

#[tokio::test]
async fn what_the_configuration_lets_through_counts_for_a_change_that_is_watched_already() {
    let (daemon, _) = daemon("2011-04-01T06:00:00Z").await;
    for (hash, day) in [("old", "2011-04-01T06:00:00Z"), ("new", "2011-04-04T06:00:00Z")] {
        let change = Change {
            at: at(day),
            hash: hash.to_owned(),
            send_at: send_at(),
            who: None,
            changed: Vec::new(),
            refused: None,
            numbers: None,
        };
        daemon.store.enter_change(&NewChange { change, files: files() }).await.unwrap();
    }
    let found = ChangeBrake::find(&daemon.store, at("2011-04-04T07:00:00Z")).await.unwrap();
    let brake = found.expect("the files of the day before were others");
    let mut holds = Vec::new();
    for (count, at_once) in [(20, None), (21, None), (21, Some(30)), (4, Some(3))] {
        holds.push(brake.holds(&daemon.store, count, at_once).await.unwrap());
    }
    assert_eq!(holds, [false, true, false, true]);
}
