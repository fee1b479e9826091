//! From a civil date to the instant at which mails go out, in the plan's zone, across every clock change; and back.
//! Which date is a sending date is decided in `schedule`; when clocks change, in `offsets`.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::offsets::{self, Offsets};

/// Turns sending dates into instants, and instants into local time.
///
/// The years 1950 to 2100 are answered in nanoseconds, other years by a look-up in the zone. `chrono-tz` knows clock
/// changes up to 2099; from then on it stays at the last offset.
#[derive(Debug, Clone)]
pub struct Moments {
    offsets: Offsets,
    send_at: NaiveTime,
}

impl Moments {
    /// Makes the moments of `send_at` in `zone`.
    pub fn new(zone: Tz, send_at: NaiveTime) -> Self {
        Self { offsets: Offsets::new(zone), send_at }
    }

    /// Returns the instant at which mails of `date` go out.
    ///
    /// If a clock change skips it, that is the first valid instant after; if one doubles it, the first of the two.
    pub fn of(&self, date: NaiveDate) -> DateTime<Utc> {
        self.offsets.instant(date.and_time(self.send_at))
    }

    /// Returns the local time at `at`, with its offset, as RFC 3339 writes it.
    pub fn local(&self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        at.with_timezone(&self.offsets.at(at))
    }

    /// Returns the date that it is locally at `at`.
    pub fn date_of(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// Returns the zone.
    pub fn zone(&self) -> Tz {
        self.offsets.zone()
    }
}

/// Returns the instant of a local time; skipped by a clock change, the first valid instant after; doubled, the first.
pub fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    offsets::instant(zone, local)
}
