//! `frist check` from the outside: every code with its example, the formats for programs, and the page before adoption.

mod adopt;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::thread;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::project::{PLAN, TestProject};

const RULES: &str =
    "rule(\"deadline\").remind(responsible, 7.days.before).escalate(owner, 1.day.after);";

/// A project with this plan and these rules.
fn with(plan: &str, rules: &str) -> TestProject {
    let project = TestProject::new();
    project.write("plan.json", plan);
    project.write("rules/deadlines.rhai", rules);
    project
}

/// The plan to which the examples of docs/codes.md belong.
fn plan_of_the_page() -> Value {
    let page = fs::read_to_string("docs/codes.md").unwrap();
    let (_, plan) = page.split_once("```json file\n").unwrap();
    serde_json::from_str(plan.split("```").next().unwrap()).unwrap()
}

/// Puts an example into the plan: into a list, over what has its id there, or among the plan's own keys.
fn put(plan: &Value, part: &str, example: &str) -> String {
    let list = match part {
        "file" => return example.to_owned(),
        "plan" => {
            let mut plan = plan.clone();
            let key = example.split('"').nth(1).unwrap();
            plan.as_object_mut().unwrap().remove(key);
            return plan.to_string().replacen('{', &format!("{{ {example}, "), 1);
        }
        "unit" => "/units",
        "measure" => "/goals/0/measures",
        "deadline" => "/goals/0/measures/0/deadlines",
        other => panic!("an example of {other}?"),
    };
    let mut plan = plan.clone();
    let entries = plan.pointer_mut(list).unwrap().as_array_mut().unwrap();
    entries.retain(|entry| !example.contains(&format!("\"id\": {}", entry["id"])));
    entries.push(json!("here"));
    plan.to_string().replacen("\"here\"", example, 1)
}

/// Returns the codes that are told about an example.
fn told(plan: &Value, kind: &str, example: &str) -> BTreeSet<String> {
    let project = with(&plan.to_string(), RULES);
    project.write("password.txt", "secret\n");
    project.write("empty.txt", "");
    let mut command = project.command(&["check", "--format", "jsonl"]);
    match kind.split_once(' ').unwrap_or((kind, "")) {
        ("json", part) => project.write("plan.json", &put(plan, part, example)),
        ("rhai", "tests") => project.write("rules/tests/example.rhai", example),
        ("rhai", _) => {
            fs::remove_dir_all(project.path().join("rules")).unwrap();
            project.write("rules/example.rhai", example);
        }
        ("toml", _) => project.write("frist.toml", example),
        ("sh", _) => {
            let (name, value) =
                example.strip_suffix(" frist check").unwrap().split_once('=').unwrap();
            command.env(name, value);
        }
        other => panic!("an example of {other:?}?"),
    }
    let output = command.output().unwrap();
    let rows = String::from_utf8(output.stdout).unwrap();
    let code = |row: &str| {
        serde_json::from_str::<Value>(row).unwrap()["code"].as_str().unwrap().to_owned()
    };
    let codes: BTreeSet<String> = rows.lines().map(code).collect();
    assert!(!codes.is_empty() || output.status.success(), "{:?}", String::from_utf8(output.stderr));
    codes
}

#[test]
fn every_example_is_told_before_and_not_after() {
    let project = with(PLAN, RULES);
    let plan = plan_of_the_page();
    let codes = project.rows(&["check", "--explain"]);
    let run: Vec<&Value> = codes.iter().filter(|code| code["example"] != "text").collect();
    assert!(run.len() >= 60 && codes.len() - run.len() == 5, "{} of {}", run.len(), codes.len());
    let check = |entry: &Value| {
        let [code, kind] = ["code", "example"].map(|key| entry[key].as_str().unwrap());
        let [before, after] =
            ["before", "after"].map(|key| told(&plan, kind, entry[key].as_str().unwrap()));
        let fits = before.contains(code) && !after.contains(code);
        (!fits).then(|| format!("{code}: before {before:?}, after {after:?}"))
    };
    let check = &check;
    let wrong: Vec<String> = thread::scope(|scope| {
        let parts = run.chunks(run.len().div_ceil(4));
        let parts: Vec<_> = parts
            .map(|part| scope.spawn(move || part.iter().filter_map(|it| check(it)).collect()))
            .collect();
        let joined = parts.into_iter().map(|part| part.join().unwrap());
        joined.collect::<Vec<Vec<_>>>().concat()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_code_is_explained_wherever_one_is() {
    let explain = ["--dir", "/no/such/folder", "check", "--explain", "unknown_kind"];
    let output = Command::new(env!("CARGO_BIN_EXE_frist")).args(explain).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @r#"
    unknown_kind

    warning if another kind was probably meant, else hint: a condition compares with a kind that no
    deadline of the plan has.

    The comparison is never true, so the rule passes over what it was written for.

    Before, in rules/*.rhai:

        rule("summary").when(|d| d.kind == "sumary").remind(lead, 10.workdays.before);

    After, in rules/*.rhai:

        rule("summary").when(|d| d.kind == "summary").remind(lead, 10.workdays.before);
    "#);
    let elsewhere = TestProject::new();
    let ran = elsewhere.frist(&["check", "--explain", "unknown_kin"]);
    assert_eq!(ran.code(), 2);
    assert_snapshot!(ran.err(), @"
    error: there is no code `unknown_kin`
      help: did you mean `unknown_kind`?
    ");
    let ran = elsewhere.frist(&["check", "--explain", "no_date", "--format", "sarif"]);
    assert_eq!(ran.code(), 2);
}

#[test]
fn a_fault_of_a_closure_names_the_deadline_that_showed_it() {
    let rules = "rule(\"x\")\n  .when(|d| d.kind == \"note\" && d.title.nothing())\n  .remind(lead, on_the_day);\nrule(\"y\").when(|d| d.days_left).notify(owner, on_the_day);";
    let ran = with(PLAN, rules).frist(&["check"]);
    assert_eq!(ran.code(), 1);
    let told = ran.out();
    let (_, faults) = told.split_once("error[rule_fails]").unwrap();
    assert_snapshot!(faults, @r#"
    : unknown word `nothing` (shown by `1b/note`, 40 days before its date)
     --> rules/deadlines.rhai:2:41
      |
    2 |   .when(|d| d.kind == "note" && d.title.nothing())
      |                                         ^^^^^^^
      |
      = help: write `()`

    error[rule_fails]: the condition of rule `y` answers a number instead of true or false (shown by `1a/summary`, 40 days before its date)
     --> rules/deadlines.rhai:4:11
      |
    4 | rule("y").when(|d| d.days_left).notify(owner, on_the_day);
      |           ^^^^
      |
      = help: compare something, as in `|d| d.kind == "summary"`

    2 errors, 3 warnings, 2 hints
    "#);
}

/// A plan with something to tell: no date, a free day, a misspelt kind.
fn told_about() -> TestProject {
    let plan =
        PLAN.replace("\"kind\": \"report\", \"due\": \"2011-09-01\"", "\"kind\": \"report\"");
    let rules = RULES.replace(").remind", ").when(|d| d.kind != \"sumary\").remind");
    with(&plan, &rules)
}

#[test]
fn sarif_has_what_the_standard_asks_for() {
    let project = told_about();
    let ran = project.frist(&["check", "--format", "sarif"]);
    assert_eq!((ran.code(), ran.err()), (0, String::new()));
    let log: Value = serde_json::from_str(&ran.out()).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let rows = project.rows(&["check"]);
    assert_eq!(results.len(), rows.len());
    for (result, row) in results.iter().zip(&rows) {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!((&rule["id"], &result["ruleId"]), (&row["code"], &row["code"]));
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
        let level =
            if row["severity"] == "hint" { "note" } else { row["severity"].as_str().unwrap() };
        assert_eq!(result["level"], level);
        let place = &result["locations"][0]["physicalLocation"];
        let region = &place["region"];
        assert_eq!((&region["startLine"], &region["startColumn"]), (&row["line"], &row["column"]));
        assert!(region["endColumn"].as_u64() > region["startColumn"].as_u64(), "{region}");
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.ends_with(row["file"].as_str().unwrap()), "{uri}");
    }
    let texts = results.iter().map(|result| result["message"]["text"].as_str().unwrap());
    assert!(texts.clone().any(|text| text.contains("did you mean `summary`?")));
}

#[test]
fn annotations_are_one_a_line_with_the_place_from_here() {
    let project = told_about();
    let ran = project.frist(&["check", "--format", "github"]);
    let folder = project.path().display().to_string();
    assert_snapshot!(ran.out().replace(&folder, "[folder]"), @"
    ::notice file=[folder]/plan.json,line=11,col=66,title=due_on_free_day::deadline `1a/summary` is due on Sunday 2011-05-01 (Labour Day), which is no working day%0Athe last working day before it is Friday 2011-04-29
    ::notice file=[folder]/plan.json,line=13,col=60,title=due_on_free_day::deadline `1b/note` is due on Sunday 2011-05-01 (Labour Day), which is no working day%0Athe last working day before it is Friday 2011-04-29
    ::warning file=[folder]/plan.json,line=13,col=84,title=no_date::deadline `1b/report` has no date%0Aadd `due`, or `every`
    ::warning file=[folder]/rules/deadlines.rhai,line=1,col=37,title=unknown_kind::no deadline of the plan has the kind `sumary`%0Adid you mean `summary`?
    ");
}

#[test]
fn formats_of_findings_are_refused_where_there_are_none() {
    let project = with(PLAN, RULES);
    for format in ["sarif", "github"] {
        let ran = project.frist(&["forecast", "--format", format]);
        assert_eq!((ran.code(), ran.out()), (2, String::new()));
        let said = ran.err();
        assert!(said.contains(&format!("--format {format} is for `frist check`")), "{said}");
    }
}

#[test]
fn how_many_mails_are_too_many_can_be_said_in_the_file_and_for_once() {
    let rules =
        format!("{RULES}\nrule(\"x\").escalate(owner, 3.days.after.every(7.days).times(8));");
    let project = with(PLAN, &rules);
    let told = |arguments: &[&str]| {
        let rows = project.rows(&[&["check"], arguments].concat());
        rows.iter().any(|row| row["code"] == "too_many_mails")
    };
    assert!(!told(&[]));
    assert!(told(&["--at-most", "3"]));
    project.write("frist.toml", "[check]\nmails_a_month = 3");
    assert!(told(&[]) && !told(&["--at-most", "8"]));
    let ran = project.frist(&["check", "--at-most", "0"]);
    assert_eq!(ran.code(), 1);
    assert!(ran.out().contains("--at-most"), "{}", ran.out());
}
