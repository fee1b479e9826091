//! From a civil date to the instant at which mails go out, in the plan's zone, across every clock change.
//! Which date is a sending date is decided in `schedule`.

use chrono::{
    DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;

/// Turns sending dates into instants.
#[derive(Debug, Clone)]
pub struct Moments {
    zone: Tz,
    send_at: NaiveTime,
}

impl Moments {
    /// Makes the moments of `send_at` in `zone`.
    pub fn new(zone: Tz, send_at: NaiveTime) -> Self {
        Self { zone, send_at }
    }

    /// Returns the instant at which mails of `date` go out.
    pub fn of(&self, date: NaiveDate) -> DateTime<Utc> {
        instant(self.zone, date.and_time(self.send_at))
    }

    /// Returns the date of an instant in the zone.
    pub fn date_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// Returns the zone.
    pub fn zone(&self) -> Tz {
        self.zone
    }
}

/// Returns the instant of a local time; skipped by a clock change, the first valid instant after; doubled, the first.
pub fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
        LocalResult::None => (1..=24 * 60)
            .find_map(|minutes| {
                zone.from_local_datetime(&(local + TimeDelta::minutes(minutes))).earliest()
            })
            .map_or_else(|| local.and_utc(), |at| at.to_utc()),
    }
}
