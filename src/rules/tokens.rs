//! The tokens of a rule file with the bytes that each takes, so that a file can be cut and put together again.
//! Rhai's own lexer tells where a token begins, but not where it ends; what a file means is Rhai's to say, in `load`.

use std::ops::Range;

/// What a token is, as far as cutting conditions needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword.
    Name,
    /// A text, a character or a number.
    Literal,
    /// An operator or a bracket, two characters together where they are one.
    Sign,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Its bytes in the file.
    pub(super) span: Range<usize>,
}

/// Signs that are more than one character, the longest first.
const SIGNS: [&str; 15] =
    ["..=", "==", "!=", "<=", ">=", "&&", "||", "..", "??", "=>", "::", "?.", "?[", "#{", "**"];

/// Returns the tokens of `text`; whitespace and comments are none. What cannot be understood is a sign of its own.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = if first.is_whitespace() {
            (None, first.len_utf8())
        } else if rest.starts_with("//") {
            (None, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (None, block_comment(rest))
        } else if first == '"' || first == '\'' {
            (Some(Kind::Literal), quoted(rest, first))
        } else if first == '`' {
            (Some(Kind::Literal), interpolated(rest))
        } else if first.is_ascii_digit() {
            (Some(Kind::Literal), number(rest))
        } else if first.is_alphanumeric() || first == '_' {
            (Some(Kind::Name), while_true(rest, |c| c.is_alphanumeric() || c == '_'))
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            (Some(Kind::Sign), sign.map_or(first.len_utf8(), |sign| sign.len()))
        };
        found.extend(kind.map(|kind| Token { kind, span: at..at + length }));
        at += length;
    }
    found
}

fn while_true(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|c| !holds(c)).unwrap_or(text.len())
}

/// `30.days` is a number, a dot and a name; `3.5` is one number.
fn number(text: &str) -> usize {
    let digits = |text: &str| while_true(text, |c| c.is_ascii_alphanumeric() || c == '_');
    let whole = digits(text);
    match text[whole..].strip_prefix('.') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => whole + 1 + digits(rest),
        _ => whole,
    }
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                break;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// A text in backticks; what stands in `${…}` belongs to it.
fn interpolated(text: &str) -> usize {
    let mut at = 1;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with('`') {
            return at + 1;
        }
        at += if let Some(inside) = rest.strip_prefix("${") {
            let mut depth = 1;
            let end = tokens(inside).into_iter().find(|token| {
                match &inside[token.span.clone()] {
                    "{" | "#{" => depth += 1,
                    "}" => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            2 + end.map_or(inside.len(), |end| end.span.end)
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        tokens(text).iter().map(|token| &text[token.span.clone()]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_file_is_cut_into_tokens_and_comments_are_none() {
        let cut = words(
            "rule(\"a // b\").when(|d| d.days_left>=-3&&!d.blocked /* x /* y */ ) */ || `t ${#{a: \"}\"}} ` == 'c')// end",
        );
        assert_eq!(
            cut,
            "rule ( \"a // b\" ) . when ( | d | d . days_left >= - 3 && ! d . blocked || `t ${#{a: \"}\"}} ` == 'c' )"
        );
        assert_eq!(words("30.days.before 3.5 0..=4 æ_1"), "30 . days . before 3.5 0 ..= 4 æ_1");
    }

    #[test]
    fn what_has_no_end_ends_with_the_file() {
        for text in ["\"abc", "`a ${ b", "/* a", "'", "\"\\"] {
            assert!(tokens(text).iter().all(|token| token.span.end <= text.len()), "{text}");
        }
    }
}
