//! `frist diff` from the outside: what an edit changes, beside a folder, a revision of git, and the ledger's past.

use std::path::Path;
use std::process::Command;

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

#[test]
fn another_distance_moves_reminders() {
    let projects =
        edited(RULES, &[("(responsible, 30.days.before)", "(responsible, 21.days.before)")]);
    assert_snapshot!("distance", shown(&projects));
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

fn git(folder: &Path, arguments: &[&str]) {
    let author = ["-c", "user.name=A Planner", "-c", "user.email=planner@example.org"];
    let mut git = Command::new("git");
    let ran = git.arg("-C").arg(folder).args(author).args(arguments).output().unwrap();
    assert!(ran.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_revision_of_git_is_compared_without_a_checkout() {
    let project = TestProject::oslo();
    project.write("rules/shared/more.rhai", "fn more() { 1 }\n");
    git(project.path(), &["init", "--quiet"]);
    git(project.path(), &["add", "--all"]);
    git(project.path(), &["commit", "--quiet", "--message", "the plan as it was adopted"]);
    let diff = ["diff", "--against-git", "HEAD", "--now", "2011-02-10"];
    assert_snapshot!(project.frist(&diff).out(), @"Nothing changes; 247 mails in all, as before");
    edit(&project, RULES, &[("(responsible, 30.days.before)", "(responsible, 21.days.before)")]);
    assert_snapshot!("distance", project.frist(&diff).out());
    // The configuration is that of the revision, too: the plan had another name in the next one.
    std::fs::rename(project.path().join("plan.json"), project.path().join("oslo æøå.json"))
        .unwrap();
    project.write("frist.toml", "plan = \"oslo æøå.json\"\nsend_at = \"07:00\"\n");
    git(project.path(), &["add", "--all"]);
    git(project.path(), &["commit", "--quiet", "--message", "renamed"]);
    let same = project.frist(&[&diff[..], &["--exit-code"]].concat());
    assert_eq!(same.code(), 0, "{}", same.out());
    let older =
        project.frist(&["diff", "--against-git", "HEAD~1", "--now", "2011-02-10", "--summary"]);
    assert_snapshot!(older.out(), @"126 notices moved; 5 mails more in all, 252 instead of 247");
    let unknown = project.frist(&["diff", "--against-git", "no-such-branch"]);
    assert_eq!(unknown.code(), 2);
    assert!(unknown.err().contains("git knows no revision `no-such-branch`"), "{}", unknown.err());
    let option = project.frist(&["diff", "--against-git=--output=x"]);
    assert_eq!(option.code(), 2);
}

#[test]
fn a_project_in_a_folder_of_a_repository_is_read_there() {
    let project = TestProject::oslo();
    let folder = project.path().join("plans");
    std::fs::create_dir(&folder).unwrap();
    for name in ["plan.json", "rules"] {
        std::fs::rename(project.path().join(name), folder.join(name)).unwrap();
    }
    git(project.path(), &["init", "--quiet"]);
    project.write("other.txt", "something else");
    git(project.path(), &["add", "other.txt"]);
    git(project.path(), &["commit", "--quiet", "--message", "no plan yet"]);
    git(project.path(), &["add", "--all"]);
    git(project.path(), &["commit", "--quiet", "--message", "the plan"]);
    let dir = folder.to_str().unwrap();
    let diff = |revision: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_frist"));
        let arguments =
            ["--dir", dir, "diff", "--against-git", revision, "--exit-code", "--now", "2011-02-10"];
        command.args(arguments).output().unwrap()
    };
    assert_eq!(diff("HEAD").status.code(), Some(0));
    let none = diff("HEAD~1");
    assert_eq!(none.status.code(), Some(2));
    let said = String::from_utf8(none.stderr).unwrap();
    assert_snapshot!(said, @"
    error: there is no plan.json in revision `HEAD~1`
      help: name a later revision, or another folder with --against DIR
    ");
}

#[test]
fn a_folder_without_a_repository_is_said_to_have_none() {
    let project = TestProject::oslo();
    let mut command = project.command(&["diff", "--against-git", "HEAD"]);
    // Whatever lies above the temporary folder.
    let ran =
        command.env("GIT_CEILING_DIRECTORIES", project.path().parent().unwrap()).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("is in no git repository"), "{said}");
    let ran = project.command(&["diff", "--against-git", "HEAD"]).env("PATH", "").output().unwrap();
    assert_eq!(ran.status.code(), Some(3));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("the program `git` cannot be run"), "{said}");
}

/// Plays the Oslo plan into the ledger with three answers, one of them late, and a server that was down for ten days.
fn with_a_past() -> TestProject {
    let project = TestProject::oslo();
    let replay = |from: &str, until: &str| {
        let ran =
            project.frist(&["run", "--from", from, "--until", until, "--store", "sqlite:frist.db"]);
        assert_eq!(ran.code(), 0, "{}", ran.err());
    };
    let done = |deadline: &str, now: &str| {
        assert_eq!(project.frist(&["done", deadline, "--now", now]).code(), 0);
    };
    replay("2011-02-10", "2011-04-05");
    done("1b/note", "2011-04-05T09:00");
    replay("2011-04-05T10:00", "2011-05-20");
    done("1a/summary", "2011-05-20T12:00");
    // Down until the end of the month.
    replay("2011-05-31T12:00", "2011-06-10");
    done("4c/assessment", "2011-06-10T12:00");
    replay("2011-06-10T13:00", "2011-09-01");
    project
}

#[test]
fn looking_back_on_what_was_not_edited_finds_nothing() {
    let project = with_a_past();
    let ran = project.frist(&["diff", "--back", "--now", "2011-09-01", "--exit-code"]);
    assert_eq!(ran.code(), 0, "{}", ran.out());
    assert_snapshot!(ran.out(), @"
    Nothing changes; 64 mails in all, as before
    Each of 8 late deliveries (5 of them still open) had had a mail in the last 30 days before the due date.
    ");
    // Nor in any part of it.
    for (from, until) in
        [("2011-04-01", "2011-06-01"), ("2011-05-25", "2011-07-01"), ("2011-01-01", "2011-09-01")]
    {
        let ran = project.frist(&[
            "diff",
            "--from",
            from,
            "--until",
            until,
            "--now",
            "2011-09-01",
            "--exit-code",
        ]);
        assert_eq!(ran.code(), 0, "{from}: {}", ran.out());
    }
}

#[test]
fn looking_back_says_who_would_have_been_warned_earlier() {
    let project = with_a_past();
    edit(
        &project,
        RULES,
        &[
            ("(responsible, 30.days.before)", "(responsible, 51.days.before)"),
            (".escalate(owner, 1.day.after)\n", ""),
        ],
    );
    let back = ["diff", "--from", "2011-02-10", "--until", "2011-09-01", "--now", "2011-09-01"];
    let ran = project.frist(&back);
    assert_eq!(ran.code(), 0);
    assert_snapshot!("back", ran.out());
    let rows = project.rows(&back);
    let moved = rows.iter().find(|row| row["deadline"] == "1a/summary").unwrap();
    assert_eq!(moved["was_at"], "2011-04-01T08:00:00+02:00");
    assert_eq!(moved["at"], "2011-03-11T08:00:00+01:00");
    // Beside other files, both sides are played.
    let before = TestProject::oslo();
    let beside = ["--against", before.path().to_str().unwrap(), "--summary"];
    let ran = project.frist(&[&back[..], &beside].concat());
    assert_snapshot!(ran.out().replace(before.path().to_str().unwrap(), "BEFORE"), @"
    7 notices gone, 5 moved; 5 mails fewer in all, 59 instead of 64
    1a/summary, 2d/start, 4a/programme and 1 more would have been warned 21 days earlier.
    1b/note would have been warned 16 days later.
    Each of 8 late deliveries (5 of them still open) would have had a mail in the last 30 days before the due date.
    ");
}

#[test]
fn a_date_that_was_moved_moves_again() {
    let project = with_a_past();
    let summary = "\"title\": \"Undervisningen begynner\", \"due\": \"2011-08-01\"";
    edit(&project, "plan.json", &[(summary, &summary.replace("2011-08-01", "2011-11-15"))]);
    let replay = [
        "run",
        "--from",
        "2011-09-01T12:00",
        "--until",
        "2011-12-24",
        "--store",
        "sqlite:frist.db",
    ];
    assert_eq!(project.frist(&replay).code(), 0);
    let ran = project.frist(&["diff", "--back", "--now", "2011-12-24", "--exit-code"]);
    assert_eq!(ran.code(), 0, "{}", ran.out());
}

#[test]
fn looking_back_says_which_late_deliveries_had_had_no_warning() {
    let project = TestProject::new();
    project.write("rules/deadlines.rhai", "rule(\"early\").remind(responsible, 45.days.before);\n");
    let replay = |from: &str, until: &str| {
        let run = ["run", "--from", from, "--until", until, "--store", "sqlite:frist.db"];
        assert_eq!(project.frist(&run).code(), 0);
    };
    replay("2011-01-01", "2011-05-10");
    assert_eq!(project.frist(&["done", "1a/summary", "--now", "2011-05-10T09:00"]).code(), 0);
    replay("2011-05-10T10:00", "2011-06-01");
    let rule =
        "rule(\"early\").remind(responsible, 45.days.before).remind(lead, 2.weeks.before);\n";
    project.write("rules/deadlines.rhai", rule);
    let ran = project.frist(&["diff", "--back", "--now", "2011-06-01"]);
    assert_snapshot!(ran.out(), @r#"
    The Mate (mate)
      + 2011-04-15 08:00  reminder 1b/note "Second measure", 14 days before (rule `early`)

    The Office (office)
      + 2011-04-15 08:00  reminder 1a/summary "First measure", 14 days before (rule `early`)

    2 notices added; 2 mails more in all, 4 instead of 2
    Of 2 late deliveries (1 of them still open), 2 had had no mail in the last 30 days before the due date; with the edited files: 0.
    "#);
    assert_snapshot!(ran.err(), @"Looking back from 2011-01-01 00:00 until 2011-06-01 00:00: the edited files beside what was sent.");
}
