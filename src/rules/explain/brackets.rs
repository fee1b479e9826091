//! Brackets and comments that are open where they should not be.

use crate::rules::tokens::{Kind, tokens};

/// Returns the innermost bracket of `text` that is open at `end`, and the word before it.
pub(super) fn innermost_open(text: &str, end: usize) -> Option<(usize, &str)> {
    let mut open: Vec<(usize, &str)> = Vec::new();
    let mut last = "";
    for token in tokens(text).into_iter().take_while(|token| token.span.start < end) {
        let written = &text[token.span.clone()];
        match (token.kind, written.chars().next_back()) {
            (Kind::Sign, Some('(' | '[' | '{')) => open.push((token.span.end - 1, last)),
            (Kind::Sign, Some(')' | ']' | '}')) => {
                open.pop();
            }
            _ => {}
        }
        last = if token.kind == Kind::Name { written } else { "" };
    }
    open.pop()
}

/// Returns the bracket that closes `bracket`.
pub(super) fn closing(bracket: &str) -> &'static str {
    match bracket {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

/// Returns the beginning of a comment that goes on to the end of the file without being closed.
pub(in crate::rules) fn open_comment(text: &str) -> Option<usize> {
    let mut at = tokens(text).last().map_or(0, |token| token.span.end);
    while let Some(sign) = text[at..].find("/*") {
        let line = text[at..].find("//").filter(|line| *line < sign);
        if let Some(line) = line {
            at += line;
            at += text[at..].find('\n')?;
            continue;
        }
        let start = at + sign;
        at = start + end_of_comment(&text[start..]).unwrap_or(0);
        if at == start {
            return Some(start);
        }
    }
    None
}

fn end_of_comment(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut at = 0;
    loop {
        let sign = at + text.get(at..)?.find(['/', '*'])?;
        match text.get(sign..sign + 2)? {
            "/*" => (depth, at) = (depth + 1, sign + 2),
            "*/" => (depth, at) = (depth - 1, sign + 2),
            _ => at = sign + 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
}
