//! `frist log --changes`: which files took force or were refused, when, by whom, and what they change.
//! What takes force is decided in `daemon::force`.

use serde::Serialize;

use super::times::rfc3339;
use super::{Answer, Context};
use crate::cli::output::{self, Row};
use crate::cli::{Exit, args, talk};
use crate::daemon::short;
use crate::store::{ChangeEntry, Numbers};

/// Prints a line a change, oldest first.
pub(super) async fn show(context: &Context, wanted: &args::Log) -> Answer<Exit> {
    let Some(store) = context.ledger().await? else {
        talk("There is no ledger yet: the daemon has not run.");
        output::print(context.format, std::iter::empty::<ChangeRow>())?;
        return Ok(Exit::Fine);
    };
    let zone = context.zone();
    let from = wanted.from.map(|when| when.resolve(zone));
    let until = wanted.until.map(|when| when.resolve(zone));
    let changes = store.changes().await?;
    let shown = changes.iter().filter(|entry| {
        from.is_none_or(|from| entry.change.at >= from)
            && until.is_none_or(|until| entry.change.at < until)
    });
    output::print(context.format, shown.map(|entry| row(context, entry)))?;
    Ok(Exit::Fine)
}

/// A line of `frist log --changes`.
#[derive(Debug, Serialize)]
struct ChangeRow {
    at: String,
    who: Option<String>,
    hash: String,
    files: Vec<String>,
    added: Option<u32>,
    gone: Option<u32>,
    moved: Option<u32>,
    redirected: Option<u32>,
    reworded: Option<u32>,
    state: &'static str,
    why: Option<String>,
}

fn row(context: &Context, entry: &ChangeEntry) -> ChangeRow {
    let change = &entry.change;
    let number = |of: fn(&Numbers) -> u32| change.numbers.as_ref().map(of);
    ChangeRow {
        at: rfc3339(context.zone(), change.at),
        who: change.who.clone(),
        hash: change.hash.clone(),
        files: change.changed.clone(),
        added: number(|numbers| numbers.added),
        gone: number(|numbers| numbers.gone),
        moved: number(|numbers| numbers.moved),
        redirected: number(|numbers| numbers.redirected),
        reworded: number(|numbers| numbers.reworded),
        state: change.state(),
        why: change.refused.clone(),
    }
}

impl ChangeRow {
    /// Says what a change does to mails: "3 more, 1 gone".
    fn difference(&self) -> String {
        let parts = [
            (self.added, "more"),
            (self.gone, "gone"),
            (self.moved, "moved"),
            (self.redirected, "to others"),
            (self.reworded, "reworded"),
        ];
        if self.added.is_none() {
            return "-".to_owned();
        }
        let parts: Vec<String> = parts
            .into_iter()
            .filter_map(|(count, word)| Some((count.filter(|count| *count > 0)?, word)))
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if parts.is_empty() { "same mails".to_owned() } else { parts.join(", ") }
    }
}

impl ChangeRow {
    /// Names the changed files, as many as a line of the table can show.
    fn files_in_short(&self) -> String {
        const SHOWN: usize = 2;
        let more = self.files.len().saturating_sub(SHOWN);
        let shown = self.files[..self.files.len() - more].join(", ");
        if more == 0 { shown } else { format!("{shown} and {more} more") }
    }
}

impl Row for ChangeRow {
    const COLUMNS: &'static [&'static str] = &[
        "at",
        "who",
        "hash",
        "files",
        "added",
        "gone",
        "moved",
        "redirected",
        "reworded",
        "state",
        "why",
    ];
    const HEADINGS: &'static [&'static str] =
        &["at", "who", "change", "files", "mails", "state", "why"];

    fn cells(&self) -> Vec<String> {
        vec![
            output::short(&self.at),
            self.who.clone().unwrap_or_else(|| "-".to_owned()),
            short(&self.hash).to_owned(),
            self.files_in_short(),
            self.difference(),
            self.state.replace('_', " "),
            self.why.clone().unwrap_or_else(|| "-".to_owned()),
        ]
    }
}
