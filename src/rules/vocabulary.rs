//! The words of the rule language and what each of them does; how they are written and what they mean is in `words`.
//! What closures can ask of a deadline is in `facts`; how a file is read with these words in `load`.

mod operators;
mod words;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Datelike, NaiveDate};
use croner::parser::{CronParser, Seconds};
use rhai::{
    Array, Dynamic, Engine, EvalAltResult, FnPtr, GlobalRuntimeState, NativeCallContext, Position,
    Scope,
};

use super::explain::{kind, shortened};
use super::purse::Asking;
use super::timing::{Direction, Firings, Offset, When};
use super::{Over, Text, closures};
use crate::calendar::Span;
use crate::finding::nearest;
use crate::notice::{Anchor, Event, Kind, Role};
use crate::plan::Id;
use crate::plan::date::parse_date;

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

/// A rule while its file runs.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) name: Id,
    pub(super) position: Position,
    pub(super) about: Option<String>,
    pub(super) over: Over,
    pub(super) conditions: Vec<DraftScript>,
    pub(super) steps: Vec<DraftStep>,
    pub(super) subject: Option<Text>,
    pub(super) text: Option<Text>,
}

/// A step while its file runs.
#[derive(Debug)]
pub(super) struct DraftStep {
    pub(super) kind: Kind,
    pub(super) whom: DraftWhom,
    pub(super) when: When,
    pub(super) position: Position,
}

/// Whom a step tells, while its file runs.
#[derive(Debug)]
pub(super) enum DraftWhom {
    Roles(Vec<Role>),
    Script(DraftScript),
}

/// A closure with the state that Rhai needs to run it later: the functions and imports of its file.
#[derive(Debug)]
pub(super) struct DraftScript {
    pub(super) function: FnPtr,
    pub(super) global: GlobalRuntimeState,
    pub(super) position: Position,
}

/// The rules that a file has declared so far.
pub(super) type Drafts = Arc<Mutex<Vec<Draft>>>;

/// How many rules a file may have, and how many steps and conditions a rule.
pub(super) const RULES: usize = 2_000;
const STEPS: usize = 100;

/// What `rule(…)` answers, for the words that follow it.
#[derive(Debug, Clone)]
struct Handle {
    drafts: Drafts,
    place: usize,
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
        .register_type_with_name::<Handle>("a rule")
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
    rules(engine, drafts);
    steps(engine);
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

fn rules(engine: &mut Engine, drafts: &Drafts) {
    let drafts = drafts.clone();
    engine
        .register_fn("rule", move |context: NativeCallContext, name: &str| -> Answer<Handle> {
            let fits = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
            if name.trim().is_empty() || !name.chars().all(fits) {
                let help = "a name has letters, digits, `-`, `_`, `.` and spaces";
                let name = shortened(name);
                return Err(complain(format!("`{name}` is no name for a rule"), Some(help)));
            }
            if Asking::now() {
                return too_late();
            }
            let mut list = drafts.lock().unwrap_or_else(PoisonError::into_inner);
            if list.len() >= RULES {
                return Err(complain(
                    format!("a file has at most {RULES} rules"),
                    Some("split it"),
                ));
            }
            list.push(Draft {
                name: name.into(),
                position: context.call_position(),
                about: None,
                over: Over::Deadlines,
                conditions: Vec::new(),
                steps: Vec::new(),
                subject: None,
                text: None,
            });
            Ok(Handle { drafts: drafts.clone(), place: list.len() - 1 })
        })
        .register_fn("about", |rule: Handle, about: &str| {
            rule.change(|draft| draft.about = Some(about.into()))
        })
        .register_fn("over", |rule: Handle, over: Over| rule.change(|draft| draft.over = over))
        .register_fn("when", |context: NativeCallContext, rule: Handle, condition: FnPtr| {
            let condition = script(&context, condition);
            rule.change(|draft| draft.conditions.push(condition))
        })
        .register_fn("subject", |context: NativeCallContext, rule: Handle, template: &str| {
            rule.change(|draft| draft.subject = Some(template_of(&context, template)))
        })
        .register_fn("text", |context: NativeCallContext, rule: Handle, template: &str| {
            rule.change(|draft| draft.text = Some(template_of(&context, template)))
        });
}

fn steps(engine: &mut Engine) {
    type Context<'a> = NativeCallContext<'a>;
    for (word, kind) in
        [("remind", Kind::Remind), ("escalate", Kind::Escalate), ("notify", Kind::Notify)]
    {
        let step = move |context: &Context, rule: Handle, whom: DraftWhom, when: When| {
            let position = context.call_position();
            rule.change(|draft| draft.steps.push(DraftStep { kind, whom, when, position }))
        };
        engine
            .register_fn(word, move |context: Context, rule: Handle, role: Role, when: Offset| {
                step(&context, rule, DraftWhom::Roles(vec![role]), When::Offset(when))
            })
            .register_fn(word, move |context: Context, rule: Handle, role: Role, when: When| {
                step(&context, rule, DraftWhom::Roles(vec![role]), when)
            })
            .register_fn(word, move |context: Context, rule: Handle, roles: Array, when: Offset| {
                let whom = DraftWhom::Roles(each_role(roles)?);
                step(&context, rule, whom, When::Offset(when))
            })
            .register_fn(word, move |context: Context, rule: Handle, roles: Array, when: When| {
                let whom = DraftWhom::Roles(each_role(roles)?);
                step(&context, rule, whom, when)
            })
            .register_fn(word, move |context: Context, rule: Handle, whom: FnPtr, when: Offset| {
                let whom = DraftWhom::Script(script(&context, whom));
                step(&context, rule, whom, When::Offset(when))
            })
            .register_fn(word, move |context: Context, rule: Handle, whom: FnPtr, when: When| {
                let whom = DraftWhom::Script(script(&context, whom));
                step(&context, rule, whom, when)
            });
    }
}

impl Handle {
    fn change(self, change: impl FnOnce(&mut Draft)) -> Answer<Self> {
        if Asking::now() {
            return too_late();
        }
        let mut list = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        let draft = &mut list[self.place];
        change(draft);
        if draft.steps.len() + draft.conditions.len() > STEPS {
            let message = format!("a rule has at most {STEPS} steps and conditions");
            return Err(complain(message, Some("make two rules of it")));
        }
        drop(list);
        Ok(self)
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A closure that is asked when a step is due declares nothing any more.
fn too_late<T>() -> Answer<T> {
    let help = "write rules and steps outside of closures";
    Err(complain("a closure cannot declare anything".into(), Some(help)))
}

fn script(context: &NativeCallContext, function: FnPtr) -> DraftScript {
    let global = context.global_runtime_state().clone();
    DraftScript { function: closures::copied(function), global, position: context.call_position() }
}

fn template_of(context: &NativeCallContext, template: &str) -> Text {
    Text { template: template.to_owned(), line: context.call_position().line().unwrap_or(1) }
}

fn each_role(roles: Array) -> Answer<Vec<Role>> {
    if roles.is_empty() {
        return Err(complain(
            "an empty list names nobody".into(),
            Some("leave the step out, or name a role"),
        ));
    }
    roles
        .into_iter()
        .map(|role| {
            let what = kind(role.type_name()).to_owned();
            role.try_cast::<Role>().ok_or_else(|| {
                let help = "for example `[responsible, unit(\"id\")]`";
                complain(format!("the list names whom to tell, and holds {what}"), Some(help))
            })
        })
        .collect()
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
