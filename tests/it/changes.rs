//! Changes of the files from the outside: only good ones take force, and the ledger knows which, when and by whom.

use frist::daemon::force::{Gate, Judged, judge};
use frist::project::{Files, Place, Project};
use frist::store::{Numbers, Store};
use serde_json::Value;

use crate::postgres_server::PostgresServer;
use crate::project::{PLAN, RULES, TestProject};
use crate::resident::{Resident, until};

fn changes(project: &TestProject) -> Vec<Value> {
    project.rows(&["log", "--changes"])
}

fn column(rows: &[Value], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].to_string().replace('"', "")).collect()
}

/// A plan in which something is wrong.
fn faulty_plan() -> String {
    PLAN.replace("\"2011-05-01\" }] },", "\"2011-05-41\" }] },")
}

/// A fault's key is indexed, and PostgreSQL takes no long ones.
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_hears_of_hundreds_of_faults_at_once() {
    let ledger = PostgresServer::shared().database().await;
    let project = TestProject::new();
    project.write("frist.toml", &format!("[store]\nurl = \"{ledger}\"\n"));
    assert_eq!(project.turn("2011-03-01T08:00"), []);
    let faulty = |n: usize| {
        let name = frist::fingerprint::of([n.to_string().as_bytes()]);
        format!(
            "{{ \"id\": \"m{n}\", \"title\": \"A measure\", \"responsible\": [\"{name}\"] }},\n"
        )
    };
    let faulty: String = (0..300).map(faulty).collect();
    let first = "\"measures\": [";
    project.write("plan.json", &PLAN.replace(first, &format!("{first}{faulty}")));
    let mails = project.turn("2011-03-02T08:00");
    assert!(mails.len() == 1 && mails[0].1.len() > 30_000, "{mails:?}");
    assert_eq!(project.turn("2011-03-02T08:01"), []);
}

#[test]
fn a_faulty_plan_leaves_the_last_good_one_in_force_over_a_restart() {
    let project = TestProject::new();
    assert_eq!(project.turn("2011-03-01T08:00"), []);
    project.write("plan.json", &faulty_plan());

    let ran = project.frist(&["run", "--once", "--now", "2011-03-02T08:00"]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    insta::assert_snapshot!("a_faulty_plan", {
        let err = ran.err();
        let warned: Vec<&str> = err.lines().filter(|line| !line.starts_with("20")).collect();
        warned.join("\n")
    });
    let told = project.mails();
    assert_eq!(told.len(), 1, "the owner is told");

    // The last good plan goes on, and nothing is told twice.
    let mails = project.turn("2011-04-01T08:00");
    let to: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(to, ["mate", "office"]);

    let status = project.frist(&["status", "--at", "2011-04-02"]);
    assert_eq!(status.code(), 0);
    insta::assert_snapshot!(status.err(), @"
    The files on the disk are not in force since 2011-03-02 08:00: 1 error: plan.json:11:66: `2011-05-41` does not exist: May 2011 has 31 days
    In force are those of 2011-03-01 08:00.
    ");
    assert!(status.out().contains("1a/summary") && !status.out().contains("not in force"));
    assert_eq!(project.rows(&["status"]).len(), 3);
    // A unit can answer all the same.
    let done =
        project.frist(&["done", "1a/summary", "--on", "2011-04-02", "--now", "2011-04-02T09:00"]);
    assert_eq!(done.code(), 0, "{}", done.err());

    // Mended, it counts again.
    project.write("plan.json", &PLAN.replace("First measure", "Measure one"));
    assert_eq!(project.turn("2011-04-03T08:00"), []);
    let rows = changes(&project);
    assert_eq!(column(&rows, "state"), ["in_force", "refused", "in_force"]);
    assert_eq!(column(&rows, "at")[1], "2011-03-02T08:00:00+01:00");
    assert_eq!(column(&rows, "files")[1..], ["[plan.json]", "[plan.json]"]);
    assert!(rows[1]["why"].as_str().unwrap().starts_with("1 error: plan.json:"), "{}", rows[1]);
    assert_eq!(rows[2]["why"], Value::Null);
    assert_eq!(project.frist(&["status", "--at", "2011-04-03"]).err(), "");
}

#[test]
fn the_owner_gets_the_very_report_of_check() {
    let project = TestProject::new();
    project.turn("2011-03-01T08:00");
    project.write(
        "rules/deadlines.rhai",
        &RULES.replace("remind(responsible, 7", "remnid(responsible, 7"),
    );
    let mails = project.turn("2011-03-02T08:00");
    assert_eq!(mails.len(), 1);
    let check = project.frist(&["check"]).out();
    let report: Vec<&str> = check.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert!(report.len() > 5, "{check}");
    let told: Vec<&str> = mails[0].1.lines().map(str::trim).collect();
    for line in report {
        assert!(told.contains(&line), "{line} is not in\n{}", mails[0].1);
    }
}

#[test]
fn the_same_fault_is_told_again_after_it_was_mended() {
    let project = TestProject::new();
    project.turn("2011-03-01T08:00");
    for (day, mails) in [("02", 1), ("03", 0)] {
        project.write("plan.json", &faulty_plan());
        assert_eq!(project.turn(&format!("2011-03-{day}T08:00")).len(), mails);
    }
    project.write("plan.json", PLAN);
    assert_eq!(project.turn("2011-03-04T08:00"), []);
    project.write("plan.json", &faulty_plan());
    assert_eq!(project.turn("2011-03-05T08:00").len(), 1);
    let states = column(&changes(&project), "state");
    assert_eq!(states, ["in_force", "refused", "in_force", "refused"]);
}

#[test]
fn a_plan_that_is_gone_leaves_the_last_good_one_in_force() {
    let project = TestProject::new();
    project.turn("2011-03-01T08:00");
    std::fs::remove_file(project.path().join("plan.json")).unwrap();
    let mails = project.turn("2011-04-01T08:00");
    let to: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(to, ["boss", "mate", "office"]);
    let status = project.frist(&["status"]);
    assert!(status.err().contains("plan.json: cannot be read"), "{}", status.err());
    assert_eq!(project.rows(&["status"]).len(), 3);
}

#[test]
fn without_any_good_files_a_faulty_plan_ends_the_program_and_a_faulty_rule_only_itself() {
    let project = TestProject::with_file();
    project.write("plan.json", &faulty_plan());
    assert_eq!(project.frist(&["run", "--once"]).code(), 1);
    assert!(!project.path().join("frist.db").exists());

    project.write("plan.json", PLAN);
    project.write("rules/bad.rhai", "rule(\"bad\").remnid(owner);");
    let mails = project.turn("2011-04-01T08:00");
    let to: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(to, ["boss", "mate", "office"]);
    assert_eq!(changes(&project), [] as [Value; 0]);
}

#[test]
fn only_what_changed_is_named_with_who_changed_it() {
    let project = TestProject::new();
    project.turn("2011-03-01T08:00");
    project.write("rules/more.rhai", "rule(\"more\").notify(owner, on(delivered));");
    project.write("rules/tests/more.rhai", "// nothing yet");
    project.turn("2011-03-02T08:00");
    project.turn("2011-03-03T08:00");
    project.write("frist.toml", "send_at = \"09:00\"");
    project.turn("2011-03-04T08:00");
    let rows = changes(&project);
    assert_eq!(
        column(&rows, "files"),
        [
            "[plan.json,rules/deadlines.rhai]",
            "[rules/more.rhai,rules/tests/more.rhai]",
            "[frist.toml]"
        ]
    );
    assert!(rows.iter().all(|row| row["who"].is_string()), "{rows:?}");
    assert!(rows.iter().all(|row| row["hash"].as_str().unwrap().len() == 64), "{rows:?}");
    let since =
        project.rows(&["log", "--changes", "--from", "2011-03-02", "--until", "2011-03-04"]);
    assert_eq!(since.len(), 1);
    let csv = project.frist(&["log", "--changes", "--format", "csv"]).out();
    let heading = "at,who,hash,files,added,gone,moved,redirected,reworded,state,why";
    assert_eq!(csv.lines().next(), Some(heading));
}

#[test]
fn a_faulty_edit_while_serving_keeps_the_last_good_files_and_a_good_one_counts() {
    let project = TestProject::new();
    project.turn("2011-03-01T08:00");
    let mut daemon = Resident::start(&project, "2011-04-01T07:59:57");
    std::thread::sleep(std::time::Duration::from_millis(300));
    project.write("plan.json", &faulty_plan());
    until("both reminders, and the fault", || project.mails().len() == 3);
    until("it is written down", || changes(&project).len() == 2);
    project.write("plan.json", PLAN);
    until("the good one is in force", || changes(&project).len() == 3);
    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(std::time::Duration::from_secs(10)), 0);
    assert_eq!(column(&changes(&project), "state"), ["in_force", "refused", "in_force"]);
}

/// A gate whose scenario tests fail for a reminder of ten days before, and which counts steps.
fn gate(project: &TestProject) -> Gate<'static> {
    let folder = project.path().to_owned();
    Gate {
        place: Place { plans: vec![folder.join("plan.json")], rules: folder.join("rules"), folder },
        tests: Box::new(|project, _| {
            if project.texts["rules/deadlines.rhai"].contains("10.days") {
                return Err("\nscenario `x` fails: nothing on 2011-04-01\n  more".to_owned());
            }
            Ok(())
        }),
        compare: Box::new(|edit| {
            assert_eq!(edit.histories.len(), 1);
            let steps = |project: &Project| project.rules.list[0].steps.len();
            let added = u32::try_from(steps(edit.new.0) - steps(edit.old.0)).unwrap();
            Some(Numbers { added, ..Numbers::default() })
        }),
    }
}

async fn judged(project: &TestProject, store: &Store, at: &str) -> Judged {
    let gate = gate(project);
    let eight = "08:00:00".parse().unwrap();
    let mut judged = judge(store, Files::read(&gate.place), eight, &gate).await.unwrap();
    judged.enter(store, &gate, format!("{at}T06:00:00Z").parse().unwrap()).await.unwrap();
    judged
}

#[tokio::test]
async fn files_whose_scenario_tests_fail_do_not_take_force() {
    let project = TestProject::new();
    let store = Store::open(project.store(), project.path()).await.unwrap();
    let first = judged(&project, &store, "2011-03-01").await;
    assert!(first.refused.is_none());

    project.write("rules/deadlines.rhai", &RULES.replace("7.days", "10.days"));
    for day in ["2011-03-02", "2011-03-03"] {
        let second = judged(&project, &store, day).await;
        let refused = second.refused.unwrap();
        assert_eq!(
            refused.why,
            "the scenario tests fail: scenario `x` fails: nothing on 2011-04-01"
        );
        assert!(refused.report.ends_with("more"));
        assert_eq!(second.served.hash, first.served.hash);
        assert!(second.served.project.texts["rules/deadlines.rhai"].contains("7.days"));
    }

    let more = RULES.replace(".escalate", ".remind(owner, 3.days.before)\n    .escalate");
    project.write("rules/deadlines.rhai", &more);
    let third = judged(&project, &store, "2011-03-04").await;
    assert!(third.refused.is_none() && third.served.hash != first.served.hash);
    let changes = store.changes().await.unwrap();
    let numbers: Vec<_> =
        changes.iter().map(|entry| entry.change.numbers.map(|numbers| numbers.added)).collect();
    assert_eq!(numbers, [None, None, Some(1)]);
    // What was refused is kept as well, so that it can be looked at.
    let kept = store.files(changes[1].id).await.unwrap();
    assert!(kept.rules[0].text.contains("10.days"));
}
