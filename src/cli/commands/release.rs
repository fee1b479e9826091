//! `frist release` and `frist drop`: decides about messages that the brake holds.
//! When messages are held is decided in `daemon::brake`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::times::rfc3339;
use super::{Answer, Context};
use crate::cli::args::Selected;
use crate::cli::output::{self, Row};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, talk};
use crate::config::{Config, LimitsConfig};
use crate::daemon::short;
use crate::plan::{Plan, Unit};
use crate::store::{Decision, Held, HeldFor, Limit, MessageState, Store};

/// Releases or drops held messages: all, or those of one change or limit.
pub(super) async fn decide(
    context: &Context,
    decision: Decision,
    which: &Selected,
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
    let why = match (&which.change, which.limit) {
        (Some(wanted), _) => Some(named(wanted, &held)?),
        (None, Some(limit)) => Some(reached(limit, &held)?),
        (None, None) => None,
    };
    let decided = store.decide_held(decision, why.as_ref(), context.now()).await?;
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
    let mut by_reason: BTreeMap<HeldFor, (usize, DateTime<Utc>)> = BTreeMap::new();
    for held in store.held().await? {
        by_reason.entry(held.why).or_insert((0, held.at)).0 += 1;
    }
    for (why, (count, since)) in by_reason {
        let count = if count == 1 { "1 mail is".to_owned() } else { format!("{count} mails are") };
        let since = since.with_timezone(&context.zone()).format("%Y-%m-%d %H:%M");
        let why = match why {
            HeldFor::Change(hash) => format!("for change {}", short(&hash)),
            HeldFor::Limit(limit) => format!("beyond the limit {limit}"),
        };
        talk(&format!(
            "{count} held back since {since} {why}: `frist release` sends, `frist drop` throws away."
        ));
    }
    Ok(())
}

/// Says that a morning on which all are told would be held in part, if the plans have so many recipients.
pub(super) fn warn_of_low_limits(config: &Config, plans: &[Arc<Plan>]) {
    let has_address = |unit: &&Unit| unit.email.is_some();
    let recipients = plans.iter().flat_map(|plan| &plan.units).filter(has_address).count();
    let LimitsConfig { a_tick, an_hour, .. } = config.limits;
    let limits = [(Limit::Tick, a_tick), (Limit::Hour, an_hour)];
    for (limit, most) in limits.into_iter().filter(|(_, most)| *most < recipients) {
        talk(&format!(
            "hint: {recipients} units have an address, and {limit} in [brake] of frist.toml lets {most} mails through: if \
             all of them are told something at once, the rest is held until `frist release`"
        ));
    }
}

/// Finds the one change whose hash begins like this.
fn named(wanted: &str, held: &[Held]) -> Answer<HeldFor> {
    let reasons: BTreeSet<&HeldFor> = held.iter().map(|held| &held.why).collect();
    let is_meant =
        |why: &&HeldFor| matches!(why, HeldFor::Change(hash) if hash.starts_with(wanted));
    let meant: Vec<&HeldFor> = reasons.into_iter().filter(is_meant).collect();
    match meant[..] {
        [why] => Ok(why.clone()),
        [] => Err(Trouble::usage(
            format!("no mail is held for change `{wanted}`"),
            Some(listed(held)),
        )),
        _ => Err(Trouble::usage(format!("`{wanted}` may be several changes"), Some(listed(held)))),
    }
}

/// Finds a limit among what mails are held for.
fn reached(limit: Limit, held: &[Held]) -> Answer<HeldFor> {
    let why = HeldFor::Limit(limit);
    if held.iter().any(|held| held.why == why) {
        return Ok(why);
    }
    Err(Trouble::usage(format!("no mail is held beyond the limit {limit}"), Some(listed(held))))
}

/// Says what mails are held for.
fn listed(held: &[Held]) -> String {
    let reasons: BTreeSet<&HeldFor> = held.iter().map(|held| &held.why).collect();
    let reasons = reasons.into_iter().map(|why| match why {
        HeldFor::Change(hash) => format!("`{}`", short(hash)),
        HeldFor::Limit(limit) => format!("the limit {limit}"),
    });
    format!("mails are held for {}", reasons.collect::<Vec<_>>().join(", "))
}

/// A message about which was decided.
#[derive(Debug, Serialize)]
struct HeldRow {
    plan: String,
    to: String,
    subject: String,
    deadlines: Vec<String>,
    change: Option<String>,
    limit: Option<&'static str>,
    at: String,
    state: &'static str,
}

fn row(context: &Context, held: &Held, decision: Decision) -> HeldRow {
    let state = match decision {
        Decision::Release => MessageState::Queued,
        Decision::Drop => MessageState::Dropped,
    };
    let (change, limit) = match &held.why {
        HeldFor::Change(hash) => (Some(hash.clone()), None),
        HeldFor::Limit(limit) => (None, Some(limit.word())),
    };
    HeldRow {
        plan: held.plan.to_string(),
        to: held.to.to_string(),
        subject: held.subject.clone(),
        deadlines: held.deadlines.clone(),
        change,
        limit,
        at: rfc3339(context.zone(), held.at),
        state: state.word(),
    }
}

impl Row for HeldRow {
    const COLUMNS: &'static [&'static str] =
        &["plan", "to", "subject", "deadlines", "change", "limit", "at", "state"];
    const HEADINGS: &'static [&'static str] = &["to", "subject", "held for", "state"];

    fn cells(&self) -> Vec<String> {
        let why = self.change.as_deref().map(short).or(self.limit).unwrap_or_default();
        vec![self.to.clone(), self.subject.clone(), why.to_owned(), self.state.to_owned()]
    }
}
