//! Rhai's errors in words of ours: where, what, and what to do.
//! Where a finding is shown is decided in `load`; what a typo in the text most likely was, in `slips`.

use rhai::{Dynamic, EvalAltResult, ParseErrorType, Position};

use super::facts::{DEADLINE, MEASURE, PLAN};
use super::purse::Empty;
use super::vocabulary::{Complaint, WORDS, did_you_mean};

/// An error in words.
#[derive(Debug)]
pub(super) struct Explained {
    /// Where it is.
    pub(super) position: Position,
    /// What is wrong.
    pub(super) message: String,
    /// What to do.
    pub(super) help: Option<String>,
}

/// Puts an error of Rhai into words of ours.
pub(super) fn explain(error: &EvalAltResult) -> Explained {
    let names = || WORDS.iter().map(|word| word.name);
    let (message, help) = match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, outer) => {
            let explained = explain(inner);
            let position = if explained.position.is_none() { *outer } else { explained.position };
            return Explained { position, ..explained };
        }
        EvalAltResult::ErrorInModule(file, inner, outer) => {
            let Explained { position, message, help } = explain(inner);
            let message = if message.starts_with("in `") {
                message
            } else {
                format!("in `{file}`{}: {message}", at(position))
            };
            return Explained { position: *outer, message, help };
        }
        EvalAltResult::ErrorParsing(ParseErrorType::VariableUndefined(name), _)
        | EvalAltResult::ErrorVariableNotFound(name, _) => {
            (format!("unknown word `{name}`"), did_you_mean(name, names()))
        }
        EvalAltResult::ErrorParsing(kind, _) => (format!("this cannot be read: {kind}"), None),
        EvalAltResult::ErrorRuntime(value, _) => thrown(value),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => unknown_call(signature),
        EvalAltResult::ErrorDotExpr(text, _) => unknown_property(text),
        EvalAltResult::ErrorTerminated(empty, _)
            if empty.clone().try_cast::<Empty>() == Some(Empty::Operations) =>
        {
            too_much("takes too many operations", "is there a loop without end?")
        }
        EvalAltResult::ErrorTooManyOperations(_) => {
            too_much("takes too many operations", "is there a loop without end?")
        }
        EvalAltResult::ErrorTerminated(..) => {
            too_much("takes too long", "is there a loop without end?")
        }
        EvalAltResult::ErrorStackOverflow(_) => {
            too_much("calls too deep", "does a function call itself?")
        }
        EvalAltResult::ErrorDataTooLarge(what, _) => too_much(
            &format!("makes too much data: {}", too_large(what)),
            "does something grow without end?",
        ),
        EvalAltResult::ErrorTooManyVariables(_) => {
            too_much("has too many variables", "split the file")
        }
        EvalAltResult::ErrorModuleNotFound(path, _) => (
            format!("`{path}` is not in the rules folder"),
            Some("`import` reads only from there: `import \"folder/file\" as words;`".to_owned()),
        ),
        other => {
            // Rhai appends the place to its own words; we tell it separately.
            let told = other.to_string();
            (told.rsplit_once(" (line ").map_or(told.as_str(), |(words, _)| words).to_owned(), None)
        }
    };
    Explained { position: error.position(), message, help }
}

fn at(position: Position) -> String {
    match (position.line(), position.position()) {
        (Some(line), Some(column)) => format!(", line {line}, column {column}"),
        _ => String::new(),
    }
}

fn thrown(value: &Dynamic) -> (String, Option<String>) {
    if let Some(complaint) = value.read_lock::<Complaint>() {
        return (complaint.message.clone(), complaint.help.clone());
    }
    // A list may nest deeper than the stack allows to print.
    let is_plain = !value.is_array() && !value.is_map();
    let told = if is_plain { format!(": {value}") } else { String::new() };
    (format!("the rule gives up{told}"), None)
}

fn too_large(what: &str) -> &str {
    match what {
        "Length of string" => "a text",
        "Size of array/BLOB" | "list" => "a list",
        "Size of object map" => "a map",
        other => other,
    }
}

fn too_much(what: &str, help: &str) -> (String, Option<String>) {
    (format!("the rule {what}"), Some(help.to_owned()))
}

/// `signature` is what Rhai looked for: `remind (a rule, a role)`.
fn unknown_call(signature: &str) -> (String, Option<String>) {
    let (name, given) = signature.split_once(" (").unwrap_or((signature, ""));
    let given = given
        .trim_end_matches(')')
        .replace("&str | ImmutableString | String", "text")
        .replace("i64", "number");
    if let Some(word) = WORDS.iter().find(|word| word.name == name) {
        let given = given.split_once(", ").map_or(given.as_str(), |(_, rest)| rest);
        let message = format!(
            "`{name}` does not take this: {}",
            if given.is_empty() { "nothing" } else { given }
        );
        (message, Some(format!("write `{}`: {}", word.signature, word.meaning)))
    } else {
        let help = did_you_mean(name, WORDS.iter().map(|word| word.name));
        (format!("unknown word `{name}`"), help)
    }
}

/// `text` is Rhai's: `Unknown property 'kindd' - a getter is not registered for type 'a deadline'`.
fn unknown_property(text: &str) -> (String, Option<String>) {
    let mut quoted = text.split('\'').skip(1).step_by(2);
    let (Some(name), Some(of)) = (quoted.next(), quoted.next()) else {
        return (text.to_owned(), None);
    };
    let of = if of == "i64" { "a number" } else { of };
    let known: Vec<&str> = match of {
        "a deadline" => DEADLINE.iter().map(|property| property.name).collect(),
        "a measure" => MEASURE.iter().map(|property| property.name).collect(),
        "the plan" => PLAN.iter().map(|property| property.name).collect(),
        _ => WORDS.iter().map(|word| word.name).collect(),
    };
    (format!("{of} has no `{name}`"), did_you_mean(name, known.into_iter()))
}
