//! `frist proof DEADLINE`: who was told what about a deadline, when, and what the mail server answered.
//! What happened is read from the ledger here; how the report looks is in `report` and `page.html`.

mod events;
mod report;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::asked::{Asked, check_unit};
use super::{Answer, Context, verify};
use crate::access;
use crate::cli::output::{self, Format};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, args, talk};
use crate::history::Answer as Said;
use crate::plan::Id;
use crate::store::{Fate, LogEntry, SentMessage, Store};
use events::ProofRow;
use report::Report;

/// Everything that the ledger knows about one deadline.
struct Known<'a> {
    asked: Asked<'a>,
    notices: Vec<LogEntry>,
    messages: Vec<SentMessage>,
    answers: Vec<Said>,
}

/// Prints the report, and writes it as a page and the mails as files if that was asked for.
pub(super) async fn proof(context: &Context, wanted: &args::Proof) -> Answer<Exit> {
    let Some(store) = context.ledger().await? else {
        talk("There is no ledger yet: the daemon has not run.");
        output::print(context.format, std::iter::empty::<ProofRow>())?;
        return Ok(Exit::Fine);
    };
    let known = read(&store, context, wanted).await?;
    let verified = store.verify(None).await?;
    let report = Report::new(context, &known, verify::words(context, &verified));
    if let Some(folder) = &wanted.mails {
        write_mails(folder, &known.messages)?;
    }
    if let Some(file) = &wanted.html {
        write_new(file, report.html().as_bytes())?;
        talk(&format!("The page is in {}.", file.display()));
    }
    if context.format == Format::Table {
        output::for_people().write_all(report.text().as_bytes())?;
    } else {
        output::print(context.format, report.rows())?;
    }
    Ok(if verified.faults.is_empty() { Exit::Fine } else { Exit::Faulty })
}

async fn read<'a>(store: &Store, context: &'a Context, wanted: &args::Proof) -> Answer<Known<'a>> {
    let of_unit = |to: &Id| wanted.to.as_ref().is_none_or(|unit| **to == **unit);
    let found = context.deadline(&wanted.deadline);
    let asked = match &found {
        Ok(found) => Asked::of(*found),
        Err(_) => Asked::gone(&wanted.deadline)?,
    };
    let mut notices = store.log(None).await?;
    if let Some(unit) = &wanted.to {
        check_unit(context, unit, &notices)?;
    }
    notices.retain(|entry| asked.is_told_by(entry));
    // What is no longer in the plan can still be proven.
    let plan = match (found, notices.first()) {
        (Ok((plan, ..)), _) => plan.id.clone(),
        (Err(_), Some(entry)) => entry.plan.clone(),
        (Err(trouble), None) => return Err(trouble),
    };
    notices.retain(|entry| entry.plan == plan && of_unit(&entry.to));
    let told = notices.iter().filter(|entry| matches!(entry.fate, Fate::Told(_)));
    let message_ids: BTreeSet<&str> =
        told.filter_map(|entry| entry.message_id.as_deref()).collect();
    let messages = store.sent(&message_ids.into_iter().collect::<Vec<_>>()).await?;
    let (answers, _) = store.answers_since(&plan, 0).await?;
    let is_meant = |(deadline, said): &(Id, Said)| {
        asked.is_answered_by(deadline, said.occurrence) && said.unit.as_ref().is_none_or(of_unit)
    };
    let answers = answers.into_iter().filter(is_meant).map(|(_, said)| said).collect();
    Ok(Known { asked, notices, messages, answers })
}

/// Writes each mail as it was sent, in the order of sending, and says where, and how many have no copy.
fn write_mails(folder: &Path, messages: &[SentMessage]) -> Answer<()> {
    let unwritable = |source| Trouble::unwritable(folder, source);
    access::private_folder(folder).map_err(unwritable)?;
    // The mails of two proofs in one folder would pass for those of one.
    if fs::read_dir(folder).map_err(unwritable)?.next().is_some() {
        let message = format!("{}: the folder is not empty", folder.display());
        return Err(Trouble::usage(message, Some("name a new folder".to_owned())));
    }
    let mut written = 0;
    for (place, message) in messages.iter().enumerate() {
        let Some(mail) = &message.mail else { continue };
        write_new(&folder.join(format!("{:03}.eml", place + 1)), mail)?;
        written += 1;
    }
    let folder = folder.display();
    talk(&match (written, messages.len() - written) {
        (1, 0) => format!("The mail is in {folder}."),
        (_, 0) => format!("The mails are in {folder}."),
        (_, missing) => format!(
            "{written} of {} mails are in {folder}; of {missing} there is no copy: they were not sent, or lie in an archive.",
            messages.len()
        ),
    });
    Ok(())
}

/// Writes a file that only its user can read; one that is there, even as a link, stays as it is.
fn write_new(file: &Path, bytes: &[u8]) -> Answer<()> {
    let opened = access::private_file().write(true).create_new(true).open(file);
    let written = opened.and_then(|mut opened| opened.write_all(bytes));
    written.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => {
            let help = "a proof overwrites nothing: name another file, or move this one away";
            Trouble::usage(format!("{}: is there already", file.display()), Some(help.to_owned()))
        }
        _ => Trouble::unwritable(file, source),
    })
}
