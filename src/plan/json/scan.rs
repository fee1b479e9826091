//! Scanning a JSON text into a tree of places, past whatever small slips can be understood: a comma too many or missing,
//! a comment, other quotes. Each slip is told; only what cannot be understood ends the scan.

mod token;

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
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"' | '\'') => self.string(),
            Some(char) if char.is_ascii_digit() || "-+.".contains(char) => self.number(),
            Some(char) if char.is_alphabetic() => self.word(),
            Some(_) => self.stop(self.here(), "a value is missing here"),
            None => self.stop(self.here(), "the file ends where a value should stand"),
        }
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
            None => self.unclosed(start, close),
            Some(_) => {
                let opened = self.line_of(start);
                let open = if close == '}' { "object" } else { "list" };
                let message =
                    format!("expected `,` or `{close}` in the {open} opened on line {opened}");
                let after_text = self.text[..entry_end].ends_with('"');
                let help = "does the text before have a quote too many, or too few? one inside text is written `\\\"`";
                let fault = Fault::error("syntax", self.here(), message);
                self.slips.push(fault.help(after_text.then(|| help.to_owned())));
                Err(Stop)
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

    fn unclosed<T>(&mut self, start: usize, close: char) -> Result<T, Stop> {
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
    fn stop<T>(
        &mut self,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Result<T, Stop> {
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
