//! What the parts of conditions were when rules were asked: how often true and false, and of what values.
//! Rules are loaded with a trace where somebody wants to know, in `explain` and for coverage; a daemon's rules have none.

mod instrument;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::{Array, Dynamic, Engine};

use super::vocabulary::Date;
use crate::plan::Id;

/// The words that note a part, and a side of a comparison.
const NOTE: &str = "__part";
const SEEN: &str = "__seen";

/// A part of a condition: what stands between `||` and `&&`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The rule's name, as far as the file says it in plain words.
    pub rule: Id,
    /// The file.
    pub file: Id,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The part as written, on one line.
    pub text: String,
    /// The two sides of a comparison as written, where they are no plain values.
    values: [Option<String>; 2],
}

/// A step as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepText {
    /// The rule's name, as far as the file says it in plain words.
    pub rule: Id,
    /// The line, from 1.
    pub line: usize,
    /// The step on one line, `.remind(lead, 10.workdays.before)`.
    pub text: String,
}

/// What a part has been so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// How often it was true.
    pub truths: u64,
    /// How often it was false.
    pub falsehoods: u64,
}

/// What a part was when its rule was last asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The part as written.
    pub text: String,
    /// Whether it held.
    pub held: bool,
    /// The values in it, as `d.kind is "note"`.
    pub values: Vec<String>,
}

impl fmt::Display for Seen {
    /// Writes `d.kind == "summary" is false: d.kind is "note"`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is {}", self.text, self.held)?;
        if !self.values.is_empty() {
            write!(f, " ({})", self.values.join(", "))?;
        }
        Ok(())
    }
}

/// Notes what the parts of all conditions are.
#[derive(Debug, Default)]
pub struct Trace {
    notes: Mutex<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    parts: Vec<Part>,
    counted: Vec<Counted>,
    steps: Vec<StepText>,
    /// The parts that were asked since the last look, in order, each with the values that were seen.
    asked: Vec<(usize, bool, [Option<String>; 2])>,
    seen: [Option<String>; 2],
    /// Whether values are noted; for counting, they would only cost.
    closely: bool,
}

impl Trace {
    /// Returns all parts with what they have been so far, in the order of files and lines.
    pub fn parts(&self) -> Vec<(Part, Counted)> {
        let notes = self.notes();
        notes.parts.iter().cloned().zip(notes.counted.iter().cloned()).collect()
    }

    /// Returns how the steps of `rule` are written, in their order, as far as the files say it in plain words.
    pub fn steps_of(&self, rule: &str) -> Vec<StepText> {
        self.notes().steps.iter().filter(|step| *step.rule == *rule).cloned().collect()
    }

    /// Does `work` and returns what the parts that it asked were, in order.
    pub fn watch<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<Seen>) {
        {
            let mut notes = self.notes();
            notes.closely = true;
            notes.asked.clear();
        }
        let result = work();
        let mut notes = self.notes();
        notes.closely = false;
        let asked = std::mem::take(&mut notes.asked);
        let seen = asked.into_iter().map(|(number, held, values)| {
            let part = &notes.parts[number];
            let told =
                part.values.iter().zip(values).filter_map(|(side, value)| {
                    Some(format!("`{}` is {}", side.as_ref()?, value?))
                });
            Seen { text: part.text.clone(), held, values: told.collect() }
        });
        (result, seen.collect())
    }

    /// Rewrites a file so that the parts of its conditions are noted here.
    pub(super) fn instrument(&self, text: &str, file: &str) -> String {
        let mut notes = self.notes();
        let (text, parts, steps) = instrument::instrument(text, file, notes.parts.len());
        notes.counted.extend(parts.iter().map(|_| Counted::default()));
        notes.parts.extend(parts);
        notes.steps.extend(steps);
        text
    }

    /// Makes the noting words known to an engine.
    pub(super) fn register(self: &Arc<Self>, engine: &mut Engine) {
        let trace = self.clone();
        engine.register_fn(NOTE, move |number: i64, value: Dynamic| {
            if let Ok(held) = value.as_bool() {
                trace.notes().note(number, held);
            }
            value
        });
        let trace = self.clone();
        engine.register_fn(SEEN, move |_: i64, side: i64, value: Dynamic| {
            let mut notes = trace.notes();
            if notes.closely {
                notes.seen[usize::from(side == 1)] = Some(words(&value));
            }
            drop(notes);
            value
        });
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Notes {
    fn note(&mut self, number: i64, held: bool) {
        let Some((number, counted)) =
            usize::try_from(number).ok().and_then(|at| Some((at, self.counted.get_mut(at)?)))
        else {
            return;
        };
        *(if held { &mut counted.truths } else { &mut counted.falsehoods }) += 1;
        if self.closely {
            let values = std::mem::take(&mut self.seen);
            self.asked.push((number, held, values));
        }
    }
}

/// Puts a value into words, as it would be written in a rule.
fn words(value: &Dynamic) -> String {
    if let Ok(text) = value.as_immutable_string_ref() {
        return format!("{:?}", text.as_str());
    }
    if let Some(date) = value.read_lock::<Date>() {
        return date.0.to_string();
    }
    if let Some(list) = value.read_lock::<Array>() {
        return format!("[{}]", list.iter().map(words).collect::<Vec<_>>().join(", "));
    }
    if value.is_unit() {
        return "nothing".to_owned();
    }
    value.to_string()
}
