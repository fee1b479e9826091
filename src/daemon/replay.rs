//! Replay: the daemon itself on a simulated clock, as fast as it can.
//! What it does at each moment is the same as on the real clock.

use chrono::{DateTime, Utc};

use super::Daemon;
use crate::store::StoreError;

impl Daemon {
    /// Runs from the clock's time until `until` (excluded), jumping from one wake-up to the next; `at` is told each one.
    ///
    /// # Errors
    /// If the ledger fails.
    pub async fn replay(
        &mut self,
        until: DateTime<Utc>,
        mut at: impl FnMut(DateTime<Utc>),
    ) -> Result<(), StoreError> {
        while self.clock.now() < until {
            at(self.clock.now());
            self.turn().await?;
            match self.next_wake_up().await? {
                // A moment that has come and stays due would hold the clock for ever.
                Some(next) if next > self.clock.now() => self.clock.sleep_until(next).await,
                Some(_) | None => break,
            }
        }
        Ok(())
    }
}
