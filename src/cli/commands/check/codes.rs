//! What each code of a finding means, with an example before and after: read from docs/codes.md, which is part of the program.
//! Printing one of them for `frist check --explain` is here as well; where codes come from is up to those who find faults.

use std::io::{self, Write};
use std::sync::LazyLock;

use serde::Serialize;

use super::super::super::output::{self, Format, Row};
use super::super::super::trouble::Trouble;
use crate::finding::nearest;

/// The page of all codes.
const PAGE: &str = include_str!("../../../../docs/codes.md");

/// What there is to say about a code.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// The code.
    pub(super) code: &'static str,
    /// How bad it is and what it is, in one paragraph.
    pub(super) title: String,
    /// What follows from it; may be empty.
    pub(super) meaning: String,
    /// What the example is: `rhai`, `rhai tests`, `toml`, or `json deadline` for a deadline of a plan.
    pub(super) example: &'static str,
    /// An example that is told with this code.
    pub(super) before: String,
    /// The same, mended.
    pub(super) after: String,
    /// The section of the page as it stands there, without its heading.
    #[serde(skip)]
    section: &'static str,
}

/// Returns what there is to say about all codes, in the order of the page.
pub(super) fn codes() -> &'static [Entry] {
    static CODES: LazyLock<Vec<Entry>> = LazyLock::new(|| read(PAGE));
    &CODES
}

/// Returns what there is to say about one code.
pub(super) fn find(code: &str) -> Option<&'static Entry> {
    codes().iter().find(|entry| entry.code == code)
}

/// Prints what one code means, or what there are if `code` is empty.
pub(super) fn explain(code: &str, format: Format) -> Result<(), Trouble> {
    if code.is_empty() {
        return Ok(output::print(format, codes().iter())?);
    }
    let Some(entry) = find(code) else {
        let help = match nearest(code, codes().iter().map(|entry| entry.code)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`frist check --explain` lists all codes".to_owned(),
        };
        return Err(Trouble::usage(format!("there is no code `{code}`"), Some(help)));
    };
    if format == Format::Table {
        return Ok(io::stdout().lock().write_all(in_plain_text(entry).as_bytes())?);
    }
    Ok(output::print(format, std::iter::once(entry))?)
}

/// Reads the page: a second heading begins a code, a first heading a chapter.
fn read(page: &'static str) -> Vec<Entry> {
    let sections = page.split("\n## ").skip(1);
    let read = |section: &'static str| {
        let section = section.split("\n# ").next().unwrap_or_default();
        let (code, section) = section.split_once('\n').unwrap_or((section, ""));
        let (words, example) = section.split_once("\nBefore:\n").unwrap_or((section, ""));
        let (before, after) = example.split_once("\nAfter:\n").unwrap_or((example, ""));
        let (title, meaning) = words.trim().split_once("\n\n").unwrap_or((words.trim(), ""));
        Entry {
            code,
            title: in_one_line(title),
            meaning: meaning.split("\n\n").map(in_one_line).collect::<Vec<_>>().join("\n"),
            example: before.trim().lines().next().unwrap_or_default().trim_start_matches('`'),
            before: fenced(before),
            after: fenced(after),
            section: section.trim(),
        }
    };
    sections.map(read).collect()
}

/// Makes one line of a paragraph, without Markdown's stars.
fn in_one_line(paragraph: &str) -> String {
    paragraph.replace('*', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what stands between the fences.
fn fenced(text: &str) -> String {
    let lines = text.trim().lines().filter(|line| !line.starts_with("```"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Writes a section for a terminal: examples indented instead of fenced.
fn in_plain_text(entry: &Entry) -> String {
    let mut text = format!("{}\n\n", entry.code);
    let mut is_example = false;
    for line in entry.section.lines() {
        if line.starts_with("```") {
            is_example = !is_example;
        } else if is_example {
            text.push_str(format!("    {line}").trim_end());
            text.push('\n');
        } else {
            let line = line.replace('*', "");
            let line = match (&*line, place_of(entry.example)) {
                ("Before:" | "After:", Some(place)) => line.replace(':', &format!(", {place}:")),
                _ => line,
            };
            text.push_str(&line);
            text.push('\n');
        }
    }
    // Without its fences an example would have two empty lines before and after it.
    while let Some(at) = text.find("\n\n\n") {
        text.remove(at);
    }
    text
}

/// Says where an example stands.
fn place_of(example: &str) -> Option<String> {
    let (language, part) = example.split_once(' ').unwrap_or((example, ""));
    match (language, part) {
        ("rhai", "tests") => Some("in rules/tests/*.rhai".to_owned()),
        ("rhai", _) => Some("in rules/*.rhai".to_owned()),
        ("toml", _) => Some("in frist.toml".to_owned()),
        ("json", "file") => Some("plan.json".to_owned()),
        ("json", "plan") => Some("in plan.json".to_owned()),
        ("json", part) => Some(format!("a {part} in plan.json")),
        _ => None,
    }
}

impl Row for &Entry {
    const COLUMNS: &'static [&'static str] =
        &["code", "title", "meaning", "example", "before", "after"];
    const HEADINGS: &'static [&'static str] = &["code", "what it is"];

    fn cells(&self) -> Vec<String> {
        vec![self.code.to_owned(), self.title.clone()]
    }
}

#[cfg(test)]
mod tests;
