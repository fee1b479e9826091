//! Rules that grow texts, lists, maps, rules and steps: each is stopped by the limit that it runs into.

use insta::assert_snapshot;

use crate::hostile::{asking, load, loading};

#[test]
fn texts_stop_growing() {
    for script in [
        "let s = \"x\"; loop { s += s; }",
        "let s = \"x\"; loop { s = `${s}${s}`; }",
        "let s = \"x\"; s.pad(100000000, \"x\");",
        "let s = \"x\"; s.pad(9223372036854775807, 'x');",
        "let s = \"x\"; s.pad(30000, \"x\"); let t = s; s.replace(\"x\", t);",
        "let s = \"x\"; s.pad(30000, \"x\"); s.replace(\"\", \"xxxxxx\");",
        "let s = \"x\"; s.pad(30000, \"x\"); s.replace('x', \"xxxxxx\");",
        "let s = \"x\"; s.pad(30000, \"x\"); let a = [s, s];",
        "let s = \"x\"; s.pad(30000, \"x\"); let a = [1, 2, 3]; a.map(|i| s);",
        "let a = []; a.pad(3900, 123456789); let s = a.to_string(); s += s;",
    ] {
        let told = loading(script);
        let wanted = "the rule makes too large a text [does something grow without end?]";
        assert!(told.ends_with(wanted), "{script}: {told}");
    }
}

#[test]
fn lists_and_maps_stop_growing() {
    for (script, what) in [
        ("let a = [1]; loop { a += a; }", "list"),
        ("let a = [1]; loop { a.push(a); }", "list"),
        ("let a = []; a.pad(1000000000, 1);", "list"),
        ("let b = []; b.pad(3900, 1); let a = []; a.pad(3900, b);", "list"),
        ("let a = []; loop { a = [a, a, a]; }", "list"),
        ("let s = \"x\"; s.pad(30000, \",\"); s.split(\",\");", "list"),
        (
            "fn big(x) { let b = []; b.pad(3900, x); b } let a = []; a.pad(3900, 1); a.map(|x| big(x));",
            "list",
        ),
        (
            "fn big(x) { \"a,b,c,d,e,f,g,h\".split(\",\") } let a = []; a.pad(3900, 1); a.map(|x| big(x));",
            "list",
        ),
        (
            "fn big(x) { let b = []; b.pad(3900, x); b } let a = []; a.pad(3900, 1); a.zip(a, |x, y| big(x));",
            "list",
        ),
        ("let m = #{}; loop { m = #{ a: m, b: m }; }", "map"),
        ("let m = #{ a: 1, b: 2 }; m.map(|k, v| { let b = []; b.pad(3900, 1); b });", "list"),
    ] {
        let told = loading(script);
        let wanted =
            format!("the rule makes too large a {what} [does something grow without end?]");
        assert!(told.ends_with(&wanted), "{script}: {told}");
    }
}

/// To put an entry into a map is not held to its size by Rhai, but each costs as much as there are.
#[test]
fn maps_stop_growing_entry_by_entry() {
    for script in [
        "let m = #{}; let i = 0; loop { m[`${i}`] = i; i += 1; }",
        "let a = [1]; let i = 0; loop { a[0] = [a[0], i]; i += 1; }",
        "let m = #{ a: 1 }; loop { m.a = #{ a: m.a, b: 1 }; }",
    ] {
        let told = loading(script);
        assert!(told.contains("the rule "), "{script}: {told}");
    }
}

/// To compare or print them would take the stack, and to copy them time.
#[test]
fn lists_that_nest_deep_do_no_harm() {
    let nested = |to: usize| {
        format!("let a = [1]; for i in 0..{to} {{ a = {}a{}; }}", "[".repeat(20), "]".repeat(20))
    };
    for operation in [
        "a.to_string()",
        "`${a}`",
        "\"\" + a",
        "print(a)",
        "debug(a)",
        "#{ a: a }.to_json()",
        "#{ a: a } == #{ a: a }",
        "a == a",
        "a != a",
        "[a].contains(a)",
        "[a].index_of(a)",
        "[a, a].dedup()",
        "throw a",
        "a.map(|x| x)",
        "switch a { 1 => 2, _ => 3 }",
    ] {
        loading(&format!("{} {operation};", nested(100)));
        loading(&format!(
            "rule(\"x\").when(|d| {{ {} {operation}; true }}).remind(owner, on_the_day);",
            nested(100)
        ));
    }
    assert_snapshot!(loading(&format!("{} a == a;", nested(20))), @"1:82 these lists nest too deep to be compared");
    assert_eq!(
        loading(
            "let a = [[[1]], #{ b: \"c\" }, ()]; if a.to_string() != \"[[[1]], #{\\\"b\\\": \\\"c\\\"}, ()]\" { throw a.to_string() }"
        ),
        ""
    );
    assert_eq!(
        loading("if [1, [2]] != [1, [2]] || [1] == [\"1\"] || #{ a: 1 } != #{ a: 1 } { throw 1 }"),
        ""
    );
}

#[test]
fn rules_steps_and_variables_stop_growing() {
    assert_snapshot!(loading("for i in 0..10000 { rule(`r${i}`).remind(owner, on_the_day); }"), @"1:21 a file has at most 2000 rules [split it]");
    assert_snapshot!(loading("let r = rule(\"x\"); loop { r.remind(owner, on_the_day); }"), @"1:29 a rule has at most 100 steps and conditions [make two rules of it]");
    assert_snapshot!(loading("let r = rule(\"x\"); loop { r.when(|d| true); }"), @"1:29 a rule has at most 100 steps and conditions [make two rules of it]");
    let variables = many(100, |i| format!("let v{i} = 1; "));
    assert_snapshot!(loading(&variables), @"1:602 the file has too many variables [split it, or use fewer `let`]");
    let rules = many(2001, |i| format!("rule(\"r{i}\").remind(owner, on_the_day);\n"));
    assert_snapshot!(loading(&rules), @"2001:1 a file has at most 2000 rules [split it]");
    assert_eq!(load(&rules, &[]).rules.list.len(), 2001, "two thousand of them, and the good one");
}

#[test]
fn a_file_of_faults_is_given_up_but_not_what_is_good_above_them() {
    let loops =
        many(300, |i| format!("rule(\"r{i}\").when({{ loop {{}} }}).remind(owner, on_the_day);\n"));
    let text = format!("rule(\"first\").remind(owner, on_the_day);\n{loops}");
    let loaded = load(&text, &[]);
    let names: Vec<&str> = loaded.rules.list.iter().map(|rule| &*rule.name).collect();
    assert_eq!(names, ["first", "good"]);
    assert!(loaded.findings.len() < 10, "{}", loaded.findings.len());
    let last = loaded.findings.last().unwrap();
    assert_eq!(last.message, "the file is not read from here on: too much is wrong in it");
}

#[test]
fn every_misspelt_closure_is_told_in_the_order_of_the_file() {
    let rules = many(300, |i| {
        format!("rule(\"r{i}\").when(|d| d.kindd == \"x\").remind(owner, on_the_day);\n")
    });
    let loaded = load(&rules, &[]);
    let lines: Vec<usize> = loaded.findings.iter().map(|finding| finding.line).collect();
    assert_eq!(lines, (1..=300).collect::<Vec<usize>>());
}

#[test]
fn many_rules_and_many_files_are_served() {
    let rules = many(1000, |i| {
        format!("rule(\"r{i}\").when(|d| d.tags.contains(\"x\")).remind(owner, on_the_day);\n")
    });
    assert_eq!(asking(&rules), "");
    let names: Vec<String> = (0..1000).map(|i| format!("f{i}")).collect();
    let texts: Vec<String> =
        names.iter().map(|name| format!("rule(\"{name}\").remind(owner, on_the_day);")).collect();
    let files: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    let loaded = load("", &files);
    assert_eq!((loaded.rules.list.len(), loaded.findings.len()), (1001, 0));
}

fn many(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect::<Vec<_>>().concat()
}

#[test]
fn the_rules_of_all_files_are_counted() {
    let text = |file: usize| {
        format!("for i in 0..1900 {{ rule(`r{file}-${{i}}`).remind(owner, on_the_day); }}")
    };
    let names: Vec<String> = (0..6).map(|file| format!("f{file}")).collect();
    let texts: Vec<String> = (0..6).map(text).collect();
    let files: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    let loaded = load(&texts[0].replace("r0", "first"), &files);
    assert_eq!(loaded.rules.list.len(), 10_000);
    let messages: Vec<&str> =
        loaded.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["there are more than 10000 rules, and those from here on are not read"]);
}

/// Rhai measures what a function returns and what `+=` makes, and not what is put into a place.
#[test]
fn texts_that_are_put_in_one_by_one_are_counted() {
    let fill = |put: &str, entries: usize| {
        loading(&format!(
            "let s = \"x\"; s.pad(32000, \"x\"); let m = #{{}}; let a = []; a.pad(999, \"\"); for i in 0..{entries} {{ {put} }}"
        ))
    };
    for put in
        ["m[\"k\" + i] = s + i;", "a[i] = s + i;", "m.x = #{}; m.x[\"k\" + i] = s + i; a[i] = m;"]
    {
        assert_eq!(fill(put, 20), "", "{put}");
        assert!(fill(put, 100).contains("the rule takes too "), "{put}: {}", fill(put, 100));
    }
    let by_this = "fn f() { for i in 0..100 { this[\"k\" + i] = \"x\"; } }\nlet m = #{}; m.f();";
    let told = loading(by_this);
    assert!(told.contains("`this` stands for nothing here"), "{told}");
}
