//! Long times and large plans, from the outside: an outage of weeks, years of service, a hundred thousand notices at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::measured::measured;
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

/// Plays the daemon until then, and returns the most memory that it had, in KiB.
fn peak_of(project: &TestProject, until: &str) -> i64 {
    let arguments = ["run", "--from", "2011-01-01", "--until", until, "--store", project.store()];
    peak_of_run(project, &arguments)
}

/// Runs the program to its end, which is good, and returns the most memory that it had, in KiB.
fn peak_of_run(project: &TestProject, arguments: &[&str]) -> i64 {
    let measured = measured(&mut project.command(arguments));
    assert!(measured.status.success());
    measured.peak
}

/// After an outage of four weeks four steps of each deadline are due at once; the newest is told, the others are accounted for.
#[test]
fn a_hundred_thousand_notices_due_at_once_take_no_more_than_two_hundred_mebibytes() {
    const UNITS: usize = 250;
    const DEADLINES: usize = 100;
    const STEPS: usize = 4;
    let project = TestProject::new();
    project.write("plan.json", &crowded(UNITS, DEADLINES));
    let step = |days: usize| format!(".remind(responsible, {days}.days.before)");
    let steps: String = [30, 21, 14, 7].map(step).concat();
    project.write("rules/deadlines.rhai", &format!("rule(\"deadline\"){steps};\n"));
    let limits = "[brake]\na_tick = 1000\nan_hour = 1000\n";
    let quiet = "[watch]\nweekly = \"off\"\nstale_after_days = 0\n";
    project.write("frist.toml", &format!("{limits}{quiet}"));
    let turn = |now| peak_of_run(&project, &["run", "--once", "--now", now]);
    let (before, due) = (turn("2011-03-31T08:00"), turn("2011-04-27T08:00"));
    assert_eq!(project.mails().len(), UNITS);
    let log = project.frist(&["log", "--format", "jsonl"]).out();
    let in_state = |state: &str| log.matches(&format!("\"state\":\"{state}\"")).count();
    let deadlines = UNITS * DEADLINES;
    assert_eq!((in_state("sent"), in_state("superseded")), (deadlines, deadlines * (STEPS - 1)));
    assert!(due - before < 200 << 10, "before {before} KiB, with what is due {due} KiB");
}

/// A plan in which so many units have so many deadlines each, all due on one day.
fn crowded(units: usize, deadlines: usize) -> String {
    let ids = |of: &'static str, count: usize| (0..count).map(move |n| format!("{of}-{n}"));
    let all_units: Vec<Value> = ids("unit", units)
        .map(|id| json!({ "id": id, "name": id, "email": format!("{id}@example.org") }))
        .collect();
    let due: Vec<Value> = ids("note", deadlines)
        .map(|id| json!({ "id": id, "kind": "note", "due": "2011-05-01" }))
        .collect();
    let measures: Vec<Value> = ids("unit", units)
        .map(|id| json!({ "id": format!("of-{id}"), "title": id, "responsible": [id], "deadlines": due }))
        .collect();
    json!({
        "id": "crowded", "title": "A crowded plan", "language": "en", "zone": "Europe/Oslo", "adopted": "2011-01-01",
        "period": { "from": "2011-01-01", "until": "2011-12-31" }, "owner": "unit-0", "units": all_units,
        "goals": [{ "id": "1", "title": "A goal", "measures": measures }],
    })
    .to_string()
}
