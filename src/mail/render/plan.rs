//! What a letter says about the plan as a whole: the overview, and faults.
//! Its form is given by `text` and `html`; its subject by `subject`.

use super::deadline::days_left;
use super::page::{Card, Entry, List, fact, late};
use super::why;
use crate::mail::letter::{FaultItem, HeldBy, HeldMails, Letter, Overview, OverviewLine};
use crate::mail::line::Line;
use crate::mail::words::Words;
use crate::notice::{Kind, Role};
use crate::plan::Id;

/// Writes the card of the overview.
pub(super) fn overview(letter: &Letter, words: &Words, item: &Overview) -> Card {
    let count = |n: usize, id: &'static str| (n, words.say(id, [("n", n.into())]));
    let lists = [
        deadlines(words, "list-overdue", &item.overdue, true),
        deadlines(words, "list-soon", &item.soon, true),
        deadlines(words, "list-delivered", &item.delivered, false),
        gaps(words, &item.gaps),
    ];
    // An overview that a unit other than the owner gets is no matter of its role.
    let role = (letter.owner.as_ref() == Some(&letter.to)).then_some(Role::Owner);
    let told = why::told(words, role.as_ref(), &item.rule, &item.why, item.rule_about.as_deref());
    Card {
        heading: words.say("overview", []),
        late: late(words, item.late_since, Kind::Notify.word()),
        counts: vec![
            count(item.overdue.len(), "count-overdue"),
            count(item.soon.len(), "count-soon"),
            count(item.open, "count-open"),
            count(item.delivered.len(), "count-delivered"),
            count(item.gaps.len(), "count-gaps"),
        ],
        ask: if item.overdue.is_empty() {
            Vec::new()
        } else {
            vec![vec![words.say("ask-overview", [])]]
        },
        lists: lists.into_iter().flatten().collect(),
        facts: fact(words, "label-why", told).into_iter().collect(),
        ..Card::default()
    }
}

/// Writes the card of a fault, or of a question about mails that are held back.
pub(super) fn fault(words: &Words, item: &FaultItem) -> Card {
    let (heading, ask) = match item.held {
        Some(HeldMails { count, by }) => {
            let ask = match by {
                HeldBy::Change => "ask-held",
                HeldBy::Limit => "ask-limit",
            };
            (words.say("held", [("n", count.into())]), ask)
        }
        None => (words.say("fault", [("what", (&item.what).into())]), "ask-fault"),
    };
    Card {
        heading,
        ask: vec![vec![words.say(ask, [])]],
        verbatim: Line::verbatim(&item.message),
        ..Card::default()
    }
}

fn deadlines(
    words: &Words,
    heading: &'static str,
    lines: &[OverviewLine],
    open: bool,
) -> Option<List> {
    let entry = |line: &OverviewLine| {
        let left = open.then(|| days_left(words, line.days_left).uncapitalised());
        let details = [
            Some(words.kind(&line.kind)),
            Some(words.due_date(line.due)),
            left,
            Some(words.names(&line.responsible)),
        ];
        let details: Vec<String> = details
            .into_iter()
            .flatten()
            .filter(|detail| !detail.is_empty())
            .map(|detail| detail.to_string())
            .collect();
        Entry {
            what: words.measure(&line.measure, &line.title),
            details: Some(Line::new(&details.join(" · "))),
        }
    };
    list(words, heading, lines.iter().map(entry).collect())
}

fn gaps(words: &Words, gaps: &[(Id, String)]) -> Option<List> {
    let entry =
        |(id, title): &(Id, String)| Entry { what: words.measure(id, title), details: None };
    list(words, "list-gaps", gaps.iter().map(entry).collect())
}

fn list(words: &Words, heading: &'static str, entries: Vec<Entry>) -> Option<List> {
    let heading = words.say(heading, []);
    (!entries.is_empty()).then_some(List { heading, intro: None, entries })
}
