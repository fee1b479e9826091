//! Holding what went out against what was expected, and saying why it was not so.
//! How both look side by side is in `timeline`.

use std::sync::Arc;

use chrono::NaiveDate;

use super::timeline::{self, Wanted};
use super::{Decided, Failure, Record};
use crate::finding::nearest;
use crate::notice::Kind;
use crate::plan::Plan;
use crate::rules::scenario::{Expectation, Expected, Filter, Scenario, Spot};

/// Returns what was not as expected.
pub(super) fn compare(scenario: &Scenario, plans: &[Arc<Plan>], record: &Record) -> Vec<Failure> {
    let mut failures = Vec::new();
    for expectation in &scenario.expectations {
        if let Some(name) = names(&expectation.what).find(|name| !is_known_somewhere(plans, name)) {
            failures.push(unknown(plans, name, &expectation.place));
            continue;
        }
        match &expectation.what {
            Expected::Notice { on, kind, to, about } => {
                let to = record.resolve(to);
                failures.extend(notice(scenario, expectation, record, (*on, *kind, to, about)));
            }
            Expected::Count { count, mails, of } => {
                failures.extend(counted(scenario, expectation, record, (*count, *mails, of)));
            }
            Expected::Fault(words) => {
                if !record.faults.iter().any(|fault| fault.contains(words.as_str())) {
                    let mut failure = Failure::of(
                        &expectation.place,
                        format!("expected a fault with the words \"{words}\""),
                    );
                    failure.why = Some(match &record.faults[..] {
                        [] => "no rule fails".to_owned(),
                        faults => format!("the faults are: {}", faults.join("; ")),
                    });
                    failures.push(failure);
                }
            }
        }
    }
    failures.extend(unexpected_fault(scenario, record));
    failures
}

/// A fault that nobody expected fails the scenario, whatever else it expects.
fn unexpected_fault(scenario: &Scenario, record: &Record) -> Option<Failure> {
    let expected = |fault: &&String| {
        scenario.expectations.iter().any(|expectation| match &expectation.what {
            Expected::Fault(words) => fault.contains(words.as_str()),
            Expected::Notice { .. } | Expected::Count { .. } => false,
        })
    };
    let fault = record.faults.iter().find(|fault| !expected(fault))?;
    let mut failure = Failure::of(&scenario.place, fault.clone());
    failure.why = Some("expect it with `.expect_fault(\"…\")`, or mend the rule".to_owned());
    Some(failure)
}

fn notice(
    scenario: &Scenario,
    expectation: &Expectation,
    record: &Record,
    (on, kind, to, about): (NaiveDate, Kind, &str, &str),
) -> Vec<Failure> {
    let alike: Vec<&Decided> = record
        .decided
        .iter()
        .filter(|decided| decided.on == on && decided.kind == kind && decided.is_about(about))
        .collect();
    let told = alike.iter().find(|decided| decided.to == to && decided.untold.is_none());
    let Some(told) = told else {
        let what = format!("expected {} to {to} about {about} on {on}", a(kind));
        let mut failure = Failure::of(&expectation.place, what);
        failure.why = Some(why_not(record, &alike, (on, kind, to, about)));
        let wanted = Wanted { on, words: words(kind, to, about) };
        failure.timeline =
            timeline::around(scenario, record, Some(&wanted), |decided| decided.is_about(about));
        return vec![failure];
    };
    words_of_mail(expectation, record, told)
}

/// Holds the subject and text of the mail against what was expected of them.
fn words_of_mail(expectation: &Expectation, record: &Record, told: &Decided) -> Vec<Failure> {
    let Some((subject, text)) = told.mail.and_then(|mail| record.mails[mail].as_ref()) else {
        return Vec::new();
    };
    let mut failures = Vec::new();
    for (words, place) in &expectation.subjects {
        if !subject.contains(words.as_str()) {
            let mut failure =
                Failure::of(place, format!("expected \"{words}\" in the subject of the mail"));
            failure.why = Some(format!("the subject is \"{subject}\""));
            failures.push(failure);
        }
    }
    for (words, place) in &expectation.lines {
        // A mail breaks its lines where they are long; that is no difference.
        let flowed = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if !flowed.contains(&wanted) {
            let mut failure =
                Failure::of(place, format!("expected \"{words}\" in the text of the mail"));
            failure.why = Some("the mail is:".to_owned());
            failure.timeline = text.lines().map(|line| format!("  | {line}")).collect();
            failures.push(failure);
        }
    }
    failures
}

/// Says why an expected notice did not go out.
fn why_not(
    record: &Record,
    alike: &[&Decided],
    (on, kind, to, about): (NaiveDate, Kind, &str, &str),
) -> String {
    let untold: Vec<String> = alike
        .iter()
        .filter(|decided| decided.to == to || decided.to.is_empty())
        .filter_map(|decided| {
            Some(format!(
                "rule `{}` has it on that day, and it is not sent: {}",
                decided.rule,
                decided.untold.as_ref()?
            ))
        })
        .collect();
    if !untold.is_empty() {
        return untold.join("\n");
    }
    let others: Vec<&str> = alike
        .iter()
        .filter(|decided| decided.untold.is_none())
        .map(|decided| decided.to.as_str())
        .collect();
    if !others.is_empty() {
        return format!("on that day it goes to {}", others.join(", "));
    }
    let about_it = || {
        record.decided.iter().filter(|decided| decided.is_about(about) && decided.untold.is_none())
    };
    let same = about_it().filter(|decided| decided.kind == kind && decided.to == to);
    if let Some(nearest) = same.min_by_key(|decided| (decided.on - on).num_days().abs()) {
        return format!(
            "no rule has {} to {to} about it on that day; the nearest goes out on {} ({}, rule `{}`)",
            a(kind),
            nearest.on.format("%A %Y-%m-%d"),
            nearest.why,
            nearest.rule
        );
    }
    match about_it()
        .filter(|decided| decided.on == on)
        .map(|decided| words(decided.kind, &decided.to, &decided.about))
        .collect::<Vec<_>>()
    {
        told if told.is_empty() => "no rule has anything about it on that day".to_owned(),
        told => format!("on that day there is only: {}", told.join(", ")),
    }
}

fn counted(
    scenario: &Scenario,
    expectation: &Expectation,
    record: &Record,
    (count, mails, of): (usize, bool, &Filter),
) -> Option<Failure> {
    let told: Vec<&Decided> = record
        .decided
        .iter()
        .filter(|decided| decided.untold.is_none() && record.fits(of, decided))
        .collect();
    let found = if mails {
        let mut mails: Vec<usize> = told.iter().filter_map(|decided| decided.mail).collect();
        mails.sort_unstable();
        mails.dedup();
        mails.len()
    } else {
        told.len()
    };
    if found == count {
        return None;
    }
    let things = if mails { "mail" } else { "notice" };
    let message = match count {
        0 => format!("expected nothing{of}"),
        1 => format!("expected 1 {things}{of}"),
        _ => format!("expected {count} {things}s{of}"),
    };
    let mut failure = Failure::of(&expectation.place, message);
    failure.why = Some(match found {
        0 => "there is none".to_owned(),
        1 => "there is 1".to_owned(),
        _ => format!("there are {found}"),
    });
    failure.timeline = timeline::around(scenario, record, None, |decided| {
        decided.untold.is_none() && record.fits(of, decided)
    });
    Some(failure)
}

pub(super) fn words(kind: Kind, to: &str, about: &str) -> String {
    format!("{} {to} {about}", kind.word())
}

fn a(kind: Kind) -> String {
    let noun = kind.noun();
    let article = if noun.starts_with('e') { "an" } else { "a" };
    format!("{article} {noun}")
}

fn names(expected: &Expected) -> impl Iterator<Item = &str> {
    let names: Vec<&str> = match expected {
        Expected::Notice { to, about, .. } => vec![to, about],
        Expected::Count { of, .. } => of.names.iter().map(String::as_str).collect(),
        Expected::Fault(_) => Vec::new(),
    };
    names.into_iter()
}

/// Tells whether a plan has a deadline, measure or unit of this name, or is the plan itself.
pub(super) fn is_known(plan: &Plan, name: &str) -> bool {
    let deadline = name.split('@').next().unwrap_or(name);
    name == "owner"
        || *plan.id == *name
        || plan.deadline_by_id(deadline).is_some()
        || plan.unit_by_id(name).is_some()
        || plan.measures.iter().any(|measure| *measure.id == *name)
}

fn is_known_somewhere(plans: &[Arc<Plan>], name: &str) -> bool {
    plans.iter().any(|plan| is_known(plan, name))
}

/// Says that a name is in none of the plans.
pub(super) fn unknown(plans: &[Arc<Plan>], name: &str, place: &Spot) -> Failure {
    let known = plans.iter().flat_map(|plan| {
        let deadlines = plan.deadlines.iter().map(|deadline| &*deadline.id);
        let units = plan.units.iter().map(|unit| &*unit.id);
        deadlines.chain(units).chain(plan.measures.iter().map(|measure| &*measure.id))
    });
    let mut failure = Failure::of(place, format!("`{name}` is not in the plan"));
    failure.why = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
    failure
}

impl Record {
    /// The word `owner` stands for the plan's owner.
    fn resolve<'a>(&'a self, to: &'a str) -> &'a str {
        match &self.owner {
            Some(owner) if to == "owner" => owner,
            _ => to,
        }
    }

    fn fits(&self, of: &Filter, decided: &Decided) -> bool {
        of.kind.is_none_or(|kind| decided.kind == kind)
            && of.names.iter().all(|name| {
                decided.to == self.resolve(name)
                    || decided.is_about(name)
                    || decided.measure.as_deref() == Some(name)
            })
            && of.from.is_none_or(|from| decided.on >= from)
            && of.until.is_none_or(|until| decided.on <= until)
    }
}

impl Decided {
    /// Tells whether it is about `name`; a recurring deadline's name stands for all its occurrences.
    pub(super) fn is_about(&self, name: &str) -> bool {
        self.about == name || self.about.split('@').next() == Some(name)
    }
}
