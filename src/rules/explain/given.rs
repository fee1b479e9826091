//! A word or function that is given something else than it takes.
//! What words take is in `vocabulary::words`.

use super::Words;
use super::unknown::instead;
use crate::rules::vocabulary::{WORDS, did_you_mean};

/// Functions of plain values that are worth a "did you mean".
const FUNCTIONS: &[&str] = &[
    "contains",
    "is_empty",
    "len",
    "some",
    "all",
    "filter",
    "find",
    "map",
    "reduce",
    "starts_with",
    "ends_with",
    "to_upper",
    "to_lower",
    "trim",
    "split",
    "index_of",
    "sort",
    "keys",
    "values",
    "push",
    "for_each",
    "min",
    "max",
    "abs",
];

/// Words that are written after a number or a length of time, without brackets.
const BARE: &[&str] = &[
    "day", "days", "week", "weeks", "month", "months", "year", "years", "workday", "workdays",
    "before", "after", "any_day",
];

/// Explains a call that nothing answers in a file of this `text`; `signature` is what Rhai looked for:
/// `remind (a rule, a role)`.
pub(super) fn call(signature: &str, text: &str) -> Words {
    let (name, given) = signature.split_once(" (").unwrap_or((signature, ""));
    let given = given.trim_end_matches(')').replace("&str | ImmutableString | String", "string");
    let given: Vec<&str> = given.split(", ").filter(|kind| !kind.is_empty()).collect();
    if name.starts_with("anon$") {
        return closure(given.len());
    }
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return operator(name, &given);
    }
    if text.contains(&format!("fn {name}(")) {
        let help = format!("give it what stands in the brackets of `fn {name}(…)`");
        let message = match &given[..] {
            [] => format!("the function `{name}` is given nothing"),
            given => format!("the function `{name}` does not take {}", listed(given)),
        };
        return (message, Some(help));
    }
    if let Some((import, name)) = name.split_once("::") {
        return (
            format!("what is imported as `{import}` has no `{name}` that takes {}", listed(&given)),
            None,
        );
    }
    let Some(word) = WORDS.iter().find(|word| word.name == name) else {
        return unknown(name, &given);
    };
    if BARE.contains(&name) && given.len() == 1 {
        let help = match name {
            "before" | "after" => format!("write `30.days.{name}`"),
            "any_day" => "write `30.days.before.any_day`".to_owned(),
            _ => format!("write `30.{name}`"),
        };
        return (format!("`{name}` is written without brackets"), Some(help));
    }
    // A word after a dot is given the rule or the time before it as well.
    let is_after_a_dot = word.signature.contains(&format!(".{name}"));
    let given = if is_after_a_dot { given.get(1..).unwrap_or_default() } else { &given[..] };
    let message = match given {
        [] if is_after_a_dot && name == "every" => "`every` follows a time".to_owned(),
        [] => format!("`{name}` is given nothing"),
        given => format!("`{name}` does not take {}", listed(given)),
    };
    let help = slip(name, given)
        .unwrap_or_else(|| format!("write `{}`: {}", word.signature, word.meaning));
    (message, Some(help))
}

fn unknown(name: &str, given: &[&str]) -> Words {
    let names = WORDS.iter().map(|word| word.name).chain(FUNCTIONS.iter().copied());
    let help = instead(name)
        .map(|word| format!("write `{word}`"))
        .or_else(|| did_you_mean(name, names.filter(|known| *known != name)));
    match help {
        None if FUNCTIONS.contains(&name) => {
            (format!("`{name}` does not go with {}", listed(given)), None)
        }
        None => {
            let help = format!(
                "a function of your own is written `fn {name}(…) {{ … }}`, at the top of the file"
            );
            (format!("unknown word `{name}`"), Some(help))
        }
        help => (format!("unknown word `{name}`"), help),
    }
}

/// What was meant by what a word was given, if that is plain.
fn slip(name: &str, given: &[&str]) -> Option<String> {
    let is_time = |kind: &&str| ["a time before or after", "a time"].contains(kind);
    let is_step = ["remind", "escalate", "notify"].contains(&name);
    let help = match given {
        [when, _] if is_step && is_time(when) => {
            format!("whom comes first, then when: `.{name}(responsible, 30.days.before)`")
        }
        [whom] if is_step && !is_time(whom) => {
            format!("say when, too: `.{name}(responsible, 30.days.before)`")
        }
        [when] if is_step && is_time(when) => {
            format!("say whom, too: `.{name}(responsible, 30.days.before)`")
        }
        [_, "i64"] if is_step => "say which days, and before or after: `30.days.before`".to_owned(),
        [_, "a length of time"] if is_step => {
            "say on which side of the due date: `30.days.before` or `30.days.after`".to_owned()
        }
        [_, _, .., when] if is_step && is_time(when) => {
            format!("several to tell stand in `[…]`: `.{name}([responsible, owner], 30.days.before)`")
        }
        ["string", _] | [_, "string"] if is_step => {
            "words such as `responsible` and `30.days.before` stand without quotation marks; a unit is `unit(\"id\")`"
                .to_owned()
        }
        ["string"] if ["over", "on"].contains(&name) => {
            format!("write the word without quotation marks: `{}`", signature(name)?)
        }
        ["char"] => format!("a text stands in `\"`, not in `'`: `{}`", signature(name)?),
        ["i64"] if name == "every" => "say which days: `.every(14.days)`".to_owned(),
        ["an event"] if ["before", "after"].contains(&name) => {
            "what happens has no date beforehand; `on(delivered)` tells it when it does".to_owned()
        }
        _ => return None,
    };
    Some(help)
}

fn signature(name: &str) -> Option<&'static str> {
    WORDS.iter().find(|word| word.name == name).map(|word| word.signature)
}

fn closure(given: usize) -> Words {
    let message = match given {
        1 => "this closure takes more than one thing, or none, and is given one",
        _ => "this closure takes another number of things than it is given",
    };
    let help = "write `|d| …`: what the rule goes over, and nothing else";
    (message.to_owned(), Some(help.to_owned()))
}

fn operator(name: &str, given: &[&str]) -> Words {
    let help = if given.contains(&"a date") && given.contains(&"string") {
        Some("write the date as `date(\"2011-05-01\")`")
    } else if given.contains(&"a date") {
        Some("two dates can be compared, and `-` between them counts the days")
    } else if given.contains(&"()") {
        Some("ask first whether it is there, as in `d.due != ()`")
    } else {
        None
    };
    (format!("`{name}` does not go with {}", listed(given)), help.map(str::to_owned))
}

/// Names kinds of values in a sentence: "a text and a number".
fn listed(kinds: &[&str]) -> String {
    let words: Vec<&str> = kinds.iter().map(|word| kind(word)).collect();
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Says in words what Rhai calls a kind of value.
pub(in crate::rules) fn kind(name: &str) -> &str {
    match name {
        "i64" => "a number",
        "f64" => "a number with decimals",
        "string" | "&str | ImmutableString | String" | "a string" => "a text",
        "char" => "a single character",
        "bool" | "a boolean" => "true or false",
        "array" => "a list",
        "map" => "a map",
        "()" => "nothing",
        "Fn" | "FnPtr" => "a closure",
        "range" | "range=" => "a range",
        other => other,
    }
}
