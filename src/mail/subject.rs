//! The subject of a mail: the essential in one line.
//! What the mail says in full is in `render`; encoding for the header is in `mime`.

use super::letter::{
    DeadlineItem, FaultItem, Item, Letter, MeasureItem, Overview, StaleItem, Weekly,
};
use super::line::Line;
use super::render::{Section, Spoken, stale_heading};
use super::words::{Words, words};
use crate::notice::{Event, Why};

/// The most characters of a subject.
const LONGEST: usize = 150;

/// Writes the subject: what is most urgent, and how many other things the mail has.
pub(super) fn subject(letter: &Letter, items: &[Spoken<'_>]) -> Line {
    let words = words(letter.language);
    let Some(first) = items.first() else { return Line::new(&letter.plan).cut(LONGEST) };
    let subject = first.subject.clone().unwrap_or_else(|| match first.item {
        Item::Deadline(item) => deadline(letter, words, item, first.section),
        Item::Measure(item) => measure(words, item, first.section),
        Item::Overview(item) => overview(words, item),
        Item::Fault(item) => fault(letter, words, item),
        Item::Weekly(item) => weekly(letter, words, item),
        Item::Stale(item) => stale(letter, words, item),
    });
    if items.len() == 1 {
        return subject.cut(LONGEST);
    }
    let more = |subject: Line| {
        words.say("more", [("subject", subject.into()), ("n", (items.len() - 1).into())])
    };
    // What follows the subject must survive the cut, so the cut is made before.
    let taken = more(Line::default()).as_str().chars().count() + 1;
    more(subject.cut(LONGEST - taken))
}

fn deadline(letter: &Letter, words: &Words, item: &DeadlineItem, section: Section) -> Line {
    let measure = words.measure(&item.measure, &item.measure_title);
    let kind = words.kind(&item.kind);
    // A long title must not push out the kind.
    let measure = measure.cut(LONGEST / 2);
    let what = words.say("what", [("measure", measure.into()), ("kind", kind.into())]);
    let date = item.delivered.or(item.due.map(|due| due.date));
    let date = date.map(|date| words.date_near(date, letter.today)).unwrap_or_default();
    let id = match section {
        Section::Delivered => "subject-delivered",
        Section::Overdue => "subject-overdue",
        Section::Undated => "subject-undated",
        _ if item.days_left == Some(0) => "subject-today",
        _ => "subject-coming",
    };
    let tone = match item.why {
        Why::On(Event::Moved) => "moved",
        Why::On(Event::Asked) => "asked",
        _ => item.step.word(),
    };
    words.say(id, [("tone", tone.into()), ("date", date.into()), ("what", what.into())])
}

fn measure(words: &Words, item: &MeasureItem, section: Section) -> Line {
    let what = words.measure(&item.measure, &item.title);
    let id = if section == Section::Gap { "subject-gap" } else { "subject-progress" };
    words.say(id, [("what", what.into())])
}

fn overview(words: &Words, item: &Overview) -> Line {
    let (overdue, soon) = (item.overdue.len(), item.soon.len());
    words.say("subject-overview", [("overdue", overdue.into()), ("soon", soon.into())])
}

fn fault(letter: &Letter, words: &Words, item: &FaultItem) -> Line {
    let plan = ("plan", (&letter.plan).into());
    match item.held {
        Some(held) => words.say("subject-held", [("n", held.count.into()), plan]),
        None => words.say("subject-fault", [("what", (&item.what).into()), plan]),
    }
}

fn weekly(letter: &Letter, words: &Words, item: &Weekly) -> Line {
    let open = item.gave_up.len() + item.waiting + item.held;
    let arguments = [
        ("sent", item.sent.into()),
        ("open", open.into()),
        ("coming", item.coming.into()),
        ("plan", (&letter.plan).into()),
    ];
    words.say("subject-weekly", arguments)
}

fn stale(letter: &Letter, words: &Words, item: &StaleItem) -> Line {
    let stale = stale_heading(words, item);
    words.say("subject-stale", [("stale", stale.into()), ("plan", (&letter.plan).into())])
}
