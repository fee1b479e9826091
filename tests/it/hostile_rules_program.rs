//! The worst rules through the real program, under a limit of memory: it answers, and the other rules are served.

use std::process::{Command, Output};
use std::time::Duration;

use crate::measured::measured;
use crate::project::TestProject;

/// Kilobytes of memory, addresses that are only set aside included; a script that ran free would take gigabytes.
const MEMORY: &str = "400000";

/// Runs the program with little memory, on one thread for the network.
fn confined(project: &TestProject, arguments: &[&str]) -> Output {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\""));
    command.arg(env!("CARGO_BIN_EXE_frist")).arg("--dir").arg(project.path()).args(arguments);
    command.env("MALLOC_ARENA_MAX", "2").env("TOKIO_WORKER_THREADS", "1").env_remove("FRIST_LOG");
    command.output().unwrap()
}

/// `check` answers with findings about the file, and the forecast has the good rule's lines.
fn is_survived(script: &str) {
    let project = TestProject::new();
    project.write("rules/bad.rhai", script);
    let check = confined(&project, &["check", "--format", "jsonl"]);
    let out = String::from_utf8(check.stdout).unwrap();
    let err = String::from_utf8(check.stderr).unwrap();
    assert_eq!(check.status.code(), Some(1), "{script:.300}: {out}{err}");
    assert!(out.contains("rules/bad.rhai"), "{script:.300}: {out}");
    let range = ["--from", "2011-01-01", "--until", "2012-01-01", "--format", "jsonl"];
    let forecast = confined(&project, &[&["forecast"], &range[..]].concat());
    let out = String::from_utf8(forecast.stdout).unwrap();
    assert_eq!(forecast.status.code(), Some(0), "{script:.300}");
    assert_eq!(out.matches("\"rule\":\"deadline\"").count(), 9, "{script:.300}: {out}");
}

fn condition(body: &str) -> String {
    format!("rule(\"x\").when(|d| {{ {body}; true }}).remind(owner, on_the_day);\n")
}

/// Scripts that would take all memory, if they could.
const HUNGRY: [&str; 12] = [
    "let f = Fn(\"len\"); loop { f = f.curry(f); }",
    "let s = \"x\"; s.pad(30000, \"x\"); let t = s; s.replace(\"x\", t)",
    "let s = \"x\"; loop { s += s; }",
    "let a = [1]; loop { a += a; }",
    "let a = []; loop { a = [a, a, a, a]; }",
    "let m = #{}; loop { m = #{ a: m, b: m }; }",
    "let b = []; b.pad(4000, 1); b.map(|x| { let c = []; c.pad(4000, x); c })",
    "let b = []; b.pad(4000, 1); b.map(|x| \"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p\".split(\",\"))",
    "let a = []; loop { a.push(\"x\" + a.len()); }",
    // Entry by entry, which Rhai does not measure: each map may hold thirty megabytes, and there may be sixty.
    "let s = \"x\"; s.pad(32000, \"x\"); let m = #{}; let n = #{}; let i = 0; loop { m[\"k\" + i] = s + i; n[\"k\" + i] = s + i; i += 1; }",
    "let s = \"x\"; s.pad(32000, \"x\"); let a = []; a.pad(3999, \"\"); let b = a; let i = 0; loop { a[i] = s + i; b[i] = s + i; i += 1; }",
    "let a = [1]; loop { a = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]; a == a; a.to_string(); }",
];

#[test]
fn scripts_that_ask_for_gigabytes_are_survived() {
    for body in HUNGRY {
        is_survived(&condition(body));
        is_survived(&format!("{body};\n"));
    }
}

/// What any script may take of the machine.
const MOST: (Duration, i64) = (Duration::from_secs(1), 64 << 10);

#[test]
fn no_script_takes_more_than_a_second_and_sixty_four_mebibytes_of_a_tick_that_serves_the_others() {
    // It begins the day before, on which nobody notices what the rule will do.
    let days =
        ["run", "--from", "2011-03-31", "--until", "2011-04-02", "--store", "sqlite:frist.db"];
    let played = |rule: &str| {
        let project = TestProject::with_file();
        project.write("rules/bad.rhai", rule);
        let mut command = project.command(&days);
        let run = measured(command.env("MALLOC_ARENA_MAX", "2").env("TOKIO_WORKER_THREADS", "1"));
        assert!(run.status.success(), "{rule}");
        let log = project.rows(&["log"]);
        let count = |name: &str, state: &str| {
            let rows = log.iter().filter(|row| row["rule"] == name && row["state"] == state);
            rows.filter(|row| row["at"] == "2011-04-01T08:00:00+02:00").count()
        };
        assert_eq!((count("deadline", "sent"), count("x", "sent")), (2, 0), "{rule}");
        (run, count("x", "not_sent"))
    };
    let (quiet, _) = played("");
    for body in HUNGRY.into_iter().chain(["loop {}", "loop { d.days_left }"]) {
        // Asked in the tick of 1 April, about two deadlines.
        let condition = format!("|d| {{ if d.days_left == 30 {{ {body}; }} true }}");
        let rule = format!("rule(\"x\").when({condition}).remind(owner, 30.days.before);\n");
        let (hostile, failed) = played(&rule);
        // What cannot even be read is not asked.
        assert!(failed == 2 || body.contains("curry"), "{failed}: {body}");
        let (busy, memory) = (hostile.busy.saturating_sub(quiet.busy), hostile.peak - quiet.peak);
        println!("{busy:?}, {memory} KiB: {body:.60}");
        assert!(busy <= MOST.0 && memory <= MOST.1, "{busy:?}, {memory} KiB: {body}");
    }
}

#[test]
fn scripts_that_never_end_or_go_too_deep_are_survived() {
    let deep = format!("fn f(n) {{ {}f(n){} }}\n", "1 + (".repeat(18), ")".repeat(18));
    is_survived(&format!("{deep}{}", condition("f(1)")));
    is_survived(&format!("{deep}f(1);\n"));
    is_survived(&condition("loop {}"));
    is_survived(&format!("let a = {}1{};", "(".repeat(50_000), ")".repeat(50_000)));
    is_survived(&format!("rule(\"x\"){};", ".remind(owner, on_the_day)".repeat(8_000)));
    is_survived(
        "fn f() { let i = 0; loop { this[\"k\" + i] = \"x\" + i; i += 1; } }\nlet m = #{}; m.f();\n",
    );
    is_survived("import \"bad\" as again;\n");
    is_survived(&condition("let s = \"x\"; s.pad(10, \"\"); throw s"));
}

#[test]
fn variables_and_calls_that_hold_as_much_as_they_can_are_survived() {
    let variables: Vec<String> = (0..60)
        .map(|i| {
            format!("let v{i} = \"{i},\"; v{i}.pad(7900, \"x,\"); let w{i} = v{i}.split(\",\"); ")
        })
        .collect();
    is_survived(&format!("fn f(n) {{ {} f(n + 1) }}\nf(0);\n", variables[..30].concat()));
    let lists: Vec<String> =
        (0..60).map(|i| format!("let v{i} = []; v{i}.pad(4000, {i}); ")).collect();
    is_survived(&format!("fn f(n) {{ {} f(n + 1) }}\n{}", lists.concat(), condition("f(0)")));
}

#[test]
fn files_that_are_huge_or_many_are_survived() {
    is_survived(&"// much ado\n".repeat(3_000_000));
    let project = TestProject::new();
    for number in 0..2_000 {
        let rule = format!(
            "rule(\"r{number}\").when(|d| d.tags.contains(\"x\")).remind(owner, on_the_day);\n"
        );
        project.write(&format!("rules/r{number}.rhai"), &rule);
    }
    let check = confined(&project, &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stderr));
}

/// It would be asked six times for each deadline in `check`, and once a step in the forecast.
#[test]
fn a_rule_that_never_answers_is_asked_once_whatever_the_size_of_the_plan() {
    let project = TestProject::new();
    let deadlines: Vec<String> = (0..400)
        .map(|i| format!("{{ \"id\": \"d{i}\", \"kind\": \"note\", \"due\": \"2011-05-02\" }}"))
        .collect();
    let plan = crate::project::PLAN.replace(
        "{ \"id\": \"summary\", \"kind\": \"summary\", \"due\": \"2011-05-01\" }",
        &deadlines.join(", "),
    );
    project.write("plan.json", &plan);
    project.write("rules/bad.rhai", &condition("loop {}"));
    let check = project.frist(&["check", "--format", "jsonl"]);
    assert_eq!(check.out().matches("takes too many operations").count(), 1, "{}", check.out());
    let forecast = project.frist(&["forecast", "--from", "2011-01-01", "--until", "2012-01-01"]);
    assert_eq!(
        forecast.err().matches("takes too many operations").count(),
        1,
        "{}",
        forecast.err()
    );
    // As with a rule that cannot be read, each deadline has a plain warning on its day.
    assert!(forecast.out().contains("2011-05-02 08:00"), "{}", forecast.out());
}

/// The daemon itself, in one tick: what the worst rules stop is themselves, and the owner hears of them in the same mails.
#[test]
fn the_other_rules_are_served_in_the_same_tick() {
    let project = TestProject::new();
    let worst = [
        "loop {}",
        "let a = [1]; loop { a += a; }",
        "let s = \"x\"; loop { s += s; }",
        "throw \"no\"",
        "d.kind.missing.missing",
        "f(1)",
    ];
    for (number, body) in worst.iter().enumerate() {
        let rule = condition(body).replace("\"x\"", &format!("\"bad-{number}\""));
        project.write(
            &format!("rules/0-bad-{number}.rhai"),
            &format!("fn f(n) {{ f(n + 1) }}\n{rule}"),
        );
    }
    project.write("rules/broken.rhai", "rule(\"broken\").remind(nobody_at_all, on_the_day;\n");
    project.write("rules/endless.rhai", "loop {}\n");
    // Seven days before, and the day on which the bad rules are asked too.
    for now in ["2011-04-20T08:00", "2011-04-29T08:00"] {
        let tick = confined(&project, &["run", "--once", "--now", now]);
        assert_eq!(tick.status.code(), Some(0), "{}", String::from_utf8_lossy(&tick.stderr));
    }
    let told = project.rows(&["log"]);
    let mut reminded: Vec<&str> = told
        .iter()
        .filter(|row| row["rule"] == "deadline" && row["state"] == "sent")
        .filter_map(|row| row["to"].as_str())
        .collect();
    reminded.sort_unstable();
    assert_eq!(reminded, ["mate", "office"], "{told:?}");
    // Each has been told to the owner, in words.
    let told: Vec<String> = project.mails().iter().filter_map(|path| to_the_boss(path)).collect();
    let bad = (0..worst.len()).map(|number| format!("bad-{number}"));
    for name in bad.chain(["broken.rhai".to_owned(), "endless.rhai".to_owned()]) {
        assert!(told.iter().any(|text| text.contains(&name)), "{name}: {told:?}");
    }
}

/// Returns the text of a mail to the owner.
fn to_the_boss(mail: &std::path::Path) -> Option<String> {
    let raw = std::fs::read(mail).unwrap();
    let mail = mail_parser::MessageParser::default().parse(&raw).unwrap();
    let to = mail.to().unwrap().first().unwrap().address().unwrap();
    (to == "boss@example.org").then(|| mail.body_text(0).unwrap().into_owned())
}
