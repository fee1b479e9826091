//! What processes that have died left: their receipts, read so that one bad file is in the way of no other.
//! How they were written is in `sheet`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::sheet::{is_there, lock};
use super::{FULL, Place};
use crate::store::Receipt;

/// Nobody writes a longer file.
const LONGEST: u64 = 2 * FULL;

/// The receipts of a dead process.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) path: PathBuf,
    /// Locked, so that only one enters them.
    _file: File,
    pub(super) receipts: Vec<Receipt>,
}

/// Reads what the dead have left at `place`; `tell` hears what is in the way.
pub(super) fn left(place: &Place, mut tell: impl FnMut(&Path, &io::Error)) -> Vec<Left> {
    let paths = match paths(place) {
        Ok(paths) => paths,
        Err(error) => {
            tell(&place.folder, &error);
            return Vec::new();
        }
    };
    let mut left = Vec::new();
    for path in paths {
        match Left::read(&path) {
            Ok(one) => left.extend(one),
            Err(error) => tell(&path, &error),
        }
    }
    left
}

/// Returns the files for this ledger, in order.
fn paths(place: &Place) -> io::Result<Vec<PathBuf>> {
    if !place.is_there()? {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(&place.folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(&format!("{}-", place.ledger)) {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

impl Left {
    /// Reads a file; `None` if its process lives, or if it is gone by now. One in which nothing can be read is not ours to
    /// remove.
    fn read(path: &Path) -> io::Result<Option<Self>> {
        let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        let data = match fs::symlink_metadata(path) {
            Err(error) if gone(&error) => return Ok(None),
            data => data?,
        };
        if !data.is_file() || data.len() > LONGEST {
            return Err(io::Error::other("this is none of frist's files"));
        }
        // Some file systems lock only what may be written to.
        let mut file = match OpenOptions::new().read(true).write(true).open(path) {
            Err(error) if gone(&error) => return Ok(None),
            file => file?,
        };
        if !lock(&file)? || !is_there(&file) {
            return Ok(None);
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let (receipts, cut_off): (Vec<_>, Vec<_>) =
            lines.map(serde_json::from_slice).partition(Result::is_ok);
        if receipts.is_empty() && !cut_off.is_empty() {
            return Err(io::Error::other("nothing in it can be read"));
        }
        if !cut_off.is_empty() {
            let receipts = cut_off.len();
            tracing::warn!(receipts, "cut off beside the ledger: they count for nothing");
        }
        let receipts = receipts.into_iter().flatten().collect();
        Ok(Some(Self { path: path.to_owned(), _file: file, receipts }))
    }

    /// Takes the file away.
    pub(super) fn remove(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
