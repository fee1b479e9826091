//! Rule files that are odd to read: nested, long, with characters that cannot be seen.

use insta::assert_snapshot;

use crate::hostile::loading;

#[test]
fn what_nests_too_deep_is_told_and_takes_no_stack() {
    let deep = |open: &str, middle: &str, close: &str| {
        let depth = 5_000;
        format!("{}{middle}{};", open.repeat(depth), close.repeat(depth))
    };
    for text in [
        format!("let a = {}", deep("(", "1", ")")),
        format!("let a = {}", deep("[", "", "]")),
        format!("let a = {}", deep("#{a:", "1", "}")),
        deep("{", "", "}"),
        deep("if true {", "", "}"),
        format!("if false {{}} {}", deep("else if false {} ", "", "")),
        deep("while true {", "", "}"),
        deep("try {", "", "} catch {}"),
        deep("switch 1 { 1 => ", "2", "}"),
        format!("let a = {}", deep("!", "true", "")),
        format!("let a = {}", deep("- ", "1", "")),
        format!("let a = 1 {}", deep("+ 1", "", "")),
        format!("let a = true {}", deep("&& true", "", "")),
        format!("let a = 1{}", deep(".days", "", "")),
        format!("let a = []; a{}", deep("[0]", "", "")),
        format!("let a = {}", deep("|x| ", "1", "")),
        format!("let a = {}", deep("|| ", "1", "")),
        format!("let a = {}", deep("`${", "1", "}`")),
        format!("fn f(x) {{ x }} let a = {}", deep("f(", "1", ")")),
        format!("rule(\"x\"){}", deep(".remind(owner, on_the_day)", "", "")),
    ] {
        let told = loading(&text);
        assert!(told.contains("this nests too deep"), "{text:.60}: {told}");
    }
    assert_eq!(loading(&format!("{} {}", "/*".repeat(5_000), "*/".repeat(5_000))), "");
    let hundred = format!("rule(\"x\"){};", "\n    .remind(owner, on_the_day)".repeat(100));
    assert_eq!(loading(&hundred), "", "a hundred steps are no nesting to anybody");
}

#[test]
fn what_is_too_long_is_told() {
    let long = "a".repeat(200_000);
    assert_snapshot!(loading(&format!("let a = \"{long}\";")), @"1:9 this is too long: at most 32768 characters");
    assert_snapshot!(loading(&format!("// {long}{long}")), @"1:1 the file is longer than 256 kB, so it is not read [split it into several files]");
    assert_snapshot!(loading(&format!("rule(\"{}\").remind(owner, on_the_day);", "a/".repeat(10_000))), @"1:1 `a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/…` is no name for a rule [a name has letters, digits, `-`, `_`, `.` and spaces]");
    assert_snapshot!(loading(&format!("rule(\"x\").remind(owner, cron(\"{}\"));", "*".repeat(10_000))), @"1:25 `************************************************************…` is no time: it has 1 field instead of five [five fields: minute, hour, day of the month, month, weekday; `0 8 1 * *` is 08:00 on the first of each month]");
    assert_snapshot!(loading(&format!("rule(\"x\").remind(unit(\"{}\"), on_the_day);", "a".repeat(10_000))), @"1:18 unit `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…` is not in the plan");
    // A long name is only a long name.
    assert_eq!(loading(&format!("let {long} = 1;")), "");
}

#[test]
fn characters_that_cannot_be_seen_are_named() {
    assert_snapshot!(loading("rule(\"x\").remind(owner,\u{a0}on_the_day);"), @"1:24 a character stands here that cannot be seen (U+00A0) [delete it, or type a space in its place]");
    assert_snapshot!(loading("rule(\"x\")\u{200b}.remind(owner, on_the_day);"), @"1:10 a character stands here that cannot be seen (U+200B) [delete it, or type a space in its place]");
    assert_snapshot!(loading("rule(\"x\")\u{2028}.remind(owner, on_the_day);"), @"1:10 a character stands here that cannot be seen (U+2028) [delete it, or type a space in its place]");
    assert_snapshot!(loading("\0\0\0"), @"1:1 a character stands here that cannot be seen (U+0000) [delete it, or type a space in its place]");
    assert_snapshot!(loading("rule(\"a\0b\").remind(owner, on_the_day);"), @r"1:1 `a\u{0}b` is no name for a rule [a name has letters, digits, `-`, `_`, `.` and spaces]");
    assert_snapshot!(loading("rule(\"a\u{202e}b\").remind(owner, on_the_day);"), @r"1:1 `a\u{202e}b` is no name for a rule [a name has letters, digits, `-`, `_`, `.` and spaces]");
    assert_snapshot!(loading("rule(\"x\").remind(оwner, on_the_day); // a Cyrillic o"), @"1:18 unknown word `оwner` [did you mean `owner`? A letter of this one is of another alphabet]");
}

#[test]
fn lines_may_end_as_they_like() {
    assert_snapshot!(loading("rule(\"x\")\r\n  .remnd(owner, on_the_day);\r\n"), @"2:4 unknown word `remnd` [did you mean `remind`?]");
    assert_snapshot!(loading("rule(\"x\")\r  .remnd(owner, on_the_day);\r"), @"2:4 unknown word `remnd` [did you mean `remind`?]");
    assert_eq!(loading("rule(\"x\")\r\n  .remind(owner, on_the_day);\r\n"), "");
    assert_eq!(loading(""), "");
    assert_eq!(loading("\n\n\n"), "");
    assert_eq!(loading("// nothing else"), "");
}
