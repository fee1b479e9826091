//! What a letter says about a deadline: when it is due, what to do, who else is in it, what happens next.
//! Its form is given by `text` and `html`; its subject by `subject`.

use super::page::{Card, fact, is_owner, late, those_responsible};
use super::{Section, why};
use crate::mail::letter::{DeadlineItem, Letter, Said};
use crate::mail::line::Line;
use crate::mail::words::{Argument, Words};
use crate::notice::{Event, Kind, Role, Why};

/// Writes the card of a deadline.
pub(super) fn card(letter: &Letter, words: &Words, item: &DeadlineItem, section: Section) -> Card {
    let decided = item.decided_as.as_ref();
    let decided = decided.map(|said| words.say("decided-as", [("words", said.into())]));
    let kind = words.kind(&item.kind).capitalised();
    let what = match &item.title {
        Some(title) => Line::new(&format!("{kind}: {title}")),
        None => kind,
    };
    Card {
        heading: words.measure(&item.measure, &item.measure_title),
        what: Some(what),
        due: due(words, item).map(|due| (words.say("label-due", []), due, decided.clone())),
        badge: Some(badge(words, item)),
        badge_more: workdays_left(words, item, section),
        late: late(words, item.late_since, item.step.word()),
        notes: notes(words, item, section),
        ask: vec![vec![ask(letter, words, item, section)]],
        facts: facts(letter, words, item, decided),
        ..Card::default()
    }
}

/// Tells whether a unit is expected to answer for this deadline.
pub(super) fn wants_answer(item: &DeadlineItem) -> bool {
    item.delivered.is_none() && item.step != Kind::Notify
}

/// Writes the due date with its day of the week; `None` if there is none.
pub(super) fn due(words: &Words, item: &DeadlineItem) -> Option<Line> {
    item.due.map(|due| words.due(due))
}

/// Says in a few words how urgent it is: "Om 30 dager", "4 dager over fristen", "Levert 30. mars 2011".
fn badge(words: &Words, item: &DeadlineItem) -> Line {
    if let Some(date) = item.delivered {
        return words.say("delivered-on", [("date", words.date(date).into())]);
    }
    item.days_left.map_or_else(|| words.say("no-date", []), |days| days_left(words, days))
}

/// Says how many days are left, or how many have gone by: "Om 30 dager", "4 dager over fristen".
pub(super) fn days_left(words: &Words, days: i64) -> Line {
    let id = if days < 0 { "days-overdue" } else { "days-left" };
    words.say(id, [("n", days.saturating_abs().into())])
}

fn workdays_left(words: &Words, item: &DeadlineItem, section: Section) -> Option<Line> {
    // Today and tomorrow are near enough to need no counting.
    let far = section == Section::Coming && item.days_left > Some(1);
    far.then(|| Some(words.say("workdays-left", [("n", item.workdays_left?.into())])))?
}

fn notes(words: &Words, item: &DeadlineItem, section: Section) -> Vec<Line> {
    let moved = matches!(item.why, Why::On(Event::Moved)).then(|| words.say("moved", []));
    // Once the day has passed it does not matter any more that nobody worked on it.
    let free = item.free.as_ref().filter(|_| section == Section::Coming).map(|(day, last)| {
        let (free, date) = (why::free(words, day), words.weekday_and_date(*last));
        words.say("last-workday", [("free", free.into()), ("date", date.into())])
    });
    moved.into_iter().chain(free).collect()
}

/// Says what the unit should do.
fn ask(letter: &Letter, words: &Words, item: &DeadlineItem, section: Section) -> Line {
    let alone = item.responsible.as_slice() == [letter.to.as_str()];
    let does_it = alone || matches!(item.role, Role::Responsible | Role::Lead);
    // Nobody is asked to get in touch with themselves.
    let mut others = item.responsible.clone();
    others.retain(|name| *name != letter.to);
    let responsible = || ("responsible", those_responsible(words, &others).into());
    if section == Section::Delivered {
        return words.say("ask-nothing", []);
    }
    if item.why == Why::On(Event::Asked) && !does_it {
        return words.say("ask-new-date", [responsible()]);
    }
    if item.step == Kind::Notify {
        return words.say("ask-nothing", []);
    }
    if does_it {
        return ask_to_do(letter, words, item, section);
    }
    match item.role {
        Role::Helpers => words.say("ask-help", [responsible()]),
        Role::Blocker => words.say("ask-blocker", []),
        Role::Dependents => words.say("ask-dependents", []),
        _ if item.responsible.is_empty() => words.say("ask-nobody", []),
        _ => match section {
            Section::Overdue => words.say("ask-follow-overdue", [responsible()]),
            Section::Undated => words.say("ask-follow-undated", [responsible()]),
            _ => words.say("ask-follow-coming", [responsible()]),
        },
    }
}

fn ask_to_do(letter: &Letter, words: &Words, item: &DeadlineItem, section: Section) -> Line {
    let own: Argument = if is_owner(letter) { "yes" } else { "no" }.into();
    let to = item.deliver_to.as_ref().or(letter.owner.as_ref());
    let kind = || ("kind", (&item.kind).into());
    let to_do = match to {
        Some(to) if *to == letter.to => words.say("do-alone", [kind()]),
        Some(to) => words.say("do", [kind(), ("to", to.into())]),
        None => words.say("do", [kind(), ("to", words.say("the-owner", []).into())]),
    };
    match section {
        Section::Undated => words.say("ask-undated", [("own", own)]),
        Section::Overdue => words.say("ask-overdue", [("do", to_do.into()), ("own", own)]),
        _ => words.say("ask-coming", [("do", to_do.into()), ("own", own)]),
    }
}

fn facts(
    letter: &Letter,
    words: &Words,
    item: &DeadlineItem,
    decided: Option<Line>,
) -> Vec<(Line, Line)> {
    // The words of the decision stand beside the date; without a date they are a fact of their own.
    let decided = decided.filter(|_| item.due.is_none()).map(|said| said.capitalised());
    let told =
        why::told(words, Some(&item.role), &item.rule, &item.why, item.rule_about.as_deref());
    [
        fact(words, "label-due", decided.unwrap_or_default()),
        fact(words, "label-responsible", words.names(&item.responsible)),
        fact(words, "label-helpers", words.names(&item.helpers)),
        fact(words, "label-deliver", Line::new(item.deliver_to.as_deref().unwrap_or_default())),
        fact(words, "label-waits", waits_for(words, item)),
        fact(words, "label-answer", last_answer(words, item)),
        fact(words, "label-next", next(letter, words, item)),
        fact(words, "label-why", told),
        fact(words, "label-id", Line::new(&item.id)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn waits_for(words: &Words, item: &DeadlineItem) -> Line {
    let one = |(id, title, due): &(crate::plan::Id, String, Option<crate::plan::DueDate>)| {
        let due =
            due.map_or_else(|| words.say("no-date", []).uncapitalised(), |due| words.due_date(due));
        let what = words.measure(id, title);
        words.say("waits-for", [("what", what.into()), ("due", due.into())])
    };
    words.list(&item.waits_for.iter().map(one).collect::<Vec<_>>())
}

fn last_answer(words: &Words, item: &DeadlineItem) -> Line {
    let Some(answer) = &item.last_answer else { return Line::default() };
    let told = said(words, answer);
    words.say("answered", [("date", words.date(answer.on).into()), ("words", told.into())])
}

/// Returns the unit's own words, or what its answer says.
pub(super) fn said(words: &Words, answer: &Said) -> Line {
    if answer.text.is_empty() {
        words.say("said", [("says", answer.says.into())])
    } else {
        Line::new(&answer.text)
    }
}

fn next(letter: &Letter, words: &Words, item: &DeadlineItem) -> Line {
    let Some(next) = item.next.as_ref().filter(|next| !next.to.is_empty()) else {
        return Line::default();
    };
    let only_you = next.to.as_slice() == [letter.to.as_str()];
    words.say(
        "next",
        [
            ("step", if only_you { "again" } else { next.kind.word() }.into()),
            ("to", words.names(&next.to).into()),
            ("date", words.weekday_and_date(next.on).into()),
        ],
    )
}
