//! `frist test`: plays the scenarios beside the rules and tells which expectations were not met.
//! How a scenario is played and compared is in `trial`; what coverage counts is in `coverage`.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use chrono::NaiveTime;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use tokio::sync::Notify;

use super::{Answer, Context, coverage, place};
use crate::cli::args::Test;
use crate::cli::output::{self, FailureRow, Format, ScenarioRow};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, talk};
use crate::daemon::watch;
use crate::finding::visible;
use crate::project::{Files, Project};
use crate::report;
use crate::rules::scenario::{Scenario, Scenarios, load};
use crate::rules::{Rules, STACK, Trace};
use crate::trial::{self, Failure, Outcome, Stage};

/// A project's scenarios and how they ended.
pub(super) struct Played {
    /// The scenarios, and those that cannot be read.
    pub(super) scenarios: Scenarios,
    /// How each of them ended.
    pub(super) outcomes: Vec<Outcome>,
}

impl Played {
    fn passed(&self) -> bool {
        self.scenarios.findings.is_empty()
            && self.outcomes.iter().all(|outcome| outcome.failures.is_empty())
    }
}

/// Plays the scenarios of a project whose name holds `wanted`, or all.
///
/// By the very rules of the daemon; those that fail are played once more by traced ones, which can say why a condition was
/// false.
pub(super) fn play(project: &Project, send_at: NaiveTime, wanted: Option<&str>) -> Played {
    let mut played = play_by(project, send_at, &project.rules, None, wanted);
    if played.outcomes.iter().any(|outcome| !outcome.failures.is_empty()) {
        let (rules, trace) = project.traced_rules();
        let stage = stage(project, send_at, &rules, Some(&trace));
        for (scenario, outcome) in played.scenarios.list.iter().zip(&mut played.outcomes) {
            if !outcome.failures.is_empty() {
                *outcome = trial::play(scenario, &stage);
            }
        }
    }
    played
}

/// Plays all scenarios by traced rules, and returns what the parts of their conditions were.
pub(super) fn play_traced(project: &Project, send_at: NaiveTime) -> (Played, Arc<Trace>) {
    let (rules, trace) = project.traced_rules();
    (play_by(project, send_at, &rules, Some(&trace), None), trace)
}

fn play_by(
    project: &Project,
    send_at: NaiveTime,
    rules: &Arc<Rules>,
    trace: Option<&Trace>,
    wanted: Option<&str>,
) -> Played {
    let stage = stage(project, send_at, rules, trace);
    let mut scenarios = load(&project.files.tests);
    if let Some(wanted) = wanted {
        scenarios.list.retain(|scenario| scenario.name.contains(wanted));
    }
    let outcomes = side_by_side(&scenarios.list, &stage);
    Played { scenarios, outcomes }
}

/// Plays scenarios on all cores; the outcomes are in their order.
fn side_by_side(scenarios: &[Scenario], stage: &Stage) -> Vec<Outcome> {
    let play = |scenarios: &[Scenario]| -> Vec<Outcome> {
        scenarios.iter().map(|scenario| trial::play(scenario, stage)).collect()
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let portion = scenarios.len().div_ceil(cores).max(1);
    thread::scope(|scope| {
        let portions = scenarios.chunks(portion).map(|portion| {
            let player = thread::Builder::new().stack_size(STACK);
            // Without a thread to spare, this one has to do.
            player.spawn_scoped(scope, || play(portion)).map_err(|_| portion)
        });
        let started: Vec<_> = portions.collect();
        let ended = started.into_iter().map(|player| match player {
            Ok(player) => player.join().expect("playing does not panic"),
            Err(portion) => play(portion),
        });
        ended.collect::<Vec<_>>().into_iter().flatten().collect()
    })
}

fn stage<'a>(
    project: &'a Project,
    send_at: NaiveTime,
    rules: &'a Arc<Rules>,
    trace: Option<&'a Trace>,
) -> Stage<'a> {
    let plans = project.plans_with_files().into_iter().map(|(plan, _, text)| (plan, text));
    Stage { plans: plans.collect(), rules, trace, send_at }
}

/// Plays the scenarios as the flags say.
pub(super) async fn test(mut context: Context, test: Test) -> Answer<Exit> {
    if !test.watch {
        return once(&context, &test);
    }
    let files = place(&context.config);
    let folders: Vec<_> = files.plans.iter().cloned().chain([files.rules.clone()]).collect();
    let edited = Arc::new(Notify::new());
    let _watcher = watch::watch(&folders, edited.clone());
    loop {
        once(&context, &test)?;
        talk("Waiting for an edit; Ctrl-C ends.");
        let before = files.stamp();
        while files.stamp() == before {
            edited.notified().await;
            // An editor writes in several steps; wait until it is done.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        match Files::read(&files) {
            Ok(read) => context.project = Project::of(read),
            Err(error) => talk(&format!("error: {error}")),
        }
    }
}

fn once(context: &Context, test: &Test) -> Answer<Exit> {
    context.warn_of_faults();
    if test.coverage {
        return coverage::tell(context);
    }
    let played = play(&context.project, context.config.send_at, test.name.as_deref());
    if test.record {
        return record(context, &played);
    }
    if let Some(file) = &test.junit {
        write_junit(file, &played)?;
    }
    if context.format == Format::Table {
        print_for_people(context, &played)?;
    } else {
        output::print(context.format, rows(&played).into_iter())?;
    }
    Ok(if played.passed() { Exit::Fine } else { Exit::Faulty })
}

fn rows(played: &Played) -> Vec<ScenarioRow> {
    let unread = played.scenarios.findings.iter().map(|finding| ScenarioRow {
        name: None,
        file: finding.file.to_string(),
        line: finding.line,
        passed: false,
        failures: vec![FailureRow {
            file: finding.file.to_string(),
            line: finding.line,
            column: finding.column,
            message: finding.message.clone(),
            why: finding.help.clone(),
            timeline: Vec::new(),
        }],
    });
    let ended = played.outcomes.iter().map(|outcome| ScenarioRow {
        name: Some(outcome.name.clone()),
        file: outcome.place.file.to_string(),
        line: outcome.place.line,
        passed: outcome.failures.is_empty(),
        failures: outcome
            .failures
            .iter()
            .map(|failure| FailureRow {
                file: failure.place.file.to_string(),
                line: failure.place.line,
                column: failure.place.column,
                message: failure.message.clone(),
                why: failure.why.clone(),
                timeline: failure.timeline.clone(),
            })
            .collect(),
    });
    unread.chain(ended).collect()
}

/// Tells, for the owner of a plan, which scenarios fail; an error if any does.
pub(super) fn gate(project: &Project, send_at: NaiveTime) -> Result<(), String> {
    let mut played = play(project, send_at, None);
    if played.passed() {
        return Ok(());
    }
    let summary = summary(&played);
    played.outcomes.retain(|outcome| !outcome.failures.is_empty());
    Err(format!("{summary}\n\n{}", told(project, &played, false)))
}

/// Tells file by file how each scenario ended.
fn told(project: &Project, played: &Played, colour: bool) -> String {
    let text = |file: &str| project.texts.get(file).cloned();
    let findings = report::render(&played.scenarios.findings, text, colour);
    let mut told = String::new();
    let mut file = "";
    // Writing to a string does not fail.
    for outcome in &played.outcomes {
        if *outcome.place.file != *file {
            file = &outcome.place.file;
            let _ = writeln!(told, "{file}");
        }
        if outcome.failures.is_empty() {
            let _ = writeln!(told, "  ok      {}", outcome.name);
            continue;
        }
        let _ = writeln!(told, "  FAILED  {}", outcome.name);
        for failure in &outcome.failures {
            tell(&mut told, failure);
        }
        told.push('\n');
    }
    format!("{findings}{}", visible(&told))
}

fn tell(told: &mut String, failure: &Failure) {
    let place = &failure.place;
    let _ =
        writeln!(told, "\n    {}:{}:{}: {}", place.file, place.line, place.column, failure.message);
    for line in failure.why.iter().flat_map(|why| why.lines()) {
        let _ = writeln!(told, "      {line}");
    }
    if !failure.timeline.is_empty() {
        told.push('\n');
    }
    for line in &failure.timeline {
        let _ = writeln!(told, "    {line}");
    }
}

/// Counts scenarios: "3 scenarios: 2 passed, 1 failed".
fn summary(played: &Played) -> String {
    let all = played.outcomes.len();
    let failed = played.outcomes.iter().filter(|outcome| !outcome.failures.is_empty()).count();
    let scenarios = if all == 1 { "scenario" } else { "scenarios" };
    let unread = match played.scenarios.findings.len() {
        0 => String::new(),
        unread => format!(", {unread} cannot be read"),
    };
    format!("{all} {scenarios}: {} passed, {failed} failed{unread}", all - failed)
}

fn print_for_people(context: &Context, played: &Played) -> Answer<()> {
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    writeln!(out, "{}{}", told(&context.project, played, true), summary(played))?;
    if played.outcomes.is_empty() && played.scenarios.findings.is_empty() {
        talk(
            "There are no scenarios yet: write some into rules/tests/*.rhai, or let `frist init` show some.",
        );
    }
    Ok(())
}

/// Writes what happens now into the scenario files as what is expected.
fn record(context: &Context, played: &Played) -> Answer<Exit> {
    for source in &context.project.files.tests {
        let of_file: Vec<(&Scenario, &Outcome)> = played
            .scenarios
            .list
            .iter()
            .zip(&played.outcomes)
            .filter(|(scenario, _)| *scenario.place.file == *source.file)
            .collect();
        let (text, rewritten) = trial::record(&source.text, &of_file);
        if rewritten == 0 {
            continue;
        }
        let path = context.config.folder.join(&source.file);
        fs::write(&path, text).map_err(|error| Trouble::unwritable(&path, error))?;
        let scenarios = if rewritten == 1 { "scenario" } else { "scenarios" };
        talk(&format!(
            "{}: {rewritten} {scenarios} rewritten; read what is expected now before you keep it",
            source.file
        ));
    }
    Ok(Exit::Fine)
}

/// Writes the results for other programs in the usual form, that of `JUnit`.
fn write_junit(path: &Path, played: &Played) -> Answer<()> {
    let mut suites: Vec<TestSuite> = Vec::new();
    for row in rows(played) {
        let mut status = TestCaseStatus::success();
        if let Some(first) = row.failures.first() {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(first.message.clone());
            let told = row.failures.iter().map(|failure| {
                let place = format!("{}:{}:{}", failure.file, failure.line, failure.column);
                let why = failure.why.as_deref().unwrap_or_default();
                format!("{place}: {}\n{why}\n{}", failure.message, failure.timeline.join("\n"))
            });
            status.set_description(told.collect::<Vec<_>>().join("\n\n"));
        }
        let name = row.name.unwrap_or_else(|| format!("line {}", row.line));
        let mut case = TestCase::new(name, status);
        case.set_classname(row.file.clone());
        let place = suites.iter().position(|suite| *suite.name == *row.file);
        let place = place.unwrap_or_else(|| {
            suites.push(TestSuite::new(row.file));
            suites.len() - 1
        });
        suites[place].add_test_case(case);
    }
    let mut report = Report::new("frist");
    report.add_test_suites(suites);
    let text = report.to_string().unwrap_or_default();
    fs::write(path, text).map_err(|error| Trouble::unwritable(path, error))
}
