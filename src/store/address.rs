//! Where a ledger lives: reading the `store.url` of the configuration.
//! Opening what it names is in `database`.

use std::path::{Path, PathBuf};

use super::StoreError;

/// A ledger's address, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// A SQLite file.
    File(PathBuf),
    /// A SQLite database that ends with the program.
    Memory,
    /// A PostgreSQL database, by its address.
    Postgres(String),
}

impl Address {
    /// Reads `sqlite:frist.db`, `sqlite:///var/lib/frist/frist.db`, `sqlite::memory:` or `postgres://user@host/database`;
    /// a relative path is relative to `folder`.
    pub(super) fn read(url: &str, folder: &Path) -> Result<Self, StoreError> {
        let unknown = || StoreError::Address { url: url.to_owned() };
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let rest = url.strip_prefix("sqlite:").ok_or_else(unknown)?;
        let path = rest.strip_prefix("//").unwrap_or(rest);
        match path {
            ":memory:" => Ok(Self::Memory),
            "" => Err(unknown()),
            // Options of the connection are frist's own, and a file of such a name is nobody's wish.
            _ if path.contains('?') || path.ends_with('/') => Err(unknown()),
            _ => Ok(Self::File(folder.join(path))),
        }
    }
}

/// Returns the file of the ledger at `url`; `None` if it lies in no file here. A relative path is relative to `folder`.
pub fn file_of(url: &str, folder: &Path) -> Option<PathBuf> {
    match Address::read(url, folder) {
        Ok(Address::File(file)) => Some(file),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_project_folder() {
        let read = |url| Address::read(url, Path::new("/srv/plan")).unwrap();
        assert_eq!(read("sqlite:frist.db"), Address::File("/srv/plan/frist.db".into()));
        assert_eq!(read("sqlite://frist.db"), Address::File("/srv/plan/frist.db".into()));
        assert_eq!(read("sqlite:../a b.db"), Address::File("/srv/plan/../a b.db".into()));
        assert_eq!(read("sqlite:/var/frist.db"), Address::File("/var/frist.db".into()));
        assert_eq!(read("sqlite:///var/frist.db"), Address::File("/var/frist.db".into()));
        assert_eq!(read("sqlite::memory:"), Address::Memory);
    }

    #[test]
    fn an_unknown_address_is_named_in_the_error() {
        for url in
            ["frist.db", "mysql://host/db", "sqlite:", "sqlite:a.db?mode=rw", "sqlite:folder/", ""]
        {
            let error = Address::read(url, Path::new(".")).unwrap_err();
            assert!(error.to_string().starts_with(&format!("`{url}` is no address")), "{error}");
        }
    }
}
