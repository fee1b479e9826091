//! Names of files that stand beside others: made of them, and the folder that both are in.
//! Nothing here looks at the disk; who may read what is made there is in `access`.

use std::path::{Path, PathBuf};

/// Returns the name of `file` with `end` behind it.
pub fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Returns the folder that `file` is in: `.` for a bare name.
pub fn folder_of(file: &Path) -> &Path {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_a_bare_name_is_here() {
        assert_eq!(with_end(Path::new("a/frist.db"), ".lock"), Path::new("a/frist.db.lock"));
        assert_eq!(folder_of(Path::new("a/frist.db")), Path::new("a"));
        assert_eq!(folder_of(Path::new("frist.db")), Path::new("."));
    }
}
