//! A project's files: plans and rules as they lie in the folder.
//! Where they lie is in `config`; what they mean in `plan` and `rules`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::rules::Source;

/// A file of the project that cannot be read.
#[derive(Debug, Error)]
#[error("{}: cannot be read: {source}", path.display())]
pub struct ProjectError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// A file with its content as it lies on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The file's path below the project's folder, as people name it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Reads a plan's file.
///
/// # Errors
/// If it cannot be read.
pub fn read_plan(folder: &Path, path: &Path) -> Result<File, ProjectError> {
    let bytes = fs::read(path).map_err(|source| ProjectError { path: path.to_owned(), source })?;
    Ok(File { name: shown(folder, path), bytes })
}

/// Reads all rule files, `*.rhai` in `rules` and the folders below it, ordered by path.
///
/// Files in a folder below are only there to be imported, those in `tests` are no rules at all. Bytes that are no UTF-8
/// are replaced, so that the fault is told where it stands.
///
/// # Errors
/// If the folder or a file cannot be read; a folder that is not there has no rules.
pub fn read_rules(folder: &Path, rules: &Path) -> Result<Vec<Source>, ProjectError> {
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
