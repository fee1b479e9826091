//! Working days: which dates count, how to move a date onto one, and how many lie between two.
//! Holiday *rules* are in `holidays` and `countries`, the days counted beforehand in `table`; arithmetic with lengths of
//! time is in `span`; from a civil date to an instant in `moment`. What is due on a date is decided in `schedule`.

pub mod countries;
pub mod holidays;
pub mod moment;
mod offsets;
pub mod span;
mod table;

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};

pub use holidays::Holidays;
pub use moment::Moments;
pub use span::Span;

use table::Table;

/// A plan's working days.
///
/// The years 1950 to 2100 are counted when the calendar is made and then answer in nanoseconds, however far a question
/// leads; a clone shares them. Other years are answered by the same rules, day by day.
#[derive(Debug, Clone)]
pub struct Calendar {
    holidays: Holidays,
    extra: Arc<BTreeMap<NaiveDate, ExtraDay>>,
    table: Arc<Table>,
}

/// How many working days a walk outside the years 1950 to 2100 may take: some 40 years, in less than a tenth of a second.
pub const FARTHEST: u32 = 10_000;

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
    /// A public holiday. Norway's is named in English, such as "Labour Day" (mails translate it), another country's in
    /// the country's language.
    Holiday(&'static str),
    /// A free day of the plan's own.
    Extra(Option<String>),
}

impl Calendar {
    /// Makes a calendar of a country's public holidays and a plan's own days.
    pub fn new(holidays: Holidays, extra: BTreeMap<NaiveDate, ExtraDay>) -> Self {
        let public = table::YEARS.flat_map(|year| holidays.of_year(year)).map(|(date, _)| date);
        let own = extra.iter().map(|(date, extra)| (*date, *extra == ExtraDay::Working));
        let table = Arc::new(Table::new(public, own));
        Self { holidays, extra: Arc::new(extra), table }
    }

    /// Tells whether people work on `date`.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.table.is_working(date).unwrap_or_else(|| self.free_day(date).is_none())
    }

    /// Tells why `date` is no working day; `None` if it is one.
    ///
    /// The plan's own days come before public holidays, and these before weekends: a holiday on a Sunday is the holiday.
    pub fn free_day(&self, date: NaiveDate) -> Option<FreeDay> {
        match self.extra.get(&date) {
            Some(ExtraDay::Working) => return None,
            Some(ExtraDay::Free(why)) => return Some(FreeDay::Extra(why.clone())),
            None => {}
        }
        match self.holidays.on(date) {
            Some(name) => Some(FreeDay::Holiday(name)),
            None => is_weekend(date).then(|| FreeDay::Weekend(date.weekday())),
        }
    }

    /// Returns the last working day on or before `date`.
    ///
    /// There always is one, since only finitely many days are the plan's own; only where chrono's calendar ends (the
    /// year 262143 before our era) does `date` stay as it is.
    pub fn on_or_before(&self, date: NaiveDate) -> NaiveDate {
        self.table.on_or_before(date).or_else(|| self.last_of(date)).unwrap_or(date)
    }

    /// Returns the first working day on or after `date`.
    ///
    /// There always is one, as in [`Calendar::on_or_before`]; only where chrono's calendar ends (the year 262142) does
    /// `date` stay as it is.
    pub fn on_or_after(&self, date: NaiveDate) -> NaiveDate {
        self.table.on_or_after(date).or_else(|| self.first_of(date)).unwrap_or(date)
    }

    /// Returns the `n`th working day strictly before `date`; `date` itself for 0.
    ///
    /// A day that chrono cannot hold, or that lies outside the years 1950 to 2100 and more than [`FARTHEST`] working days
    /// away, is not looked for: `date` stays as it is.
    pub fn workdays_before(&self, date: NaiveDate, n: u32) -> NaiveDate {
        if n == 0 {
            return date;
        }
        let walk = || walk(date, n, |date| self.last_of(date.pred_opt()?));
        self.table.nth_before(date, n).or_else(walk).unwrap_or(date)
    }

    /// Returns the `n`th working day strictly after `date`; `date` itself for 0.
    ///
    /// What is too far away stays at `date`, as in [`Calendar::workdays_before`].
    pub fn workdays_after(&self, date: NaiveDate, n: u32) -> NaiveDate {
        if n == 0 {
            return date;
        }
        let walk = || walk(date, n, |date| self.first_of(date.succ_opt()?));
        self.table.nth_after(date, n).or_else(walk).unwrap_or(date)
    }

    /// Counts the working days after `from` up to and including `until`; 0 if `until` is not after `from`.
    pub fn workdays_between(&self, from: NaiveDate, until: NaiveDate) -> i64 {
        if until <= from {
            return 0;
        }
        let known = self.table.between(from, until);
        known.unwrap_or_else(|| self.count_by_rule(from, until))
    }

    /// Walks to the last working day on or before `date`.
    fn last_of(&self, date: NaiveDate) -> Option<NaiveDate> {
        date.iter_days().rev().find(|day| self.is_working_day(*day))
    }

    /// Walks to the first working day on or after `date`.
    fn first_of(&self, date: NaiveDate) -> Option<NaiveDate> {
        date.iter_days().find(|day| self.is_working_day(*day))
    }

    /// Counts without the table, year by year and not day by day: a deadline in the year 9999 is no reason to wait.
    fn count_by_rule(&self, from: NaiveDate, until: NaiveDate) -> i64 {
        let within = (Excluded(from), Included(until));
        let mut count = weekdays_through(until) - weekdays_through(from);
        for year in from.year()..=until.year() {
            for (date, _) in self.holidays.of_year(year) {
                count -= i64::from(date > from && date <= until && !is_weekend(date));
            }
        }
        for (date, extra) in self.extra.range(within) {
            let without = !is_weekend(*date) && self.holidays.on(*date).is_none();
            count += i64::from(*extra == ExtraDay::Working) - i64::from(without);
        }
        count
    }
}

impl Default for Calendar {
    /// Makes a calendar of weekends only.
    fn default() -> Self {
        Self::new(Holidays::None, BTreeMap::new())
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Counts the Mondays to Fridays of our era up to and including `date`; negative before.
fn weekdays_through(date: NaiveDate) -> i64 {
    // Day 1 of the common era is a Monday.
    let days = i64::from(date.num_days_from_ce());
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

/// Takes `n` steps from `date`.
fn walk(
    date: NaiveDate,
    n: u32,
    step: impl Fn(NaiveDate) -> Option<NaiveDate>,
) -> Option<NaiveDate> {
    if n > FARTHEST {
        return None;
    }
    (0..n).try_fold(date, |date, _| step(date))
}
