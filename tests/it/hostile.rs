//! What hostile rules are tried with: a file of theirs beside a good one, which must be served whatever the other does.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};
use frist::history::History;
use frist::plan::{Id, Plan, json};
use frist::rules::{self, Loaded, Source};
use frist::schedule::{self, Schedule};

use crate::project::PLAN;

/// The rule that is served all the same; it has a closure, so that the engine is asked too.
pub(crate) const GOOD: &str = "rule(\"good\").when(|d| [d.kind].contains(d.kind)).notify(responsible, 37.days.before.any_day);\n";

/// Loads `text` before the good rule; returns what is wrong with it, a line each.
pub(crate) fn loading(text: &str) -> String {
    loading_among(text, &[])
}

/// The same, with other files in the rules folder: names without `.rhai`, and texts.
pub(crate) fn loading_among(text: &str, others: &[(&str, &str)]) -> String {
    let loaded = load(text, others);
    assert_good_is_served(loaded.rules.into());
    told(loaded.findings.iter().map(|finding| {
        let help = finding.help.as_ref().map(|help| format!(" [{help}]")).unwrap_or_default();
        format!("{}:{} {}{help}", finding.line, finding.column, finding.message)
    }))
}

/// Loads `text`, which must be possible, and asks all its closures; returns how they fail, each once.
pub(crate) fn asking(text: &str) -> String {
    asking_among(text, &[])
}

/// The same, with other files in the rules folder. Which deadline shows a fault is of no interest here.
pub(crate) fn asking_among(text: &str, others: &[(&str, &str)]) -> String {
    let loaded = load(text, others);
    assert_eq!(loaded.findings, [], "it can be loaded");
    let faults = rules::probe(&loaded.rules, &plan());
    assert_good_is_served(loaded.rules.into());
    told(faults.iter().map(|fault| {
        let help = fault.help.as_ref().map(|help| format!(" [{help}]")).unwrap_or_default();
        let (message, _) = fault.message.split_once(" (shown by ").unwrap();
        format!("{}:{} {message}{help}", fault.line, fault.column)
    }))
}

pub(crate) fn load(text: &str, others: &[(&str, &str)]) -> Loaded {
    let file = |name: &str, text: &str| Source {
        file: format!("rules/{name}.rhai"),
        name: name.to_owned(),
        text: text.to_owned(),
        import_only: name.contains('/'),
    };
    let mut sources = vec![file("a", text)];
    sources.extend(others.iter().map(|(name, text)| file(name, text)));
    sources.push(file("z", GOOD));
    rules::load(&sources, &units())
}

pub(crate) fn plan() -> Arc<Plan> {
    Arc::new(json::read_bytes(PLAN.as_bytes(), "plan.json").plan.unwrap())
}

pub(crate) fn units() -> Arc<BTreeSet<Id>> {
    Arc::new(plan().units.iter().map(|unit| unit.id.clone()).collect())
}

/// The good rule tells what it tells alone: a notice about each deadline, with a key that no other rule has.
pub(crate) fn assert_good_is_served(rules: Arc<rules::Rules>) {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (plan, history) = (plan(), Arc::new(History::default()));
    let mut seen = History::default();
    schedule::see(&mut seen, &plan, &rules, at("2011-01-01T00:00:00Z"));
    let eight = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
    let schedule = Schedule::new(plan, rules, eight, &seen);
    let (told, _) =
        schedule.forecast(&history, at("2011-01-01T00:00:00Z"), at("2012-01-01T00:00:00Z"));
    let good = told.iter().filter(|line| schedule.rule_name(line.notice.origin) == "good");
    assert_eq!(good.count(), 3, "the good rule is served");
}

fn told(lines: impl Iterator<Item = String>) -> String {
    let mut lines: Vec<String> = lines.collect();
    lines.dedup();
    lines.join("\n")
}
