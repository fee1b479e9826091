//! Whether this installation may send mail for its ledger: a copy of a ledger, or of the whole machine's folder, may not.
//! The secret that lies beside the ledger is in `token`, what tells machines apart in `machine`. What a disarmed daemon
//! does is up to `daemon`; `frist arm` is in `cli`.
//!
//! The ledger names who may send, by the hash of a token; the token lies in a file beside the ledger, together with what
//! a copy does not have: the machine's id, the ledger's place, the file's own number on the disk, and how far the ledger
//! had come. A copy of the whole disk on a machine with the same id has all of that, and cannot be told apart from inside.

mod machine;
mod token;

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::beside::with_end;
use crate::store::{Arming, Home, Position, Store, StoreError};
use token::{Token, TokenError};

pub use machine::{host, user};

/// With what names begin where the ledger is on a server.
const NAME: &str = "frist";

/// What stands behind that, or behind the name of a ledger's file, as the token's file is usually called.
const EXTENSION: &str = "instance";

/// This installation, as it stands beside its ledger.
#[derive(Debug, Clone)]
pub struct Instance {
    /// What stands beside the ledger has a name that begins so; `None` if the ledger is in memory.
    beside: Option<PathBuf>,
    /// The token's file; `None` if the ledger is in memory.
    file: Option<PathBuf>,
    /// Where the ledger is.
    ledger: String,
    /// Whether others may share the ledger.
    is_shared: bool,
    /// The machine's id, hashed; `None` if it has none.
    machine: Option<String>,
}

/// Why this installation may not send.
#[derive(Debug, Error)]
pub enum Disarmed {
    /// It was never armed.
    #[error("{}", never(last.as_ref()))]
    Never {
        /// What the ledger says about who was armed last, if anybody was.
        last: Option<Arming>,
    },
    /// A ledger in memory is forgotten, and all would be told again.
    #[error("a ledger in memory forgets what was sent: name a file or a server in `store.url`")]
    InMemory,
    /// The token's file cannot be used.
    #[error("`{}` cannot be read, so nobody knows whether this is a copy: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        source: TokenError,
    },
    /// It was armed on another machine.
    #[error("it was armed on another machine, so this is a copy")]
    OtherMachine,
    /// It was armed for a ledger in another place.
    #[error("it was armed for the ledger in `{ledger}`, so this is a copy")]
    OtherPlace {
        /// The other place.
        ledger: String,
    },
    /// The token's file is not the one that was written.
    #[error("`{}` was copied or restored, so the ledger may be an older one", file.display())]
    Copied {
        /// The file.
        file: PathBuf,
    },
    /// The ledger does not know it.
    #[error("this ledger does not know that it was armed, so it is another one, or an older one")]
    Unknown,
    /// The ledger lacks what it had.
    #[error(
        "the ledger is older than it was: it lacks messages, attempts to send them, or answers that it had"
    )]
    Behind,
    /// Somebody disarmed it, or armed another in its place.
    #[error("it was disarmed by {} on `{}`, {}", by.who, by.host, by.at.format("%Y-%m-%d %H:%M UTC"))]
    Disarmed {
        /// Who, where and when.
        by: Arming,
    },
}

/// Why it was not armed or disarmed.
#[derive(Debug, Error)]
pub enum InstanceError {
    /// The ledger fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The token's file cannot be written.
    #[error("`{}` cannot be written", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// There is no ledger that lasts.
    #[error(transparent)]
    InMemory(#[from] Disarmed),
}

impl Instance {
    /// Finds what belongs to the ledger at `home`: beside its file, or else in `folder`, unless `file` is named.
    pub fn of(home: Home, folder: &Path, file: Option<PathBuf>) -> Self {
        let (beside, ledger, is_shared) = match home {
            Home::File(ledger) => {
                let ledger = complete(&ledger);
                (Some(ledger.clone()), ledger.display().to_string(), false)
            }
            // What the token's file stands beside, others of this installation can too.
            Home::Server(ledger) => {
                let beside = match &file {
                    None => folder.join(NAME),
                    Some(token) if token.extension().is_some_and(|it| it == EXTENSION) => {
                        token.with_extension("")
                    }
                    Some(token) => token.clone(),
                };
                (Some(beside), ledger, true)
            }
            Home::Memory => (None, String::new(), false),
        };
        let usual = |beside: &PathBuf| with_end(beside, &format!(".{EXTENSION}"));
        let file = beside.as_ref().map(|beside| file.unwrap_or_else(|| usual(beside)));
        Self { beside, file, ledger, is_shared, machine: machine::id() }
    }

    /// Returns where the ledger is, in words.
    pub fn ledger(&self) -> &str {
        &self.ledger
    }

    /// Tells whether several may be armed for the ledger.
    pub fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Tells whether the machine has an id that tells it from others.
    pub fn knows_machine(&self) -> bool {
        self.machine.is_some()
    }

    /// Finds out why this installation may not send; `None` if it may.
    ///
    /// # Errors
    /// If the ledger fails.
    pub async fn why_disarmed(&self, store: &Store) -> Result<Option<Disarmed>, StoreError> {
        let Some(file) = &self.file else { return Ok(Some(Disarmed::InMemory)) };
        let entries = Arming::standing(store.armings().await?);
        let token = match Token::read(file) {
            Ok(Some(token)) => token,
            Ok(None) => {
                return Ok(Some(Disarmed::Never { last: entries.last().cloned() }));
            }
            Err(source) => return Ok(Some(Disarmed::Unreadable { file: file.clone(), source })),
        };
        if let Some(why) = self.why_copied(file, &token) {
            return Ok(Some(why));
        }
        let hash = token.hash();
        let Some(by) = entries.into_iter().find(|entry| entry.token == hash) else {
            return Ok(Some(Disarmed::Unknown));
        };
        if !by.is_armed {
            return Ok(Some(Disarmed::Disarmed { by }));
        }
        let is_behind = store.position().await?.is_behind(token.position());
        Ok(is_behind.then_some(Disarmed::Behind))
    }

    /// Makes this an installation that sends; others of a shared ledger go on, unless `alone`.
    ///
    /// One that may send already keeps its token, since a running daemon is using it; any other gets a new one.
    ///
    /// # Errors
    /// If the token or the ledger cannot be written; then one that was not armed is not, as no token fits.
    pub async fn arm(
        &self,
        store: &Store,
        alone: bool,
        now: DateTime<Utc>,
    ) -> Result<(), InstanceError> {
        let file = self.file.as_ref().ok_or(Disarmed::InMemory)?;
        let unwritable = |source| InstanceError::Unwritable { file: file.clone(), source };
        let said = |is_armed, token| Arming { at: now, is_armed, token, host: host(), who: user() };
        let before = Token::read(file).ok().flatten().map(|token| token.hash());
        let is_armed = self.why_disarmed(store).await?.is_none();
        let ends = |entry: &Arming| match before.as_ref() {
            // A token that is overwritten is nobody's any more.
            Some(own) if entry.token == *own => !is_armed,
            _ => alone || !self.is_shared,
        };
        let mut entries: Vec<Arming> = Arming::standing(store.armings().await?)
            .into_iter()
            .filter(|entry| entry.is_armed && ends(entry))
            .map(|entry| said(false, entry.token))
            .collect();
        if !is_armed {
            let position = store.position().await?;
            let token = Token::new(self.machine.clone(), self.ledger.clone(), position);
            let token = token.map_err(unwritable)?;
            entries.push(said(true, token.hash()));
            token.write(file).map_err(unwritable)?;
        }
        Ok(store.enter_armings(&entries).await?)
    }

    /// Makes this an installation that does not send; tells whether it was one that does, as far as the ledger knows.
    ///
    /// # Errors
    /// If the ledger fails.
    pub async fn disarm(&self, store: &Store, now: DateTime<Utc>) -> Result<bool, InstanceError> {
        let file = self.file.as_ref().ok_or(Disarmed::InMemory)?;
        let Ok(Some(token)) = Token::read(file) else { return Ok(false) };
        let hash = token.hash();
        let known = Arming::standing(store.armings().await?);
        let is_armed = known.iter().any(|entry| entry.token == hash && entry.is_armed);
        if is_armed {
            let entry = Arming { at: now, is_armed: false, token: hash, host: host(), who: user() };
            store.enter_armings(&[entry]).await?;
        }
        Ok(is_armed)
    }

    /// Returns the file of the token that lets this installation send; `None` if the ledger is in memory.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Returns with what the names of files beside the ledger begin; `None` if the ledger is in memory.
    pub fn beside(&self) -> Option<&Path> {
        self.beside.as_deref()
    }

    /// Notes how far the ledger has come, so that an older copy in its place is noticed.
    ///
    /// # Errors
    /// If the token's file cannot be written; then a copy older than what was noted before is noticed, and no newer one.
    pub fn note(&self, position: Position) -> Result<(), InstanceError> {
        let Some(file) = &self.file else { return Ok(()) };
        let Ok(Some(token)) = Token::read(file) else { return Ok(()) };
        let known = token.position();
        // A copy is not to become the one that was armed, nor an older ledger the one that it was.
        if self.why_copied(file, &token).is_some() || position == known || position.is_behind(known)
        {
            return Ok(());
        }
        let unwritable = |source| InstanceError::Unwritable { file: file.clone(), source };
        token.at(position).write(file).map_err(unwritable)
    }

    /// Tells what shows that the token was not written here, if anything does.
    fn why_copied(&self, file: &Path, token: &Token) -> Option<Disarmed> {
        if token.machine != self.machine {
            Some(Disarmed::OtherMachine)
        } else if token.ledger != self.ledger {
            Some(Disarmed::OtherPlace { ledger: token.ledger.clone() })
        } else if !token.is_where_it_was_written(file) {
            Some(Disarmed::Copied { file: file.to_owned() })
        } else {
            None
        }
    }
}

/// Returns the one path of a file, which may not be there yet.
fn complete(file: &Path) -> PathBuf {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    match (absolute.parent().map(Path::canonicalize), absolute.file_name()) {
        (Some(Ok(folder)), Some(name)) => {
            let file = folder.join(name);
            file.canonicalize().unwrap_or(file)
        }
        _ => absolute,
    }
}

fn never(last: Option<&Arming>) -> String {
    match last {
        None => "nobody has armed it yet".to_owned(),
        Some(Arming { at, who, host, .. }) => format!(
            "it was not armed here; the last one who was armed for this ledger, or disarmed, was on `{host}`, by {who}, {}",
            at.format("%Y-%m-%d %H:%M UTC")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two machines that share a ledger on a server; in memory here, as nobody asks the ledger where it is.
    struct Shared {
        store: Store,
        _folders: [tempfile::TempDir; 2],
        machines: [Instance; 2],
    }

    impl Shared {
        async fn new() -> Self {
            let store = Store::open("sqlite::memory:", Path::new(".")).await.unwrap();
            let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
            let machine = |at: &tempfile::TempDir| {
                Instance::of(Home::Server("db/plans".to_owned()), at.path(), None)
            };
            let machines = [machine(&folders[0]), machine(&folders[1])];
            Self { store, _folders: folders, machines }
        }

        async fn armed(&self) -> Vec<bool> {
            let mut armed = Vec::new();
            for machine in &self.machines {
                armed.push(machine.why_disarmed(&self.store).await.unwrap().is_none());
            }
            armed
        }

        async fn arm(&self, which: usize, alone: bool) {
            self.machines[which].arm(&self.store, alone, DateTime::UNIX_EPOCH).await.unwrap();
        }
    }

    #[tokio::test]
    async fn on_a_shared_ledger_each_machine_is_armed_on_its_own() {
        let shared = Shared::new().await;
        assert_eq!(shared.armed().await, [false, false]);
        shared.arm(0, false).await;
        assert_eq!(shared.armed().await, [true, false]);
        shared.arm(1, false).await;
        assert_eq!(shared.armed().await, [true, true]);
        assert!(shared.machines[0].disarm(&shared.store, DateTime::UNIX_EPOCH).await.unwrap());
        assert_eq!(shared.armed().await, [false, true]);
        assert!(!shared.machines[0].disarm(&shared.store, DateTime::UNIX_EPOCH).await.unwrap());
    }

    #[tokio::test]
    async fn who_takes_over_disarms_the_others() {
        let shared = Shared::new().await;
        shared.arm(0, false).await;
        shared.arm(1, true).await;
        assert_eq!(shared.armed().await, [false, true]);
        shared.arm(0, false).await;
        shared.arm(1, true).await;
        assert_eq!(shared.armed().await, [false, true]);
        let why = shared.machines[0].why_disarmed(&shared.store).await.unwrap().unwrap();
        assert!(why.to_string().starts_with("it was disarmed by "), "{why}");
    }

    #[tokio::test]
    async fn a_ledger_that_is_behind_what_was_noted_is_an_older_copy() {
        let shared = Shared::new().await;
        shared.arm(0, false).await;
        shared.machines[0].note(Position { message: 0, attempt: 1, answer: 0 }).unwrap();
        let why = shared.machines[0].why_disarmed(&shared.store).await.unwrap();
        assert!(matches!(why, Some(Disarmed::Behind)), "{why:?}");
        // What is behind does not make it forget how far it was.
        shared.machines[0].note(Position::default()).unwrap();
        assert_eq!(shared.armed().await, [false, false]);
        shared.arm(0, false).await;
        assert_eq!(shared.armed().await, [true, false]);
    }

    #[tokio::test]
    async fn a_ledger_in_memory_arms_nobody() {
        let store = Store::open("sqlite::memory:", Path::new(".")).await.unwrap();
        let instance = Instance::of(Home::Memory, Path::new("."), None);
        assert!(matches!(instance.why_disarmed(&store).await.unwrap(), Some(Disarmed::InMemory)));
        assert!(instance.arm(&store, false, DateTime::UNIX_EPOCH).await.is_err());
    }
}
