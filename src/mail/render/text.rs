//! The plain-text form of a page: readable alone, wrapped at 76 columns.
//! What is said is decided in `page`.

use unicode_segmentation::UnicodeSegmentation;

use super::page::{Card, List, Page};
use crate::mail::line::Line;

/// The most columns of a line.
const WIDTH: usize = 76;

/// Writes a page as plain text, lines ended by `\n`.
pub(super) fn text(page: &Page) -> String {
    let mut out = Writer::default();
    out.paragraph(&page.plan);
    out.paragraph(&page.greeting);
    if let Some(intro) = &page.intro {
        out.paragraph(intro);
    }
    for part in &page.parts {
        if let Some(heading) = &part.heading {
            out.blank();
            out.heading(&heading.as_str().to_uppercase(), '=');
        }
        for card in &part.cards {
            out.blank();
            write_card(&mut out, card);
        }
    }
    if let Some(answer) = &page.answer {
        out.blank();
        out.heading(answer.heading.as_str(), '-');
        write_entries(&mut out, answer);
    }
    out.blank();
    out.line("--");
    out.wrapped("", "", page.footer.as_str());
    out.0
}

fn write_card(out: &mut Writer, card: &Card) {
    out.heading(card.heading.as_str(), '-');
    if let Some(what) = &card.what {
        out.wrapped("", "", what.as_str());
    }
    if let Some((label, due, decided)) = &card.due {
        let decided = decided.as_ref().map_or_else(String::new, |said| format!(", {said}"));
        out.wrapped("", "  ", &format!("{label}: {due}{decided}"));
    }
    if let Some(badge) = &card.badge {
        let more = card.badge_more.as_ref().map_or_else(String::new, |more| format!(", {more}"));
        out.wrapped("", "", &format!("{badge}{more}"));
    }
    if let Some(late) = &card.late {
        out.blank();
        out.wrapped("* ", "  ", late.as_str());
    }
    out.blank();
    for note in &card.notes {
        out.wrapped("", "", note.as_str());
    }
    for paragraph in &card.ask {
        out.blank();
        for line in paragraph {
            out.wrapped("", "", line.as_str());
        }
    }
    out.blank();
    for (n, what) in &card.counts {
        out.line(&format!("{n:>4}  {what}"));
    }
    for list in &card.lists {
        out.blank();
        write_list(out, list);
    }
    out.blank();
    for line in &card.verbatim {
        // Wrapping would tear an excerpt from the marks below it.
        out.line(&format!("    {line}"));
    }
    out.blank();
    for (label, value) in &card.facts {
        out.wrapped("", "  ", &format!("{label}: {value}"));
    }
}

fn write_list(out: &mut Writer, list: &List) {
    out.wrapped("", "", list.heading.as_str());
    write_entries(out, list);
}

fn write_entries(out: &mut Writer, list: &List) {
    if let Some(intro) = &list.intro {
        out.wrapped("", "", intro.as_str());
    }
    for entry in &list.entries {
        out.wrapped("- ", "  ", entry.what.as_str());
        if let Some(details) = &entry.details {
            out.wrapped("  ", "  ", details.as_str());
        }
    }
}

/// Text in the making; there are never two blank lines in a row.
#[derive(Default)]
struct Writer(String);

impl Writer {
    fn line(&mut self, text: &str) {
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    fn blank(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }

    fn paragraph(&mut self, text: &Line) {
        self.wrapped("", "", text.as_str());
        self.blank();
    }

    fn heading(&mut self, text: &str, rule: char) {
        let before = self.0.len();
        self.wrapped("", "", text);
        let longest = self.0[before..].lines().map(columns).max().unwrap_or_default();
        self.line(&rule.to_string().repeat(longest));
    }

    /// Writes `text` wrapped between words; a word that is longer than a line is broken, unless it is a web address.
    fn wrapped(&mut self, first: &str, rest: &str, text: &str) {
        let mut line = first.to_owned();
        let mut taken = first.len();
        let mut at_start = true;
        for word in text.split(' ').flat_map(|word| pieces(word, WIDTH - rest.len())) {
            let wide = columns(word);
            if !at_start && taken + 1 + wide > WIDTH {
                self.line(&line);
                rest.clone_into(&mut line);
                taken = rest.len();
                at_start = true;
            }
            if !at_start {
                line.push(' ');
                taken += 1;
            }
            line.push_str(word);
            taken += wide;
            at_start = false;
        }
        self.line(&line);
    }
}

/// Breaks a word into pieces that fit into `width` columns; most words are one piece.
fn pieces(word: &str, width: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = word;
    if !word.starts_with("http://") && !word.starts_with("https://") && word.len() > width {
        while let Some((at, _)) = rest.grapheme_indices(true).nth(width) {
            let (piece, after) = rest.split_at(at);
            pieces.push(piece);
            rest = after;
        }
    }
    pieces.push(rest);
    pieces
}

/// Counts the characters of a line as people do.
fn columns(line: &str) -> usize {
    if line.is_ascii() { line.len() } else { line.graphemes(true).count() }
}
