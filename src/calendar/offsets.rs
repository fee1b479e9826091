//! A zone's clock changes, year by year: from which instant on which offset from UTC holds.
//! What the offsets are used for is in `moment`.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::table::YEARS;

/// A time during which a zone's offset does not change, up to the next stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The first second, UTC; the first stretch of a list holds before that, too.
    from: i64,
    offset: FixedOffset,
}

/// The offsets of a zone from 1950 to 2100; a year is looked up in the zone when it is first asked for.
///
/// A look-up in `chrono-tz` costs some hundred nanoseconds, one here a few. Clones share what was looked up.
#[derive(Debug, Clone)]
pub(super) struct Offsets {
    zone: Tz,
    years: Arc<[OnceLock<Box<[Stretch]>>]>,
}

const DAY: i64 = 24 * 60 * 60;

/// How far local time can be from UTC: offsets reach from -12 to +14 hours.
const MARGIN: i64 = 2 * DAY;

impl Offsets {
    /// Makes the offsets of `zone`.
    pub(super) fn new(zone: Tz) -> Self {
        Self { zone, years: YEARS.map(|_| OnceLock::new()).collect() }
    }

    /// Returns the zone.
    pub(super) fn zone(&self) -> Tz {
        self.zone
    }

    /// Returns the offset that holds at `at`.
    pub(super) fn at(&self, at: DateTime<Utc>) -> FixedOffset {
        match self.year(at.year()) {
            Some(stretches) => offset_at(stretches, at.timestamp()),
            None => fixed(self.zone, at.timestamp()),
        }
    }

    /// Returns the instant of a local time; skipped by a clock change, the first valid instant after; doubled, the first.
    pub(super) fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        match self.year(local.year()) {
            Some(stretches) => first_instant(stretches, local),
            None => instant(self.zone, local),
        }
    }

    /// Returns the stretches of a year in UTC, and of the year's local time, if the year has a place in the table.
    fn year(&self, year: i32) -> Option<&[Stretch]> {
        let place = usize::try_from(year - YEARS.start()).ok()?;
        let stretches = self.years.get(place)?.get_or_init(|| {
            let start = |year| {
                let day = NaiveDate::from_yo_opt(year, 1).expect("the table's years are ordinary");
                day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
            };
            look_up(self.zone, start(year) - MARGIN, start(year + 1) + MARGIN)
        });
        Some(stretches)
    }
}

/// Returns the instant of a local time without a table, by the same rule as [`Offsets::instant`].
pub(super) fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let about = local.and_utc().timestamp();
    first_instant(&look_up(zone, about - MARGIN, about + MARGIN), local)
}

/// Looks up all stretches of a zone from `from` until `until`, in seconds.
///
/// Since 1950 no two changes lie less than six days apart, so one look a day sees them all; the second of the change is
/// then found by halving.
fn look_up(zone: Tz, from: i64, until: i64) -> Box<[Stretch]> {
    let mut last = Stretch { from, offset: fixed(zone, from) };
    let mut stretches = vec![last];
    let mut seen = from;
    while seen < until {
        let next = seen + DAY;
        let offset = fixed(zone, next);
        if offset != last.offset {
            let (mut before, mut after) = (seen, next);
            while after - before > 1 {
                let middle = before + (after - before) / 2;
                if fixed(zone, middle) == last.offset { before = middle } else { after = middle }
            }
            last = Stretch { from: after, offset };
            stretches.push(last);
        }
        seen = next;
    }
    stretches.into()
}

/// Returns the offset of `zone` at a second, UTC; where chrono's calendar ends, that at its end.
fn fixed(zone: Tz, second: i64) -> FixedOffset {
    let end = if second < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
    let at = DateTime::from_timestamp(second, 0).unwrap_or(end);
    zone.offset_from_utc_datetime(&at.naive_utc()).fix()
}

fn offset_at(stretches: &[Stretch], second: i64) -> FixedOffset {
    let (first, later) = stretches.split_first().expect("a zone always has an offset");
    later.iter().rev().find(|stretch| stretch.from <= second).unwrap_or(first).offset
}

/// Returns the first instant at which the clock shows `local` or, if a change skipped it, has passed it.
fn first_instant(stretches: &[Stretch], local: NaiveDateTime) -> DateTime<Utc> {
    let second = local.and_utc().timestamp();
    for (place, stretch) in stretches.iter().enumerate() {
        let at = second - i64::from(stretch.offset.local_minus_utc());
        let ends = stretches.get(place + 1).map_or(i64::MAX, |next| next.from);
        if at < ends {
            // A time before the stretch, but not in an earlier one: the change to this stretch skipped it.
            let skipped = place > 0 && at < stretch.from;
            let exact = || local.checked_sub_offset(stretch.offset).map(|at| at.and_utc());
            let at = if skipped { DateTime::from_timestamp(stretch.from, 0) } else { exact() };
            return at.unwrap_or(local.and_utc());
        }
    }
    local.and_utc()
}
