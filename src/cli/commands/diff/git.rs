//! A project's folder as it is in a revision of git, read with the `git` program and without a checkout.
//! What the files mean is read in `project`.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use thiserror::Error;

/// Why a revision cannot be read.
#[derive(Debug, Error)]
pub(in crate::cli) enum GitError {
    /// The program is not there, or breaks off.
    #[error("the program `git` cannot be run: {0}")]
    Program(#[source] io::Error),
    /// The folder is in no repository.
    #[error("{} is in no git repository", folder.display())]
    NoRepository {
        /// The project's folder.
        folder: PathBuf,
    },
    /// There is no such revision.
    #[error("git knows no revision `{revision}` in {}", folder.display())]
    NoRevision {
        /// The project's folder.
        folder: PathBuf,
        /// What was asked for.
        revision: String,
    },
    /// Git fails otherwise.
    #[error("git fails: {said}")]
    Fails {
        /// What it says.
        said: String,
    },
}

/// The files below a folder as they are in a revision.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    folder: &'a Path,
    /// The name of each file's content, by the file's path below the folder.
    contents: BTreeMap<PathBuf, String>,
}

impl<'a> Tree<'a> {
    /// Finds out what lies in `folder` in `revision`.
    pub(super) fn open(folder: &'a Path, revision: &str) -> Result<Self, GitError> {
        let commit = commit(folder, revision)?;
        let listed = succeed(git(folder, &["ls-tree", "-r", "-z", &commit])?)?;
        let mut contents = BTreeMap::new();
        for entry in listed.split(|byte| *byte == 0) {
            // `100644 blob 0123abcd<TAB>path`; what is not a blob is another repository.
            let entry = String::from_utf8_lossy(entry);
            let Some((what, path)) = entry.split_once('\t') else { continue };
            if let [_, "blob", content] = what.split(' ').collect::<Vec<_>>()[..] {
                contents.insert(PathBuf::from(path), content.to_owned());
            }
        }
        Ok(Self { folder, contents })
    }

    /// Returns the paths of all files below the folder, in order.
    pub(super) fn paths(&self) -> impl Iterator<Item = PathBuf> {
        self.contents.keys().cloned()
    }

    /// Reads files, in order; `None` for what is not in the revision.
    pub(super) fn read(&self, paths: &[PathBuf]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        let wanted: Vec<Option<&String>> =
            paths.iter().map(|path| self.contents.get(path)).collect();
        let names: Vec<&String> = wanted.iter().copied().flatten().collect();
        let mut texts = read_contents(self.folder, &names)?.into_iter();
        Ok(wanted.into_iter().map(|wanted| wanted.and_then(|_| texts.next())).collect())
    }
}

/// Returns the full name of a revision's commit.
fn commit(folder: &Path, revision: &str) -> Result<String, GitError> {
    let unknown =
        || GitError::NoRevision { folder: folder.to_owned(), revision: revision.to_owned() };
    // Git would take it for an option.
    if revision.starts_with('-') {
        return Err(unknown());
    }
    let inside = git(folder, &["rev-parse", "--is-inside-work-tree"])?;
    if String::from_utf8_lossy(&inside.stderr).contains("not a git repository") {
        return Err(GitError::NoRepository { folder: folder.to_owned() });
    }
    // Other troubles, such as a folder that belongs to somebody else, are told in git's own words.
    succeed(inside)?;
    let found =
        git(folder, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])?;
    if !found.status.success() {
        return Err(unknown());
    }
    Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned())
}

/// Reads contents by their names, all in one run of the program.
fn read_contents(folder: &Path, names: &[&String]) -> Result<Vec<Vec<u8>>, GitError> {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(GitError::Program)?;
    let mut asked = String::new();
    for name in names {
        asked.push_str(name);
        asked.push('\n');
    }
    let (input, output) = (child.stdin.take(), child.stdout.take());
    // Asked from beside, since git stops reading when nobody takes its answers.
    let answers = thread::scope(|scope| {
        scope.spawn(|| input.map(|mut input| input.write_all(asked.as_bytes())));
        let mut answers = Vec::new();
        output.map(|mut output| output.read_to_end(&mut answers)).transpose().map(|_| answers)
    });
    let answers = answers.map_err(GitError::Program)?;
    child.wait().map_err(GitError::Program)?;
    let cut_short = || GitError::Fails { said: "an answer was cut short".to_owned() };
    let mut rest = &answers[..];
    let mut texts = Vec::new();
    for _ in names {
        texts.push(take_content(&mut rest).ok_or_else(cut_short)?);
    }
    Ok(texts)
}

/// Takes `0123abcd blob 17<LF>…<LF>` off the answers.
fn take_content(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let heading = String::from_utf8_lossy(&rest[..end]);
    let length: usize = heading.rsplit(' ').next()?.parse().ok()?;
    let content = rest.get(end + 1..end + 1 + length)?.to_vec();
    *rest = rest.get(end + 2 + length..)?;
    Some(content)
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Output, GitError> {
    // In English, since its answers are read.
    Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(GitError::Program)
}

fn succeed(output: Output) -> Result<Vec<u8>, GitError> {
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said =
        String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
    Err(GitError::Fails { said })
}
