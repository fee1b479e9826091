//! `frist archive`: the long texts of old messages leave the ledger for a file.
//! What is moved, and what stays, is `store`'s.

use std::path::Path;

use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;

use super::Answer;
use crate::cli::output::{self, Format, Row};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, talk};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{self, Store};

/// Moves the texts of messages that were settled before `before` into `file`, else into one beside the ledger.
pub(super) async fn archive(
    config: &Config,
    format: Format,
    before: NaiveDate,
    file: Option<&Path>,
) -> Answer<Exit> {
    let now = Clock::System.now();
    let limit = before.and_time(NaiveTime::MIN).and_utc();
    if limit > now {
        let help = "what was settled before that day is moved, so it lies in the past".to_owned();
        return Err(Trouble::usage("--before names a day to come".to_owned(), Some(help)));
    }
    let (url, folder) = (&config.store.url, &config.folder);
    if Store::open_existing(url, folder).await?.is_none() {
        talk("There is no ledger yet: the daemon has not run.");
        output::print(format, std::iter::empty::<ArchiveRow>())?;
        return Ok(Exit::Fine);
    }
    let beside = store::folder_of(url, folder)?.join(store::archive_name(now));
    let file = file.unwrap_or(&beside);
    let store = Store::open(url, folder).await?;
    let messages = store.archive(limit, file, usize::MAX, now).await?;
    store.close().await;
    if messages == 0 {
        talk(&format!("No message was settled before {before} and has its text in the ledger."));
        output::print(format, std::iter::empty::<ArchiveRow>())?;
        return Ok(Exit::Fine);
    }
    output::print(
        format,
        std::iter::once(ArchiveRow { file: file.display().to_string(), messages }),
    )?;
    talk(
        "What was told to whom, when, and by which mail, stays in the ledger. `zcat` reads the archive.",
    );
    Ok(Exit::Fine)
}

/// An archive that was made.
#[derive(Debug, Serialize)]
struct ArchiveRow {
    file: String,
    messages: usize,
}

impl Row for ArchiveRow {
    const COLUMNS: &'static [&'static str] = &["file", "messages"];
    const HEADINGS: &'static [&'static str] = &["file", "messages"];

    fn cells(&self) -> Vec<String> {
        vec![self.file.clone(), self.messages.to_string()]
    }
}
