//! The limits to how many mails there may be, from the outside: the rest is held, and the owner is asked once.

use crate::project::TestProject;

/// A project that knows its plan, with one of the limits.
fn limited(brake: &str) -> TestProject {
    let project = TestProject::new();
    project.write("frist.toml", &format!("[brake]\n{brake}"));
    assert_eq!(project.turn("2011-03-31T08:00"), []);
    project
}

/// Returns recipients in order.
fn to(mails: &[(String, String)]) -> Vec<&str> {
    mails.iter().map(|(to, _)| to.as_str()).collect()
}

fn held(project: &TestProject) -> usize {
    project.rows(&["log"]).iter().filter(|row| row["state"] == "held").count()
}

#[test]
fn beyond_so_many_a_tick_the_rest_is_held_and_the_owner_is_asked() {
    let project = limited("a_tick = 1");
    let mails = project.turn("2011-04-01T08:00");
    assert_eq!(to(&mails), ["boss", "office"]);
    insta::assert_snapshot!(mails[0].1);
    let status = project.frist(&["status", "--now", "2011-04-01T09:00"]).err();
    let said = "1 mail is held back since 2011-04-01 08:00 beyond the limit a_tick: `frist release` sends, `frist drop` throws away.";
    assert_eq!(status.trim(), said);

    // It waits, nothing else does, and nobody is asked about it again.
    assert_eq!(project.turn("2011-04-01T09:00"), []);
    let rows = project.rows(&["release", "--limit", "tick"]);
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["limit"], &rows[0]["change"]),
        (&"a_tick".into(), &serde_json::Value::Null)
    );
    assert_eq!(to(&project.turn("2011-04-01T09:01")), ["mate"]);
}

#[test]
fn beyond_so_many_an_hour_the_rest_is_held_until_the_hour_is_over() {
    let project = limited("an_hour = 2");
    project
        .write("rules/hourly.rhai", "rule(\"hourly\").notify(responsible, cron(\"30 8 * * *\"));");
    assert_eq!(project.turn("2011-03-31T12:00"), []);
    assert_eq!(to(&project.turn("2011-04-01T08:00")), ["mate", "office"]);
    assert_eq!(to(&project.turn("2011-04-01T08:30")), ["boss"]);
    let other = project.frist(&["drop", "--limit", "a_tick"]);
    assert_eq!(other.code(), 2);
    assert!(other.err().contains("mails are held for the limit an_hour"), "{}", other.err());
    assert_eq!(project.rows(&["drop", "--limit", "an_hour"]).len(), 2);
    assert_eq!(to(&project.turn("2011-04-02T08:30")), ["mate", "office"]);
}

#[test]
fn a_rule_that_never_stops_fills_no_mailbox() {
    let project = limited("a_recipient_and_day = 4");
    assert_eq!(to(&project.turn("2011-04-05T08:00")), ["mate", "office"]);
    // What one rule tells about the plan, it tells once a day; so there are six of them.
    for minute in [0, 10, 20, 30, 40, 50] {
        let rule = format!(
            "rule(\"chatter{minute}\").over(plan).notify(unit(\"mate\"), cron(\"{minute} 10 * * *\"));"
        );
        project.write(&format!("rules/chatter{minute}.rhai"), &rule);
    }
    assert_eq!(project.turn("2011-04-05T09:55"), []);
    let mut sent = Vec::new();
    for minute in [0, 10, 20, 30, 40, 50] {
        sent.extend(project.turn(&format!("2011-04-05T10:{minute:02}")));
    }
    // With that of the morning four to the mate, and one question to the owner.
    assert_eq!(to(&sent), ["mate", "mate", "mate", "boss"]);
    assert_eq!(held(&project), 3);
    // What comes on the next day is let through, and what is released is no matter of limits.
    assert_eq!(to(&project.turn("2011-04-06T10:00")), ["mate"]);
    assert_eq!(project.rows(&["release"]).len(), 3);
    assert_eq!(to(&project.turn("2011-04-06T10:01")), ["mate", "mate", "mate"]);
    assert_eq!(to(&project.turn("2011-04-06T10:10")), ["mate"]);
    assert_eq!(to(&project.turn("2011-04-06T10:20")), ["mate"]);
    assert_eq!(to(&project.turn("2011-04-06T10:30")), ["mate"]);
    assert_eq!(to(&project.turn("2011-04-06T10:40")), ["boss"]);
}

#[test]
fn a_plan_with_more_recipients_than_a_limit_is_warned_of_it() {
    let project = limited("a_tick = 2");
    let said = project.frist(&["check"]).err();
    assert!(said.contains("hint: 3 units have an address, and a_tick in [brake] of frist.toml lets 2 mails through"), "{said}");
    assert!(!said.contains("an_hour"), "{said}");
    project.write("frist.toml", "");
    assert!(!project.frist(&["check"]).err().contains("hint: "));
}

#[test]
fn a_replay_has_no_limits() {
    let project = limited("a_tick = 1");
    let ran = project.frist(&["run", "--from", "2011-03-31", "--until", "2011-04-02"]);
    assert_eq!(ran.code(), 0);
    assert!(!ran.out().contains("held"), "{}", ran.out());
}
