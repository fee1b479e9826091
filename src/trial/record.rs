//! Writing down what happens now as what is expected, to be read and accepted by a person.
//! How expectations are held against what happens is in `compare`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Decided, Outcome, named};
use crate::rules::scenario::{Expected, Scenario, Spot, chain};

/// Rewrites the scenarios of one file that expect nothing, or something else than what happens: what failed is taken
/// out, and what is told about the deadlines that a scenario names is put in (about all, if it names none).
///
/// Returns the new text and how many scenarios were rewritten; one that a loop or a function makes stays as it is.
pub fn record(text: &str, played: &[(&Scenario, &Outcome)]) -> (String, usize) {
    let mut text = text.to_owned();
    let mut rewritten = 0;
    // From the last to the first, so that the places of those before stay right.
    for (scenario, outcome) in played.iter().rev() {
        let alone = played.iter().filter(|(other, _)| other.place == scenario.place).count() == 1;
        let wanted = scenario.expectations.is_empty() || !outcome.failures.is_empty();
        if alone && wanted && rewrite(&mut text, scenario, outcome) {
            rewritten += 1;
        }
    }
    (text, rewritten)
}

fn rewrite(text: &mut String, scenario: &Scenario, outcome: &Outcome) -> bool {
    let Some(chain) = chain(text, &scenario.place) else { return false };
    let failed: BTreeSet<&Spot> = outcome.failures.iter().map(|failure| &failure.place).collect();
    let (gone, kept): (Vec<_>, Vec<_>) = scenario.expectations.iter().partition(|expectation| {
        let words = expectation.subjects.iter().chain(&expectation.lines);
        failed.contains(&expectation.place)
            || words.clone().any(|(_, place)| failed.contains(place))
    });
    let gone: BTreeSet<(usize, usize)> = gone
        .iter()
        .flat_map(|expectation| {
            let words = expectation.subjects.iter().chain(&expectation.lines);
            words.map(|(_, place)| place).chain([&expectation.place])
        })
        .map(|place| (place.line, place.column))
        .collect();
    let told_already = |decided: &Decided| {
        kept.iter().any(|expectation| match &expectation.what {
            Expected::Notice { on, kind, to, about } => {
                *on == decided.on
                    && *kind == decided.kind
                    && *to == decided.to
                    && decided.is_about(about)
            }
            Expected::Count { .. } | Expected::Fault(_) => false,
        })
    };
    let names: Vec<&str> = named(scenario).into_iter().filter(|name| name.contains('/')).collect();
    let meant = |decided: &&Decided| {
        let wanted = names.is_empty() || names.iter().any(|name| decided.is_about(name));
        decided.untold.is_none() && wanted && !told_already(decided)
    };
    let indent = chain.links.last().map_or("", |(span, _)| {
        let link = &text[span.clone()];
        &link[..link.find('.').unwrap_or(0)]
    });
    let indent = if indent.contains('\n') { indent.to_owned() } else { "\n    ".to_owned() };
    let mut added = String::new();
    for decided in outcome.decided.iter().filter(meant) {
        let Decided { on, kind, to, about, .. } = decided;
        // Writing to a string does not fail.
        let _ = write!(added, "{indent}.expect(\"{on}\", {}, \"{to}\", \"{about}\")", kind.word());
    }
    if added.is_empty() && scenario.expectations.is_empty() {
        let _ = write!(added, "{indent}.expect_nothing()");
    }
    text.insert_str(chain.end, &added);
    for (span, place) in chain.links.iter().rev() {
        if gone.contains(place) {
            text.replace_range(span.clone(), "");
        }
    }
    true
}
