//! `frist ledger move`: copies the ledger into another database.
//! How that is done is in `store`.

use serde::Serialize;

use super::{Answer, arming};
use crate::cli::args::Ledger;
use crate::cli::output::{self, Format, Row};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, talk};
use crate::clock::Clock;
use crate::config::Config;
use crate::receipts::Receipts;
use crate::store::{Copied, Store, StoreError, without_password};

/// Copies the ledger, or another one, and says what becomes of both.
pub(super) async fn ledger(config: &Config, format: Format, wanted: &Ledger) -> Answer<Exit> {
    let Ledger::Move { to, from } = wanted;
    let from = from.as_deref().unwrap_or(&config.store.url);
    if let Ok(None) = Store::open_existing(from, &config.folder).await {
        let message = format!("there is no ledger in `{}`", without_password(from));
        return Err(Trouble::usage(message, Some("--from names another one".to_owned())));
    }
    let source = Store::open(from, &config.folder).await?;
    let serving = source.lock().await?;
    let target = Store::open(to, &config.folder).await?;
    // A ledger has rows, so moving one into itself fails for that reason, which says more than its lock.
    let receiving = match target.lock().await {
        Err(StoreError::Served { .. }) => None,
        taken => Some(taken?),
    };
    // What a daemon that was killed has sent goes along.
    if let Some(receipts) = Receipts::of(&arming::instance(config, from)?) {
        receipts.adopt(&source, Clock::System.now()).await?;
    }
    let copied = source.copy_to(&target).await?;
    source.close().await;
    target.close().await;
    serving.release().await;
    if let Some(receiving) = receiving {
        receiving.release().await;
    }
    output::print(format, copied.into_iter().map(CopiedRow::from))?;
    let (from, to) = (without_password(from), without_password(to));
    talk(&format!(
        "All rows are in `{to}` and equal to those in `{from}`, which is still there.\n\
         Only one of the two may serve from now on, or people get everything twice: write `{to}` as `store.url` into \
         frist.toml, and put the old ledger away."
    ));
    Ok(Exit::Fine)
}

/// A table that was copied.
#[derive(Debug, Serialize)]
struct CopiedRow {
    table: &'static str,
    rows: u64,
}

impl From<Copied> for CopiedRow {
    fn from(Copied { table, rows }: Copied) -> Self {
        Self { table, rows }
    }
}

impl Row for CopiedRow {
    const COLUMNS: &'static [&'static str] = &["table", "rows"];
    const HEADINGS: &'static [&'static str] = &["table", "rows"];

    fn cells(&self) -> Vec<String> {
        vec![self.table.to_owned(), self.rows.to_string()]
    }
}
