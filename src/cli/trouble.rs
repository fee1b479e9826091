//! Everything that can stop a command, with the exit code and the words for it, in one place.
//! Findings in plans and rules are no trouble: `check` answers with them, and other commands show them.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Exit;
use super::commands::GitError;
use crate::config::{ConfigErrors, ConfigFaults, Place, without_passwords};
use crate::daemon::force::JudgeError;
use crate::daemon::{ServeError, in_one_line};
use crate::finding::{Finding, Severity, visible};
use crate::instance::{Disarmed, InstanceError};
use crate::mail::SenderError;
use crate::mail::transport::folder::FolderError;
use crate::mail::transport::smtp::SmtpError;
use crate::project::{Project, ProjectError};
use crate::pulse::PageError;
use crate::report;
use crate::store::{ArchiveError, CopyError, MoveError, StoreError};

/// Why a command ends without an answer.
#[derive(Debug, Error)]
pub(super) enum Trouble {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// A file of the project cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A plan cannot be served.
    #[error("the plan cannot be used")]
    Faulty(Box<Project>),
    /// The ledger fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger is not copied.
    #[error(transparent)]
    Move(#[from] MoveError),
    /// There is no backup, or none was put back.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// Nothing was archived.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The sender's address is none.
    #[error(transparent)]
    Sender(#[from] SenderError),
    /// The folder of mails cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The mail server cannot be reached with these settings.
    #[error(transparent)]
    Smtp(#[from] SmtpError),
    /// The resident daemon cannot start.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The daemon cannot be asked how it does.
    #[error(transparent)]
    Page(#[from] PageError),
    /// Nothing may be sent from here.
    #[error("nothing is decided and nothing is sent from here: {0}")]
    Disarmed(Disarmed),
    /// This installation cannot be armed or disarmed.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// A revision of git cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The answer cannot be printed.
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
    /// What somebody types cannot be read.
    #[error("the answer to the question cannot be read: {0}")]
    Input(io::Error),
    /// The system lets no threads begin.
    #[error("the program's threads cannot be started: {0}")]
    Threads(io::Error),
    /// A file cannot be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What was asked for makes no sense for this plan.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
}

impl From<JudgeError> for Trouble {
    fn from(error: JudgeError) -> Self {
        match error {
            JudgeError::Store(error) => Self::Store(error),
            JudgeError::Unreadable(error) => Self::Project(error),
        }
    }
}

impl Trouble {
    /// Makes a complaint about what was asked for.
    pub(super) fn usage(message: String, help: Option<String>) -> Self {
        Self::Usage { message, help }
    }

    /// Makes a complaint about a file that cannot be written.
    pub(super) fn unwritable(path: &Path, source: io::Error) -> Self {
        Self::Unwritable { path: path.to_owned(), source }
    }

    /// Tells whether nobody reads the answer any more, as in `frist log | head`.
    pub(super) fn is_reader_gone(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Returns the exit status of the contract.
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Archive(error) if taken(error) => 2,
            Self::Config(ConfigErrors::Faulty(_)) | Self::Faulty(_) => Exit::Faulty as u8,
            Self::Usage { .. }
            | Self::Sender(_)
            | Self::Copy(
                CopyError::NoFile
                | CopyError::NoLedger
                | CopyError::Taken(_)
                | CopyError::LedgerThere(_),
            )
            | Self::Store(StoreError::Address { .. })
            | Self::Move(
                MoveError::NotEmpty { .. } | MoveError::Store(StoreError::Address { .. }),
            )
            | Self::Git(GitError::NoRepository { .. } | GitError::NoRevision { .. }) => 2,
            Self::Config(ConfigErrors::Unreadable { .. })
            | Self::Project(_)
            | Self::Store(_)
            | Self::Move(_)
            | Self::Copy(_)
            | Self::Archive(_)
            | Self::Folder(_)
            | Self::Smtp(_)
            | Self::Serve(_)
            | Self::Page(_)
            | Self::Disarmed(_)
            | Self::Instance(_)
            | Self::Unwritable { .. }
            | Self::Git(_)
            | Self::Input(_)
            | Self::Threads(_)
            | Self::Output(_) => Exit::Outside as u8,
        }
    }

    /// Writes what is wrong for people.
    pub(super) fn report(&self, colour: bool) -> String {
        match self {
            Self::Config(ConfigErrors::Faulty(faults)) => {
                let text = |file: &str| {
                    (file == faults.path.to_string_lossy()).then(|| without_passwords(&faults.text))
                };
                report::render(&config_findings(faults), text, colour)
            }
            Self::Faulty(project) => {
                let errors: Vec<Finding> = project
                    .findings
                    .iter()
                    .filter(|finding| finding.severity == Severity::Error)
                    .cloned()
                    .collect();
                report::render(&errors, |file| project.texts.get(file).cloned(), colour)
            }
            Self::Usage { message, help: Some(help) } => {
                visible(&format!("error: {message}\n  help: {help}")).into_owned()
            }
            other => {
                let help = other.help().map(|help| format!("\n  help: {help}")).unwrap_or_default();
                visible(&format!("error: {}{help}", in_one_line(other))).into_owned()
            }
        }
    }

    /// Says what to do about trouble outside.
    fn help(&self) -> Option<&'static str> {
        let missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        match self {
            Self::Project(ProjectError { source, .. }) if missing(source) => Some(
                "`--dir` names the project's folder, `plan` and `rules` in frist.toml what lies in it",
            ),
            Self::Config(ConfigErrors::Unreadable { source, .. }) if missing(source) => {
                Some("`--config` names the configuration, `--dir` the project's folder")
            }
            Self::Store(StoreError::Open { .. }) => {
                Some("`store.url` in frist.toml names the ledger's file; its folder must be there")
            }
            Self::Copy(CopyError::NoFile) => Some(
                "`pg_dump` backs up a database of PostgreSQL; `frist ledger move` copies a ledger from one into a file",
            ),
            Self::Copy(CopyError::Taken(_)) => {
                Some("a backup overwrites nothing: name another file, or move this one away")
            }
            Self::Copy(CopyError::LedgerThere(_)) => {
                Some("`--force` puts it aside, under a name with the date in it")
            }
            Self::Archive(error) if taken(error) => {
                Some("an archive overwrites nothing: name another file, or move this one away")
            }
            Self::Disarmed(_) => Some("`frist arm` shows what would go out, and asks"),
            Self::Folder(_) => {
                Some("`mail.folder` in frist.toml names the folder that mails are written to")
            }
            Self::Page(PageError::Taken(_)) => Some(
                "perhaps the daemon runs already; else name a free port in `listen` of [watch] in frist.toml, or leave it out",
            ),
            Self::Page(PageError::Refused { .. }) => {
                Some("`listen` of [watch] in frist.toml names the address; leave it out for none")
            }
            _ => None,
        }
    }
}

/// Tells whether an archive was not written because something is there already.
fn taken(error: &ArchiveError) -> bool {
    matches!(error, ArchiveError::File { source, .. } if source.kind() == io::ErrorKind::AlreadyExists)
}

/// Turns faults of the configuration into findings; those of variables and flags have no place in a file.
pub(super) fn config_findings(faults: &ConfigFaults) -> Vec<Finding> {
    let finding = |fault: &crate::config::ConfigFault| {
        let (file, span, line, column) = match &fault.place {
            Place::File { path, span, line, column } => {
                (path.display().to_string(), span.clone(), *line, *column)
            }
            Place::Variable(name) => (format!("${name}"), 0..0, 1, 1),
            Place::Flag(name) => ((*name).to_owned(), 0..0, 1, 1),
        };
        Finding {
            severity: Severity::Error,
            code: fault.code,
            file: file.into(),
            span,
            line,
            column,
            message: fault.message.clone(),
            help: fault.help.clone(),
        }
    };
    faults.faults.iter().map(finding).collect()
}
