//! Working days: which dates count, how to move a date onto one, and how many lie between two.
//! Holiday *rules* are in `holidays`; arithmetic with lengths of time in `span`; from a civil date to an instant in
//! `moment`. What is due on a date is decided in `schedule`.

pub mod holidays;
pub mod moment;
pub mod span;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

pub use holidays::Holidays;
pub use moment::Moments;
pub use span::Span;

/// A plan's working days.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    holidays: Holidays,
    extra: BTreeMap<NaiveDate, ExtraDay>,
}

/// A date that the plan itself says is free, or is a working day although it would be free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtraDay {
    /// Nobody works; why, if the plan says so.
    Free(Option<String>),
    /// People work although it is a weekend or a holiday.
    Working,
}

/// Why a date is no working day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FreeDay {
    /// A Saturday or Sunday.
    Weekend(Weekday),
    /// A public holiday; its name in English, such as "Labour Day" (mails translate Norway's).
    Holiday(&'static str),
    /// A free day of the plan's own.
    Extra(Option<String>),
}

impl Calendar {
    /// Makes a calendar of a country's public holidays and a plan's own days.
    pub fn new(holidays: Holidays, extra: BTreeMap<NaiveDate, ExtraDay>) -> Self {
        Self { holidays, extra }
    }

    /// Tells whether people work on `date`.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.free_day(date).is_none()
    }

    /// Tells why `date` is no working day; `None` if it is one.
    pub fn free_day(&self, date: NaiveDate) -> Option<FreeDay> {
        matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
            .then(|| FreeDay::Weekend(date.weekday()))
    }

    /// Returns the last working day on or before `date`.
    pub fn on_or_before(&self, date: NaiveDate) -> NaiveDate {
        date.iter_days().rev().find(|day| self.is_working_day(*day)).unwrap_or(date)
    }

    /// Returns the first working day on or after `date`.
    pub fn on_or_after(&self, date: NaiveDate) -> NaiveDate {
        date.iter_days().find(|day| self.is_working_day(*day)).unwrap_or(date)
    }

    /// Returns the `n`th working day strictly before `date`; `date` itself for 0.
    pub fn workdays_before(&self, date: NaiveDate, n: u32) -> NaiveDate {
        (0..n).fold(date, |date, _| self.on_or_before(date.pred_opt().unwrap_or(date)))
    }

    /// Returns the `n`th working day strictly after `date`; `date` itself for 0.
    pub fn workdays_after(&self, date: NaiveDate, n: u32) -> NaiveDate {
        (0..n).fold(date, |date, _| self.on_or_after(date.succ_opt().unwrap_or(date)))
    }

    /// Counts the working days after `from` up to and including `until`; 0 if `until` is not after `from`.
    pub fn workdays_between(&self, from: NaiveDate, until: NaiveDate) -> i64 {
        let mut count = 0;
        for date in from.iter_days().skip(1).take_while(|date| *date <= until) {
            count += i64::from(self.is_working_day(date));
        }
        count
    }
}
