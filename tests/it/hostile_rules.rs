//! Rules that loop, recurse, remember or meddle: each is stopped by its own limit, and the next rule is served.
//! Those that grow are in `hostile_rules_growth`, those that are odd to read in `hostile_rules_text`, files that import
//! in `hostile_rules_import`; the program under a limit of memory is in `hostile_rules_program`.

use insta::assert_snapshot;

use crate::hostile::{asking, load, loading, plan};

/// A rule with this condition, which asks a list so that Rhai is asked and no short way is taken.
fn when(condition: &str) -> String {
    format!("rule(\"x\").when(|d| {condition}).remind(owner, on_the_day);")
}

#[test]
fn a_loop_without_end_is_stopped_in_a_file() {
    for script in [
        "loop {}",
        "while true {}",
        "do { } while true;",
        "for i in 0..9223372036854775807 {}",
        "for i in range(0, 9223372036854775807) { }",
        "let a = [1]; for i in a { loop {} }",
        "try { loop {} } catch { }",
        "fn f() { loop {} } f();",
        "let f = || { loop {} }; f.call();",
        "let a = [1, 2, 3]; a.sort(|x, y| { loop {} });",
        "loop { print(\"flooding\"); debug(\"flooding\"); }",
        "loop { try { throw 1 } catch { } }",
        "loop { date(\"2011-05-01\"); }",
    ] {
        let told = loading(script);
        assert!(
            told.ends_with("the rule takes too many operations [is there a loop without end?]"),
            "{script}: {told}"
        );
    }
}

#[test]
fn a_loop_without_end_is_stopped_in_a_closure() {
    for script in [
        when("{ loop {} }"),
        when("{ for i in 0..99999999999 {} true }"),
        when("d.tags.len() < (0..99999999999).len()")
            .replace("(0..99999999999).len()", "{ loop {} }"),
        "rule(\"x\").remind(|d| { loop {} }, on_the_day);".to_owned(),
        format!("fn f(d) {{ loop {{}} }}\n{}", when("f(d)")),
        format!("fn f(d) {{ while d.kind != \"\" {{}} }}\n{}", when("f(d)")),
        when("[1].some(|x| { loop {} })"),
        "rule(\"x\").over(measures).when(|m| { loop {} }).notify(owner, cron(\"0 8 1 * *\"));"
            .to_owned(),
        "rule(\"x\").over(plan).when(|p| { loop {} }).notify(owner, cron(\"0 8 1 * *\"));"
            .to_owned(),
    ] {
        let told = asking(&script);
        assert!(
            told.ends_with("the rule takes too many operations [is there a loop without end?]"),
            "{script}: {told}"
        );
    }
}

/// Rhai's own count forgets what callbacks took.
#[test]
fn loops_within_callbacks_add_up() {
    let list = "let a = []; a.pad(3900, 1);";
    for callbacks in [
        "a.all(|x| a().all(|y| a().all(|z| true)))",
        "a.map(|x| a().some(|y| a().some(|z| false)))",
        "a.filter(|x| a().filter(|y| a().len() == 0).len() == 1)",
        "a.for_each(|x| a().for_each(|y| 1))",
        "a.reduce(|sum, x| a().reduce(|sum, y| y, 0), 0)",
        "a.sort(|x, y| a().index_of(2))",
        "a.sort(|x, y| a().len() - 3900)",
        "loop { a.contains(2); }",
        "loop { a.dedup(); a.pad(3900, 1); }",
        "loop { let b = a; b == a; }",
    ] {
        let script = format!("fn a() {{ {list} a }}\n{list}\n{callbacks};");
        let told = loading(&script);
        assert!(told.contains("the rule takes too "), "{callbacks}: {told}");
    }
}

#[test]
fn recursion_is_stopped_before_the_stack_runs_out() {
    for script in [
        "fn f(n) { f(n + 1) } f(0);",
        "fn f(n) { g(n) } fn g(n) { f(n) } f(0);",
        "let f = |x, g| g.call(x, g); f.call(1, f);",
        "fn f(n) { Fn(\"f\").call(n) } f(1);",
        "fn f(n) { [n].map(|x| f(x)) } f(1);",
        "fn f(n) { [n].map(|x| [x].map(|y| [y].some(|z| f(z)))) } f(0);",
        "fn f(n) { `${f(n)}` } f(1);",
        "fn f(n) { [[[[[[[[[[f(n)]]]]]]]]]] } f(1);",
    ] {
        let told = loading(script);
        assert!(
            told.ends_with("the rule calls too deep [does a function call itself?]"),
            "{script}: {told}"
        );
    }
    // As deep as expressions may nest, at each call: what takes most of the stack that a test has, two megabytes.
    let nested = format!("{}f(n){}", "1 + (".repeat(18), ")".repeat(18));
    let told = loading(&format!("fn f(n) {{ {nested} }} f(0);"));
    assert!(told.ends_with("the rule calls too deep [does a function call itself?]"), "{told}");
    let told = asking(&format!("fn f(n) {{ {nested} }}\n{}", when("f(1) == 1")));
    assert!(told.ends_with("the rule calls too deep [does a function call itself?]"), "{told}");
}

#[test]
fn nothing_runs_text_and_nothing_tells_the_time() {
    assert_snapshot!(loading("eval(\"1\");"), @"1:1 `eval` is a word that cannot be used [Rhai, the language behind rules, keeps it for itself: take another name]");
    assert_snapshot!(loading("let f = Fn(\"eval\"); f.call(\"1\");"), @"1:12 `eval` is a word that cannot be used [Rhai, the language behind rules, keeps it for itself: take another name]");
    assert_snapshot!(loading("let f = Fn(\"len\"); f = f.curry(f);"), @"1:26 `curry` cannot stand after a dot [it is a word that Rhai, the language behind rules, keeps for itself]");
    assert_snapshot!(loading("timestamp();"), @"1:1 unknown word `timestamp` [a function of your own is written `fn timestamp(…) { … }`, at the top of the file]");
    assert_snapshot!(loading("rand();"), @"1:1 unknown word `rand` [did you mean `find`?]");
    assert_snapshot!(loading("sleep(10);"), @"1:1 unknown word `sleep` [a function of your own is written `fn sleep(…) { … }`, at the top of the file]");
    assert_snapshot!(loading("open_file(\"/etc/passwd\");"), @"1:1 unknown word `open_file` [a function of your own is written `fn open_file(…) { … }`, at the top of the file]");
    assert_snapshot!(loading("exit();"), @"1:1 unknown word `exit` [did you mean `text`?]");
    assert_snapshot!(loading("Fn(\"remind\").call(1);"), @"1:14 `remind` is given nothing [write `.remind(whom, when)`: tells those who are to do something]");
}

#[test]
fn a_condition_remembers_nothing_from_one_call_to_the_next() {
    for script in [
        format!("let n = 0;\n{}", when("{ n += 1; n > 1 }")),
        format!("let n = [];\n{}", when("{ n.push(1); n.len() > 1 }")),
        format!("let n = #{{}};\n{}", when("{ let had = n.len() > 0; n[\"x\"] = 1; had }")),
        format!("let n = 0;\n{}", when("{ [1].for_each(|x| n += 1); n > 1 }")),
        format!("let n = #{{ a: [0] }};\n{}", when("{ n[\"a\"][0] += 1; n[\"a\"][0] > 1 }")),
        when("{ d.data.x = 1; d.data.y != () }"),
        when("{ let t = d.tags; t.push(\"x\"); d.tags.contains(\"x\") }"),
    ] {
        let rules = load(&script, &[]);
        assert_eq!(rules.findings, [], "{script}");
        let rule = rules.rules.list.iter().find(|rule| &*rule.name == "x").unwrap();
        let plan = plan();
        let today = plan.adopted.unwrap();
        let history = std::sync::Arc::default();
        let world = std::sync::Arc::new(frist::rules::World { plan, history, today });
        for call in 0..5 {
            let facts =
                frist::rules::Facts::deadline(&world, frist::plan::DeadlineIx(call % 3), None);
            assert_eq!(rule.holds(&facts), Ok(false), "{script}: call {call}");
        }
    }
}

#[test]
fn a_closure_that_could_tie_a_knot_is_refused() {
    assert_snapshot!(loading("let a = []; let f = || a.len(); a.push(f);"), @"1:21 a closure that uses `a` from outside cannot be kept [write it where it is needed, as in `.when(|d| …)`]");
    assert_snapshot!(loading("let a = []; a.push(|| a);"), @"1:20 a closure that uses `a` from outside cannot be kept [write it where it is needed, as in `.when(|d| …)`]");
    assert_snapshot!(loading("let f = || 1; loop { let g = f; f = || g; }"), @"1:37 a closure that uses `g` from outside cannot be kept [write it where it is needed, as in `.when(|d| …)`]");
    assert_snapshot!(loading("let a = 1; let f = [1].reduce(|x, y| x, || a);"), @"1:41 a closure that uses `a` from outside cannot be kept [write it where it is needed, as in `.when(|d| …)`]");
    assert_snapshot!(loading("fn keep(f) { f }\nlet a = 1; let f = keep(|| a);"), @"2:25 a closure that uses `a` from outside cannot be kept [write it where it is needed, as in `.when(|d| …)`]");
    assert_snapshot!(loading("fn map(f) { f }\nlet a = 1; let f = a.map(|| a);"), @"1:11 `map` is a word of the language, so no function can have its name [give the function another name]");
    assert_snapshot!(loading(&when("{ let f = || d; true }")), @"1:30 a closure that uses `d` from outside cannot be kept [write it where it is needed, as in `.when(|d| …)`]");
    // What people need goes: a variable in a condition, and in a closure within it.
    assert_snapshot!(asking("let most = 3; rule(\"x\").when(|d| d.days_left < most || [1].some(|x| x > most)).remind(owner, on_the_day);"), @"");
    assert_snapshot!(asking("rule(\"x\").over(measures).when(|m| m.deadlines.some(|d| d.kind == m.id)).remind(owner, cron(\"0 8 1 * *\"));"), @"1:26 a closure cannot use what its list is asked of, nor change its list [take what the closure needs before: `let id = m.id; m.deadlines.some(|d| d.lead == id)`]");
    assert_snapshot!(asking("rule(\"x\").remind(|d| if d.blocked { owner } else { [lead, \"mate\"] }, on_the_day);"), @"");
    assert_snapshot!(asking("let late = |d| d.days_left < 0; rule(\"x\").when(|d| d.overdue).remind(owner, on_the_day);"), @"");
}

#[test]
fn a_closure_declares_nothing() {
    assert_snapshot!(asking(&when("{ rule(\"y\").remind(owner, on_the_day); true }")), @"1:22 a closure cannot declare anything [write rules and steps outside of closures]");
    assert_snapshot!(asking(&format!("let r = rule(\"h\");\n{}", when("{ r.remind(owner, on_the_day); true }"))), @"2:24 a closure cannot declare anything [write rules and steps outside of closures]");
    assert_snapshot!(asking("let r = rule(\"h\");\nrule(\"y\").remind(|d| { r.about(\"x\"); owner }, on_the_day);"), @"2:26 a closure cannot declare anything [write rules and steps outside of closures]");
}

#[test]
fn a_name_of_the_vocabulary_can_be_taken_only_where_it_does_no_harm() {
    assert_snapshot!(loading("let responsible = 5;\nrule(\"x\").remind(responsible, on_the_day);"), @"2:11 `remind` does not take a number and a time before or after [write `.remind(whom, when)`: tells those who are to do something]");
    assert_snapshot!(loading("const owner = \"x\";\nrule(\"x\").remind(owner, on_the_day);"), @r#"2:11 `remind` does not take a text and a time before or after [words such as `responsible` and `30.days.before` stand without quotation marks; a unit is `unit("id")`]"#);
    assert_snapshot!(loading("fn remind(a, b) { 1 }"), @"1:17 `remind` is a word of the language, so no function can have its name [give the function another name]");
    assert_snapshot!(loading("fn rule(a) { 1 }"), @"1:12 `rule` is a word of the language, so no function can have its name [give the function another name]");
    assert_snapshot!(loading("fn some(a) { true }"), @"1:12 `some` is a word of the language, so no function can have its name [give the function another name]");
    assert_snapshot!(loading("owner = 5;"), @"1:1 `owner` would change something that cannot be changed [give a value of your own another name, as in `let mine = …`]");
    assert_snapshot!(loading("let rule = 5;\nrule(\"x\").remind(owner, on_the_day);"), @"");
    assert_snapshot!(loading("let days = 30; rule(\"x\").remind(owner, days.days.before);"), @"");
    assert_snapshot!(loading("let owner = unit(\"mate\"); rule(\"x\").remind(owner, on_the_day);"), @"");
}

#[test]
fn odd_ends_are_told_in_words() {
    assert_snapshot!(loading("throw 5;"), @"1:1 the rule gives up: 5");
    assert_snapshot!(loading("throw;"), @"1:1 the rule gives up");
    assert_snapshot!(loading("throw \"no more\";"), @"1:1 the rule gives up: no more");
    assert_snapshot!(loading("throw [[1]];"), @"1:1 the rule gives up");
    assert_snapshot!(loading("throw |x| x;"), @"1:1 the rule gives up");
    assert_snapshot!(loading("throw rule(\"q\");"), @"1:1 the rule gives up");
    assert_snapshot!(loading("let s = \"x\"; s.pad(30000, \"x\"); throw s;"), @"1:33 the rule gives up: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…");
    assert_snapshot!(loading("return 5;\nrule(\"x\").remind(owner, on_the_day);"), @"");
    assert_snapshot!(loading("break;"), @"1:1 `break` and `continue` stand only in a loop [leave it out]");
    assert_snapshot!(loading("let a = 9223372036854775807 + 1;"), @"1:29 this cannot be computed: addition overflow: 9223372036854775807 + 1");
    assert_snapshot!(loading("let a = 1 / 0;"), @"1:11 this cannot be computed: division by zero: 1 / 0");
    assert_snapshot!(loading("let a = 2 ** 99999999999;"), @"1:11 this cannot be computed: exponential overflow: 2 ** 99999999999");
    assert_snapshot!(loading("let a = 1 << 9999;"), @"");
    assert_snapshot!(loading("let a = -9223372036854775808; a = a / -1;"), @"1:37 this cannot be computed: division overflow: -9223372036854775808 / -1");
    assert_snapshot!(loading("let a = [1]; a[-9223372036854775808];"), @"1:16 this list has 1 entry, and none at place -9223372036854775808 [counting begins with 0, so the last one is 0]");
    assert_snapshot!(loading("let a = \"æøå\"; a[9223372036854775807];"), @"1:18 this text has 3 characters, and none at place 9223372036854775807 [counting begins with 0, so the last one is 2]");
    assert_snapshot!(loading("for i in range(0, 10, 0) {}"), @"1:10 this cannot be computed: the step from one to the next cannot be zero");
    assert_snapshot!(loading("for i in 5 {}"), @"1:10 something else is needed here than a number");
    assert_snapshot!(asking(&when("throw d")), @"1:20 the rule gives up");
    assert_snapshot!(asking(&when("{ return 5; }")), @r#"1:11 the condition of rule `x` answers a number instead of true or false [compare something, as in `|d| d.kind == "summary"`]"#);
    assert_snapshot!(loading(&when("this.len() == 1")), @"1:20 `this` stands for nothing here [write `|d| …` and ask `d`]");
    assert_snapshot!(asking(&when("{ d.kind = \"x\"; true }")), @"1:24 a deadline cannot be changed [`=` changes and `==` compares: write `kind == …`]");
    assert_snapshot!(asking(&when("{ let a = [1]; a.for_each(|x| a.push(x)); true }")), @"1:11 a closure cannot use what its list is asked of, nor change its list [take what the closure needs before: `let id = m.id; m.deadlines.some(|d| d.lead == id)`]");
    assert_snapshot!(asking(&when("d.data.budget.of.ours == 1")), @"1:34 `of` is asked of something that is not there [ask first whether it is there, as in `d.data.budget != () && …`]");
    assert_snapshot!(asking(&when("[1][d.days_left] == 1")), @"1:24 this list has 1 entry, and none at place 40 [counting begins with 0, so the last one is 0]");
}

#[test]
fn a_bad_comparer_sorts_badly_and_no_more() {
    let list = "let a = [3, 1, 2, 5, 4, 9, 7, 8, 6, 0, 11, 15, 12, 19, 13, 14, 16, 17, 18, 10, 21, 22, 23];";
    for comparer in ["1", "-1", "0", "if x % 2 == 0 { 1 } else { -1 }", "\"x\"", "()"] {
        assert_eq!(loading(&format!("{list} a.sort(|x, y| {comparer});")), "", "{comparer}");
    }
}

#[test]
fn numbers_at_the_edge_cut_lists_and_texts_and_no_more() {
    let (least, most) = ("-9223372036854775808", "9223372036854775807");
    for call in [
        format!("a.splice({least}, {most}, [1])"),
        format!("a.insert({least}, 1)"),
        format!("a.extract({least}, {most})"),
        format!("a.drain({least}..{most})"),
        format!("a.retain({least}..{most})"),
        format!("a.chop({least})"),
        format!("a.truncate({least})"),
        format!("a.split({least})"),
        format!("a.remove({most})"),
        format!("a.pad({least}, 1)"),
        format!("s.sub_string({least}, {most})"),
        format!("s.crop({least}, {most})"),
        format!("s.truncate({least})"),
        format!("s.pad({least}, \"y\")"),
        "s.pad(20000, \"\")".to_owned(),
        format!("s.split({least})"),
        format!("s.index_of('x', {least})"),
        format!("for b in range({}, {most}, 5) {{}}", "9223372036854775800"),
    ] {
        assert_eq!(loading(&format!("let a = [1, 2]; let s = \"æøå\"; {call};")), "", "{call}");
    }
}
