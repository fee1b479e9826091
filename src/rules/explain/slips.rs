//! Slips of the pen: a file that cannot be read, and what it takes that it can.
//! Which kinds of faults there are is Rhai's `ParseErrorType`; where brackets are open, `brackets` tells.

use rhai::{LexError, ParseErrorType, Position};

use super::given::kind as kind_of;
use super::unknown::instead;
use super::{Explained, Words, brackets, is_invisible, not_imported, shortened, told};
use crate::rules::load::{offset_of, position_of};
use crate::rules::vocabulary::WORDS;

/// What people's word processors make of `"`.
const QUOTES: &[char] = &['„', '“', '”', '«', '»', '‘', '’', '‚', '‹', '›', '″', '＂'];

/// The place at which Rhai got stuck.
#[derive(Clone, Copy)]
struct Stuck<'a> {
    /// The file up to there, without space at its end.
    before: &'a str,
    /// The file from there on.
    here: &'a str,
    /// The beginning of its line.
    line: &'a str,
}

/// Explains why a file cannot be read.
pub(super) fn explain(kind: &ParseErrorType, text: &str, position: Position) -> Explained {
    let at = offset_of(text, position).min(text.len());
    let line = text[..at].rsplit('\n').next().unwrap_or_default();
    let stuck = Stuck { before: text[..at].trim_end(), here: &text[at..], line };
    if let ParseErrorType::MissingToken(token, what) = kind
        && token == ";"
        && what.contains("statement")
        && begins_statement(stuck)
    {
        return Explained {
            position: position_of(text, stuck.last_character()),
            message: "the `;` at the end is missing".to_owned(),
            help: Some("write `;` there: rules, imports and variables all end with it".to_owned()),
        };
    }
    if let Some((open, name)) = ends_open(kind, text, stuck) {
        let called = if name.is_empty() || !text[open..].starts_with('(') {
            String::new()
        } else {
            format!(" of `{name}`")
        };
        return Explained {
            position: position_of(text, open),
            message: format!("the bracket `{}`{called} is not closed", &text[open..=open]),
            help: Some(format!("write `{}` where it ends", brackets::closing(&text[open..=open]))),
        };
    }
    let (message, help) = words(kind, stuck);
    Explained { position, message, help }
}

/// Tells whether the line at which Rhai got stuck is a statement of its own.
fn begins_statement(stuck: Stuck) -> bool {
    let name = stuck.name();
    let own_line = !stuck.before.is_empty() && stuck.line.trim().is_empty();
    own_line && ["rule", "let", "const", "fn", "import", "scenario", "if", "for"].contains(&name)
        || ["let", "const", "fn", "import"].contains(&name)
}

/// Returns the bracket that is open where the file or its rule ends, and the word before it.
fn ends_open<'a>(kind: &ParseErrorType, text: &'a str, stuck: Stuck) -> Option<(usize, &'a str)> {
    let wanting = match kind {
        ParseErrorType::UnexpectedEOF => true,
        ParseErrorType::MissingToken(..) => {
            stuck.here.trim_start().is_empty()
                || stuck.here.starts_with([';', ')', ']', '}'])
                || begins_statement(stuck)
        }
        _ => false,
    };
    wanting.then(|| brackets::innermost_open(text, stuck.before.len())).flatten()
}

fn words(kind: &ParseErrorType, stuck: Stuck) -> Words {
    match kind {
        ParseErrorType::BadInput(lexical) => bad_input(lexical, stuck),
        ParseErrorType::MissingToken(token, what) => missing(token, what, stuck),
        ParseErrorType::UnexpectedEOF => {
            told("the file ends in the middle of something", "is a `;` or a bracket missing?")
        }
        ParseErrorType::UnknownOperator(sign) => sign_of_others(sign),
        ParseErrorType::Reserved(word) => reserved(word),
        ParseErrorType::PropertyExpected => match stuck.name() {
            "" => told("nothing follows the dot", "write a word after it, or leave it out"),
            name => told(
                &format!("`{name}` cannot stand after a dot"),
                "it is a word that Rhai, the language behind rules, keeps for itself",
            ),
        },
        ParseErrorType::MismatchedType(wanted, _) if wanted.contains("bool") => told(
            "`&&`, `||` and `!` join conditions, and this is none",
            "compare on both sides: `d.kind == \"note\" || d.kind == \"report\"`",
        ),
        ParseErrorType::MismatchedType(_, got) => {
            (format!("something else is needed here than {}", kind_of(got)), None)
        }
        ParseErrorType::LiteralTooLarge(_, most) => {
            (format!("this is too long: at most {most} characters"), None)
        }
        ParseErrorType::ExprTooDeep => told(
            "this nests too deep",
            "a rule has about a hundred steps and conditions at most; make two of it",
        ),
        ParseErrorType::TooManyFunctions => told("the file has too many closures", "split it"),
        ParseErrorType::ModuleUndefined(name) => not_imported(name),
        ParseErrorType::AssignmentToConstant(name) => told(
            &format!("`{name}` cannot be changed"),
            "give a value of your own another name; to compare, write `==`",
        ),
        ParseErrorType::AssignmentToInvalidLHS(_) => {
            told("only a variable can be changed with `=`", "to compare, write `==`")
        }
        ParseErrorType::VariableExpected => {
            told("a name is missing here", "for example `let limit = 30;`")
        }
        ParseErrorType::VariableExists(name) | ParseErrorType::DuplicatedVariable(name) => {
            told(&format!("there is a `{name}` already"), "give one of them another name")
        }
        ParseErrorType::ExprExpected(_) => {
            told("something is missing here", "a value or a condition")
        }
        ParseErrorType::MalformedIndexExpr(_) => {
            told("an entry of a list is asked for by its number", "for example `d.responsible[0]`")
        }
        ParseErrorType::DuplicatedProperty(name) => {
            told(&format!("`{name}` is there twice"), "leave one of them out")
        }
        ParseErrorType::LoopBreak => {
            told("`break` and `continue` stand only in a loop", "leave it out")
        }
        ParseErrorType::FnMissingBody(_)
        | ParseErrorType::FnMissingName
        | ParseErrorType::FnMissingParams(_) => {
            told("this is no whole function", "for example `fn late(d) { d.days_left < 0 }`")
        }
        ParseErrorType::FnDuplicatedDefinition(name, _) => {
            told(&format!("there is a function `{name}` already"), "give one of them another name")
        }
        ParseErrorType::FnDuplicatedParam(_, name) => {
            told(&format!("`{name}` is there twice"), "give one of them another name")
        }
        ParseErrorType::WrongFnDefinition => {
            told("a function stands at the top of a file, in no brackets", "move it there")
        }
        ParseErrorType::WrongDocComment => {
            told("`///` begins a comment about a function", "write `//`")
        }
        other => (format!("this cannot be read: {}", super::lower(&other.to_string())), None),
    }
}

fn bad_input(kind: &LexError, stuck: Stuck) -> Words {
    match kind {
        LexError::UnterminatedString => {
            let line = stuck.here.lines().next().unwrap_or_default();
            let help = match line.chars().find(|c| QUOTES.contains(c)) {
                Some(quote) => format!("write `\"` instead of `{quote}`"),
                None => "write `\"` where it ends, on the same line".to_owned(),
            };
            ("this text has no end".to_owned(), Some(help))
        }
        LexError::MalformedChar(text) => {
            told("a text stands in `\"`, not in `'`", &format!("write `\"{}\"`", shortened(text)))
        }
        LexError::MalformedNumber(number) => {
            (format!("`{}` is no number", shortened(number)), None)
        }
        LexError::MalformedEscapeSequence(sequence) => told(
            &format!("`{}` means nothing in a text", shortened(sequence)),
            "write `\\\\` for a `\\`, `\\\"` for a `\"` and `\\n` for a new line",
        ),
        LexError::MalformedIdentifier(name) => {
            (format!("`{}` cannot be a name", shortened(name)), None)
        }
        LexError::ImproperSymbol(sign, _) => sign_of_others(sign),
        LexError::UnexpectedInput(sign) => unexpected(sign, stuck),
        other => (format!("this cannot be read: {}", super::lower(&other.to_string())), None),
    }
}

fn unexpected(sign: &str, stuck: Stuck) -> Words {
    let first = sign.chars().next().unwrap_or(' ');
    if QUOTES.contains(&first) {
        return told(
            &format!("`{first}` is not the quotation mark of the rule language"),
            "write `\"`",
        );
    }
    if is_invisible(first) {
        let message =
            format!("a character stands here that cannot be seen (U+{:04X})", first as u32);
        return told(&message, "delete it, or type a space in its place");
    }
    let last = stuck.before.chars().next_back();
    match first {
        '.' if last == Some(';') => told(
            "this belongs to no rule any more",
            "leave out the `;` at the end of the line before: it ends the rule",
        ),
        '>' if last == Some('<') => told("`<>` is no sign of the rule language", "write `!=`"),
        ',' if matches!(last, Some(',' | '(')) => told("a comma too many", "leave one out"),
        ')' | ']' | '}' | ',' | ';' => told(
            &format!("something is missing before `{first}`"),
            "write it, or leave out the sign before",
        ),
        _ => (format!("`{}` cannot stand here", shortened(sign)), None),
    }
}

fn missing(token: &str, what: &str, stuck: Stuck) -> Words {
    let name = stuck.name();
    if let Some(sign @ ("&&" | "||")) = instead(name) {
        return told(
            &format!("`{name}` is no word of the rule language"),
            &format!("write `{sign}`"),
        );
    }
    if let Some(time) = time_in_words(stuck) {
        return told("the parts of a time are joined by dots", &format!("write `{time}`"));
    }
    if what.contains("anonymous function") {
        return told("the second `|` is missing before this", "write `|d| …`");
    }
    let is_word = WORDS.iter().any(|word| word.name == name);
    match token {
        "," if stuck.before.ends_with('"') && !name.is_empty() => {
            told("the text ended before this", "within a text, write `\\\"` for a `\"`")
        }
        "," if stuck.here.starts_with('"') => {
            told("this text begins where another has just ended", "is a `\"` too many?")
        }
        "," => told(
            "a comma is missing before this",
            "for example `.remind(responsible, 30.days.before)`",
        ),
        ";" if stuck.here.starts_with(')') => told("there is a `)` too many", "leave it out"),
        ";" if stuck.here.starts_with(',') => {
            told("a rule ends with `;`, not with `,`", "write `;`")
        }
        ";" if stuck.here.starts_with('{') => told(
            "a rule has no `{…}`",
            "its words follow each other with dots: `rule(\"name\").remind(responsible, 30.days.before);`",
        ),
        ";" if is_word && stuck.before.ends_with(')') => {
            told(&format!("the dot before `{name}` is missing"), &format!("write `.{name}`"))
        }
        ";" => match WORDS.iter().find(|word| word.name == stuck.last_name()) {
            Some(word) => told(
                &format!("`{}` is written with brackets", word.name),
                &format!("write `{}`", word.signature),
            ),
            None => told("a `;`, a dot or a comma is missing before this", "a rule ends with `;`"),
        },
        sign => (format!("a `{sign}` is missing before this"), None),
    }
}

/// Returns `30.days.before` for a time in which dots are missing.
fn time_in_words(stuck: Stuck) -> Option<String> {
    let line = stuck.line.trim_end();
    let joined = |c: char| c.is_alphanumeric() || c == '.';
    let start = line.rfind(|c| !joined(c)).map_or(0, |at| at + 1);
    let written = &line[start..];
    let rest = stuck.here.split(|c: char| !(joined(c) || c == ' ')).next().unwrap_or_default();
    let all = format!("{written} {rest}");
    let mut parts = all.split([' ', '.']).filter(|part| !part.is_empty());
    let number: u32 = parts.next()?.parse().ok()?;
    let unit = parts.next().map(|unit| instead(unit).unwrap_or(unit))?;
    let is_unit =
        ["day", "days", "week", "weeks", "month", "months", "year", "years", "workday", "workdays"];
    let side = parts.next().map(|side| instead(side).unwrap_or(side));
    let side = side.filter(|side| ["before", "after"].contains(side)).unwrap_or("before");
    is_unit.contains(&unit).then(|| format!("{number}.{unit}.{side}"))
}

fn sign_of_others(sign: &str) -> Words {
    if sign.chars().any(char::is_alphabetic) {
        return reserved(sign);
    }
    let instead = match sign {
        "===" | ":=" => Some("write `==`"),
        "!==" | "<>" | "=/=" => Some("write `!=`"),
        "=<" => Some("write `<=`"),
        "=>" => Some("write `>=`"),
        "?" => Some("write `if … { … } else { … }`"),
        "++" => Some("write `+= 1`"),
        "--" | "#" | ";;" => Some("a comment begins with `//`"),
        "->" | "<-" | "::" => Some("words follow each other with dots"),
        _ => None,
    };
    let message = format!("`{}` is no sign of the rule language", shortened(sign));
    (message, instead.map(str::to_owned))
}

fn reserved(word: &str) -> Words {
    if word == "this" {
        return told("`this` stands for nothing here", "write `|d| …` and ask `d`");
    }
    match instead(word) {
        Some(instead) => told(
            &format!("`{word}` is no word of the rule language"),
            &format!("write `{instead}`"),
        ),
        None if !word.chars().any(char::is_alphabetic) => sign_of_others(word),
        None => told(
            &format!("`{word}` is a word that cannot be used"),
            "Rhai, the language behind rules, keeps it for itself: take another name",
        ),
    }
}

impl<'a> Stuck<'a> {
    /// The name that begins here.
    fn name(self) -> &'a str {
        let end = self.here.find(|c: char| !(c.is_alphanumeric() || c == '_'));
        &self.here[..end.unwrap_or(self.here.len())]
    }

    /// The name that ended just before.
    fn last_name(self) -> &'a str {
        let start = self.before.rfind(|c: char| !(c.is_alphanumeric() || c == '_'));
        let first = start.and_then(|at| self.before[at..].chars().next()).map_or(0, char::len_utf8);
        &self.before[start.unwrap_or(0) + first..]
    }

    /// The byte at which the last character before it begins.
    fn last_character(self) -> usize {
        self.before.char_indices().next_back().map_or(0, |(at, _)| at)
    }
}
