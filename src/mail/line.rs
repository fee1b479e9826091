//! One line of clean text: what every name, title and answer becomes before it is put into a mail.
//! Escaping for HTML is the template engine's work; encoding for headers is in `mime`.

use std::fmt;

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

/// Text without line breaks, control characters and characters that turn the reading direction around.
///
/// There is no other way to make one than to clean the text, so what holds a `Line` cannot forge a header or a layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(transparent)]
pub(crate) struct Line(String);

impl Line {
    /// The most characters that a name or an answer may have in a mail.
    const LONGEST: usize = 1000;

    /// Cleans `text`: every run of blanks and line breaks becomes one space.
    pub(crate) fn new(text: &str) -> Self {
        let mut line = String::with_capacity(text.len());
        for c in text.chars().filter_map(visible) {
            if !c.is_whitespace() {
                line.push(c);
            } else if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        }
        line.truncate(line.trim_end().len());
        Self(line).cut(Self::LONGEST)
    }

    /// Cleans a text that may have several lines, each by itself and with its indent.
    pub(super) fn verbatim(text: &str) -> Vec<Self> {
        let line = |text: &str| {
            let visible: String = text.chars().filter_map(visible).collect();
            Self(visible.trim_end().to_owned()).cut(Self::LONGEST)
        };
        text.trim_end().lines().map(line).collect()
    }

    /// Returns at most `longest` characters as people count them, the last one `…` if something was cut off.
    pub(super) fn cut(self, longest: usize) -> Self {
        // A short text in bytes is short in characters too, which spares the counting almost always.
        if self.0.len() <= longest || self.0.graphemes(true).count() <= longest {
            return self;
        }
        let kept: String = self.0.graphemes(true).take(longest.saturating_sub(1)).collect();
        Self(format!("{}…", kept.trim_end()))
    }

    /// Returns the line with its first letter in upper case, to start a sentence with.
    pub(super) fn capitalised(&self) -> Self {
        let mut letters = self.0.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        Self(first + letters.as_str())
    }

    /// Returns the line with its first letter in lower case, to go on in a sentence with.
    pub(super) fn uncapitalised(&self) -> Self {
        let mut letters = self.0.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
        Self(first + letters.as_str())
    }

    /// Returns the text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the text away.
    pub(crate) fn into_text(self) -> String {
        self.0
    }

    /// Tells whether nothing is left to read.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Returns what stands for a character in a mail: itself, a space, or nothing.
fn visible(character: char) -> Option<char> {
    match character {
        '\u{2028}' | '\u{2029}' => Some(' '),
        // Bidi marks, embeddings, overrides and isolates; invisible fillers; tags; a byte order mark.
        '\u{061C}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{00AD}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}' => None,
        control if control.is_control() => Some(' '),
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn what_could_forge_a_header_or_a_layout_is_taken_out() {
        let clean = |text: &str| Line::new(text).to_string();
        assert_eq!(clean("Pro\r\nBcc: all@example.org"), "Pro Bcc: all@example.org");
        assert_eq!(clean("a\u{202E}gpj.exe\u{2066}\u{200F}"), "agpj.exe");
        assert_eq!(clean("\u{1b}[31mred\u{0}\u{85}\u{2028}x\t y "), "[31mred x y");
        assert_eq!(clean("{{ 7 * 7 }} <b>ok</b>"), "{{ 7 * 7 }} <b>ok</b>");
    }

    #[test]
    fn a_line_is_cut_between_whole_characters() {
        let family = "👨‍👩‍👧";
        let flags = "e\u{301}".repeat(3);
        assert_eq!(Line::new(&family.repeat(4)).cut(3).to_string(), format!("{family}{family}…"));
        assert_eq!(Line::new(&flags).cut(3).to_string(), flags);
        assert_eq!(Line::new(&flags).cut(2).to_string(), "e\u{301}…");
        assert_eq!(Line::new("ord for ord").cut(5).to_string(), "ord…");
    }

    #[test]
    fn a_message_of_several_lines_keeps_its_indents() {
        let lines = Line::verbatim("error\n  --> rules\u{7}/x.rhai\r\n\tx\n\n");
        let lines: Vec<&str> = lines.iter().map(Line::as_str).collect();
        assert_eq!(lines, ["error", "  --> rules /x.rhai", " x"]);
    }
}
