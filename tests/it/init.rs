//! `frist init`: what it writes runs as it is, in every language, and nothing that is there is touched.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::project::TestProject;

const EVERY: [(&str, &str); 6] = [
    ("nb", "empty"),
    ("nn", "empty"),
    ("en", "empty"),
    ("nb", "oslo"),
    ("nn", "oslo"),
    ("en", "oslo"),
];

fn frist(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frist"));
    command.current_dir(folder).args(arguments).env_remove("FRIST_LOG").env("NO_COLOR", "1");
    command.output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Begins a project in a folder below a new one.
fn begun(language: &str, example: &str, more: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["init", "project", "--language", language, "--example", example];
    let ran = frist(folder.path(), &[&arguments, more].concat());
    assert_eq!(ran.status.code(), Some(0), "{language} {example}: {}", err(&ran));
    folder
}

/// Returns all files below a folder, by their paths in it.
fn files(folder: &Path) -> BTreeMap<String, String> {
    fn walk(base: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(base, &path, found);
            } else {
                let name = path.strip_prefix(base).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

#[test]
fn every_project_checks_and_forecasts_as_it_is() {
    for (language, example) in EVERY {
        let folder = begun(language, example, &[]);
        let project = folder.path().join("project");
        let check = frist(&project, &["check", "--format", "jsonl"]);
        assert_eq!(check.status.code(), Some(0), "{language} {example}: {}", out(&check));
        if example == "empty" {
            assert_eq!(out(&check), "", "{language}");
        }
        let forecast = frist(&project, &["forecast", "--format", "jsonl"]);
        assert!(out(&forecast).lines().count() > 10, "{language} {example}: {}", err(&forecast));
    }
}

#[test]
fn the_small_plan_is_clean_on_whatever_day_it_is_begun() {
    // Leap day, new year, Easter, a weekend, the end of a month that the others lack.
    for today in
        ["2028-02-29", "2026-12-31", "2027-01-01", "2027-03-26", "2027-05-16", "2027-08-31"]
    {
        for language in ["nb", "nn", "en"] {
            let folder = begun(language, "empty", &["--now", today]);
            let check = frist(&folder.path().join("project"), &["check", "--format", "jsonl"]);
            assert_eq!((check.status.code(), &*out(&check)), (Some(0), ""), "{language} {today}");
            let test = frist(&folder.path().join("project"), &["test"]);
            assert_eq!(test.status.code(), Some(0), "{language} {today}: {}", out(&test));
        }
    }
}

#[test]
fn the_rule_tests_pass_and_those_of_the_small_plan_come_to_every_step() {
    for (language, example) in EVERY {
        let folder = begun(language, example, &[]);
        let project = folder.path().join("project");
        let test = frist(&project, &["test"]);
        assert_eq!(test.status.code(), Some(0), "{language} {example}: {}", out(&test));
        let coverage = out(&frist(&project, &["test", "--coverage", "--format", "jsonl"]));
        let without_remark = |row: &str| row.contains("\"remark\":null");
        let all_tested = coverage.lines().count() > 5 && coverage.lines().all(without_remark);
        assert!(all_tested || example == "oslo", "{language}: {coverage}");
    }
}

#[test]
fn the_oslo_project_is_this_repositorys() {
    let folder = begun("nb", "oslo", &[]);
    let written = files(&folder.path().join("project"));
    let mut ours = files(Path::new("rules"))
        .into_iter()
        .map(|(name, text)| (format!("rules/{name}"), text))
        .collect::<BTreeMap<_, _>>();
    ours.insert("plan.json".to_owned(), fs::read_to_string("plan.json").unwrap());
    ours.insert("plan.schema.json".to_owned(), fs::read_to_string("plan.schema.json").unwrap());
    for (name, text) in &ours {
        assert!(written.get(name) == Some(text), "{name} is not written as it is here");
    }
    let below = |name: &&String| name.starts_with("rules/") && !ours.contains_key(*name);
    let more: Vec<&String> = written.keys().filter(below).collect();
    assert_eq!(more, ["rules/definitions/frist.d.rhai"]);
}

#[test]
fn a_second_init_says_what_is_there_and_changes_nothing() {
    let folder = begun("nb", "empty", &[]);
    let before = files(folder.path());
    let ran = frist(folder.path(), &["init", "project", "--language", "en"]);
    assert_eq!((ran.status.code(), &*out(&ran)), (Some(1), ""));
    assert!(err(&ran).contains("nothing was written") && err(&ran).contains("project/plan.json"));
    assert!(files(folder.path()) == before);
}

#[test]
fn one_file_that_is_there_keeps_all_others_from_being_written() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("README.md"), "mine").unwrap();
    let ran = frist(folder.path(), &["init"]);
    assert_eq!(ran.status.code(), Some(1));
    insta::assert_snapshot!(err(&ran), @r"
    error: nothing was written, since this is there already:
      README.md
      help: name another folder, or move these out of the way
    ");
    assert_eq!(
        files(folder.path()).into_iter().collect::<Vec<_>>(),
        [("README.md".to_owned(), "mine".to_owned())]
    );
}

#[test]
fn what_cannot_be_written_whole_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    // The rules' folder cannot be made where a file has its name; the plan would be written before.
    fs::write(folder.path().join("rules"), "a file").unwrap();
    let ran = frist(folder.path(), &["init"]);
    assert_eq!(ran.status.code(), Some(3), "{}", err(&ran));
    assert!(err(&ran).contains("cannot be written"), "{}", err(&ran));
    assert_eq!(files(folder.path()).into_keys().collect::<Vec<_>>(), ["rules"]);
}

#[test]
fn it_says_what_it_wrote_and_what_to_type_next() {
    let folder = tempfile::tempdir().unwrap();
    let ran = frist(folder.path(), &["init", "my plan"]);
    insta::assert_snapshot!(out(&ran), @"
    written                         what it is
    plan.json                       the plan: goals, measures, deadlines, who is responsible
    rules/deadlines.rhai            rules: who is told what, and when
    rules/tests/deadlines.rhai      tests of the rules
    frist.toml                      the configuration
    README.md                       read this first
    plan.schema.json                for your editor
    rules/definitions/frist.d.rhai  for your editor
    .vscode/settings.json           for your editor
    .vscode/extensions.json         for your editor
    .gitignore                      what git is to leave alone
    ");
    insta::assert_snapshot!(err(&ran), @"
    Everything is there. Next:
      cd 'my plan'
      frist check
      frist forecast
      frist test
    ");
    let rows = out(&frist(folder.path(), &["init", "other", "--format", "jsonl"]));
    let rows: Vec<serde_json::Value> =
        rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    let named: Vec<&str> = rows.iter().map(|row| row["file"].as_str().unwrap()).collect();
    assert_eq!(named.len(), files(&folder.path().join("other")).len());
    // Without a name, the folder of --dir.
    let ran = frist(folder.path(), &["--dir", "third", "init"]);
    assert_eq!(ran.status.code(), Some(0));
    assert!(folder.path().join("third/plan.json").exists());
}

#[test]
fn definitions_for_editors_are_no_rules() {
    let project = TestProject::new();
    project.write("rules/words.d.rhai", "module static;\nfn rule(name: String) -> Rule;\n");
    project.write("rules/definitions/frist.d.rhai", "module static;\n");
    let ran = project.frist(&["check", "--format", "jsonl"]);
    assert_eq!(ran.code(), 0, "{}", ran.out());
    assert!(!ran.out().contains(".d.rhai"), "{}", ran.out());
}
