//! What can be wrong with a configuration, and where.
//! What is looked for is in `settings`, `read` and `values`; how it is printed is `cli`'s.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

use thiserror::Error;

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigErrors {
    /// The project's folder, or the file that was asked for, cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What was written cannot be used.
    #[error(transparent)]
    Faulty(ConfigFaults),
}

/// All faults of a configuration: those of the file in its order, then those of variables and flags.
#[derive(Debug, Error)]
pub struct ConfigFaults {
    /// The file.
    pub path: PathBuf,
    /// Its text, for excerpts.
    pub text: String,
    /// The faults; never empty.
    pub faults: Vec<ConfigFault>,
}

/// One fault of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    /// Where it is.
    pub place: Place,
    /// A stable code in snake case, such as `unknown_key`.
    pub code: &'static str,
    /// What is wrong: lower case, no final dot.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the file.
    File {
        /// The file.
        path: PathBuf,
        /// The bytes that it is about.
        span: Range<usize>,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
    /// In a variable of the environment.
    Variable(String),
    /// In a flag of the command line, such as `--transport`.
    Flag(&'static str),
}

/// The file as it was read.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl Source {
    /// Returns the place of these bytes.
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place::File {
            path: self.path.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            span,
        }
    }
}

impl ConfigFaults {
    /// Tells whether nothing but flags of the command line is at fault.
    pub fn only_flags(&self) -> bool {
        self.faults.iter().all(|fault| matches!(fault.place, Place::Flag(_)))
    }
}

impl ConfigFault {
    /// Returns what faults are ordered by.
    pub(super) fn order(&self) -> (usize, usize, String) {
        match &self.place {
            Place::File { span, .. } => (0, span.start, String::new()),
            Place::Variable(name) => (1, 0, name.clone()),
            Place::Flag(name) => (2, 0, (*name).to_owned()),
        }
    }
}

impl fmt::Display for Place {
    /// Writes `frist.toml:3:8`, the variable's name or the flag's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, column, .. } => {
                write!(f, "{}:{line}:{column}", path.display())
            }
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for ConfigFault {
    /// Writes place and message in one line, and the help, if there is one, in another.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}

impl fmt::Display for ConfigFaults {
    /// Writes the faults below each other.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.faults.iter().enumerate() {
            write!(f, "{}{fault}", if place > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}
