//! The service manager, systemd or one that speaks like it: told when the daemon is ready, how it does, and that it lives.
//! Where it listens, sd-notify reads from `NOTIFY_SOCKET`; without that, nothing is told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sd_notify::NotifyState;

/// The daemon wakes every minute, so a watchdog that waits less than this bites a daemon that is well.
const PATIENCE: Duration = Duration::from_secs(75);

/// What was told so far.
#[derive(Debug)]
pub(super) struct Service {
    ready: AtomicBool,
    deaf: AtomicBool,
}

impl Service {
    pub(super) fn new(watchdog: Option<Duration>) -> Self {
        if let Some(wanted) = watchdog.filter(|wanted| *wanted < PATIENCE) {
            tracing::warn!(
                seconds = wanted.as_secs(),
                "the watchdog wants to hear more often than the daemon wakes; set WatchdogSec=90"
            );
        }
        Self { ready: AtomicBool::new(false), deaf: AtomicBool::new(false) }
    }

    /// The first good tick makes the daemon ready; each one feeds the watchdog.
    pub(super) fn good(&self, status: &str) {
        let status = NotifyState::Status(status);
        if self.ready.swap(true, Ordering::SeqCst) {
            self.tell(&[NotifyState::Watchdog, status]);
        } else {
            self.tell(&[NotifyState::Ready, NotifyState::Watchdog, status]);
        }
    }

    /// A bad tick feeds nothing.
    pub(super) fn bad(&self, why: &str) {
        self.tell(&[NotifyState::Status(why)]);
    }

    /// A tick that lasts feeds the watchdog while it does something.
    pub(super) fn goes_on(&self) {
        self.tell(&[NotifyState::Watchdog]);
    }

    pub(super) fn reloading(&self) {
        // Without the time on its clock, systemd takes what follows for an answer to something else.
        if let (true, Ok(now)) =
            (self.ready.load(Ordering::SeqCst), NotifyState::monotonic_usec_now())
        {
            self.tell(&[NotifyState::Reloading, now, NotifyState::Status("Reading edited files")]);
        }
    }

    pub(super) fn reloaded(&self) {
        if self.ready.load(Ordering::SeqCst) {
            self.tell(&[NotifyState::Ready]);
        }
    }

    pub(super) fn stopping(&self) {
        self.tell(&[
            NotifyState::Stopping,
            NotifyState::Status("Waiting for the answers to mails that are under way"),
        ]);
    }

    fn tell(&self, states: &[NotifyState<'_>]) {
        match sd_notify::notify(states) {
            Ok(()) => self.deaf.store(false, Ordering::SeqCst),
            Err(error) if !self.deaf.swap(true, Ordering::SeqCst) => {
                tracing::warn!(%error, "the service manager does not hear");
            }
            Err(_) => {}
        }
    }
}
