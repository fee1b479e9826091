//! What owners hear of the program's own accord: once a week what was sent, and once for each spell that a plan seems
//! forgotten.

use insta::assert_snapshot;

use crate::mail_server::{Act, MailServer, Script, Stage};
use crate::project::TestProject;

fn told(mails: &[(String, String)], subject: &str) -> Vec<String> {
    mails.iter().map(|(_, text)| text.clone()).filter(|text| text.starts_with(subject)).collect()
}

/// A project whose owner gets weekly reports, first seen on Thursday, 31 March 2011; two mails went out on Friday.
fn weekly() -> TestProject {
    let project = TestProject::new();
    project.write("frist.toml", "[watch]\nweekly = \"monday\"\n");
    assert!(project.turn("2011-03-31T08:00").is_empty());
    assert_eq!(project.turn("2011-04-01T08:00").len(), 2);
    project
}

#[test]
fn on_monday_the_owner_hears_in_four_lines_what_was_sent_what_failed_and_what_comes() {
    let project = weekly();
    assert!(project.turn("2011-04-04T07:59").is_empty());
    let mails = project.turn("2011-04-04T08:00");
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "boss");
    assert_snapshot!(mails[0].1);
}

#[test]
fn the_report_is_told_once_a_week_across_restarts() {
    let project = weekly();
    let at = ["2011-04-04T08:00", "2011-04-04T08:01", "2011-04-05T08:00", "2011-04-10T23:59"];
    assert_eq!(at.map(|at| project.turn(at).len()), [1, 0, 0, 0]);
    assert_eq!(told(&project.turn("2011-04-11T08:00"), "Weekly report").len(), 1);
}

#[test]
fn after_an_outage_there_is_one_report_about_all_of_it() {
    let project = weekly();
    let mails = project.turn("2011-05-19T10:00");
    let reports = told(&mails, "Weekly report");
    assert_eq!(reports.len(), 1);
    assert_snapshot!(reports[0]);
    assert!(told(&project.turn("2011-05-19T10:01"), "Weekly report").is_empty());
    assert_eq!(told(&project.turn("2011-05-23T08:00"), "Weekly report").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_mail_server_the_report_needs_no_configuration_and_names_whom_nothing_reaches() {
    let refuses = Script::new().once(Stage::Rcpt, Act::Say("550 5.1.1 no such user"));
    let server = MailServer::start(refuses).await;
    let project = TestProject::new();
    project.mail_to(server.port());
    for at in ["2011-03-31T08:00", "2011-04-01T08:00", "2011-04-04T08:00", "2011-04-04T08:01"] {
        let ran = project.frist(&["run", "--once", "--now", at]);
        assert_eq!(ran.code(), 0, "{}", ran.err());
    }
    let subjects: Vec<String> = server
        .mails()
        .iter()
        .map(|mail| {
            let parsed = mail_parser::MessageParser::default().parse(&mail.raw).unwrap();
            parsed.subject().unwrap().to_owned()
        })
        .filter(|subject| subject.starts_with("Weekly"))
        .collect();
    assert_eq!(subjects, ["Weekly report: 2 sent, 1 failed or waiting, 0 to come (A small plan)"]);
}

#[test]
fn into_a_folder_and_in_a_replay_nothing_is_told_unless_it_is_asked_for() {
    let stretch = ["run", "--from", "2011-03-31", "--until", "2013-01-01", "--format", "jsonl"];
    let quiet = TestProject::new();
    let without = quiet.frist(&stretch);
    assert_eq!(without.code(), 0, "{}", without.err());
    let asked = TestProject::new();
    asked.write("frist.toml", "[watch]\nweekly = \"monday\"\nstale_after_days = 90\n");
    let with = asked.frist(&stretch);
    assert_eq!(with.code(), 0, "{}", with.err());
    let notices = |out: String| {
        let lines = out.lines().filter(|line| line.contains("\"notice\"")).map(str::to_owned);
        lines.collect::<Vec<_>>()
    };
    // The decisions are the same; 92 Mondays, and two spells: nobody touched the plan, then its period ended.
    assert_eq!(notices(with.out()), notices(without.out()));
    assert_eq!(asked.mails().len() - quiet.mails().len(), 92 + 2);
}

#[test]
fn a_plan_that_nobody_touched_is_told_once_for_each_spell() {
    let project = TestProject::new();
    project.write("frist.toml", "[watch]\nstale_after_days = 30\n");
    let forgotten = |at| told(&project.turn(at), "Nobody has touched the plan");
    assert!(forgotten("2011-03-01T08:00").is_empty());
    assert!(forgotten("2011-03-30T23:59").is_empty());
    assert!(forgotten("2011-03-31T07:59").is_empty());
    let first = forgotten("2011-03-31T08:00");
    assert_eq!(first.len(), 1);
    assert_snapshot!(first[0]);
    assert!(forgotten("2011-04-20T08:00").is_empty());
    // An answer ends the spell, and another begins.
    let answer = project.frist(&["progress", "1b/report", "--now", "2011-04-21T12:00"]);
    assert_eq!(answer.code(), 0, "{}", answer.err());
    assert!(forgotten("2011-05-20T08:00").is_empty());
    assert_eq!(forgotten("2011-05-21T08:00").len(), 1);
    assert!(forgotten("2011-06-21T08:00").is_empty());
    // An edit too.
    project.write("plan.json", &crate::project::PLAN.replace("A small plan", "A plan"));
    assert!(forgotten("2011-07-01T08:00").is_empty());
    assert_eq!(forgotten("2011-07-31T08:00").len(), 1);
}

#[test]
fn a_plan_whose_period_has_ended_is_told_once_and_shown_by_status_and_check() {
    let project = TestProject::new();
    project.write("frist.toml", "[watch]\nstale_after_days = 3650\n");
    project.turn("2011-03-01T08:00");
    let ended = |at| told(&project.turn(at), "The plan");
    assert!(ended("2011-12-31T08:00").is_empty());
    let first = ended("2012-01-01T08:00");
    assert_eq!(first.len(), 1);
    assert_snapshot!(first[0]);
    assert!(ended("2012-06-01T08:00").is_empty());
    for command in ["status", "check"] {
        let warned = |now| project.frist(&[command, "--now", now]).err();
        let before = warned("2011-12-31");
        assert!(!before.contains("seems forgotten"), "{before}");
        let after = warned("2012-01-01");
        let warning =
            "warning: the plan `small` seems forgotten: the period ended on 2011-12-31; 3 overdue";
        assert!(after.contains(warning), "{command}: {after}");
    }
}

#[test]
fn a_plan_that_is_delivered_or_is_to_be_left_in_peace_is_not_forgotten() {
    let project = TestProject::new();
    project.write("frist.toml", "[watch]\nstale_after_days = 30\n");
    project.turn("2011-03-01T08:00");
    for deadline in ["1a/summary", "1b/note", "1b/report"] {
        let done = project.frist(&["done", deadline, "--now", "2011-03-02T08:00"]);
        assert_eq!(done.code(), 0, "{}", done.err());
    }
    assert!(project.turn("2011-06-01T08:00").is_empty());
    let never = TestProject::new();
    never.write("frist.toml", "[watch]\nstale_after_days = 0\n");
    never.turn("2011-03-01T08:00");
    assert!(told(&never.turn("2012-03-01T08:00"), "The plan").is_empty());
}
