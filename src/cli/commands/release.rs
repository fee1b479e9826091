//! `frist release` and `frist drop`: decides about messages that the brake holds.
//! When messages are held is decided in `daemon::brake`.

use serde::Serialize;

use super::times::rfc3339;
use super::{Answer, Context};
use crate::cli::output::{self, Row};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, talk};
use crate::daemon::short;
use crate::store::{Decision, Held, MessageState, Store};

/// Releases or drops held messages: all, or those of one change.
pub(super) async fn decide(
    context: &Context,
    decision: Decision,
    change: Option<&str>,
) -> Answer<Exit> {
    let nothing = || -> Answer<Exit> {
        talk("Nothing is held.");
        output::print(context.format, std::iter::empty::<HeldRow>())?;
        Ok(Exit::Fine)
    };
    if context.ledger().await?.is_none() {
        return nothing();
    }
    let store = Store::open(&context.config.store.url, &context.config.folder).await?;
    let held = store.held().await?;
    if held.is_empty() {
        return nothing();
    }
    let change = change.map(|wanted| named(wanted, &held)).transpose()?;
    let decided = store.decide_held(decision, change.as_deref(), context.now()).await?;
    store.close().await;
    let rows: Vec<HeldRow> = decided.iter().map(|held| row(context, held, decision)).collect();
    let count =
        if rows.len() == 1 { "1 mail is".to_owned() } else { format!("{} mails are", rows.len()) };
    output::print(context.format, rows.into_iter())?;
    talk(&match decision {
        Decision::Release => format!("{count} released; the daemon sends them within a minute."),
        Decision::Drop => format!("{count} dropped and will never be sent."),
    });
    Ok(Exit::Fine)
}

/// Says that messages are held, if there are any, and what can be done.
pub(super) async fn remind(context: &Context, store: &Store) -> Answer<()> {
    let held = store.held().await?;
    let Some(first) = held.first() else { return Ok(()) };
    let count =
        if held.len() == 1 { "1 mail is".to_owned() } else { format!("{} mails are", held.len()) };
    let since = first.at.with_timezone(&context.zone()).format("%Y-%m-%d %H:%M");
    talk(&format!(
        "{count} held back since {since}: `frist release` sends, `frist drop` throws away."
    ));
    Ok(())
}

/// Finds the one change whose hash begins like this.
fn named(wanted: &str, held: &[Held]) -> Answer<String> {
    let mut changes: Vec<&str> = held.iter().map(|held| &*held.change).collect();
    changes.sort_unstable();
    changes.dedup();
    let listed = changes.iter().map(|change| format!("`{}`", short(change)));
    let listed = listed.collect::<Vec<_>>().join(", ");
    let meant: Vec<&str> =
        changes.into_iter().filter(|change| change.starts_with(wanted)).collect();
    match meant[..] {
        [change] => Ok(change.to_owned()),
        [] => Err(Trouble::usage(
            format!("no mail is held for change `{wanted}`"),
            Some(format!("mails are held for {listed}")),
        )),
        _ => Err(Trouble::usage(
            format!("`{wanted}` may be several changes"),
            Some(format!("mails are held for {listed}")),
        )),
    }
}

/// A message about which was decided.
#[derive(Debug, Serialize)]
struct HeldRow {
    plan: String,
    to: String,
    subject: String,
    deadlines: Vec<String>,
    change: String,
    at: String,
    state: &'static str,
}

fn row(context: &Context, held: &Held, decision: Decision) -> HeldRow {
    let state = match decision {
        Decision::Release => MessageState::Queued,
        Decision::Drop => MessageState::Dropped,
    };
    HeldRow {
        plan: held.plan.to_string(),
        to: held.to.to_string(),
        subject: held.subject.clone(),
        deadlines: held.deadlines.clone(),
        change: held.change.clone(),
        at: rfc3339(context.zone(), held.at),
        state: state.word(),
    }
}

impl Row for HeldRow {
    const COLUMNS: &'static [&'static str] =
        &["plan", "to", "subject", "deadlines", "change", "at", "state"];
    const HEADINGS: &'static [&'static str] = &["to", "subject", "change", "state"];

    fn cells(&self) -> Vec<String> {
        let change = short(&self.change).to_owned();
        vec![self.to.clone(), self.subject.clone(), change, self.state.to_owned()]
    }
}
