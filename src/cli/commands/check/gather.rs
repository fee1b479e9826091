//! All findings about a project, in the order in which one reads its files: plans, rules, configuration.
//! Who finds them: `plan::json`, `rules`, `config`, `mail` (templates), `advice`, and the ledger (`unreachable`).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::trouble::{Trouble, config_findings};
use super::super::super::{Arguments, args};
use super::super::beside::beside;
use super::super::{Answer, place, unreachable};
use super::exposed::exposed;
use crate::advice::{Options, Subject, advise};
use crate::config::{self, Config, ConfigErrors, Flag, without_passwords};
use crate::finding::Finding;
use crate::plan::Plan;
use crate::project::Project;
use crate::rules::scenario;

/// What was found, and the text of each file that it is about.
pub(super) struct Gathered {
    pub(super) findings: Vec<Finding>,
    pub(super) texts: BTreeMap<String, String>,
    /// The configuration and the plans, if both could be read.
    pub(super) plans: Option<(Config, Vec<Arc<Plan>>)>,
}

/// Reads the project and gathers everything that is wrong or doubtful in it.
pub(super) fn gather(arguments: &Arguments, wanted: &args::Check) -> Answer<Gathered> {
    let config = match configuration(arguments, wanted) {
        Ok(config) => config,
        Err(ConfigErrors::Faulty(faults)) => {
            let findings = config_findings(&faults);
            let text = without_passwords(&faults.text);
            let texts = [(faults.path.display().to_string(), text)].into();
            return Ok(Gathered { findings, texts, plans: None });
        }
        Err(unreadable) => return Err(Trouble::Config(unreadable)),
    };
    let project = Project::read(&place(&config))?;
    let mut findings = project.findings.clone();
    findings.extend(scenario::load(&project.files.tests).findings);
    let subjects = subjects(&project);
    let options = Options { send_at: config.send_at, mails_a_month: config.check.mails_a_month };
    findings.extend(advise(&subjects, &project.rules, &project.texts, options));
    let refused = beside(&config, async |ledger| match ledger {
        Some(store) => unreachable::findings(&subjects, store).await,
        None => Ok(Vec::new()),
    })?;
    findings.extend(refused.into_iter().flatten());
    let plans: Vec<String> = config.plans.iter().map(|plan| shown(&config, plan)).collect();
    // Plans first, as configured; then rules, by name.
    let of_file = |finding: &Finding| {
        let plan = plans.iter().position(|plan| **plan == *finding.file);
        (plan.unwrap_or(usize::MAX), finding.file.clone(), finding.line, finding.column)
    };
    findings.sort_by_cached_key(of_file);
    told_once(&mut findings);
    findings.extend(exposed(&config));
    Ok(Gathered { findings, texts: project.texts, plans: Some((config, project.plans)) })
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
fn subjects(project: &Project) -> Vec<Subject<'_>> {
    let subject = |(plan, file, text)| Subject { plan, file, text };
    project.plans_with_files().into_iter().map(subject).collect()
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
