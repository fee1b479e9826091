//! Rule files that import what they should not: from outside, themselves, each other, again and again.

use insta::assert_snapshot;

use crate::hostile::{asking_among, loading_among};
use crate::project::TestProject;

#[test]
fn nothing_is_imported_from_outside_the_folder() {
    for path in [
        "../plan",
        "../rules/z",
        "/etc/passwd",
        "./z",
        "z.rhai.rhai",
        "lib/../z",
        "lib\\\\b",
        "",
        "\0",
        "https://example.org/x",
    ] {
        let told = loading_among(&format!("import \"{path}\" as x;"), &[("lib/b", "fn f() { 1 }")]);
        assert!(told.contains("is not in the rules folder"), "{path}: {told}");
    }
}

#[test]
fn circles_and_long_rows_of_imports_are_told() {
    assert_snapshot!(loading_among("import \"a\" as a;", &[]), @"1:8 in `a.rhai`, line 1, column 8: files import each other in a circle: `a` imports `a` [put what both need into a third file]");
    assert_snapshot!(loading_among("import \"lib/b\" as b;", &[("lib/b", "import \"lib/c\" as c;"), ("lib/c", "import \"lib/b\" as b;")]), @"1:8 in `lib/c.rhai`, line 1, column 8: files import each other in a circle: `lib/b` imports `lib/c` imports `lib/b` [put what both need into a third file]");
    let names: Vec<String> = (0..50).map(|i| format!("lib/b{i}")).collect();
    let texts: Vec<String> = (1..51).map(|i| format!("import \"lib/b{i}\" as next;")).collect();
    let row: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    assert_snapshot!(loading_among("import \"lib/b0\" as b;", &row), @"1:8 in `lib/b7.rhai`, line 1, column 8: more than 8 files import each other in a row [import what is needed directly]");
    assert_snapshot!(loading_among("loop { import \"lib/b\" as b; }", &[("lib/b", "fn f() { 1 }")]), @"1:8 the file imports too much [import each file once, at the top]");
}

#[test]
fn what_goes_wrong_in_an_imported_file_is_told_with_its_place_there() {
    assert_snapshot!(loading_among("import \"lib/b\" as b;", &[("lib/b", "\nloop {}")]), @"1:8 in `lib/b.rhai`, line 2, column 6: the rule takes too many operations [is there a loop without end?]");
    assert_snapshot!(loading_among("import \"lib/b\" as b;", &[("lib/b", "fn f(d) {\n  d.kind = \"note\n}")]), @r#"1:8 in `lib/b.rhai`, line 2, column 12: this text has no end [write `"` where it ends, on the same line]"#);
    assert_snapshot!(loading_among("import \"lib/b\" as b;", &[("lib/b", "fn f(d) { d.due == 5 }")]), @r#"1:8 in `lib/b.rhai`, line 1, column 17: `due` is a date, and here it is compared with a number [write `date("2011-05-01")`]"#);
    let rule = "import \"lib/b\" as b;\nrule(\"x\").when(|d| b::f(d)).remind(owner, on_the_day);";
    assert_snapshot!(asking_among(rule, &[("lib/b", "fn f(d) { loop {} }")]), @"2:11 the rule takes too many operations [is there a loop without end?]");
    assert_snapshot!(asking_among(rule, &[("lib/b", "\nfn f(d) { d.data.x.y == 1 }")]), @"2:23 in `lib/b.rhai`, line 2, column 20: `y` is asked of something that is not there [ask first whether it is there, as in `d.data.budget != () && …`]");
    assert_snapshot!(asking_among(rule, &[("lib/b", "fn g(d) { true }")]), @"2:23 what is imported as `b` has no `f` that takes a deadline");
    assert_snapshot!(asking_among(rule, &[("lib/b", "fn f(d) { d.kind == \"note\" }")]), @"");
}

#[test]
fn a_closure_imports_nothing() {
    let rule = "rule(\"x\").when(|d| { import \"lib/b\" as b; true }).remind(owner, on_the_day);";
    assert_snapshot!(asking_among(rule, &[("lib/b", "fn f() { 1 }")]), @"1:29 a closure cannot import anything [write `import` at the top of the file]");
}

#[test]
fn an_import_may_have_the_name_of_a_word() {
    let rule =
        "import \"lib/b\" as rule;\nrule(\"x\").when(|d| rule::f(d)).remind(owner, on_the_day);";
    assert_eq!(asking_among(rule, &[("lib/b", "fn f(d) { d.kind == \"note\" }")]), "");
}

#[cfg(unix)]
#[test]
fn linked_folders_that_lead_in_a_circle_are_read_once() {
    let project = TestProject::new();
    let rules = project.path().join("rules");
    for name in ["again", "and-again"] {
        std::os::unix::fs::symlink(&rules, rules.join(name)).unwrap();
    }
    let ran = project.frist(&["check", "--format", "jsonl"]);
    assert_eq!(ran.code(), 0, "{}{}", ran.out(), ran.err());
    let forecast = project.rows(&["forecast", "--from", "2011-01-01", "--until", "2012-01-01"]);
    assert_eq!(forecast.len(), 9);
}

#[cfg(unix)]
#[test]
fn a_rule_file_that_is_no_file_is_told() {
    let project = TestProject::new();
    std::os::unix::fs::symlink("/dev/zero", project.path().join("rules/zero.rhai")).unwrap();
    let ran = project.frist(&["check"]);
    assert_eq!(ran.code(), 3, "{}", ran.out());
    assert!(ran.err().contains("rules/zero.rhai: cannot be read: it is no file"), "{}", ran.err());
    std::fs::remove_file(project.path().join("rules/zero.rhai")).unwrap();
    for (variable, told) in
        [("FRIST_PLAN", "it is no file"), ("FRIST_MAIL__SMTP__PASSWORD_FILE", "")]
    {
        let ran = project.command(&["check"]).env(variable, "/dev/zero").output().unwrap();
        assert!(String::from_utf8_lossy(&ran.stderr).contains(told), "{variable}");
    }
    let ran = project.frist(&["check", "--config", "/dev/zero"]);
    assert!(ran.err().contains("it is longer than a megabyte"), "{}", ran.err());
}
