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
fn a_plan_with_slips() {
    insta::assert_snapshot!(answer(include_str!("../data/plan/slips.json")));
}
#[test]
fn the_oslo_plan() {
    insta::assert_snapshot!(answer(include_str!("../../plan.json")));
}

#[test]
fn one_slip_that_cannot_be_understood() {
    let text = "{\n  \"id\": \"p\",\n  \"title\": \"En \"stor\" plan\",\n\t\"zone\": \"UTC\"\n}";
    insta::assert_snapshot!(answer(text));
}

#[test]
fn minified() {
    let text =
        include_str!("../data/plan/faulty.json").split('\n').map(str::trim).collect::<String>();
    insta::assert_snapshot!(answer(&text));
}
