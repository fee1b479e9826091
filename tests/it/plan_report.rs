//! How a faulty plan is answered: what a stranger sees.

use frist::{plan::json, report};

fn answer(text: &str) -> String {
    let reading = json::read(text, "plan.json");
    report::render(&reading.findings, |_| Some(text.to_owned()), false)
}

#[test]
fn a_plan_with_many_faults_is_answered_with_all_of_them() {
    insta::assert_snapshot!(answer(include_str!("../data/plan/faulty.json")));
}
#[test]
fn small_slips_are_told_one_by_one() {
    insta::assert_snapshot!(answer(include_str!("../data/plan/slips.json")));
}

#[test]
fn a_slip_that_cannot_be_understood_is_told_with_a_guess() {
    let text = "{\n  \"id\": \"p\",\n  \"title\": \"En \"stor\" plan\",\n\t\"zone\": \"UTC\"\n}";
    insta::assert_snapshot!(answer(text));
}

#[test]
fn a_plan_on_one_line_is_cut_around_each_place() {
    let text =
        include_str!("../data/plan/faulty.json").split('\n').map(str::trim).collect::<String>();
    insta::assert_snapshot!(answer(&text));
}

#[test]
fn without_its_text_a_finding_still_has_its_place() {
    let reading = json::read("{}", "a.json");
    let told = report::render(&reading.findings, |_| None, false);
    assert!(told.contains("error[missing_key]: a plan needs the key `id`\n"), "{told}");
    assert!(told.contains("--> a.json:1:1\n = help: `id`: The plan's id"), "{told}");
    assert_eq!(report::render(&[], |_| None, false), "");
    assert_eq!(report::summary(&[]), "no faults");
}

#[test]
fn colour_changes_nothing_but_colour() {
    let reading = json::read("{ \"idd\": \"p\" }", "a.json");
    let told =
        |colour| report::render(&reading.findings, |_| Some("{ \"idd\": \"p\" }".into()), colour);
    let plain = anstream::adapter::strip_str(&told(true)).to_string();
    assert_ne!(told(true), told(false));
    assert_eq!(plain, told(false));
}
