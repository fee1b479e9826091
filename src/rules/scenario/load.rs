//! Reading scenario files: a fault stops the scenario in which it stands and no other.
//! Files of rules are read in `rules::load`, in the same way.

use std::sync::{Arc, Mutex, PoisonError};

use rhai::{EvalAltResult, ParseErrorType, Position};

use super::Scenario;
use super::words::{self, Drafts, WORDS};
use crate::finding::Finding;
use crate::rules::explain::{Explained, Shown, explain};
use crate::rules::load::{Source, blank_out, finding_at, offset_of, statement_around};
use crate::rules::{engine, vocabulary};

/// What came of reading scenario files.
#[derive(Debug, Default)]
pub struct Scenarios {
    /// The scenarios that can be played.
    pub list: Vec<Scenario>,
    /// What is wrong with the others.
    pub findings: Vec<Finding>,
}

/// So many faulty scenarios of one file are told; to run it for each of them anew could take for ever.
const FAULTS: usize = 50;

/// Reads all scenarios from `sources`.
pub fn load(sources: &[Source]) -> Scenarios {
    let mut scenarios = Scenarios::default();
    for source in sources {
        let first = scenarios.findings.len();
        read_file(source, &mut scenarios);
        scenarios.findings[first..].sort_by_key(|finding| finding.line);
    }
    scenarios
}

fn read_file(source: &Source, scenarios: &mut Scenarios) {
    let mut text = source.text.clone();
    let file: Arc<str> = source.file.as_str().into();
    // As with rules, each round blanks out the scenario that failed.
    for _ in 0..FAULTS {
        let drafts: Drafts = Arc::new(Mutex::new(Vec::new()));
        let mut engine = engine::sandbox();
        words::register(&mut engine, &drafts, &file);
        let run = || {
            let mut scope = words::scope();
            let ast = engine.compile_with_scope(&scope, &text)?;
            engine.run_ast_with_scope(&mut scope, &ast)
        };
        let Err(error) = engine::run(run) else {
            let mut drafts = drafts.lock().unwrap_or_else(PoisonError::into_inner);
            scenarios.list.extend(drafts.drain(..).map(|draft| draft.scenario));
            return;
        };
        let Explained { position, message, help } =
            explain_here(&error, Shown { file: &source.file, text: &text });
        scenarios.findings.push(finding_at(source, position, "scenario_fault", message, help));
        match statement_around(&text, "scenario(", offset_of(&text, position)) {
            Some(range) => blank_out(&mut text, range),
            None => return,
        }
    }
    let message = "the file is not read: too much is wrong in it".to_owned();
    let help = Some("mend what is above, and try again".to_owned());
    scenarios.findings.push(finding_at(
        source,
        Position::new(1, 1),
        "scenario_fault",
        message,
        help,
    ));
}

/// Puts an error into words, with the words of scenarios where one is misspelt.
fn explain_here(error: &EvalAltResult, shown: Shown) -> Explained {
    let name_of = |signature: &str| {
        signature.trim_start_matches('.').split(['(', ' ']).next().unwrap_or_default().to_owned()
    };
    let unknown = |word: &str, position| {
        let names: Vec<String> = WORDS.iter().map(|(signature, ..)| name_of(signature)).collect();
        let known = names.iter().position(|name| name == word);
        let (message, help) = match known {
            Some(place) => (
                format!("`{word}` does not take this"),
                Some(format!("write `{}`: {}", WORDS[place].0, WORDS[place].1)),
            ),
            None => (
                format!("unknown word `{word}`"),
                vocabulary::did_you_mean(
                    word,
                    names
                        .iter()
                        .map(String::as_str)
                        .chain(["remind", "escalate", "notify", "owner"]),
                ),
            ),
        };
        Explained { position, message, help }
    };
    match error {
        EvalAltResult::ErrorFunctionNotFound(signature, position) => {
            unknown(&name_of(signature), *position)
        }
        EvalAltResult::ErrorVariableNotFound(name, position)
        | EvalAltResult::ErrorParsing(ParseErrorType::VariableUndefined(name), position) => {
            unknown(name, *position)
        }
        other => explain(other, shown),
    }
}
