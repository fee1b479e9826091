//! Standing by: a daemon that may not send decides nothing either, says why, and looks every minute whether it may.
//! Whether it may is found out in `instance`. What falls due meanwhile is told late, as after any outage.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::{Daemon, ServeError, in_one_line};
use crate::instance::Instance;
use crate::pulse::Heart;
use crate::store::{Store, StoreError};

/// How long it may take until `frist arm` is noticed.
const LOOK: Duration = Duration::from_secs(60);

/// What a daemon says that stands by, before the reason.
const DISARMED: &str = "disarmed: nothing is decided and nothing is sent until `frist arm`";
const UNKNOWN: &str =
    "nothing is decided and nothing is sent, since the ledger does not say whether this is armed";

/// Waits until `instance` may send, or until the daemon is told to stop; tells whether it may. SIGHUP makes it look at
/// once; `heart` is told at every look why it may not.
///
/// # Errors
/// If the system gives no signals.
pub async fn until_armed(
    instance: &Instance,
    store: &Store,
    heart: &Heart,
) -> Result<bool, ServeError> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut said = String::new();
    loop {
        let (what, why) = match instance.why_disarmed(store).await {
            Ok(None) => break,
            Ok(Some(why)) => (DISARMED, why.to_string()),
            Err(error) => (UNKNOWN, in_one_line(&error)),
        };
        let says = format!("{what}: {why}");
        if says != said {
            tracing::error!(why, "{what}");
            said = says;
        }
        heart.stands_by(&said);
        tokio::select! {
            _ = terminate.recv() => return Ok(false),
            _ = interrupt.recv() => return Ok(false),
            _ = hang_up.recv() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    if !said.is_empty() {
        tracing::info!("armed: mails are sent from here");
    }
    heart.stands_by_no_more();
    Ok(true)
}

impl Daemon {
    /// Lets the daemon decide and send only as long as `instance` may, whenever mails reach people.
    pub fn guard(&mut self, instance: Instance) {
        self.instance = Some(instance);
    }

    /// Finds out whether a turn may decide and send.
    pub(super) async fn may_send(&mut self) -> Result<bool, StoreError> {
        self.is_disarmed = match &self.instance {
            // Asked at each turn, since an edit of the configuration may have made a mail server the way out.
            Some(instance) if self.postman.reaches_people() => {
                instance.why_disarmed(&self.store).await?.is_some()
            }
            _ => false,
        };
        Ok(!self.is_disarmed)
    }

    /// Waits until it may send again, and reads the past anew; tells whether it may.
    ///
    /// # Errors
    /// If the system gives no signals.
    pub(super) async fn stand_by(&mut self) -> Result<bool, ServeError> {
        let Some(instance) = &self.instance else { return Ok(true) };
        if !until_armed(instance, &self.store, &self.heart).await? {
            return Ok(false);
        }
        self.is_disarmed = false;
        // Another may have told much meanwhile.
        let now = self.clock.now();
        for served in &mut self.served {
            if let Err(error) = served.begin_again(&self.store, now).await {
                tracing::error!(error = %in_one_line(&error), "the ledger fails; what it says is read when it is written");
            }
        }
        Ok(true)
    }

    /// Notes how far the ledger has come, so that an older copy in its place is not taken for it.
    pub(super) async fn note_position(&self) -> Result<(), StoreError> {
        if let Some(instance) = &self.instance
            && let Err(error) = instance.note(self.store.position().await?)
        {
            tracing::warn!(error = %in_one_line(&error), "an older copy of the ledger might not be noticed");
        }
        Ok(())
    }
}
