//! A tick over a small plan: what is told, superseded and not told, and that a second tick says nothing new. That a forecast
//! says the same is in `forecast`, what becomes of rules that fail in `failing`.

mod failing;
mod forecast;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::*;
use crate::calendar::{Calendar, Span};
use crate::history::{Answer, Says};
use crate::plan::{Deadline, Goal, GoalIx, Language, Measure, Unit};
use crate::rules::{self, Source};

/// A plan with one measure `m`, its deadlines, rules and a past, ticked by hand.
struct World {
    plan: Plan,
    rules: String,
    history: Arc<History>,
    schedule: Option<Schedule>,
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Reads a local time in Oslo, `2011-04-01T08:00`.
fn oslo(text: &str) -> DateTime<Utc> {
    instant(
        chrono_tz::Europe::Oslo,
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap(),
    )
}

fn unit(id: &str) -> Unit {
    let email = Some(format!("{id}@example.org"));
    Unit {
        id: id.into(),
        name: id.to_uppercase(),
        email,
        language: None,
        leader: None,
        members: Vec::new(),
    }
}

fn due_on(text: &str) -> Due {
    Due::On(DueDate { date: date(text), time: None })
}

impl World {
    /// Units: `boss` owns the plan, `office` is responsible for everything, `mate` helps.
    fn new(rules: &str) -> Self {
        let measure = Measure {
            id: "m".into(),
            goal: GoalIx(0),
            title: "Measure".into(),
            about: String::new(),
            responsible: vec![UnitIx(1)],
            helpers: vec![UnitIx(2)],
            tags: Vec::new(),
            data: None,
            runs: None,
            deadlines: 0..0,
        };
        let plan = Plan {
            id: "p".into(),
            title: "Plan".into(),
            language: Language::English,
            zone: chrono_tz::Europe::Oslo,
            calendar: Calendar::default(),
            adopted: None,
            period: None,
            owner: Some(UnitIx(0)),
            units: ["boss", "office", "mate"].map(unit).to_vec(),
            goals: vec![Goal { id: "1".into(), title: "Goal".into() }],
            measures: vec![measure],
            deadlines: Vec::new(),
        };
        Self { plan, rules: rules.into(), history: Arc::default(), schedule: None }
    }

    fn deadline(mut self, id: &str, due: Due) -> Self {
        self.plan.deadlines.push(Deadline {
            id: format!("m/{id}").into(),
            measure: MeasureIx(0),
            kind: "summary".into(),
            title: None,
            due,
            decided_as: None,
            recipient: None,
            start: None,
            waits_for: Vec::new(),
            responsible: vec![UnitIx(1)],
            helpers: vec![UnitIx(2)],
            tags: Vec::new(),
            data: None,
            delivered: None,
        });
        self.plan.measures[0].deadlines = 0..index(self.plan.deadlines.len());
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Plan)) -> Self {
        change(&mut self.plan);
        self
    }

    fn load(&mut self, now: &str) {
        let units: BTreeSet<Id> = self.plan.units.iter().map(|unit| unit.id.clone()).collect();
        let source = Source {
            file: "r.rhai".into(),
            name: "r".into(),
            text: self.rules.clone(),
            import_only: false,
        };
        let loaded = rules::load(&[source], &Arc::new(units));
        let (plan, rules) = (Arc::new(self.plan.clone()), Arc::new(loaded.rules));
        see(Arc::make_mut(&mut self.history), &plan, &rules, oslo(now));
        let eight = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
        self.schedule = Some(Schedule::new(plan, rules, eight, &self.history));
    }

    /// Ticks at a local time and enters what was decided, as the daemon does; returns a line a notice.
    fn tick(&mut self, now: &str) -> Vec<String> {
        if self.schedule.is_none() {
            self.load(now);
        }
        let schedule = self.schedule.as_mut().unwrap();
        let tick = schedule.tick(&self.history, oslo(now));
        let history = Arc::make_mut(&mut self.history);
        schedule.remember(history, &tick.notices, oslo(now));
        schedule.remember_faults(&mut history.rule_failures, &tick.faults, oslo(now));
        tick.notices.iter().map(|notice| shown(schedule, notice)).collect()
    }

    fn answer(&mut self, id: &str, now: &str, says: Says) {
        let answer =
            Answer { at: oslo(now), occurrence: None, unit: None, says, text: String::new() };
        Arc::make_mut(&mut self.history).answers.entry(id.into()).or_default().push(answer);
        let ix = self.plan.deadline_by_id(id).unwrap();
        if let Some(schedule) = &mut self.schedule {
            schedule.look_again(&self.history, ix);
        }
    }

    /// Forecasts and plays through the same stretch and holds both equal; returns a line a notice that is told.
    fn ahead(mut self, from: &str, until: &str) -> Vec<String> {
        self.load(from);
        let schedule = self.schedule.as_ref().unwrap();
        let (told, _) = schedule.forecast(&self.history, oslo(from), oslo(until));
        let at = |millis| {
            DateTime::from_timestamp_millis(millis).unwrap().with_timezone(&self.plan.zone)
        };
        let mut forecast: Vec<String> = told
            .iter()
            .map(|told| {
                format!("{} {}", at(told.at).format("%m-%dT%H:%M"), shown(schedule, &told.notice))
            })
            .collect();
        let result = forecast.clone();
        let mut replayed = Vec::new();
        let (laid_out, rules, history) =
            (schedule.plan().clone(), schedule.rules().clone(), (*self.history).clone());
        let eight = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
        let mut play = Play::begin(laid_out, rules, eight, history, oslo(from));
        play.play(Vec::new(), oslo(from), oslo(until), |played| {
            let told = played.tick.notices.iter().filter(|notice| notice.verdict == Verdict::Send);
            let when = at(played.at.timestamp_millis()).format("%m-%dT%H:%M").to_string();
            replayed.extend(told.map(|notice| format!("{when} {}", shown(schedule, notice))));
        });
        forecast.sort();
        replayed.sort();
        assert_eq!(forecast, replayed);
        result
    }
}

fn shown(schedule: &Schedule, notice: &Notice) -> String {
    let to = notice.to.map_or("-", |ix| &schedule.plan().unit(ix).id);
    let verdict = match &notice.verdict {
        Verdict::Send => "sent".to_owned(),
        Verdict::Superseded { by, nominal } => format!("superseded by {} of {nominal}", by.word()),
        Verdict::NotSent(reason) => reason.to_string(),
    };
    format!(
        "{} {} {to} {} ({}): {verdict}",
        schedule.topic_id(notice.topic),
        notice.kind.word(),
        notice.nominal,
        notice.why
    )
}

const DEADLINE: &str = r#"rule("deadline").remind(responsible, 30.days.before).remind(responsible, 7.days.before)
    .escalate(owner, 1.day.after).escalate(owner, 14.days.after.every(14.days).times(3));"#;

#[test]
fn a_deadline_is_reminded_about_and_escalated() {
    let world = World::new(DEADLINE).deadline("a", due_on("2011-05-04"));
    insta::assert_snapshot!(world.ahead("2011-01-01T00:00", "2012-01-01T00:00").join("\n"), @r#"
04-04T08:00 m/a remind office 2011-04-04 (30 days before): sent
04-27T08:00 m/a remind office 2011-04-27 (7 days before): sent
05-05T08:00 m/a escalate boss 2011-05-05 (1 day after): sent
05-18T08:00 m/a escalate boss 2011-05-18 (14 days after): sent
06-01T08:00 m/a escalate boss 2011-06-01 (28 days after): sent
06-15T08:00 m/a escalate boss 2011-06-15 (42 days after): sent
"#);
}

#[test]
fn a_second_tick_says_nothing_new() {
    let mut world = World::new(DEADLINE).deadline("a", due_on("2011-05-04"));
    world.load("2011-01-01T00:00");
    assert_eq!(world.tick("2011-04-04T08:00").len(), 1);
    assert_eq!(world.tick("2011-04-04T08:00"), [""; 0]);
    // Nor does a daemon that starts anew with the same ledger.
    world.load("2011-04-04T09:00");
    assert_eq!(world.tick("2011-04-04T09:00"), [""; 0]);
}

#[test]
fn an_outage_ends_in_one_late_notice_a_recipient() {
    let mut world = World::new(DEADLINE).deadline("a", due_on("2011-05-04"));
    world.load("2011-01-01T00:00");
    insta::assert_snapshot!(world.tick("2011-06-03T12:00").join("\n"), @r#"
m/a remind office 2011-04-04 (30 days before): superseded by remind of 2011-04-27
m/a remind office 2011-04-27 (7 days before): sent
m/a escalate boss 2011-05-05 (1 day after): superseded by escalate of 2011-06-01
m/a escalate boss 2011-05-18 (14 days after): superseded by escalate of 2011-06-01
m/a escalate boss 2011-06-01 (28 days after): sent
"#);
}

#[test]
fn what_is_added_today_counts_from_now() {
    let mut world = World::new(DEADLINE).deadline("a", due_on("2011-05-04"));
    world.load("2011-04-20T10:00");
    assert_eq!(world.tick("2011-04-20T10:00"), [""; 0]);
    assert_eq!(world.schedule.unwrap().next_wake_up(), Some(oslo("2011-04-27T08:00")));
}

#[test]
fn a_delivered_deadline_falls_silent() {
    let mut world = World::new(DEADLINE).deadline("a", due_on("2011-05-04"));
    world.load("2011-01-01T00:00");
    world.tick("2011-04-04T08:00");
    world.answer("m/a", "2011-04-10T12:00", Says::Delivered(date("2011-04-10")));
    insta::assert_snapshot!(world.tick("2011-07-01T08:00").join("\n"), @r#"
m/a remind office 2011-04-27 (7 days before): delivered already on 2011-04-10
m/a escalate boss 2011-05-05 (1 day after): delivered already on 2011-04-10
m/a escalate boss 2011-05-18 (14 days after): delivered already on 2011-04-10
m/a escalate boss 2011-06-01 (28 days after): delivered already on 2011-04-10
m/a escalate boss 2011-06-15 (42 days after): delivered already on 2011-04-10
"#);
}

#[test]
fn a_moved_deadline_is_reminded_about_anew() {
    let mut world = World::new(DEADLINE).deadline("a", due_on("2011-05-04"));
    world.load("2011-01-01T00:00");
    world.tick("2011-04-04T08:00");
    world.plan.deadlines[0].due = due_on("2011-06-15");
    world.load("2011-04-20T10:00");
    assert_eq!(
        world.tick("2011-05-16T08:00"),
        ["m/a remind office 2011-05-16 (30 days before): sent"]
    );
}

#[test]
fn a_renamed_rule_sends_nothing_again() {
    let mut world = World::new(DEADLINE).deadline("a", due_on("2011-05-04"));
    world.load("2011-01-01T00:00");
    world.tick("2011-04-04T08:00");
    world.rules = DEADLINE.replace("\"deadline\"", "\"all\"");
    world.load("2011-04-04T09:00");
    assert_eq!(world.tick("2011-04-04T09:00"), [""; 0]);
}

#[test]
fn a_recurring_deadline_is_reminded_about_each_time() {
    let every =
        Due::Every { every: Span::months(1), from: date("2011-01-31"), until: date("2011-04-30") };
    let world = World::new(r#"rule("r").remind(helpers, 1.week.before);"#).deadline("a", every);
    insta::assert_snapshot!(world.ahead("2011-01-01T00:00", "2012-01-01T00:00").join("\n"), @r#"
01-24T08:00 m/a@2011-01-31 remind mate 2011-01-24 (7 days before): sent
02-21T08:00 m/a@2011-02-28 remind mate 2011-02-21 (7 days before): sent
03-24T08:00 m/a@2011-03-31 remind mate 2011-03-24 (7 days before): sent
04-22T08:00 m/a@2011-04-30 remind mate 2011-04-23 (7 days before): sent
"#);
}

#[test]
fn a_step_that_falls_on_a_weekend_moves_to_the_working_day_before_or_after() {
    let rules = r#"rule("r").remind(responsible, on_the_day).escalate(owner, 0.days.after).notify(helpers, on_the_day.any_day);"#;
    let world = World::new(rules).deadline("a", due_on("2011-05-07"));
    insta::assert_snapshot!(world.ahead("2011-01-01T00:00", "2012-01-01T00:00").join("\n"), @r#"
05-06T08:00 m/a remind office 2011-05-07 (on the day): sent
05-07T08:00 m/a notify mate 2011-05-07 (on the day): sent
05-09T08:00 m/a escalate boss 2011-05-07 (on the day): sent
"#);
}

#[test]
fn what_was_overdue_when_the_plan_was_adopted_is_told_once() {
    let world = World::new(r#"rule("r").escalate(owner, 14.days.after);"#)
        .deadline("a", due_on("2011-02-01"))
        .deadline("b", due_on("2011-08-01"))
        .with(|plan| plan.adopted = Some(date("2011-02-10")));
    insta::assert_snapshot!(world.ahead("2011-01-01T00:00", "2012-01-01T00:00").join("\n"), @r#"
02-10T08:00 p notify boss 2011-02-10 (overdue when the plan was first seen): sent
02-15T08:00 m/a escalate boss 2011-02-15 (14 days after): sent
08-15T08:00 m/b escalate boss 2011-08-15 (14 days after): sent
"#);
}

#[test]
fn a_cron_step_goes_on_and_an_outage_tells_only_the_last() {
    let rules = r#"rule("r").over(plan).notify(owner, cron("0 9 1 * *"));"#;
    let mut world = World::new(rules);
    world.load("2011-01-15T00:00");
    insta::assert_snapshot!(world.tick("2011-03-05T08:00").join("\n"), @r#"
p notify boss 2011-02-01 (on schedule 0 9 1 * *): too old: a later one of the same step is due as well
p notify boss 2011-03-01 (on schedule 0 9 1 * *): sent
"#);
}
