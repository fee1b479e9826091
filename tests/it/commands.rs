//! The commands from the outside: what they answer, what they refuse, and with which exit status.

use std::time::Duration;

use crate::project::{PLAN, RULES, TestProject};
use crate::resident::{Resident, until};

fn turn(project: &TestProject, now: &str) -> usize {
    let before = project.mails().len();
    let ran = project.frist(&["run", "--once", "--now", now]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    project.mails().len() - before
}

#[test]
fn a_turn_sends_what_is_due_and_a_second_one_nothing() {
    let project = TestProject::new();
    assert_eq!(turn(&project, "2011-03-31T08:00"), 0);
    assert_eq!(turn(&project, "2011-04-01T07:59"), 0);
    assert_eq!(turn(&project, "2011-04-01T08:00"), 2);
    assert_eq!(turn(&project, "2011-04-01T08:00"), 0);
    assert_eq!(turn(&project, "2011-04-01T09:00"), 0);
}

#[test]
fn an_outage_ends_in_one_late_message_a_recipient() {
    let project = TestProject::new();
    assert_eq!(turn(&project, "2011-03-01T08:00"), 0);
    assert_eq!(turn(&project, "2011-04-28T08:00"), 2);
    let log = project.rows(&["log"]);
    let states: Vec<_> = log.iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect();
    assert_eq!(states.iter().filter(|state| *state == "superseded").count(), 2, "{log:?}");
}

#[test]
fn an_answer_silences_and_is_told_to_the_owner() {
    let project = TestProject::new();
    project.write("rules/more.rhai", "rule(\"done\").notify(owner, on(delivered));\nrule(\"new-date\").notify(owner, on(asked));");
    assert_eq!(turn(&project, "2011-04-01T07:00"), 0);
    assert_eq!(turn(&project, "2011-04-01T08:00"), 2);
    let done =
        project.frist(&["done", "1a/summary", "--now", "2011-04-04T12:00", "--unit", "office"]);
    assert_eq!(done.code(), 0, "{}", done.err());
    let asked =
        project.frist(&["extend", "1b/note", "--to", "2011-06-01", "--now", "2011-04-04T12:00"]);
    assert_eq!(asked.code(), 0, "{}", asked.err());
    // Both are told in one mail to the owner.
    assert_eq!(turn(&project, "2011-04-04T12:01"), 1);
    // What is left: the second reminder and the escalation about 1b/note.
    assert_eq!(turn(&project, "2011-04-26T08:00"), 1);
    assert_eq!(turn(&project, "2011-05-02T08:00"), 1);
    let status = project.rows(&["status", "--at", "2011-05-02"]);
    assert_eq!(status[0]["state"], "delivered");
    assert_eq!(status[0]["last_answer"], "delivered");
    assert_eq!(status[1]["last_answer"], "asked");
}

#[test]
fn progress_may_ask_for_silence_until_a_date() {
    let project = TestProject::new();
    assert_eq!(turn(&project, "2011-04-01T07:00"), 0);
    let progress =
        ["progress", "1a/summary", "--silent-until", "2011-04-28", "--now", "2011-04-02T10:00"];
    assert_eq!(project.frist(&progress).code(), 0);
    // 1b's reminder only; and on 20 April, the working day before Easter, again.
    assert_eq!(turn(&project, "2011-04-02T12:00"), 1);
    assert_eq!(turn(&project, "2011-04-20T08:00"), 1);
    let log = project.rows(&["log", "--deadline", "1a/summary"]);
    assert!(log.iter().all(|row| row["reason"] == "silenced until 2011-04-28"), "{log:?}");
}

#[test]
fn a_forecast_with_a_ledger_starts_with_what_is_pending() {
    let project = TestProject::new();
    assert_eq!(turn(&project, "2011-03-01T08:00"), 0);
    let rows = project.rows(&["forecast", "--from", "2011-04-10", "--until", "2011-04-11"]);
    let at: Vec<_> = rows
        .iter()
        .map(|row| (row["at"].as_str().unwrap(), row["nominal"].as_str().unwrap()))
        .collect();
    assert_eq!(at, [("2011-04-10T00:00:00+02:00", "2011-04-01"); 2]);
}

#[test]
fn a_rule_that_throws_is_told_to_the_owner_once_and_its_deadline_still_warned_about() {
    let project = TestProject::new();
    project.write("rules/bad.rhai", "rule(\"bad\").when(|d| d.days_left < 25 && throw_it(d)).remind(responsible, 10.days.before);\nfn throw_it(d) { throw `too late for ${d.id}` }\n");
    let ran = project.frist(&[
        "run",
        "--from",
        "2011-01-01",
        "--until",
        "2012-01-01",
        "--store",
        project.store(),
    ]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let log = project.rows(&["log"]);
    let plain: Vec<_> = log
        .iter()
        .filter(|row| row["rule"] == "plain-warning" && row["state"] == "sent")
        .map(|row| &row["deadline"])
        .collect();
    assert_eq!(plain, ["1b/note", "1a/summary", "1b/report"]);
    // The other rule went on as if nothing were.
    assert_eq!(
        log.iter().filter(|row| row["rule"] == "deadline" && row["state"] == "sent").count(),
        9
    );
    assert!(ran.err().contains("too late for"), "{}", ran.err());
}

#[test]
fn wrong_input_has_its_exit_status_and_a_helpful_answer() {
    let project = TestProject::with_file();
    let unknown = project.frist(&["explain", "1a/sumary"]);
    assert_eq!((unknown.code(), &*unknown.out()), (2, ""));
    assert!(unknown.err().contains("did you mean `1a/summary`?"), "{}", unknown.err());
    assert_eq!(project.frist(&["done", "1a/summary", "--on", "2011-02-30"]).code(), 2);
    assert_eq!(project.frist(&["done", "1a/summary", "--on", "2099-01-01"]).code(), 2);
    assert_eq!(
        project.frist(&["forecast", "--from", "2011-02-01", "--until", "2011-01-01"]).code(),
        2
    );
    assert_eq!(project.frist(&["run", "--from", "2011-01-01"]).code(), 2);

    project.write("frist.toml", "sned_at = \"08:00\"");
    let config = project.frist(&["check"]);
    assert_eq!(config.code(), 1);
    assert!(config.out().contains("did you mean `send_at`?"), "{}{}", config.out(), config.err());

    project.write("frist.toml", "[store]\nurl = \"sqlite:no/such/folder/frist.db\"");
    assert_eq!(project.frist(&["run", "--once"]).code(), 3);

    project.write("frist.toml", "");
    project.write("plan.json", &PLAN.replace("\"office\"]", "\"offise\"]"));
    let plan = project.frist(&["run", "--once"]);
    assert_eq!(plan.code(), 1);
    assert!(plan.err().contains("offise") && plan.err().contains("office"), "{}", plan.err());
    assert!(!project.path().join("frist.db").exists());
}

#[test]
fn a_damaged_ledger_is_refused_and_left_alone() {
    let project = TestProject::with_file();
    let damaged = "this is no database, whatever it is, and it must not be overwritten".repeat(100);
    project.write("frist.db", &damaged);
    let ran = project.frist(&["run", "--once"]);
    assert_eq!(ran.code(), 3);
    assert!(ran.err().contains("damaged"), "{}", ran.err());
    assert_eq!(std::fs::read_to_string(project.path().join("frist.db")).unwrap(), damaged);
}

#[test]
fn a_resident_daemon_wakes_reloads_and_ends_when_told() {
    let project = TestProject::new();
    assert_eq!(turn(&project, "2011-03-31T08:00"), 0);
    // It wakes by itself at eight, without waiting for the heartbeat.
    let mut daemon = Resident::start(&project, "2011-04-01T07:59:58");
    until("two mails at eight", || project.mails().len() == 2);

    // A faulty edit keeps the last good rules in force, and the owner is told once.
    project.write("rules/deadlines.rhai", &RULES.replace("remind", "remnid"));
    until("a mail to the owner", || {
        project.mails().iter().any(|path| path.to_string_lossy().contains("boss"))
    });
    let told = project.mails().len();
    daemon.signal("-HUP");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(project.mails().len(), told);

    // A good edit counts at once: a rule for today's date, seen before its moment.
    project.write("rules/deadlines.rhai", RULES);
    project.write("rules/new.rhai", "rule(\"new\").notify(unit(\"mate\"), on(delivered));");
    std::thread::sleep(Duration::from_millis(800));
    let done = project.frist(&[
        "done",
        "1a/summary",
        "--now",
        "2011-04-01T08:00:12",
        "--on",
        "2011-04-01",
    ]);
    assert_eq!(done.code(), 0, "{}", done.err());
    daemon.signal("-HUP");
    until("the new rule speaks", || project.mails().len() == told + 1);

    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(Duration::from_secs(10)), 0);
}

#[test]
fn a_second_daemon_on_the_same_ledger_says_so_and_ends() {
    let project = TestProject::with_file();
    let _first = Resident::start(&project, "2011-04-01T09:00");
    until("the first one serves", || project.path().join("frist.db.lock").exists());
    std::thread::sleep(Duration::from_millis(300));
    let second = project.frist(&["run", "--once"]);
    assert_eq!(second.code(), 3);
    assert!(second.err().contains("serves the ledger"), "{}", second.err());
    // Answers are entered all the same.
    assert_eq!(project.frist(&["progress", "1a/summary"]).code(), 0);
}

#[test]
fn a_condition_may_use_words_from_an_imported_file() {
    let project = TestProject::new();
    project.write("rules/lib/words.rhai", "fn is_note(d) { d.kind == \"note\" }");
    project.write(
        "rules/deadlines.rhai",
        "import \"lib/words\" as words;\nrule(\"notes\").when(|d| words::is_note(d)).remind(responsible, 7.days.before);",
    );
    let rows = project.rows(&["forecast", "--from", "2011-01-01", "--until", "2012-01-01"]);
    let told: Vec<_> = rows.iter().map(|row| row["deadline"].as_str().unwrap()).collect();
    assert_eq!(told, ["1b/note"]);
}

#[test]
fn a_template_that_fails_sends_the_built_in_words_and_is_told_to_the_owner() {
    let project = TestProject::new();
    project.write(
        "rules/deadlines.rhai",
        "rule(\"own\").subject(\"{{ mesure }} is due\").remind(responsible, 7.days.before);",
    );
    let check = project.frist(&["check"]);
    assert_eq!(check.code(), 1);
    assert!(check.out().contains("did you mean `measure`?"), "{}", check.out());
    let ran = project.frist(&[
        "run",
        "--from",
        "2011-04-01",
        "--until",
        "2011-10-01",
        "--format",
        "jsonl",
    ]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    assert!(ran.err().contains("there is no variable `mesure`"), "{}", ran.err());
    assert_eq!(
        project.mails().iter().filter(|path| path.to_string_lossy().contains("boss")).count(),
        1
    );
}

#[test]
fn a_folder_that_cannot_be_written_loses_nothing_however_long() {
    let project = TestProject::new();
    // A file stands where the folder should be.
    project.write("frist.toml", "[mail]\nfolder = \"blocked/outbox\"");
    project.write("blocked", "no folder");
    let replay = |until| {
        let ran = project.frist(&[
            "run",
            "--from",
            "2011-03-01",
            "--until",
            until,
            "--store",
            project.store(),
        ]);
        (ran.code(), ran.err())
    };
    // Told at once, and nothing is entered that was not tried.
    let (code, said) = replay("2011-04-20");
    assert_eq!(code, 3, "{said}");
    std::fs::remove_file(project.path().join("blocked")).unwrap();
    assert_eq!(replay("2011-04-20").0, 0);
    let mails = std::fs::read_dir(project.path().join("blocked/outbox")).unwrap().count();
    assert_eq!(mails, 2 + 1, "two mails and the list of them");
}

#[test]
fn what_is_due_at_the_very_moment_of_the_first_turn_is_told() {
    let project = TestProject::new();
    let forecast =
        project.rows(&["forecast", "--from", "2011-04-01T08:00", "--until", "2011-04-02"]);
    assert_eq!(forecast.len(), 2);
    assert_eq!(turn(&project, "2011-04-01T08:00"), 2);
}

#[test]
fn a_condition_that_is_no_condition_is_told_before_it_counts() {
    let project = TestProject::new();
    project.write(
        "rules/odd.rhai",
        "rule(\"odd\").when(|d| d.days_left).remind(responsible, on_the_day);",
    );
    let rows = project.frist(&["check", "--format", "jsonl"]);
    assert_eq!(rows.code(), 1);
    let message = "the condition of rule `odd` answers a number instead of true or false";
    assert!(rows.out().contains(message), "{}", rows.out());
}

#[test]
fn an_address_of_a_ledger_that_is_none_is_wrong_usage() {
    let project = TestProject::new();
    project.turn("2011-03-31T08:00");
    let replay = ["run", "--from", "2011-04-01", "--until", "2011-04-02", "--store", "nonsense"];
    for arguments in [
        &["run", "--once", "--store", "nonsense"][..],
        &replay,
        &["ledger", "move", "--to", "nonsense"],
        &["ledger", "move", "--from", "nonsense", "--to", "sqlite:other.db"],
    ] {
        let ran = project.frist(arguments);
        assert_eq!(ran.code(), 2, "{arguments:?}: {}", ran.err());
        assert!(ran.err().contains("write `sqlite:frist.db`"), "{}", ran.err());
    }
}
