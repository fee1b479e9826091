//! Which of several daemons on one ledger decides, and what the others do meanwhile: send, and stand by to take over.
//! What the lock is, and why nobody who has lost it can decide, is in `store::lock`.

use chrono::{DateTime, TimeDelta, Utc};

use super::Daemon;
use crate::clock::Clock;
use crate::fingerprint::hex;
use crate::store::StoreError;

/// How often a daemon that does not decide looks whether there is something to send, or nobody who decides.
const LOOK: TimeDelta = TimeDelta::seconds(5);

impl Daemon {
    /// Tells whether this daemon decides; otherwise another does.
    pub fn decides(&self) -> bool {
        self.lock.is_some()
    }

    /// Makes sure of the lock, or tries to get it; tells whether this daemon has come to decide just now, so that it
    /// must read everything anew.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(super) async fn stand(&mut self) -> Result<bool, StoreError> {
        if let Some(lock) = &mut self.lock {
            if lock.is_held().await {
                return Ok(false);
            }
            self.step_down();
        }
        let Some(lock) = self.store.lock_or_help().await? else { return Ok(false) };
        self.store = self.store.under(&lock);
        self.lock = Some(lock);
        tracing::info!("nobody decides; this daemon does from now on");
        Ok(true)
    }

    /// Leaves deciding to whoever has come to do it, or will.
    pub(super) fn step_down(&mut self) {
        tracing::warn!(
            "the connection that held the ledger's lock is lost; not deciding without it"
        );
        self.lock = None;
        // What is known of the past is outdated as soon as another decides.
        self.served.clear();
        self.hash.clear();
        self.brake = None;
    }

    /// Refuses to go on where daemons on several machines would not agree on when a lease ends.
    pub(super) async fn look_at_the_clock(&self) -> Result<(), StoreError> {
        match self.clock {
            Clock::System => self.store.check_clock(self.clock.now()).await,
            Clock::Shifted(_) | Clock::Simulated(_) => Ok(()),
        }
    }

    /// Returns when to look again, if another decides.
    pub(super) fn next_look(&self) -> Option<DateTime<Utc>> {
        (!self.decides()).then(|| self.clock.now() + LOOK)
    }
}

/// Makes a name under which messages are claimed, unlike that of any other process on any machine.
pub(super) fn instance() -> String {
    let mut name = format!(
        "{} process {} ",
        rustix::system::uname().nodename().to_string_lossy(),
        std::process::id()
    );
    let mut random = [0; 4];
    // Without a source of chance, name and number tell apart what lives at the same time.
    if getrandom::fill(&mut random).is_ok() {
        name.push_str(&hex(&random));
    }
    name
}
