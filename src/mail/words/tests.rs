//! The three languages say the same things, in their own forms.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use fluent_syntax::{ast, parser};

use super::{BOKMAL, ENGLISH, NYNORSK, words};
use crate::calendar::Span;
use crate::plan::{DueDate, Language};

const LANGUAGES: [Language; 3] = [Language::Bokmal, Language::Nynorsk, Language::English];

/// Reads a file of words: each message with its variables, the messages that it uses, and the cases that it tells apart.
fn messages(source: &str) -> BTreeMap<String, Vec<String>> {
    let resource = parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut found = BTreeMap::new();
    for entry in &resource.body {
        let ast::Entry::Message(message) = entry else { continue };
        let mut parts = Vec::new();
        collect(message.value.as_ref().expect("a message has a value"), &mut parts);
        parts.sort();
        parts.dedup();
        let before = found.insert(message.id.name.to_owned(), parts);
        assert!(before.is_none(), "message {} stands twice", message.id.name);
    }
    found
}

fn collect(pattern: &ast::Pattern<&str>, parts: &mut Vec<String>) {
    for element in &pattern.elements {
        let ast::PatternElement::Placeable { expression } = element else { continue };
        match expression {
            ast::Expression::Inline(inline) => collect_inline(inline, parts),
            ast::Expression::Select { selector, variants } => {
                collect_inline(selector, parts);
                for variant in variants {
                    let key = match &variant.key {
                        ast::VariantKey::Identifier { name } => name,
                        ast::VariantKey::NumberLiteral { value } => value,
                    };
                    parts.push(format!("[{key}]"));
                    collect(&variant.value, parts);
                }
            }
        }
    }
}

fn collect_inline(inline: &ast::InlineExpression<&str>, parts: &mut Vec<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => parts.push(format!("${}", id.name)),
        ast::InlineExpression::MessageReference { id, .. } => parts.push(id.name.to_owned()),
        other => panic!("unexpected in the words: {other:?}"),
    }
}

#[test]
fn all_languages_have_the_same_messages_variables_and_cases() {
    let english = messages(ENGLISH);
    assert!(english.len() > 50);
    assert_eq!(messages(BOKMAL), english);
    assert_eq!(messages(NYNORSK), english);
}

#[test]
fn the_program_says_every_message_and_no_other() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src/mail");
    let mut sources =
        ["words.rs", "subject.rs", "render.rs"].map(|name| format!("{root}/{name}")).to_vec();
    for entry in std::fs::read_dir(format!("{root}/render")).unwrap() {
        let path = entry.unwrap().path();
        sources.extend(path.is_file().then(|| path.display().to_string()));
    }
    let program: String =
        sources.iter().map(|source| std::fs::read_to_string(source).unwrap()).collect();
    let all = messages(ENGLISH);
    let used_by_words = |id: &String| all.values().any(|parts| parts.contains(id));
    let silent: Vec<&String> = all
        .keys()
        .filter(|id| !program.contains(&format!("\"{id}\"")) && !used_by_words(id))
        .collect();
    assert!(silent.is_empty(), "never said: {silent:?}");
    for said in program.split(".say(").skip(1) {
        let Some(id) = said.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
        else {
            continue;
        };
        assert!(all.contains_key(id), "no such message: {id}");
    }
}

#[test]
fn nobody_shouts() {
    for source in [BOKMAL, NYNORSK, ENGLISH] {
        assert!(!source.contains('!'));
    }
}

#[test]
fn dates_read_as_the_language_writes_them() {
    let date = NaiveDate::from_ymd_opt(2011, 5, 1).unwrap();
    let noon = DueDate { date, time: NaiveTime::from_hms_opt(9, 5, 0) };
    let said = LANGUAGES.map(|language| words(language).due(noon).to_string());
    assert_eq!(
        said,
        [
            "søndag 1. mai 2011 kl. 09.05",
            "søndag 1. mai 2011 kl. 09.05",
            "Sunday 1 May 2011 at 09:05"
        ]
    );
    let saturday = NaiveDate::from_ymd_opt(2011, 12, 31).unwrap();
    let said = LANGUAGES.map(|language| words(language).weekday_and_date(saturday).to_string());
    assert_eq!(
        said,
        ["lørdag 31. desember 2011", "laurdag 31. desember 2011", "Saturday 31 December 2011"]
    );
}

#[test]
fn lengths_of_time_have_their_plural_forms() {
    let said = |span: Span| LANGUAGES.map(|language| words(language).span(span).to_string());
    assert_eq!(said(Span::days(-1)), ["1 dag", "1 dag", "1 day"]);
    assert_eq!(said(Span::days(30)), ["30 dager", "30 dagar", "30 days"]);
    assert_eq!(said(Span::months(24)), ["2 år", "2 år", "2 years"]);
    assert_eq!(
        said(Span { months: 13, days: 0, workdays: 10 }),
        [
            "1 år, 1 måned og 10 arbeidsdager",
            "1 år, 1 månad og 10 arbeidsdagar",
            "1 year, 1 month and 10 working days"
        ]
    );
}
