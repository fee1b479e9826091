//! What takes force: files that check and pass their scenario tests. Others leave the last good ones in force, which the
//! ledger keeps, so that they stay in force across restarts too.
//! Putting a project in force is `daemon`'s; what a change would send at once is watched in `brake`.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveTime, Utc};

use crate::finding::{Finding, Severity};
use crate::history::History;
use crate::plan::Id;
use crate::project::{Files, Place, Project, ProjectError};
use crate::report;
use crate::store::{Change, ChangeEntry, NewChange, Numbers, Store, StoreError};

/// Runs the scenario tests of a project; what failed, as a report.
pub type RunTests<'a> = Box<dyn Fn(&Project, NaiveTime) -> Result<(), String> + Send + Sync + 'a>;

/// Compares what two projects send, in numbers.
pub type Compare<'a> = Box<dyn Fn(&Edit<'_>) -> Option<Numbers> + Send + Sync + 'a>;

/// How edited files are judged before they take force, besides being checked.
pub struct Gate<'a> {
    /// Where the files lie.
    pub place: Place,
    /// The scenario tests.
    pub tests: RunTests<'a>,
    /// The difference that is written down.
    pub compare: Compare<'a>,
}

/// Files that take force in the place of others.
#[derive(Debug)]
pub struct Edit<'a> {
    /// What was in force, and the hour from which its mails went out.
    pub old: (&'a Project, NaiveTime),
    /// What takes force, and the hour from which its mails go out.
    pub new: (&'a Project, NaiveTime),
    /// The past of each plan, by its id.
    pub histories: &'a BTreeMap<Id, History>,
    /// When it takes force.
    pub now: DateTime<Utc>,
}

/// A project in force.
#[derive(Debug)]
pub struct InForce {
    /// What it says.
    pub project: Project,
    /// The hour from which mails go out.
    pub send_at: NaiveTime,
    /// What tells it from another ([`Files::hash`]).
    pub hash: String,
}

/// Files that do not take force.
#[derive(Debug)]
pub struct Refused {
    /// The file that is wrong, or the first of them.
    pub what: String,
    /// Why not, in one line.
    pub why: String,
    /// Why not, as `frist check` or `frist test` says it.
    pub report: String,
    /// Since when those in force are; `None` if there are none.
    pub in_force_since: Option<DateTime<Utc>>,
}

/// What became of files that were read.
#[derive(Debug)]
pub struct Judged {
    /// What is to be served: the files that were read, or those that stay in force.
    pub served: InForce,
    /// Why the files that were read do not take force.
    pub refused: Option<Refused>,
    entry: Option<Entry>,
}

/// What is to be written into the ledger about files that are not those of the last time.
#[derive(Debug)]
struct Entry {
    files: Files,
    hash: String,
    send_at: NaiveTime,
    changed: Vec<String>,
    /// Those that were in force before, if these take their place.
    before: Option<InForce>,
}

/// Judges files as they were read from the disk; writes nothing.
///
/// Files that are no good where none have been good yet are served as far as they can be, and never written down.
///
/// # Errors
/// If the ledger fails, or files cannot be read and there are no good ones to go on with.
pub async fn judge(
    store: &Store,
    files: Result<Files, ProjectError>,
    send_at: NaiveTime,
    gate: &Gate<'_>,
) -> Result<Judged, JudgeError> {
    let past = store.changes().await?;
    let good = ChangeEntry::newest_in_force(&past);
    let files = match files {
        Ok(files) => files,
        Err(error) => return unreadable(store, error, good).await,
    };
    let hash = files.hash(send_at);
    let entry = entry(store, past.last(), &files, &hash, send_at).await?;
    let read = InForce { project: Project::of(files), send_at, hash };
    // What took force once stays good, whatever a newer frist thinks of it.
    if good.is_some_and(|good| good.change.hash == read.hash) {
        return Ok(Judged { served: read, refused: None, entry });
    }
    let last_good = last_good(store, good).await?;
    let since = last_good.as_ref().and(good).map(|good| good.change.at);
    Ok(match (refusal(&read, gate, since), last_good) {
        (None, before) => {
            let entry = entry.map(|entry| Entry { before, ..entry });
            Judged { served: read, refused: None, entry }
        }
        (refused, Some(served)) => Judged { served, refused, entry },
        (refused, None) => Judged { served: read, refused, entry: None },
    })
}

impl Judged {
    /// Tells whether nothing good has ever been in force, so that what can be served is served all the same.
    pub fn is_makeshift(&self) -> bool {
        self.refused.as_ref().is_some_and(|refused| refused.in_force_since.is_none())
    }

    /// Writes into the ledger what became of the files, if they are others than before.
    ///
    /// # Errors
    /// If the ledger fails.
    pub async fn enter(
        &mut self,
        store: &Store,
        gate: &Gate<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let Some(Entry { files, hash, send_at, changed, before }) = self.entry.take() else {
            return Ok(());
        };
        let numbers = match &before {
            Some(before) => compare(store, gate, before, &self.served, now).await?,
            None => None,
        };
        let change = Change {
            at: now,
            hash,
            send_at,
            who: changed.iter().find_map(|name| gate.place.owner_of(name)),
            changed,
            refused: self.refused.as_ref().map(|refused| refused.why.clone()),
            numbers,
        };
        store.enter_change(&NewChange { change, files }).await?;
        Ok(())
    }
}

/// Returns files that took force, from the ledger; `None` if this frist cannot read all of its plans any more.
///
/// # Errors
/// If the ledger fails.
pub async fn kept(store: &Store, entry: &ChangeEntry) -> Result<Option<InForce>, StoreError> {
    let files = store.files(entry.id).await?;
    let plans = files.plans.len();
    let (send_at, hash) = (entry.change.send_at, entry.change.hash.clone());
    let project = Project::of(files);
    Ok((project.plans.len() == plans).then_some(InForce { project, send_at, hash }))
}

/// Goes on with the last good files where those on the disk cannot be read.
async fn unreadable(
    store: &Store,
    error: ProjectError,
    good: Option<&ChangeEntry>,
) -> Result<Judged, JudgeError> {
    let Some(served) = last_good(store, good).await? else { return Err(error.into()) };
    let refused = Refused {
        what: error.path.display().to_string(),
        why: error.to_string(),
        report: error.to_string(),
        in_force_since: good.map(|good| good.change.at),
    };
    Ok(Judged { served, refused: Some(refused), entry: None })
}

async fn last_good(
    store: &Store,
    good: Option<&ChangeEntry>,
) -> Result<Option<InForce>, StoreError> {
    match good {
        Some(good) => kept(store, good).await,
        None => Ok(None),
    }
}

/// Makes the entry about files, unless they are those of the last one.
async fn entry(
    store: &Store,
    newest: Option<&ChangeEntry>,
    files: &Files,
    hash: &str,
    send_at: NaiveTime,
) -> Result<Option<Entry>, StoreError> {
    let before = match newest {
        Some(newest) if newest.change.hash == hash => return Ok(None),
        Some(newest) => store.files(newest.id).await?,
        None => Files::default(),
    };
    let changed = changed(files, &before);
    let (files, hash) = (files.clone(), hash.to_owned());
    Ok(Some(Entry { files, hash, send_at, changed, before: None }))
}

/// Names what differs; where it is no file, it is the configuration.
fn changed(files: &Files, before: &Files) -> Vec<String> {
    let changed = files.changed_since(before);
    if changed.is_empty() { vec!["frist.toml".to_owned()] } else { changed }
}

/// Tells why a project cannot take force.
fn refusal(
    read: &InForce,
    gate: &Gate<'_>,
    in_force_since: Option<DateTime<Utc>>,
) -> Option<Refused> {
    let project = &read.project;
    if project.is_faulty() {
        let errors: Vec<Finding> = project
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .cloned()
            .collect();
        let first = &errors[0];
        let why = format!(
            "{}: {}:{}:{}: {}",
            report::summary(&errors),
            first.file,
            first.line,
            first.column,
            first.message
        );
        let text = |file: &str| project.texts.get(file).cloned();
        let report = report::render(&project.findings, text, false);
        return Some(Refused { what: first.file.to_string(), why, report, in_force_since });
    }
    (gate.tests)(project, read.send_at).err().map(|report| {
        let first = report.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let why = format!("the scenario tests fail: {}", first.trim());
        let tests = project.files.tests.first().map_or_else(String::new, |test| test.file.clone());
        Refused { what: tests, why, report, in_force_since }
    })
}

async fn compare(
    store: &Store,
    gate: &Gate<'_>,
    old: &InForce,
    new: &InForce,
    now: DateTime<Utc>,
) -> Result<Option<Numbers>, StoreError> {
    let mut histories = BTreeMap::new();
    for plan in old.project.plans.iter().chain(&new.project.plans) {
        if !histories.contains_key(&plan.id) {
            histories.insert(plan.id.clone(), store.history(&plan.id).await?);
        }
    }
    let (old, new) = ((&old.project, old.send_at), (&new.project, new.send_at));
    Ok((gate.compare)(&Edit { old, new, histories: &histories, now }))
}

/// Why files could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// The ledger fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be read, and there are no good ones to go on with.
    #[error(transparent)]
    Unreadable(#[from] ProjectError),
}

impl fmt::Debug for Gate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("place", &self.place).finish_non_exhaustive()
    }
}
