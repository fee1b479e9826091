//! `frist test`: scenarios beside the rules pass or fail with a timeline, can be recorded, counted and read by others.

use insta::assert_snapshot;

use crate::project::TestProject;

/// Runs `frist test` on scenarios for the small plan; returns the exit status and what was printed.
fn tested(scenarios: &str, arguments: &[&str]) -> (i32, String) {
    let project = TestProject::new();
    project.write("rules/tests/small.rhai", scenarios);
    let ran = project.frist(&[&["test"], arguments].concat());
    (ran.code(), ran.out())
}

#[test]
fn the_scenarios_of_the_oslo_rules_pass_and_come_to_every_step() {
    let project = TestProject::oslo();
    let ran = project.frist(&["test"]);
    assert_eq!(ran.code(), 0, "{}", ran.out());
    for row in project.rows(&["test", "--coverage"]) {
        if row["what"] == "step" {
            assert!(row["tests"]["fired"].as_u64() > Some(0), "{row}");
        }
    }
}

#[test]
fn coverage_tells_how_often_each_step_fired_and_each_part_was_true() {
    let ran = TestProject::oslo().frist(&["test", "--coverage"]);
    assert_snapshot!("coverage", format!("{}{}", ran.out(), ran.err()));
}

#[test]
fn a_failure_shows_a_timeline_and_the_reason() {
    let (code, out) = tested(
        r#"
scenario("everything is as it is not")
    .from("2011-01-01").until("2011-08-01")
    .at("2011-04-10").delivered("1a/summary")
    .expect("2011-04-01", remind, "office", "1a/summary")
    .expect("2011-04-02", remind, "office", "1a/summary")
    .expect("2011-04-20", remind, "office", "1a/summary")
    .expect("2011-04-01", remind, "boss", "1a/summary")
    .expect("2011-04-01", remind, "mate", "1b/note")
        .with_subject("something else")
    .expect_nothing("1b/note", after("2011-04-19"))
    .expect_count(1, remind, "mate", before("2011-05-01"));
"#,
        &[],
    );
    assert_eq!(code, 1);
    assert_snapshot!("failure", out);
}

#[test]
fn which_part_of_a_condition_was_false_is_told_with_its_value() {
    let project = TestProject::new();
    project.write(
        "rules/deadlines.rhai",
        "rule(\"deadline\").when(|d| d.kind == \"note\" || d.days_left < 5 && !d.recurring).remind(responsible, 30.days.before);",
    );
    project.write(
        "rules/tests/small.rhai",
        "scenario(\"a summary\").expect(\"2011-04-01\", remind, \"office\", \"1a/summary\");",
    );
    assert_snapshot!("false_parts", project.frist(&["test"]).out());
}

#[test]
fn what_is_misspelt_in_a_scenario_is_told_with_a_guess_and_stops_no_other() {
    let (code, out) = tested(
        r#"
scenario("a misspelt word").form("2011-01-01");
scenario("a misspelt deadline").expect_nothing("1a/sumary");
scenario("a misspelt unit").at("2011-02-01").no_address("offise");
scenario("no time").delivered("1a/summary");
scenario("a line of nothing").with_line("x");
scenario("an impossible date").at("2011-02-30").delivered("1a/summary");
scenario("a move to nowhere").at("2011-02-01").moved("1a/summary", "soon");
scenario("a misspelt kind").expect("2011-04-01", remnid, "office", "1a/summary");
scenario("all is well").expect("2011-04-01", remind, "office", "1a/summary");
"#,
        &[],
    );
    assert_eq!(code, 1);
    assert_snapshot!("misspelt", out);
}

#[test]
fn every_deed_has_its_effect() {
    let (code, out) = tested(
        r#"
scenario("moved").at("2011-04-10").moved("1a/summary", "2011-07-01")
    .expect("2011-06-01", remind, "office", "1a/summary");
scenario("removed").at("2011-04-10").removed("1a/summary")
    .expect_nothing("1a/summary", after("2011-04-10"));
scenario("added").at("2011-04-10").added("1a", #{ id: "extra", kind: "note", due: "2011-06-01" })
    .expect("2011-05-25", remind, "office", "1a/extra");
scenario("without an address").at("2011-04-10").no_address("office")
    .expect_nothing("office", after("2011-04-10"));
scenario("with another").at("2011-04-10").address("office", "new@example.org")
    .expect("2011-04-20", remind, "office", "1a/summary");
scenario("down").from("2011-03-01").until("2011-04-30").at("2011-03-30").down_until("2011-04-27 12:00")
    .expect("2011-04-27", remind, "office", "1a/summary").with_line("late")
    .expect_mails(1, "office");
scenario("asked").at("2011-04-10").asked("1a/summary", "2011-06-01").expect_count(3, "1a/summary");
scenario("not ours").at("2011-04-10").not_ours("1a/summary").expect_count(3, "1a/summary");
scenario("acknowledged").at("2011-04-10").acknowledged("1a/summary").expect_count(3, "1a/summary");
scenario("another plan").at("2011-04-10").plan_is(#{
    owner: "boss", units: [#{ id: "boss", name: "The Boss", email: "boss@example.org" }],
    goals: [#{ id: "1", title: "A goal", measures: [
        #{ id: "z", title: "New", responsible: ["boss"], deadlines: [#{ id: "note", kind: "note", due: "2011-05-31" }] }] }],
}).expect("2011-05-24", remind, "boss", "z/note").expect_nothing("1a/summary", after("2011-04-10"));
"#,
        &[],
    );
    assert_eq!(code, 0, "{out}");
}

#[test]
fn a_fault_fails_a_scenario_unless_it_is_expected() {
    let project = TestProject::new();
    project.write(
        "rules/faulty.rhai",
        "rule(\"faulty\").when(|d| d.title.nonsense()).remind(owner, on_the_day);",
    );
    let scenario = |expected: &str| format!("scenario(\"a fault\"){expected};");
    project.write("rules/tests/small.rhai", &scenario(""));
    let ran = project.frist(&["test"]);
    assert!(ran.code() == 1 && ran.out().contains("rule `faulty` fails for"), "{}", ran.out());
    project.write("rules/tests/small.rhai", &scenario(".expect_fault(\"nonsense\")"));
    assert_eq!(project.frist(&["test"]).code(), 0);
}

#[test]
fn what_happens_now_is_recorded_and_then_passes() {
    let project = TestProject::new();
    project.write(
        "rules/tests/small.rhai",
        r#"// A comment that stays.
scenario("nothing is expected yet")
    .from("2011-01-01").until("2011-08-01")
    .at("2011-04-25").delivered("1a/summary");

scenario("one is wrong, one is right")
    .from("2011-01-01").until("2011-05-15")
    .expect("2011-04-01", remind, "mate", "1b/note")
        .with_line("no such line")
    .expect("2011-04-03", remind, "mate", "1b/note")
    .expect("2011-04-20", remind, "mate", "1b/note");
"#,
    );
    assert_eq!(project.frist(&["test"]).code(), 1);
    let ran = project.frist(&["test", "--record"]);
    assert_eq!(ran.code(), 0);
    assert_snapshot!(ran.err(), @"rules/tests/small.rhai: 2 scenarios rewritten; read what is expected now before you keep it");
    assert_snapshot!("recorded", project.read("rules/tests/small.rhai"));
    let ran = project.frist(&["test"]);
    assert_eq!(ran.code(), 0, "{}", ran.out());
    let recorded = project.read("rules/tests/small.rhai");
    project.frist(&["test", "--record"]);
    assert_eq!(project.read("rules/tests/small.rhai"), recorded);
}

#[test]
fn results_are_there_for_other_programs() {
    let project = TestProject::new();
    project.write(
        "rules/tests/small.rhai",
        "scenario(\"good\").expect(\"2011-04-01\", remind, \"office\", \"1a/summary\");\nscenario(\"bad <&>\").expect_nothing(\"1a/summary\");",
    );
    let file = project.path().join("results.xml");
    let ran = project.frist(&["test", "--junit", file.to_str().unwrap(), "--format", "jsonl"]);
    assert_eq!(ran.code(), 1);
    assert_snapshot!("rows", ran.out());
    let xml = project.read("results.xml");
    let without_times = xml.lines().filter(|line| !line.contains("timestamp")).collect::<Vec<_>>();
    assert_snapshot!("junit", without_times.join("\n"));
}

#[test]
fn a_file_with_too_many_faults_is_told_and_ends() {
    let faulty = "scenario(\"x\").form(\"2011-01-01\");\n".repeat(300);
    let (code, out) = tested(&faulty, &["--format", "jsonl"]);
    assert_eq!(code, 1);
    assert_eq!(out.lines().count(), 51, "{out}");
    assert!(out.contains("too much is wrong in it"), "{out}");
}
