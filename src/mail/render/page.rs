//! The page: everything that a mail says, in words and in order, before it gets a form. `text` and `html` give it one.
//! What is said about each item is in `deadline`, `measure` and `plan`.

use serde::Serialize;

use super::{Section, Spoken, deadline, measure, news, plan};
use crate::mail::letter::{Item, Letter};
use crate::mail::line::Line;
use crate::mail::words::{Words, words};

/// A mail in words.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    /// The language's code.
    pub(super) language: &'static str,
    pub(super) subject: Line,
    /// The plan's title.
    pub(super) plan: Line,
    pub(super) greeting: Line,
    /// What the letter has, if it has several things.
    pub(super) intro: Option<Line>,
    pub(super) parts: Vec<PagePart>,
    /// How to answer.
    pub(super) answer: Option<List>,
    pub(super) footer: Line,
}

/// A section with its heading, which a letter of one card does without.
#[derive(Debug, Serialize)]
pub(super) struct PagePart {
    pub(super) heading: Option<Line>,
    pub(super) cards: Vec<Card>,
}

/// One thing that is told.
#[derive(Debug, Serialize, Default)]
pub(super) struct Card {
    /// The section's name, for the colour.
    pub(super) section: &'static str,
    /// What it is about: the measure.
    pub(super) heading: Line,
    /// What is due: kind and title.
    pub(super) what: Option<Line>,
    /// When it is due: the label, the date, and the words of the decision.
    pub(super) due: Option<(Line, Line, Option<Line>)>,
    /// How urgent it is, in a few words.
    pub(super) badge: Option<Line>,
    /// What goes with the badge: working days left.
    pub(super) badge_more: Option<Line>,
    /// That the mail itself is late.
    pub(super) late: Option<Line>,
    /// What should be known about the date, or is missing.
    pub(super) notes: Vec<Line>,
    /// What to do: the rule's own text or the built-in one, as paragraphs of lines.
    pub(super) ask: Vec<Vec<Line>>,
    /// Numbers with what they count.
    pub(super) counts: Vec<(usize, Line)>,
    pub(super) lists: Vec<List>,
    /// A message of the program, line by line.
    pub(super) verbatim: Vec<Line>,
    /// Labels with what they are about.
    pub(super) facts: Vec<(Line, Line)>,
}

/// A list with its heading.
#[derive(Debug, Serialize)]
pub(super) struct List {
    pub(super) heading: Line,
    /// A sentence before the list.
    pub(super) intro: Option<Line>,
    pub(super) entries: Vec<Entry>,
}

/// An entry: what stands out, and the rest.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub(super) what: Line,
    pub(super) details: Option<Line>,
}

/// Writes the page of a letter.
pub(super) fn page(letter: &Letter, subject: &Line, items: &[Spoken<'_>]) -> Page {
    let words = words(letter.language);
    let parts = items.chunk_by(|a, b| a.section == b.section).map(|items| PagePart {
        heading: (letter.items.len() > 1)
            .then(|| words.say("section", [("section", items[0].section.name().into())])),
        cards: items.iter().map(|spoken| card(letter, words, spoken)).collect(),
    });
    Page {
        language: letter.language.code(),
        subject: subject.clone(),
        plan: Line::new(&letter.plan),
        greeting: words.say("greeting", [("to", (&letter.to).into())]),
        intro: (letter.items.len() > 1).then(|| intro(words, items)),
        parts: parts.collect(),
        answer: answer(letter, words, items),
        footer: words.say("footer", [("plan", (&letter.plan).into())]),
    }
}

fn card(letter: &Letter, words: &Words, spoken: &Spoken<'_>) -> Card {
    let mut card = match spoken.item {
        Item::Deadline(item) => deadline::card(letter, words, item, spoken.section),
        Item::Measure(item) => measure::card(letter, words, item),
        Item::Overview(item) => plan::overview(letter, words, item),
        Item::Fault(item) => plan::fault(words, item),
        Item::Weekly(item) => news::weekly(words, item),
        Item::Stale(item) => news::stale(words, item),
    };
    card.section = spoken.section.name();
    if let Some(text) = &spoken.text {
        card.ask.clone_from(text);
    }
    card
}

/// Says what the letter has: so many deadlines overdue, so many to come, so many other matters.
fn intro(words: &Words, items: &[Spoken<'_>]) -> Line {
    let count = |sections: &[Section]| {
        items.iter().filter(|spoken| sections.contains(&spoken.section)).count()
    };
    let (overdue, coming) = (count(&[Section::Overdue]), count(&[Section::Coming]));
    let others = items.len() - overdue - coming;
    let parts = [
        ("part-overdue", overdue),
        ("part-coming", coming),
        (if overdue + coming > 0 { "part-other" } else { "part-all" }, others),
    ];
    let parts = parts.into_iter().filter(|(_, n)| *n > 0);
    let parts: Vec<Line> = parts.map(|(id, n)| words.say(id, [("n", n.into())])).collect();
    words.say("intro", [("parts", words.list(&parts).into())])
}

/// Says how to answer, where anything in the letter wants an answer.
fn answer(letter: &Letter, words: &Words, items: &[Spoken<'_>]) -> Option<List> {
    let deadlines = items
        .iter()
        .any(|spoken| matches!(spoken.item, Item::Deadline(item) if deadline::wants_answer(item)));
    let measures = items.iter().any(|spoken| matches!(spoken.item, Item::Measure(_)));
    let list = |heading: &str, intro: Line, entries: &[&str]| {
        let entry = |id: &&str| Entry { what: words.say(id, []), details: None };
        let heading = words.say(heading, []);
        Some(List { heading, intro: Some(intro), entries: entries.iter().map(entry).collect() })
    };
    let owner = || [("owner", letter.owner.as_deref().unwrap_or("none").into())];
    match (is_owner(letter), deadlines, measures) {
        (true, true, _) => list("answer-own-heading", words.say("answer-own", []), &[]),
        (false, true, _) => list(
            "answer-heading",
            words.say("answer-how", owner()),
            &["answer-delivered", "answer-progress", "answer-new-date", "answer-not-ours"],
        ),
        (false, false, true) => list("answer-heading", words.say("answer-plain", owner()), &[]),
        _ => None,
    }
}

/// Tells whether the letter goes to the plan's owner, whom an answer would only reach again.
pub(super) fn is_owner(letter: &Letter) -> bool {
    letter.owner.as_ref() == Some(&letter.to)
}

/// Says that the mail is late; `step` is the word of the kind of step.
pub(super) fn late(
    words: &Words,
    since: Option<chrono::NaiveDate>,
    step: &'static str,
) -> Option<Line> {
    let date = words.date(since?);
    Some(words.say("late", [("step", step.into()), ("date", date.into())]))
}

/// Names those who are responsible, or calls them that.
pub(super) fn those_responsible(words: &Words, names: &[String]) -> Line {
    if names.is_empty() { words.say("those-responsible", []) } else { words.names(names) }
}

/// Labels of facts, left out where there is nothing to say.
pub(super) fn fact(words: &Words, label: &'static str, value: Line) -> Option<(Line, Line)> {
    (!value.is_empty()).then(|| (words.say(label, []), value))
}
