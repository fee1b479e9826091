//! Single tokens: text, numbers, words, and what stands between them.

use super::{Scanner, Stop};
use crate::plan::json::tree::Kind;

impl Scanner<'_> {
    /// Scans text in quotes.
    pub(super) fn string(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let quote = self.text.as_bytes()[start];
        self.at += 1;
        let mut escaped = false;
        let mut control = None;
        loop {
            // Bytes will do: what is looked for is ASCII, and no byte of another character is.
            match self.text.as_bytes().get(self.at) {
                Some(byte) if *byte == quote => break self.at += 1,
                Some(b'\n') | None => return self.unclosed_string(start, quote),
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1 + usize::from(
                        self.text.as_bytes().get(self.at + 1) == Some(&quote)
                            || self.text.as_bytes().get(self.at + 1) == Some(&b'\\'),
                    );
                }
                Some(0..0x20) => {
                    control.get_or_insert(self.at);
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
        let span = start..self.at;
        let raw = &self.text[span.clone()];
        let is_garbled = quote == b'"' && escaped && serde_json::from_str::<String>(raw).is_err();
        self.leaf(start, if is_garbled { Kind::Unknown } else { Kind::Text });
        if quote == b'\'' {
            self.slip(span, "JSON writes text in double quotes", None)
        } else if let Some(at) = control {
            let help = "a tab is written `\\t` in JSON".to_owned();
            self.slip(at..at + 1, "a control character inside text", Some(help))
        } else if is_garbled {
            let help = "a backslash itself is written `\\\\`".to_owned();
            self.slip(span, "an escape in this text that JSON does not have", Some(help))
        } else {
            Ok(())
        }
    }

    /// Ends a string that does not end on its line there, before a comma if one stands last.
    fn unclosed_string(&mut self, start: usize, quote: u8) -> Result<(), Stop> {
        let line = self.text[start + 1..self.at].trim_end();
        let line = line.strip_suffix(',').unwrap_or(line);
        self.at = start + 1 + line.len();
        self.leaf(start, Kind::Unknown);
        let message =
            format!("text that begins with `{}` here has no end on its line", char::from(quote));
        let help = "close it with `\"`; a line break inside text is written `\\n`".to_owned();
        self.slip(start..self.at, message, Some(help))
    }

    /// Scans a key that has no quotes.
    pub(super) fn bare_key(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let key = self.take(|char| char.is_alphanumeric() || "-_$.".contains(char));
        self.leaf(start, Kind::Text);
        self.slip(start..self.at, format!("the key `{key}` needs double quotes"), None)
    }

    /// Scans a number, or what looks like one.
    pub(super) fn number(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let raw = self.take(|char| char.is_alphanumeric() || "-+.:/".contains(char));
        let is_number = serde_json::from_str::<serde_json::Number>(raw).is_ok();
        self.leaf(start, if is_number { Kind::Number } else { Kind::Unknown });
        if is_number {
            return Ok(());
        }
        let message = format!("`{raw}` is not a number as JSON writes it");
        let help = format!("did you mean the text `\"{raw}\"`?");
        self.slip(start..self.at, message, Some(help))
    }

    /// Scans `true`, `false`, `null`, or a word that should stand in quotes.
    pub(super) fn word(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let word = self.take(|char| char.is_alphanumeric() || "-_./".contains(char));
        let kind = match word {
            "true" | "false" => Kind::Bool,
            "null" => Kind::Null,
            _ => Kind::Unknown,
        };
        self.leaf(start, kind);
        if kind != Kind::Unknown {
            return Ok(());
        }
        let meant = match word.to_lowercase().as_str() {
            "true" | "false" | "null" => word.to_lowercase(),
            "none" | "nil" | "undefined" => "null".to_owned(),
            _ => format!("\"{word}\""),
        };
        let message = format!("`{word}` is no JSON value");
        self.slip(start..self.at, message, Some(format!("did you mean `{meant}`?")))
    }

    /// Passes white space, and comments with a word about each.
    pub(super) fn space(&mut self) -> Result<(), Stop> {
        loop {
            let rest = &self.text[self.at..];
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            let rest = &self.text[self.at..];
            let length = if rest.starts_with("//") || rest.starts_with('#') {
                rest.find('\n').unwrap_or(rest.len())
            } else if let Some(inside) = rest.strip_prefix("/*") {
                inside.find("*/").map_or(rest.len(), |end| end + 4)
            } else if rest.starts_with('\u{a0}') {
                let message = "a no-break space outside text: JSON knows only the plain one";
                self.slip(self.here(), message, None)?;
                self.at += 2;
                continue;
            } else {
                return Ok(());
            };
            let line = rest[..length].lines().next().unwrap_or_default();
            let help = "keep remarks in a measure's `about` or `data`".to_owned();
            let span = self.at..self.at + line.len();
            self.slip(span, "JSON has no comments", Some(help))?;
            self.at += length;
        }
    }
}
