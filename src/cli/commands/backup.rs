//! `frist backup` and `frist restore`: a copy of the ledger, and one put back into its place.
//! How a ledger is copied is `store`'s; whether a restored one may send mails, the daemon's.

use std::path::Path;
use std::slice;

use chrono_tz::Tz;
use serde::Serialize;

use super::times::rfc3339;
use super::{Answer, arming};
use crate::cli::output::{self, Format, Row};
use crate::cli::{Exit, talk};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{self, Contents};

/// Copies the ledger into a new file.
pub(super) async fn back_up(config: &Config, format: Format, file: &Path) -> Answer<Exit> {
    let contents = store::back_up(&config.store.url, &config.folder, file).await?;
    output::print(format, std::iter::once(CopyRow::new(file, &contents, None)))?;
    // Whoever lets cron do this wants to hear of failures only.
    if format == Format::Table {
        talk(
            "The copy was read through and is sound. Keep it as safe as the ledger: it has mail addresses in it.",
        );
    }
    Ok(Exit::Fine)
}

/// Puts a backup into the ledger's place.
pub(super) async fn restore(
    config: &Config,
    format: Format,
    file: &Path,
    force: bool,
) -> Answer<Exit> {
    let now = Clock::System.now();
    let url = &config.store.url;
    let instance = arming::instance(config, url)?;
    let token = instance.file();
    let restored = store::restore(url, &config.folder, file, force, token, now).await?;
    let aside = restored.put_aside.as_deref();
    output::print(
        format,
        std::iter::once(CopyRow::new(&restored.file, &restored.contents, aside)),
    )?;
    if let Some(aside) = aside {
        talk(&format!("The ledger that was there is now {}.", aside.display()));
    }
    let newest = restored.contents.newest();
    let newest = newest.map_or_else(
        || "It is empty.".to_owned(),
        |at| format!("The newest entry is of {}.", at.format("%Y-%m-%d %H:%M UTC")),
    );
    talk(&format!(
        "{newest} What was sent or answered later is unknown to this ledger, and due again: `frist arm` shows it, and lets \
         this installation send again; before, nothing goes to a mail server."
    ));
    Ok(Exit::Fine)
}

/// A copy of a ledger.
#[derive(Debug, Serialize)]
struct CopyRow {
    file: String,
    notices: i64,
    messages: i64,
    answers: i64,
    newest: Option<String>,
    put_aside: Option<String>,
}

impl CopyRow {
    fn new(file: &Path, contents: &Contents, put_aside: Option<&Path>) -> Self {
        Self {
            file: file.display().to_string(),
            notices: contents.notices,
            messages: contents.messages,
            answers: contents.answers,
            newest: contents.newest().map(|at| rfc3339(Tz::UTC, at)),
            put_aside: put_aside.map(|path| path.display().to_string()),
        }
    }
}

impl Row for CopyRow {
    const COLUMNS: &'static [&'static str] =
        &["file", "notices", "messages", "answers", "newest", "put_aside"];
    const HEADINGS: &'static [&'static str] = &["file", "notices", "messages", "answers", "newest"];

    fn cells(&self) -> Vec<String> {
        let counts = [self.notices, self.messages, self.answers].map(|count| count.to_string());
        let newest = self.newest.clone().unwrap_or_default();
        [slice::from_ref(&self.file), &counts[..], &[newest]].concat()
    }
}
