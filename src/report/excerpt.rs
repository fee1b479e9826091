//! The line that a finding is about, cut to the surroundings of the place if it is very long.

use std::ops::Range;

use crate::finding::{Finding, visible};

/// How many bytes before and after the place belong to the line at most; a minified file is one line of megabytes.
const AROUND: usize = 400;

/// How many characters before, inside and after the place are shown of a longer line.
const BEFORE: usize = 40;
const INSIDE: usize = 40;
const AFTER: usize = 40;

/// What is shown of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line, or a piece of it with `…` where it was cut.
    pub(super) text: String,
    /// The bytes of the piece that the finding is about.
    pub(super) span: Range<usize>,
    /// Whether the beginning is missing, so that columns cannot be counted in the piece.
    pub(super) is_cut: bool,
}

impl Excerpt {
    /// Shows what a terminal would obey, also where the renderer would not.
    fn visible(self) -> Self {
        let Range { start, end } = self.span;
        let [before, inside, after] =
            [&self.text[..start], &self.text[start..end], &self.text[end..]].map(visible);
        let span = before.len()..before.len() + inside.len();
        Self { text: [before, inside, after].concat(), span, is_cut: self.is_cut }
    }
}

/// A text whose lines are looked up forwards, so that a report of many findings goes through it once.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// The first byte of the line that was looked up last, and its number.
    start: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        // A byte order mark is no character of the first line.
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, start, line: 1 }
    }

    /// Returns what is to be shown of the line of `finding`.
    pub(super) fn excerpt(&mut self, finding: &Finding) -> Excerpt {
        if finding.line < self.line {
            *self = Self::new(self.text);
        }
        while self.line < finding.line
            && let Some(end) = self.text[self.start..].find('\n')
        {
            self.start += end + 1;
            self.line += 1;
        }
        let place_start = self.boundary(finding.span.start);
        let place_end = self.boundary(finding.span.end).max(place_start);
        let first = self.boundary(place_start.saturating_sub(AROUND));
        let last = self.boundary(place_end + AROUND);
        let line_end = self.text[place_start..last].find(['\r', '\n']);
        let window = first..line_end.map_or(last, |end| place_start + end);
        let place = place_start - first..place_end.min(window.end) - first;
        let has_start = first == self.start;
        let has_end = line_end.is_some() || last == self.text.len();
        let text = &self.text[window];
        let excerpt = if has_start && has_end {
            Excerpt { text: text.to_owned(), span: place, is_cut: false }
        } else {
            cut(text, place, has_start, has_end)
        };
        excerpt.visible()
    }

    /// Returns the nearest place on or before `byte`, in this line or after it, where a character begins.
    fn boundary(&self, byte: usize) -> usize {
        let mut byte = byte.clamp(self.start, self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }
}

/// Cuts a piece of a line to the surroundings of a place in it; the piece may have the line's start or end.
fn cut(text: &str, place: Range<usize>, has_start: bool, has_end: bool) -> Excerpt {
    let nth = |from: usize, n: usize| text[from..].char_indices().nth(n).map(|(at, _)| from + at);
    let mut before = text[..place.start].char_indices().rev();
    let start = before.nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let inside_end = nth(place.start, INSIDE).unwrap_or(place.end).min(place.end);
    let end = nth(inside_end, AFTER).unwrap_or(text.len());
    let is_cut = start > 0 || !has_start;
    let before = if is_cut { "…" } else { "" };
    let after = if end < text.len() || !has_end { "…" } else { "" };
    let shift = |byte: usize| byte - start + before.len();
    Excerpt {
        text: format!("{before}{}{after}", &text[start..end]),
        span: shift(place.start)..shift(inside_end),
        is_cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Fault, locate};

    fn shown(text: &str, word: &str) -> (String, String, bool) {
        let start = text.find(word).expect("the word is in the text");
        let fault = Fault::error("test", start..start + word.len(), "");
        let Excerpt { text, span, is_cut } =
            Lines::new(text).excerpt(&locate("f", text, vec![fault])[0]);
        let underlined = text[span].to_owned();
        (text, underlined, is_cut)
    }

    #[test]
    fn a_line_is_shown_whole_without_its_end() {
        let line = |text, word| shown(text, word).0;
        assert_eq!(line("one\r\ntwo blåbær\r\nthree", "bær"), "two blåbær");
        assert_eq!(line("\u{feff}one", "one"), "one");
        assert_eq!(line("one", "ne"), "one");
        assert_eq!(shown("a\n\tb c", "c"), ("\tb c".into(), "c".into(), false));
    }

    #[test]
    fn a_line_of_megabytes_is_cut_around_the_place() {
        let filling = "æ".repeat(1_000_000);
        let (text, underlined, is_cut) = shown(&format!("{filling}HERE{filling}"), "HERE");
        assert_eq!(underlined, "HERE");
        assert_eq!(text.chars().count(), 1 + BEFORE + 4 + AFTER + 1);
        assert!(is_cut);
    }

    #[test]
    fn a_place_longer_than_the_screen_is_cut_too() {
        let (text, underlined, _) =
            shown(&format!("{}{}", "a".repeat(900), "b".repeat(900)), &"b".repeat(900));
        assert_eq!(underlined, "b".repeat(INSIDE));
        assert_eq!(text, format!("…{}{}…", "a".repeat(BEFORE), "b".repeat(INSIDE + AFTER)));
    }
}
