//! A forecast is what ticks would tell.

use super::failing::FAILS_LATE;
use super::*;

#[test]
fn a_forecast_knows_when_a_rule_will_be_put_aside() {
    let world = World::new(FAILS_LATE)
        .deadline("a", due_on("2011-05-18"))
        .deadline("b", due_on("2011-05-19"))
        .deadline("c", due_on("2011-05-20"))
        .deadline("d", due_on("2011-07-01"));
    insta::assert_snapshot!(world.ahead("2011-05-01T00:00", "2012-01-01T00:00").join("\n"), @"
    05-06T08:00 m/a remind office 2011-05-08 (10 days before): sent
    05-09T08:00 m/b remind office 2011-05-09 (10 days before): sent
    05-10T08:00 m/c remind office 2011-05-10 (10 days before): sent
    05-18T08:00 m/a remind office 2011-05-18 (on the day, since a rule failed): sent
    05-19T08:00 m/a escalate boss 2011-05-19 (1 day after): sent
    05-19T08:00 m/b remind office 2011-05-19 (on the day, since a rule failed): sent
    05-20T08:00 m/b escalate boss 2011-05-20 (1 day after): sent
    05-20T08:00 m/c remind office 2011-05-20 (on the day, since a rule failed): sent
    05-23T08:00 m/c escalate boss 2011-05-21 (1 day after): sent
    07-01T08:00 m/d remind office 2011-07-01 (on the day, since a rule failed): sent
    07-04T08:00 m/d escalate boss 2011-07-02 (1 day after): sent
    ");
}

/// Steps of every shape, of which generated rules are made.
const STEPS: [&str; 15] = [
    ".remind(responsible, 30.days.before)",
    ".remind([responsible, helpers], 7.days.before.every(2.days))",
    ".remind(lead, 10.workdays.before)",
    ".remind(responsible, on_the_day.any_day)",
    ".remind(helpers, 1.month.before.any_day)",
    ".escalate(owner, 1.day.after)",
    ".escalate(owner, 2.workdays.after.every(1.week))",
    ".escalate(unit(\"mate\"), 14.days.after.every(14.days).times(6))",
    ".notify(owner, 3.days.after.any_day)",
    ".notify(responsible, 20.days.after(adopted))",
    ".notify(helpers, 1.week.before(start))",
    ".remind(responsible, cron(\"30 7 * * 1\"))",
    ".escalate(|d| if d.overdue { \"boss\" } else { d.lead }, 1.week.after)",
    ".remind(|d| d.helpers, on_the_day)",
    ".remind(|d| if d.days_left < 3 { () } else { d.lead }, 5.days.before.every(1.day).any_day)",
];

const CONDITIONS: [&str; 6] = [
    "",
    ".when(|d| d.days_left > -20)",
    ".when(|d| d.id != \"m/1\")",
    ".when(|d| d.workdays_left.throws)",
    // These fail when they are asked, for some deadlines or at some time.
    ".when(|d| if d.days_left < 8 { throw `late` } else { true })",
    ".when(|d| if d.id.contains(\"1\") { throw `one` } else { true })",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn a_forecast_is_what_ticks_would_tell_over_generated_plans(
        dues in proptest::collection::vec((-60_i64..400, 0..4_u8), 1..6),
        rules in proptest::collection::vec((0..CONDITIONS.len(), proptest::collection::vec(0..STEPS.len(), 1..4)), 1..4),
        adopted in proptest::option::of(-30_i64..90),
    ) {
        let text: Vec<String> = rules.iter().enumerate().map(|(place, (condition, steps))| {
            let steps: String = steps.iter().map(|step| STEPS[*step]).collect();
            format!("rule(\"r{place}\"){}{steps};", CONDITIONS[*condition])
        }).collect();
        let start = date("2011-01-01");
        let mut world = World::new(&text.join("\n")).with(|plan| {
            plan.adopted = adopted.map(|days| start + chrono::TimeDelta::days(days));
            plan.period = Some(crate::plan::Period { from: start, until: date("2011-12-31") });
            plan.calendar = Calendar::new(crate::calendar::Holidays::Norway, std::collections::BTreeMap::new());
        });
        for (place, (days, kind)) in dues.iter().enumerate() {
            let on = start + chrono::TimeDelta::days(*days);
            world = world.deadline(&place.to_string(), match kind {
                0 => Due::None,
                1 => Due::Every { every: Span::months(1), from: on, until: date("2011-12-31") },
                _ => Due::On(DueDate { date: on, time: None }),
            });
        }
        world.ahead("2011-01-03T00:00", "2011-09-01T00:00");
    }
}
