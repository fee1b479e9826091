//! A project: plans and rules read from their files, with everything that is wrong with them.
//! Where the files lie is in `config`; what they mean in `plan` and `rules`; how findings are printed in `report`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use crate::finding::{Finding, Severity};
use crate::plan::{Plan, json};
use crate::rules::{self, Rules, Source};

/// A file of the project that cannot be read.
#[derive(Debug, Error)]
#[error("{}: cannot be read: {source}", path.display())]
pub struct ProjectError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// Where a project's files lie.
#[derive(Debug, Clone)]
pub struct Place {
    /// The project's folder; findings name files below it.
    pub folder: PathBuf,
    /// The plans' files.
    pub plans: Vec<PathBuf>,
    /// The folder of the rule files.
    pub rules: PathBuf,
}

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
}

impl Project {
    /// Reads everything at `place`, and tries every closure of the rules on the plans.
    ///
    /// # Errors
    /// If a file cannot be read. What is wrong in a file is among the findings.
    pub fn read(place: &Place) -> Result<Self, ProjectError> {
        let mut project = Self {
            plans: Vec::new(),
            rules: Arc::default(),
            findings: Vec::new(),
            texts: BTreeMap::new(),
        };
        for path in &place.plans {
            let bytes =
                fs::read(path).map_err(|source| ProjectError { path: path.clone(), source })?;
            let name = shown(&place.folder, path);
            let reading = json::read_bytes(&bytes, &name);
            project.texts.insert(name, text_of(&bytes));
            project.findings.extend(reading.findings);
            project.plans.extend(reading.plan.map(Arc::new));
        }
        let sources = read_rules(&place.folder, &place.rules)?;
        let units = project
            .plans
            .iter()
            .flat_map(|plan| plan.units.iter().map(|unit| unit.id.clone()))
            .collect();
        let loaded = rules::load(&sources, &Arc::new(units));
        project.findings.extend(loaded.findings);
        project.rules = Arc::new(loaded.rules);
        project.texts.extend(sources.into_iter().map(|source| (source.file, source.text)));
        project.probe();
        Ok(project)
    }

    /// Tells whether anything is wrong, so that not all of it can be put in force.
    pub fn is_faulty(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Returns what is wrong, a line each, as it is told to a plan's owner; `None` if nothing is.
    pub fn faults(&self) -> Option<String> {
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error);
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

    /// Finds what a rule would stumble over on one of the plan's deadlines.
    fn probe(&mut self) {
        let faults: Vec<_> =
            self.plans.iter().flat_map(|plan| rules::probe(&self.rules, plan)).collect();
        for fault in faults {
            let text = self.texts.get(&*fault.file).map_or("", String::as_str);
            let finding = rules::finding(&fault, text);
            if !self.findings.contains(&finding) {
                self.findings.push(finding);
            }
        }
    }
}

impl Place {
    /// Returns what tells whether a file has changed: its name, length and time of change. Missing files count too.
    pub fn stamp(&self) -> Vec<(PathBuf, u64, Option<std::time::SystemTime>)> {
        let mut paths = self.plans.clone();
        // A folder that cannot be read has no files; reading the project tells why.
        let _ = collect(&self.rules, &mut paths);
        paths.sort();
        let stamp = |path: PathBuf| {
            let metadata = fs::metadata(&path).ok();
            let length = metadata.as_ref().map_or(0, fs::Metadata::len);
            (path, length, metadata.and_then(|metadata| metadata.modified().ok()))
        };
        paths.into_iter().map(stamp).collect()
    }
}

/// Reads all rule files, `*.rhai` in `rules` and the folders below it, ordered by path.
///
/// Files in a folder below are only there to be imported, those in `tests` are no rules at all. Bytes that are no UTF-8
/// are replaced, so that the fault is told where it stands.
///
/// # Errors
/// If the folder or a file cannot be read; a folder that is not there has no rules.
fn read_rules(folder: &Path, rules: &Path) -> Result<Vec<Source>, ProjectError> {
    let mut paths = Vec::new();
    if rules.exists() {
        collect(rules, &mut paths)?;
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let bytes =
                fs::read(&path).map_err(|source| ProjectError { path: path.clone(), source })?;
            let below = path.strip_prefix(rules).unwrap_or(&path);
            let name = below.with_extension("").to_string_lossy().replace('\\', "/");
            let import_only = below.components().count() > 1;
            Ok(Source { file: shown(folder, &path), name, text: text_of(&bytes), import_only })
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), ProjectError> {
    let trouble = |source| ProjectError { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests") {
                collect(&path, paths)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rhai") {
            paths.push(path);
        }
    }
    Ok(())
}

fn text_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
}

/// Names a file as the person in the project's folder would.
fn shown(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned()
}
