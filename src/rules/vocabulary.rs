//! The words of the rule language and what each of them does: whom and when here, rules and steps in `declare`. How words are
//! written and what they mean is in `words`.
//! What closures can ask of a deadline is in `facts`; how a file is read with these words in `load`.

mod declare;
mod operators;
mod words;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use croner::parser::{CronParser, Seconds};
use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, Position, Scope};

use super::Over;
use super::explain::shortened;
use super::timing::{Direction, Firings, Offset, When};
use crate::calendar::Span;
use crate::finding::nearest;
use crate::notice::{Anchor, Event, Role};
use crate::plan::Id;
use crate::plan::date::parse_date;

pub(super) use declare::{Draft, DraftScript, DraftWhom, Drafts, RULES};
pub use operators::OPERATORS;
pub use words::{Group, WORDS, Word};

/// The properties of plain values: numbers, lengths of time, offsets, dates, texts and lists.
pub(super) const GETTERS: &[&str] = &[
    "day", "days", "week", "weeks", "month", "months", "year", "years", "workday", "workdays",
    "before", "after", "any_day", "weekday", "len", "is_empty", "chars",
];

/// A date in a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date(pub(super) NaiveDate);

/// A complaint of one of our words, with its help, as Rhai carries it.
#[derive(Debug, Clone)]
pub(super) struct Complaint {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Returns a "did you mean" for `word`, if one of `known` is close to it.
pub(super) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(|near| format!("did you mean `{near}`?"))
}

/// Returns the constants that a file can use: whom, when, and what to go over.
pub(super) fn scope() -> Scope<'static> {
    let mut scope = Scope::new();
    for (name, role) in [
        ("responsible", Role::Responsible),
        ("lead", Role::Lead),
        ("helpers", Role::Helpers),
        ("owner", Role::Owner),
        ("leader", Role::Leader),
        ("blocker", Role::Blocker),
        ("dependents", Role::Dependents),
    ] {
        scope.push_constant(name, role);
    }
    for (name, anchor) in [
        ("start", Anchor::Start),
        ("last_answer", Anchor::LastAnswer),
        ("adopted", Anchor::Adopted),
    ] {
        scope.push_constant(name, anchor);
    }
    for (name, event) in
        [("delivered", Event::Delivered), ("moved", Event::Moved), ("asked", Event::Asked)]
    {
        scope.push_constant(name, event);
    }
    for (name, over) in
        [("deadlines", Over::Deadlines), ("measures", Over::Measures), ("plan", Over::Plan)]
    {
        scope.push_constant(name, over);
    }
    scope.push_constant(
        "on_the_day",
        Offset::once(Span::default(), Direction::OnTheDay, Anchor::Due),
    );
    scope
}

/// Makes all words known to an engine that collects what a file declares in `drafts`.
pub(super) fn register(engine: &mut Engine, drafts: &Drafts, units: &Arc<BTreeSet<Id>>) {
    engine
        .register_type_with_name::<Role>("a role")
        .register_type_with_name::<Anchor>("a date's name")
        .register_type_with_name::<Event>("an event")
        .register_type_with_name::<Over>("what a rule goes over")
        .register_type_with_name::<Span>("a length of time")
        .register_type_with_name::<Offset>("a time before or after")
        .register_type_with_name::<When>("a time")
        .register_type_with_name::<Date>("a date")
        .register_type_with_name::<FnPtr>("a closure");
    lengths(engine);
    offsets(engine);
    dates(engine);
    whom(engine, units);
    declare::register(engine, drafts);
}

fn lengths(engine: &mut Engine) {
    // A number is i64 in scripts; a length of more than about a century in any unit is a slip of the pen.
    fn bounded(n: i64) -> Answer<i32> {
        i32::try_from(n).ok().filter(|n| (0..=40_000).contains(n)).ok_or_else(|| {
            let help = "write a number from 0 to 40000; before or after is said at its end: `30.days.before`";
            complain(format!("{n} is no length of time"), Some(help))
        })
    }
    for name in ["day", "days"] {
        engine.register_get(name, |n: &mut i64| bounded(*n).map(Span::days));
    }
    for name in ["week", "weeks"] {
        engine.register_get(name, |n: &mut i64| bounded(*n).map(|n| Span::days(7) * n));
    }
    for name in ["month", "months"] {
        engine.register_get(name, |n: &mut i64| bounded(*n).map(Span::months));
    }
    for name in ["year", "years"] {
        engine.register_get(name, |n: &mut i64| bounded(*n).map(|n| Span::months(12) * n));
    }
    for name in ["workday", "workdays"] {
        engine.register_get(name, |n: &mut i64| bounded(*n).map(Span::workdays));
    }
}

fn offsets(engine: &mut Engine) {
    let before = |span: Span, anchor| Offset::once(-span, Direction::Before, anchor);
    let after = |span: Span, anchor| Offset::once(span, Direction::After, anchor);
    engine
        .register_get("before", move |span: &mut Span| before(*span, Anchor::Due))
        .register_get("after", move |span: &mut Span| after(*span, Anchor::Due))
        .register_fn("before", move |span: Span, anchor: Anchor| before(span, anchor))
        .register_fn("after", move |span: Span, anchor: Anchor| after(span, anchor))
        .register_get("any_day", |offset: &mut Offset| Offset { any_day: true, ..*offset })
        .register_fn("every", |offset: Offset, every: Span| {
            if every.sign() <= 0 {
                return Err(complain(
                    "a step cannot repeat every nothing".into(),
                    Some("for example `.every(14.days)`"),
                ));
            }
            Ok(Offset { every: Some(every), ..offset })
        })
        .register_fn("times", |offset: Offset, times: i64| {
            let count = u32::try_from(times).ok().filter(|count| *count > 0);
            let count = count.ok_or_else(|| {
                complain(
                    format!("a step cannot be told {times} times"),
                    Some("once or more: `.times(6)`"),
                )
            })?;
            if offset.every.is_none() {
                let help = "say how far apart first, as in `.every(14.days).times(6)`";
                return Err(complain("`.times` needs an `.every`".into(), Some(help)));
            }
            Ok(Offset { times: Some(count), ..offset })
        })
        .register_fn("cron", cron)
        .register_fn("on", When::On);
}

fn cron(expression: &str) -> Answer<When> {
    let parser = CronParser::builder().seconds(Seconds::Disallowed).build();
    let cron = parser.parse(expression).map_err(|_| {
        let help = "five fields: minute, hour, day of the month, month, weekday; `0 8 1 * *` is 08:00 on the first of each month";
        let expression = shortened(expression);
        complain(format!("`{expression}` is no time: {}", no_cron(parser, &expression)), Some(help))
    })?;
    Ok(When::Cron { expression: expression.into(), firings: Arc::new(Firings::new(cron)) })
}

/// Says what is wrong with a cron expression.
fn no_cron(parser: CronParser, expression: &str) -> String {
    let fields: Vec<&str> = expression.split_whitespace().collect();
    if fields.len() != 5 {
        let s = if fields.len() == 1 { "" } else { "s" };
        return format!("it has {} field{s} instead of five", fields.len());
    }
    let names = ["minute", "hour", "day of the month", "month", "weekday"];
    let wrong = (0..5).find(|place| {
        let alone = (0..5).map(|other| if other == *place { fields[other] } else { "*" });
        parser.parse(&alone.collect::<Vec<_>>().join(" ")).is_err()
    });
    wrong.map_or_else(
        || "its fields do not go together".to_owned(),
        |place| format!("there is no {} `{}`", names[place], fields[place]),
    )
}

fn dates(engine: &mut Engine) {
    engine
        .register_fn("date", |text: &str| {
            let help = "write a date as `2011-05-01` or `01.05.2011`";
            parse_date(text).map(Date).map_err(|error| complain(error.to_string(), Some(help)))
        })
        .register_fn("==", |a: Date, b: Date| a == b)
        .register_fn("!=", |a: Date, b: Date| a != b)
        .register_fn("<", |a: Date, b: Date| a < b)
        .register_fn("<=", |a: Date, b: Date| a <= b)
        .register_fn(">", |a: Date, b: Date| a > b)
        .register_fn(">=", |a: Date, b: Date| a >= b)
        .register_fn("-", |a: Date, b: Date| (a.0 - b.0).num_days())
        .register_fn("to_string", |date: &mut Date| date.0.to_string())
        .register_get("year", |date: &mut Date| i64::from(date.0.year()))
        .register_get("month", |date: &mut Date| i64::from(date.0.month()))
        .register_get("day", |date: &mut Date| i64::from(date.0.day()))
        .register_get("weekday", |date: &mut Date| {
            i64::from(date.0.weekday().number_from_monday())
        });
}

fn whom(engine: &mut Engine, units: &Arc<BTreeSet<Id>>) {
    let units = units.clone();
    engine.register_fn("unit", move |id: &str| {
        let known = units.get(id).cloned();
        known.map(Role::Unit).ok_or_else(|| {
            let help = did_you_mean(id, units.iter().map(|unit| &**unit));
            complain(format!("unit `{}` is not in the plan", shortened(id)), help.as_deref())
        })
    });
    engine.register_fn("==", |a: Role, b: Role| a == b);
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

#[allow(clippy::unnecessary_box_returns, reason = "Rhai's functions answer boxed errors")]
pub(super) fn complain(message: String, help: Option<&str>) -> Box<EvalAltResult> {
    let complaint = Complaint { message, help: help.map(str::to_owned) };
    EvalAltResult::ErrorRuntime(Dynamic::from(complaint), Position::NONE).into()
}

/// The same, at a place that is known already.
#[allow(clippy::unnecessary_box_returns, reason = "Rhai's functions answer boxed errors")]
pub(super) fn complain_at(
    position: Position,
    message: String,
    help: Option<&str>,
) -> Box<EvalAltResult> {
    let mut error = complain(message, help);
    error.set_position(position);
    error
}
