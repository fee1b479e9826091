//! What conditions compare with and no plan has: kinds, tags, units, ids, and words that a property never answers.
//! Where it stands in the scripts is found in `rules::literals`.

use std::collections::BTreeSet;

use super::outlook::Outlook;
use super::{Notes, few};
use crate::finding::Severity::{Hint, Warning};
use crate::finding::{nearest, quoted_list};
use crate::plan::Plan;
use crate::rules::{Literal, Rules};

/// The answers of `d.state`.
const STATES: [&str; 6] = ["open", "soon", "overdue", "delivered", "blocked", "no_date"];
/// The answers of `d.last_answer`.
const ANSWERS: [&str; 5] = ["acknowledged", "progress", "delivered", "asked", "not_ours"];

/// Says which texts nothing in any plan can be equal to.
pub(super) fn literals(outlooks: &[Outlook], rules: &Rules, notes: &mut Notes<'_>) {
    for literal in &rules.literals {
        let plans = outlooks.iter().map(|outlook| &*outlook.plan);
        let Some((code, what, known)) = known(&literal.property, plans) else { continue };
        if !known.contains(&*literal.value) {
            tell(literal, code, what, &known, notes);
        }
    }
}

/// Returns all that a property can be, with its code and its name for people; `None` if it can be anything.
fn known<'p>(
    property: &str,
    plans: impl Iterator<Item = &'p Plan>,
) -> Option<(&'static str, &'static str, BTreeSet<&'p str>)> {
    let words = |words: &[&'static str]| words.iter().copied().collect();
    let of_each = |of: fn(&'p Plan) -> Vec<&'p str>| plans.flat_map(of).collect();
    match property {
        "kind" => Some(("unknown_kind", "kind", of_each(kinds))),
        "tags" => Some(("unknown_tag", "tag", of_each(tags))),
        "responsible" | "helpers" | "lead" | "owner" => Some((
            "unknown_unit",
            "unit",
            of_each(|plan| plan.units.iter().map(|it| &*it.id).collect()),
        )),
        "id" | "waits_for" | "goal" => Some(("unknown_id", "id", of_each(ids))),
        "state" => Some(("unknown_value", "state", words(&STATES))),
        "last_answer" => Some(("unknown_value", "answer", words(&ANSWERS))),
        _ => None,
    }
}

fn kinds(plan: &Plan) -> Vec<&str> {
    plan.deadlines.iter().map(|deadline| &*deadline.kind).collect()
}

fn tags(plan: &Plan) -> Vec<&str> {
    let of_measures = plan.measures.iter().flat_map(|measure| &measure.tags);
    let of_deadlines = plan.deadlines.iter().flat_map(|deadline| &deadline.tags);
    of_measures.chain(of_deadlines).map(String::as_str).collect()
}

fn ids(plan: &Plan) -> Vec<&str> {
    let goals = plan.goals.iter().map(|goal| &*goal.id);
    let measures = plan.measures.iter().map(|measure| &*measure.id);
    let deadlines = plan.deadlines.iter().map(|deadline| &*deadline.id);
    goals.chain(measures).chain(deadlines).chain([&*plan.id]).collect()
}

fn tell(
    literal: &Literal,
    code: &'static str,
    what: &str,
    known: &BTreeSet<&str>,
    notes: &mut Notes<'_>,
) {
    let Literal { value, property, .. } = literal;
    let message = match code {
        "unknown_value" => format!("`{property}` is never `{value}`"),
        "unknown_unit" => format!("unit `{value}` is not in the plan"),
        "unknown_id" => format!("nothing in the plan has the id `{value}`"),
        "unknown_tag" => format!("nothing in the plan has the tag `{value}`"),
        _ => format!("no deadline of the plan has the kind `{value}`"),
    };
    // What is near to nothing may be meant for plans to come; a slip of the pen is not.
    let (severity, help) = match nearest(value, known.iter().copied()) {
        Some(near) => (Warning, format!("did you mean `{near}`?")),
        None if code == "unknown_value" => (Warning, format!("it is {}", alternatives(known))),
        None if code == "unknown_unit" => {
            (Warning, format!("the plan has the units {}", few(known.iter().copied())))
        }
        None if known.is_empty() => (Hint, format!("the plan has no {what}s at all")),
        None => (Hint, format!("the plan has the {what}s {}", few(known.iter().copied()))),
    };
    notes.at(&literal.file, literal.line, literal.column, (severity, code, message, &help));
}

/// Writes words as alternatives: "`open`, `soon` or `overdue`".
fn alternatives(words: &BTreeSet<&str>) -> String {
    let listed = quoted_list(words.iter().copied());
    match listed.rsplit_once(" and ") {
        Some((others, end)) => format!("{others} or {end}"),
        None => listed,
    }
}
