//! The reference tells the truth: its examples run, its types are those of the answers, and no word is missing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use rhai::{Dynamic, Engine};

use super::super::facts::{DeadlineFacts, MeasureFacts, World};
use super::super::vocabulary::{self, Drafts};
use super::super::{Facts, Source, load, probe};
use super::*;
use crate::history::History;
use crate::plan::{DeadlineIx, Due, DueDate, MeasureIx, Plan, index, json};

fn oslo() -> Arc<Plan> {
    let text = include_str!("../../../plan.json");
    Arc::new(json::read(text, "plan.json").plan.expect("the plan can be read"))
}

/// Loads a rule file beside a small library, tries its closures on the Oslo plan, and returns what is wrong.
fn faults(plan: &Arc<Plan>, text: &str) -> Vec<String> {
    let library = "fn is_paper(d) { d.kind == \"summary\" || d.kind == \"note\" }";
    let source = |name: &str, text: &str| Source {
        file: format!("rules/{name}.rhai"),
        name: name.to_owned(),
        text: text.to_owned(),
        import_only: name.contains('/'),
    };
    let units = Arc::new(plan.units.iter().map(|unit| unit.id.clone()).collect());
    let loaded = load(&[source("example", text), source("lib/words", library)], &units);
    let found = loaded.findings.iter().map(|finding| finding.message.clone());
    let mut found: Vec<String> = found.collect();
    found.extend(probe(&loaded.rules, plan).into_iter().map(|fault| fault.message));
    if loaded.rules.list.is_empty() {
        found.push("it declares no rule".to_owned());
    }
    found
}

/// Completes a property's example to a rule.
fn whole(entry: &Entry, example: &str) -> String {
    let over = match entry.chapter {
        Chapter::Measure => ".over(measures)",
        Chapter::Plan => ".over(plan)",
        Chapter::Deadline => "",
        _ => return example.to_owned(),
    };
    format!("rule(\"example\"){over}{example}.notify(owner, cron(\"0 8 1 * *\"));")
}

#[test]
fn every_example_runs_on_the_oslo_plan() {
    let plan = oslo();
    for entry in reference(Language::English) {
        let shown = entry.examples.iter().any(|example| example.contains(entry.word));
        assert!(shown, "{} has no example", entry.signature);
        for example in entry.examples.iter().filter(|_| entry.chapter != Chapter::Test) {
            let text = whole(&entry, example);
            assert_eq!(faults(&plan, &text), [] as [&str; 0], "{}: {text}", entry.signature);
        }
    }
}

#[test]
fn both_languages_have_the_same_words_and_say_something_else() {
    let (english, norwegian) = (reference(Language::English), reference(Language::Bokmal));
    assert_eq!(norwegian, reference(Language::Nynorsk));
    for (english, norwegian) in english.iter().zip(&norwegian) {
        assert_eq!(english.signature, norwegian.signature);
        assert_ne!(english.meaning, norwegian.meaning);
        assert!(!english.meaning.ends_with('.') && !norwegian.meaning.ends_with('.'));
    }
}

#[test]
fn no_word_is_declared_twice_in_a_chapter() {
    let entries = reference(Language::English);
    let mut seen = BTreeSet::new();
    for entry in &entries {
        assert!(seen.insert((entry.chapter, entry.word)), "{} stands twice", entry.signature);
    }
}

/// Returns the names in Rhai's own list of what an engine knows.
fn names(engine: &Engine) -> BTreeSet<String> {
    let signatures = engine.gen_fn_signatures(false);
    let name = |signature: &String| {
        let name = signature.split('(').next().unwrap_or_default();
        name.rsplit('$').next().unwrap_or(name).trim().to_owned()
    };
    signatures.iter().map(name).collect()
}

#[test]
fn what_the_engine_knows_is_in_the_reference_and_what_is_declared_is_known() {
    let drafts: Drafts = Arc::new(Mutex::new(Vec::new()));
    let mut engine = Engine::new_raw();
    vocabulary::register(&mut engine, &drafts, &Arc::default());
    let known = names(&engine);
    let scope = vocabulary::scope();
    let declared: Vec<(&str, &str)> = WORDS
        .iter()
        .chain(OPERATORS)
        .flat_map(|word| word.declared)
        .filter_map(|text| text.split_once(' '))
        .collect();
    let mut told = BTreeSet::new();
    for (keyword, rest) in declared {
        let rest = rest.strip_prefix("get ").unwrap_or(rest);
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let is_known =
            if keyword == "const" { scope.contains(&name) } else { known.contains(&name) };
        assert!(is_known, "{keyword} {name} is declared, and nothing knows it");
        told.insert(name);
    }
    let operators = ["==", "!=", "<", "<=", ">", ">=", "-", "to_string"];
    for name in known.iter().filter(|name| !operators.contains(&name.as_str())) {
        assert!(told.contains(name), "the engine knows {name}, and the reference does not");
    }
    for (name, ..) in scope.iter() {
        assert!(told.contains(name), "{name} is a constant, and the reference does not know it");
    }
}

#[test]
fn every_property_answers_what_it_says() {
    let plan = oslo();
    let today = "2011-04-01".parse().unwrap();
    let world =
        Arc::new(World { plan: plan.clone(), history: Arc::new(History::default()), today });
    for place in 0..index(plan.deadlines.len()) {
        let due = match plan.deadline(DeadlineIx(place)).due {
            Due::None => None,
            Due::On(due) => Some(due),
            Due::Every { from, .. } => Some(DueDate { date: from, time: None }),
        };
        let Facts::Deadline(facts) = Facts::deadline(&world, DeadlineIx(place), due) else {
            continue;
        };
        check(DEADLINE, &facts);
    }
    for place in 0..index(plan.measures.len()) {
        let Facts::Measure(facts) = Facts::measure(&world, MeasureIx(place)) else { continue };
        check(MEASURE, &facts);
    }
    let Facts::Plan(facts) = Facts::plan(&world) else { panic!("facts of the plan") };
    check(PLAN, &facts);
}

fn check<T>(properties: &[Property<T>], facts: &T) {
    for property in properties {
        let answer = property.read(facts);
        assert!(fits(property.answers, &answer), "{} answers {answer:?}", property.name);
    }
}

fn fits(answers: Answers, value: &Dynamic) -> bool {
    let date = || value.type_name().ends_with("Date");
    let each = |fits: fn(&Dynamic) -> bool| {
        value.as_array_ref().is_ok_and(|entries| entries.iter().all(fits))
    };
    match answers {
        Answers::Text => value.is_string(),
        Answers::MaybeText => value.is_string() || value.is_unit(),
        Answers::MaybeNumber => value.is_int() || value.is_unit(),
        Answers::Truth => value.is_bool(),
        Answers::Date => date(),
        Answers::MaybeDate => date() || value.is_unit(),
        Answers::Texts => each(Dynamic::is_string),
        Answers::Data => value.is_map(),
        Answers::Measure => value.is::<MeasureFacts>(),
        Answers::Measures => each(Dynamic::is::<MeasureFacts>),
        Answers::Deadlines => each(Dynamic::is::<DeadlineFacts>),
    }
}
