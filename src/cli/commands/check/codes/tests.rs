//! The page of codes has every code that any reader can tell, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{PAGE, codes};

/// Words with an underscore in the readers' sources that are no codes.
const NO_CODES: [&str; 9] = [
    "snake_case",
    "waits_for",
    "decided_as",
    "free_days",
    "working_days",
    "send_at",
    "last_answer",
    "not_ours",
    "password_file",
];

/// Codes of one word: they cannot be told from other words.
const SHORT: [&str; 3] = ["syntax", "circle", "template"];

fn files(at: &Path, found: &mut Vec<PathBuf>) {
    if at.is_dir() {
        for entry in fs::read_dir(at).unwrap() {
            files(&entry.unwrap().path(), found);
        }
    } else if at.extension().is_some_and(|extension| extension == "rs") && !at.ends_with("tests.rs")
    {
        found.push(at.to_owned());
    }
}

/// Returns the quoted words of the sources that find faults, with their files; tests and comments are left out.
fn quoted_words() -> BTreeMap<String, String> {
    let sources = ["plan/json", "plan/json.rs", "plan/date.rs", "config", "config.rs", "advice"];
    let sources = sources.iter().chain(&[
        "advice.rs",
        "rules/load.rs",
        "rules/scenario/load.rs",
        "project.rs",
        "cli/commands/check/exposed.rs",
        "cli/commands/unreachable.rs",
    ]);
    let mut paths = Vec::new();
    for source in sources {
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(source), &mut paths);
    }
    let mut words = BTreeMap::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let program = text.split("#[cfg(test)]").next().unwrap();
        for line in program.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for word in line.split('"').skip(1).step_by(2) {
                words.insert(word.to_owned(), path.display().to_string());
            }
        }
    }
    words
}

fn is_code(word: &str) -> bool {
    word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[test]
fn the_page_has_every_code_of_the_program_and_no_other() {
    let known: BTreeSet<&str> = codes().iter().map(|code| code.code).collect();
    assert_eq!(known.len(), codes().len(), "a code stands twice");
    let words = quoted_words();
    let untold: Vec<_> = words
        .iter()
        .filter(|(word, _)| is_code(word) && !NO_CODES.contains(&word.as_str()))
        .filter(|(word, _)| !known.contains(word.as_str()))
        .collect();
    assert!(untold.is_empty(), "not in docs/codes.md: {untold:#?}");
    let never_told: Vec<_> = known.iter().filter(|code| !words.contains_key(**code)).collect();
    assert!(never_told.is_empty(), "no reader tells {never_told:?}");
    let short: Vec<_> = known.iter().filter(|code| !is_code(code)).collect();
    assert_eq!(short.len(), SHORT.len(), "{short:?}");
}

#[test]
fn every_section_has_its_parts_and_nothing_is_lost() {
    for code in codes() {
        let severe = ["error", "warning", "hint"].iter().any(|word| code.title.starts_with(word));
        assert!(severe && code.title.ends_with('.'), "{}: {}", code.code, code.title);
        assert!(!code.before.is_empty() && code.before != code.after, "{}", code.code);
        assert!(code.meaning.is_empty() || code.meaning.ends_with('.'), "{}", code.code);
        for example in ["\nBefore:\n\n```", "\nAfter:\n\n```"] {
            let fence = format!("{example}{}\n", code.example);
            assert_eq!(code.section.matches(&fence).count(), 1, "{}: {fence}", code.code);
        }
    }
    assert_eq!(PAGE.matches("\n## ").count(), codes().len());
    let wide: Vec<_> = PAGE.lines().filter(|line| line.chars().count() > 120).collect();
    assert!(wide.is_empty(), "{wide:?}");
}
