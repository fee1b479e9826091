//! The words that say what is expected, and which mails are meant.
//! How an expectation is held against what goes out is in `trial`.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use rhai::{Dynamic, Engine, NativeCallContext};

use super::{Answer, Handle, date, spot};
use crate::notice::Kind;
use crate::rules::scenario::{Expectation, Expected, Filter, Spot};
use crate::rules::vocabulary::complain;

/// A stretch of days, both included.
#[derive(Debug, Clone, Copy)]
struct Days(Option<NaiveDate>, Option<NaiveDate>);

/// What an expectation says besides that something is told.
type Words = fn(&mut Expectation) -> &mut Vec<(String, Spot)>;

/// Makes the words of expectations known to an engine.
pub(super) fn register(engine: &mut Engine, file: &Arc<str>) {
    engine.register_type_with_name::<Days>("a stretch of days");
    stretches(engine);
    let here = file.clone();
    engine.register_fn(
        "expect",
        move |context: NativeCallContext,
              handle: Handle,
              on: &str,
              kind: Kind,
              to: &str,
              about: &str| {
            let (to, about) = (to.to_owned(), about.to_owned());
            let what = Expected::Notice { on: date(on)?, kind, to, about };
            handle.expects(what, spot(&context, &here))
        },
    );
    let here = file.clone();
    engine.register_fn(
        "expect_fault",
        move |context: NativeCallContext, handle: Handle, words: &str| {
            handle.expects(Expected::Fault(words.to_owned()), spot(&context, &here))
        },
    );
    for (word, mails) in [("expect_count", false), ("expect_mails", true)] {
        counted(engine, word, file, move |context, handle, count, of| {
            let count = usize::try_from(count)
                .map_err(|_| complain(format!("{count} is no number of mails"), None))?;
            handle.expects(Expected::Count { count, mails, of }, context)
        });
    }
    nothing(engine, file);
    let parts: [(&str, Words); 2] = [
        ("with_subject", |expectation| &mut expectation.subjects),
        ("with_line", |expectation| &mut expectation.lines),
    ];
    for (word, part) in parts {
        let here = file.clone();
        engine.register_fn(word, move |context: NativeCallContext, handle: Handle, text: &str| {
            let place = spot(&context, &here);
            handle.change(|draft| {
                let last = draft.scenario.expectations.last_mut();
                let last = last.filter(|last| matches!(last.what, Expected::Notice { .. }));
                let help = "write it right after the `.expect(…)` that it is about";
                let last = last.ok_or_else(|| {
                    complain(format!("`.{word}` belongs to an `.expect`"), Some(help))
                })?;
                part(last).push((text.to_owned(), place));
                Ok(())
            })
        });
    }
}

/// Registers a word that takes a number and up to three conditions in any order.
fn counted(
    engine: &mut Engine,
    word: &'static str,
    file: &Arc<str>,
    then: impl Fn(Spot, Handle, i64, Filter) -> Answer<Handle> + Clone + Send + Sync + 'static,
) {
    let (here, next) = (file.clone(), then.clone());
    engine.register_fn(word, move |context: NativeCallContext, handle: Handle, count: i64| {
        next(spot(&context, &here), handle, count, Filter::default())
    });
    let (here, next) = (file.clone(), then.clone());
    engine.register_fn(
        word,
        move |context: NativeCallContext, handle: Handle, count: i64, a: Dynamic| {
            next(spot(&context, &here), handle, count, filter(vec![a])?)
        },
    );
    let (here, next) = (file.clone(), then.clone());
    engine.register_fn(
        word,
        move |context: NativeCallContext, handle: Handle, count: i64, a: Dynamic, b: Dynamic| {
            next(spot(&context, &here), handle, count, filter(vec![a, b])?)
        },
    );
    let here = file.clone();
    engine.register_fn(
        word,
        move |context: NativeCallContext,
              handle: Handle,
              count: i64,
              a: Dynamic,
              b: Dynamic,
              c: Dynamic| {
            then(spot(&context, &here), handle, count, filter(vec![a, b, c])?)
        },
    );
}

/// `expect_nothing` is a count of none.
fn nothing(engine: &mut Engine, file: &Arc<str>) {
    const WORD: &str = "expect_nothing";
    let none = |handle: Handle, place: Spot, of: Vec<Dynamic>| {
        handle.expects(Expected::Count { count: 0, mails: false, of: filter(of)? }, place)
    };
    let here = file.clone();
    engine.register_fn(WORD, move |context: NativeCallContext, handle: Handle| {
        none(handle, spot(&context, &here), Vec::new())
    });
    let here = file.clone();
    engine.register_fn(WORD, move |context: NativeCallContext, handle: Handle, a: Dynamic| {
        none(handle, spot(&context, &here), vec![a])
    });
    let here = file.clone();
    engine.register_fn(
        WORD,
        move |context: NativeCallContext, handle: Handle, a: Dynamic, b: Dynamic| {
            none(handle, spot(&context, &here), vec![a, b])
        },
    );
    let here = file.clone();
    engine.register_fn(
        WORD,
        move |context: NativeCallContext, handle: Handle, a: Dynamic, b: Dynamic, c: Dynamic| {
            none(handle, spot(&context, &here), vec![a, b, c])
        },
    );
}

fn stretches(engine: &mut Engine) {
    let next = |date: NaiveDate, days| Some(date + TimeDelta::days(days));
    engine
        .register_fn("after", move |text: &str| Answer::Ok(Days(next(date(text)?, 1), None)))
        .register_fn("before", move |text: &str| Answer::Ok(Days(None, next(date(text)?, -1))))
        .register_fn("on", |text: &str| Answer::Ok(Days(Some(date(text)?), Some(date(text)?))))
        .register_fn("between", |from: &str, until: &str| {
            Answer::Ok(Days(Some(date(from)?), Some(date(until)?)))
        });
}

fn filter(conditions: Vec<Dynamic>) -> Answer<Filter> {
    let mut filter = Filter::default();
    for condition in conditions {
        if let Some(kind) = condition.read_lock::<Kind>() {
            filter.kind = Some(*kind);
        } else if let Some(Days(from, until)) = condition.read_lock::<Days>().map(|days| *days) {
            (filter.from, filter.until) = (filter.from.max(from), filter.until.or(until));
        } else if let Ok(name) = condition.as_immutable_string_ref() {
            filter.names.push(name.to_string());
        } else {
            let help = "a kind (`remind`), a deadline or unit (`\"1a/summary\"`), or a time (`after(\"2011-04-10\")`)";
            return Err(complain(
                "this says nothing about which mails are meant".to_owned(),
                Some(help),
            ));
        }
    }
    Ok(filter)
}
