//! Whether people were warned in time: how long before a deadline its first mail came, and which late deliveries had none.
//! What was sent, and what would have been, comes from `back`.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::super::row::Entry;
use crate::cli::commands::rerun::Rerun;
use crate::history::History;
use crate::notice::Kind;
use crate::plan::{Deadline, Due, DueDate, Plan};
use crate::state::{delivered, occurrence_id};
use crate::store::{Fate, LogEntry, MessageState};

/// So long before the due date a mail still is a warning of a delivery that came late.
const IN_TIME: TimeDelta = TimeDelta::days(30);

/// So many deadlines are named in one sentence.
const NAMED: usize = 3;

/// What became of warnings, over all plans.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    /// By so many days the first warning would have come earlier (later: negative): which deadlines.
    shifted: BTreeMap<i64, Vec<String>>,
    /// Warned about only by the edited files.
    only_now: Vec<String>,
    /// Warned about only before.
    only_before: Vec<String>,
    late: usize,
    still_open: usize,
    unwarned_before: usize,
    unwarned_now: usize,
}

/// When mails about each deadline went out, by its id with the occurrence's date.
type Mails = BTreeMap<String, Vec<NaiveDate>>;

/// What is compared: what was told before, if the ledger does not say it, and what is told now.
pub(super) struct Sides<'a> {
    /// `None` is what the ledger says.
    pub(super) was: Option<&'a [Entry]>,
    pub(super) now: &'a [Entry],
    /// Only mails to this unit.
    pub(super) to: Option<&'a str>,
}

impl Warnings {
    /// Adds what became of the warnings of one plan.
    pub(super) fn add(&mut self, rerun: &Rerun, plan: &Plan, sides: &Sides) {
        let of_ledger = |until: DateTime<Utc>| {
            let came =
                rerun.log.iter().filter(move |entry| entry.at < until && came_through(entry));
            let came = came.filter(|entry| sides.to.is_none_or(|to| *entry.to == *to));
            came.filter_map(|entry| Some((entry.deadline.as_deref()?, entry.kind, entry.at)))
        };
        // What went out before the start did so whatever the files say now.
        let played = |entries| of_ledger(rerun.start).chain(of_entries(entries, sides.to));
        let was = match sides.was {
            None => mails(plan.zone, of_ledger(rerun.until)),
            Some(entries) => mails(plan.zone, played(entries)),
        };
        let now = mails(plan.zone, played(sides.now));
        let first_day = rerun.start.with_timezone(&plan.zone).date_naive();
        let last_day = rerun.until.with_timezone(&plan.zone).date_naive();
        for deadline in &plan.deadlines {
            for due in real_dates(rerun.history, deadline) {
                let id = occurrence_id(deadline, Some(due));
                self.compare_first(&id, first(&was, &id, due.date), first(&now, &id, due.date));
                if due.date >= first_day && due.date < last_day {
                    let delivered = delivered(rerun.history, deadline, Some(due));
                    if delivered.is_none_or(|date| date > due.date) {
                        self.late += 1;
                        self.still_open +=
                            usize::from(delivered.is_none_or(|date| date >= last_day));
                        self.unwarned_before += usize::from(!in_time(&was, &id, due.date));
                        self.unwarned_now += usize::from(!in_time(&now, &id, due.date));
                    }
                }
            }
        }
    }

    fn compare_first(&mut self, id: &str, was: Option<NaiveDate>, now: Option<NaiveDate>) {
        let deadlines = match (was, now) {
            (Some(was), Some(now)) if was != now => {
                self.shifted.entry((was - now).num_days()).or_default()
            }
            (None, Some(_)) => &mut self.only_now,
            (Some(_), None) => &mut self.only_before,
            (Some(_), Some(_)) | (None, None) => return,
        };
        deadlines.push(id.to_owned());
    }

    /// Returns what is to be said; the edited files are beside what was sent, or `beside` other files.
    pub(super) fn sentences(&self, beside: Option<&str>) -> Vec<String> {
        let mut shifted: Vec<_> = self.shifted.iter().collect();
        shifted.sort_by_key(|(days, deadlines)| (std::cmp::Reverse(deadlines.len()), **days));
        let mut sentences: Vec<String> = shifted
            .into_iter()
            .map(|(days, deadlines)| {
                let word = if days.abs() == 1 { "day" } else { "days" };
                let way = if *days > 0 { "earlier" } else { "later" };
                format!(
                    "{} would have been warned {} {word} {way}.",
                    some_of(deadlines),
                    days.abs()
                )
            })
            .collect();
        if !self.only_now.is_empty() {
            sentences.push(format!(
                "{} would have been warned before the day, and without the edit not.",
                some_of(&self.only_now)
            ));
        }
        if !self.only_before.is_empty() {
            sentences.push(format!(
                "{} would not have been warned before the day any more.",
                some_of(&self.only_before)
            ));
        }
        sentences.push(self.late_deliveries(beside));
        sentences
    }

    fn late_deliveries(&self, beside: Option<&str>) -> String {
        if self.late == 0 {
            return "Nothing was delivered late.".to_owned();
        }
        let Self { late, still_open, unwarned_before, unwarned_now, .. } = self;
        let deliveries = if *late == 1 { "delivery" } else { "deliveries" };
        let open = match still_open {
            0 => String::new(),
            open => format!(" ({open} of them still open)"),
        };
        let when = format!("in the last {} days before the due date", IN_TIME.num_days());
        if *unwarned_before == 0 && *unwarned_now == 0 {
            let had = if beside.is_none() { "had had" } else { "would have had" };
            return format!("Each of {late} late {deliveries}{open} {had} a mail {when}.");
        }
        let before = match beside {
            None => format!("{unwarned_before} had had no mail"),
            Some(name) => format!("{unwarned_before} would have had no mail with {name}"),
        };
        format!(
            "Of {late} late {deliveries}{open}, {before} {when}; with the edited files: {unwarned_now}."
        )
    }
}

/// Tells whether a notice was on its way to its recipient.
fn came_through(entry: &LogEntry) -> bool {
    matches!(entry.fate, Fate::Told(state) if state != MessageState::GaveUp)
}

fn of_entries<'a>(
    entries: &'a [Entry],
    to: Option<&'a str>,
) -> impl Iterator<Item = (&'a str, Kind, DateTime<Utc>)> {
    let meant = entries.iter().filter(move |entry| to.is_none_or(|to| entry.to == to));
    meant.filter_map(|entry| Some((entry.deadline.as_deref()?, entry.kind, entry.at)))
}

/// Collects the days of reminders and escalations; a note for information warns nobody.
fn mails<'a>(zone: Tz, told: impl Iterator<Item = (&'a str, Kind, DateTime<Utc>)>) -> Mails {
    let mut mails = Mails::new();
    for (deadline, _, at) in told.filter(|(_, kind, _)| *kind != Kind::Notify) {
        mails.entry(deadline.to_owned()).or_default().push(at.with_timezone(&zone).date_naive());
    }
    mails
}

/// Returns the due dates that a deadline really has: as the ledger last saw them, whatever the edit says.
fn real_dates(history: &History, deadline: &Deadline) -> Vec<DueDate> {
    match deadline.due {
        Due::Every { .. } => deadline.due.dates(NaiveDate::MAX),
        Due::On(_) | Due::None => {
            let seen = history.deadlines_seen.get(&deadline.id);
            seen.and_then(|seen| seen.due).into_iter().collect()
        }
    }
}

/// Returns the day of the first mail on or before the due date.
fn first(mails: &Mails, id: &str, due: NaiveDate) -> Option<NaiveDate> {
    mails.get(id)?.iter().copied().filter(|day| *day <= due).min()
}

fn in_time(mails: &Mails, id: &str, due: NaiveDate) -> bool {
    mails.get(id).is_some_and(|days| days.iter().any(|day| *day <= due && *day >= due - IN_TIME))
}

/// Names a few deadlines, and how many more there are.
fn some_of(deadlines: &[String]) -> String {
    let named = &deadlines[..NAMED.min(deadlines.len())];
    match (named, deadlines.len() - named.len()) {
        ([one], 0) => one.clone(),
        ([several @ .., last], 0) => format!("{} and {last}", several.join(", ")),
        (named, more) => format!("{} and {more} more", named.join(", ")),
    }
}
