//! What a letter tells a plan's owner of the program's own accord: the weekly report, and that a plan seems forgotten.
//! When it is told is decided in `daemon`; its form is given by `text` and `html`, its subject by `subject`.

use super::page::Card;
use crate::mail::letter::{StaleItem, Weekly};
use crate::mail::line::Line;
use crate::mail::words::Words;

/// So many names are told; of the others, how many there are.
const NAMED: usize = 5;

/// Writes the card of the weekly report: four lines.
pub(super) fn weekly(words: &Words, item: &Weekly) -> Card {
    let day = |date| ("since", words.weekday_and_date(date).into());
    let next = || ("next", words.weekday_and_date(item.next).into());
    let first = words.weekday_and_date(item.first.unwrap_or(item.next));
    let coming = [("n", item.coming.into()), ("first", first.into()), next()];
    let lines = [
        ("label-sent", words.say("weekly-sent", [("n", item.sent.into()), day(item.since)])),
        ("label-failed", failed(words, item)),
        ("label-ahead", words.say("weekly-coming", coming)),
        ("label-absence", words.say("weekly-absence", [next()])),
    ];
    Card {
        heading: words.say("weekly", []),
        facts: lines.map(|(label, line)| (words.say(label, []), line)).to_vec(),
        ..Card::default()
    }
}

/// Says what has not arrived.
fn failed(words: &Words, item: &Weekly) -> Line {
    let gave_up = [("n", item.gave_up.len().into()), ("names", names(words, &item.gave_up).into())];
    let parts = [
        (item.gave_up.len(), words.say("weekly-gave-up", gave_up)),
        (item.waiting, words.say("weekly-waiting", [("n", item.waiting.into())])),
        (item.held, words.say("weekly-held", [("n", item.held.into())])),
    ];
    let parts: Vec<Line> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(_, part)| part).collect();
    if parts.is_empty() {
        return words.say("weekly-fine", []);
    }
    words.say("weekly-failed", [("parts", words.list(&parts).into())])
}

/// Names each unit once, or the first of them.
fn names(words: &Words, names: &[String]) -> Line {
    let mut once: Vec<String> = names.to_vec();
    once.sort();
    once.dedup();
    if once.len() <= NAMED {
        return words.names(&once);
    }
    let named = Line::new(&once[..NAMED].join(", "));
    words.say("and-more", [("names", named.into()), ("n", (once.len() - NAMED).into())])
}

/// Writes the card of a plan that seems forgotten.
pub(super) fn stale(words: &Words, item: &StaleItem) -> Card {
    let parts = [("part-overdue", item.overdue), ("part-coming", item.open)];
    let parts = parts.into_iter().filter(|(_, n)| *n > 0);
    let parts: Vec<Line> = parts.map(|(id, n)| words.say(id, [("n", n.into())])).collect();
    let parts = if parts.is_empty() { Line::new("none") } else { words.list(&parts) };
    Card {
        heading: stale_heading(words, item),
        notes: vec![words.say("stale-left", [("parts", parts.into())])],
        ask: vec![vec![words.say("ask-stale", [("why", why(item).into())])]],
        ..Card::default()
    }
}

/// Says in a few words what seems wrong with the plan.
pub(in crate::mail) fn stale_heading(words: &Words, item: &StaleItem) -> Line {
    words.say("stale", [("why", why(item).into()), ("date", words.date(item.date).into())])
}

fn why(item: &StaleItem) -> &'static str {
    if item.ended { "ended" } else { "untouched" }
}
