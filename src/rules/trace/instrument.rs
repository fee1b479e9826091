//! Cutting the conditions of a rule file into their parts, each put into a word that notes what it was.
//! The words themselves and what they note are in `trace`.

use std::ops::Range;

use super::{NOTE, Part, SEEN, StepText};
use crate::finding::place_of;
use crate::rules::tokens::{Kind, Token, tokens};

/// Returns `text` with each part of each condition noted, the parts, and how each step is written; `first` is the number
/// of the first part.
///
/// No line is added, so that a rule stays on its lines. A condition that is a block, or a function's name, is one part or
/// none; it means the same as before in any case.
pub(super) fn instrument(
    text: &str,
    file: &str,
    first: usize,
) -> (String, Vec<Part>, Vec<StepText>) {
    let tokens = tokens(text);
    let mut steps = Vec::new();
    let mut cutter =
        Cutter { text, file, tokens: &tokens, first, parts: Vec::new(), cuts: Vec::new() };
    let mut rule = "";
    for at in 0..tokens.len() {
        if cutter.reads(at, &["rule", "("]) && at + 2 < tokens.len() {
            rule = cutter.word(at + 2).trim_matches('"');
        }
        if cutter.reads(at, &[".", "when", "("])
            && let Some(body) = cutter.closure(at + 3)
        {
            cutter.split(body, rule);
        }
        if STEPS.iter().any(|step| cutter.reads(at, &[".", step, "("])) {
            steps.extend(cutter.step(at, rule));
        }
    }
    let Cutter { parts, mut cuts, .. } = cutter;
    // At one place, what closes an inner part comes before what closes an outer one, and opening after closing.
    cuts.sort_by_key(|cut| cut.at);
    let mut noted = String::with_capacity(text.len() + cuts.len() * 16);
    let mut copied = 0;
    for cut in cuts {
        noted.push_str(&text[copied..cut.at]);
        noted.push_str(&cut.insert);
        copied = cut.at;
    }
    noted.push_str(&text[copied..]);
    (noted, parts, steps)
}

struct Cutter<'a> {
    text: &'a str,
    file: &'a str,
    tokens: &'a [Token],
    first: usize,
    parts: Vec<Part>,
    cuts: Vec<Cut>,
}

/// Something to insert.
struct Cut {
    at: usize,
    insert: String,
}

/// The words that make a step.
const STEPS: [&str; 3] = ["remind", "escalate", "notify"];

/// Operators between two values of a comparison.
const COMPARING: [&str; 7] = ["==", "!=", "<", "<=", ">", ">=", "in"];

impl<'a> Cutter<'a> {
    fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| &self.text[token.span.clone()])
    }

    fn reads(&self, at: usize, words: &[&str]) -> bool {
        (at..).zip(words).all(|(at, word)| self.word(at) == *word)
    }

    /// Returns the tokens of the body of the closure that begins at token `at`.
    fn closure(&self, at: usize) -> Option<Range<usize>> {
        if self.word(at) != "|" || self.word(at + 2) != "|" {
            return None;
        }
        let start = at + 3;
        let end =
            self.top_level(start..self.tokens.len()).find(|(_, word)| *word == ")" || *word == ",");
        let body = start..end?.0;
        let special = ["{", "if", "switch", "let", "return", "throw", ""];
        (!body.is_empty() && !special.contains(&self.word(start))).then_some(body)
    }

    /// Returns how the step is written whose dot is at token `at`.
    fn step(&self, at: usize, rule: &str) -> Option<StepText> {
        let (end, _) = self.top_level(at + 3..self.tokens.len()).find(|(_, word)| *word == ")")?;
        let span = self.tokens[at].span.start..self.tokens[end].span.end;
        let (line, _) = place_of(self.text, self.tokens[at + 1].span.start);
        Some(StepText { rule: rule.into(), line, text: one_line(&self.text[span]) })
    }

    /// Goes over the tokens of `range` that stand in no bracket opened within it.
    fn top_level(&self, range: Range<usize>) -> impl Iterator<Item = (usize, &str)> {
        let mut depth = 0_i32;
        range.filter_map(move |at| {
            let word = self.word(at);
            let closes = matches!(word, ")" | "]" | "}");
            let is_outside = depth == 0;
            match word {
                "(" | "[" | "{" | "#{" | "?[" => depth += 1,
                _ if closes && depth > 0 => depth -= 1,
                _ => {}
            }
            is_outside.then_some((at, word))
        })
    }

    /// Cuts `range` at `||`, else at `&&`, else takes it as one part.
    fn split(&mut self, range: Range<usize>, rule: &str) {
        for operator in ["||", "&&"] {
            let places: Vec<usize> = self
                .top_level(range.clone())
                .filter(|(_, word)| *word == operator)
                .map(|(at, _)| at)
                .collect();
            if !places.is_empty() {
                let mut start = range.start;
                for end in places.into_iter().chain([range.end]) {
                    self.split(start..end, rule);
                    start = end + 1;
                }
                return;
            }
        }
        match self.inside_brackets(range.clone()) {
            Some(inside) => self.split(inside, rule),
            None => self.part(range, rule),
        }
    }

    /// Returns what stands within, if all of `range` stands in one pair of brackets, perhaps after a `!`.
    fn inside_brackets(&self, range: Range<usize>) -> Option<Range<usize>> {
        let open = if self.word(range.start) == "!" { range.start + 1 } else { range.start };
        if self.word(open) != "(" || self.word(range.end - 1) != ")" {
            return None;
        }
        let inside = open + 1..range.end - 1;
        let closes_early = self.top_level(inside.clone()).any(|(_, word)| word == ")");
        (!closes_early && !inside.is_empty()).then_some(inside)
    }

    fn part(&mut self, range: Range<usize>, rule: &str) {
        if range.is_empty() || ["if", "switch", "let"].contains(&self.word(range.start)) {
            return;
        }
        let number = self.first + self.parts.len();
        let span = self.tokens[range.start].span.start..self.tokens[range.end - 1].span.end;
        let (line, column) = place_of(self.text, span.start);
        self.parts.push(Part {
            rule: rule.into(),
            file: self.file.into(),
            line,
            column,
            text: one_line(&self.text[span.clone()]),
            values: [None, None],
        });
        self.cuts.push(Cut { at: span.start, insert: format!("{NOTE}({number}, ") });
        self.values(range, number);
        self.cuts.push(Cut { at: span.end, insert: ")".to_owned() });
    }

    /// Has the two sides of a comparison noted, as far as they do not say themselves what they are.
    fn values(&mut self, range: Range<usize>, number: usize) {
        let signs: Vec<usize> = self
            .top_level(range.clone())
            .filter(|(_, word)| COMPARING.contains(word))
            .map(|(at, _)| at)
            .collect();
        let sides = match signs[..] {
            [sign] => [range.start..sign, sign + 1..range.end],
            [] if self.word(range.start) == "!" => [range.start + 1..range.end, 0..0],
            _ => return,
        };
        for (side, range) in sides.into_iter().enumerate() {
            let says_itself =
                self.tokens[range.clone()].iter().all(|token| token.kind == Kind::Literal)
                    || self.word(range.start) == "["
                    || range.len() == 2 && self.word(range.start) == "-";
            if range.is_empty() || says_itself || self.word(range.start) == "!" {
                continue;
            }
            let span = self.tokens[range.start].span.start..self.tokens[range.end - 1].span.end;
            let part = self.parts.last_mut().expect("a part has just been added");
            part.values[side] = Some(self.text[span.clone()].to_owned());
            self.cuts.push(Cut { at: span.start, insert: format!("{SEEN}({number}, {side}, ") });
            self.cuts.push(Cut { at: span.end, insert: ")".to_owned() });
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(text: &str) -> String {
        instrument(text, "r.rhai", 0).0
    }

    #[test]
    fn each_part_of_a_condition_is_noted_with_its_values() {
        insta::assert_snapshot!(
            noted("rule(\"a\").when(|d| d.kind == \"note\" || (d.blocked && !d.recurring));"),
            @r#"rule("a").when(|d| __part(0, __seen(0, 0, d.kind) == "note") || (__part(1, d.blocked) && __part(2, !__seen(2, 0, d.recurring))));"#
        );
        insta::assert_snapshot!(
            noted("rule(\"a\").when(|m| m.deadlines.some(|d| !d.has_date) && d.due - d.today > limit(3, 4))"),
            @r#"rule("a").when(|m| __part(0, m.deadlines.some(|d| !d.has_date)) && __part(1, __seen(1, 0, d.due - d.today) > __seen(1, 1, limit(3, 4))))"#
        );
        insta::assert_snapshot!(noted("rule(\"a\").when(|d| !(d.days_left >= -3 || \"x\" in d.tags)).remind(lead, on_the_day)"), @r#"rule("a").when(|d| !(__part(0, __seen(0, 0, d.days_left) >= -3) || __part(1, "x" in __seen(1, 1, d.tags)))).remind(lead, on_the_day)"#);
    }

    #[test]
    fn what_is_no_plain_condition_stays_as_it_is() {
        for text in [
            "rule(\"a\").when(is_late)",
            "rule(\"a\").when(|d| { let x = 1; x == d.days_left })",
            "rule(\"a\").when(|d| if d.blocked { true } else { false })",
            "rule(\"a\").when(||",
            "rule(\"a\").when(|d|",
            "rule(\"a\").when(|d|)",
        ] {
            assert_eq!(noted(text), text);
        }
    }

    #[test]
    fn a_part_knows_its_rule_and_its_place() {
        let text = "// æ\nrule(\"late\")\n  .when(|d| d.overdue\n    && d.id\n       != \"x\")";
        let (_, parts, _) = instrument(text, "r.rhai", 7);
        let shown: Vec<String> = parts
            .iter()
            .map(|part| format!("{} {}:{} {}", part.rule, part.line, part.column, part.text))
            .collect();
        assert_eq!(shown, ["late 3:13 d.overdue", "late 4:8 d.id != \"x\""]);
    }
}
