//! Rules that are put aside: which are not asked any more, for what, and from when on.
//! What they failed for is in `history`; asking them is in `decide`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::decide::Scene;
use super::{Fault, Schedule};
use crate::history::{Failed, RuleFailures};
use crate::rules::Rules;

/// The rules that are put aside, as one decider knows them. A failure counts for what is decided after its moment.
pub(super) struct Aside<'a> {
    /// What rules failed for before, by their places.
    before: BTreeMap<u16, &'a Failed>,
    /// From when on a rule is asked about nothing at all; milliseconds UTC.
    all: BTreeMap<u16, i64>,
    /// What rules have failed for in a look ahead at one subject, and when; milliseconds UTC.
    ahead: Vec<(u16, i64)>,
}

impl<'a> Aside<'a> {
    pub(super) fn new(rules: &Rules, failures: &'a RuleFailures) -> Self {
        let mut aside = Self { before: BTreeMap::new(), all: BTreeMap::new(), ahead: Vec::new() };
        let Some(failed) = failures.of(&rules.fingerprint) else { return aside };
        for (place, rule) in (0_u16..).zip(&rules.list) {
            if let Some(failed) = failed.get(&rule.name) {
                aside.before.insert(place, failed);
                if let Some(from) = all_from(failed.values().map(DateTime::timestamp_millis)) {
                    aside.put_all(place, from);
                }
            }
        }
        aside
    }

    /// Begins with another subject.
    pub(super) fn begin(&mut self) {
        self.ahead.clear();
    }

    /// Puts a rule aside for everything after `from`.
    pub(super) fn put_all(&mut self, rule: u16, from: i64) {
        self.all.insert(rule, from);
    }

    /// Puts a rule aside for what is decided about the same subject after `now`.
    pub(super) fn put_for_now(&mut self, rules: &Rules, name: &str, now: i64) {
        if let Some((rule, _)) = (0_u16..).zip(&rules.list).find(|(_, rule)| *rule.name == *name) {
            self.ahead.push((rule, now));
        }
    }

    /// Tells whether a rule had been put aside for a subject before `moment`.
    pub(super) fn is(&self, rule: u16, scene: &Scene, moment: i64) -> bool {
        if self.ahead.iter().any(|(of, at)| *of == rule && *at < moment) {
            return true;
        }
        if self.all.get(&rule).is_some_and(|from| *from < moment) {
            return true;
        }
        let Some(failed) = self.before.get(&rule) else { return false };
        let about = scene.schedule.topic_id(scene.topic);
        failed.get(&about).is_some_and(|at| at.timestamp_millis() < moment)
    }
}

/// Returns the moment from which a rule that failed at these moments, each for something else, is put aside for all.
pub(super) fn all_from(failed: impl Iterator<Item = i64>) -> Option<i64> {
    let mut moments: Vec<i64> = failed.collect();
    moments.sort_unstable();
    moments.get(RuleFailures::ALLOWED - 1).copied()
}

impl Schedule {
    /// Enters into `failures` which rules failed at `now`, so that they are put aside.
    pub fn remember_faults(
        &self,
        failures: &mut RuleFailures,
        faults: &[Fault],
        now: DateTime<Utc>,
    ) {
        for fault in faults {
            failures.enter(&self.rules.fingerprint, &fault.rule, fault.about.clone(), now);
        }
    }

    /// Returns the rules that are put aside altogether, by name.
    pub fn put_aside<'a>(&'a self, failures: &'a RuleFailures) -> impl Iterator<Item = &'a str> {
        let failed = failures.of(&self.rules.fingerprint).into_iter().flatten();
        failed.filter(|(_, failed)| failed.len() >= RuleFailures::ALLOWED).map(|(rule, _)| &**rule)
    }
}
