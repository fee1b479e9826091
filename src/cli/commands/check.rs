//! `frist check`: everything that is wrong or doubtful in plan, rules and configuration.
//! What is found comes from `plan::json`, `rules` and `config`; how it is printed for people from `report`.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};

use super::super::output::{self, FindingRow, Format};
use super::super::trouble::{Trouble, config_findings};
use super::super::{Arguments, Exit, talk};
use super::{Answer, place};
use crate::config::{self, ConfigErrors};
use crate::finding::{Finding, Severity};
use crate::project::Project;
use crate::report;

/// Checks a project, and answers "faulty" if anything is an error.
pub(super) fn check(arguments: &Arguments) -> Answer<Exit> {
    let mut texts = BTreeMap::new();
    let findings =
        match config::load(&arguments.dir, arguments.config.as_deref(), &config::environment()) {
            Ok(config) => {
                let mut project = Project::read(&place(&config))?;
                texts.append(&mut project.texts);
                project.findings
            }
            Err(ConfigErrors::Faulty(faults)) => {
                let findings = config_findings(&faults);
                texts.insert(faults.path.display().to_string(), faults.text);
                findings
            }
            Err(unreadable) => return Err(Trouble::Config(unreadable)),
        };
    let faulty = findings.iter().any(|finding| finding.severity == Severity::Error);
    if arguments.format == Format::Table {
        let colour = io::stdout().is_terminal();
        let report = report::render(&findings, |file| texts.get(file).cloned(), colour);
        anstream::stdout().write_all(report.as_bytes())?;
        if findings.is_empty() {
            talk("Everything is fine.");
        }
    } else {
        output::print(arguments.format, findings.into_iter().map(row))?;
    }
    Ok(if faulty { Exit::Faulty } else { Exit::Fine })
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
