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

/// Where a ledger is at home, for what lies beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// In a file of this machine.
    File(PathBuf),
    /// In this program's memory.
    Memory,
    /// In a database that others may reach as well, by its address without a login.
    Server(String),
}

impl Home {
    /// Finds the home of the ledger at `url`; a relative path is relative to `folder`.
    ///
    /// # Errors
    /// If the address is not understood.
    pub fn of(url: &str, folder: &Path) -> Result<Self, StoreError> {
        Ok(match Address::read(url, folder)? {
            Address::File(file) => Self::File(file),
            Address::Memory => Self::Memory,
            Address::Postgres(url) => Self::Server(server_and_database(&url)),
        })
    }
}

impl Address {
    /// Reads `sqlite:frist.db`, `sqlite:///var/lib/frist/frist.db`, `sqlite::memory:` or `postgres://user@host/database`;
    /// a relative path is relative to `folder`.
    pub(super) fn read(url: &str, folder: &Path) -> Result<Self, StoreError> {
        let unknown = || StoreError::Address { url: without_password(url) };
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

/// Leaves passwords out of an address, `postgres://user:password@host/database?password=…`, for errors and logs.
pub fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_at(url.find("://").map_or(0, |at| at + 3));
    let login =
        |(login, place): (&str, &str)| Some(format!("{}@{place}", login.split_once(':')?.0));
    let rest = rest.rsplit_once('@').and_then(login).unwrap_or_else(|| rest.to_owned());
    let (place, options) = rest.split_once('?').unwrap_or((&rest, ""));
    let told = options
        .split('&')
        .filter(|option| !option.is_empty() && !option.starts_with("password"))
        .collect::<Vec<_>>()
        .join("&");
    let options = if told.is_empty() { told } else { format!("?{told}") };
    format!("{scheme}{place}{options}")
}

/// Returns which database `postgres://user:password@host/database?options` names, without anything secret.
fn server_and_database(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    place.split('?').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_left_out_of_errors() {
        for (url, told) in [
            ("postgres://frist:s@:cret@db/plan", "postgres://frist@db/plan"),
            ("postgres://frist@db/plan", "postgres://frist@db/plan"),
            ("postgres:///plan", "postgres:///plan"),
            ("postgres:///plan?host=/run&password=s3cret", "postgres:///plan?host=/run"),
            ("postgres://frist:s?cret@db/plan", "postgres://frist@db/plan"),
            ("frist:s3cret@db", "frist@db"),
        ] {
            assert_eq!(without_password(url), told, "{url}");
        }
    }

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
    fn the_home_of_a_ledger_on_a_server_has_nothing_secret() {
        let home = |url| Home::of(url, Path::new("/srv/plan")).unwrap();
        let server = |place: &str| Home::Server(place.to_owned());
        assert_eq!(
            home("postgres://frist:s@cret@db:5432/plans?sslmode=require"),
            server("db:5432/plans")
        );
        assert_eq!(home("postgresql:///plans?host=/run/postgresql"), server("/plans"));
        assert_eq!(home("sqlite:frist.db"), Home::File("/srv/plan/frist.db".into()));
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
