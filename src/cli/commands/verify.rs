//! `frist log --verify`: was anything in the ledger changed after it was written?
//! What is compared with what is in `store`.

use serde::Serialize;

use super::times::rfc3339;
use super::{Answer, Context};
use crate::cli::output::{self, Format, Row};
use crate::cli::{Exit, talk};
use crate::store::Verified;

/// Prints a line for each thing that is not as it was written, and says what the whole came to.
pub(super) async fn verify(context: &Context, noted: Option<&str>) -> Answer<Exit> {
    let Some(store) = context.ledger().await? else {
        talk("There is no ledger yet: the daemon has not run.");
        output::print(context.format, std::iter::empty::<FaultRow>())?;
        return Ok(Exit::Fine);
    };
    let verified = store.verify(noted).await?;
    let rows = verified.faults.iter().map(|fault| FaultRow { fault: fault.to_string() });
    if context.format != Format::Table || !verified.faults.is_empty() {
        output::print(context.format, rows)?;
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
    format!("{found}: {entries} checked.\nThe newest is of {at}, its seal is {seal}.")
}

/// A line of `frist log --verify`.
#[derive(Debug, Serialize)]
struct FaultRow {
    fault: String,
}

impl Row for FaultRow {
    const COLUMNS: &'static [&'static str] = &["fault"];
    const HEADINGS: &'static [&'static str] = &["Not as it was written"];
    fn cells(&self) -> Vec<String> {
        vec![self.fault.clone()]
    }
}
