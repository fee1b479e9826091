//! What must be decided, worked out a second time and as plainly as can be: every step of every deadline by date arithmetic,
//! no queue, no cursor, no cache. Only what the ledger knows and when it first saw things is taken from the program, and
//! both are checked elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Europe::Oslo;
use frist::history::{Answer, Says};
use frist::notice::Kind;

use super::sketch::{ADOPTED, BOOKS, Deadline, OWNER, Sketch, Step, UNITS, Whom, day, send_at};

/// A notice's key within the plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) deadline: String,
    pub(super) due: NaiveDate,
    pub(super) kind: Kind,
    pub(super) nominal: NaiveDate,
    pub(super) to: String,
}

/// What becomes of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    Told,
    Superseded,
    NotSent(&'static str),
}

/// What is known when a tick decides.
pub(super) struct Known<'a> {
    pub(super) sketch: &'a Sketch,
    pub(super) answers: &'a BTreeMap<&'static str, Vec<Answer>>,
    /// Since when each deadline and each rule counts.
    pub(super) deadlines: &'a BTreeMap<String, DateTime<Utc>>,
    pub(super) rules: &'a BTreeMap<String, DateTime<Utc>>,
    /// What was told or superseded.
    pub(super) told: &'a BTreeSet<Key>,
    /// What was passed over, by which rule.
    pub(super) passed_over: &'a BTreeSet<(Key, String)>,
}

/// Decides everything that is due at `now` and not decided yet: by key and rule.
pub(super) fn decided(known: &Known, now: DateTime<Utc>) -> BTreeMap<(Key, String), Fate> {
    let mut all = BTreeMap::new();
    for (id, deadline) in &known.sketch.deadlines {
        for due in deadline.due.dates() {
            for (key, rule, fate) in of_one(known, now, id, deadline, due) {
                all.insert((key, rule), fate);
            }
        }
    }
    all
}

/// Decides about one occurrence of a deadline.
fn of_one(
    known: &Known,
    now: DateTime<Utc>,
    id: &'static str,
    deadline: &Deadline,
    due: NaiveDate,
) -> Vec<(Key, String, Fate)> {
    let today = now.with_timezone(&Oslo).date_naive();
    let answers = about(known, id, due);
    let delivered = delivered(deadline, due, &answers);
    let silent_until = answers.iter().rev().find_map(|answer| match answer.says {
        Says::Progress { silent_until } => Some(silent_until),
        _ => None,
    });
    let is_silent = silent_until.flatten().is_some_and(|until| until > today);
    let mut found: Vec<(Key, String, Fate)> = Vec::new();
    for step in BOOKS[known.sketch.book].steps {
        let from = known.deadlines[id].max(known.rules[step.rule]).max(midnight(day(ADOPTED)));
        for nominal in nominal_dates(step, due, now) {
            let sending = sending(step, nominal);
            let at = moment(sending);
            let is_endless = step.every.is_some_and(|(_, times)| times == 0);
            if at < from || at > now || is_endless && delivered.is_some_and(|on| sending >= on) {
                continue;
            }
            for to in recipients(step.whom, deadline) {
                let key = Key { deadline: id.into(), due, kind: step.kind, nominal, to: to.into() };
                let rule = step.rule.to_owned();
                let is_known = known.told.contains(&key)
                    || known.passed_over.contains(&(key.clone(), rule.clone()));
                if is_known || found.iter().any(|(other, by, _)| *other == key && *by == rule) {
                    continue;
                }
                let taken =
                    found.iter().any(|(other, _, fate)| *other == key && *fate == Fate::Told);
                let fate = if step.unless == Some(deadline.kind) {
                    Fate::NotSent("condition_false")
                } else if delivered.is_some_and(|on| on <= today) {
                    Fate::NotSent("delivered_already")
                } else if is_silent && step.kind == Kind::Remind {
                    Fate::NotSent("silenced_until")
                } else if known.sketch.address(to).is_none() {
                    Fate::NotSent("no_address")
                } else if taken {
                    Fate::NotSent("told_already")
                } else {
                    Fate::Told
                };
                found.push((key, rule, fate));
            }
        }
    }
    supersede(&mut found);
    found
}

/// Of reminders and escalations to one recipient the newest date is told, an escalation before a reminder.
fn supersede(found: &mut [(Key, String, Fate)]) {
    let rank = |key: &Key| (key.nominal, key.kind == Kind::Escalate);
    let competing: Vec<Key> = found
        .iter()
        .filter(|(key, _, fate)| *fate == Fate::Told && key.kind != Kind::Notify)
        .map(|(key, ..)| key.clone())
        .collect();
    for (key, _, fate) in found {
        let is_beaten = competing.iter().any(|other| other.to == key.to && rank(other) > rank(key));
        if *fate == Fate::Told && key.kind != Kind::Notify && is_beaten {
            *fate = Fate::Superseded;
        }
    }
}

/// Returns the dates of a step, those of repeats until long enough after `now`.
fn nominal_dates(step: &Step, due: NaiveDate, now: DateTime<Utc>) -> Vec<NaiveDate> {
    let first = due + TimeDelta::days(step.days);
    let Some((every, times)) = step.every else { return vec![first] };
    let times = if times == 0 { u32::MAX } else { times };
    (0..times)
        .map(|k| first + TimeDelta::days(every * i64::from(k)))
        .take_while(|date| *date <= now.date_naive() + TimeDelta::days(7))
        .collect()
}

/// Saturday and Sunday are no days for mails: what comes before the date goes out earlier, what comes after it, later.
fn sending(step: &Step, nominal: NaiveDate) -> NaiveDate {
    let by = match (nominal.weekday(), step.days > 0) {
        (Weekday::Sat, false) => -1,
        (Weekday::Sun, false) => -2,
        (Weekday::Sat, true) => 2,
        (Weekday::Sun, true) => 1,
        _ => 0,
    };
    nominal + TimeDelta::days(by)
}

fn recipients(whom: Whom, deadline: &Deadline) -> Vec<&'static str> {
    let responsible = &deadline.responsible;
    let units = match whom {
        Whom::Owner => vec![OWNER],
        Whom::Responsible => responsible.clone(),
        Whom::Lead => responsible.iter().take(1).copied().collect(),
    };
    let mut found = Vec::new();
    for unit in units {
        let members = if unit == UNITS[2] { vec![UNITS[0], UNITS[1]] } else { vec![unit] };
        found.extend(members);
    }
    found
}

/// Returns the answers about one occurrence.
fn about<'a>(known: &'a Known, id: &str, due: NaiveDate) -> Vec<&'a Answer> {
    let answers = known.answers.get(id).into_iter().flatten();
    answers.filter(|answer| answer.occurrence.is_none_or(|date| date == due)).collect()
}

fn delivered(deadline: &Deadline, due: NaiveDate, answers: &[&Answer]) -> Option<NaiveDate> {
    let settles = |on: &NaiveDate| !deadline.due.recurs() || due <= *on;
    let by_answers = answers.iter().filter_map(|answer| match answer.says {
        Says::Delivered(on) if answer.occurrence.is_some() || settles(&on) => Some(on),
        _ => None,
    });
    deadline.delivered.filter(settles).into_iter().chain(by_answers).min()
}

/// Returns the moment from which what is sent on a date is due.
fn moment(date: NaiveDate) -> DateTime<Utc> {
    Oslo.from_local_datetime(&date.and_time(send_at())).unwrap().to_utc()
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    Oslo.from_local_datetime(&date.and_time(NaiveTime::MIN)).unwrap().to_utc()
}
