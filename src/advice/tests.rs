//! What is forgotten, idle, doubled or doubtful is told, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveTime;
use insta::assert_snapshot;

use super::{Options, Subject, advise};
use crate::plan::Id;
use crate::plan::json;
use crate::rules::{Source, load};

/// Two offices, a boss and a friend without an address; adopted on 1 February 2011.
const PLAN: &str = r#"{
  "id": "small", "title": "Small", "language": "en", "zone": "Europe/Oslo", "adopted": "2011-02-01",
  "period": { "from": "2011-01-01", "until": "2011-12-31" }, "owner": "boss",
  "units": [
    { "id": "boss", "name": "Boss", "email": "boss@example.org" },
    { "id": "office", "name": "Office", "email": "office@example.org", "leader": "boss" },
    { "id": "mate", "name": "Mate", "email": "mate@example.org" },
    { "id": "friend", "name": "Friend" }
  ],
  "goals": [{ "id": "1", "title": "Goal", "measures": [
    { "id": "1a", "title": "First", "responsible": ["office", "mate"], "tags": ["council"], "deadlines": [
      { "id": "summary", "kind": "summary", "due": "2011-02-10" },
      { "id": "note", "kind": "note", "due": "2011-09-01" } ] },
    { "id": "1b", "title": "Second", "responsible": ["office"], "runs": "period" }
  ] }]
}"#;

/// What is said of `PLAN` and these rules: severity, code, place, message and help.
fn advice(rules: &str) -> String {
    advice_on(PLAN, rules)
}

fn advice_on(plan: &str, rules: &str) -> String {
    let read = json::read(plan, "plan.json").plan.map(Arc::new).unwrap();
    let units: BTreeSet<Id> = read.units.iter().map(|unit| unit.id.clone()).collect();
    let source = |text: &str| Source {
        file: "rules/a.rhai".to_owned(),
        name: "a".to_owned(),
        text: text.to_owned(),
        import_only: false,
    };
    let loaded = load(&[source(rules)], &Arc::new(units));
    assert_eq!(loaded.findings, []);
    let subject = Subject { plan: &read, file: "plan.json", text: plan };
    let texts = BTreeMap::from([("rules/a.rhai".to_owned(), rules.to_owned())]);
    let send_at = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
    let options = Options { send_at, mails_a_month: 20 };
    let findings = advise(&[subject], &Arc::new(loaded.rules), &texts, options);
    let said = findings.into_iter().map(|it| {
        let help = it.help.unwrap_or_default();
        let (severity, place) = (it.severity.word(), format!("{}:{}", it.line, it.column));
        format!("{severity} {} {}:{place} {}\n  {help}", it.code, it.file, it.message)
    });
    said.collect::<Vec<_>>().join("\n")
}

const GOOD: &str =
    "rule(\"good\").remind(responsible, 5.days.before).escalate(owner, 1.day.after);\n";

#[test]
fn good_rules_are_left_in_peace() {
    assert_snapshot!(advice(GOOD), @"");
    let after_answers = "rule(\"b\").when(|d| d.last_answer == \"not_ours\" || d.moved).remind(owner, 3.days.before);
rule(\"c\").notify(owner, on(delivered)).remind(lead, 14.days.after(last_answer));
rule(\"d\").when(|d| d.delivered).notify(owner, 2.days.after);
rule(\"e\").over(measures).when(|m| m.runs).remind(responsible, cron(\"0 8 1 6,12 *\"));";
    assert_snapshot!(advice(&format!("{GOOD}{after_answers}")), @"");
}

#[test]
fn a_step_that_comes_too_early_for_all_that_it_matches_never_fires() {
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").when(|d| d.kind == \"summary\")\n  .remind(lead, 30.days.before);")), @"
    warning step_never_fires rules/a.rhai:3:4 rule `x`: this step can never fire: for `1a/summary` its moment lies before the plan was adopted on 2011-02-01
      the last of them is due on 2011-02-10, 9 days after that: choose a time nearer to it
    ");
    // For the note it is in time.
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").remind(lead, 30.days.before);")), @"");
}

#[test]
fn a_step_without_dates_or_with_a_condition_that_is_false_on_its_day_never_fires() {
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").over(measures).remind(responsible, 7.days.before);")), @r#"
    warning step_never_fires rules/a.rhai:2:26 rule `x`: this step can never fire: it counts from the due date, and only deadlines have one
      leave out `.over(…)`, or say when with `cron("0 8 1 * *")`
    "#);
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").when(|d| d.overdue).remind(responsible, 7.days.before.any_day);")), @"
    warning step_never_fires rules/a.rhai:2:31 rule `x`: this step can never fire: whenever it is due, the rule's condition is false
      the condition is asked on the day on which the step goes out: compare it with the step's time
    ");
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").notify(owner, cron(\"0 8 30 2 *\"));")), @"
    warning step_never_fires rules/a.rhai:2:11 rule `x`: this step can never fire: the cron expression names no day in the plan's time
      minute, hour, day of the month, month, weekday: `0 8 1 * *` is 08:00 on the first of each month
    ");
}

#[test]
fn a_rule_that_matches_nothing_or_says_nothing_is_told() {
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").when(|d| d.recurring).remind(lead, on_the_day);\nrule(\"y\").about(\"nothing\");")), @"
    warning rule_matches_nothing rules/a.rhai:2:1 rule `x` matches nothing: not one of 2 deadlines, at any time
      look at its condition: on no day is it true for any of them
    warning rule_without_steps rules/a.rhai:3:1 rule `y` has no step, so it tells nobody anything
      add one, such as `.remind(responsible, 7.days.before)`
    ");
}

#[test]
fn what_nobody_is_reminded_of_is_told_in_the_plan_with_the_reason() {
    assert_snapshot!(advice("rule(\"x\").remind(responsible, 14.days.before).escalate(owner, 1.day.after);"), @"
    warning deadline_unreminded plan.json:12:15 no rule reminds anybody of `1a/summary`: the first to hear is `boss`, on 2011-02-11
      a reminder would be due on 2011-01-27, which is too early to count; add one that is nearer to its date
    ");
    assert_snapshot!(advice("rule(\"x\").when(|d| d.kind == \"note\").remind(lead, 1.day.before);"), @"
    warning unit_never_hears plan.json:7:13 `mate` is responsible for `1a/summary` and `1a/note` and would never hear anything
      let a rule tell `responsible`; `lead` is only the first of them
    warning deadline_unreminded plan.json:12:15 no rule reminds anybody of `1a/summary`
      let a rule that matches kind `summary` remind somebody: `.remind(responsible, 7.days.before)`
    ");
    assert_snapshot!(advice(""), @r#"
    warning no_rules plan.json:2:9 there are no rules: nobody is ever told anything
      write one into rules/deadlines.rhai: `rule("deadline").remind(responsible, 7.days.before);`
    "#);
}

#[test]
fn what_is_said_twice_is_told_at_the_second_place() {
    assert_snapshot!(advice(&format!("{GOOD}rule(\"again\").remind(lead, 5.days.before);")), @"
    hint same_message_twice rules/a.rhai:2:15 rule `again`: this step says the same to the same recipient on the same day about `1a/summary` and `1a/note` as the step of rule `good` at rules/a.rhai:1
      it is told once; leave one of them out, or give them different times
    ");
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").notify([owner, lead], 2.days.after).notify(owner, 2.days.after);")), @"
    hint same_message_twice rules/a.rhai:2:47 rule `x`: this step says the same to the same recipient on the same day as the step of rule `x` at rules/a.rhai:2
      it is told once; leave one of them out, or give them different times
    ");
    let monthly = "rule(\"a\").over(plan).notify(owner, cron(\"0 8 1 * *\"));\nrule(\"b\").over(plan).notify(owner, cron(\"0 9 1 * *\"));";
    assert_snapshot!(advice(&format!("{GOOD}{monthly}")), @r#"
    warning same_message_twice rules/a.rhai:3:22 rule `b`: this step says the same to the same recipient on the same day about `small` as the step of rule `a` at rules/a.rhai:2
      both are told; leave one of them out, or give one a `.text("…")` of its own
    "#);
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").remind(owner, 1.day.after);")), @"
    hint step_always_superseded rules/a.rhai:2:11 rule `x`: this step is never told: each time, a newer one to the same recipient is due at the same moment
      give them different times, or make this one a `.notify`, which nothing supersedes
    ");
}

#[test]
fn who_cannot_be_written_to_and_roles_without_anybody_are_told_at_the_step() {
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").notify([owner, unit(\"friend\")], 3.days.before);")), @"
    warning recipient_without_address rules/a.rhai:2:11 rule `x`: this step would write to `friend`, and it has no address
      add `email` to the unit in plan.json
    ");
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").notify(blocker, 3.days.before).notify([owner, helpers], 2.days.before);")), @"
    warning role_names_nobody rules/a.rhai:2:11 rule `x`: `blocker` names nobody for any deadline that it matches
      say in plan.json what they wait for: `waits_for`
    hint role_names_nobody rules/a.rhai:2:42 rule `x`: `helpers` names nobody for any deadline that it matches
      give them `helpers` in plan.json
    ");
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").over(plan).notify(responsible, cron(\"0 8 1 * *\"));")), @r#"
    warning role_names_nobody rules/a.rhai:2:22 rule `x`: `responsible` names nobody for a whole plan
      a rule over the plan tells `owner`, or a unit by its id: `unit("…")`
    "#);
}

#[test]
fn more_mails_a_month_than_anybody_reads_are_told() {
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").escalate(owner, 2.days.after.every(1.day).times(60));")), @"
    warning too_many_mails rules/a.rhai:2:11 rule `x`: this step would send 23 mails to `boss` in March 2011 alone
      more than 20 a month are hardly read: repeat it less often; or allow more with `mails_a_month` in [check] of frist.toml
    ");
    assert_snapshot!(advice(&format!("{GOOD}rule(\"x\").over(plan).notify(owner, cron(\"*/5 * * * *\"));")), @"
    warning too_many_mails rules/a.rhai:2:22 rule `x`: this step would send 31 mails to `boss` in March 2011 alone
      more than 20 a month are hardly read: repeat it less often; or allow more with `mails_a_month` in [check] of frist.toml
    ");
}

#[test]
fn what_no_plan_has_is_told_with_what_was_meant() {
    let compared = |condition: &str| {
        advice(&format!(
            "{GOOD}rule(\"x\").when(|d| {condition} || true).notify(owner, 3.days.after);"
        ))
    };
    assert_snapshot!(compared("d.kind == \"sumary\""), @"
    warning unknown_kind rules/a.rhai:2:30 no deadline of the plan has the kind `sumary`
      did you mean `summary`?
    ");
    assert_snapshot!(compared("\"offic\" in d.responsible || d.lead == \"mat\""), @"
    warning unknown_unit rules/a.rhai:2:20 unit `offic` is not in the plan
      did you mean `office`?
    warning unknown_unit rules/a.rhai:2:58 unit `mat` is not in the plan
      did you mean `mate`?
    ");
    assert_snapshot!(compared("d.tags.contains(\"counsil\") || d.measure.id == \"9z\""), @"
    warning unknown_tag rules/a.rhai:2:36 nothing in the plan has the tag `counsil`
      did you mean `council`?
    hint unknown_id rules/a.rhai:2:66 nothing in the plan has the id `9z`
      the plan has the ids `1`, `1a`, `1a/note`, `1a/summary`, `1b` and 1 more
    ");
    assert_snapshot!(compared("d.state == \"overdu\" || d.data.kind == \"anything\""), @"
    warning unknown_value rules/a.rhai:2:31 `state` is never `overdu`
      did you mean `overdue`?
    ");
    assert_snapshot!(compared("d.last_answer == \"whatever\" || d.lead == \"whatever\""), @"
    warning unknown_value rules/a.rhai:2:37 `last_answer` is never `whatever`
      it is `acknowledged`, `asked`, `delivered`, `not_ours` or `progress`
    warning unknown_unit rules/a.rhai:2:61 unit `whatever` is not in the plan
      the plan has the units `boss`, `friend`, `mate` and `office`
    ");
    assert_snapshot!(compared("d.kind == \"meeting\""), @"
    hint unknown_kind rules/a.rhai:2:30 no deadline of the plan has the kind `meeting`
      the plan has the kinds `note` and `summary`
    ");
}
