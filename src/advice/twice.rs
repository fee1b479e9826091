//! Steps that say what another one says, to the same recipient on the same day.
//! What becomes of such notices is decided in `schedule::decide`: what is about a deadline is told once.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::outlook::Outlook;
use super::{Notes, few};
use crate::finding::Severity::{Hint, Warning};
use crate::notice::{Kind, Reason, Verdict};
use crate::plan::UnitIx;
use crate::rules::{Rules, Step, When, Whom};
use crate::schedule::{Notice, Topic};

/// A step, by the places of its rule and itself.
type Place = (u16, u16);

/// What makes two notices one: the subject, the kind, the date and the recipient.
type Same = (u8, u32, Option<NaiveDate>, Kind, NaiveDate, Option<UnitIx>);

/// Says which steps repeat others.
pub(super) fn twice(outlooks: &[Outlook], rules: &Rules, notes: &mut Notes<'_>) {
    let mut pairs: BTreeMap<(Place, Place), Vec<String>> = BTreeMap::new();
    for outlook in outlooks {
        for (pair, topics) in told_already(outlook).into_iter().chain(told_both(outlook, rules)) {
            pairs.entry(pair).or_default().extend(outlook.names(topics));
        }
    }
    for pair in of_one_rule(rules) {
        pairs.entry(pair).or_default();
    }
    for ((first, second), names) in pairs {
        tell(rules, first, second, &names, notes);
    }
    always_superseded(outlooks, rules, notes);
}

fn tell(rules: &Rules, first: Place, second: Place, names: &[String], notes: &mut Notes<'_>) {
    let at = |(rule, step): Place| {
        let rule = &rules.list[usize::from(rule)];
        (rule, &rule.steps[usize::from(step)])
    };
    let ((one, one_step), (rule, step)) = (at(first), at(second));
    let what = if names.is_empty() {
        String::new()
    } else {
        format!(" about {}", few(names.iter().map(String::as_str)))
    };
    let message = format!(
        "rule `{}`: this step says the same to the same recipient on the same day{what} as the step of rule `{}` at {}:{}",
        rule.name, one.name, one.file, one_step.line
    );
    let about_deadlines = rule.over == crate::rules::Over::Deadlines;
    let (severity, help) = if about_deadlines || first.0 == second.0 {
        (Hint, "it is told once; leave one of them out, or give them different times")
    } else {
        (Warning, "both are told; leave one of them out, or give one a `.text(\"…\")` of its own")
    };
    notes.at_step(rule, step, (severity, "same_message_twice", message, help));
}

fn same(notice: &Notice, date: NaiveDate) -> Same {
    let (sort, ix, due) = match notice.topic {
        Topic::Plan => (0, 0, None),
        Topic::Measure(ix) => (1, ix.0, None),
        Topic::Deadline { ix, due } => (2, ix.0, due.map(|due| due.date)),
    };
    (sort, ix, due, notice.kind, date, notice.to)
}

/// Finds the steps of which another rule's step has told at least half already; what meets now and then is chance.
fn told_already(outlook: &Outlook) -> Vec<((Place, Place), Vec<Topic>)> {
    let told: HashMap<Same, Place> = outlook
        .of_steps()
        .filter(|(.., it)| !matches!(it.notice.verdict, Verdict::NotSent(_)))
        .map(|(rule, step, it)| (same(&it.notice, it.notice.nominal), (rule, step)))
        .collect();
    let mut pairs: BTreeMap<(Place, Place), Vec<Topic>> = BTreeMap::new();
    let mut all: BTreeMap<Place, usize> = BTreeMap::new();
    for (rule, step, it) in outlook.of_steps() {
        let held = it.notice.verdict != Verdict::NotSent(Reason::ConditionFalse);
        *all.entry((rule, step)).or_default() += usize::from(held);
        if it.notice.verdict == Verdict::NotSent(Reason::ToldAlready)
            && let Some(first) = told.get(&same(&it.notice, it.notice.nominal))
        {
            pairs.entry((*first, (rule, step))).or_default().push(it.notice.topic);
        }
    }
    pairs.retain(|(_, second), topics| topics.len() * 2 >= all[second]);
    pairs.into_iter().collect()
}

/// Finds the steps over measures or plans whose every notice goes to the same recipient on the same day as another rule's.
fn told_both(outlook: &Outlook, rules: &Rules) -> Vec<((Place, Place), Vec<Topic>)> {
    let mut by_step: BTreeMap<Place, HashMap<Same, Topic>> = BTreeMap::new();
    for (rule, step, it) in outlook.of_steps() {
        let entry = &rules.list[usize::from(rule)];
        let own_words = entry.subject.is_some() || entry.text.is_some();
        let is_deadline = it.notice.topic.deadline().is_some();
        if it.notice.verdict == Verdict::Send && !own_words && !is_deadline {
            let notices = by_step.entry((rule, step)).or_default();
            notices.insert(same(&it.notice, it.notice.sending), it.notice.topic);
        }
    }
    let mut pairs = Vec::new();
    for (second, notices) in &by_step {
        let is_first = |(first, others): &(&Place, &HashMap<Same, Topic>)| {
            first.0 != second.0
                && notices.keys().all(|key| others.contains_key(key))
                && (*first < second || others.len() > notices.len())
        };
        if let Some((first, _)) = by_step.iter().find(is_first) {
            pairs.push(((*first, *second), notices.values().copied().collect()));
        }
    }
    pairs
}

/// Finds the steps that a rule has twice.
fn of_one_rule(rules: &Rules) -> Vec<(Place, Place)> {
    let mut pairs = Vec::new();
    for (place, rule) in (0..).zip(&rules.list) {
        for (later, step) in (0..).zip(&rule.steps) {
            let mut earlier = (0..later).zip(&rule.steps);
            if let Some((first, _)) = earlier.find(|(_, other)| covers(other, step)) {
                pairs.push(((place, first), (place, later)));
            }
        }
    }
    pairs
}

/// Tells whether one step says all that another does.
fn covers(one: &Step, other: &Step) -> bool {
    let same_time = match (&one.when, &other.when) {
        (When::Offset(one), When::Offset(other)) => one == other,
        (When::Cron { expression: one, .. }, When::Cron { expression: other, .. }) => one == other,
        (When::On(one), When::On(other)) => one == other,
        _ => false,
    };
    let same_people = match (&one.whom, &other.whom) {
        (Whom::Roles(one), Whom::Roles(other)) => other.iter().all(|role| one.contains(role)),
        _ => false,
    };
    one.kind == other.kind && same_time && same_people
}

/// Says which steps are due only when a newer one is, which is then told instead.
fn always_superseded(outlooks: &[Outlook], rules: &Rules, notes: &mut Notes<'_>) {
    let mut count: BTreeMap<Place, (usize, usize)> = BTreeMap::new();
    for (rule, step, it) in outlooks.iter().flat_map(Outlook::of_steps) {
        let (superseded, all) = count.entry((rule, step)).or_default();
        *superseded += usize::from(matches!(it.notice.verdict, Verdict::Superseded { .. }));
        *all += usize::from(it.notice.verdict != Verdict::NotSent(Reason::ConditionFalse));
    }
    for ((rule, step), (superseded, all)) in count {
        if superseded > 0 && superseded == all {
            let rule = &rules.list[usize::from(rule)];
            let message = format!(
                "rule `{}`: this step is never told: each time, a newer one to the same recipient is due at the same moment",
                rule.name
            );
            let help =
                "give them different times, or make this one a `.notify`, which nothing supersedes";
            let step = &rule.steps[usize::from(step)];
            notes.at_step(rule, step, (Hint, "step_always_superseded", message, help));
        }
    }
}
