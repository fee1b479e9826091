//! The files of a project, as they lie on the disk: read whole, or only looked at for a change.
//! What they mean is read in `project`; where they lie is in `config`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use chrono::NaiveTime;
use thiserror::Error;

use crate::fingerprint;
use crate::rules::{LONGEST, Source};

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

/// Everything that a project says, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// The plans, in the order of the configuration.
    pub plans: Vec<PlanFile>,
    /// The rules and what they import, by path.
    pub rules: Vec<Source>,
    /// The scenario tests of the rules, by path.
    pub tests: Vec<Source>,
}

/// The file of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFile {
    /// The file as people name it.
    pub file: String,
    /// What it holds; not always UTF-8.
    pub bytes: Vec<u8>,
}

impl Files {
    /// Reads all files at `place`.
    ///
    /// Rules are `*.rhai` in the rules folder. Those in a folder below are only there to be imported, those in `tests` are
    /// scenario tests; `*.d.rhai` are definitions for editors and no rules at all. Bytes of a rule that are no UTF-8 are replaced, so that the fault is told where it stands.
    ///
    /// # Errors
    /// If a file cannot be read; a rules folder that is not there has no rules.
    pub fn read(place: &Place) -> Result<Self, ProjectError> {
        let mut files = Self::default();
        for path in &place.plans {
            files.plans.push(PlanFile { file: shown(&place.folder, path), bytes: read(path)? });
        }
        let mut paths = Vec::new();
        if place.rules.exists() {
            collect(&place.rules, &mut paths, &mut BTreeSet::new())?;
        }
        paths.sort();
        for path in paths {
            let below = path.strip_prefix(&place.rules).unwrap_or(&path);
            files.add_rule(shown(&place.folder, &path), below, &read_rule(&path)?);
        }
        Ok(files)
    }

    /// Returns a fingerprint of all names and texts, and of the hour from which mails go out.
    pub fn hash(&self, send_at: NaiveTime) -> String {
        let send_at = send_at.to_string();
        let texts = self.texts().into_iter();
        let parts = texts.flat_map(|(name, text)| [name.as_bytes(), text]);
        fingerprint::of(parts.chain([send_at.as_bytes()]))
    }

    /// Returns the names of the files that are in only one of two projects, or are others, in order.
    pub fn changed_since(&self, before: &Self) -> Vec<String> {
        let (new, old) = (self.texts(), before.texts());
        let names: BTreeSet<&str> = new.keys().chain(old.keys()).copied().collect();
        let changed = names.into_iter().filter(|name| new.get(name) != old.get(name));
        changed.map(str::to_owned).collect()
    }

    /// Returns every text by its name.
    fn texts(&self) -> BTreeMap<&str, &[u8]> {
        let plans = self.plans.iter().map(|plan| (&*plan.file, &*plan.bytes));
        let sources = self.rules.iter().chain(&self.tests);
        plans.chain(sources.map(|source| (&*source.file, source.text.as_bytes()))).collect()
    }

    /// Adds a file of the rules folder, in which it lies at `below`; `file` is how people name it.
    pub fn add_rule(&mut self, file: String, below: &Path, bytes: &[u8]) {
        let source = Source {
            file,
            name: below.with_extension("").to_string_lossy().replace('\\', "/"),
            text: text_of(bytes),
            import_only: below.components().count() > 1,
        };
        let tests = if below.starts_with(TESTS) { &mut self.tests } else { &mut self.rules };
        tests.push(source);
    }
}

impl Place {
    /// Returns who owns a file, named as findings name it: the user's name if this machine knows it, else the number.
    pub fn owner_of(&self, file: &str) -> Option<String> {
        Some(user_name(fs::metadata(self.folder.join(file)).ok()?.uid()))
    }

    /// Returns what tells whether a file has changed: its name, length and time of change. Missing files count too.
    pub fn stamp(&self) -> Stamp {
        let mut paths = self.plans.clone();
        // A folder that cannot be read has no files; reading the project tells why.
        let _ = collect(&self.rules, &mut paths, &mut BTreeSet::new());
        paths.sort();
        let stamp = |path: PathBuf| {
            let metadata = fs::metadata(&path).ok();
            let length = metadata.as_ref().map_or(0, fs::Metadata::len);
            (path, length, metadata.and_then(|metadata| metadata.modified().ok()))
        };
        paths.into_iter().map(stamp).collect()
    }
}

/// What tells whether files have changed: name, length and time of change of each.
pub type Stamp = Vec<(PathBuf, u64, Option<std::time::SystemTime>)>;

/// Returns a user's name if this machine knows it, else the number.
pub fn user_name(user: u32) -> String {
    let user = user.to_string();
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == user).then(|| name.to_owned())
    });
    name.unwrap_or(user)
}

/// The folder of the scenario tests, below that of the rules.
const TESTS: &str = "tests";

/// How long a plan may be, in bytes: a hundred times what a hundred thousand deadlines take would be no plan.
const LONGEST_PLAN: u64 = 256 << 20;

/// Reads a plan.
fn read(path: &Path) -> Result<Vec<u8>, ProjectError> {
    let bytes = read_at_most(path, LONGEST_PLAN)?;
    if bytes.len() as u64 > LONGEST_PLAN {
        let source = io::Error::new(io::ErrorKind::InvalidInput, "it is longer than 256 MB");
        return Err(ProjectError { path: path.to_owned(), source });
    }
    Ok(bytes)
}

/// Reads a rule file, of one that is too long no more than tells that it is.
fn read_rule(path: &Path) -> Result<Vec<u8>, ProjectError> {
    read_at_most(path, LONGEST as u64)
}

/// Reads one byte more than `most` at most; from a pipe or a device, which may never end, nothing.
fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, ProjectError> {
    let trouble = |source| ProjectError { path: path.to_owned(), source };
    let data = fs::metadata(path).map_err(trouble)?;
    if !data.is_file() {
        return Err(trouble(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")));
    }
    let mut bytes =
        Vec::with_capacity(usize::try_from(data.len().min(most) + 1).unwrap_or_default());
    let file = fs::File::open(path).map_err(trouble)?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(trouble)?;
    Ok(bytes)
}

/// Finds the rule files in `folder` and below; a folder to which a link leads a second time is `known` by then.
fn collect(
    folder: &Path,
    paths: &mut Vec<PathBuf>,
    known: &mut BTreeSet<PathBuf>,
) -> Result<(), ProjectError> {
    let trouble = |source| ProjectError { path: folder.to_owned(), source };
    if !known.insert(folder.canonicalize().map_err(trouble)?) {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(&path, paths, known)?;
        } else if name.ends_with(".rhai") && !name.ends_with(".d.rhai") {
            paths.push(path);
        }
    }
    Ok(())
}

/// Reads bytes as text, a byte order mark left out.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
}

/// Names a file as the person in the project's folder would.
fn shown(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned()
}
