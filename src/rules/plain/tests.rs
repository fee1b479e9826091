//! A plain condition means what it means to Rhai, for every property, operator and kind of literal.

use std::sync::Arc;

use chrono::TimeDelta;

use super::super::{World, engine, facts};
use super::*;
use crate::history::{Answer, History, Says};
use crate::plan::{DeadlineIx, Due, DueDate, MeasureIx, Plan, index, json};
use crate::rules::{Rules, Source, load};

fn oslo() -> Arc<Plan> {
    Arc::new(json::read_bytes(include_bytes!("../../../plan.json"), "plan.json").plan.unwrap())
}

fn read(text: &str) -> Rules {
    let source =
        Source { file: "a.rhai".into(), name: "a".into(), text: text.into(), import_only: false };
    let loaded = load(&[source], &Arc::default());
    for finding in &loaded.findings {
        // Two kinds of value that never are equal are refused before anybody is asked.
        assert!(finding.message.contains("and here it is compared with"), "{finding}");
    }
    loaded.rules
}

/// Facts of each kind: before, on and after the date, delivered and not.
fn all_facts(plan: &Arc<Plan>, over: Over) -> Vec<Facts> {
    let today = plan.adopted.unwrap();
    let world = Arc::new(World { plan: plan.clone(), history: Arc::default(), today });
    match over {
        Over::Measures => (0..index(plan.measures.len()))
            .map(|place| Facts::measure(&world, MeasureIx(place)))
            .collect(),
        Over::Plan => vec![Facts::plan(&world)],
        Over::Deadlines => deadline_facts(plan),
    }
}

fn deadline_facts(plan: &Arc<Plan>) -> Vec<Facts> {
    let mut all = Vec::new();
    for (place, deadline) in plan.deadlines.iter().enumerate().step_by(5) {
        let due = match deadline.due {
            Due::None => None,
            Due::On(due) => Some(due),
            Due::Every { from, .. } => Some(DueDate { date: from, time: None }),
        };
        for days in [-40, 0, 20] {
            let today = due.map_or(plan.adopted.unwrap(), |due| due.date) + TimeDelta::days(days);
            let answer = Answer {
                at: today.and_time(chrono::NaiveTime::MIN).and_utc(),
                occurrence: None,
                unit: None,
                says: Says::Delivered(today),
                text: String::new(),
            };
            let answers = [(deadline.id.clone(), vec![answer])].into();
            for history in [History::default(), History { answers, ..History::default() }] {
                let history = Arc::new(history);
                let world = Arc::new(World { plan: plan.clone(), history, today });
                all.push(Facts::deadline(&world, DeadlineIx(index(place)), due));
            }
        }
    }
    all
}

/// Asks each condition of `rules` both ways about all facts; tells how often the short way had an answer.
fn compare(rules: &Rules) -> usize {
    let oslo = oslo();
    let mut answered = 0;
    for rule in &rules.list {
        for facts in all_facts(&oslo, rule.over) {
            for condition in &rule.conditions {
                let Some(plain) = &condition.plain else { continue };
                let Some(short) = plain.ask(&facts) else { continue };
                answered += 1;
                let long = engine::call(condition, &facts).map(|answer| answer.as_bool());
                assert_eq!(long, Ok(Ok(short)), "rule {} differs", rule.name);
            }
        }
    }
    answered
}

#[test]
fn a_plain_condition_means_what_it_means_to_rhai() {
    let operators = ["==", "!=", "<", "<=", ">", ">="];
    let literals = ["()", "1", "-3", "0", "true", "false", "\"summary\"", "\"\"", "\"æ\""];
    let mut rules = Vec::new();
    let mut add = |condition: String, over: &str| {
        let name = rules.len();
        let step = "notify(owner, cron(\"0 8 1 * *\"))";
        rules.push(format!("rule(\"r{name}\").over({over}).when(|d| {condition}).{step};"));
    };
    let kinds: [(&str, Vec<&str>); 3] = [
        ("deadlines", facts::DEADLINE.iter().map(|property| property.name).collect()),
        ("measures", facts::MEASURE.iter().map(|property| property.name).collect()),
        ("plan", facts::PLAN.iter().map(|property| property.name).collect()),
    ];
    for (over, properties) in &kinds {
        for property in properties {
            add(format!("d.{property}"), over);
            add(format!("!d.{property}"), over);
            for question in
                ["is_empty()", "contains(\"pro\")", "contains(\"\")", "contains(\"pro-sentret\")"]
            {
                add(format!("d.{property}.{question}"), over);
            }
            for (operator, literal) in
                operators.iter().flat_map(|op| literals.iter().map(move |l| (op, l)))
            {
                add(format!("d.{property} {operator} {literal}"), over);
                add(format!("{literal} {operator} d.{property}"), over);
            }
            for (operator, other) in
                ["==", "<"].iter().flat_map(|op| properties.iter().map(move |other| (op, other)))
            {
                add(format!("d.{property} {operator} d.{other}"), over);
            }
        }
    }
    for condition in [
        "d.kind == \"summary\" && d.days_left < 30 && !d.blocked",
        "d.kind == \"note\" || (d.lead != () && d.overdue) || d.days_left == -20",
        "!(d.delivered || d.state == \"soon\") && d.id > \"2\"",
        "d.days_left < d.workdays_left || d.title == d.kind",
        "true && d.has_date || false",
    ] {
        add(condition.into(), "deadlines");
    }
    let mut answered = 0;
    for file in rules.chunks(500) {
        answered += compare(&read(&file.join("\n")));
    }
    assert!(answered > 15_000, "only {answered} answers were plain");
}

#[test]
fn what_is_not_plain_is_left_to_rhai() {
    for (condition, plain) in [
        ("|d| d.kind == \"summary\"", true),
        ("|d| d.tags.contains(\"x\") && !d.responsible.is_empty()", true),
        ("|d| d.tags.contains(d.kind)", false),
        ("|d| { d.blocked }", false),
        ("|d| d.measure.id == \"1a\"", false),
        ("|d| d.days_left + 1 < 3", false),
        ("|d| late(d)", false),
    ] {
        let text = format!(
            "fn late(d) {{ d.overdue }}\nrule(\"x\").when({condition}).remind(owner, on_the_day);"
        );
        assert_eq!(read(&text).list[0].conditions[0].plain.is_some(), plain, "{condition}");
    }
}
