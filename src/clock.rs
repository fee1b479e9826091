//! The clock: the only reader of the wall clock, and the simulated one that replays run on.
//! What is due at a time is decided in `schedule`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time, and waits for one.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The wall clock.
    System,
    /// The wall clock, so much later: `--now T` starts it at T and lets it run on.
    Shifted(TimeDelta),
    /// A clock that stands still until it is moved; milliseconds UTC.
    Simulated(Arc<AtomicI64>),
}

/// The longest sleep in one piece, so that a clock that was set is noticed.
const NAP: Duration = Duration::from_secs(60);

impl Clock {
    /// A clock that shows `now` at this moment and runs on.
    pub fn starting_at(now: DateTime<Utc>) -> Self {
        Self::Shifted(now - wall_clock())
    }

    /// A clock that stands at `now`.
    pub fn simulated(now: DateTime<Utc>) -> Self {
        Self::Simulated(Arc::new(AtomicI64::new(now.timestamp_millis())))
    }

    /// Tells the time.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => wall_clock(),
            Self::Shifted(by) => wall_clock() + *by,
            Self::Simulated(at) => {
                DateTime::from_timestamp_millis(at.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// Waits until `then`; a simulated clock is moved there at once.
    pub async fn sleep_until(&self, then: DateTime<Utc>) {
        if let Self::Simulated(at) = self {
            at.fetch_max(then.timestamp_millis(), Ordering::SeqCst);
            return;
        }
        while let Ok(left) = (then - self.now()).to_std() {
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(NAP)).await;
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "this is where the time comes from")]
fn wall_clock() -> DateTime<Utc> {
    // The ledger counts in milliseconds; so does everything else.
    let now = Utc::now();
    DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_clock_runs_on_from_where_it_was_set() {
        let then = DateTime::from_timestamp(1_300_000_000, 0).unwrap();
        let clock = Clock::starting_at(then);
        assert!(clock.now() - then < TimeDelta::minutes(1));
        assert!(clock.now() >= then);
    }

    #[tokio::test]
    async fn a_simulated_clock_jumps_and_never_goes_back() {
        let then = DateTime::from_timestamp(1_300_000_000, 0).unwrap();
        let clock = Clock::simulated(then);
        clock.sleep_until(then + TimeDelta::days(400)).await;
        assert_eq!(clock.now(), then + TimeDelta::days(400));
        clock.sleep_until(then).await;
        assert_eq!(clock.now(), then + TimeDelta::days(400));
    }
}
