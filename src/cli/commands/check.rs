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
use crate::mail::check_template;
use crate::project::Project;
use crate::report;
use crate::rules::Text;

/// Checks a project, and answers "faulty" if anything is an error.
pub(super) fn check(arguments: &Arguments) -> Answer<Exit> {
    let mut texts = BTreeMap::new();
    let findings =
        match config::load(&arguments.dir, arguments.config.as_deref(), &config::environment()) {
            Ok(config) => {
                let mut project = Project::read(&place(&config))?;
                check_templates(&mut project);
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

/// Tries the subject and text templates of the rules on a made-up deadline.
fn check_templates(project: &mut Project) {
    let mut found = Vec::new();
    for rule in &project.rules.list {
        for text in [&rule.subject, &rule.text].into_iter().flatten() {
            let Text { template, line } = text;
            if let Err(fault) = check_template(template) {
                found.push(Finding {
                    severity: Severity::Error,
                    code: "template",
                    file: rule.file.to_string().into(),
                    span: line_span(
                        project.texts.get(&*rule.file).map_or("", String::as_str),
                        *line,
                    ),
                    line: *line,
                    column: 1,
                    message: format!("rule `{}`: {fault}", rule.name),
                    help: None,
                });
            }
        }
    }
    project.findings.append(&mut found);
}

fn line_span(text: &str, line: usize) -> std::ops::Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text[start..].lines().next().map_or(0, str::len);
    start..start + length
}
