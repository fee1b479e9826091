//! `frist rules`: the words of the rule language, looked up or printed as a guide or as definitions for editors.
//! What there is comes from `rules::reference`; the guide's own words are in `guide`.

mod guide;

use std::fmt::Write;

use comfy_table::presets;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::super::Exit;
use super::super::args;
use super::super::output::{self, Format, Row};
use super::super::trouble::Trouble;
use super::{Answer, write_out};
use crate::finding::nearest;
use crate::plan::Language;
use crate::rules::definitions;
use crate::rules::reference::{Chapter, Entry, reference};

pub(super) use guide::guide;

/// Looks words up.
pub(super) fn rules(format: Format, asked: &args::Rules) -> Answer<Exit> {
    let language = asked.language.into();
    if asked.guide {
        return write_out(&guide(language));
    }
    if asked.definitions {
        return write_out(&definitions(language));
    }
    let found = match &asked.word {
        Some(word) => find(word, language)?,
        None => Found { words: Vec::new(), chapters: reference(language) },
    };
    if format != Format::Table {
        let rows = found.words.into_iter().chain(found.chapters);
        output::print(format, rows.map(WordRow::from))?;
        return Ok(Exit::Fine);
    }
    let parts = [detail(&found.words, language), list(&found.chapters, language)];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    write_out(&parts.collect::<Vec<_>>().join("\n"))
}

/// What was found: words, to be shown with their examples, and whole chapters, to be shown as lists.
struct Found {
    words: Vec<Entry>,
    chapters: Vec<Entry>,
}

/// A line of `frist rules`.
#[derive(Debug, Serialize)]
struct WordRow {
    word: &'static str,
    group: &'static str,
    signature: String,
    meaning: String,
    examples: Vec<&'static str>,
}

impl From<Entry> for WordRow {
    fn from(entry: Entry) -> Self {
        Self {
            word: entry.word,
            group: entry.chapter.word(),
            signature: entry.signature,
            meaning: entry.meaning,
            examples: entry.examples,
        }
    }
}

impl Row for WordRow {
    const COLUMNS: &'static [&'static str] = &["word", "group", "signature", "meaning", "examples"];
    const HEADINGS: &'static [&'static str] = &["word", "meaning"];

    fn cells(&self) -> Vec<String> {
        vec![self.signature.clone(), self.meaning.clone()]
    }
}

/// Finds a word wherever it stands, or a whole chapter.
fn find(asked: &str, language: Language) -> Answer<Found> {
    let all = reference(language);
    let (chapter, word) = bare(asked);
    let in_chapter = |entry: &&Entry| chapter.is_none_or(|chapter| chapter == entry.chapter);
    let those = |fits: &dyn Fn(&Entry) -> bool| -> Vec<Entry> {
        all.iter().filter(in_chapter).filter(|entry| fits(entry)).cloned().collect()
    };
    let words = those(&|entry| entry.word == word);
    let chapters = those(&|entry| entry.chapter.word() == word || word.is_empty());
    if !words.is_empty() || !chapters.is_empty() {
        return Ok(Found { words, chapters });
    }
    let words = those(&|entry| is_written_with(entry, word));
    if !words.is_empty() {
        return Ok(Found { words, chapters });
    }
    let known = all.iter().filter(in_chapter).map(|entry| entry.word);
    let known = known.chain(Chapter::ALL.map(Chapter::word));
    let help = nearest(word, known).map_or_else(
        || "`frist rules` lists them all".to_owned(),
        |near| format!("did you mean `{near}`? (`frist rules` lists them all)"),
    );
    Err(Trouble::usage(format!("the rules have no word `{asked}`"), Some(help)))
}

/// Tells whether `word` is another way to write an entry: `day` for `days`, `!=` beside `==`, `year` of a date.
fn is_written_with(entry: &Entry, word: &str) -> bool {
    match entry.chapter {
        Chapter::When => entry.word.strip_suffix('s') == Some(word),
        Chapter::Value => entry
            .signature
            .split([' ', ','])
            .flat_map(|part| [part, part.rsplit('.').next().unwrap_or(part)])
            .any(|part| part == word),
        _ => false,
    }
}

/// Takes `d.kind`, `.remind(…)` and `remind()` for the word in them, and the first for a chapter too.
fn bare(asked: &str) -> (Option<Chapter>, &str) {
    let asked = asked.trim();
    let (chapter, word) = match asked.split_once('.') {
        Some(("d", word)) => (Some(Chapter::Deadline), word),
        Some(("m", word)) => (Some(Chapter::Measure), word),
        Some(("p", word)) => (Some(Chapter::Plan), word),
        Some(("", word)) => (None, word),
        _ => (None, asked),
    };
    let end = word.find('(').filter(|end| *end > 0).unwrap_or(word.len());
    (chapter, &word[..end])
}

/// Writes one table a chapter.
fn list(entries: &[Entry], language: Language) -> String {
    let mut out = String::new();
    for chapter in Chapter::ALL {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        for entry in entries.iter().filter(|entry| entry.chapter == chapter) {
            table.add_row([&entry.signature, &entry.meaning]);
        }
        if table.is_empty() {
            continue;
        }
        let gap = if out.is_empty() { "" } else { "\n" };
        writeln!(out, "{gap}{}", chapter.heading(language)).expect("a string takes all");
        for line in table.lines() {
            writeln!(out, " {}", line.trim_end()).expect("a string takes all");
        }
    }
    out
}

/// Writes each entry with its meaning and its examples.
fn detail(entries: &[Entry], language: Language) -> String {
    let mut out = String::new();
    for entry in entries {
        let gap = if out.is_empty() { "" } else { "\n" };
        let heading = entry.chapter.heading(language).to_lowercase();
        writeln!(out, "{gap}{}  ({heading})\n  {}\n", entry.signature, entry.meaning)
            .expect("a string takes all");
        for line in entry.examples.iter().flat_map(|example| example.lines()) {
            writeln!(out, "    {line}").expect("a string takes all");
        }
    }
    out
}
