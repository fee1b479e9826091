//! What the program prints of a hostile plan, hostile answers and hostile words of a server: a terminal obeys none of it, a
//! spreadsheet calculates none of it, and every program reads the JSON back as it was written.

use serde_json::Value;

use crate::mail_server::{Act, MailServer, Script, Stage};
use crate::project::{PLAN, TestProject};

/// Clears the screen, sets the window's title, rings, goes back, is an escape of one byte, turns around, forges a line.
const NASTY: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\u{8}\u{9b}31m\u{202e}\u{7f}\n\u{2028}end";

/// A plan of which every text that may be anything is nasty.
fn nasty_plan(nasty: &str) -> String {
    let mut plan: Value = serde_json::from_str(PLAN).unwrap();
    let text = |before: &str| Value::from(format!("{before}{nasty}"));
    plan["title"] = text("Plan");
    for unit in plan["units"].as_array_mut().unwrap() {
        unit["name"] = text("Unit");
    }
    plan["goals"][0]["title"] = text("Goal");
    for measure in plan["goals"][0]["measures"].as_array_mut().unwrap() {
        measure["title"] = text("");
        measure["tags"] = Value::from(vec![text("tag")]);
        for deadline in measure["deadlines"].as_array_mut().unwrap() {
            deadline["title"] = text("");
            deadline["decided_as"] = text("decided ");
            deadline["recipient"] = text("to ");
        }
    }
    plan.to_string()
}

/// Every command that shows a plan or the ledger.
const COMMANDS: [&[&str]; 20] = [
    &["check"],
    &["check", "--adopt"],
    &["check", "--format", "github"],
    &["check", "--format", "sarif"],
    &["status", "--at", "2011-04-25"],
    &["forecast", "--from", "2011-04-25", "--until", "2011-06-01"],
    &["explain", "1a/summary", "--at", "2011-04-25"],
    &["explain", "--to", "office", "--at", "2011-04-25"],
    &["log"],
    &["log", "--all"],
    &["log", "--changes"],
    &["log", "--verify"],
    &["proof", "1a/summary"],
    &["diff", "--from", "2011-04-25", "--until", "2011-06-01"],
    &["diff", "--back", "--from", "2011-04-20", "--until", "2011-04-21"],
    &["arm", "--yes"],
    &["disarm"],
    &["release"],
    &["drop"],
    &["preview", "1a/summary", "--now", "2011-04-01"],
];

fn obeyed(text: &str) -> Option<char> {
    let is_obeyed = |c: &char| {
        let turns = ('\u{202a}'..='\u{202e}').contains(c) || ('\u{2066}'..='\u{2069}').contains(c);
        turns || *c == '\u{2028}' || c.is_control() && !matches!(c, '\n' | '\t' | '\r')
    };
    text.chars().find(is_obeyed)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_obeys_nothing_that_the_program_prints() {
    let refused = "550 5.1.1 \u{1b}[2J\u{9b}31m no such user";
    let server = MailServer::start(Script::new().always(Stage::Rcpt, Act::Say(refused))).await;
    let project = TestProject::new();
    project.mail_to(server.port());
    project.write("plan.json", &nasty_plan(NASTY));
    project.write(
        "rules/throws.rhai",
        "rule(\"throws\").when(|d| throw d.title).remind(owner, 7.days.before);\n",
    );
    for (arguments, code) in [
        (&["run", "--once", "--now", "2011-04-20T08:00"][..], 0),
        (&["progress", "1a/summary", "--text", "words \u{1b}[2J\u{9b}31m"], 0),
        (&["done", "1a/no\u{1b}[2Jthing"], 2),
        (&["explain", "1a/\u{9b}31m"], 2),
    ] {
        let ran = project.frist(arguments);
        assert_eq!(ran.code(), code, "{arguments:?}: {}", ran.err());
        assert_eq!(obeyed(&[ran.out(), ran.err()].concat()), None, "{arguments:?}: {}", ran.err());
    }
    let mut seen = String::new();
    for arguments in COMMANDS {
        for format in ["table", "json", "jsonl", "csv"] {
            let arguments = if arguments.contains(&"--format") {
                arguments.to_vec()
            } else {
                [arguments, &["--format", format]].concat()
            };
            let ran = project.frist(&arguments);
            assert!([0, 1].contains(&ran.code()), "{arguments:?}: {}", ran.err());
            for out in [ran.out(), ran.err()] {
                // SARIF goes into a file; a terminal's own letters are escaped by JSON, the rest is left to the reader.
                if !arguments.contains(&"sarif") {
                    assert_eq!(obeyed(&out), None, "{arguments:?}: {out:?}");
                }
            }
            seen += &ran.out();
        }
    }
    // They were there to be shown.
    assert!(seen.contains("␛[2J") && seen.contains("\\u001b[2J") && seen.contains("\\u009b31m"));
}

#[test]
fn json_reads_back_what_the_plan_says() {
    let project = TestProject::new();
    project.write("plan.json", &nasty_plan(NASTY));
    let rows = project.rows(&["status", "--at", "2011-04-25"]);
    assert_eq!(rows[0]["title"], NASTY);
}

#[test]
fn check_warns_of_a_title_with_what_cannot_be_seen() {
    let project = TestProject::new();
    project.write("plan.json", &nasty_plan("\u{1b}[2J"));
    let rows = project.rows(&["check"]);
    let found: Vec<&Value> = rows.iter().filter(|row| row["code"] == "control_character").collect();
    assert!(found.len() >= 8, "{found:?}");
    let title = "the title has a character that cannot be seen (U+001B) in it";
    assert!(found.iter().any(|row| row["message"] == title), "{found:?}");
}

#[test]
fn no_cell_is_a_formula() {
    for formula in ["=HYPERLINK(\"http://x\")", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1"]
    {
        let project = TestProject::new();
        project.write(
            "plan.json",
            &nasty_plan("")
                .replace("\"title\":\"\"", &format!("\"title\":{}", Value::from(formula))),
        );
        let answer = format!("--text={formula}");
        let answered = project.frist(&["progress", "1a/summary", &answer]);
        assert_eq!(answered.code(), 0, "{}", answered.err());
        for arguments in [
            &["status"][..],
            &["log"],
            &["check"],
            &["forecast", "--from", "2011-01-01", "--until", "2011-12-31"],
        ] {
            let out = project.frist(&[arguments, &["--format", "csv"]].concat()).out();
            let mut csv = csv::Reader::from_reader(out.as_bytes());
            for row in csv.records() {
                for cell in &row.unwrap() {
                    let is_number = cell.parse::<i64>().is_ok();
                    let starts = cell.trim_start().starts_with(['=', '+', '-', '@']);
                    assert!(is_number || !starts, "{arguments:?}: {cell:?}");
                }
            }
        }
        assert!(
            project
                .frist(&["status", "--format", "csv"])
                .out()
                .contains(formula.trim_start().split(['"', '\t']).next().unwrap())
        );
    }
}
