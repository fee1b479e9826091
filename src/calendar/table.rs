//! The working days of 1950 to 2100 counted once, so that every question about them is a look-up.
//! Why a day is free, and the years before and after, are the calendar's.

use chrono::{Datelike, NaiveDate};

/// The first and the last year of every table in the calendar.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1950..=2100;

/// 1 January 1950, counted in days from the common era as chrono does; a Sunday.
const FIRST: i32 = 711_858;

/// How many days the years have; each fits into 16 bits.
const DAYS: usize = 55_152;

/// Working days, counted and numbered: 190 kB.
#[derive(Debug)]
pub(super) struct Table {
    /// How many working days lie before a day; one entry more than there are days.
    before: Box<[u16]>,
    /// The day of the nth working day, from 0.
    nth: Box<[u16]>,
}

/// A day of the table, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day(u16);

impl Day {
    /// Returns the place of `date` in the table, if it has one.
    pub(super) fn of(date: NaiveDate) -> Option<Self> {
        let day = u16::try_from(date.num_days_from_ce() - FIRST).ok()?;
        (usize::from(day) < DAYS).then_some(Self(day))
    }

    fn date(self) -> Option<NaiveDate> {
        NaiveDate::from_num_days_from_ce_opt(FIRST + i32::from(self.0))
    }
}

impl Table {
    /// Makes the table of Mondays to Fridays, less `holidays`, then with the `extra` days as they are told: `true` is
    /// a working day. Dates outside the table's years are passed over.
    pub(super) fn new(
        holidays: impl Iterator<Item = NaiveDate>,
        extra: impl Iterator<Item = (NaiveDate, bool)>,
    ) -> Self {
        // Day 0 is a Sunday, so days 0 and 6 of each seven are weekends.
        let mut works: Vec<bool> = (0..DAYS).map(|day| !matches!(day % 7, 0 | 6)).collect();
        for (date, working) in holidays.map(|date| (date, false)).chain(extra) {
            if let Some(Day(day)) = Day::of(date) {
                works[usize::from(day)] = working;
            }
        }
        let mut before = Vec::with_capacity(DAYS + 1);
        let mut nth = Vec::with_capacity(DAYS);
        let mut count = 0;
        for (day, works) in (0..).zip(works) {
            before.push(count);
            if works {
                nth.push(day);
                count += 1;
            }
        }
        before.push(count);
        Self { before: before.into(), nth: nth.into() }
    }

    /// Tells whether people work on the day.
    pub(super) fn is_working(&self, day: Day) -> bool {
        self.through(day) > self.until(day)
    }

    /// Returns the `n`th working day strictly before `day`; `None` if it lies before the table. `n` counts from 1.
    pub(super) fn nth_before(&self, day: Day, n: u32) -> Option<NaiveDate> {
        self.nth(u32::from(self.until(day)).checked_sub(n)?)
    }

    /// Returns the `n`th working day strictly after `day`; `None` if it lies behind the table. `n` counts from 1.
    pub(super) fn nth_after(&self, day: Day, n: u32) -> Option<NaiveDate> {
        self.nth(u32::from(self.through(day)).checked_add(n)?.checked_sub(1)?)
    }

    /// Returns the last working day on or before `day`; `None` if it lies before the table.
    pub(super) fn on_or_before(&self, day: Day) -> Option<NaiveDate> {
        self.nth(u32::from(self.through(day)).checked_sub(1)?)
    }

    /// Returns the first working day on or after `day`; `None` if it lies behind the table.
    pub(super) fn on_or_after(&self, day: Day) -> Option<NaiveDate> {
        self.nth(u32::from(self.until(day)))
    }

    /// Counts the working days after `from` up to and including `until`; negative if `until` is before `from`.
    pub(super) fn between(&self, from: Day, until: Day) -> i64 {
        i64::from(self.through(until)) - i64::from(self.through(from))
    }

    /// Counts the working days before `day`.
    fn until(&self, Day(day): Day) -> u16 {
        self.before[usize::from(day)]
    }

    /// Counts the working days up to and including `day`.
    fn through(&self, Day(day): Day) -> u16 {
        self.before[usize::from(day) + 1]
    }

    fn nth(&self, n: u32) -> Option<NaiveDate> {
        Day(*self.nth.get(usize::try_from(n).ok()?)?).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_fit_the_years() {
        let first = NaiveDate::from_ymd_opt(*YEARS.start(), 1, 1).unwrap();
        let last = NaiveDate::from_ymd_opt(*YEARS.end(), 12, 31).unwrap();
        assert_eq!(first.num_days_from_ce(), FIRST);
        assert_eq!(first.weekday(), chrono::Weekday::Sun);
        assert_eq!((last - first).num_days() + 1, i64::try_from(DAYS).unwrap());
        assert_eq!(Day::of(first), Some(Day(0)));
        assert_eq!(Day::of(first.pred_opt().unwrap()), None);
        assert_eq!(usize::from(Day::of(last).unwrap().0), DAYS - 1);
        assert_eq!(Day::of(last.succ_opt().unwrap()), None);
        assert_eq!(Day::of(NaiveDate::MAX), None);
        assert_eq!(Day::of(NaiveDate::MIN), None);
    }
}
