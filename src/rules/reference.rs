//! The rule language as a reference: every word, property and operator in one shape, in English and Norwegian.
//! What is in it comes from the tables of `vocabulary` and `facts`; the definitions for editors are made in `definitions`.

use super::facts::{Answers, DEADLINE, MEASURE, PLAN, Property};
use super::scenario;
use super::vocabulary::{Group, OPERATORS, WORDS, Word};
use crate::plan::Language;

/// Something that can stand in a rule, with what it means in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The word itself.
    pub word: &'static str,
    /// What it belongs to.
    pub chapter: Chapter,
    /// How it is written.
    pub signature: String,
    /// What it means.
    pub meaning: String,
    /// Whole rules for a word, a condition for a property.
    pub examples: Vec<&'static str>,
}

/// The chapters of the reference, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chapter {
    /// What a rule is made of.
    Rule,
    /// Whom to tell.
    Whom,
    /// When to tell it.
    When,
    /// What a condition can ask of a deadline.
    Deadline,
    /// What a condition can ask of a measure.
    Measure,
    /// What a condition can ask of the plan.
    Plan,
    /// What a condition can do with values.
    Value,
    /// What a scenario test is made of.
    Test,
}

impl Chapter {
    /// All chapters.
    pub const ALL: [Self; 8] = [
        Self::Rule,
        Self::Whom,
        Self::When,
        Self::Deadline,
        Self::Measure,
        Self::Plan,
        Self::Value,
        Self::Test,
    ];

    /// Returns the chapter's name for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Whom => "whom",
            Self::When => "when",
            Self::Deadline => "deadline",
            Self::Measure => "measure",
            Self::Plan => "plan",
            Self::Value => "value",
            Self::Test => "test",
        }
    }

    /// Returns the chapter's heading.
    pub fn heading(self, language: Language) -> &'static str {
        let (english, norwegian) = match self {
            Self::Rule => ("What a rule is made of", "Det en regel består av"),
            Self::Whom => ("Whom to tell", "Hvem som får e-posten"),
            Self::When => ("When to tell it", "Når den går ut"),
            Self::Deadline => ("What can be asked of a deadline", "Det du kan spørre en frist om"),
            Self::Measure => ("What can be asked of a measure", "Det du kan spørre et tiltak om"),
            Self::Plan => ("What can be asked of the plan", "Det du kan spørre planen om"),
            Self::Value => {
                ("What a condition can do with it", "Det et vilkår kan gjøre med svaret")
            }
            Self::Test => ("What a test is made of", "Det en prøve består av"),
        };
        if language == Language::English { english } else { norwegian }
    }
}

impl Word {
    /// Returns what the word means in a language; Nynorsk reads Bokmål.
    pub fn said(&self, language: Language) -> &'static str {
        if language == Language::English { self.meaning } else { self.norwegian }
    }
}

/// Returns the whole reference in a language, chapter by chapter; Nynorsk reads Bokmål.
pub fn reference(language: Language) -> Vec<Entry> {
    let mut entries: Vec<Entry> =
        WORDS.iter().chain(OPERATORS).map(|word| of_word(word, language)).collect();
    entries.extend(scenario::WORDS.iter().map(|word| of_test(word, language)));
    entries.extend(of_properties("d", Chapter::Deadline, DEADLINE, language));
    entries.extend(of_properties("m", Chapter::Measure, MEASURE, language));
    entries.extend(of_properties("p", Chapter::Plan, PLAN, language));
    // The sort is stable: within a chapter, the tables' own order stays.
    entries.sort_by_key(|entry| entry.chapter);
    entries
}

fn of_word(word: &'static Word, language: Language) -> Entry {
    Entry {
        word: word.name,
        chapter: match word.group {
            Group::Rule => Chapter::Rule,
            Group::Whom => Chapter::Whom,
            Group::When => Chapter::When,
            Group::Value => Chapter::Value,
        },
        signature: word.signature.to_owned(),
        meaning: word.said(language).to_owned(),
        examples: word.examples.to_vec(),
    }
}

/// A word of tests is shown in the first example that has it.
fn of_test(
    (signature, english, norwegian): &'static (&'static str, &'static str, &'static str),
    language: Language,
) -> Entry {
    let name = signature.trim_start_matches('.');
    let word = &name[..name.find('(').unwrap_or(name.len())];
    let written = &signature[..=signature.len() - name.len() + word.len()];
    let example = scenario::EXAMPLES.iter().find(|example| example.contains(written));
    Entry {
        word,
        chapter: Chapter::Test,
        signature: (*signature).to_owned(),
        meaning: if language == Language::English { *english } else { *norwegian }.to_owned(),
        examples: example.copied().into_iter().collect(),
    }
}

fn of_properties<T>(
    variable: &'static str,
    chapter: Chapter,
    properties: &'static [Property<T>],
    language: Language,
) -> impl Iterator<Item = Entry> {
    properties.iter().map(move |property| {
        let meaning =
            if language == Language::English { property.meaning } else { property.norwegian };
        Entry {
            word: property.name,
            chapter,
            signature: format!("{variable}.{}", property.name),
            meaning: format!("{}: {meaning}", property.answers.words(language)),
            examples: vec![property.example],
        }
    })
}

impl Answers {
    /// Returns what kind of value it is, in words.
    fn words(self, language: Language) -> &'static str {
        let (english, norwegian) = match self {
            Self::Text => ("text", "tekst"),
            Self::MaybeText => ("text or ()", "tekst eller ()"),
            Self::MaybeNumber => ("number or ()", "tall eller ()"),
            Self::Truth => ("true or false", "sant eller usant"),
            Self::Date => ("date", "dato"),
            Self::MaybeDate => ("date or ()", "dato eller ()"),
            Self::Texts => ("list of texts", "liste av tekster"),
            Self::Data => ("data", "data"),
            Self::Measure => ("measure", "tiltak"),
            Self::Measures => ("list of measures", "liste av tiltak"),
            Self::Deadlines => ("list of deadlines", "liste av frister"),
        };
        if language == Language::English { english } else { norwegian }
    }
}

#[cfg(test)]
mod tests;
