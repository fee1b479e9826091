//! A finding: what is wrong, doubtful or worth a look in something that a person wrote, and where.
//! Who finds it: `plan::json` and `rules`. How it is printed for people: `report`.

use std::ops::Range;

/// One fault, warning or hint at one place of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code in snake case, such as `unknown_unit`.
    pub code: &'static str,
    /// The file as the person named it.
    pub file: String,
    /// The bytes of the file that the finding is about.
    pub span: Range<usize>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong: lower case, no final dot.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used like this.
    Error,
    /// A gap that may be meant.
    Warning,
    /// Worth knowing.
    Hint,
}

impl Severity {
    /// Returns the word for JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}
