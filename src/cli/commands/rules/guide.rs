//! The guide to writing rules, as `docs/rules.md` and `docs/rules.en.md` hold it: its own words, and the tables of the reference.
//! What stands in the tables comes from `rules::reference` and the variables of `mail`.

use std::fmt::Write;

use crate::mail::VARIABLES;
use crate::plan::Language;
use crate::rules::reference::{Chapter, reference};

/// Returns the guide in a language; Nynorsk reads Bokmål.
pub(in crate::cli) fn guide(language: Language) -> String {
    let english = language == Language::English;
    let words = if english { include_str!("guide.en.md") } else { include_str!("guide.nb.md") };
    words
        .replace("<!-- reference -->\n", &tables(language))
        .replace("<!-- variables -->\n", &variables(english))
}

/// Writes a table a chapter; the words of tests have no examples of their own, only whole stories.
fn tables(language: Language) -> String {
    let english = language == Language::English;
    let entries = reference(language);
    let headings =
        if english { ["word", "meaning", "example"] } else { ["ord", "betydning", "eksempel"] };
    let mut out = String::new();
    for chapter in Chapter::ALL {
        let columns = if chapter == Chapter::Test { 2 } else { 3 };
        let gap = if out.is_empty() { "" } else { "\n" };
        writeln!(out, "{gap}### {}\n", chapter.heading(language)).expect("a string takes all");
        out.push_str(&row(&headings[..columns]));
        out.push_str(&row(&["---"; 3][..columns]));
        for entry in entries.iter().filter(|entry| entry.chapter == chapter) {
            let example = entry.examples.first().copied().unwrap_or_default();
            let cells = [code(&entry.signature), cell(&entry.meaning), code(example)];
            out.push_str(&row(&cells.each_ref().map(String::as_str)[..columns]));
        }
    }
    out
}

fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn variables(english: bool) -> String {
    let mut out = String::from(if english {
        "| value | what it holds |\n| --- | --- |\n"
    } else {
        "| verdi | hva den inneholder |\n| --- | --- |\n"
    });
    for variable in VARIABLES {
        let meaning = if english { variable.meaning } else { variable.norwegian };
        writeln!(out, "| `{{{{ {} }}}}` | {} |", variable.name, cell(meaning))
            .expect("a string takes all");
    }
    out
}

/// A line upright ends a cell, also within code.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn code(text: &str) -> String {
    text.lines().map(|line| format!("`{}`", cell(line))).collect::<Vec<_>>().join("<br>")
}
