//! The variables of a rule's own subject and text: their names, what they hold, and their values for an item.
//! How a template is filled in is in `template`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use minijinja::Value;

use crate::calendar::{FreeDay, Span};
use crate::mail::letter::{DeadlineItem, Item, Letter};
use crate::mail::line::Line;
use crate::mail::render::{deadline, why};
use crate::mail::words::Words;
use crate::notice::{Anchor, Kind, Role, Why};
use crate::plan::{DueDate, Language};

/// A variable of a rule's own subject and text.
#[derive(Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub meaning: &'static str,
    /// The same in Norwegian.
    pub norwegian: &'static str,
}

/// What a template sees. Names and dates are in the words of the mail's language.
///
/// A variable that has nothing to say about an item is `none`: `{% if helpers %}…{% endif %}` asks for that, and
/// printing it is a fault. All are there for a deadline; those for a measure and a plan are marked.
pub const VARIABLES: &[Variable] = &[
    Variable {
        name: "about",
        meaning: "what the rule is about (also for measures and plans)",
        norwegian: "hva regelen gjelder (også for tiltak og planer)",
    },
    Variable {
        name: "days_left",
        meaning: "calendar days until the due date, a number; negative when overdue",
        norwegian: "kalenderdager igjen til fristen, et tall; negativt når den er oversittet",
    },
    Variable {
        name: "days_overdue",
        meaning: "calendar days since the due date, a number; 0 until then",
        norwegian: "kalenderdager siden fristen, et tall; 0 fram til da",
    },
    Variable {
        name: "deadline_title",
        meaning: "the deadline's own title",
        norwegian: "fristens egen tittel",
    },
    Variable {
        name: "decided_as",
        meaning: "the words of the decision where it was not decided as a date",
        norwegian: "ordene i vedtaket når det ikke ble bestemt en dato",
    },
    Variable {
        name: "deliver_to",
        meaning: "who receives what is due",
        norwegian: "hvem som skal ha det som leveres",
    },
    Variable {
        name: "due",
        meaning: "the due date: `søndag 1. mai 2011`",
        norwegian: "fristen: `søndag 1. mai 2011`",
    },
    Variable {
        name: "due_date",
        meaning: "the due date without its day of the week: `1. mai 2011`",
        norwegian: "fristen uten ukedag: `1. mai 2011`",
    },
    Variable {
        name: "goal",
        meaning: "the goal's title (only for measures)",
        norwegian: "målets tittel (bare for tiltak)",
    },
    Variable {
        name: "helpers",
        meaning: "the helping units: `A, B og C` (also for measures)",
        norwegian: "enhetene som hjelper: `A, B og C` (også for tiltak)",
    },
    Variable {
        name: "id",
        meaning: "the deadline's id, `1a/summary`, or the measure's (also for measures)",
        norwegian: "fristens id, `1a/summary`, eller tiltakets (også for tiltak)",
    },
    Variable {
        name: "kind",
        meaning: "what is due: `oppsummering`",
        norwegian: "hva som skal leveres: `oppsummering`",
    },
    Variable {
        name: "last_answer",
        meaning: "what was answered last",
        norwegian: "det siste svaret",
    },
    Variable {
        name: "last_workday",
        meaning: "the last working day before the due date, if that is none",
        norwegian: "siste virkedag før fristen, når fristen selv ikke er en virkedag",
    },
    Variable {
        name: "measure",
        meaning: "the measure's id and title: `1a Differensierte botilbud` (also for measures)",
        norwegian: "tiltakets id og tittel: `1a Differensierte botilbud` (også for tiltak)",
    },
    Variable {
        name: "measure_id",
        meaning: "the measure's id, `1a` (also for measures)",
        norwegian: "tiltakets id, `1a` (også for tiltak)",
    },
    Variable {
        name: "owner",
        meaning: "the plan's owner (also for measures and plans)",
        norwegian: "planeieren (også for tiltak og planer)",
    },
    Variable {
        name: "plan",
        meaning: "the plan's title (also for measures and plans)",
        norwegian: "planens tittel (også for tiltak og planer)",
    },
    Variable {
        name: "recipient",
        meaning: "who gets the mail (also for measures and plans)",
        norwegian: "hvem som får e-posten (også for tiltak og planer)",
    },
    Variable {
        name: "responsible",
        meaning: "the responsible units, the lead first: `A, B og C` (also for measures)",
        norwegian: "de ansvarlige enhetene, den som leder, først: `A, B og C` (også for tiltak)",
    },
    Variable {
        name: "rule",
        meaning: "the rule's name (also for measures and plans)",
        norwegian: "regelens navn (også for tiltak og planer)",
    },
    Variable {
        name: "title",
        meaning: "the measure's title (also for measures)",
        norwegian: "tiltakets tittel (også for tiltak)",
    },
    Variable {
        name: "today",
        meaning: "the date of writing: `1. april 2011` (also for measures and plans)",
        norwegian: "dagens dato: `1. april 2011` (også for tiltak og planer)",
    },
    Variable {
        name: "waits_for",
        meaning: "the measures that the deadline waits for: `A, B og C`",
        norwegian: "tiltakene fristen venter på: `A, B og C`",
    },
    Variable {
        name: "why",
        meaning: "why it is told now: `30 dager før fristen` (also for measures and plans)",
        norwegian: "hvorfor det sendes nå: `30 dager før fristen` (også for tiltak og planer)",
    },
    Variable {
        name: "workdays_left",
        meaning: "working days until the due date, a number; 0 when overdue",
        norwegian: "arbeidsdager igjen til fristen, et tall; 0 når den er oversittet",
    },
];

/// Returns the values of all variables for an item.
pub(in crate::mail::render) fn variables(letter: &Letter, item: &Item, words: &Words) -> Value {
    let mut values: BTreeMap<&'static str, Value> =
        VARIABLES.iter().map(|variable| (variable.name, Value::from(()))).collect();
    let mut set = |name: &'static str, value: Line| {
        if !value.is_empty() {
            values.insert(name, Value::from(value.as_str()));
        }
    };
    set("owner", Line::new(letter.owner.as_deref().unwrap_or_default()));
    set("plan", Line::new(&letter.plan));
    set("recipient", Line::new(&letter.to));
    set("today", words.date(letter.today));
    let rule = match item {
        Item::Deadline(item) => Some((&item.rule, &item.rule_about, &item.why)),
        Item::Measure(item) => Some((&item.rule, &item.rule_about, &item.why)),
        Item::Overview(item) => Some((&item.rule, &item.rule_about, &item.why)),
        Item::Fault(_) | Item::Weekly(_) | Item::Stale(_) => None,
    };
    if let Some((rule, about, why)) = rule {
        set("rule", Line::new(rule));
        set("about", Line::new(about.as_deref().unwrap_or_default()));
        set("why", why::reason(words, why));
    }
    match item {
        Item::Deadline(item) => {
            set_deadline(&mut set, item, words);
            values.extend(numbers(item));
        }
        Item::Measure(item) => {
            set("id", Line::new(&item.measure));
            set("measure", words.measure(&item.measure, &item.title));
            set("measure_id", Line::new(&item.measure));
            set("title", Line::new(&item.title));
            set("goal", Line::new(&item.goal));
            set("responsible", words.names(&item.responsible));
            set("helpers", words.names(&item.helpers));
        }
        Item::Overview(_) | Item::Fault(_) | Item::Weekly(_) | Item::Stale(_) => {}
    }
    Value::from(values)
}

fn set_deadline(set: &mut impl FnMut(&'static str, Line), item: &DeadlineItem, words: &Words) {
    let optional = |text: &Option<String>| Line::new(text.as_deref().unwrap_or_default());
    set("id", Line::new(&item.id));
    set("measure", words.measure(&item.measure, &item.measure_title));
    set("measure_id", Line::new(&item.measure));
    set("title", Line::new(&item.measure_title));
    set("deadline_title", optional(&item.title));
    set("kind", words.kind(&item.kind));
    set("due", deadline::due(words, item).unwrap_or_default());
    set("due_date", item.due.map(|due| words.due_date(due)).unwrap_or_default());
    set("decided_as", optional(&item.decided_as));
    set("deliver_to", optional(&item.deliver_to));
    let last_workday = item.free.as_ref().map(|(_, date)| words.weekday_and_date(*date));
    set("last_workday", last_workday.unwrap_or_default());
    set(
        "last_answer",
        item.last_answer
            .as_ref()
            .map_or_else(Line::default, |answer| deadline::said(words, answer)),
    );
    set("responsible", words.names(&item.responsible));
    set("helpers", words.names(&item.helpers));
    let waits_for = item.waits_for.iter().map(|(id, title, _)| words.measure(id, title));
    set("waits_for", words.list(&waits_for.collect::<Vec<_>>()));
}

fn numbers(item: &DeadlineItem) -> impl Iterator<Item = (&'static str, Value)> {
    let numbers = [
        ("days_left", item.days_left),
        ("days_overdue", item.days_left.map(|days| days.min(0).saturating_abs())),
        ("workdays_left", item.workdays_left),
    ];
    numbers.into_iter().filter_map(|(name, number)| Some((name, Value::from(number?))))
}

/// Makes up a deadline that has everything a template can ask for.
pub(super) fn made_up() -> (Letter, Item) {
    let date = |day| NaiveDate::from_ymd_opt(2011, 5, day).expect("the month has these days");
    let item = Item::Deadline(Box::new(DeadlineItem {
        id: "1a/summary".to_owned(),
        measure: "1a".into(),
        measure_title: "A measure".to_owned(),
        kind: "summary".into(),
        title: Some("A deadline".to_owned()),
        due: Some(DueDate { date: date(15), time: None }),
        decided_as: Some("mid-May".to_owned()),
        free: Some((FreeDay::Weekend(chrono::Weekday::Sun), date(13))),
        days_left: Some(14),
        workdays_left: Some(9),
        delivered: None,
        step: Kind::Remind,
        why: Why::Offset { span: Span::days(-14), anchor: Anchor::Due },
        role: Role::Responsible,
        rule: "rule".into(),
        rule_about: Some("What the rule is about".to_owned()),
        late_since: None,
        responsible: vec!["A unit".to_owned()],
        helpers: vec!["Another unit".to_owned()],
        deliver_to: Some("The committee".to_owned()),
        waits_for: vec![("1b".into(), "Another measure".to_owned(), None)],
        last_answer: Some(crate::mail::letter::Said {
            on: date(1),
            says: "progress",
            text: "An answer".to_owned(),
        }),
        next: None,
        subject: None,
        text: None,
    }));
    let letter = Letter {
        language: Language::English,
        plan: "A plan".to_owned(),
        to: "A unit".to_owned(),
        owner: Some("The owner".to_owned()),
        today: date(1),
        items: Vec::new(),
    };
    (letter, item)
}
