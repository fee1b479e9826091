//! Names that nothing has, and what was meant by them.
//! Which words there are is in `vocabulary::words`, which properties in `facts`.

use rhai::Position;

use super::{Words, given};
use crate::rules::facts::{DEADLINE, MEASURE, PLAN};
use crate::rules::load::offset_of;
use crate::rules::vocabulary::{GETTERS, WORDS, did_you_mean};

/// What people write in place of a word of the language: in other languages, or in another one of computers.
const INSTEAD: &[(&[&str], &str)] = &[
    (&["ansvarlig", "ansvarlige", "verantwortlich", "ansvarleg"], "responsible"),
    (&["eier", "planeier", "eigar", "inhaber"], "owner"),
    (&["leder", "leiar", "leiter"], "leader"),
    (&["hjelpere", "hjelparar", "helfer"], "helpers"),
    (&["regel"], "rule"),
    (&["påminn", "minn", "varsle", "varsel", "erinnere"], "remind"),
    (&["dag", "dager", "dagar", "tag", "tage"], "days"),
    (&["uke", "uker", "veke", "veker", "woche", "wochen"], "weeks"),
    (&["måned", "måneder", "månad", "månader", "monat", "monate"], "months"),
    (&["virkedag", "virkedager", "werktage", "arbeidsdager", "workingdays"], "workdays"),
    (&["før", "vor"], "before"),
    (&["etter", "nach"], "after"),
    (&["frist", "forfall"], "due"),
    (&["tiltak"], "measures"),
    (&["frister"], "deadlines"),
    (&["not", "ikke"], "!"),
    (&["and", "og", "und"], "&&"),
    (&["or", "eller", "oder"], "||"),
    (&["null", "nil", "none", "nothing", "undefined"], "()"),
    (&["yes", "ja", "sann"], "true"),
    (&["no", "nei", "usann"], "false"),
];

/// Explains a name that stands for nothing.
pub(super) fn name(name: &str, text: &str, position: Position) -> Words {
    let at = offset_of(text, position).min(text.len());
    let (before, after) = (text[..at].trim_end(), text[at..].get(name.len()..).unwrap_or_default());
    let help = meant(name, &text[at..], before, after).unwrap_or_else(|| {
        let known = WORDS.iter().map(|word| word.name).chain(["true", "false"]);
        match did_you_mean(name, known.filter(|known| *known != name)) {
            Some(near) if name.chars().any(is_of_another_alphabet) => {
                format!("{near} A letter of this one is of another alphabet")
            }
            Some(near) => near,
            None => in_quotation_marks(name),
        }
    });
    (format!("unknown word `{name}`"), Some(help))
}

/// Tells whether a letter is Greek or Cyrillic, some of which look like Latin ones.
fn is_of_another_alphabet(letter: char) -> bool {
    ('\u{370}'..='\u{52f}').contains(&letter)
}

fn meant(name: &str, here: &str, before: &str, after: &str) -> Option<String> {
    let opens_a_text = |opening: &&str| before.ends_with(*opening);
    if ["rule(", "unit(", "about(", "subject(", "text("].iter().any(opens_a_text) {
        let end = here.find([')', ',', '"', '\n', '.']).unwrap_or(here.len());
        return Some(in_quotation_marks(here[..end].trim()));
    }
    let is_time = ["day", "week", "month", "year", "workday"].contains(&name.trim_end_matches('s'));
    if is_time && before.ends_with([',', '.']) {
        return Some(format!("the parts of a time are joined by one dot: `30.{name}.before`"));
    }
    if name == "due" && ["before(", "after("].iter().any(opens_a_text) {
        return Some("leave `(due)` out: the due date is what is counted from".to_owned());
    }
    let spaced = after.trim_start_matches([' ', '-', '_']).to_lowercase();
    if name.eq_ignore_ascii_case("on") && spaced.starts_with("the") {
        return Some("write `on_the_day`".to_owned());
    }
    if let Some(instead) = instead(name) {
        return Some(format!("write `{instead}`"));
    }
    if let Some(word) = WORDS.iter().find(|word| word.name == name) {
        return Some(format!("it is written `{}`", word.signature));
    }
    let is_property = DEADLINE.iter().any(|property| property.name == name);
    if is_property
        && !before.ends_with("over(")
        && after.trim_start().starts_with(['=', '!', '<', '>', ')', '.', '&', '|'])
    {
        return Some(format!("it is asked of what the closure is given: `d.{name}`"));
    }
    // `.when(d.kind == …)`: the closure has lost its head.
    if name.chars().count() == 1
        && after.trim_start().starts_with(['.', '|', ')', ','])
        && before.ends_with(['(', '!', '&', '|'])
        && !before.ends_with("rule(")
    {
        return Some(format!("write `|{name}|` before the condition: `.when(|{name}| …)`"));
    }
    let is_compared = ["==", "!=", "[", "(\""].iter().any(opens_a_text);
    let is_no_slip = did_you_mean(name, WORDS.iter().map(|word| word.name)).is_none();
    (is_compared && is_no_slip).then(|| in_quotation_marks(name))
}

fn in_quotation_marks(text: &str) -> String {
    format!("a text stands in quotation marks: `\"{text}\"`")
}

/// Returns the word of the language that `name` is in another one.
pub(super) fn instead(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    INSTEAD.iter().find(|(names, _)| names.contains(&&*name)).map(|(_, word)| *word)
}

/// Explains a property that nothing has; `text` is Rhai's:
/// `Unknown property 'kindd' - a getter is not registered for type 'a deadline'`.
pub(super) fn property(text: &str) -> Words {
    let mut quoted = text.split('\'').skip(1).step_by(2);
    let (Some(name), Some(of)) = (quoted.next(), quoted.next()) else {
        return (format!("this cannot be asked: {}", super::lower(text)), None);
    };
    let kind = given::kind(of);
    if text.contains("setter") {
        let help = format!("`=` changes and `==` compares: write `{name} == …`");
        return (format!("{kind} cannot be changed"), Some(help));
    }
    if of == "()" {
        let help = "ask first whether it is there, as in `d.data.budget != () && …`";
        return (
            format!("`{name}` is asked of something that is not there"),
            Some(help.to_owned()),
        );
    }
    let known: Vec<&str> = match of {
        "a deadline" => names(DEADLINE),
        "a measure" => names(MEASURE),
        "the plan" => names(PLAN),
        _ => GETTERS.to_vec(),
    };
    let help = match (of, name) {
        ("i64", "before" | "after") => Some(format!("say of what: `30.days.{name}`")),
        ("f64", _) => Some("lengths of time are whole numbers: `36.days`".to_owned()),
        ("a deadline", _) if names(MEASURE).contains(&name) => {
            Some(format!("it is asked of the measure: `d.measure.{name}`"))
        }
        ("a deadline" | "a measure", _) if names(PLAN).contains(&name) => {
            Some("it is asked of the plan, in a rule `.over(plan)`".to_owned())
        }
        ("a measure" | "the plan", _) if names(DEADLINE).contains(&name) => {
            Some(format!("it is asked of a deadline, as in `.deadlines.some(|d| d.{name} …)`"))
        }
        _ => instead_property(name)
            .or_else(|| did_you_mean(name, known.into_iter().filter(|known| *known != name))),
    };
    (format!("{kind} has no `{name}`"), help)
}

/// Explains a property that nothing at all has.
pub(in crate::rules) fn no_property(name: &str) -> Words {
    let known = names(DEADLINE)
        .into_iter()
        .chain(names(MEASURE))
        .chain(names(PLAN))
        .chain(GETTERS.iter().copied());
    let help = instead_property(name).or_else(|| did_you_mean(name, known));
    (format!("nothing has a property `{name}`"), help)
}

fn instead_property(name: &str) -> Option<String> {
    let word = instead(name).filter(|word| word.chars().all(char::is_alphabetic))?;
    Some(format!("write `{word}`"))
}

fn names<T>(properties: &[crate::rules::facts::Property<T>]) -> Vec<&'static str> {
    properties.iter().map(|property| property.name).collect()
}
