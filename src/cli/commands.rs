//! What each command does: loads what it needs, asks the floors below, and prints.
//! How a command is written is in `args`; how rows look is in `output`.

mod answer;
mod archive;
mod arming;
mod asked;
mod backup;
mod beside;
mod changes;
mod check;
mod coverage;
mod diff;
mod explain;
mod forecast;
mod forgotten;
mod init;
mod ledger;
mod preview;
mod proof;
mod release;
mod rerun;
mod rules;
mod run;
mod standing;
mod status;
mod test;
mod times;
mod undelivered;
mod unreachable;
mod verify;

use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::{CommandFactory, ValueEnum};

use super::args::{Arguments, Command, Log, Stretch};
use super::output::{self, Format, LogRow};
use super::trouble::Trouble;
use super::when::When;
use super::{Exit, talk};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::finding::nearest;
use crate::history::History;
use crate::mail::Sender;
use crate::plan::{DeadlineIx, Plan, UnitIx, schema};
use crate::project::{Place, Project};
use crate::rules::Rules;
use crate::schedule::{Schedule, see};
use crate::store::{Decision, Fate, LogEntry, Store};

use asked::Asked;
pub(super) use diff::GitError;
pub(super) use forecast::{At, Due};
use times::{due_text, rfc3339};

type Answer<T> = Result<T, Trouble>;

/// What every command about a project needs.
struct Context {
    config: Config,
    project: Project,
    format: Format,
    now: Option<When>,
}

/// Does what was asked for.
pub(super) fn run(arguments: Arguments) -> Answer<Exit> {
    let format = arguments.format;
    if format.is_for_findings() && !matches!(arguments.command, Command::Check(_)) {
        let name = format.to_possible_value().map(|value| value.get_name().to_owned());
        let message = format!("--format {} is for `frist check`", name.unwrap_or_default());
        return Err(Trouble::usage(message, Some("write table, json, jsonl or csv".to_owned())));
    }
    match &arguments.command {
        Command::Init(init) => init::init(&arguments, init),
        Command::Rules(rules) => rules::rules(format, rules),
        Command::Schema => write_out(&schema::schema()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "frist", &mut script);
            write_out(&String::from_utf8_lossy(&script))
        }
        Command::Man { to: Some(folder) } => {
            clap_mangen::generate_to(Arguments::command(), folder)
                .map_err(|source| Trouble::unwritable(folder, source))?;
            Ok(Exit::Fine)
        }
        Command::Man { to: None } => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
            write_out(&String::from_utf8_lossy(&page))
        }
        Command::Check(wanted) => check::check(&arguments, wanted),
        _ => about_project(arguments),
    }
}

fn about_project(arguments: Arguments) -> Answer<Exit> {
    let mut config =
        config::load(&arguments.dir, arguments.config.as_deref(), &config::environment())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(16 << 20)
        .enable_all()
        .build()
        .map_err(Trouble::Threads)?;
    runtime.block_on(async {
        let Arguments { command, format, now, config: file, .. } = arguments;
        if let Command::Run(run) = &command
            && run.from.is_none()
        {
            return Box::pin(run::live(&config, file.as_deref(), format, now, run)).await;
        }
        match &command {
            // What lies in plan and rules is nothing to these.
            Command::Backup { file } => return backup::back_up(&config, format, file).await,
            Command::Restore { file, force } => {
                return backup::restore(&config, format, file, *force).await;
            }
            Command::Archive { before, file } => {
                return archive::archive(&config, format, *before, file.as_deref()).await;
            }
            Command::Ledger { what } => return ledger::ledger(&config, format, what).await,
            _ => {}
        }
        let project = standing::read(&mut config, &command).await?;
        let context = Context { config, project, format, now };
        match command {
            Command::Test(test) => test::test(context, test).await,
            Command::Run(run) => run::replay(&context, &run).await,
            Command::Forecast(stretch) => forecast(&context, &stretch).await,
            Command::Diff(wanted) => diff::diff(&context, &wanted).await,
            Command::Explain(explain) => explain::explain(&context, &explain).await,
            Command::Status { at } => status(&context, at).await,
            Command::Proof(wanted) => proof::proof(&context, &wanted).await,
            Command::Log(log) if log.verify => verify::verify(&context, log.seal.as_deref()).await,
            Command::Log(log) if log.changes => changes::show(&context, &log).await,
            Command::Release(which) => release::decide(&context, Decision::Release, &which).await,
            Command::Drop(which) => release::decide(&context, Decision::Drop, &which).await,
            Command::Arm(wanted) => arming::arm(&context, &wanted).await,
            Command::Disarm => arming::disarm(&context).await,
            Command::Log(log) => show_log(&context, &log).await,
            Command::Done { answer, on } => answer::done(&context, &answer, on).await,
            Command::Progress { answer, silent_until } => {
                answer::progress(&context, &answer, silent_until).await
            }
            Command::Extend { answer, to } => answer::extend(&context, &answer, to).await,
            Command::Preview(wanted) => preview::preview(&context, &wanted).await,
            Command::Init(_)
            | Command::Ledger { .. }
            | Command::Rules(_)
            | Command::Check(_)
            | Command::Schema
            | Command::Completions { .. }
            | Command::Backup { .. }
            | Command::Restore { .. }
            | Command::Archive { .. }
            | Command::Man { .. } => Ok(Exit::Fine),
        }
    })
}

/// Returns where the project's files lie.
fn place(config: &Config) -> Place {
    Place {
        folder: config.folder.clone(),
        plans: config.plans.clone(),
        rules: config.rules.clone(),
    }
}

fn write_out(text: &str) -> Answer<Exit> {
    io::Write::write_all(&mut io::stdout().lock(), text.as_bytes())?;
    Ok(Exit::Fine)
}

impl Context {
    /// Returns the time: that of `--now`, else that of the clock.
    fn now(&self) -> DateTime<Utc> {
        self.now.map_or_else(|| Clock::System.now(), |when| when.resolve(self.zone()))
    }

    /// Returns the zone in which times on the command line are meant: the first plan's.
    fn zone(&self) -> Tz {
        self.project.plans.first().map_or(Tz::UTC, |plan| plan.zone)
    }

    /// Warns of rules that are left out, since an answer without them would mislead.
    fn warn_of_faults(&self) {
        if let Some(faults) = self.project.faults() {
            talk(&format!(
                "warning: some of the files are faulty (see `frist check` and `frist test`):\n{faults}"
            ));
        }
    }

    /// Returns who writes: answers go to the first plan's owner, unless the configuration says otherwise.
    fn sender(&self) -> Answer<Sender> {
        let mail = &self.config.mail;
        let owner = self.project.plans.iter().find_map(|plan| plan.unit(plan.owner?).email.clone());
        Ok(Sender::parse(&mail.from, mail.reply_to.as_deref().or(owner.as_deref()))?)
    }

    /// Opens the ledger if there is one.
    async fn ledger(&self) -> Answer<Option<Store>> {
        Ok(Store::open_existing(&self.config.store.url, &self.config.folder).await?)
    }

    /// Lays out a plan with its past; what the ledger does not know counts as first seen at `at`.
    async fn lay_out(
        &self,
        plan: &Arc<Plan>,
        ledger: Option<&Store>,
        at: DateTime<Utc>,
    ) -> Answer<(Schedule, Arc<History>)> {
        self.lay_out_with(&self.project.rules, plan, ledger, at).await
    }

    /// Lays out a plan with other rules than the project's own.
    async fn lay_out_with(
        &self,
        rules: &Arc<Rules>,
        plan: &Arc<Plan>,
        ledger: Option<&Store>,
        at: DateTime<Utc>,
    ) -> Answer<(Schedule, Arc<History>)> {
        let mut history = match ledger {
            Some(store) => store.history(&plan.id).await?,
            None => History::default(),
        };
        see(&mut history, plan, rules, at);
        let schedule = Schedule::new(plan.clone(), rules.clone(), self.config.send_at, &history);
        Ok((schedule, Arc::new(history)))
    }

    /// Finds a deadline, and its occurrence if one is named, among all plans.
    fn deadline(&self, id: &str) -> Answer<(&Arc<Plan>, DeadlineIx, Option<chrono::NaiveDate>)> {
        let (name, occurrence) = split_occurrence(id)?;
        for plan in &self.project.plans {
            let Some(ix) = plan.deadline_by_id(name) else { continue };
            if let Some(date) = occurrence {
                check_occurrence(plan, ix, date)?;
            }
            return Ok((plan, ix, occurrence));
        }
        let known = self
            .project
            .plans
            .iter()
            .flat_map(|plan| plan.deadlines.iter().map(|deadline| &*deadline.id));
        let help = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
        Err(Trouble::usage(format!("deadline `{name}` is not in the plan"), help))
    }

    /// Finds a unit of a plan.
    fn unit(plan: &Plan, id: &str) -> Answer<UnitIx> {
        plan.unit_by_id(id).ok_or_else(|| {
            let help = nearest(id, plan.units.iter().map(|unit| &*unit.id));
            Trouble::usage(
                format!("unit `{id}` is not in the plan"),
                help.map(|near| format!("did you mean `{near}`?")),
            )
        })
    }
}

/// Splits `4e/meeting@2011-06-01` into the deadline's name and the occurrence's date.
fn split_occurrence(id: &str) -> Answer<(&str, Option<chrono::NaiveDate>)> {
    let Some((name, date)) = id.split_once('@') else { return Ok((id, None)) };
    let date = crate::plan::date::parse_date(date).map_err(|error| {
        let help = format!("an occurrence is written `{name}@2011-06-01`");
        Trouble::usage(format!("`{id}`: {error}"), Some(help))
    })?;
    Ok((name, Some(date)))
}

/// An occurrence must be one of a recurring deadline's.
fn check_occurrence(plan: &Plan, ix: DeadlineIx, date: chrono::NaiveDate) -> Answer<()> {
    let deadline = plan.deadline(ix);
    let dates = deadline.due.dates(chrono::NaiveDate::MAX);
    if !deadline.due.recurs() {
        return Err(Trouble::usage(
            format!("deadline `{}` does not recur", deadline.id),
            Some(format!("leave out `@{date}`")),
        ));
    }
    if dates.iter().any(|due| due.date == date) {
        return Ok(());
    }
    let near = dates.iter().min_by_key(|due| (due.date - date).num_days().abs());
    Err(Trouble::usage(
        format!("deadline `{}` is not due on {date}", deadline.id),
        near.map(|due| format!("did you mean `{}@{}`?", deadline.id, due.date)),
    ))
}

async fn forecast(context: &Context, stretch: &Stretch) -> Answer<Exit> {
    context.warn_of_faults();
    let zone = context.zone();
    let from = stretch.from.map_or_else(|| context.now(), |when| when.resolve(zone));
    let until = stretch.until.map_or_else(
        || from.checked_add_months(chrono::Months::new(12)).unwrap_or(from),
        |when| when.resolve(zone),
    );
    if until < from {
        let help = "what is looked at goes from --from to --until, and ends before it".to_owned();
        return Err(Trouble::usage("--until lies before --from".to_owned(), Some(help)));
    }
    let ledger = context.ledger().await?;
    let mut laid_out = Vec::new();
    for plan in &context.project.plans {
        laid_out.push(context.lay_out(plan, ledger.as_ref(), from).await?);
    }
    let faults = forecast::print(context.format, &laid_out, from, until)?;
    for fault in &faults {
        talk(&format!("warning: rule `{}` fails for {}: {}", fault.rule, fault.about, fault.fault));
    }
    Ok(Exit::Fine)
}

async fn status(context: &Context, at: Option<When>) -> Answer<Exit> {
    context.warn_of_faults();
    let at = at.map_or_else(|| context.now(), |when| when.resolve(context.zone()));
    let ledger = context.ledger().await?;
    let mut rows = Vec::new();
    for plan in &context.project.plans {
        let history = match &ledger {
            Some(store) => store.history(&plan.id).await?,
            None => History::default(),
        };
        rows.extend(status::rows(plan, &history, at));
    }
    arming::remind(&context.config, ledger.as_ref()).await?;
    if let Some(store) = &ledger {
        release::remind(context, store).await?;
        forgotten::remind(&context.config, &context.project.plans, store, at).await?;
        undelivered::remind(store).await?;
        unreachable::remind(&context.project.plans, store).await?;
    }
    output::print(context.format, rows.into_iter())?;
    Ok(Exit::Fine)
}

async fn show_log(context: &Context, wanted: &Log) -> Answer<Exit> {
    let deadline = wanted.deadline.as_deref().map(|id| context.deadline(id)).transpose()?;
    let asked = deadline.map(Asked::of);
    let from = wanted.from.map(|when| when.resolve(context.zone()));
    let until = wanted.until.map(|when| when.resolve(context.zone()));
    let Some(store) = context.ledger().await? else {
        talk("There is no ledger yet: the daemon has not run.");
        output::print(context.format, std::iter::empty::<LogRow>())?;
        return Ok(Exit::Fine);
    };
    let shown = |entry: &LogEntry| {
        let wanted_fate =
            wanted.all || context.format != Format::Table || matches!(entry.fate, Fate::Told(_));
        asked.as_ref().is_none_or(|asked| asked.is_told_by(entry))
            && wanted_fate
            && wanted.to.as_ref().is_none_or(|to| *entry.to == **to)
            && from.is_none_or(|from| entry.at >= from)
            && until.is_none_or(|until| entry.at < until)
    };
    let entries = store.log(None).await?;
    if let Some(unit) = &wanted.to {
        asked::check_unit(context, unit, &entries)?;
    }
    undelivered::tell(&store, &entries).await?;
    let rows = entries.iter().filter(|entry| shown(entry)).map(|entry| log_row(context, entry));
    output::print(context.format, rows)?;
    Ok(Exit::Fine)
}

fn log_row(context: &Context, entry: &LogEntry) -> LogRow {
    let plan = context.project.plans.iter().find(|plan| plan.id == entry.plan);
    let zone = plan.map_or_else(|| context.zone(), |plan| plan.zone);
    LogRow {
        plan: entry.plan.to_string(),
        deadline: entry.deadline.as_ref().map(ToString::to_string),
        measure: entry.measure.as_ref().map(ToString::to_string),
        due: entry.due.map(|due| due_text(zone, due)),
        rule: entry.rule.to_string(),
        kind: entry.kind.word(),
        to: (!entry.to.is_empty()).then(|| entry.to.to_string()),
        nominal: entry.nominal.to_string(),
        at: rfc3339(zone, entry.at),
        state: entry.fate.word(),
        reason: entry.reason.clone(),
        message_id: entry.message_id.clone(),
        attempts: entry.attempts,
        settled_at: entry.settled_at.map(|at| rfc3339(zone, at)),
        reply: entry.said.clone(),
    }
}
