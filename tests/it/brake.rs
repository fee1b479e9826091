//! The brake from the outside: what a change would send too much of at once is held, and somebody decides.

use crate::project::{RULES, TestProject};
use crate::resident::{Resident, until};

/// A step that was due since long when it is added to a rule that is known.
const MORE: &str = ".notify([responsible, owner], 31.days.before)";

/// A project that has told its reminders of 1 April; one mail more than usual may be sent at once.
fn in_april(at_once: usize) -> TestProject {
    let project = TestProject::new();
    project.write("frist.toml", &format!("[brake]\nat_once = {at_once}"));
    assert_eq!(project.turn("2011-01-03T08:00").len(), 0);
    assert_eq!(project.turn("2011-04-01T08:00").len(), 2);
    project
}

fn edit(project: &TestProject) {
    let step = ".remind(responsible, 30.days.before)";
    project.write("rules/deadlines.rhai", &RULES.replace(step, &format!("{step}{MORE}")));
}

/// Returns recipients in order.
fn to(mails: &[(String, String)]) -> Vec<&str> {
    mails.iter().map(|(to, _)| to.as_str()).collect()
}

fn states(project: &TestProject, kind: &str) -> Vec<(String, String)> {
    let rows = project.rows(&["log"]);
    let of_kind = rows.iter().filter(|row| row["kind"] == kind && row["due"] == "2011-05-01");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut states: Vec<_> = of_kind.map(|row| (text(&row["to"]), text(&row["state"]))).collect();
    states.sort();
    states
}

fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
    list.iter().map(|(to, state)| (to.as_str(), state.as_str())).collect()
}

#[test]
fn what_a_change_would_send_too_much_of_is_held_and_nothing_else_waits() {
    let project = in_april(2);
    edit(&project);
    // On this morning the reminders of seven days before are due as well; they were due before the change.
    let mails = project.turn("2011-04-20T08:00");
    assert_eq!(to(&mails), ["boss", "mate", "office"]);
    let [(_, ask), reminders @ ..] = &mails[..] else { panic!("{mails:?}") };
    for (to, text) in reminders {
        assert!(text.contains("7 days") && !text.contains("31 days"), "{to}: {text}");
    }
    let held = [("boss", "held"), ("boss", "held"), ("mate", "held"), ("office", "held")];
    assert_eq!(pairs(&states(&project, "notify")), held);

    let hash = project.rows(&["log", "--changes"])[1]["hash"].as_str().unwrap()[..12].to_owned();
    insta::assert_snapshot!(ask.replace(&hash, "[hash]"));
    let status = project.frist(&["status", "--now", "2011-04-20T09:00"]);
    let said = format!(
        "3 mails are held back since 2011-04-20 08:00 for change {hash}: `frist release` sends, `frist drop` throws away."
    );
    assert_eq!(status.err().trim(), said);
    assert!(!project.rows(&["status"]).iter().any(|row| row.to_string().contains("held")));

    // They stay held, are asked about once, and their notices are not told otherwise.
    assert_eq!(project.turn("2011-04-20T09:00"), []);
    assert_eq!(project.turn("2011-04-26T08:00"), []);
}

#[test]
fn released_mails_are_sent_and_the_change_is_asked_about_no_more() {
    let project = in_april(2);
    edit(&project);
    project.turn("2011-04-19T08:00");
    let rows = project.rows(&["release", "--now", "2011-04-19T10:00"]);
    let queued: Vec<_> = rows
        .iter()
        .map(|row| (row["to"].as_str().unwrap(), row["state"].as_str().unwrap()))
        .collect();
    assert_eq!(queued, [("boss", "queued"), ("office", "queued"), ("mate", "queued")]);
    let mails = project.turn("2011-04-19T10:01");
    assert_eq!(to(&mails), ["boss", "mate", "office"]);
    assert!(mails.iter().all(|(_, text)| text.contains("31 days")), "{mails:?}");
    let sent = [("boss", "sent"), ("boss", "sent"), ("mate", "sent"), ("office", "sent")];
    assert_eq!(pairs(&states(&project, "notify")), sent);
    let nothing = project.frist(&["release"]);
    assert_eq!((nothing.code(), nothing.err().trim()), (0, "Nothing is held."));
}

#[test]
fn dropped_mails_are_never_sent_nor_told_again() {
    let project = in_april(2);
    edit(&project);
    project.turn("2011-04-19T08:00");
    let other = project.frist(&["drop", "--change", "beef"]);
    assert_eq!(other.code(), 2);
    assert!(other.err().contains("no mail is held for change `beef`"), "{}", other.err());
    let hash = project.rows(&["log", "--changes"])[1]["hash"].as_str().unwrap()[..6].to_owned();
    let dropped = project.frist(&["drop", "--change", &hash]);
    assert_eq!(dropped.code(), 0, "{}", dropped.err());
    assert_eq!(dropped.err().trim(), "3 mails are dropped and will never be sent.");
    assert!(pairs(&states(&project, "notify")).iter().all(|(_, state)| *state == "dropped"));
    assert_eq!(to(&project.turn("2011-04-20T08:00")), ["mate", "office"]);
    assert_eq!(project.turn("2011-04-20T10:00"), []);
}

#[test]
fn as_many_as_the_brake_lets_through_are_sent() {
    let project = in_april(3);
    edit(&project);
    assert_eq!(to(&project.turn("2011-04-19T08:00")), ["boss", "mate", "office"]);
    assert_eq!(project.rows(&["log", "--changes"]).len(), 2);
}

#[test]
fn a_change_is_watched_until_the_first_morning_has_passed() {
    let project = in_april(1);
    // A new rule counts from now, so it sends nothing before tomorrow at nine.
    project.write("rules/new.rhai", "rule(\"new\").remind(responsible, cron(\"0 9 * * *\"));");
    assert_eq!(project.turn("2011-04-05T15:00"), []);
    // A restart and another edit do not make it a matter of habit.
    project.write("rules/other.rhai", "// nothing to say");
    assert_eq!(project.turn("2011-04-05T16:00"), []);
    assert_eq!(to(&project.turn("2011-04-06T09:00")), ["boss"]);
    assert_eq!(project.rows(&["release"]).len(), 2);
    assert_eq!(to(&project.turn("2011-04-06T09:01")), ["mate", "office"]);
    // From then on it is as it is.
    assert_eq!(to(&project.turn("2011-04-07T09:00")), ["mate", "office"]);
}

#[test]
fn the_first_files_of_a_ledger_are_not_held() {
    let project = TestProject::new();
    project.write("frist.toml", "[brake]\nat_once = 0");
    assert_eq!(project.turn("2011-04-01T08:00").len(), 2);
}

#[test]
fn a_resident_daemon_hears_of_a_release() {
    let project = in_april(2);
    let mut daemon = Resident::serving(&project, "2011-04-05T12:00");
    edit(&project);
    until("the owner is asked", || project.mails().len() == 3);
    assert_eq!(project.rows(&["release"]).len(), 3);
    daemon.signal("-HUP");
    until("they are sent", || project.mails().len() == 6);
    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(std::time::Duration::from_secs(10)), 0);
}
