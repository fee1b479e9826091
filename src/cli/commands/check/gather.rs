//! All findings about a project, in the order in which one reads its files: plans, rules, configuration.
//! Who finds them: `plan::json`, `rules`, `config`, `mail` (templates) and `advice`.

use std::collections::BTreeMap;

use super::super::super::trouble::{Trouble, config_findings};
use super::super::super::{Arguments, args};
use super::super::{Answer, place};
use crate::advice::{Options, Subject, advise};
use crate::config::{self, Config, ConfigErrors, Flag};
use crate::finding::{Finding, Severity, word_at};
use crate::mail::check_template;
use crate::project::Project;
use crate::rules::Text;

/// What was found, and the text of each file that it is about.
pub(super) struct Gathered {
    pub(super) findings: Vec<Finding>,
    pub(super) texts: BTreeMap<String, String>,
}

/// Reads the project and gathers everything that is wrong or doubtful in it.
pub(super) fn gather(arguments: &Arguments, wanted: &args::Check) -> Answer<Gathered> {
    let config = match configuration(arguments, wanted) {
        Ok(config) => config,
        Err(ConfigErrors::Faulty(faults)) => {
            let findings = config_findings(&faults);
            let texts = [(faults.path.display().to_string(), faults.text)].into();
            return Ok(Gathered { findings, texts });
        }
        Err(unreadable) => return Err(Trouble::Config(unreadable)),
    };
    let project = Project::read(&place(&config))?;
    let mut findings = project.findings.clone();
    templates(&project, &mut findings);
    let subjects = subjects(&config, &project);
    let options = Options { send_at: config.send_at, mails_a_month: config.check.mails_a_month };
    findings.extend(advise(&subjects, &project.rules, &project.texts, options));
    let plans: Vec<String> = config.plans.iter().map(|plan| shown(&config, plan)).collect();
    // Plans first, as configured; then rules, by name.
    let of_file = |finding: &Finding| {
        let plan = plans.iter().position(|plan| **plan == *finding.file);
        (plan.unwrap_or(usize::MAX), finding.file.clone(), finding.line, finding.column)
    };
    findings.sort_by_cached_key(of_file);
    told_once(&mut findings);
    Ok(Gathered { findings, texts: project.texts })
}

/// Reads the configuration, under the flags of the command line.
pub(super) fn configuration(
    arguments: &Arguments,
    wanted: &args::Check,
) -> Result<Config, ConfigErrors> {
    let at_most = wanted.at_most.map(|most| Flag {
        key: "check.mails_a_month",
        name: "--at-most",
        value: most.to_string(),
    });
    config::load_with(
        &arguments.dir,
        arguments.config.as_deref(),
        &config::environment(),
        at_most.as_slice(),
    )
}

/// Returns the plans that can be served, with their files.
pub(super) fn subjects<'p>(config: &Config, project: &'p Project) -> Vec<Subject<'p>> {
    let faulty = |file: &str| {
        let mut errors = project.findings.iter().filter(|it| it.severity == Severity::Error);
        errors.any(|finding| *finding.file == *file)
    };
    let files = config.plans.iter().map(|plan| shown(config, plan)).filter(|file| !faulty(file));
    let files = files.filter_map(|file| project.texts.get_key_value(&file));
    let subject =
        |(plan, (file, text)): (&'p _, (&'p String, &'p String))| Subject { plan, file, text };
    project.plans.iter().zip(files).map(subject).collect()
}

/// Names a file as the person in the project's folder would.
fn shown(config: &Config, path: &std::path::Path) -> String {
    path.strip_prefix(&config.folder).unwrap_or(path).to_string_lossy().into_owned()
}

/// Of what several plans show at one place of a rule, the first is enough.
fn told_once(findings: &mut Vec<Finding>) {
    let mut last: Option<(std::sync::Arc<str>, usize, usize)> = None;
    findings.retain(|finding| {
        if finding.code != "rule_fails" {
            return true;
        }
        let place = Some((finding.file.clone(), finding.line, finding.column));
        let is_new = last != place;
        last = place;
        is_new
    });
}

/// Tries the subject and text templates of the rules on a made-up deadline.
fn templates(project: &Project, findings: &mut Vec<Finding>) {
    for rule in &project.rules.list {
        for Text { template, line } in [&rule.subject, &rule.text].into_iter().flatten() {
            if let Err(fault) = check_template(template) {
                let text = project.texts.get(&*rule.file).map_or("", String::as_str);
                let start = word_at(text, *line, 1).start;
                let length = text[start..].lines().next().map_or(0, str::len);
                findings.push(Finding {
                    severity: Severity::Error,
                    code: "template",
                    file: rule.file.to_string().into(),
                    span: start..start + length,
                    line: *line,
                    column: 1,
                    message: format!("rule `{}`: {fault}", rule.name),
                    help: None,
                });
            }
        }
    }
}
