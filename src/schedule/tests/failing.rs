//! Rules that fail: a plain warning instead, and when they are asked no more.

use super::*;

#[test]
fn a_rule_that_fails_still_warns_on_the_day() {
    let rules = r#"rule("bad").when(|d| d.days_left.foo()).remind(responsible, 10.days.before);
rule("good").escalate(owner, 1.day.after);"#;
    let world = World::new(rules).deadline("a", due_on("2011-05-04"));
    insta::assert_snapshot!(world.ahead("2011-01-01T00:00", "2012-01-01T00:00").join("\n"), @r#"
05-04T08:00 m/a remind office 2011-05-04 (on the day, since a rule failed): sent
05-05T08:00 m/a escalate boss 2011-05-05 (1 day after): sent
"#);
}

/// Fails in the last week before a deadline.
pub(super) const FAILS_LATE: &str = r#"rule("bad").when(|d| if d.days_left < 8 { throw "no" } else { true })
    .remind(responsible, 10.days.before).remind(responsible, 5.days.before).remind(responsible, 3.days.before.any_day);
rule("good").escalate(owner, 1.day.after);"#;

#[test]
fn a_rule_that_has_failed_for_a_deadline_is_not_asked_about_it_again() {
    let mut world = World::new(FAILS_LATE)
        .deadline("a", due_on("2011-05-18"))
        .deadline("b", due_on("2011-05-24"));
    world.load("2011-05-01T00:00");
    assert_eq!(
        world.tick("2011-05-13T08:00"),
        [
            "m/a remind office 2011-05-08 (10 days before): the rule failed",
            "m/a remind office 2011-05-13 (5 days before): the rule failed",
            "m/b remind office 2011-05-14 (10 days before): sent",
        ]
    );
    // About the other one it is still asked, and the deadline keeps a plain warning on its day.
    insta::assert_snapshot!(world.tick("2011-05-18T08:00").join("\n"), @"
    m/a remind office 2011-05-15 (3 days before): the rule failed before and is put aside until it is changed
    m/a remind office 2011-05-18 (on the day, since a rule failed): sent
    ");
    // A daemon that starts anew knows it too, and does not fail again for what is decided.
    world.load("2011-05-18T09:00");
    assert_eq!(world.tick("2011-05-18T09:00"), [""; 0]);
    let rules = world.schedule.as_ref().unwrap().rules().fingerprint.clone();
    let failures = &world.history.rule_failures.of(&rules).unwrap()["bad"];
    assert_eq!(failures.keys().collect::<Vec<_>>(), ["m/a"]);
}

#[test]
fn a_rule_that_has_failed_three_times_is_put_aside_until_it_is_changed() {
    let mut world = World::new(FAILS_LATE)
        .deadline("a", due_on("2011-05-18"))
        .deadline("b", due_on("2011-05-18"))
        .deadline("c", due_on("2011-05-19"))
        .deadline("d", due_on("2011-07-01"));
    world.load("2011-05-01T00:00");
    world.tick("2011-05-06T08:00");
    world.tick("2011-05-09T08:00");
    world.tick("2011-05-13T08:00");
    world.tick("2011-05-16T08:00");
    let aside = |world: &World| {
        let schedule = world.schedule.as_ref().unwrap();
        schedule.put_aside(&world.history.rule_failures).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(aside(&world), ["bad"]);
    assert_eq!(
        world.tick("2011-06-21T08:00").last().unwrap(),
        "m/d remind office 2011-06-21 (10 days before): the rule failed before and is put aside until it is changed"
    );
    world.rules = FAILS_LATE.replace("d.days_left < 8", "d.days_left < -8");
    world.load("2011-06-22T09:00");
    assert_eq!(aside(&world), [""; 0]);
    assert_eq!(
        world.tick("2011-06-27T08:00"),
        ["m/d remind office 2011-06-26 (5 days before): sent"]
    );
}
