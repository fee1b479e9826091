//! Scanning a JSON text into a tree of places, past whatever small slips can be understood: a comma too many or missing,
//! a comment, other quotes. Each slip is told; only what cannot be understood ends the scan.

use super::tree::{Kind, Node, Tree};
use crate::finding::Fault;
use crate::plan::index;

/// How deep values may be nested, as in `serde_json`.
const DEPTH: usize = 127;

/// How many slips are told; a file with more is no JSON, and the next hundred would say the same.
const MOST_SLIPS: usize = 100;

/// Scans `text`, which is shorter than 4 GiB.
///
/// The tree is `None` if the text could not be understood to its end; the slips come in the order of the text.
pub(super) fn scan(text: &str) -> (Option<Tree<'_>>, Vec<Fault>) {
    let mut scanner = Scanner { text, at: 0, nodes: Vec::new(), slips: Vec::new() };
    let whole = scanner.whole();
    let tree = whole.is_ok().then(|| Tree::new(text, scanner.nodes));
    (tree, scanner.slips)
}

/// The scan cannot go on; why is among the slips.
struct Stop;

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    nodes: Vec<Node>,
    slips: Vec<Fault>,
}

impl<'a> Scanner<'a> {
    fn whole(&mut self) -> Result<(), Stop> {
        self.space()?;
        if self.peek().is_none() {
            return self.stop(0..0, "the file is empty");
        }
        self.value(0)?;
        self.space()?;
        match self.peek() {
            None => Ok(()),
            Some(_) => self.stop(self.here(), "the plan has ended, and here is more"),
        }
    }

    fn value(&mut self, depth: usize) -> Result<(), Stop> {
        if depth > DEPTH {
            return self.stop(self.here(), "values are nested too deeply here");
        }
        let start = self.at;
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"' | '\'') => self.string(),
            Some(char) if char.is_ascii_digit() || "-+.".contains(char) => {
                let raw = self.take(|char| char.is_ascii_alphanumeric() || "-+.".contains(char));
                let is_number = serde_json::from_str::<serde_json::Number>(raw).is_ok();
                let message = format!("`{raw}` is not a number as JSON writes it");
                let kind = if is_number { Kind::Number } else { Kind::Unknown };
                self.leaf(start, kind);
                if is_number { Ok(()) } else { self.slip(start..self.at, message, None) }
            }
            Some(char) if char.is_alphabetic() => self.word(start),
            Some(_) => self.stop(self.here(), "a value is missing here"),
            None => self.stop(self.here(), "the file ends where a value should stand"),
        }
    }

    /// Scans `true`, `false`, `null`, or a word that should stand in quotes.
    fn word(&mut self, start: usize) -> Result<(), Stop> {
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

    fn object(&mut self, depth: usize) -> Result<(), Stop> {
        let (start, node) = self.open(Kind::Object);
        let mut comma = None;
        loop {
            self.space()?;
            match self.peek() {
                Some('}') => break,
                Some('"' | '\'') => self.string()?,
                Some(char) if char.is_alphabetic() || "_$".contains(char) => self.bare_key()?,
                Some(',') => return self.stop(self.here(), "a comma too many"),
                Some(_) => {
                    return self.stop(self.here(), "expected a key in double quotes, or `}`");
                }
                None => return self.unclosed(start, '}'),
            }
            self.space()?;
            match self.peek() {
                Some(':') => self.at += 1,
                Some('=') => {
                    let message = "a key and its value are parted by `:`";
                    self.slip(self.here(), message, None)?;
                    self.at += 1;
                }
                None => return self.unclosed(start, '}'),
                Some(_) => return self.stop(self.here(), "expected `:` after the key"),
            }
            self.space()?;
            self.value(depth + 1)?;
            comma = self.comma(start, '}', |char| char == '"')?;
            if comma.is_none() && self.peek() == Some('}') {
                break;
            }
        }
        self.trailing(comma)?;
        self.close(node);
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<(), Stop> {
        let (start, node) = self.open(Kind::Array);
        let mut comma = None;
        loop {
            self.space()?;
            match self.peek() {
                Some(']') => break,
                Some(',') => return self.stop(self.here(), "a comma too many"),
                None => return self.unclosed(start, ']'),
                Some(_) => self.value(depth + 1)?,
            }
            comma = self.comma(start, ']', |char| "\"{[".contains(char))?;
            if comma.is_none() && self.peek() == Some(']') {
                break;
            }
        }
        self.trailing(comma)?;
        self.close(node);
        Ok(())
    }

    /// Passes the comma after an entry and returns its place; notices a missing one where another entry follows.
    fn comma(
        &mut self,
        start: usize,
        close: char,
        follows: fn(char) -> bool,
    ) -> Result<Option<usize>, Stop> {
        let entry_end = self.at;
        self.space()?;
        match self.peek() {
            Some(',') => {
                self.at += 1;
                Ok(Some(self.at - 1))
            }
            Some(char) if char == close => Ok(None),
            Some(char) if follows(char) => {
                let end = self.text[..entry_end].chars().next_back().map_or(0, char::len_utf8);
                self.slip(entry_end - end..entry_end, "a comma is missing after this", None)?;
                Ok(None)
            }
            None => self.unclosed(start, close).map(|()| None),
            Some(_) => {
                let opened = self.line_of(start);
                let open = if close == '}' { "object" } else { "list" };
                let message =
                    format!("expected `,` or `{close}` in the {open} opened on line {opened}");
                self.stop(self.here(), message).map(|()| None)
            }
        }
    }

    /// Tells of a comma before the closing bracket.
    fn trailing(&mut self, comma: Option<usize>) -> Result<(), Stop> {
        match comma {
            Some(at) => self.slip(at..at + 1, "a comma too many: nothing follows it", None),
            None => Ok(()),
        }
    }

    fn string(&mut self) -> Result<(), Stop> {
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
        self.leaf(start, Kind::Text);
        let span = start..self.at;
        if quote == b'\'' {
            self.slip(span, "JSON writes text in double quotes", None)
        } else if let Some(at) = control {
            let help = "a tab is written `\\t` in JSON".to_owned();
            self.slip(at..at + 1, "a control character inside text", Some(help))
        } else if escaped && serde_json::from_str::<String>(&self.text[span.clone()]).is_err() {
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
        self.leaf(start, Kind::Text);
        let message =
            format!("text that begins with `{}` here has no end on its line", char::from(quote));
        let help = "close it with `\"`; a line break inside text is written `\\n`".to_owned();
        self.slip(start..self.at, message, Some(help))
    }

    fn bare_key(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let key = self.take(|char| char.is_alphanumeric() || "-_$.".contains(char));
        self.leaf(start, Kind::Text);
        self.slip(start..self.at, format!("the key `{key}` needs double quotes"), None)
    }

    /// Passes white space, and comments with a word about each.
    fn space(&mut self) -> Result<(), Stop> {
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

    fn unclosed(&mut self, start: usize, close: char) -> Result<(), Stop> {
        let message = format!("the file ends before the `{close}` that closes this");
        self.stop(start..start + 1, message)
    }

    /// Notes a slip that can be understood.
    fn slip(
        &mut self,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Result<(), Stop> {
        if self.slips.len() >= MOST_SLIPS {
            return self.stop(span, "and so on: too many faults to go on");
        }
        self.slips.push(Fault::error("syntax", span, message).help(help));
        Ok(())
    }

    /// Notes what cannot be understood, and ends the scan.
    fn stop(
        &mut self,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Result<(), Stop> {
        self.slips.push(Fault::error("syntax", span, message));
        Err(Stop)
    }

    fn open(&mut self, kind: Kind) -> (usize, usize) {
        let start = self.at;
        self.at += 1;
        self.leaf(start, kind);
        (start, self.nodes.len() - 1)
    }

    fn close(&mut self, node: usize) {
        self.at += 1;
        self.nodes[node].end = index(self.at);
        self.nodes[node].next = index(self.nodes.len());
    }

    fn leaf(&mut self, start: usize, kind: Kind) {
        let next = index(self.nodes.len() + 1);
        self.nodes.push(Node { start: index(start), end: index(self.at), next, kind });
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let start = self.at;
        let rest = &self.text[start..];
        self.at += rest.find(|char| !belongs(char)).unwrap_or(rest.len());
        let text = self.text;
        &text[start..self.at]
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Returns the span of the next character.
    fn here(&self) -> std::ops::Range<usize> {
        self.at..self.at + self.peek().map_or(0, char::len_utf8)
    }

    fn line_of(&self, at: usize) -> usize {
        1 + self.text[..at].bytes().filter(|byte| *byte == b'\n').count()
    }
}
