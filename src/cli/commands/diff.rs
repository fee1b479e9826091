//! `frist diff`: what an edit changes in what will be sent, or what it would have changed in what was sent.
//! Comparing is done in `changes` and `diff`; the other side is found in `against`, the past is looked back on in `back`.

mod against;
mod back;
mod git;
mod row;
mod show;

use std::io::{self, Write};

use chrono::{DateTime, Months, Utc};

use super::{Answer, Context};
use crate::changes::{self, Changes};
use crate::cli::args::Diff;
use crate::cli::output::{self, Format};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, talk};
use crate::daemon::force::Edit;
use crate::diff::Change;
use crate::history::History;
use crate::plan::{Id, Plan};
use crate::project::Project;
use crate::store::{Numbers, Store};

use against::Other;
use row::{DiffRow, Entry, Totals};

pub(in crate::cli) use git::GitError;

/// The answer to a comparison.
#[derive(Default)]
struct Report {
    rows: Vec<DiffRow>,
    totals: Totals,
    /// What is to be said about a past, beside the numbers.
    sentences: Vec<String>,
}

/// Compares, prints, and answers "faulty" if that is asked for and anything differs.
pub(super) async fn diff(context: &Context, wanted: &Diff) -> Answer<Exit> {
    context.warn_of_faults();
    let ledger = context.ledger().await?;
    let other = against::find(context, wanted, ledger.as_ref()).await?;
    if let Some(id) = &wanted.to {
        check_unit(context, other.as_ref(), id)?;
    }
    let back = back::stretch(context, wanted, ledger.as_ref()).await?;
    let mut report = match (back, &ledger, &other) {
        (Some(stretch), Some(ledger), _) => {
            let named = wanted.against.is_some() || wanted.against_git.is_some();
            back::look(context, ledger, other.as_ref().filter(|_| named), stretch, wanted).await?
        }
        (_, _, Some(other)) => ahead(context, ledger.as_ref(), other, wanted).await?,
        (_, _, None) => return Err(against::nothing_in_force()),
    };
    report.rows.sort_by_cached_key(DiffRow::order);
    let differs = !report.rows.is_empty();
    print(context.format, report, wanted)?;
    Ok(if wanted.exit_code && differs { Exit::Faulty } else { Exit::Fine })
}

/// A unit may be on either side: one that is new, or one that is gone.
fn check_unit(context: &Context, other: Option<&Other>, id: &str) -> Answer<()> {
    let others = other.iter().flat_map(|other| &other.project.plans);
    let plans: Vec<_> = context.project.plans.iter().chain(others).collect();
    if plans.iter().any(|plan| plan.unit_by_id(id).is_some()) {
        return Ok(());
    }
    plans.first().map_or(Ok(()), |plan| Context::unit(plan, id).map(|_| ()))
}

/// Compares what both sides will send from now on.
async fn ahead(
    context: &Context,
    ledger: Option<&Store>,
    other: &Other,
    wanted: &Diff,
) -> Answer<Report> {
    let (from, until) = stretch_ahead(context, wanted)?;
    let zone = context.zone();
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M");
    talk(&format!("Compared with {}, from {} until {}.", other.name, day(from), day(until)));
    let mut report = Report::default();
    for id in plans(&context.project, &other.project) {
        let history = match ledger {
            Some(store) => store.history(&id).await?,
            None => History::default(),
        };
        let was = files(&other.project, other.send_at, &id);
        let now = files(&context.project, context.config.send_at, &id);
        let changes = changes::changes(was.as_ref(), now.as_ref(), history, from, until);
        warn_of_failures(&changes, &other.name);
        let rows = changes.list.iter().map(|difference| row(&changes, &id, difference));
        let of_unit = |row: &DiffRow| wanted.to.as_deref().is_none_or(|to| row.concerns(to));
        report.rows.extend(rows.filter(of_unit));
        let mails = |side: &Option<changes::Side>| {
            side.as_ref().map_or(0, |side| side.mails(wanted.to.as_deref()))
        };
        report.totals.mails_before += mails(&changes.was);
        report.totals.mails_now += mails(&changes.now);
    }
    report.totals.count(&report.rows);
    Ok(report)
}

/// Compares files that take force with those before them, in numbers, from now until the plans' periods end.
pub(super) fn numbers(edit: &Edit) -> Numbers {
    let (old, new) = (edit.old.0, edit.new.0);
    let until = until(new, edit.now);
    let mut numbers = Numbers::default();
    for id in plans(new, old) {
        let history = edit.histories.get(&id).cloned().unwrap_or_default();
        let (was, now) = (files(old, edit.old.1, &id), files(new, edit.new.1, &id));
        let changes = changes::changes(was.as_ref(), now.as_ref(), history, edit.now, until);
        for difference in &changes.list {
            *match difference.change {
                Change::Added => &mut numbers.added,
                Change::Gone => &mut numbers.gone,
                Change::Moved => &mut numbers.moved,
                Change::Redirected => &mut numbers.redirected,
                Change::Reworded => &mut numbers.reworded,
            } += 1;
        }
    }
    numbers
}

/// From now until the end of the plans' periods, and at least for a year.
fn stretch_ahead(context: &Context, wanted: &Diff) -> Answer<(DateTime<Utc>, DateTime<Utc>)> {
    let zone = context.zone();
    let from = wanted.from.map_or_else(|| context.now(), |when| when.resolve(zone));
    let until =
        wanted.until.map_or_else(|| self::until(&context.project, from), |when| when.resolve(zone));
    if until < from {
        return Err(Trouble::usage("--until lies before --from".to_owned(), None));
    }
    Ok((from, until))
}

/// Returns the end of the plans' periods, but a year after `from` at least.
fn until(project: &Project, from: DateTime<Utc>) -> DateTime<Utc> {
    let a_year = from.checked_add_months(Months::new(12)).unwrap_or(from);
    let ends = project.plans.iter().filter_map(|plan| end_of_period(plan));
    ends.chain([a_year]).max().unwrap_or(a_year)
}

/// Returns the first instant after the plan's period.
fn end_of_period(plan: &Plan) -> Option<DateTime<Utc>> {
    let day = plan.period?.until.succ_opt()?;
    Some(crate::calendar::moment::instant(plan.zone, day.and_time(chrono::NaiveTime::MIN)))
}

/// Returns the ids of the plans on either side, ours first.
fn plans(ours: &Project, others: &Project) -> Vec<Id> {
    let mut ids: Vec<Id> = Vec::new();
    for plan in ours.plans.iter().chain(&others.plans) {
        if !ids.contains(&plan.id) {
            ids.push(plan.id.clone());
        }
    }
    ids
}

fn files(project: &Project, send_at: chrono::NaiveTime, id: &Id) -> Option<changes::Files> {
    let plan = project.plans.iter().find(|plan| plan.id == *id)?;
    Some(changes::Files { plan: plan.clone(), rules: project.rules.clone(), send_at })
}

fn warn_of_failures(changes: &Changes, other: &str) {
    for (side, name) in [(&changes.was, format!(" of {other}")), (&changes.now, String::new())] {
        for fault in side.iter().flat_map(|side| &side.faults) {
            let (rule, about, fault) = (&fault.rule, &fault.about, &fault.fault);
            talk(&format!("warning: rule `{rule}`{name} fails for {about}: {fault}"));
        }
    }
}

fn row(changes: &Changes, plan: &Id, difference: &changes::Difference) -> DiffRow {
    let entry = |side: &Option<changes::Side>, place: Option<u32>| {
        let side = side.as_ref()?;
        let told = &side.told[place? as usize];
        Some(Entry::decided(&side.schedule, &told.notice, told.at()))
    };
    let zone = changes.now.as_ref().or(changes.was.as_ref()).map(|side| side.schedule.plan().zone);
    DiffRow {
        plan: plan.to_string(),
        zone: zone.unwrap_or(chrono_tz::Tz::UTC),
        change: difference.change,
        was: entry(&changes.was, difference.was),
        now: entry(&changes.now, difference.now),
        lines: difference.lines.clone(),
    }
}

fn print(format: Format, report: Report, wanted: &Diff) -> io::Result<()> {
    let totals = show::totals(&report.totals);
    if format != Format::Table {
        if wanted.summary {
            output::print(format, std::iter::once(report.totals))?;
        } else {
            output::print(format, report.rows.into_iter())?;
        }
        talk(&totals);
        report.sentences.iter().for_each(|sentence| talk(sentence));
        return Ok(());
    }
    let mut shown = String::new();
    if !wanted.summary {
        shown.push_str(&show::by_recipient(&report.rows, wanted.to.as_deref()));
    }
    for line in std::iter::once(&totals).chain(&report.sentences) {
        shown.push_str(line);
        shown.push('\n');
    }
    output::for_people().write_all(shown.as_bytes())
}
