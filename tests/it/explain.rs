//! `frist explain`: the story of a deadline, a unit, a day and a mail, in sentences.

use insta::assert_snapshot;

use crate::project::TestProject;

/// The Oslo plan, served until 19 April 2011, with an answer in between.
fn served() -> TestProject {
    let project = TestProject::oslo();
    let until = |from: &str, until: &str| {
        let ran =
            project.frist(&["run", "--from", from, "--until", until, "--store", project.store()]);
        assert_eq!(ran.code(), 0, "{}", ran.err());
    };
    until("2011-01-01", "2011-04-05");
    let progress = [
        "progress",
        "1a/summary",
        "--silent-until",
        "2011-04-15",
        "--text",
        "half way",
        "--now",
        "2011-04-06T10:00",
    ];
    assert_eq!(project.frist(&progress).code(), 0);
    until("2011-04-06T11:00", "2011-04-19");
    project
}

#[test]
fn a_deadline_has_its_story_told_and_why_not_with_values() {
    let project = served();
    let ran = project.frist(&["explain", "1a/summary", "--at", "2011-04-20"]);
    assert_snapshot!("deadline", ran.out());
    assert_snapshot!(
        "deadline_before_the_answer",
        project.frist(&["explain", "1a/summary", "--at", "2011-04-06"]).out()
    );
}

#[test]
fn what_was_sent_later_lay_ahead_at_the_moment_of_the_question() {
    let project = TestProject::new();
    for now in ["2011-01-03T08:00", "2011-04-01T08:00", "2011-04-20T08:00"] {
        project.turn(now);
    }
    let states = |at: &str| {
        let rows = project.rows(&["explain", "1a/summary", "--at", at]);
        let states = rows.iter().map(|row| row["state"].as_str().unwrap().to_owned());
        states.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(states("2011-03-01"), "waiting waiting waiting");
    assert_eq!(states("2011-04-10"), "sent waiting waiting");
    assert_eq!(states("2011-04-24"), "sent sent waiting");
}

#[test]
fn what_was_told_later_about_a_measure_or_the_plan_lay_ahead_as_well() {
    let project = TestProject::new();
    let monthly =
        |over: &str| format!("rule(\"{over}\").over({over}).notify(owner, cron(\"0 8 1 * *\"));\n");
    project.write("rules/deadlines.rhai", &format!("{}{}", monthly("measures"), monthly("plan")));
    for now in ["2011-01-03T08:00", "2011-02-01T08:00", "2011-03-01T08:00"] {
        project.turn(now);
    }
    for what in ["1a", "small"] {
        let sent = |at: &str| {
            let rows = project.rows(&["explain", what, "--at", at]);
            let at = rows
                .iter()
                .filter(|row| row["state"] == "sent")
                .map(|row| row["nominal"].to_string());
            let next =
                rows.iter().find(|row| row["state"] == "waiting").unwrap()["nominal"].to_string();
            (at.collect::<Vec<_>>().join(" "), next)
        };
        let day = |date: &str| format!("\"{date}\"");
        assert_eq!(sent("2011-01-20"), (String::new(), day("2011-02-01")), "{what}");
        assert_eq!(sent("2011-02-20"), (day("2011-02-01"), day("2011-03-01")), "{what}");
    }
}

#[test]
fn a_day_and_a_unit_have_their_stories_too() {
    let project = served();
    assert_snapshot!(
        "day",
        project.frist(&["explain", "--on", "2011-04-13", "--at", "2011-04-20"]).out()
    );
    assert_snapshot!(
        "unit",
        project.frist(&["explain", "--to", "helse-og-velferdsetaten", "--at", "2011-04-20"]).out()
    );
    let ran = project.frist(&["explain", "--to", "helse-og-velferdsetat"]);
    assert_eq!(ran.code(), 2);
    assert_snapshot!(ran.err(), @"
    error: unit `helse-og-velferdsetat` is not in the plan
      help: did you mean `helse-og-velferdsetaten`?
    ");
}

#[test]
fn a_forwarded_mail_is_explained_also_when_its_rule_is_gone() {
    let project = served();
    let log = project.rows(&["log", "--deadline", "1b/note"]);
    let sent = log.iter().find(|row| row["rule"] == "summary" && row["state"] == "sent").unwrap();
    let id = format!("<{}>", sent["message_id"].as_str().unwrap());
    let explain = || project.frist(&["explain", "--message-id", &id, "--at", "2011-04-20"]).out();
    assert_snapshot!("mail", explain());
    project.write("rules/1-frister.rhai", "");
    assert_snapshot!("mail_of_a_rule_that_is_gone", explain());
    let ran = project.frist(&["explain", "--message-id", "nobody@localhost"]);
    assert_eq!(ran.code(), 2);
    assert_snapshot!(ran.err(), @"
    error: no mail with the Message-ID `nobody@localhost` is in the ledger
      help: look for it with `frist log --format jsonl`; the whole id is wanted, without the angle brackets
    ");
}

#[test]
fn the_false_parts_are_in_json_as_well() {
    let project = served();
    let rows = project.rows(&["explain", "1a/summary", "--at", "2011-05-20"]);
    let row = rows.iter().find(|row| row["rule"] == "start").unwrap();
    assert_eq!(row["parts"][0], "`d.kind == \"start\"` is false (`d.kind` is \"summary\")");
    assert_eq!(row["state"], "waiting");
}
