//! Writing the files of a new project: all of them, or none.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::files::File;

/// Why a project was not written.
#[derive(Debug, Error)]
pub(super) enum WriteError {
    /// Some of its files are there already.
    #[error("{} files are there already", .0.len())]
    Occupied(Vec<PathBuf>),
    /// A file cannot be written.
    #[error("{}: cannot be written", path.display())]
    Failed {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Writes `files` below `folder`, which is made if need be; on failure, what was written is taken away again.
pub(super) fn write(folder: &Path, files: &[File]) -> Result<(), WriteError> {
    let there = |path: &PathBuf| fs::symlink_metadata(path).is_ok();
    let occupied: Vec<PathBuf> =
        files.iter().map(|file| folder.join(&file.path)).filter(there).collect();
    if !occupied.is_empty() {
        return Err(WriteError::Occupied(occupied));
    }
    let mut made = Made::default();
    for file in files {
        let path = folder.join(&file.path);
        if let Err(source) = made.write(&path, &file.text) {
            made.take_away();
            return Err(WriteError::Failed { path, source });
        }
    }
    Ok(())
}

/// What was made so far, in its order.
#[derive(Default)]
struct Made {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Made {
    fn write(&mut self, path: &Path, text: &str) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            self.make_folder(folder)?;
        }
        // Somebody else may have been quicker: a file that is there now is not overwritten either.
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        self.files.push(path.to_owned());
        file.write_all(text.as_bytes())
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.make_folder(parent)?;
        }
        fs::create_dir(folder)?;
        self.folders.push(folder.to_owned());
        Ok(())
    }

    fn take_away(self) {
        // The first failure is the one to tell; a folder that somebody else has put something into stays.
        for file in self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.into_iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
