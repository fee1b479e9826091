//! `frist explain`: why something was sent, or not, and what comes next, for a deadline, a unit, a day or a mail.
//! The steps are laid out in `schedule::explain`; what the ledger wrote down comes from its log.

mod rows;
mod story;

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::{Answer, Context};
use crate::calendar::moment::instant;
use crate::cli::args::Explain;
use crate::cli::output::{self, Format};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, talk};
use crate::history::History;
use crate::notice::NoticeKey;
use crate::plan::{Plan, UnitIx};
use crate::rules::Trace;
use crate::schedule::{Schedule, Topic};
use crate::store::{Fate, LogEntry, Store};

use rows::Asked;

/// What somebody wants to know about one plan.
struct Wanted<'a> {
    /// Whether a deadline, measure or the plan is meant.
    topic: Box<dyn Fn(Topic) -> bool + 'a>,
    /// The deadline, measure or plan, if one was named.
    named: Option<Topic>,
    to: Option<UnitIx>,
    on: Option<NaiveDate>,
    message_id: Option<&'a str>,
}

/// Explains what was asked for.
pub(super) async fn explain(context: &Context, asked: &Explain) -> Answer<Exit> {
    context.warn_of_faults();
    let ledger = context.ledger().await?;
    if ledger.is_none() {
        talk(
            "There is no ledger yet: this is how it looks if the plan is first seen at that moment.",
        );
    }
    let message_id = asked.message_id.as_deref().map(|id| id.trim_matches(['<', '>', ' ']));
    let (rules, trace) = context.project.traced_rules();
    let mut rows = Vec::new();
    let (mut found, mut introduced) = (false, false);
    for plan in plans(context, asked)? {
        let wanted = wanted(context, plan, asked, message_id)?;
        let at = moment(context, plan, asked, ledger.is_some());
        let (log, later) = log_of(ledger.as_ref(), plan, at).await?;
        found |= log.iter().any(|entry| wanted.tells(entry));
        let (schedule, mut history) =
            context.lay_out_with(&rules, plan, ledger.as_ref(), at).await?;
        forget_what_came_later(&mut history, at);
        forget_what_was_decided_later(&mut history, &later);
        if let (Format::Table, Some(Topic::Deadline { .. })) = (context.format, wanted.named) {
            story::introduce(&schedule, &history, asked.what.as_deref(), at)?;
            introduced = true;
        }
        let asked = Asked { schedule: &schedule, history: &history, trace: &trace, log: &log, at };
        rows.extend(asked.rows(&wanted));
    }
    if let (Some(id), false) = (message_id, found) {
        let help = "look for it with `frist log --format jsonl`; the whole id is wanted, without the angle brackets";
        return Err(Trouble::usage(
            format!("no mail with the Message-ID `{id}` is in the ledger"),
            Some(help.to_owned()),
        ));
    }
    if context.format == Format::Table {
        story::tell(&rows, introduced)?;
    } else {
        output::print(context.format, rows.into_iter())?;
    }
    Ok(Exit::Fine)
}

/// Returns the plans that the question is about.
fn plans<'a>(context: &'a Context, asked: &Explain) -> Answer<Vec<&'a Arc<Plan>>> {
    let plans = &context.project.plans;
    let of_unit =
        |plan: &&Arc<Plan>| asked.to.as_ref().is_none_or(|to| plan.unit_by_id(to).is_some());
    let Some(what) = &asked.what else {
        let found: Vec<_> = plans.iter().filter(of_unit).collect();
        if let (Some(to), true) = (&asked.to, found.is_empty()) {
            for plan in plans {
                Context::unit(plan, to)?;
            }
        }
        return Ok(found);
    };
    let has = |plan: &&Arc<Plan>| {
        *plan.id == **what || plan.measures.iter().any(|measure| *measure.id == **what)
    };
    match plans.iter().find(has) {
        Some(plan) => Ok(vec![plan]),
        None => Ok(vec![context.deadline(what)?.0]),
    }
}

fn wanted<'a>(
    context: &Context,
    plan: &'a Arc<Plan>,
    asked: &Explain,
    message_id: Option<&'a str>,
) -> Answer<Wanted<'a>> {
    let to = asked.to.as_deref().map(|id| Context::unit(plan, id)).transpose()?;
    let mut wanted =
        Wanted { topic: Box::new(|_| true), named: None, to, on: asked.on, message_id };
    let Some(what) = &asked.what else { return Ok(wanted) };
    if *plan.id == **what {
        wanted.named = Some(Topic::Plan);
        wanted.topic = Box::new(|topic| topic == Topic::Plan);
    } else if let Some(place) = plan.measures.iter().position(|measure| *measure.id == **what) {
        let ix = crate::plan::MeasureIx(crate::plan::index(place));
        wanted.named = Some(Topic::Measure(ix));
        wanted.topic = Box::new(move |topic| match topic {
            Topic::Measure(other) => other == ix,
            Topic::Deadline { ix: deadline, .. } => plan.deadline(deadline).measure == ix,
            Topic::Plan => false,
        });
    } else {
        let (_, ix, occurrence) = context.deadline(what)?;
        wanted.named = Some(Topic::Deadline { ix, due: None });
        wanted.topic = Box::new(move |topic| {
            topic.deadline().is_some_and(|(other, due)| {
                other == ix && (occurrence.is_none() || due.map(|due| due.date) == occurrence)
            })
        });
    }
    Ok(wanted)
}

/// Returns the moment of the question; without a ledger, a day is looked at from its beginning.
fn moment(context: &Context, plan: &Plan, asked: &Explain, has_ledger: bool) -> DateTime<Utc> {
    let beginning = |on: NaiveDate| instant(plan.zone, on.and_time(NaiveTime::MIN));
    match (asked.at, asked.on) {
        (Some(at), _) => at.resolve(plan.zone),
        (None, Some(on)) if !has_ledger => beginning(on),
        (None, _) => context.now(),
    }
}

/// Reads the log up to the moment of the question, and what was decided after it.
async fn log_of(
    ledger: Option<&Store>,
    plan: &Plan,
    at: DateTime<Utc>,
) -> Answer<(Vec<LogEntry>, Vec<LogEntry>)> {
    let Some(store) = ledger else { return Ok((Vec::new(), Vec::new())) };
    let log = store.log(Some(&plan.id)).await?;
    Ok(log.into_iter().partition(|entry| entry.at <= at))
}

/// What was answered after the moment of the question was not known then.
fn forget_what_came_later(history: &mut Arc<History>, at: DateTime<Utc>) {
    for answers in Arc::make_mut(history).answers.values_mut() {
        answers.retain(|answer| answer.at <= at);
    }
}

/// What was decided after the moment of the question lay ahead then.
fn forget_what_was_decided_later(history: &mut Arc<History>, later: &[LogEntry]) {
    let (not_told, told): (Vec<_>, Vec<_>) =
        later.iter().partition(|entry| entry.fate == Fate::NotSent);
    let told: HashSet<NoticeKey> = told.into_iter().map(LogEntry::key).collect();
    let not_told: HashSet<_> =
        not_told.into_iter().map(|entry| (entry.key(), entry.rule.clone())).collect();
    let history = Arc::make_mut(history);
    history.told.retain(|key| !told.contains(key));
    history.passed_over.retain(|passed_over| !not_told.contains(passed_over));
}

impl Wanted<'_> {
    /// Tells whether a line of the log belongs to the mail that is asked for.
    fn tells(&self, entry: &LogEntry) -> bool {
        self.message_id.is_none_or(|id| entry.message_id.as_deref() == Some(id))
    }
}
