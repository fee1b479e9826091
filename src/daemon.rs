//! The daemon: wakes, ticks, writes down, sends, and sleeps until something is due.
//! What is due is decided in `schedule`; the real clock and the simulated one are in `clock`.

mod ahead;
mod archive;
mod backoff;
mod brake;
mod delivery;
pub(crate) mod discreet;
pub mod force;
mod heartbeat;
mod lead;
mod news;
mod record;
mod replay;
mod round;
mod serve;
mod settings;
mod signs;
pub mod standby;
mod summary;
#[cfg(test)]
mod tests;
pub(crate) mod watch;

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::clock::Clock;
use crate::fingerprint;
use crate::instance::Instance;
use crate::mail::{Sender, Transport};
use crate::project::Project;
use crate::pulse::Heart;
use crate::receipts::Receipts;
use crate::store::{ChangeEntry, LedgerLock, Store, StoreError};

use brake::Allowance;
use brake::change::ChangeBrake;
use delivery::{Outcome, Postman};
use force::{InForce, Refused};
use round::Served;

pub use archive::Archiving;
pub use brake::{Limits, short};
pub use news::News;
pub use serve::{Reload, ServeError};
pub use settings::{Configure, Configured, Settings};
pub use summary::Summary;

pub(crate) use discreet::in_one_line;

/// One instance of the program that serves the plans of one ledger.
#[derive(Debug)]
pub struct Daemon {
    clock: Clock,
    store: Store,
    sender: Sender,
    served: Vec<Served>,
    postman: Postman,
    summary: Summary,
    /// What tells the files in force from others; empty in a replay.
    hash: String,
    brake_options: Option<BrakeOptions>,
    brake: Option<ChangeBrake>,
    /// What may send; `None` in a replay.
    instance: Option<Instance>,
    is_disarmed: bool,
    news: News,
    heart: Heart,
    archiving: Option<Archiving>,
    /// Held by the daemon that decides; without, another one does, and this one helps to send.
    lock: Option<LedgerLock>,
}

/// What a daemon is made of, besides plans and rules.
#[derive(Debug)]
pub struct Parts {
    /// The time.
    pub clock: Clock,
    /// When the daemon was started: what is new counts as first seen then, however long it takes to read.
    pub began: DateTime<Utc>,
    /// The ledger.
    pub store: Store,
    /// Its lock; `None` if another daemon holds that, on a ledger that is shared.
    pub lock: Option<LedgerLock>,
    /// The way out.
    pub transport: Transport,
    /// Who writes.
    pub sender: Sender,
    /// The hour from which mails go out.
    pub send_at: NaiveTime,
    /// How many messages are sent side by side.
    pub at_once: usize,
    /// How much may be sent; `None` in a replay, where nobody could be asked.
    pub brake: Option<BrakeOptions>,
    /// What owners are told of the program's own accord.
    pub news: News,
    /// What others see of it.
    pub heart: Heart,
    /// Where it is noted what was sent, until the ledger has it; `None` if the ledger does not last.
    pub receipts: Option<Arc<Receipts>>,
}

/// How many messages may be sent before somebody is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrakeOptions {
    /// So many by a change that the files before would not have sent; `None` is three times the usual day, at least 20.
    pub at_once: Option<usize>,
    /// So many at all.
    pub limits: Limits,
}

impl Daemon {
    /// Puts a project's plans in force on a ledger for which no other daemon decides; `hash` tells it from edited ones.
    ///
    /// Without the lock nothing is put in force yet: the daemon only sends, until it can take over.
    ///
    /// # Errors
    /// If the ledger fails.
    pub async fn begin(project: &Project, hash: String, parts: Parts) -> Result<Self, StoreError> {
        let Parts {
            clock,
            began,
            store,
            lock,
            transport,
            sender,
            send_at,
            at_once,
            brake,
            news,
            heart,
            receipts,
        } = parts;
        let store = match &lock {
            Some(lock) => store.under(lock),
            None => store,
        };
        // Where several send, those who hold messages may be alive: their leases end by time.
        if !store.is_shared() {
            if let Some(receipts) = &receipts {
                receipts.adopt(&store, began).await?;
            }
            store.reclaim_all(began).await?;
        }
        let (served, hash) = match &lock {
            Some(_) => (serve_all(&store, project, send_at, news, began).await?, hash),
            None => (Vec::new(), String::new()),
        };
        let zone = project.plans.first().map_or(Tz::UTC, |plan| plan.zone);
        let instance = lead::instance();
        let postman = Postman::new(
            transport,
            clock.clone(),
            zone,
            instance,
            at_once,
            heart.clone(),
            receipts,
        );
        let mut daemon = Self {
            clock,
            store,
            sender,
            served,
            postman,
            summary: Summary::default(),
            hash,
            brake_options: brake,
            brake: None,
            instance: None,
            is_disarmed: false,
            news,
            heart,
            archiving: None,
            lock,
        };
        if daemon.decides() {
            daemon.watch_change(began).await?;
        }
        Ok(daemon)
    }

    /// Does everything that is due now: decides, writes down, sends. What another daemon decides, it only sends; nothing at
    /// all if it may not send.
    ///
    /// # Errors
    /// If the ledger fails. What was not written down is due again in the next turn.
    pub async fn turn(&mut self) -> Result<(), StoreError> {
        if !self.may_send().await? {
            return Ok(());
        }
        self.look_at_the_clock().await?;
        // A message that is given up is told to the owner in the same turn, by a second pass.
        for _ in 0..2 {
            if self.decides() {
                match self.round().await {
                    Err(StoreError::Deposed { .. }) => self.step_down(),
                    done => done?,
                }
            }
            self.note_position().await?;
            let mut outcome = Outcome::default();
            let instance = self.instance.as_ref().filter(|_| self.postman.reaches_people());
            let delivered = self.postman.deliver(&self.store, instance, &mut outcome).await;
            // A ledger that fails in the middle has taken what came before.
            self.summary.sent += outcome.sent;
            self.summary.gave_up += outcome.gave_up.len();
            self.summary.retrying = outcome.again.values().sum();
            self.postman.log(&outcome);
            delivered?;
            self.note_position().await?;
            if outcome.gave_up.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// Decides what is due now, plan by plan, and writes it down.
    async fn round(&mut self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut brake = self.brake.as_ref().filter(|brake| brake.watches(now));
        if let Some(watching) = brake {
            // All plans together, since a rule that is wrong is wrong for all of them.
            let mut count = 0;
            for served in &mut self.served {
                count += served.unfamiliar(&self.store, watching, now).await?;
            }
            let at_once = self.brake_options.and_then(|options| options.at_once);
            if !watching.holds(&self.store, count, at_once).await? {
                brake = None;
            }
        }
        let mut allowance = match self.brake_options {
            Some(options) => Some(Allowance::read(&self.store, options.limits, now).await?),
            None => None,
        };
        for served in &mut self.served {
            let mut round = served.round(&self.store, &self.sender, now, brake, allowance).await;
            if round.as_ref().is_err_and(StoreError::is_outdated) {
                served.begin_again(&self.store, now).await?;
                round = served.round(&self.store, &self.sender, now, brake, allowance).await;
            }
            let round = round?;
            if let Some(allowance) = &mut allowance {
                allowance.spend(round.messages - round.held);
            }
            self.summary.add(&round);
            self.heart.count(|pulse| round.count_into(pulse));
        }
        Ok(())
    }

    /// Watches the newest change, if there is one that was in force for less than a day.
    async fn watch_change(&mut self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.brake = match self.brake_options {
            Some(_) => ChangeBrake::find(&self.store, now).await?,
            None => None,
        };
        Ok(())
    }

    /// Returns when something is due next: a step, a weekly report, or another attempt.
    ///
    /// # Errors
    /// If the ledger fails.
    pub async fn next_wake_up(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let steps = self.served.iter().filter_map(|served| served.schedule().next_wake_up());
        let now = self.clock.now();
        let reports = self.served.iter().filter_map(|served| served.next_report(now));
        let next = steps.chain(reports).chain(self.store.next_attempt().await?);
        Ok(next.chain(self.next_look()).min())
    }

    /// Returns what has been done so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Takes leave of the mail server and closes the ledger.
    pub async fn end(self) -> Summary {
        self.postman.close().await;
        self.store.close().await;
        if let Some(lock) = self.lock {
            lock.release().await;
        }
        self.summary
    }

    /// Replaces plans and rules by edited ones; plans that are gone are served no more.
    async fn replace(&mut self, new: InForce) -> Result<(), StoreError> {
        let InForce { project, send_at, hash } = new;
        let now = self.clock.now();
        let mut served = serve_all(&self.store, &project, send_at, self.news, now).await?;
        self.watch_change(now).await?;
        for new in &mut served {
            let id = &new.schedule().plan().id;
            if let Some(old) = self.served.iter_mut().find(|old| old.schedule().plan().id == *id) {
                new.take_over_waiting(old);
            }
        }
        self.served = served;
        self.hash = hash;
        Ok(())
    }

    /// Tells each plan's owner, once, that edited files are not in force, and why.
    pub fn tell_of_refusal(&mut self, refused: &Refused) {
        for served in &mut self.served {
            let zone = served.schedule().plan().zone;
            let (key, words) = if let Some(since) = refused.in_force_since {
                let since = since.with_timezone(&zone).format("%Y-%m-%d %H:%M");
                let words = format!(
                    "The files on the disk are not in force, since something is wrong with them.\n\
                     Those of {since} stay in force until it is mended."
                );
                (format!("files after {since}"), words)
            } else {
                let words = "Something is wrong with the files; what can be served of them is.";
                ("files".to_owned(), words.to_owned())
            };
            // Reports may be long, and a key may not.
            let key = format!("{key}: {}", fingerprint::of([refused.report.as_bytes()]));
            let message = format!("{words}\n\n{}", refused.report);
            served.tell_owner(key, refused.what.clone(), message);
        }
    }

    /// Tells each plan's owner, once, what is wrong with files that are in force as far as they can be.
    pub fn tell_of_faults(&mut self, project: &Project) {
        let Some(faults) = project.faults() else { return };
        let first = faults.split(':').next().unwrap_or_default();
        let key = format!("files: {}", fingerprint::of([faults.as_bytes()]));
        for served in &mut self.served {
            served.tell_owner(key.clone(), first.to_owned(), faults.clone());
        }
    }
}

/// Puts every plan of a project in force.
async fn serve_all(
    store: &Store,
    project: &Project,
    send_at: NaiveTime,
    news: News,
    now: DateTime<Utc>,
) -> Result<Vec<Served>, StoreError> {
    let changes = store.changes().await?;
    let edited = ChangeEntry::newest_in_force(&changes).map(|entry| entry.change.at);
    let mut served = Vec::new();
    for plan in &project.plans {
        let (plan, rules) = (plan.clone(), project.rules.clone());
        served.push(Served::begin(store, plan, rules, send_at, news, edited, now).await?);
    }
    Ok(served)
}
