//! `frist diff` from the outside: what an edit changes, beside another folder. Beside a revision of git it is in `revision`, beside
//! the ledger's past in `back`.

mod back;
mod revision;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::project::TestProject;

/// The Oslo plan, and a copy in which something was edited.
fn edited(file: &str, edits: &[(&str, &str)]) -> (TestProject, TestProject) {
    let (before, now) = (TestProject::oslo(), TestProject::oslo());
    edit(&now, file, edits);
    (before, now)
}

fn edit(project: &TestProject, file: &str, edits: &[(&str, &str)]) {
    let mut text = std::fs::read_to_string(project.path().join(file)).unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    project.write(file, &text);
}

const RULES: &str = "rules/1-frister.rhai";
const THE_DAY_OF_ADOPTION: [&str; 2] = ["--now", "2011-02-10"];

fn arguments<'a>(before: &'a TestProject, more: &[&'a str]) -> Vec<&'a str> {
    let beside = ["diff", "--against", before.path().to_str().unwrap()];
    [&beside, &THE_DAY_OF_ADOPTION[..], more].concat()
}

fn shown((before, now): &(TestProject, TestProject)) -> String {
    let ran = now.frist(&arguments(before, &[]));
    assert_eq!(ran.code(), 0, "{}", ran.err());
    ran.out()
}

fn rows((before, now): &(TestProject, TestProject)) -> Vec<Value> {
    now.rows(&arguments(before, &[]))
}

/// Expects what reminders at 21 days instead of 30 change.
fn expect_another_distance(said: &str) {
    assert_snapshot!("distance", said);
}

#[test]
fn another_distance_moves_reminders() {
    let projects =
        edited(RULES, &[("(responsible, 30.days.before)", "(responsible, 21.days.before)")]);
    expect_another_distance(&shown(&projects));
    let rows = rows(&projects);
    assert_eq!(
        rows[1],
        json!({
            "plan": "oslo-2011", "change": "moved", "at": "2011-04-08T08:00:00+02:00",
            "was_at": "2011-04-01T08:00:00+02:00", "deadline": "1a/summary", "measure": "1a", "due": "2011-05-01",
            "was_due": "2011-05-01", "rule": "deadline", "kind": "remind", "to": "bydel-grunerlokka",
            "was_to": "bydel-grunerlokka", "nominal": "2011-04-10", "was_nominal": "2011-04-01", "lines": null,
        })
    );
}

#[test]
fn another_recipient_is_shown_on_both_sides() {
    let projects =
        edited(RULES, &[("escalate(owner, 1.day.after)", "escalate(leader, 1.day.after)")]);
    assert_snapshot!("recipient", shown(&projects));
}

#[test]
fn other_words_are_shown_line_by_line() {
    let text = ".about(\"Alle frister med dato\")\n    .text(\"Husk {{ id }}.\")";
    let projects = edited(RULES, &[(".about(\"Alle frister med dato\")", text)]);
    let (before, now) = &projects;
    let ran = now.frist(&arguments(before, &["--to", "bydel-grunerlokka"]));
    assert_snapshot!("words", ran.out());
    let rows = rows(&projects);
    assert!(
        rows.iter()
            .all(|row| row["change"] == "reworded" && !row["lines"].as_array().unwrap().is_empty())
    );
}

#[test]
fn a_moved_deadline_takes_its_notices_along() {
    let summary = "\"id\": \"summary\", \"kind\": \"summary\", \"title\": \"Oppsummering av botilbudene\", \"due\": \"2011-05-01\"";
    let projects = edited("plan.json", &[(summary, &summary.replace("2011-05-01", "2011-06-15"))]);
    assert_snapshot!("moved_deadline", shown(&projects));
}

#[test]
fn a_measure_that_is_gone_is_silent() {
    let (before, now) = (TestProject::oslo(), TestProject::oslo());
    let text = std::fs::read_to_string(now.path().join("plan.json")).unwrap();
    let mut plan: Value = serde_json::from_str(&text).unwrap();
    for goal in plan["goals"].as_array_mut().unwrap() {
        goal["measures"].as_array_mut().unwrap().retain(|measure| measure["id"] != "1a");
    }
    now.write("plan.json", &plan.to_string());
    let projects = (before, now);
    assert_snapshot!("measure_gone", shown(&projects));
    // The other way round everything is added.
    let (before, now) = &projects;
    let back = before.frist(&arguments(now, &["--summary"]));
    assert_snapshot!(back.out(), @"11 notices added, 35 reworded; 3 mails more in all, 247 instead of 244");
}

#[test]
fn the_hour_of_mails_is_compared_too() {
    let (before, now) = (TestProject::oslo(), TestProject::oslo());
    now.write("frist.toml", "send_at = \"09:00\"\n");
    let rows = now.rows(&arguments(&before, &["--to", "bydel-grunerlokka"]));
    assert!(!rows.is_empty());
    for row in rows {
        if row["change"] == "reworded" {
            continue;
        }
        let was = row["was_at"].as_str().unwrap().replace("T08:00", "T09:00");
        assert_eq!((&row["change"], row["at"].as_str().unwrap()), (&"moved".into(), &*was));
    }
}

#[test]
fn ci_can_ask_whether_anything_differs() {
    let (before, now) = (TestProject::oslo(), TestProject::oslo());
    let ran = now.frist(&arguments(&before, &["--exit-code"]));
    assert_eq!(ran.code(), 0);
    assert_snapshot!(ran.out(), @"Nothing changes; 247 mails in all, as before");
    edit(&now, RULES, &[("(responsible, 7.days.before)", "(responsible, 5.days.before)")]);
    let ran = now.frist(&arguments(&before, &["--exit-code", "--summary", "--format", "jsonl"]));
    assert_eq!(ran.code(), 1);
    assert_snapshot!(ran.out(), @r#"{"added":0,"gone":0,"moved":5,"redirected":0,"reworded":0,"mails_before":247,"mails_now":247}"#);
    assert_eq!(now.frist(&arguments(&before, &["--summary"])).code(), 0);
}

#[test]
fn a_forecast_differs_by_what_the_comparison_says() {
    // Whatever is edited: what was, with what is gone taken out and what is added put in, is what will be.
    let all: [&[(&str, &str)]; 4] = [
        &[("(responsible, 30.days.before)", "(responsible, 6.weeks.before)")],
        &[("remind(responsible, 7.days.before)", "remind(helpers, 7.days.before)")],
        &[("every(14.days).times(6)", "every(1.week).times(3)")],
        &[(".escalate(owner, 1.day.after)", ".notify(leader, cron(\"0 8 1 * *\"))")],
    ];
    let forecast = |project: &TestProject| {
        let rows = project.rows(&["forecast", "--from", "2011-02-10", "--until", "2014-01-01"]);
        let mut told: Vec<String> = rows.iter().map(|row| told(row, "")).collect();
        told.sort();
        told
    };
    for edits in all {
        let projects = edited(RULES, edits);
        let mut before = forecast(&projects.0);
        for row in rows(&projects).iter().filter(|row| row["change"] != "reworded") {
            if !row["was_at"].is_null() {
                let place = before.iter().position(|line| *line == told(row, "was_")).unwrap();
                before.remove(place);
            }
            if !row["at"].is_null() {
                before.push(told(row, ""));
            }
        }
        before.sort();
        assert_eq!(before, forecast(&projects.1), "{edits:?}");
    }
}

/// Writes what identifies a row, as it is now or as it `was_`.
fn told(row: &Value, side: &str) -> String {
    let of_side =
        ["at", "to", "nominal", "due"].map(|column| row[format!("{side}{column}")].to_string());
    format!("{} {} {} {}", row["deadline"], row["measure"], row["kind"], of_side.join(" "))
}

#[test]
fn faults_on_either_side_are_told_and_the_rest_is_compared() {
    let (before, now) =
        edited(RULES, &[("(responsible, 30.days.before)", "(responsible, 21.days.before)")]);
    before.write("rules/bad.rhai", "rule(\"bad\").remind(nobody_known, 3.days.before);");
    let ran = now.frist(&arguments(&before, &["--summary"]));
    assert_eq!(ran.code(), 0);
    assert!(ran.err().contains("warning: some of the files of"), "{}", ran.err());
    assert!(ran.err().contains("nobody_known"), "{}", ran.err());
    // A plan that cannot be read has nothing to compare.
    before.write("plan.json", "{");
    let ran = now.frist(&arguments(&before, &[]));
    assert_eq!((ran.code(), &*ran.out()), (1, ""));
}

#[test]
fn something_must_be_in_force_or_named() {
    let project = TestProject::oslo();
    let ran = project.frist(&["diff"]);
    assert_eq!((ran.code(), &*ran.out()), (2, ""));
    assert_snapshot!(ran.err(), @"
    error: the ledger has no files in force yet
      help: run the daemon once, or name what to compare with: --against DIR or --against-git REV
    ");
    let ran = project.frist(&["diff", "--against", "/no/such/folder"]);
    assert_eq!(ran.code(), 3);
    let ran = project.frist(&["diff", "--back"]);
    assert_eq!(ran.code(), 2);
    assert_snapshot!(ran.err(), @"
    error: there is no ledger of this plan to look back on
      help: the daemon makes one; `frist run --from T --until T --store URL` plays one
    ");
    let ran = project.frist(&arguments(&project, &["--to", "bydel-anla"]));
    assert_eq!(ran.code(), 2);
    assert!(ran.err().contains("did you mean `bydel-alna`?"), "{}", ran.err());
}
