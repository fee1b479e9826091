//! What was first seen at a time that has not come yet, since the machine's clock was wrong then. Nothing that lies before
//! that time is told about it, so the owner is told this.

use std::fmt::Write;

use chrono::{DateTime, TimeDelta, Utc};

use super::round::Served;
use crate::history::History;
use crate::plan::Plan;
use crate::rules::Rules;

/// So little does a clock go back now and then, or differ from that of another daemon.
const LITTLE: TimeDelta = TimeDelta::minutes(5);

/// So many deadlines and rules are named.
const NAMED: usize = 10;

/// Returns when the last of all that is in force was first seen.
pub(super) fn newest(history: &History, plan: &Plan, rules: &Rules) -> Option<DateTime<Utc>> {
    let deadlines = plan.deadlines.iter().filter_map(|it| history.deadlines_seen.get(&it.id));
    let rules = rules.list.iter().filter_map(|rule| history.rules_seen.get(&rule.name));
    deadlines.map(|seen| seen.at).chain(rules.copied()).chain(history.plan_seen).max()
}

impl Served {
    /// Notices what was first seen after `now`.
    pub(super) fn hear_of_what_lies_ahead(&mut self, now: DateTime<Utc>) {
        let Some(newest) = self.newest_seen.filter(|newest| *newest > now + LITTLE) else { return };
        let message = self.what_lies_ahead(now, newest);
        self.tell_owner(format!("first seen ahead: {newest}"), "`clock`".to_owned(), message);
    }

    fn what_lies_ahead(&self, now: DateTime<Utc>, newest: DateTime<Utc>) -> String {
        let (plan, history) = (self.schedule().plan(), self.history());
        let clock = |at: DateTime<Utc>| at.with_timezone(&plan.zone).format("%Y-%m-%d %H:%M");
        let mut text = format!(
            "the machine's clock was set back: it shows {now}, and things were first seen up to {newest}. Nothing that lies \
             before that is told about them.\nIf {now} is wrong, set the clock, and all is well. If {newest} was wrong:\n",
            now = clock(now),
            newest = clock(newest),
        );
        let mut list = |what: &str, mut names: Vec<&str>, then: &str| {
            if names.is_empty() {
                return;
            }
            names.sort_unstable();
            let more = names.len().saturating_sub(NAMED);
            names.truncate(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            writeln!(text, "{what}: {}{more}. {then}", names.join(", "))
                .expect("a string takes everything");
        };
        if history.plan_seen.is_some_and(|seen| seen > now) {
            let then =
                "Give it another id, and it begins anew; `frist forecast` shows what is told then.";
            list("The plan", vec![&*plan.id], then);
            return text;
        }
        let is_ahead = |seen: Option<DateTime<Utc>>| seen.is_some_and(|seen| seen > now);
        let deadlines = plan.deadlines.iter().map(|deadline| &*deadline.id);
        let deadlines =
            deadlines.filter(|id| is_ahead(history.deadlines_seen.get(*id).map(|it| it.at)));
        let then = "Give them other ids.";
        list("Deadlines", deadlines.collect(), then);
        let rules = self.schedule().rules().list.iter().map(|rule| &*rule.name);
        let rules = rules.filter(|name| is_ahead(history.rules_seen.get(*name).copied()));
        let then = "Give them other names.";
        list("Rules", rules.collect(), then);
        text
    }
}
