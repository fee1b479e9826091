//! Rhai's errors in words of ours: where, what, and what to do.
//! What a slip of the pen in the text most likely was is in `slips`, unknown names in `unknown`, words that are given
//! something else than they take in `given`. Where a finding is shown is decided in `load`.

mod brackets;
mod given;
mod slips;
mod unknown;

pub(super) use brackets::open_comment;
pub(super) use given::kind;
pub(super) use unknown::no_property;

use rhai::{Dynamic, EvalAltResult, ParseErrorType, Position};

use super::purse::Empty;
use super::vocabulary::Complaint;

/// How much of a value is quoted in a message.
const QUOTED: usize = 60;

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

impl Explained {
    pub(super) fn at(position: Position, message: String, help: Option<String>) -> Self {
        Self { position, message, help }
    }
}

/// The file that an error is shown in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    /// Its name.
    pub(super) file: &'a str,
    /// Its text; empty where nobody has it at hand.
    pub(super) text: &'a str,
}

/// A message and its help.
type Words = (String, Option<String>);

/// Puts an error into words that somebody understands who has the file before them.
pub(super) fn explain(error: &EvalAltResult, shown: Shown) -> Explained {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, file, inner, outer) => {
            if !file.is_empty() && file != shown.file {
                return elsewhere(file, explain(inner, Shown { file, text: "" }), *outer);
            }
            let explained = explain(inner, shown);
            let position = if explained.position.is_none() { *outer } else { explained.position };
            Explained { position, ..explained }
        }
        EvalAltResult::ErrorInModule(file, inner, outer) => {
            elsewhere(file, explain(inner, Shown { file, text: "" }), *outer)
        }
        EvalAltResult::ErrorParsing(ParseErrorType::VariableUndefined(name), position)
        | EvalAltResult::ErrorVariableNotFound(name, position) => {
            let (message, help) = unknown::name(name, shown.text, *position);
            Explained { position: *position, message, help }
        }
        EvalAltResult::ErrorParsing(kind, position) => slips::explain(kind, shown.text, *position),
        other => {
            let (message, help) = in_words(other, shown.text);
            Explained { position: other.position(), message, help }
        }
    }
}

/// Tells at `position` of the file that is shown what is wrong in another that it imports.
pub(super) fn elsewhere(file: &str, explained: Explained, position: Position) -> Explained {
    let Explained { position: inner, message, help } = explained;
    // Files that import each other in a row tell of the innermost.
    if message.starts_with("in `") {
        return Explained { position, message, help };
    }
    let place = match (inner.line(), inner.position()) {
        (Some(line), Some(column)) => format!(", line {line}, column {column}"),
        _ => String::new(),
    };
    Explained { position, message: format!("in `{file}`{place}: {message}"), help }
}

fn in_words(error: &EvalAltResult, text: &str) -> Words {
    let endless = "is there a loop without end?";
    let growing = "does something grow without end?";
    match error {
        EvalAltResult::ErrorRuntime(value, _) => thrown(value),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => given::call(signature, text),
        EvalAltResult::ErrorDotExpr(text, _) => unknown::property(text),
        EvalAltResult::ErrorTerminated(empty, _)
            if empty.clone().try_cast() == Some(Empty::Operations) =>
        {
            told("the rule takes too many operations", endless)
        }
        EvalAltResult::ErrorTerminated(..) => told("the rule takes too long", endless),
        EvalAltResult::ErrorStackOverflow(_) => {
            told("the rule calls too deep", "does a function call itself?")
        }
        EvalAltResult::ErrorDataTooLarge(what, _) => {
            let what = match what.as_str() {
                "Length of string" => "text",
                "Size of array/BLOB" => "list",
                "Size of object map" => "map",
                other => other,
            };
            told(&format!("the rule makes too large a {what}"), growing)
        }
        EvalAltResult::ErrorTooManyVariables(_) => {
            told("the file has too many variables", "split it, or use fewer `let`")
        }
        EvalAltResult::ErrorTooManyModules(_) => {
            told("the file imports too much", "import each file once, at the top")
        }
        EvalAltResult::ErrorModuleNotFound(name, _) => not_imported(name),
        EvalAltResult::ErrorDataRace(..) => told(
            "a closure cannot use what its list is asked of, nor change its list",
            "take what the closure needs before: `let id = m.id; m.deadlines.some(|d| d.lead == id)`",
        ),
        EvalAltResult::ErrorAssignmentToConstant(name, _)
        | EvalAltResult::ErrorNonPureMethodCallOnConstant(name, _) => told(
            &format!("`{name}` would change something that cannot be changed"),
            "give a value of your own another name, as in `let mine = …`",
        ),
        EvalAltResult::ErrorArithmetic(what, _) => {
            let what = what
                .strip_prefix("step value")
                .map_or_else(|| lower(what), |rest| format!("the step from one to the next{rest}"));
            (format!("this cannot be computed: {what}"), None)
        }
        EvalAltResult::ErrorArrayBounds(length, place, _) => bounds("list", *length, *place),
        EvalAltResult::ErrorStringBounds(length, place, _) => bounds("text", *length, *place),
        EvalAltResult::ErrorFor(_) => told(
            "`for` goes through a list, and this is none",
            "for example `for unit in d.responsible { … }`",
        ),
        EvalAltResult::ErrorMismatchDataType(wanted, got, _) => {
            let (wanted, got) = (given::kind(wanted), given::kind(got));
            let help = (wanted == "true or false")
                .then(|| "compare it with something, as in `d.kind == \"summary\"`".to_owned());
            (format!("this is {got}, and what is needed here is {wanted}"), help)
        }
        EvalAltResult::ErrorIndexingType(kind, _) => {
            let kind = given::kind(kind.split(" [").next().unwrap_or_default());
            told(&format!("`[…]` takes an entry of a list, and this is {kind}"), "leave it out")
        }
        EvalAltResult::ErrorPropertyNotFound(name, _) => {
            (format!("there is no `{name}` in it"), None)
        }
        other => {
            // Rhai appends the place to its own words; we tell it separately.
            let words = other.to_string();
            let words = words.rsplit_once(" (line ").map_or(words.as_str(), |(words, _)| words);
            (format!("this cannot be carried out: {}", lower(words)), None)
        }
    }
}

fn told(message: &str, help: &str) -> Words {
    (message.to_owned(), Some(help.to_owned()))
}

fn not_imported(name: &str) -> Words {
    told(
        &format!("nothing is imported as `{name}`"),
        &format!("write `import \"folder/file\" as {name};` at the top"),
    )
}

fn thrown(value: &Dynamic) -> Words {
    if let Some(complaint) = value.read_lock::<Complaint>() {
        return (complaint.message.clone(), complaint.help.clone());
    }
    let told = match value.as_immutable_string_ref() {
        Ok(text) if !text.is_empty() => format!(": {}", shortened(&text)),
        _ => value.as_int().map(|number| format!(": {number}")).unwrap_or_default(),
    };
    (format!("the rule gives up{told}"), None)
}

fn bounds(what: &str, length: usize, place: i64) -> Words {
    let entries = match (what, length) {
        ("list", 1) => "entry",
        ("list", _) => "entries",
        (_, 1) => "character",
        _ => "characters",
    };
    let help = match length {
        0 => "ask first whether it `.is_empty()`".to_owned(),
        _ => format!("counting begins with 0, so the last one is {}", length - 1),
    };
    (format!("this {what} has {length} {entries}, and none at place {place}"), Some(help))
}

/// Cuts a text of somebody's for a message, in which every character can be seen.
pub(super) fn shortened(text: &str) -> String {
    let mut shown = String::new();
    for (place, character) in text.chars().enumerate() {
        if place == QUOTED {
            shown.push('…');
            break;
        }
        if is_invisible(character) && character != ' ' {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Tells whether a character cannot be seen, or changes where others are seen.
fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || ('\u{200b}'..='\u{206f}').contains(&character)
        || ['\u{ad}', '\u{feff}'].contains(&character)
}

/// Messages begin with a small letter.
fn lower(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}
