//! What is wrong, or odd, in a file that a person wrote, and where: the one shape for plan, rules and configuration.
//! How findings are found is each reader's (`plan::json`, `rules`); how they are printed is in `report`.

mod nearest;
mod visible;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub use nearest::{nearest, quoted_list};
pub use visible::{is_obeyed, visible};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used, and something will be missing.
    Warning,
    /// Worth knowing; nothing need be done.
    Hint,
}

/// One fault, gap or oddity in a file, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is, in `snake_case`; stable, for programs.
    pub code: &'static str,
    /// The file, as it was named to the reader.
    pub file: Arc<str>,
    /// The bytes of the file's text that it is about.
    pub span: Range<usize>,
    /// The line of the span's first character, counted from 1.
    pub line: usize,
    /// The column of the span's first character, in characters counted from 1.
    pub column: usize,
    /// What is wrong, for people: lower case, no final dot.
    pub message: String,
    /// What to do about it, if there is more to say.
    pub help: Option<String>,
}

/// A finding that knows its bytes, but not yet its line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// How bad it is.
    pub severity: Severity,
    /// What it is, in `snake_case`.
    pub code: &'static str,
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Severity {
    /// Returns the word for JSON and for people: `error`, `warning` or `hint`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

impl Fault {
    /// Makes an error.
    pub fn error(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, span, message: message.into(), help: None }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Option<String>>) -> Self {
        self.help = help.into();
        self
    }
}

impl fmt::Display for Finding {
    /// Writes `plan.json:12:7: error: …`, the help left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, message, .. } = self;
        write!(f, "{file}:{line}:{column}: {}: {message}", self.severity.word())
    }
}

/// Returns the byte at which a line and a column of `text` stand, both counted from 1, the column in characters.
pub fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[before..];
    before + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

/// Returns the bytes of the word or quoted text that begins at a line and a column of `text`; at least one character's,
/// unless the text ends there.
pub fn word_at(text: &str, line: usize, column: usize) -> Range<usize> {
    let start = offset_of(text, line, column);
    let rest = &text[start..];
    let quoted = rest.strip_prefix('"').and_then(|rest| rest.lines().next()?.find('"'));
    let word = || rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8);
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let length = quoted.map_or_else(|| word().sum::<usize>().max(first), |end| end + 2);
    start..start + length
}

/// Returns the line and the column of a byte of `text`, both in characters and from 1.
pub fn place_of(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count());
    (before.matches('\n').count() + 1, column + 1)
}

/// Gives faults their lines and columns in `text`, in the order of the file.
///
/// The text is gone through once, whatever the number of faults and the length of the lines. A byte order mark at its
/// beginning is part of the spans, but no column.
pub fn locate(file: &str, text: &str, mut faults: Vec<Fault>) -> Vec<Finding> {
    // The sort is stable: what was found first at a place is told first.
    faults.sort_by_key(|fault| (fault.span.start, fault.severity));
    let file: Arc<str> = file.into();
    let mut cursor = Cursor { text, byte: 0, line: 1, column: 1 };
    let located = faults.into_iter().map(|fault| {
        cursor.advance(fault.span.start);
        Finding {
            severity: fault.severity,
            code: fault.code,
            file: file.clone(),
            span: fault.span,
            line: cursor.line,
            column: cursor.column,
            message: fault.message,
            help: fault.help,
        }
    });
    located.collect()
}

/// A place in a text that only moves forward.
struct Cursor<'a> {
    text: &'a str,
    byte: usize,
    line: usize,
    column: usize,
}

impl Cursor<'_> {
    fn advance(&mut self, byte: usize) {
        let mut until = byte.max(self.byte).min(self.text.len());
        while !self.text.is_char_boundary(until) {
            until -= 1;
        }
        for char in self.text[self.byte..until].chars() {
            match char {
                '\n' => (self.line, self.column) = (self.line + 1, 1),
                '\u{feff}' if self.column == 1 && self.line == 1 => {}
                _ => self.column += 1,
            }
        }
        self.byte = until;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str, starts: &[usize]) -> Vec<(usize, usize)> {
        let faults = starts.iter().map(|start| Fault::error("test", *start..*start, "")).collect();
        locate("f", text, faults).iter().map(|finding| (finding.line, finding.column)).collect()
    }

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        assert_eq!(places("ab\ncd", &[0, 1, 3, 4, 5]), [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3)]);
        assert_eq!(places("æøå\r\nx", &[2, 4, 6, 8]), [(1, 2), (1, 3), (1, 4), (2, 1)]);
        assert_eq!(places("\u{feff}{}", &[3, 4]), [(1, 1), (1, 2)]);
    }

    #[test]
    fn what_begins_at_a_place_is_a_word_or_a_quoted_text() {
        let at = |line, column| {
            let text = "a.kind == \"sumary\" ø\n\"open";
            &text[word_at(text, line, column)]
        };
        assert_eq!([at(1, 3), at(1, 11), at(1, 8)], ["kind", "\"sumary\"", "="]);
        assert_eq!([at(1, 20), at(2, 1), at(2, 9), at(7, 1)], ["ø", "\"", "", ""]);
    }

    #[test]
    fn findings_come_in_the_order_of_the_file_wherever_they_were_found() {
        assert_eq!(places("a\nb\nc", &[4, 0, 2]), [(1, 1), (2, 1), (3, 1)]);
        assert_eq!(places("abc", &[99]), [(1, 4)]);
    }

    #[test]
    fn a_finding_reads_as_compilers_write_it() {
        let fault = Fault::error("unknown_unit", 2..3, "unit `x` is not in the plan");
        let finding = &locate("plan.json", "\n\nx", vec![fault])[0];
        assert_eq!(finding.to_string(), "plan.json:3:1: error: unit `x` is not in the plan");
    }
}
