//! The working days of 1950 to 2100 counted once, so that every question about them is a look-up.
//! Why a day is free, and the years before and after, are the calendar's.

use chrono::{Datelike, Days, NaiveDate};

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
            if let Some(day) = place(date) {
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

    /// Tells whether people work on `date`; `None` outside the table, as everywhere below.
    pub(super) fn is_working(&self, date: NaiveDate) -> Option<bool> {
        let day = place(date)?;
        Some(self.through(day) > self.until(day))
    }

    /// Returns the last working day on or before `date`.
    pub(super) fn on_or_before(&self, date: NaiveDate) -> Option<NaiveDate> {
        let day = place(date)?;
        self.reach(date, day, self.through(day).checked_sub(1)?)
    }

    /// Returns the first working day on or after `date`.
    pub(super) fn on_or_after(&self, date: NaiveDate) -> Option<NaiveDate> {
        let day = place(date)?;
        self.reach(date, day, self.until(day))
    }

    /// Returns the `n`th working day strictly before `date`; `n` counts from 1.
    pub(super) fn nth_before(&self, date: NaiveDate, n: u32) -> Option<NaiveDate> {
        let day = place(date)?;
        self.reach(date, day, self.until(day).checked_sub(n)?)
    }

    /// Returns the `n`th working day strictly after `date`; `n` counts from 1.
    pub(super) fn nth_after(&self, date: NaiveDate, n: u32) -> Option<NaiveDate> {
        let day = place(date)?;
        self.reach(date, day, self.through(day).checked_add(n)? - 1)
    }

    /// Counts the working days after `from` up to and including `until`.
    pub(super) fn between(&self, from: NaiveDate, until: NaiveDate) -> Option<i64> {
        let (from, until) = (place(from)?, place(until)?);
        Some(i64::from(self.through(until)) - i64::from(self.through(from)))
    }

    /// Counts the working days before `day`.
    fn until(&self, day: u16) -> u32 {
        self.before[usize::from(day)].into()
    }

    /// Counts the working days up to and including `day`.
    fn through(&self, day: u16) -> u32 {
        self.before[usize::from(day) + 1].into()
    }

    /// Returns the date of the `n`th working day of the table, from 0, starting from `date`, which is `day`.
    fn reach(&self, date: NaiveDate, day: u16, n: u32) -> Option<NaiveDate> {
        let found = *self.nth.get(usize::try_from(n).ok()?)?;
        // Moving a date by some days is cheaper than making one of a day's number.
        if found < day {
            date.checked_sub_days(Days::new((day - found).into()))
        } else {
            date.checked_add_days(Days::new((found - day).into()))
        }
    }
}

/// Returns the place of `date` among the table's days, from 0.
fn place(date: NaiveDate) -> Option<u16> {
    let day = u16::try_from(date.num_days_from_ce() - FIRST).ok()?;
    (usize::from(day) < DAYS).then_some(day)
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
        assert_eq!(place(first), Some(0));
        assert_eq!(place(first.pred_opt().unwrap()), None);
        assert_eq!(usize::from(place(last).unwrap()), DAYS - 1);
        assert_eq!(place(last.succ_opt().unwrap()), None);
        assert_eq!(place(NaiveDate::MAX), None);
        assert_eq!(place(NaiveDate::MIN), None);
    }
}
