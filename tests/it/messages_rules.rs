//! Slips of the pen in rule files, and what is said about each, whole: the file, the place, what is wrong and what to write.
//! The golden files are read aloud as somebody would who is no programmer; what a rule may say is in `rules`' own tests.

use std::collections::BTreeMap;
use std::fmt::Write;

use frist::report;
use frist::rules::{self, Source};
use insta::assert_snapshot;

use crate::hostile::{plan, units};

/// Each slip with its report, as `frist check` prints it.
fn told(slips: &[&str]) -> String {
    let mut all = String::new();
    for slip in slips {
        let file = "rules/slip.rhai";
        let source = Source {
            file: file.to_owned(),
            name: "slip".to_owned(),
            text: (*slip).to_owned(),
            import_only: false,
        };
        let loaded = rules::load(&[source], &units());
        let mut findings = loaded.findings;
        findings.extend(
            rules::probe(&loaded.rules, &plan()).iter().map(|fault| rules::finding(fault, slip)),
        );
        assert!(!findings.is_empty(), "nothing is said about {slip}");
        let texts = BTreeMap::from([(file, *slip)]);
        let text = |file: &str| texts.get(file).map(|text| (*text).to_owned());
        let _ = writeln!(all, "{}", report::render(&findings, text, false));
    }
    all
}

#[test]
fn slips_of_brackets_and_signs() {
    assert_snapshot!(told(&[
        r#"rule("x").remind(responsible, 30.days.before;"#,
        r#"rule("x".remind(responsible, 30.days.before);"#,
        r#"rule("x")remind(responsible, 30.days.before);"#,
        r#"rule("x").remind(responsible, 30.days.before),"#,
        r#"rule("x").remind(responsible, 30);"#,
        r#"rule("x") {
  remind(owner, on_the_day);
}"#,
        r#"rule("x")
  .remind(owner, on_the_day);
  .remind(lead, on_the_day);"#,
        r#"rule("x").remind(owner, on_the_day)) ;"#,
        "let owner = ;",
        r#"rule("x").remind(owner on_the_day);"#,
        r#"rule("x").remind(owner, on_the_day"#,
        r#"rule("x").remind([owner, lead, on_the_day);"#,
        "let owner = ;",
        r#"rule("x") => owner;"#,
    ]));
}

#[test]
fn slips_of_quotation_marks() {
    assert_snapshot!(told(&[
        r#"rule("x).remind(responsible, 30.days.before);"#,
        r#"rule(x").remind(responsible, 30.days.before);"#,
        r#"rule("x").when(|d| d.kind == 'summary').remind(owner, on_the_day);"#,
        "rule('x').remind(owner, on_the_day);",
        "rule(„x“).remind(owner, on_the_day);",
        "rule(“x”).remind(owner, on_the_day);",
        "rule(«x»).remind(owner, on_the_day);",
        r#"rule("x”).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind == ‘summary’).remind(owner, on_the_day);"#,
        r#"rule("x").about("Say "hello" to all").remind(owner, on_the_day);"#,
        r#"rule("x").about("Every
deadline").remind(owner, on_the_day);"#,
        r#"rule(“x").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind == "summary"").remind(owner, on_the_day);"#,
    ]));
}

#[test]
fn slips_of_times() {
    assert_snapshot!(told(&[
        r#"rule("x").remind(responsible,, 30.days.before);"#,
        r#"rule("x").remind(responsible 30.days.before);"#,
        r#"rule("x").remind responsible, 30.days.before;"#,
        r#"rule("x").remind(responsible, 30 days before);"#,
        r#"rule("x").remind(responsible, 30 days.before);"#,
        r#"rule("x").remind(responsible, 30days.before);"#,
        r#"rule("x").remind(responsible, 30.day.befor);"#,
        r#"rule("x").remind(responsible, 30.days before);"#,
        r#"rule("x").remind(responsible, 30.days.bfore);"#,
        r#"rule("x").remind(responsible, 30.before);"#,
        r#"rule("x").remind(responsible, before(30.days));"#,
        r#"rule("x").remind(responsible, -30.days);"#,
        r#"rule("x").remind(responsible, "30.days.before");"#,
        r#"rule("x").remind(30.days.before, responsible);"#,
        r#"rule("x").remind(30.days.before);"#,
        r#"rule("x").remind(owner, on the day);"#,
        r#"rule("x").remind(owner, on-the-day);"#,
        r#"rule("x").remind(owner, onTheDay);"#,
        r#"rule("x").remind(owner, 30,days,before);"#,
        r#"rule("x").remind(owner, 1.5.days.before);"#,
        r#"rule("x").remind(owner, 1,5.days.before);"#,
        r#"rule("x").remind(owner, 30.days.before.every(14));"#,
        r#"rule("x").remind(owner, 30.days.before.times(3));"#,
        r#"rule("x").remind(owner, 30.days.before.every(14.days).times("6"));"#,
        r#"rule("x").remind(owner, every(14.days));"#,
        r#"rule("x").remind(owner, cron("8:00"));"#,
        r#"rule("x").remind(owner, cron("0 25 1 * *"));"#,
        r#"rule("x").remind(owner, on("delivered"));"#,
        r#"rule("x").over("measures").remind(owner, cron("0 8 1 * *"));"#,
        r#"rule("x").over(measure).remind(owner, cron("0 8 1 * *"));"#,
        r#"rule("x").remind(owner, 30.days.after(delivered));"#,
        r#"rule("x").remind(owner, 30.days.before(due));"#,
        r#"rule("x").remind(owner, 30.days.before());"#,
        r#"rule("x").remind(owner, days(30).before);"#,
        r#"rule("x").remind(owner, 30.days.after.any_day());"#,
        r#"rule("x").remind(owner, 50000.days.before);"#,
        r#"rule("x").remind(owner, 30.days.before)."#,
        r#"rule("x").remind(owner, 30.days.before)..remind(owner, on_the_day);"#,
        r#"rule("x").remind(owner, 30..days.before);"#,
    ]));
}

#[test]
fn slips_of_whom() {
    assert_snapshot!(told(&[
        r#"rule("x").remind(responsible, 30.days.before)
rule("y").remind(owner, on_the_day);"#,
        r#"rule("x").remind("responsible", 30.days.before);"#,
        r#"rule("x").remind(responsible);"#,
        r#"rule("x").remind(responsible, owner, 30.days.before);"#,
        r#"rule("x").remind(unit(pro-sentret), on_the_day);"#,
        r#"rule("x").remind(unit("offfice"), on_the_day);"#,
        r#"rule("x").remind([], on_the_day);"#,
        r#"rule("x").remind([owner, "office"], on_the_day);"#,
        r#"rule("x").remind(|d| (), on_the_day);"#,
        r#"rule("x").remind(|d| 5, on_the_day);"#,
        r#"rule("x").remind(|d| "offic", on_the_day);"#,
        r#"rule("x").remind(lead, helpers, on_the_day);"#,
    ]));
}

#[test]
fn slips_of_conditions() {
    assert_snapshot!(told(&[
        r#"rule("x").when(|d| d.kind = "summary").remind(owner, on_the_day);"#,
        r#"rule("x").when(d.kind == "summary").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind == summary).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| kind == "summary").remind(owner, on_the_day);"#,
        r#"rule("x").when(d| d.kind == "summary").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d d.kind == "summary").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind === "summary").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind <> "summary").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.due < "2011-05-01").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.due < date("2011-13-01")).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.days_left < "30").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind).remind(owner, on_the_day);"#,
        r#"rule("x").when("summary").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.tags.contain("x")).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d, e| true).remind(owner, on_the_day);"#,
        r#"rule("x").when(|| true).remind(owner, on_the_day);"#,
        r#"rule("x").when(true).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| (d.kind == "x").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind == "x" && ).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind == "x" || || d.blocked).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| if d.blocked { true }).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.blocked ? true : false).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind in ["a", "b").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind == "a" || "b").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.due.months > 3).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.measure.tittle == "x").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.responsible[3] == "office").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind == "x" { true }).remind(owner, on_the_day);"#,
        r#"rule("x").when(|plan| plan.owner == "boss").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.Kind == "summary").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.responsible == "office").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind == 3).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.blocked == "true").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.tags == 3).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.due - 5 < d.today).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| if d.kind { true } else { false }).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.overdue[0]).remind(owner, on_the_day);"#,
    ]));
}

#[test]
fn slips_of_names() {
    assert_snapshot!(told(&[
        r#"Rule("x").remind(owner, on_the_day);"#,
        r#"rule("x").Remind(Owner, On_The_Day);"#,
        r#"rule("x").remind(Responsible, 30.Days.Before);"#,
        "rule(x).remind(owner, on_the_day);",
        "rule.remind(owner, on_the_day);",
        r#"rule("").remind(owner, on_the_day);"#,
        r#"rule("a/b").remind(owner, on_the_day);"#,
        "rule().remind(owner, on_the_day);",
        r#"rule("x", "y").remind(owner, on_the_day);"#,
        r#"rule "x" .remind(owner, on_the_day);"#,
        r#"rule("x").about(Every deadline).remind(owner, on_the_day);"#,
        r#"rule("x").subject(5).remind(owner, on_the_day);"#,
        r#"rule("x").remind(owner, on_the_day);
rule("x").remind(lead, on_the_day);"#,
    ]));
}

#[test]
fn slips_of_words_of_other_languages() {
    assert_snapshot!(told(&[
        r#"rule("x").when(|d| d.kind == "summary" and d.blocked).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind == "summary" or d.blocked).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| not d.blocked).remind(owner, on_the_day);"#,
        r#"rule("x").remind(ansvarlig, 30.days.before);"#,
        r#"regel("x").remind(owner, on_the_day);"#,
        r#"rule("x").påminn(owner, on_the_day);"#,
        r#"rule("x").remind(owner, 30.dager.før);"#,
        r#"rule("x").remind(eier, on_the_day);"#,
        r#"rule("x").remind(verantwortlich, 30.tage.vor);"#,
        r#"rule("x").when(|d| d.frist < 3).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.kind == Null).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.lead == null).remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| d.blocked == True).remind(owner, on_the_day);"#,
    ]));
}

#[test]
fn slips_of_files_and_functions() {
    assert_snapshot!(told(&[
        r#"# a comment
rule("x").remind(owner, on_the_day);"#,
        r#"-- a comment
rule("x").remind(owner, on_the_day);"#,
        r#"/* a comment
rule("x").remind(owner, on_the_day);"#,
        r#"fn late(d) d.overdue
rule("x").when(late).remind(owner, on_the_day);"#,
        r#"fn late(d) { d.overdue }
rule("x").when(|d| late()).remind(owner, on_the_day);"#,
        r#"fn late(d) { d.overdue }
rule("x").when(late(d)).remind(owner, on_the_day);"#,
        r#"import "lib/x";
rule("x").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| lib::late(d)).remind(owner, on_the_day);"#,
        r#"const owner = unit("office")
rule("x").remind(owner, on_the_day);"#,
        r#"rule("x").when(|d| is_late(d)).remind(owner, on_the_day);"#,
    ]));
}
