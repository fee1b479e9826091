//! Rules that nobody would write, by the hundred: no panic, no abort, no hang; faults at a place in the file; what loads
//! can be asked and forecast; and a good rule in another file is always served.
//! `PROPTEST_CASES=20000 cargo test generated_rules` tries more of them.

use std::fs;

use proptest::prelude::*;
use proptest::sample::{Index, select};

use frist::rules;

use crate::hostile::{assert_good_is_served, load, plan};

/// Loads a text, holds it to what is promised, and returns whether it is without fault.
fn keeps_the_promises(text: &str) -> bool {
    let loaded = load(text, &[]);
    let text =
        &text.split("\r\n").map(|line| line.replace('\r', "\n")).collect::<Vec<_>>().join("\r\n");
    let lines: Vec<&str> = text.split('\n').collect();
    for finding in loaded.findings.iter().filter(|finding| &*finding.file == "rules/a.rhai") {
        let line = finding.line;
        assert!((1..=lines.len()).contains(&line), "line {line}: {finding}");
        // One past the end is where something is missing.
        let columns = lines[line - 1].chars().count() + 1;
        assert!((1..=columns).contains(&finding.column), "{finding} of {columns} columns");
        assert!(finding.span.end <= text.len(), "{finding}");
        assert!(text.get(finding.span.clone()).is_some(), "{finding}");
        assert!(!finding.message.is_empty() && finding.message.len() < 1_000, "{finding}");
        for rhais in
            ["Expecting", "Unexpected", "anon$", "rhai::", "frist::", "ImmutableString", "i64"]
        {
            assert!(!finding.message.contains(rhais), "{finding}");
        }
    }
    let is_fine = loaded.findings.is_empty();
    rules::probe(&loaded.rules, &plan());
    assert_good_is_served(loaded.rules.into());
    is_fine
}

/// Words of the language and of Rhai, signs, literals, and some of which neither knows anything.
fn token() -> impl Strategy<Value = String> {
    let words: Vec<String> =
        rules::vocabulary::WORDS.iter().map(|word| word.name.to_owned()).collect();
    let signs = "( ) [ ] { } . , ; : | || && ! = == != < <= > >= + - * / % ** .. ..= ? ?. ?? :: => #{ ` ${ ' \" // /* */ \\ @ # $ ~ ^ &"
        .split(' ')
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let keywords = "let const fn if else for in while loop do until return throw try catch switch break continue import export as true false this private Fn call curry eval print debug null"
        .split(' ')
        .map(str::to_owned)
        .collect::<Vec<_>>();
    prop_oneof![
        6 => select(words),
        6 => select(signs),
        2 => select(keywords),
        2 => select(vec!["d", "d.kind", "d.days_left", "d.tags", "d.data", "|d|", "\n", "rule(\"x\")", "30", "0", "-1", "1.5", "99999999999999999999", "\"x\"", "\"office\"", "'c'", "()", "[]"]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

/// What a word may be given: mostly what it takes.
fn argument() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec!["owner", "responsible", "lead", "helpers", "leader", "blocker", "dependents", "unit(\"office\")", "[owner, lead]", "|d| owner", "|d| \"mate\"", "|d| [lead, unit(\"boss\")]"]).prop_map(str::to_owned),
        4 => ((0..50_000), select(vec!["day", "days", "weeks", "months", "years", "workdays"]), select(vec![".before", ".after", ".before(start)", ".after(last_answer)", ".after(adopted)", ""]), select(vec!["", ".any_day", ".every(14.days)", ".every(1.month).times(3)", ".times(2)"]))
            .prop_map(|(number, unit, side, more)| format!("{number}.{unit}{side}{more}")),
        2 => select(vec!["on_the_day", "cron(\"0 8 1 * *\")", "cron(\"0 0 31 2 *\")", "on(delivered)", "on(moved)", "on(asked)", "deadlines", "measures", "plan"]).prop_map(str::to_owned),
        2 => select(vec!["|d| d.kind == \"note\"", "|d| d.overdue || d.blocked", "|d| d.tags.contains(\"x\")", "|d| d.days_left < 3", "|d| d.data.x == 1", "|m| m.deadlines.is_empty()", "|p| p.measures.len() > 1", "|d| loop {}", "|d| d"]).prop_map(str::to_owned),
        1 => select(vec!["\"text {{ deadline_title }}\"", "\"{{\"", "\"\"", "5", "true", "()", "[]", "#{}"]).prop_map(str::to_owned),
    ]
}

fn chain() -> impl Strategy<Value = String> {
    let word = select(vec![
        "about", "over", "when", "remind", "escalate", "notify", "subject", "text", "every",
    ]);
    let call = (word, prop::collection::vec(argument(), 0..3))
        .prop_map(|(word, arguments)| format!("\n    .{word}({})", arguments.join(", ")));
    ("[a-z]{1,3}", prop::collection::vec(call, 0..6))
        .prop_map(|(name, calls)| format!("rule(\"{name}\"){};", calls.concat()))
}

/// A change to a text, at places relative to its length.
#[derive(Debug, Clone)]
enum Slip {
    Delete(Index, usize),
    Double(Index, usize),
    Swap(Index, Index),
    Insert(Index, String),
    Truncate(Index),
}

fn slip() -> impl Strategy<Value = Slip> {
    prop_oneof![
        (any::<Index>(), 1..20_usize).prop_map(|(at, length)| Slip::Delete(at, length)),
        (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Slip::Double(at, length)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Slip::Swap(a, b)),
        (any::<Index>(), token()).prop_map(|(at, token)| Slip::Insert(at, token)),
        any::<Index>().prop_map(Slip::Truncate),
    ]
}

fn slipped(text: &str, slips: &[Slip]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for slip in slips {
        let count = letters.len();
        if count == 0 {
            break;
        }
        let piece =
            |at: &Index, length: usize| at.index(count)..(at.index(count) + length).min(count);
        match slip {
            Slip::Delete(at, length) => drop(letters.drain(piece(at, *length))),
            Slip::Double(at, length) => {
                let again = letters[piece(at, *length)].to_vec();
                let at = at.index(count);
                letters.splice(at..at, again);
            }
            Slip::Swap(a, b) => letters.swap(a.index(count), b.index(count)),
            Slip::Insert(at, token) => {
                let at = at.index(count);
                letters.splice(at..at, token.chars());
            }
            Slip::Truncate(at) => letters.truncate(at.index(count)),
        }
    }
    letters.into_iter().collect()
}

/// The rule files that come with the program.
fn real_files() -> Vec<String> {
    let mut paths: Vec<_> =
        fs::read_dir("rules").unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rhai"));
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn any_words_in_any_order_do_no_harm(tokens in prop::collection::vec(token(), 0..60), spaced in any::<bool>()) {
        keeps_the_promises(&tokens.join(if spaced { " " } else { "" }));
    }

    #[test]
    fn any_words_after_a_rule_do_no_harm(tokens in prop::collection::vec(token(), 0..20)) {
        keeps_the_promises(&format!("rule(\"x\").when(|d| {}).remind(owner, on_the_day);", tokens.join(" ")));
    }

    #[test]
    fn a_real_file_with_slips_does_no_harm(file in select(real_files()), slips in prop::collection::vec(slip(), 1..5)) {
        keeps_the_promises(&slipped(&file, &slips));
    }

    #[test]
    fn any_chain_of_words_does_no_harm(chains in prop::collection::vec(chain(), 1..5)) {
        keeps_the_promises(&chains.join("\n"));
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        keeps_the_promises(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn real_files_are_without_fault() {
    for file in real_files() {
        assert!(keeps_the_promises(&file));
    }
}
