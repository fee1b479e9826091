//! What a letter says about a measure: a gap that somebody should fill, or a request for a short report on how it goes.
//! Its form is given by `text` and `html`; its subject by `subject`.

use super::page::{Card, fact, is_owner, late, those_responsible};
use super::why;
use crate::mail::letter::{Letter, MeasureItem};
use crate::mail::line::Line;
use crate::mail::words::Words;
use crate::notice::{Kind, Role};

/// Writes the card of a measure.
pub(super) fn card(letter: &Letter, words: &Words, item: &MeasureItem) -> Card {
    Card {
        heading: words.measure(&item.measure, &item.title),
        late: late(words, item.late_since, Kind::Notify.word()),
        notes: notes(words, item),
        ask: vec![vec![ask(letter, words, item)]],
        facts: facts(words, item),
        ..Card::default()
    }
}

/// Says what is missing.
pub(super) fn gaps(words: &Words, item: &MeasureItem) -> Vec<Line> {
    let mut gaps = Vec::new();
    if item.nobody_responsible {
        gaps.push(words.say("gap-nobody", []));
    }
    if item.no_deadline {
        gaps.push(words.say("gap-no-deadline", []));
    }
    if !item.undated.is_empty() {
        let ids: Vec<Line> = item.undated.iter().map(|id| Line::new(id)).collect();
        let (n, ids) = (ids.len(), words.list(&ids));
        gaps.push(words.say("gap-undated", [("n", n.into()), ("ids", ids.into())]));
    }
    gaps
}

fn notes(words: &Words, item: &MeasureItem) -> Vec<Line> {
    let gaps = gaps(words, item);
    if gaps.is_empty() && item.runs { vec![words.say("measure-runs", [])] } else { gaps }
}

fn ask(letter: &Letter, words: &Words, item: &MeasureItem) -> Line {
    let does_it = item.responsible.contains(&letter.to)
        || matches!(item.role, Role::Responsible | Role::Lead);
    if !gaps(words, item).is_empty() {
        let id = if is_owner(letter) { "ask-gap-own" } else { "ask-gap" };
        return words.say(id, []);
    }
    if does_it && !is_owner(letter) {
        return words.say("ask-progress", []);
    }
    let responsible = those_responsible(words, &item.responsible);
    words.say("ask-progress-follow", [("responsible", responsible.into())])
}

fn facts(words: &Words, item: &MeasureItem) -> Vec<(Line, Line)> {
    let told =
        why::told(words, Some(&item.role), &item.rule, &item.why, item.rule_about.as_deref());
    [
        fact(words, "label-goal", Line::new(&item.goal)),
        fact(words, "label-responsible", words.names(&item.responsible)),
        fact(words, "label-helpers", words.names(&item.helpers)),
        fact(words, "label-why", told),
    ]
    .into_iter()
    .flatten()
    .collect()
}
