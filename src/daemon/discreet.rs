//! What the log may say: one line, no mail address, no number that only programs know. Whom a mail was for, what it said and
//! what the server answered is in the ledger, which fewer people can read than a system's log.

use crate::finding::visible;

/// Stands before a rule's own words.
const GIVES_UP: &str = "the rule gives up:";

/// Returns `text` in one line, with `(address)` in the place of every mail address.
///
/// An occurrence, `4e/meeting@2011-06-01`, is no address.
pub(crate) fn discreet(text: &str) -> String {
    let text = without_own_words(text);
    let words = text.split_whitespace().map(without_address);
    visible(&words.collect::<Vec<_>>().join(" ")).into_owned()
}

/// Returns a text of several lines with `(address)` in the place of every mail address.
pub(crate) fn discreet_lines(text: &str) -> String {
    without_own_words(text).split_inclusive(' ').map(without_address).collect()
}

/// Leaves out what a rule has thrown, which may be anything that it knows: titles, names, answers.
fn without_own_words(text: &str) -> String {
    let mut told = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(GIVES_UP) {
        let (before, words) = rest.split_at(at + GIVES_UP.len());
        let shown = [" (shown by ", " (asked about ", "\n"];
        let end = shown.iter().filter_map(|end| words.find(end)).min();
        told += before;
        told += " …";
        rest = &words[end.unwrap_or(words.len())..];
    }
    told + rest
}

fn without_address(word: &str) -> String {
    let ends_it = |c: char| c.is_whitespace() || "<>()[]\"'`,;:|".contains(c);
    let mut told = String::new();
    let mut rest = word;
    while let Some(at) = rest.find('@') {
        let start = rest[..at].rfind(ends_it).map_or(0, |end| end + first_length(&rest[end..]));
        let end = rest[at..].find(ends_it).map_or(rest.len(), |length| at + length);
        let (local, domain) = (&rest[start..at], &rest[at + 1..end]);
        let is_occurrence =
            domain.get(..10).is_some_and(|date| date.parse::<chrono::NaiveDate>().is_ok());
        told.push_str(&rest[..start]);
        let has_local = !local.is_empty() || rest[..at].ends_with('"');
        // `postgres://frist@host` names who logs in where.
        let is_server = local.starts_with("//");
        let is_address = has_local && !domain.is_empty() && !is_occurrence && !is_server;
        told.push_str(if is_address { "(address)" } else { &rest[start..end] });
        rest = &rest[end..];
    }
    told + rest
}

/// Writes an error with its causes in one line.
pub(crate) fn in_one_line(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = error.source();
    }
    without_numbers(&words)
}

/// Leaves out what only tells programs what went wrong: `(os error 2)`, `error returned from database: (code: 26)`.
fn without_numbers(words: &str) -> String {
    let mut told = words.replace("error returned from database: ", "");
    for number in [" (os error ", "(code: "] {
        while let Some(start) = told.find(number)
            && let Some(length) = told[start..].find(')')
        {
            let end = start + length + 1;
            let end = if number.starts_with(' ') {
                end
            } else {
                end + usize::from(told[end..].starts_with(' '))
            };
            told.replace_range(start..end, "");
        }
    }
    told
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_left_out_wherever_it_stands() {
        let refused = "RCPT TO: 550 5.1.1 <office@example.org>: Recipient address rejected";
        assert_eq!(discreet(refused), "RCPT TO: 550 5.1.1 <(address)>: Recipient address rejected");
        assert_eq!(
            discreet("a@b, `c@d` and \"e@f\"; mailto:g@h."),
            "(address), `(address)` and \"(address)\"; mailto:(address)"
        );
        assert_eq!(
            discreet("\"office\"@example.org a@b@c @ @x y@"),
            "\"office\"(address) (address) @ @x y@"
        );
        assert_eq!(
            discreet_lines("x@y.org\n  |  \"z@y.org\",\n"),
            "(address)\n  |  \"(address)\",\n"
        );
    }

    #[test]
    fn occurrences_and_everything_else_stay() {
        for text in [
            "rule `x` fails for 4e/meeting@2011-06-01: no `@`, møte 1@2011-06-01",
            "the ledger `postgres://frist@db.example.org:5432/frist` cannot be reached",
        ] {
            assert_eq!(discreet(text), text);
        }
    }

    #[test]
    fn what_a_rule_throws_is_left_out() {
        assert_eq!(
            discreet("`x`: the rule gives up: Differensierte botilbud (asked about 1a/summary)"),
            "`x`: the rule gives up: … (asked about 1a/summary)"
        );
        assert_eq!(discreet_lines("the rule gives up: a\n| b"), "the rule gives up: …\n| b");
    }

    #[test]
    fn no_line_is_forged() {
        assert_eq!(
            discreet("a\n2011-01-01 INFO sent\r\u{1b}[2K b\u{2028}c"),
            "a 2011-01-01 INFO sent ␛[2K b c"
        );
    }
}
