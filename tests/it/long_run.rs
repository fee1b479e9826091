//! Long times, played from the outside: an outage of weeks, and years of service.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::project::TestProject;

/// What a message tells one recipient about one deadline, but for what is only told for information.
fn told(row: &Value) -> bool {
    row["state"] == "sent" && row["kind"] != "notify"
}

#[test]
fn forty_days_of_outage_end_in_exactly_one_late_message_a_recipient() {
    let project = TestProject::oslo();
    let served =
        ["run", "--from", "2011-02-10", "--until", "2011-04-11", "--store", project.store()];
    let ran = project.frist(&served);
    assert_eq!(ran.code(), 0, "{}", ran.err());

    // From 11 April to 21 May nobody was there; a Saturday, on which nothing of its own is due.
    let back = "2011-05-21T09:00";
    let mails = project.turn(back);
    let recipients: BTreeSet<&String> = mails.iter().map(|(to, _)| to).collect();
    assert!(recipients.len() >= 5, "{recipients:?}");
    assert_eq!(mails.len(), recipients.len());

    let log = project.rows(&["log"]);
    let now: Vec<&Value> =
        log.iter().filter(|row| row["at"].as_str().unwrap().starts_with(back)).collect();
    let reached: BTreeSet<&str> = now
        .iter()
        .filter(|row| row["state"] == "sent")
        .map(|row| row["to"].as_str().unwrap())
        .collect();
    assert_eq!(reached.len(), mails.len());
    // The newest step about each deadline is told, the others are superseded by it.
    let mut newest: BTreeMap<(String, String), &str> = BTreeMap::new();
    for row in now.iter().filter(|row| told(row)) {
        let about = (row["deadline"].to_string(), row["to"].to_string());
        let before = newest.insert(about, row["nominal"].as_str().unwrap());
        assert!(before.is_none(), "told twice: {row}");
    }
    let superseded: Vec<_> = now.iter().filter(|row| row["state"] == "superseded").collect();
    assert!(superseded.len() > 5, "{superseded:?}");
    for row in superseded {
        let about = (row["deadline"].to_string(), row["to"].to_string());
        assert!(newest[&about] >= row["nominal"].as_str().unwrap(), "{row}");
    }
    assert_eq!(project.turn(back), []);
}

#[test]
fn ten_years_of_the_oslo_plan_leave_no_growth_of_resident_memory() {
    let plan = ten_years(&fs::read_to_string("plan.json").unwrap());
    let peak = |until: &str| {
        let project = TestProject::oslo();
        project.write("plan.json", &plan);
        peak_of(&project, until)
    };
    let (two, ten) = (peak("2013-01-01"), peak("2021-01-01"));
    // What is known of a notice takes a few hundred bytes, and is needed so that nothing is told again.
    assert!(ten - two < 4096, "after two years {two} KiB, after ten {ten} KiB");
}

/// Lets everything that recurs in the Oslo plan go on until the end of 2020.
fn ten_years(plan: &str) -> String {
    let recurring = plan.matches("\"every\"").count();
    assert!(recurring > 0, "nothing recurs");
    plan.replace("\"2013-12-31\"", "\"2020-12-31\"")
}

/// Plays the daemon until then, on a ledger in a file, and returns the most memory that it had, in KiB.
fn peak_of(project: &TestProject, until: &str) -> i64 {
    let arguments = ["run", "--from", "2011-01-01", "--until", until, "--store", project.store()];
    let mut command = project.command(&arguments);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        // The mark is gone with the process, so it is looked at as long as that runs.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = mark.map_or(peak, |mark| mark.trim().trim_end_matches(" kB").parse().unwrap());
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success());
            return peak;
        }
        thread::sleep(Duration::from_millis(5));
    }
}
