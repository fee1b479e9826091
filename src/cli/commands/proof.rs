//! `frist proof DEADLINE`: who was told what about a deadline, when, and what the mail server answered.
//! What happened is read from the ledger here; how the report looks is in `report` and `page.html`.

mod report;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::{Answer, Context, verify};
use crate::cli::output::{self, Format};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, args, talk};
use crate::history::Answer as Said;
use crate::plan::Id;
use crate::store::{Fate, LogEntry, SentMessage, Store};
use report::Report;

/// Everything that the ledger knows about one deadline.
struct Known {
    notices: Vec<LogEntry>,
    messages: Vec<SentMessage>,
    answers: Vec<Said>,
}

/// Prints the report, and writes it as a page and the mails as files if that was asked for.
pub(super) async fn proof(context: &Context, wanted: &args::Proof) -> Answer<Exit> {
    let Some(store) = context.ledger().await? else {
        talk("There is no ledger yet: the daemon has not run.");
        return Ok(Exit::Fine);
    };
    let known = read(&store, context, wanted).await?;
    let verified = store.verify(None).await?;
    let report = Report::new(context, wanted, &known, verify::words(context, &verified));
    if let Some(file) = &wanted.html {
        fs::write(file, report.html()).map_err(|source| Trouble::unwritable(file, source))?;
        talk(&format!("The page is in {}.", file.display()));
    }
    if let Some(folder) = &wanted.mails {
        write_mails(folder, &known.messages)?;
        talk(&format!("The mails are in {}.", folder.display()));
    }
    if context.format == Format::Table {
        io::stdout().lock().write_all(report.text().as_bytes())?;
    } else {
        output::print(context.format, report.rows())?;
    }
    Ok(if verified.faults.is_empty() { Exit::Fine } else { Exit::Faulty })
}

async fn read(store: &Store, context: &Context, wanted: &args::Proof) -> Answer<Known> {
    let of_unit = |to: &Id| wanted.to.as_ref().is_none_or(|unit| **to == **unit);
    let mut notices = store.log(None).await?;
    notices.retain(|entry| {
        let named = entry.deadline.as_deref().unwrap_or_default();
        is_about(named, &wanted.deadline) && of_unit(&entry.to)
    });
    // What is no longer in the plan can still be proven.
    let plan = match (context.deadline(&wanted.deadline), notices.first()) {
        (Ok((plan, ..)), _) => plan.id.clone(),
        (Err(_), Some(entry)) => entry.plan.clone(),
        (Err(trouble), None) => return Err(trouble),
    };
    notices.retain(|entry| entry.plan == plan);
    let told = notices.iter().filter(|entry| matches!(entry.fate, Fate::Told(_)));
    let message_ids: BTreeSet<&str> =
        told.filter_map(|entry| entry.message_id.as_deref()).collect();
    let messages = store.sent(&message_ids.into_iter().collect::<Vec<_>>()).await?;
    let (name, occurrence) = match wanted.deadline.split_once('@') {
        Some((name, date)) => (name, date.parse().ok()),
        None => (&*wanted.deadline, None),
    };
    let (answers, _) = store.answers_since(&plan, 0).await?;
    let answers = answers
        .into_iter()
        .filter(|(deadline, said)| {
            **deadline == *name
                && (occurrence.is_none() || said.occurrence == occurrence)
                && said.unit.as_ref().is_none_or(of_unit)
        })
        .map(|(_, said)| said)
        .collect();
    Ok(Known { notices, messages, answers })
}

/// Tells whether a notice's deadline is the one that was asked for; a recurring one's name stands for all occurrences.
fn is_about(named: &str, wanted: &str) -> bool {
    named == wanted || (!wanted.contains('@') && named.split('@').next() == Some(wanted))
}

/// Writes each mail as it was sent, in the order of sending.
fn write_mails(folder: &Path, messages: &[SentMessage]) -> Answer<()> {
    fs::create_dir_all(folder).map_err(|source| Trouble::unwritable(folder, source))?;
    for (place, message) in messages.iter().enumerate() {
        let Some(mail) = &message.mail else { continue };
        let file = folder.join(format!("{:03}.eml", place + 1));
        fs::write(&file, mail).map_err(|source| Trouble::unwritable(&file, source))?;
    }
    Ok(())
}
