//! `frist check`: everything that is wrong or doubtful in plan, rules and configuration.
//! What is found comes from `plan::json`, `rules`, `config` and `advice`; how it is printed for people from `report`.

mod adopt;
mod codes;
mod exposed;
mod gather;
mod github;
mod sarif;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use chrono_tz::Tz;

use super::super::args::Check;
use super::super::output::{self, FindingRow, Format};
use super::super::trouble::Trouble;
use super::super::{Arguments, Exit, talk};
use super::beside::beside;
use super::{Answer, Context, arming, forgotten, place, release};
use crate::clock::Clock;
use crate::config;
use crate::finding::{Finding, Severity};
use crate::project::Project;
use crate::report;
use gather::{Gathered, gather};

/// Checks a project, and answers "faulty" if anything is an error.
pub(super) fn check(arguments: &Arguments, wanted: &Check) -> Answer<Exit> {
    if arguments.format.is_for_findings()
        && (wanted.explain.is_some() || wanted.adopt || wanted.coverage)
    {
        let message = "findings have the formats `sarif` and `github`, and nothing else".to_owned();
        return Err(Trouble::usage(message, Some("write table, json, jsonl or csv".to_owned())));
    }
    if let Some(code) = &wanted.explain {
        codes::explain(code, arguments.format)?;
        return Ok(Exit::Fine);
    }
    if wanted.adopt {
        return adopt::adopt(arguments, wanted);
    }
    if wanted.coverage {
        return coverage(arguments);
    }
    let Gathered { findings, texts, plans } = gather(arguments, wanted)?;
    let faulty = findings.iter().any(|finding| finding.severity == Severity::Error);
    match arguments.format {
        Format::Table => {
            let colour = io::stdout().is_terminal();
            let report = report::render(&findings, |file| texts.get(file).cloned(), colour);
            anstream::stdout().write_all(report.as_bytes())?;
            talk(if findings.is_empty() {
                "Everything is fine."
            } else {
                "`frist check --explain CODE` tells more about the codes in brackets."
            });
        }
        Format::Sarif => sarif::print(&arguments.dir, &findings, &texts)?,
        Format::Github => github::print(&arguments.dir, &findings)?,
        Format::Json | Format::Jsonl | Format::Csv => {
            output::print(arguments.format, findings.into_iter().map(row))?;
        }
    }
    if let Some((config, plans)) = plans {
        release::warn_of_low_limits(&config, &plans);
        beside(&config, async |ledger| {
            if let Some(store) = ledger {
                let zone = plans.first().map_or(Tz::UTC, |plan| plan.zone);
                let now = arguments.now.map(|when| when.resolve(zone));
                let now = now.unwrap_or_else(|| Clock::System.now());
                forgotten::remind(&config, &plans, store, now).await?;
            }
            arming::remind(&config, ledger).await
        })?;
    }
    Ok(if faulty { Exit::Faulty } else { Exit::Fine })
}

/// Tells how much of the rules the scenarios and the plan come to.
fn coverage(arguments: &Arguments) -> Answer<Exit> {
    let config = config::load(&arguments.dir, arguments.config.as_deref(), &config::environment())?;
    let project = Project::read(&place(&config))?;
    let context = Context { config, project, format: arguments.format, now: arguments.now };
    context.warn_of_faults();
    super::coverage::tell(&context)
}

fn row(finding: Finding) -> FindingRow {
    FindingRow {
        severity: finding.severity.word(),
        code: finding.code.to_owned(),
        file: Some(finding.file.to_string()),
        line: Some(finding.line),
        column: Some(finding.column),
        message: finding.message,
        help: finding.help,
    }
}

/// Names a file of the project from where the program was started.
fn from_here(folder: &Path, file: &str) -> String {
    // The configuration is named so already; variables and flags are in no folder.
    if folder == Path::new(".")
        || Path::new(file).starts_with(folder)
        || file.starts_with(['$', '-'])
    {
        file.to_owned()
    } else {
        folder.join(file).to_string_lossy().replace('\\', "/")
    }
}
