//! The pulse: how the daemon does, as a value that it keeps up to date for others, and those who pass it on.
//! The page for monitors is in `page`, its numbers in `metrics`, the dead-man's ping in `ping`, the service manager in
//! `service`. What a tick is, and when it is good, is the daemon's business.

mod metrics;
mod page;
mod ping;
mod service;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::notice::Kind;
use crate::plan::Id;
use crate::store::MessageState;
use service::Service;

pub use page::{Page, PageError};
pub use ping::{Ping, PingOptions};

/// So long after its last sign of life the daemon counts as dead: it wakes every minute.
pub const ALIVE: Duration = Duration::from_secs(180);

/// A mail server has ten minutes for its answer, and nothing takes longer than this.
const UNANSWERED: Duration = Duration::from_secs(900);

/// How the daemon does.
#[derive(Debug, Clone)]
pub struct Pulse {
    /// When it began to serve.
    pub began: Instant,
    /// Ticks that decided, wrote down and sent what was due.
    pub good: u64,
    /// Ticks that could not.
    pub bad: u64,
    /// Signs of life: good ticks, and on the way mails that were answered and leases that were renewed.
    pub signs: u64,
    /// When the last one was.
    pub alive: Option<Instant>,
    /// When a tick ended well or a mail was answered.
    progress: Instant,
    /// Why the last tick was bad, if it was.
    pub trouble: Option<String>,
    /// Why there are no ticks at all, if so.
    pub stands_by: Option<String>,
    /// Decisions by kind and by what became of them: `told`, `superseded`, `not_sent`.
    pub notices: BTreeMap<(Kind, &'static str), u64>,
    /// Attempts to deliver a message by how they ended.
    pub deliveries: BTreeMap<Delivered, u64>,
    /// Faults told to owners.
    pub faults: u64,
    /// The plans in force, with the days until their period ends, if they have one; negative when it is over.
    pub plans: Vec<(Id, Option<i64>)>,
    /// Whether edited files were refused, so that the files on the disk are not those in force.
    pub refused: bool,
}

/// How an attempt to deliver a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delivered {
    /// It was taken.
    Sent,
    /// It is to be tried again.
    Again,
    /// Nobody knows; it is to be tried again.
    Uncertain,
    /// It is not tried again.
    GaveUp,
}

/// The daemon's side of its pulse; a clone beats the same.
#[derive(Debug, Clone)]
pub struct Heart {
    pulse: Arc<watch::Sender<Pulse>>,
    service: Option<Arc<Service>>,
}

impl Default for Heart {
    /// Makes one that only counts, for who serves nobody.
    fn default() -> Self {
        let pulse = Pulse {
            began: Instant::now(),
            good: 0,
            bad: 0,
            signs: 0,
            alive: None,
            progress: Instant::now(),
            trouble: None,
            stands_by: None,
            notices: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            faults: 0,
            plans: Vec::new(),
            refused: false,
        };
        Self { pulse: Arc::new(watch::Sender::new(pulse)), service: None }
    }
}

impl Heart {
    /// Makes one that also tells the service manager, if there is one; `watchdog` is how often that wants to hear.
    pub fn of_service(watchdog: Option<Duration>) -> Self {
        Self { service: Some(Arc::new(Service::new(watchdog))), ..Self::default() }
    }

    /// Returns what others look at.
    pub fn pulse(&self) -> watch::Receiver<Pulse> {
        self.pulse.subscribe()
    }

    /// Counts something that is no sign of life by itself.
    pub fn count(&self, count: impl FnOnce(&mut Pulse)) {
        self.pulse.send_modify(count);
    }

    /// Notes a tick after which nothing is due that could be done now; `status` says in words how things stand.
    pub fn good_tick(&self, status: &str) {
        self.pulse.send_modify(|pulse| {
            pulse.good += 1;
            pulse.progress = Instant::now();
            pulse.trouble = None;
            pulse.sign();
        });
        if let Some(service) = &self.service {
            service.good(status);
        }
    }

    /// Notes why a daemon that is not armed does nothing, and tells the service manager that it lives: it is not to be started again.
    /// Nobody else takes that for a good tick.
    pub fn stands_by(&self, why: &str) {
        self.pulse.send_modify(|pulse| pulse.stands_by = Some(why.to_owned()));
        if let Some(service) = &self.service {
            service.good("Disarmed: nothing is sent until `frist arm`");
        }
    }

    /// Notes that it is armed, and ticks.
    pub fn stands_by_no_more(&self) {
        self.pulse.send_modify(|pulse| pulse.stands_by = None);
    }

    /// Notes a tick that failed.
    pub fn bad_tick(&self, why: &str) {
        self.pulse.send_modify(|pulse| {
            pulse.bad += 1;
            pulse.trouble = Some(why.to_owned());
        });
        if let Some(service) = &self.service {
            service.bad(why);
        }
    }

    /// Counts an attempt to deliver that was written down; `state` is what it has left behind.
    pub fn delivered(&self, state: MessageState) {
        self.pulse.send_modify(|pulse| {
            *pulse.deliveries.entry(state.into()).or_default() += 1;
            pulse.progress = Instant::now();
        });
        self.goes_on();
    }

    /// Notes that a delivery lasts and that the ledger still takes what is written: a slow mail server is no reason to take
    /// the daemon for dead.
    ///
    /// Not for ever: it is no sign of life any more when no mail was answered for longer than any server may take.
    pub fn goes_on(&self) {
        self.goes_on_unless(UNANSWERED);
    }

    /// Gives a sign of life unless there was no progress for so long.
    fn goes_on_unless(&self, unanswered: Duration) {
        let mut lives = false;
        self.pulse.send_if_modified(|pulse| {
            lives = pulse.progress.elapsed() < unanswered;
            if lives {
                pulse.sign();
            }
            lives
        });
        if let Some(service) = self.service.as_ref().filter(|_| lives) {
            service.goes_on();
        }
    }

    /// Notes that edited files are being read.
    pub fn reloading(&self) {
        if let Some(service) = &self.service {
            service.reloading();
        }
    }

    /// Notes that this is done.
    pub fn reloaded(&self) {
        if let Some(service) = &self.service {
            service.reloaded();
        }
    }

    /// Notes that the daemon was told to stop.
    pub fn stopping(&self) {
        if let Some(service) = &self.service {
            service.stopping();
        }
    }
}

impl Pulse {
    fn sign(&mut self) {
        self.signs += 1;
        self.alive = Some(Instant::now());
    }

    /// Returns how long ago the last sign of life was, or the beginning if there was none yet.
    fn silent_for(&self) -> Duration {
        self.alive.unwrap_or(self.began).elapsed()
    }
}

impl From<MessageState> for Delivered {
    /// Tells by the state that an attempt has left behind how it ended.
    fn from(state: MessageState) -> Self {
        match state {
            MessageState::Sent => Self::Sent,
            MessageState::GaveUp => Self::GaveUp,
            MessageState::Uncertain => Self::Uncertain,
            _ => Self::Again,
        }
    }
}

impl Delivered {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sent, Self::Again, Self::Uncertain, Self::GaveUp];

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Again => "again",
            Self::Uncertain => "uncertain",
            Self::GaveUp => "gave_up",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_delivery_gives_signs_of_life_but_not_for_ever() {
        let heart = Heart::default();
        heart.goes_on();
        assert_eq!(heart.pulse().borrow().signs, 1);
        heart.goes_on_unless(Duration::ZERO);
        assert_eq!(heart.pulse().borrow().signs, 1);
        heart.delivered(MessageState::Sent);
        assert_eq!(heart.pulse().borrow().signs, 2);
    }

    #[test]
    fn a_bad_tick_is_no_sign_of_life() {
        let heart = Heart::default();
        let pulse = heart.pulse();
        heart.good_tick("fine");
        let alive = pulse.borrow().alive;
        heart.bad_tick("the ledger is busy");
        assert_eq!((pulse.borrow().alive, pulse.borrow().signs), (alive, 1));
        assert_eq!(pulse.borrow().trouble.as_deref(), Some("the ledger is busy"));
        heart.good_tick("fine");
        assert_eq!((pulse.borrow().good, pulse.borrow().bad), (2, 1));
        assert_eq!(pulse.borrow().trouble, None);
    }
}
