//! `frist arm` and `frist disarm`: whether this installation sends mail; and saying so beside other answers.
//! What tells an installation from a copy is in `instance`; what a disarmed daemon does, in `daemon`.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::times::rfc3339;
use super::{Answer, Context};
use crate::cli::args::Arm;
use crate::cli::output::{self, Row};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, talk};
use crate::config::{Config, TransportKind};
use crate::instance::Instance;
use crate::plan::Id;
use crate::store::{Home, Store};

/// How far ahead is shown what would go out.
const AHEAD: TimeDelta = TimeDelta::days(7);

/// Finds this installation, for the ledger at `url`.
pub(super) fn instance(config: &Config, url: &str) -> Answer<Instance> {
    let home = Home::of(url, &config.folder)?;
    Ok(Instance::of(home, &config.folder, config.store.instance.clone()))
}

/// Shows what would go out, asks, and lets this installation send.
pub(super) async fn arm(context: &Context, wanted: &Arm) -> Answer<Exit> {
    context.warn_of_faults();
    let config = &context.config;
    let instance = instance(config, &config.store.url)?;
    let store = Store::open(&config.store.url, &config.folder).await?;
    let why = instance.why_disarmed(&store).await?;
    let Some(why) = why else {
        if wanted.take_over {
            instance.arm(&store, true, context.now()).await?;
            talk("All others are disarmed; frist sends from here only.");
        } else {
            talk("frist sends from here already.");
        }
        return Ok(Exit::Fine);
    };
    let rows = ahead(context, &store).await?;
    talk(&format!("Nothing is sent from here so far: {why}.\n"));
    let count = rows.len();
    let waiting = rows.iter().filter(|row| row.state != AHEAD_STATE).count();
    output::print(context.format, rows.into_iter())?;
    talk(&summary(count, waiting));
    before(config, &store).await?;
    super::release::remind(context, &store).await?;
    if !wanted.yes && !agreed(&instance)? {
        talk("Not armed: nothing is sent from here.");
        return Ok(Exit::Fine);
    }
    instance.arm(&store, wanted.take_over, context.now()).await?;
    store.close().await;
    talk(
        "Armed: frist sends from here. A daemon that runs already notices within a minute, on SIGHUP at once.",
    );
    if config.mail.transport == TransportKind::Folder {
        talk("As long as `mail.transport` is \"folder\", mails go into the folder all the same.");
    }
    if !instance.knows_machine() {
        talk(
            "This machine has no /etc/machine-id, as in most containers: a copy is told from this installation by its \
             place and its token alone.",
        );
    }
    Ok(Exit::Fine)
}

/// Makes this installation one that sends nothing.
pub(super) async fn disarm(context: &Context) -> Answer<Exit> {
    let config = &context.config;
    let instance = instance(config, &config.store.url)?;
    if context.ledger().await?.is_none() {
        talk("There is no ledger yet, so nothing is sent from here anyway.");
        return Ok(Exit::Fine);
    }
    let store = Store::open(&config.store.url, &config.folder).await?;
    let was_armed = instance.disarm(&store, context.now()).await?;
    store.close().await;
    talk(if was_armed {
        "Disarmed: nothing is decided and nothing is sent from here until `frist arm`. A daemon that runs notices at its \
         next turn, within a minute."
    } else {
        "Nothing is sent from here anyway: it is not armed."
    });
    Ok(Exit::Fine)
}

/// Says that nothing is sent from here, and why, if that is so.
pub(super) async fn remind(config: &Config, ledger: Option<&Store>) -> Answer<()> {
    if config.mail.transport == TransportKind::Folder {
        return Ok(());
    }
    let why = match ledger {
        Some(store) => instance(config, &config.store.url)?
            .why_disarmed(store)
            .await?
            .map(|why| why.to_string()),
        None => Some("nobody has armed it yet".to_owned()),
    };
    if let Some(why) = why {
        talk(&format!(
            "Nothing is decided and nothing is sent from here: {why}.\n`frist arm` shows what would go out, and asks."
        ));
    }
    Ok(())
}

/// Asks the person at the terminal.
fn agreed(instance: &Instance) -> Answer<bool> {
    if !io::stdin().is_terminal() {
        let message = "nobody is at a terminal who could be asked".to_owned();
        let help = "`frist arm --yes` arms without asking".to_owned();
        return Err(Trouble::usage(message, Some(help)));
    }
    let others = if instance.is_shared() { "" } else { ", and from nowhere else" };
    write!(
        anstream::stderr(),
        "\nSend from here from now on{others}, for the ledger in {}? [y/N] ",
        instance.ledger()
    )?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(Trouble::Input)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "j" | "ja"))
}

/// Says what counts as sent although an installation was never armed.
async fn before(config: &Config, store: &Store) -> Answer<()> {
    let sent = store.count_sent().await?;
    if sent > 0 && store.armings().await?.is_empty() {
        let were = if sent == 1 { "1 mail was".to_owned() } else { format!("{sent} mails were") };
        talk(&format!(
            "{were} written so far, into {} or by a frist that did not ask. They count as told and are not sent again.",
            config.mail.folder.display()
        ));
    }
    Ok(())
}

fn summary(count: usize, waiting: usize) -> String {
    let mails = |count: usize| {
        if count == 1 { "1 mail".to_owned() } else { format!("{count} mails") }
    };
    match (count, waiting) {
        (0, _) => "No mail would go out in the next 7 days.".to_owned(),
        (_, 0) => format!("{} would go out in the next 7 days, as things stand.", mails(count)),
        _ => format!(
            "{} would go out in the next 7 days, as things stand; {} of them at once, from the outbox.",
            mails(count),
            waiting
        ),
    }
}

/// The state of a mail that is not decided yet.
const AHEAD_STATE: &str = "waiting";

/// Returns the mails that would go out: those in the outbox, and those that the forecast expects.
async fn ahead(context: &Context, store: &Store) -> Answer<Vec<AheadRow>> {
    let now = context.now();
    let zone = context.zone();
    let mut rows: Vec<AheadRow> = Vec::new();
    for waiting in store.waiting().await? {
        rows.push(AheadRow {
            plan: waiting.plan.to_string(),
            at: rfc3339(zone, waiting.at.max(now)),
            to: waiting.to.to_string(),
            state: waiting.state.word(),
            deadlines: waiting.deadlines,
        });
    }
    for plan in &context.project.plans {
        let (schedule, history) = context.lay_out(plan, Some(store), now).await?;
        let (told, faults) = schedule.forecast(&history, now, now + AHEAD);
        for fault in &faults {
            talk(&format!(
                "warning: rule `{}` fails for {}: {}",
                fault.rule, fault.about, fault.fault
            ));
        }
        // Everything for one recipient at one moment is one mail.
        let mut mails: BTreeMap<(DateTime<Utc>, &Id), Vec<String>> = BTreeMap::new();
        for told in &told {
            let Some(to) = told.notice.to else { continue };
            let about = mails.entry((told.at(), &plan.unit(to).id)).or_default();
            let id = schedule.topic_id(told.notice.topic);
            if !about.contains(&id) {
                about.push(id);
            }
        }
        rows.extend(
            mails
                .into_iter()
                .map(|((at, to), deadlines)| row(&plan.id, plan.zone, at, to, deadlines)),
        );
    }
    Ok(rows)
}

fn row(plan: &Id, zone: Tz, at: DateTime<Utc>, to: &Id, deadlines: Vec<String>) -> AheadRow {
    AheadRow {
        plan: plan.to_string(),
        at: rfc3339(zone, at),
        to: to.to_string(),
        state: AHEAD_STATE,
        deadlines,
    }
}

/// A mail that would go out.
#[derive(Debug, Serialize)]
struct AheadRow {
    plan: String,
    at: String,
    to: String,
    state: &'static str,
    deadlines: Vec<String>,
}

impl Row for AheadRow {
    const COLUMNS: &'static [&'static str] = &["plan", "at", "to", "state", "deadlines"];
    const HEADINGS: &'static [&'static str] = &["at", "to", "state", "about"];

    fn cells(&self) -> Vec<String> {
        vec![self.at.clone(), self.to.clone(), self.state.to_owned(), self.deadlines.join(", ")]
    }
}
