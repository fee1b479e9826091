//! Rules are read, refused with their place, and bounded.

use std::collections::BTreeSet;
use std::sync::Arc;

use insta::assert_snapshot;

use super::*;
use crate::calendar::Span;
use crate::notice::Anchor;

fn units() -> Arc<BTreeSet<Id>> {
    Arc::new(["pro-sentret", "bydel-alna"].into_iter().map(Id::from).collect())
}

fn read(text: &str) -> Loaded {
    let file = |name: &str, text: &str| Source {
        file: format!("rules/{name}.rhai"),
        name: name.to_owned(),
        text: text.to_owned(),
        import_only: name.contains('/'),
    };
    let library = "fn is_summary(d) { d.kind == \"summary\" }";
    load(&[file("a", text), file("lib/words", library)], &units())
}

/// Each finding as `line:column message [help]`.
fn faults(text: &str) -> String {
    let told = read(text).findings.into_iter().map(|finding| {
        let help = finding.help.map(|help| format!(" [{help}]")).unwrap_or_default();
        format!("{}:{} {}{help}", finding.line, finding.column, finding.message)
    });
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_file_declares_rules_with_their_steps() {
    let loaded = read(
        r#"
        rule("deadline").about("Every deadline")
            .remind(responsible, 30.days.before)
            .remind([responsible, unit("pro-sentret")], 2.weeks.before(start).any_day)
            .escalate(owner, 14.days.after.every(14.days).times(6));
        rule("gaps").over(measures)
            .when(|m| m.deadlines.is_empty() || m.responsible.is_empty())
            .notify(owner, cron("0 8 1 * *"));
        "#,
    );
    assert_eq!(loaded.findings, []);
    let [deadline, gaps] = &loaded.rules.list[..] else { panic!("two rules") };
    assert_eq!((&*deadline.name, deadline.line, deadline.over), ("deadline", 2, Over::Deadlines));
    assert_eq!(deadline.about.as_deref(), Some("Every deadline"));
    assert!(gaps.is_conditional() && gaps.over == Over::Measures);
    let When::Offset(first) = &deadline.steps[0].when else { panic!("an offset") };
    assert_eq!(*first, Offset::once(Span::days(-30), Direction::Before, Anchor::Due));
    let When::Offset(second) = &deadline.steps[1].when else { panic!("an offset") };
    assert_eq!(
        (second.span, second.anchor, second.any_day),
        (Span::days(-14), Anchor::Start, true)
    );
    let When::Offset(third) = &deadline.steps[2].when else { panic!("an offset") };
    assert_eq!(
        (third.every, third.times, third.direction),
        (Some(Span::days(14)), Some(6), Direction::After)
    );
}

#[test]
fn a_fault_says_where_it_is_and_what_was_meant() {
    assert_snapshot!(faults("rule(\"x\").remind(responsibl, 30.days.before);"), @"1:18 unknown word `responsibl` [did you mean `responsible`?]");
    assert_snapshot!(faults("rule(\"x\").remnd(responsible, 30.days.before);"), @"1:11 unknown word `remnd` [did you mean `remind`?]");
    assert_snapshot!(faults("rule(\"x\")\n  .remind(responsible, 30.dayz.before);"), @"2:27 nothing has a property `dayz` [did you mean `day`?]");
    assert_snapshot!(faults("rule(\"x\").remind(responsible, 30.days);"), @"1:11 `remind` does not take a role and a length of time [say on which side of the due date: `30.days.before` or `30.days.after`]");
    assert_snapshot!(faults("rule(\"x\").remind(unit(\"pro-senter\"), on_the_day);"), @"1:18 unit `pro-senter` is not in the plan [did you mean `pro-sentret`?]");
    assert_snapshot!(faults("rule(\"x\").notify(owner, cron(\"0 8 1 *\"));"), @"1:25 `0 8 1 *` is no time: it has 4 fields instead of five [five fields: minute, hour, day of the month, month, weekday; `0 8 1 * *` is 08:00 on the first of each month]");
    assert_snapshot!(faults("rule(\"x\").when(|d| d.kind == \"no such kind\" && d.duee == ());"), @"1:50 nothing has a property `duee` [did you mean `due`?]");
    assert_snapshot!(faults("rule(\"x\").remind(owner, 1.day.after.times(3));"), @"1:37 `.times` needs an `.every` [say how far apart first, as in `.every(14.days).times(6)`]");
    assert_snapshot!(faults("rule(\"x\").when(|d| d.kind = );"), @"1:29 something is missing before `)` [write it, or leave out the sign before]");
    assert_snapshot!(faults("import \"../secret\" as s;"), @"1:8 `../secret` is not in the rules folder [`import` reads only from there: `import \"folder/file\" as words;`]");
}

#[test]
fn a_faulty_rule_stops_no_other() {
    let loaded = read(
        "rule(\"a\").remnd(owner, on_the_day);\nrule(\"b\").remind(owner, on_the_day);\nrule(\"b\").remind(owner, on_the_day);\nrule(\"c\").wen(|d| true);\n",
    );
    let names: Vec<&str> = loaded.rules.list.iter().map(|rule| &*rule.name).collect();
    assert_eq!(names, ["b"]);
    assert!(loaded.rules.incomplete);
    let lines: Vec<usize> = loaded.findings.iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [1, 4, 3]);
}

#[test]
fn a_script_without_end_or_bounds_is_stopped() {
    for script in [
        "loop {}",
        "fn f(n) { f(n + 1) } f(0);",
        "let s = \"x\"; loop { s += s; }",
        "let a = [1]; loop { a += a; }",
        "let a = []; loop { a.push(a); }",
        "let m = #{}; let i = 0; loop { m[`${i}`] = i; i += 1; }",
        "eval(\"1\")",
        "timestamp()",
        "sleep(10)",
    ] {
        let loaded = read(&format!("{script}\nrule(\"after\").remind(owner, on_the_day);"));
        assert!(!loaded.findings.is_empty(), "{script} runs");
    }
}

#[test]
fn what_conditions_compare_with_is_known_with_its_place() {
    let loaded = read(
        r#"fn is_note(d) { "note" == d.kind }
rule("a").when(|d| d.kind == "summary" || d.kind != "x" && is_note(d)).remind(owner, on_the_day);
rule("b").when(|d| "pro" in d.responsible && !("q" in d.tags)).remind(owner, on_the_day);
rule("c").when(|d| d.tags.contains("t") && d.measure.tags.contains("u")).remind(owner, on_the_day);
rule("d").when(|d| d.kind in ["one", "two"] || ["three"].contains(d.kind)).remind(owner, on_the_day);
rule("e").over(measures).when(|m| m.deadlines.some(|d| d.lead == "x")).notify(owner, cron("0 8 1 * *"));
rule("f").when(|d| d.kind + "x" == "y" || d.due == date("2011-05-01")).remind(owner, on_the_day);
"#,
    );
    assert_eq!(loaded.findings, []);
    let told = loaded.rules.literals.iter().map(|literal| {
        format!("{}:{} {} {}", literal.line, literal.column, literal.property, literal.value)
    });
    assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @"
    1:17 kind note
    2:30 kind summary
    2:53 kind x
    3:20 responsible pro
    3:48 tags q
    4:36 tags t
    4:68 tags u
    5:31 kind one
    5:38 kind two
    5:49 kind three
    6:66 lead x
    ");
}

#[test]
fn every_step_knows_where_its_word_stands() {
    let loaded = read(
        "rule(\"x\").remind(owner, on_the_day)\n  .escalate([owner], 1.day.after)\n  .notify(|d| owner, on(moved));",
    );
    let places = loaded.rules.list[0].steps.iter().map(|step| (step.line, step.column));
    assert_eq!(places.collect::<Vec<_>>(), [(1, 11), (2, 4), (3, 4)]);
}
