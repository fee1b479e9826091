//! The fuzz targets as plain tests: the kept corpus, and changes of it that a seed makes, the same on every machine.
//! What a target does and holds is in `fuzz/src/lib.rs`; how to let libFuzzer look further, in docs/security.md.

#[allow(unreachable_pub, reason = "in fuzz it is a crate of its own")]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::panic::{self, AssertUnwindSafe};

use crate::dice::Dice;

/// So many changes of the corpus are tried of a target, unless `FRIST_FUZZ` says otherwise: readers are quick, rules and mails not.
const OF_QUICK: u64 = 300;
const OF_SLOW: u64 = 40;

/// Returns the kept inputs of a target, by name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = format!("tests/data/fuzz/{target}");
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut inputs: Vec<_> = entries
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())
        })
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "{folder} is empty");
    inputs
}

/// What breaks readers more often than chance would find it.
const PIECES: [&str; 24] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "|",
    ":",
    ",",
    "\n",
    "\r\n",
    "\0",
    "\u{1b}[2J",
    "\u{202e}",
    "å",
    "👩‍👩‍👧",
    "{{",
    "}}",
    "${",
    "99999999999999999999",
    "-1",
    "2011-02-29",
];

/// Changes an input: bytes, pieces of it and of another one, one to four times.
fn changed(inputs: &[(String, Vec<u8>)], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = inputs[dice.place(inputs.len())].1.clone();
    for _ in 0..=dice.place(4) {
        let at = dice.place(bytes.len() + 1);
        let end = (at + dice.place(32)).min(bytes.len());
        match dice.place(6) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(dice.throw() % 256).unwrap(),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let again = bytes[at..end].repeat(1 + dice.place(4));
                drop(bytes.splice(at..at, again));
            }
            3 => {
                let other = &inputs[dice.place(inputs.len())].1;
                let from = dice.place(other.len() + 1);
                let until = (from + dice.place(64)).min(other.len());
                drop(bytes.splice(at..at, other[from..until].iter().copied()));
            }
            4 => bytes.truncate(at),
            _ => drop(bytes.splice(at..at, PIECES[dice.place(PIECES.len())].bytes())),
        }
    }
    bytes
}

/// Hands a target its corpus and changes of it; says with what it failed, and how to see that again.
fn hold(name: &str, changes: u64) {
    let (_, target) = targets::TARGETS.iter().find(|(known, _)| *known == name).unwrap();
    let inputs = corpus(name);
    let tried = |what: &str, bytes: &[u8]| {
        let held = panic::catch_unwind(AssertUnwindSafe(|| target(bytes)));
        assert!(
            held.is_ok(),
            "target `{name}` fails for {what}; the input:\n{}",
            bytes.escape_ascii()
        );
    };
    for (file, bytes) in &inputs {
        tried(&format!("tests/data/fuzz/{name}/{file}"), bytes);
    }
    let environment = frist::config::environment();
    let wanted = environment.get("FRIST_FUZZ").and_then(|text| text.parse().ok());
    for seed in 0..wanted.unwrap_or(changes) {
        tried(&format!("the change with seed {seed}"), &changed(&inputs, &mut Dice::new(seed)));
    }
}

#[test]
fn no_plan_breaks_its_reader() {
    hold("plan", OF_QUICK);
}

#[test]
fn no_rules_break_their_reader() {
    hold("rules", OF_SLOW);
}

#[test]
fn no_configuration_breaks_its_reader() {
    hold("config", OF_QUICK);
}

#[test]
fn no_date_breaks_its_reader_or_arithmetic() {
    hold("dates", OF_QUICK);
}

#[test]
fn no_text_breaks_a_mail() {
    hold("mail", OF_SLOW);
}

/// A corpus is kept in the repository, and stays small.
#[test]
fn the_corpus_is_small_and_every_target_has_one() {
    let size: usize = targets::TARGETS
        .iter()
        .flat_map(|(name, _)| corpus(name))
        .map(|(_, bytes)| bytes.len())
        .sum();
    assert!(size < 400_000, "{size} bytes");
}
