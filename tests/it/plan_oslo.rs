//! The first real plan: what it carries, and what it leaves open.

use std::fmt::Write;

use frist::finding::Severity;
use frist::plan::{Due, Language, Plan, json};

fn oslo() -> json::Reading {
    json::read(include_str!("../../plan.json"), "plan.json")
}

fn plan() -> Plan {
    oslo().plan.expect("the plan has no errors")
}

#[test]
fn it_has_exactly_the_gaps_that_the_document_has() {
    let reading = oslo();
    let of = |severity: Severity| {
        let found = reading.findings.iter().filter(move |it| it.severity == severity);
        found.map(|it| it.message.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of(Severity::Error), [""; 0]);
    assert_eq!(
        of(Severity::Warning),
        [
            "measure `1d` has no date: neither a deadline nor a time in which it runs",
            "measure `1d` has no responsible unit",
            "deadline `2d/summary` has no date",
            "measure `4c` has no responsible unit",
            "deadline `v2/application` has no date",
        ]
    );
    let free = of(Severity::Hint);
    let about =
        |id: &str| free.iter().any(|hint| hint.starts_with(&format!("deadline `{id}` is due on")));
    assert!(
        ["1a/summary", "2c/summary", "2d/start", "4a/programme"].into_iter().all(about),
        "{free:?}"
    );
    assert_eq!(free.len(), 4);
}

#[test]
fn every_deadline_is_there_with_its_date_and_its_units() {
    let plan = plan();
    let mut table = String::new();
    for deadline in &plan.deadlines {
        let due = match deadline.due {
            Due::None => "-".to_owned(),
            Due::On(due) => due.to_string(),
            Due::Every { every, from, until } => format!("every {every} from {from} until {until}"),
        };
        let ids =
            |units: &[_]| units.iter().map(|ix| &*plan.unit(*ix).id).collect::<Vec<_>>().join(" ");
        let (responsible, helpers) = (ids(&deadline.responsible), ids(&deadline.helpers));
        writeln!(
            table,
            "{:<14} {:<11} {due}: {responsible} [{helpers}]",
            deadline.id, deadline.kind
        )
        .unwrap();
    }
    insta::assert_snapshot!(table, @"
    1a/summary     summary     2011-05-01: bydel-grunerlokka [oslopiloten]
    1b/note        note        2011-04-01: byradsavdelingen []
    1c/summary     summary     2010-12-01: bydel-grunerlokka [tot-koordinator]
    2b/summary     summary     2011-02-01: bydel-grunerlokka pro-sentret byradsavdelingen [nav-grunerlokka]
    2c/summary     summary     2011-12-31: pro-sentret nadheim []
    2d/start       start       2011-05-01: pro-sentret []
    2d/summary     summary     -: pro-sentret []
    3a/survey      survey      2012-06-01: pro-sentret []
    4a/programme   programme   2011-05-01: helse-og-velferdsetaten pro-sentret []
    4b/survey      survey      2011-02-01: pro-sentret []
    4c/assessment  assessment  2011-06-01:  []
    4d/start       start       2011-08-01: pro-sentret []
    4e/meeting     meeting     every 3 months from 2011-03-01 until 2013-12-31: byradsavdelingen [referansegruppen]
    v2/application application -: byradet []
    ");
}

#[test]
fn what_runs_through_the_period_does() {
    let plan = plan();
    let running = plan.measures.iter().filter(|measure| measure.runs == plan.period);
    let running: Vec<_> = running.map(|measure| &*measure.id).collect();
    assert_eq!(running, ["1b", "2a", "2d", "3b", "3c", "4a", "v1"]);
}

#[test]
fn what_the_document_says_beside_the_dates_is_kept() {
    let plan = plan();
    let deadline = |id: &str| plan.deadline(plan.deadline_by_id(id).unwrap());
    assert_eq!((plan.measures.len(), plan.deadlines.len()), (18, 14));
    assert_eq!((plan.language, plan.zone), (Language::Bokmal, chrono_tz::Europe::Oslo));
    assert_eq!(deadline("1b/note").recipient.as_deref(), Some("Helse- og sosialkomiteen"));
    assert_eq!(
        deadline("1c/summary").recipient.as_deref(),
        Some("Byrådsavdeling for eldre og sosiale tjenester")
    );
    assert_eq!(deadline("4d/start").decided_as.as_deref(), Some("fra skoleåret 2011"));
    assert_eq!(deadline("4c/assessment").waits_for, [plan.deadline_by_id("4b/survey").unwrap()]);
    assert!(plan.deadlines.iter().all(|deadline| deadline.delivered.is_none()));
    assert!(plan.measures.iter().all(|measure| !measure.about.is_empty()));
    let districts = plan.unit_by_id("bydelene").unwrap();
    assert_eq!(plan.recipients(districts).len(), 15);
}

#[test]
fn no_mail_of_it_can_reach_anyone() {
    for unit in plan().units {
        assert!(unit.email.is_none_or(|email| email.ends_with(".example")), "{}", unit.id);
    }
}
