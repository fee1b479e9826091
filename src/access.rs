//! Who may read the files that the program makes and those that it is given: its own are for its user alone, whatever the
//! umask says. What is warned of is up to `frist check`.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::Path;

use crate::beside::folder_of;

/// Returns options to open a file with; if that makes it, nobody else can read it.
pub fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Makes a folder, and those above it that are missing, which nobody else can enter; one that is there stays as it is.
///
/// # Errors
/// If it cannot be made.
pub fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Gives `file` to whom its folder belongs, so that the daemon can use what the administrator makes in its folder.
///
/// # Errors
/// If either cannot be looked at, or the file cannot be given away although the administrator asks.
pub fn give_to_owner_of_folder(file: &Path) -> io::Result<()> {
    give_to_owner_of(file, folder_of(file))
}

/// Gives `file` to whom `like` belongs, so that the daemon can use what the administrator writes.
///
/// # Errors
/// If either cannot be looked at, or the file cannot be given away although the administrator asks.
pub fn give_to_owner_of(file: &Path, like: &Path) -> io::Result<()> {
    let (owner, own) = (fs::metadata(like)?, fs::metadata(file)?);
    if owner.uid() == own.uid() {
        return Ok(());
    }
    // Only the administrator can give files away; others write among themselves.
    match chown(file, Some(owner.uid()), Some(owner.gid())) {
        Err(error) if error.kind() != io::ErrorKind::PermissionDenied => Err(error),
        _ => Ok(()),
    }
}

/// What a file or a folder lets others do than its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audience {
    /// Its group can read it or write to it.
    pub group: bool,
    /// Everybody can.
    pub everybody: bool,
}

/// Tells who can read or write what lies at `path`, as far as its own mode and its folder's say.
///
/// # Errors
/// If it is not there, or cannot be looked at.
pub fn audience(path: &Path) -> io::Result<Audience> {
    let own = fs::metadata(path)?.permissions().mode();
    // Nobody reaches a file in a folder that he may not enter.
    let folder = match path.parent() {
        None => 0o777,
        Some(here) if here.as_os_str().is_empty() => fs::metadata(".")?.permissions().mode(),
        Some(folder) => fs::metadata(folder)?.permissions().mode(),
    };
    let can = |bits: u32, enter: u32| own & bits != 0 && folder & enter != 0;
    Ok(Audience { group: can(0o060, 0o010), everybody: can(0o006, 0o001) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_open_to_those_who_may_enter_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        fs::write(&file, "secret").unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, PermissionsExt::from_mode(mode));
        let audience_of = |file_mode, folder_mode| {
            set(&file, file_mode).unwrap();
            set(folder.path(), folder_mode).unwrap();
            let Audience { group, everybody } = audience(&file).unwrap();
            (group, everybody)
        };
        assert_eq!(audience_of(0o644, 0o755), (true, true));
        assert_eq!(audience_of(0o644, 0o700), (false, false));
        assert_eq!(audience_of(0o640, 0o755), (true, false));
        assert_eq!(audience_of(0o602, 0o711), (false, true));
        assert_eq!(audience_of(0o600, 0o777), (false, false));
        assert!(audience(&folder.path().join("nothing")).is_err());
    }
}
