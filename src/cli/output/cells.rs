//! Values as JSON and as cells of CSV, so that neither a terminal nor a spreadsheet takes them for an order.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};

use crate::finding::{is_obeyed, visible};

/// A spreadsheet takes what begins so for a formula, which may call programs or send cells elsewhere.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// JSON in one line, with what a terminal obeys escaped beyond what JSON asks for: `\u009b`.
struct Careful;

impl Formatter for Careful {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let mut plain = 0;
        for (at, character) in text.char_indices().filter(|(_, c)| is_obeyed(*c)) {
            out.write_all(&text.as_bytes()[plain..at])?;
            write!(out, "\\u{:04x}", u32::from(character))?;
            plain = at + character.len_utf8();
        }
        out.write_all(&text.as_bytes()[plain..])
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        serde_json::ser::CompactFormatter.write_char_escape(out, escape)
    }
}

/// Writes a value as JSON.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write_json(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, Careful)).map_err(Into::into)
}

/// Writes a JSON value as a cell; a list is joined by spaces, nothing is empty.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe before it, as people type it there.
pub(super) fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => harmless(text),
        serde_json::Value::Array(list) => {
            harmless(&list.iter().map(text_of).collect::<Vec<_>>().join(" "))
        }
        other => other.to_string(),
    }
}

fn text_of(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn harmless(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(FORMULA);
    format!("{}{}", if is_formula { "'" } else { "" }, visible(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_spreadsheet_finds_no_formula_in_a_cell() {
        for formula in
            ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1"]
        {
            let cell = cell(&json!(formula));
            assert!(cell.starts_with('\''), "{cell:?}");
        }
        assert_eq!(cell(&json!(["=1", "b"])), "'=1 b");
        assert_eq!(
            [json!(-30), json!("1a/summary"), json!(null)].map(|v| cell(&v)),
            ["-30", "1a/summary", ""]
        );
    }

    #[test]
    fn json_holds_nothing_that_a_terminal_obeys_and_means_the_same() {
        let text = "å\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\n\"\\";
        let mut out = Vec::new();
        write_json(&mut out, &json!({ "title": text })).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, r#"{"title":"å\u001b[2J\u009b31m\u007f\u202e\n\"\\"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap()["title"], text);
    }
}
