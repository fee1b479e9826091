//! Looking back: what the edited files would have sent, had they been in force, beside what the ledger really sent.
//! Playing the past again is in `rerun`; the help of the command says what is compared and what is not.

mod warnings;

use chrono::{DateTime, Utc};

use super::row::{DiffRow, Entry, without_occurrence};
use super::{Other, Report, files};
use crate::changes::{self, Difference};
use crate::cli::args::Diff;
use crate::cli::commands::rerun::Rerun;
use crate::cli::commands::{Answer, Context};
use crate::cli::talk;
use crate::cli::trouble::Trouble;
use crate::diff::{Names, Told, mails};
use crate::plan::{Plan, index};
use crate::schedule::{Notice, Schedule};
use crate::store::{Fate, Store};

use warnings::{Sides, Warnings};

/// A stretch of the past: from when, and until when.
pub(super) type Stretch = (DateTime<Utc>, DateTime<Utc>);

/// Returns which stretch of the past to look back on; `None` if the command looks ahead.
pub(super) async fn stretch(
    context: &Context,
    wanted: &Diff,
    ledger: Option<&Store>,
) -> Answer<Option<Stretch>> {
    let (zone, now) = (context.zone(), context.now());
    let from = wanted.from.map(|when| when.resolve(zone));
    let until = wanted.until.map(|when| when.resolve(zone));
    let mut seen = None;
    if let Some(store) = ledger {
        for plan in &context.project.plans {
            seen = seen.into_iter().chain(store.history(&plan.id).await?.plan_seen).min();
        }
    }
    let usage = |message: &str, help: Option<&str>| {
        Trouble::usage(message.to_owned(), help.map(str::to_owned))
    };
    let Some(seen) = seen else {
        return if wanted.back {
            Err(usage(
                "there is no ledger of this plan to look back on",
                Some("the daemon makes one; `frist run --from T --until T --store URL` plays one"),
            ))
        } else {
            Ok(None)
        };
    };
    let in_the_past = from.is_some() && until.is_some_and(|until| until <= now && until > seen);
    if !wanted.back && !in_the_past {
        return Ok(None);
    }
    let (from, until) = (from.unwrap_or(seen), until.unwrap_or(now));
    if until > now {
        return Err(usage("--until lies ahead, and the ledger does not know it", None));
    }
    if until <= from.max(seen) {
        let first = seen.with_timezone(&zone).format("%Y-%m-%d");
        let help = format!("the ledger first saw the plan on {first}");
        return Err(usage("there is nothing to look back on before --until", Some(&help)));
    }
    Ok(Some((from, until)))
}

/// What one side told in the past.
struct Past {
    entries: Vec<Entry>,
    told: Vec<Told>,
}

/// Plays the edited files through the past and compares with the ledger, or with `other` files played through it.
pub(super) async fn look(
    context: &Context,
    ledger: &Store,
    other: Option<&Other>,
    (from, until): Stretch,
    wanted: &Diff,
) -> Answer<Report> {
    let zone = context.zone();
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    let beside = other.map_or("what was sent", |other| &other.name);
    talk(&format!(
        "Looking back from {} until {}: the edited files beside {beside}.",
        day(from),
        day(until)
    ));
    let mut report = Report::default();
    let mut warnings = Warnings::default();
    for plan in &context.project.plans {
        let history = ledger.history(&plan.id).await?;
        let Some(seen) = history.plan_seen.filter(|seen| *seen < until) else {
            talk(&format!("The ledger did not know plan `{}` then.", plan.id));
            continue;
        };
        if seen > from {
            talk(&format!("Plan `{}` was first seen on {}; from then on.", plan.id, day(seen)));
        }
        let log = ledger.log(Some(&plan.id)).await?;
        let rerun = Rerun { history: &history, log: &log, start: from.max(seen), until };
        let mut names = Names::default();
        let Some(edited) = files(&context.project, context.config.send_at, &plan.id) else {
            continue;
        };
        let now = played(&rerun, &edited, &mut names);
        let was = match other {
            None => written(&rerun, plan, &mut names),
            Some(other) => match files(&other.project, other.send_at, &plan.id) {
                Some(files) => played(&rerun, &files, &mut names),
                None => Past { entries: Vec::new(), told: Vec::new() },
            },
        };
        let sides = Sides {
            was: other.map(|_| &was.entries[..]),
            now: &now.entries,
            to: wanted.to.as_deref(),
        };
        warnings.add(&rerun, plan, &sides);
        add(&mut report, plan, &was, &now, wanted.to.as_deref());
    }
    report.totals.count(&report.rows);
    report.sentences = warnings.sentences(other.map(|other| &*other.name));
    Ok(report)
}

/// Returns what files would have told.
fn played(rerun: &Rerun, files: &changes::Files, names: &mut Names) -> Past {
    let (play, told) = rerun.told(files);
    let schedule: &Schedule = play.schedule();
    let numbered = told.iter().map(|(at, notice): &(_, Notice)| (at.timestamp_millis(), notice));
    let numbered = names.told(schedule, numbered);
    let entries = told.iter().map(|(at, notice)| Entry::decided(schedule, notice, *at)).collect();
    Past { entries, told: numbered }
}

/// Returns what the ledger told of what was due in the stretch.
fn written(rerun: &Rerun, plan: &Plan, names: &mut Names) -> Past {
    let told_then = rerun.log.iter().filter(|entry| {
        matches!(entry.fate, Fate::Told(_))
            && entry.at < rerun.until
            && rerun.counts(entry.moment, &*entry.rule == "first-overview")
    });
    let mut past = Past { entries: Vec::new(), told: Vec::new() };
    for entry in told_then {
        let about = entry.deadline.as_deref().map(without_occurrence);
        let about = about.or(entry.measure.as_deref()).unwrap_or_default();
        past.told.push(Told {
            about: names.number(about),
            due: entry.due,
            rule: names.number(&entry.rule),
            step: entry.step,
            kind: entry.kind,
            to: names.number(&entry.to),
            nominal: entry.nominal,
            at: entry.at.timestamp_millis(),
            place: index(past.entries.len()),
        });
        past.entries.push(Entry::written(plan, entry));
    }
    past
}

/// Adds what differs to the report.
fn add(report: &mut Report, plan: &Plan, was: &Past, now: &Past, to: Option<&str>) {
    let entry = |past: &Past, place: Option<u32>| Some(past.entries[place? as usize].clone());
    let row = |difference: Difference| DiffRow {
        plan: plan.id.to_string(),
        zone: plan.zone,
        change: difference.change,
        was: entry(was, difference.was),
        now: entry(now, difference.now),
        lines: difference.lines,
    };
    let differences = changes::differences(&was.told, &now.told).into_iter();
    let rows = differences.filter(Difference::is_one).map(row);
    report.rows.extend(rows.filter(|row| to.is_none_or(|to| row.concerns(to))));
    let count = |past: &Past| {
        let meant = past.entries.iter().filter(|entry| to.is_none_or(|to| entry.to == to));
        mails(meant.map(|entry| (&entry.to, entry.at)))
    };
    report.totals.mails_before += count(was);
    report.totals.mails_now += count(now);
}
