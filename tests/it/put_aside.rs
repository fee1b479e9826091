//! A rule that fails when it is asked, from the outside: put aside, told once, and back when it is mended.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::project::{PLAN, TestProject};

/// Fails thirty days before a deadline, which no trial at load shows.
const FAILS: &str = r#"rule("bad")
    .when(|d| if d.days_left == 30 { throw "cannot say" } else { true })
    .remind(responsible, 30.days.before)
    .remind(responsible, 7.days.before);
"#;

/// The plan with one deadline more, and a rule that fails.
fn project() -> TestProject {
    let project = TestProject::new();
    let report = r#"{ "id": "report", "kind": "report", "due": "2011-09-01" }"#;
    let later = r#", { "id": "later", "kind": "report", "due": "2011-11-01" }"#;
    project.write("plan.json", &PLAN.replace(report, &format!("{report}{later}")));
    project.write("rules/deadlines.rhai", FAILS);
    let check = project.frist(&["check"]);
    assert_eq!(check.code(), 0, "{}", check.out());
    project
}

/// Returns recipient and first line of each mail.
fn heads(mails: &[(String, String)]) -> Vec<String> {
    let head = |(to, text): &(String, String)| format!("{to}: {}", text.lines().next().unwrap());
    mails.iter().map(head).collect()
}

fn reasons(project: &TestProject, deadline: &str) -> Vec<String> {
    let rows = project.rows(&["log", "--deadline", deadline]);
    rows.iter()
        .map(|row| {
            format!("{} {}: {}", row["nominal"], row["state"], row["reason"]).replace('"', "")
        })
        .collect()
}

#[test]
fn a_rule_that_fails_three_times_is_put_aside_and_comes_back_when_it_is_mended() {
    let project = project();
    assert_eq!(project.turn("2011-03-01T08:00"), []);
    let mut told = Vec::new();
    for day in [
        "2011-04-01",
        "2011-04-20",
        "2011-04-29",
        "2011-08-02",
        "2011-08-25",
        "2011-09-01",
        "2011-09-30",
    ] {
        told.push(day.to_owned());
        let mails = heads(&project.turn(&format!("{day}T08:00")));
        told.extend(mails.iter().map(|head| format!("    {head}")));
    }
    insta::assert_snapshot!(told.join("\n"), @"
    2011-04-01
        boss: Fault in `bad`: A small plan
    2011-04-20
    2011-04-29
        mate: Due 1 May: 1b Second measure, note
        office: Due 1 May: 1a First measure, summary
    2011-08-02
        boss: Fault in `bad`: A small plan
    2011-08-25
    2011-09-01
        mate: Due today, 1 September: 1b Second measure, report
    2011-09-30
    ");
    insta::assert_snapshot!(reasons(&project, "1a/summary").join("\n"), @"
    2011-04-01 not_sent: the rule failed
    2011-04-24 not_sent: the rule failed before and is put aside until it is changed
    2011-05-01 sent: on the day, since a rule failed
    ");
    assert_eq!(project.turn("2011-10-03T08:00"), []);
    assert_eq!(
        reasons(&project, "1b/later"),
        ["2011-10-02 not_sent: the rule failed before and is put aside until it is changed"]
    );
    let explained = project.frist(&["explain", "1b/later", "--at", "2011-10-03"]).out();
    assert!(explained.contains("put aside until it is changed"), "{explained}");

    // Mended, it is asked again.
    project.write("rules/deadlines.rhai", &FAILS.replace("throw \"cannot say\"", "true"));
    assert_eq!(project.turn("2011-10-04T08:00"), []);
    let mails = project.turn("2011-10-25T08:00");
    assert_eq!(heads(&mails), ["mate: Due 1 November: 1b Second measure, report"]);
}

#[test]
fn the_owner_is_told_what_failed_and_that_it_is_put_aside() {
    let project = project();
    project.turn("2011-03-01T08:00");
    let mails = project.turn("2011-04-01T08:00");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].1.contains("cannot say (asked about 1a/summary)"), "{}", mails[0].1);
    let mails = project.turn("2011-08-02T08:00");
    let (_, text) = mails.iter().find(|(to, _)| to == "boss").unwrap();
    assert!(text.contains("the rule has failed 3 times, so it is put aside"), "{text}");
    assert!(!text.contains("cannot say"), "told before: {text}");
}

#[test]
fn a_forecast_knows_what_will_be_put_aside() {
    let project = project();
    let all = ["--from", "2011-03-01", "--until", "2012-01-01"];
    let forecast = project.rows(&[&["forecast"], &all[..]].concat());
    let ran = project.frist(&[&["run"], &all[..], &["--store", project.store()]].concat());
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let notice = |row: &Value| {
        ["at", "deadline", "rule", "kind", "to", "nominal"].map(|column| row[column].to_string())
    };
    let log = project.rows(&["log"]);
    let sent: BTreeSet<_> = log.iter().filter(|row| row["state"] == "sent").map(notice).collect();
    assert!(sent.len() > 3, "{sent:?}");
    assert_eq!(forecast.iter().map(notice).collect::<BTreeSet<_>>(), sent);
    // And one that is made in the middle goes on from what has failed.
    let rest = project.rows(&["forecast", "--from", "2011-12-01", "--until", "2012-01-01"]);
    assert_eq!(rest, [] as [Value; 0]);
}
