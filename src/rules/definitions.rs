//! The definition file for editors: Rhai's language server reads it, and then knows the words and what they mean.
//! The words and their meanings come from `vocabulary` and `facts`.

use std::fmt::Write;

use super::facts::{Answers, DEADLINE, MEASURE, PLAN, Property};
use super::vocabulary::{OPERATORS, WORDS};
use crate::plan::Language;

/// A property that the language server cannot read the definition of: to it, the word belongs to a loop.
const RESERVED: &str = "until";

/// Returns the definitions of all words and properties, with their meanings in a language; Nynorsk reads Bokmål.
pub fn definitions(language: Language) -> String {
    let english = language == Language::English;
    let mut out = String::from(if english {
        "// The words of frist's rules, for Rhai's language server: it completes them and shows what they mean.\n\
         // Made by `frist rules --definitions`; changing it changes no rule.\n"
    } else {
        "// Ordene i reglene til frist, for språktjeneren til Rhai: den fullfører dem og viser hva de betyr.\n\
         // Laget av `frist rules --definitions`; å endre filen endrer ingen regel.\n"
    });
    out.push_str("module static;\n");
    for word in WORDS.iter().chain(OPERATORS) {
        for declaration in word.declared {
            declare(&mut out, word.said(language), word.examples, declaration);
        }
    }
    properties(&mut out, "deadline: Deadline", DEADLINE, english);
    properties(&mut out, "measure: Measure", MEASURE, english);
    properties(&mut out, "plan: Plan", PLAN, english);
    out
}

fn properties<T>(out: &mut String, of: &str, properties: &[Property<T>], english: bool) {
    for property in properties.iter().filter(|property| property.name != RESERVED) {
        let meaning = if english { property.meaning } else { property.norwegian };
        let declaration =
            format!("fn get {}({of}) -> {}", property.name, property.answers.declared());
        declare(out, meaning, &[property.example], &declaration);
    }
}

fn declare(out: &mut String, meaning: &str, examples: &[&str], declaration: &str) {
    let examples: String = examples
        .iter()
        .flat_map(|example| example.lines())
        .fold(String::new(), |lines, line| lines + "/// " + line + "\n");
    write!(out, "\n/// {meaning}\n///\n/// ```rhai\n{examples}/// ```\n{declaration};\n")
        .expect("a string takes all");
}

impl Answers {
    /// Returns the type's name for the language server.
    fn declared(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::MaybeText => "String | ()",
            Self::MaybeNumber => "int | ()",
            Self::Truth => "bool",
            Self::Date => "Date",
            Self::MaybeDate => "Date | ()",
            Self::Texts | Self::Measures | Self::Deadlines => "Array",
            Self::Data => "Map",
            Self::Measure => "Measure",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_and_property_is_defined_in_both_languages() {
        for language in [Language::English, Language::Bokmal] {
            let text = definitions(language);
            for word in WORDS {
                assert!(!word.declared.is_empty(), "{} is not declared", word.name);
            }
            for property in DEADLINE {
                let declaration = format!("fn get {}(deadline: Deadline)", property.name);
                assert!(text.contains(&declaration), "{declaration}");
            }
        }
        assert!(
            definitions(Language::Bokmal).contains("/// sier fra til dem som skal gjøre noe\n")
        );
    }
}
