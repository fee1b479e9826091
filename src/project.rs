//! A project: what its files mean, plans and rules, with everything that is wrong with them.
//! Reading the files from the disk is in `files`; their meaning in `plan` and `rules`; how findings are printed in `report`.

mod files;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::finding::{Finding, Severity};
use crate::mail::check_template;
use crate::plan::{Id, Plan, json};
use crate::rules::{self, Rules, Text, Trace};

pub use files::{Files, Place, PlanFile, ProjectError, Stamp, user_name};

/// The code of a template that cannot be filled in.
const FAULTY_TEMPLATE: &str = "template";

/// Plans and rules as they were read.
#[derive(Debug)]
pub struct Project {
    /// The plans that can be served, in the order of the configuration.
    pub plans: Vec<Arc<Plan>>,
    /// The rules that can be served.
    pub rules: Arc<Rules>,
    /// Everything that is wrong, doubtful or worth a look.
    pub findings: Vec<Finding>,
    /// The text of each file that was read, by its name in the findings.
    pub texts: BTreeMap<String, String>,
    /// The files that all this was read from.
    pub files: Files,
    /// The file of each plan, by the place in [`Files::plans`].
    plan_files: Vec<usize>,
}

impl Project {
    /// Reads everything at `place`, and tries every closure of the rules on the plans.
    ///
    /// # Errors
    /// If a file cannot be read. What is wrong in a file is among the findings.
    pub fn read(place: &Place) -> Result<Self, ProjectError> {
        Ok(Self::of(Files::read(place)?))
    }

    /// Makes sense of files, wherever they were kept.
    pub fn of(files: Files) -> Self {
        let mut project = Self {
            plans: Vec::new(),
            rules: Arc::default(),
            findings: Vec::new(),
            texts: BTreeMap::new(),
            files,
            plan_files: Vec::new(),
        };
        for (place, PlanFile { file, bytes }) in project.files.plans.iter().enumerate() {
            let reading = json::read_bytes(bytes, file);
            project.texts.insert(file.clone(), files::text_of(bytes));
            project.findings.extend(reading.findings);
            if let Some(plan) = reading.plan {
                project.plans.push(Arc::new(plan));
                project.plan_files.push(place);
            }
        }
        let loaded = rules::load(&project.files.rules, &project.units());
        project.findings.extend(loaded.findings);
        project.rules = Arc::new(loaded.rules);
        let sources = project.files.rules.iter().chain(&project.files.tests);
        project.texts.extend(sources.map(|source| (source.file.clone(), source.text.clone())));
        project.probe();
        project.try_templates();
        project
    }

    /// Returns the plans, each with the name and the text of its file.
    pub fn plans_with_files(&self) -> Vec<(&Arc<Plan>, &str, &str)> {
        let file = |place: &usize| &*self.files.plans[*place].file;
        let files = self.plan_files.iter().map(file);
        self.plans.iter().zip(files).map(|(plan, file)| (plan, file, &*self.texts[file])).collect()
    }

    /// Reads the rules once more, so that each part of their conditions is noted.
    pub fn traced_rules(&self) -> (Arc<Rules>, Arc<Trace>) {
        let trace = Arc::default();
        let loaded = rules::load_traced(&self.files.rules, &self.units(), &trace);
        (Arc::new(loaded.rules), trace)
    }

    /// Returns the ids that rules may name.
    fn units(&self) -> Arc<BTreeSet<Id>> {
        let units =
            self.plans.iter().flat_map(|plan| plan.units.iter().map(|unit| unit.id.clone()));
        Arc::new(units.collect())
    }

    /// Tells whether anything is wrong, so that not all of it can be put in force.
    pub fn is_faulty(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Returns what is wrong, a line each, as it is told to a plan's owner; `None` if nothing is.
    ///
    /// A faulty template stops no rule: its owner hears of it when a mail is written in other words.
    pub fn faults(&self) -> Option<String> {
        let stops = |finding: &&Finding| {
            finding.severity == Severity::Error && finding.code != FAULTY_TEMPLATE
        };
        let errors = self.findings.iter().filter(stops);
        let lines: Vec<String> = errors
            .map(|finding| {
                let help =
                    finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
                format!(
                    "{}:{}:{}: {}{help}",
                    finding.file, finding.line, finding.column, finding.message
                )
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Finds what a rule would stumble over on one of the plan's deadlines, and leaves out what would never end.
    fn probe(&mut self) {
        let faults: Vec<_> =
            self.plans.iter().flat_map(|plan| rules::probe(&self.rules, plan)).collect();
        for fault in faults {
            let text = self.texts.get(&*fault.file).map_or("", String::as_str);
            let finding = rules::finding(&fault, text);
            if !self.findings.contains(&finding) {
                self.findings.push(finding);
            }
            if fault.exhausted {
                let rules = Arc::get_mut(&mut self.rules);
                rules.expect("nobody else has the rules yet").leave_out(&fault);
            }
        }
    }

    /// Tries the subject and text templates of the rules on a made-up deadline.
    fn try_templates(&mut self) {
        for rule in &self.rules.list {
            for Text { template, line } in [&rule.subject, &rule.text].into_iter().flatten() {
                let Err(fault) = check_template(template) else { continue };
                let source = self.texts.get(&*rule.file).map_or("", String::as_str);
                self.findings.push(Finding {
                    severity: Severity::Error,
                    code: FAULTY_TEMPLATE,
                    file: rule.file.to_string().into(),
                    span: line_span(source, *line),
                    line: *line,
                    column: 1,
                    message: format!("rule `{}`: {fault}", rule.name),
                    help: None,
                });
            }
        }
    }
}

fn line_span(text: &str, line: usize) -> std::ops::Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text[start..].lines().next().map_or(0, str::len);
    start..start + length
}
