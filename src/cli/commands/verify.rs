//! `frist log --verify`: was anything in the ledger changed after it was written?
//! What is compared with what is in `store`.

use serde::Serialize;

use super::times::rfc3339;
use super::{Answer, Context};
use crate::cli::output::{self, Format, Row};
use crate::cli::{Exit, talk};
use crate::store::Verified;

/// Prints a line for each thing that is not as it was written, to programs also the newest seal, and says what the whole came to.
pub(super) async fn verify(context: &Context, noted: Option<&str>) -> Answer<Exit> {
    let Some(store) = context.ledger().await? else {
        talk("There is no ledger yet: the daemon has not run.");
        output::print(context.format, std::iter::empty::<VerifiedRow>())?;
        return Ok(Exit::Fine);
    };
    let verified = store.verify(noted).await?;
    if context.format != Format::Table || !verified.faults.is_empty() {
        output::print(context.format, rows(context, &verified).into_iter())?;
    }
    talk(&words(context, &verified));
    Ok(if verified.faults.is_empty() { Exit::Fine } else { Exit::Faulty })
}

/// Says in words what a check of the ledger came to.
pub(super) fn words(context: &Context, verified: &Verified) -> String {
    let Some((at, seal)) = &verified.newest else {
        return "The ledger is empty.".to_owned();
    };
    let entries = match verified.entries {
        1 => "1 entry".to_owned(),
        entries => format!("{entries} entries"),
    };
    let found = match verified.faults.len() {
        0 => "Nothing in the ledger was changed after it was written".to_owned(),
        1 => "1 thing in the ledger is not as it was written".to_owned(),
        faults => format!("{faults} things in the ledger are not as they were written"),
    };
    let at = rfc3339(context.zone(), *at);
    // On a line of its own, so that nothing of the sentence is noted with it.
    format!("{found}: {entries} checked.\nThe newest is of {at}; its seal:\n{seal}")
}

/// Returns a row for each fault, or one without a fault; none of an empty ledger.
fn rows(context: &Context, verified: &Verified) -> Vec<VerifiedRow> {
    let newest = verified.newest.as_ref();
    let row = |fault| VerifiedRow {
        fault,
        entries: verified.entries,
        at: newest.map(|(at, _)| rfc3339(context.zone(), *at)),
        seal: newest.map(|(_, seal)| seal.clone()),
    };
    match verified.faults.as_slice() {
        [] => newest.map(|_| row(None)).into_iter().collect(),
        faults => faults.iter().map(|fault| row(Some(fault.to_string()))).collect(),
    }
}

/// A line of `frist log --verify`.
#[derive(Debug, Serialize)]
struct VerifiedRow {
    fault: Option<String>,
    /// How many entries were checked.
    entries: u64,
    /// When the newest was written.
    at: Option<String>,
    /// The seal of the newest.
    seal: Option<String>,
}

impl Row for VerifiedRow {
    const COLUMNS: &'static [&'static str] = &["fault", "entries", "at", "seal"];
    const HEADINGS: &'static [&'static str] = &["Not as it was written"];
    fn cells(&self) -> Vec<String> {
        vec![self.fault.clone().unwrap_or_default()]
    }
}
