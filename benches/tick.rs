//! The heart alone, in memory: a tick with nothing due, one with one thing due, a condition, laying out a plan by date.
//! `cargo bench --bench tick`. Whole runs of the program, and other programs beside it, are in `peers.sh`.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::Oslo;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use frist::calendar::{Calendar, Holidays, Moments};
use frist::history::History;
use frist::plan::{
    Deadline, DeadlineIx, Due, DueDate, Goal, GoalIx, Id, Language, Measure, MeasureIx, Plan, Unit,
    UnitIx,
};
use frist::rules::{self, Facts, Rules, Source, World};
use frist::schedule::{self, Schedule};

/// The four steps that `generate.rs` writes.
const FOUR_STEPS: &str = r#"rule("deadline")
    .remind(responsible, 30.days.before)
    .remind(responsible, 7.days.before)
    .escalate(owner, 1.day.after)
    .escalate(owner, 14.days.after.every(14.days).times(6));"#;
/// One notice a day for the deadline that is overdue; the others are due long after.
const DAILY: &str = r#"rule("daily").remind(responsible, 1.day.after.every(1.day).any_day);"#;
const DAILY_ASKED: &str = r#"rule("daily")
    .when(|d| d.kind == "summary" && d.days_left < 30)
    .remind(responsible, 1.day.after.every(1.day).any_day);"#;

/// Nothing that can be answered without Rhai.
const DAILY_ASKED_OF_RHAI: &str = r#"rule("daily")
    .when(|d| d.kind == "summary" && d.days_left < 20 + 10)
    .remind(responsible, 1.day.after.every(1.day).any_day);"#;

fn main() {
    divan::main();
}

#[divan::bench(args = [1_000, 10_000, 100_000, 1_000_000])]
fn tick_with_nothing_due(bencher: Bencher, deadlines: u32) {
    let (mut schedule, history) = laid_out(plan(deadlines, spread), FOUR_STEPS);
    // The first tick takes what the beginning brings.
    let mut now = morning(date(2011, 1, 1));
    schedule.tick(&history, now);
    bencher.bench_local(|| {
        now += TimeDelta::nanoseconds(1);
        black_box(schedule.tick(&history, now))
    });
}

#[divan::bench(args = [1_000, 100_000], sample_count = 100, sample_size = 20)]
fn tick_with_one_thing_due(bencher: Bencher, deadlines: u32) {
    daily(bencher, deadlines, DAILY);
}

#[divan::bench(args = [1_000, 100_000], sample_count = 100, sample_size = 20)]
fn tick_with_one_thing_due_and_a_condition(bencher: Bencher, deadlines: u32) {
    daily(bencher, deadlines, DAILY_ASKED);
}

#[divan::bench]
fn condition(bencher: Bencher) {
    asked(bencher, DAILY_ASKED);
}

#[divan::bench]
fn condition_for_rhai(bencher: Bencher) {
    asked(bencher, DAILY_ASKED_OF_RHAI);
}

fn asked(bencher: Bencher, rules: &str) {
    let (schedule, history) = laid_out(plan(1, one_overdue), rules);
    let (plan, today) = (schedule.plan().clone(), date(2011, 1, 15));
    let Due::On(due) = plan.deadlines[0].due else { unreachable!("it has a date") };
    let world = Arc::new(World { plan, history, today });
    let facts = Facts::deadline(&world, DeadlineIx(0), Some(due));
    let rule = &schedule.rules().list[0];
    bencher.bench_local(|| rule.holds(black_box(&facts)).expect("the condition answers"));
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_size = 1, sample_count = 10)]
fn layout(bencher: Bencher, deadlines: u32) {
    let (plan, rules) = (Arc::new(plan(deadlines, spread)), Arc::new(rules(FOUR_STEPS)));
    let history = seen(&plan, &rules);
    bencher
        .counter(ItemsCount::new(deadlines))
        .bench_local(|| Schedule::new(plan.clone(), rules.clone(), eight(), &history));
}

/// Ticks on the mornings of one day after the other, each of which has exactly one thing due.
fn daily(bencher: Bencher, deadlines: u32, rules: &str) {
    let (mut schedule, history) = laid_out(plan(deadlines, one_overdue), rules);
    let mut today = date(2011, 1, 1);
    let tick = schedule.tick(&history, morning(today));
    assert!(tick.notices.is_empty(), "nothing is due before the first deadline is overdue");
    bencher.bench_local(|| {
        today = today + Days::new(1);
        let tick = schedule.tick(&history, morning(today));
        assert_eq!(tick.notices.len(), 1, "one thing is due on {today}");
        tick
    });
}

fn laid_out(plan: Plan, text: &str) -> (Schedule, Arc<History>) {
    let (plan, rules) = (Arc::new(plan), Arc::new(rules(text)));
    let history = Arc::new(seen(&plan, &rules));
    (Schedule::new(plan, rules, eight(), &history), history)
}

fn seen(plan: &Plan, rules: &Rules) -> History {
    let mut history = History::default();
    schedule::see(&mut history, plan, rules, morning(date(2010, 12, 31)));
    history
}

fn rules(text: &str) -> Rules {
    let source = Source {
        file: "rules.rhai".into(),
        name: "rules".into(),
        text: text.into(),
        import_only: false,
    };
    let loaded = rules::load(&[source], &Arc::new(BTreeSet::new()));
    assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
    loaded.rules
}

/// Due dates spread over three years.
fn spread(place: u32) -> NaiveDate {
    date(2011, 2, 15) + Days::new(u64::from(place.wrapping_mul(2_654_435_761) % 1_141))
}

/// The first deadline is due on New Year's Day 2011, all others when nobody looks any more.
fn one_overdue(place: u32) -> NaiveDate {
    if place == 0 { date(2011, 1, 1) } else { date(2090, 1, 1) }
}

/// A plan with three deadlines a measure, 50 units and an owner.
fn plan(deadlines: u32, due: fn(u32) -> NaiveDate) -> Plan {
    let kind: Id = "summary".into();
    let unit = |place: u32| Unit {
        id: format!("u{place:02}").into(),
        name: format!("Unit {place}"),
        email: Some(format!("u{place:02}@units.example")),
        language: None,
        leader: None,
        members: Vec::new(),
    };
    let measure = |place: u32| Measure {
        id: format!("m{place:05}").into(),
        goal: GoalIx(0),
        title: format!("Measure {place}"),
        about: String::new(),
        responsible: vec![UnitIx(1 + place % 50)],
        helpers: Vec::new(),
        tags: Vec::new(),
        data: None,
        runs: None,
        deadlines: 3 * place..deadlines.min(3 * place + 3),
    };
    let deadline = |place: u32| Deadline {
        id: format!("m{:05}/d{}", place / 3, place % 3 + 1).into(),
        measure: MeasureIx(place / 3),
        kind: kind.clone(),
        title: None,
        due: Due::On(DueDate { date: due(place), time: None }),
        decided_as: None,
        recipient: None,
        start: None,
        waits_for: Vec::new(),
        responsible: vec![UnitIx(1 + place / 3 % 50)],
        helpers: Vec::new(),
        tags: Vec::new(),
        data: None,
        delivered: None,
    };
    Plan {
        id: "generated".into(),
        title: "A generated plan".into(),
        language: Language::English,
        zone: Oslo,
        calendar: Calendar::new(Holidays::Norway, std::collections::BTreeMap::new()),
        adopted: Some(date(2011, 1, 1)),
        period: None,
        owner: Some(UnitIx(0)),
        units: (0..=50).map(unit).collect(),
        goals: vec![Goal { id: "g1".into(), title: "Goal 1".into() }],
        measures: (0..deadlines.div_ceil(3)).map(measure).collect(),
        deadlines: (0..deadlines).map(deadline).collect(),
    }
}

fn morning(date: NaiveDate) -> DateTime<Utc> {
    Moments::new(Oslo, eight()).of(date)
}

fn eight() -> NaiveTime {
    NaiveTime::from_hms_opt(8, 0, 0).expect("an hour of the day")
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date of the calendar")
}
