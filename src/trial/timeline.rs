//! Expected and got side by side on a timeline, as text.
//! What is compared is decided in `compare`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::compare::words;
use super::{Decided, Record};
use crate::rules::scenario::{Expected, Scenario, What};

/// What is missing on which day.
pub(super) struct Wanted {
    pub(super) on: NaiveDate,
    pub(super) words: String,
}

/// So many days with something on them are shown before and after the one that matters.
const AROUND: usize = 6;

/// And so many lines a day.
const A_DAY: usize = 6;

/// Returns the days around what is missing, or around the first that fits, a line a thing.
pub(super) fn around(
    scenario: &Scenario,
    record: &Record,
    wanted: Option<&Wanted>,
    fits: impl Fn(&Decided) -> bool,
) -> Vec<String> {
    let mut days: BTreeMap<NaiveDate, Vec<[String; 2]>> = BTreeMap::new();
    let mut add = |on, row| days.entry(on).or_default().push(row);
    for deed in &scenario.deeds {
        add(deed.at.date(), [String::new(), format!("· {}", happened(&deed.what))]);
    }
    let expected = |words: &String| {
        scenario.expectations.iter().any(|expectation| match &expectation.what {
            Expected::Notice { kind, to, about, .. } => *words == self::words(*kind, to, about),
            Expected::Count { .. } | Expected::Fault(_) => false,
        })
    };
    let mut focus = wanted.map(|wanted| wanted.on);
    for decided in record.decided.iter().filter(|decided| fits(decided)) {
        let what = words(decided.kind, &decided.to, &decided.about);
        let got = match &decided.untold {
            None => format!("{what} ({}, rule `{}`)", decided.why, decided.rule),
            Some(untold) => {
                // The details stand above the timeline.
                let untold = untold.split(": ").next().unwrap_or_default();
                format!("  not sent: {what}: {untold}")
            }
        };
        let wanted = if decided.untold.is_none() && expected(&what) { what } else { String::new() };
        if decided.untold.is_none() && wanted.is_empty() {
            focus = focus.or(Some(decided.on));
        }
        add(decided.on, [wanted, got]);
    }
    if let Some(Wanted { on, words }) = wanted {
        add(*on, [words.clone(), "-".to_owned()]);
    }
    let focus = focus.unwrap_or_default();
    let before = days.range(..focus).rev().take(AROUND).map(|(on, _)| *on).min().unwrap_or(focus);
    let after = days.range(focus..).take(AROUND + 1).map(|(on, _)| *on).max().unwrap_or(focus);
    for rows in days.values_mut().filter(|rows| rows.len() > A_DAY) {
        // What was expected stays in sight.
        rows.sort_by_key(|[wanted, _]| wanted.is_empty());
        let more = format!("  … and {} more", rows.len() + 1 - A_DAY);
        rows.truncate(A_DAY - 1);
        rows.push([String::new(), more]);
    }
    let rows: Vec<(NaiveDate, &[String; 2])> = days
        .range(before..=after)
        .flat_map(|(on, rows)| rows.iter().map(|row| (*on, row)))
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let width =
        rows.iter().map(|(_, [wanted, _])| wanted.chars().count()).max().unwrap_or(0).max(8);
    let heading = format!("    {:10}  {:width$}  got", "date", "expected");
    let lines = rows.iter().map(|(on, [wanted, got])| {
        let mark = if wanted.is_empty() == (got == "-") {
            ' '
        } else if got == "-" {
            '>'
        } else {
            ' '
        };
        format!("  {mark} {on}  {wanted:width$}  {got}").trim_end().to_owned()
    });
    std::iter::once(heading).chain(lines).collect()
}

fn happened(what: &What) -> String {
    match what {
        What::Answered(name, says) => format!("{name}: {}", says.word().replace('_', " ")),
        What::Moved(name, due) => format!("{name}: moved to {due}"),
        What::Removed(name) => format!("{name}: removed from the plan"),
        What::Added(measure, _) => format!("{measure}: a deadline is added"),
        What::Address(unit, Some(_)) => format!("{unit} gets an address"),
        What::Address(unit, None) => format!("{unit} loses its address"),
        What::PlanIs(_) => "the plan is another one".to_owned(),
        What::DownUntil(until) => {
            format!("the server is down until {}", until.format("%Y-%m-%d %H:%M"))
        }
    }
}
