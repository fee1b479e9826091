//! A scenario as it stands in its file: a chain of words, each with its bytes, so that some can be taken out and others added.
//! What the words mean is in `words`.

use std::ops::Range;

use super::Spot;
use crate::finding::place_of;
use crate::rules::tokens::{Token, tokens};

/// The text of one scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Each `.word(…)` with the blanks before it, and where its word stands: line and column in characters, from 1.
    pub links: Vec<(Range<usize>, (usize, usize))>,
    /// Where the chain ends, before the `;`.
    pub end: usize,
}

/// Finds the scenario that begins at `place` in `text`; `None` if no plain chain of words begins there.
pub fn chain(text: &str, place: &Spot) -> Option<Chain> {
    let tokens = tokens(text);
    let begins = |token: &Token| place_of(text, token.span.start) == (place.line, place.column);
    let mut at = tokens.iter().position(begins)?;
    let word = |at: usize| tokens.get(at).map_or("", |token| &text[token.span.clone()]);
    if word(at) != "scenario" {
        return None;
    }
    at = after_brackets(&tokens, text, at + 1)?;
    let mut links = Vec::new();
    while word(at) == "." {
        let start = tokens[at - 1].span.end;
        let named = place_of(text, tokens.get(at + 1)?.span.start);
        at = after_brackets(&tokens, text, at + 2)?;
        links.push((start..tokens[at - 1].span.end, named));
    }
    Some(Chain { links, end: tokens[at - 1].span.end })
}

/// Returns the place after the bracket that closes the one at `at`.
fn after_brackets(tokens: &[Token], text: &str, at: usize) -> Option<usize> {
    let mut depth = 0;
    for (place, token) in tokens.iter().enumerate().skip(at) {
        match &text[token.span.clone()] {
            "(" | "[" | "{" | "#{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (place > at).then_some(place + 1);
        }
    }
    None
}
