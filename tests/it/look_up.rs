//! `frist rules`: looking words up, for people and for programs.

use std::process::{Command, Output};

use frist::rules::{Source, scenario};
use insta::assert_snapshot;
use serde_json::Value;

use crate::project::TestProject;

fn rules(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frist"));
    // There is no project in this folder: looking up needs none.
    command.current_dir("tests").arg("rules").args(arguments).env("NO_COLOR", "1");
    command.output().unwrap()
}

fn answer(arguments: &[&str]) -> String {
    let output = rules(arguments);
    assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn rows(arguments: &[&str]) -> Vec<Value> {
    let lines = answer(&[arguments, &["--format", "jsonl"]].concat());
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn everything_is_listed_by_chapter_in_both_languages() {
    assert_snapshot!("list_en", answer(&[]));
    assert_snapshot!("list_nb", answer(&["--language", "nb"]));
}

#[test]
fn a_word_is_shown_with_its_meaning_and_examples() {
    assert_snapshot!(answer(&["remind"]), @r#"
    .remind(whom, when)  (what a rule is made of)
      tells those who are to do something

        rule("deadline").remind(responsible, 30.days.before);
        rule("survey").when(|d| d.kind == "survey").remind([lead, helpers], 2.months.before);
        rule("quarter").over(measures).when(|m| m.runs).remind(responsible, cron("0 8 1 */3 *"));
    "#);
    assert_snapshot!(answer(&["kind", "--language", "nb"]), @r#"
    d.kind  (det du kan spørre en frist om)
      tekst: hva som skal leveres, slik det står i planen: `summary`, `note`, `start`, …

        .when(|d| d.kind == "summary")
    "#);
}

#[test]
fn a_word_is_found_however_it_is_written() {
    for same in [".remind", "remind()", "remind(responsible, 7.days.before)", " remind "] {
        assert_eq!(answer(&[same]), answer(&["remind"]), "{same}");
    }
    assert_eq!(answer(&["month"]).matches("date.month").count(), 1);
    assert!(answer(&["workday"]).starts_with("10.workdays"));
    assert!(answer(&["!="]).starts_with("a == b, a != b"));
    assert!(answer(&["year"]).starts_with("2.years"));
}

#[test]
fn a_word_that_several_things_have_shows_them_all_and_a_prefix_one() {
    let signatures = |word: &str| -> Vec<String> {
        rows(&[word]).iter().map(|row| row["signature"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(signatures("responsible"), ["responsible", "d.responsible", "m.responsible"]);
    assert_eq!(signatures("m.responsible"), ["m.responsible"]);
    assert!(signatures("when").contains(&"on_the_day".to_owned()));
    assert!(signatures("p.").iter().all(|signature| signature.starts_with("p.")));
}

#[test]
fn the_examples_of_tests_pass_on_the_oslo_plan() {
    let project = TestProject::oslo();
    // The last one expects a rule to fail, and those of Oslo do not.
    let (_, examples) = scenario::EXAMPLES.split_last().unwrap();
    for (number, example) in examples.iter().enumerate() {
        project.write(&format!("rules/tests/{number}.rhai"), example);
    }
    let ran = project.frist(&["test"]);
    assert_eq!(ran.code(), 0, "{}", ran.out());
    assert_eq!(ran.out().matches("rules/tests/2.rhai\n  ok ").count(), 1, "{}", ran.out());
    for example in scenario::EXAMPLES {
        let source = Source {
            file: "rules/tests/example.rhai".to_owned(),
            name: "tests/example".to_owned(),
            text: example.to_owned(),
            import_only: true,
        };
        assert_eq!(scenario::load(&[source]).findings, []);
    }
}

#[test]
fn programs_get_every_field() {
    let row = &rows(&["owner"])[0];
    let expected = serde_json::json!({
        "word": "owner", "group": "whom", "signature": "owner", "meaning": "the unit that owns the plan",
        "examples": ["rule(\"late\").escalate(owner, 1.day.after);"],
    });
    assert_eq!(*row, expected);
    assert!(rows(&[]).len() > 90);
    let all: Value = serde_json::from_str(&answer(&["--format", "json"])).unwrap();
    assert_eq!(all.as_array().unwrap().len(), rows(&[]).len());
}

#[test]
fn an_unknown_word_is_answered_with_what_was_meant() {
    let refusal = |word: &str| {
        let output = rules(&[word]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert_snapshot!(refusal("remnd"), @"
    error: the rules have no word `remnd`
      help: did you mean `remind`? (`frist rules` lists them all)
    ");
    assert_snapshot!(refusal("d.tagz"), @"
    error: the rules have no word `d.tagz`
      help: did you mean `tags`? (`frist rules` lists them all)
    ");
    assert_snapshot!(refusal("xyzzy"), @"
    error: the rules have no word `xyzzy`
      help: `frist rules` lists them all
    ");
}

#[test]
fn the_definitions_for_editors_declare_each_word_with_its_meaning() {
    for language in ["nb", "nn", "en"] {
        let text = answer(&["--definitions", "--language", language]);
        let mut lines = text.lines().skip_while(|line| line.starts_with("//"));
        assert_eq!(lines.next(), Some("module static;"));
        // Every declaration is of a form that Rhai's language server reads, and has a comment before it.
        let mut commented = false;
        for line in lines.filter(|line| !line.is_empty()) {
            if line.starts_with("///") {
                commented = true;
            } else {
                assert!(commented && line.ends_with(';'), "{line}");
                assert!(
                    ["fn ", "const "].iter().any(|keyword| line.starts_with(keyword)),
                    "{line}"
                );
                commented = false;
            }
        }
    }
    assert!(answer(&["--definitions"]).contains("fn get kind(deadline: Deadline) -> String;"));
}
