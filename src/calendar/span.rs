//! Lengths of civil time: days, months and working days, and how they are added to a date.
//! Which days are working days is the calendar's.

use std::fmt;
use std::ops::{Add, Mul, Neg};

use chrono::{Days, Months, NaiveDate};

use super::Calendar;

/// A signed length of civil time. Years are twelve months, weeks seven days.
///
/// Added to a date, months go first (clamped to the month's last day), then days, then working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Calendar months.
    pub months: i32,
    /// Calendar days.
    pub days: i32,
    /// Working days.
    pub workdays: i32,
}

impl Span {
    /// `n` calendar days.
    pub const fn days(n: i32) -> Self {
        Self { months: 0, days: n, workdays: 0 }
    }

    /// `n` calendar months.
    pub const fn months(n: i32) -> Self {
        Self { months: n, days: 0, workdays: 0 }
    }

    /// `n` working days.
    pub const fn workdays(n: i32) -> Self {
        Self { months: 0, days: 0, workdays: n }
    }

    /// Returns 1, 0 or -1: whether the span leads forward or back, by its largest part that is not nothing.
    pub fn sign(self) -> i32 {
        [self.months, self.days, self.workdays]
            .into_iter()
            .find(|part| *part != 0)
            .unwrap_or(0)
            .signum()
    }

    /// Returns `date` moved by the months and days of this span, the working days left out.
    ///
    /// A date that chrono cannot hold (beyond the year 262000) stays at `date`.
    pub fn after(self, date: NaiveDate) -> NaiveDate {
        let months = Months::new(self.months.unsigned_abs());
        let moved = if self.months < 0 {
            date.checked_sub_months(months)
        } else {
            date.checked_add_months(months)
        };
        let days = Days::new(u64::from(self.days.unsigned_abs()));
        moved
            .and_then(|date| {
                if self.days < 0 {
                    date.checked_sub_days(days)
                } else {
                    date.checked_add_days(days)
                }
            })
            .unwrap_or(date)
    }

    /// Returns `date` moved by the whole span.
    ///
    /// `-n` working days is the `n`th working day strictly before, `n` the `n`th strictly after.
    pub fn from(self, date: NaiveDate, calendar: &Calendar) -> NaiveDate {
        let moved = self.after(date);
        match self.workdays {
            0 => moved,
            n if n < 0 => calendar.workdays_before(moved, n.unsigned_abs()),
            n => calendar.workdays_after(moved, n.unsigned_abs()),
        }
    }
}

impl Mul<i32> for Span {
    type Output = Self;

    fn mul(self, k: i32) -> Self {
        Self {
            months: self.months.saturating_mul(k),
            days: self.days.saturating_mul(k),
            workdays: self.workdays.saturating_mul(k),
        }
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            months: self.months.saturating_add(other.months),
            days: self.days.saturating_add(other.days),
            workdays: self.workdays.saturating_add(other.workdays),
        }
    }
}

impl Neg for Span {
    type Output = Self;

    fn neg(self) -> Self {
        self * -1
    }
}

impl fmt::Display for Span {
    /// Writes "30 days", "1 month", "10 working days", "1 month and 14 days"; "nothing" for an empty span.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.months, "month"), (self.days, "day"), (self.workdays, "working day")];
        let mut written = 0;
        for (n, unit) in parts.into_iter().filter(|(n, _)| *n != 0) {
            let and = if written > 0 { " and " } else { "" };
            write!(f, "{and}{n} {unit}{}", if n.abs() == 1 { "" } else { "s" })?;
            written += 1;
        }
        if written == 0 { f.write_str("nothing") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_clamped_to_the_months_last_day_and_counted_from_the_start() {
        let occurrence = |k| (Span::months(1) * k).after(date("2011-01-31")).to_string();
        assert_eq!(occurrence(0), "2011-01-31");
        assert_eq!(occurrence(1), "2011-02-28");
        assert_eq!(occurrence(2), "2011-03-31");
        assert_eq!(occurrence(3), "2011-04-30");
        assert_eq!(occurrence(13), "2012-02-29");
        assert_eq!(occurrence(-2), "2010-11-30");
    }

    #[test]
    fn years_are_clamped_on_29_february() {
        let years = |n| Span::months(12 * n).after(date("2012-02-29")).to_string();
        assert_eq!(years(1), "2013-02-28");
        assert_eq!(years(4), "2016-02-29");
        assert_eq!(years(-1), "2011-02-28");
    }

    #[test]
    fn months_go_first_then_days_then_working_days() {
        let calendar = Calendar::default();
        let span = Span::months(1) + Span::days(1) + Span::workdays(1);
        // 31 January, 28 February, 1 March (a Tuesday), 2 March.
        assert_eq!(span.from(date("2011-01-31"), &calendar), date("2011-03-02"));
        // 31 March, 28 February, 27 February (a Sunday), the Friday before.
        assert_eq!((-span).from(date("2011-03-31"), &calendar), date("2011-02-25"));
        assert_eq!(span.after(date("2011-01-31")), date("2011-03-01"));
    }

    #[test]
    fn a_date_beyond_every_calendar_stays() {
        assert_eq!(Span::months(i32::MAX).after(date("2011-01-31")), date("2011-01-31"));
        assert_eq!(Span::days(i32::MIN).after(date("2011-01-31")), date("2011-01-31"));
    }

    #[test]
    fn the_sign_is_that_of_the_largest_part() {
        assert_eq!(Span::default().sign(), 0);
        assert_eq!(Span::days(-30).sign(), -1);
        assert_eq!((Span::months(1) + Span::days(-3)).sign(), 1);
        assert_eq!(Span::workdays(10).sign(), 1);
    }

    #[test]
    fn arithmetic_stops_at_the_largest_number() {
        assert_eq!(Span::days(i32::MAX) * 2, Span::days(i32::MAX));
        assert_eq!(Span::days(i32::MAX) + Span::days(1), Span::days(i32::MAX));
        assert_eq!(-Span::days(i32::MIN), Span::days(i32::MAX));
    }

    #[test]
    fn a_span_reads_as_people_say_it() {
        let said = |span: Span| span.to_string();
        assert_eq!(said(Span::default()), "nothing");
        assert_eq!(said(Span::days(1)), "1 day");
        assert_eq!(said(Span::days(30)), "30 days");
        assert_eq!(said(Span::workdays(10)), "10 working days");
        assert_eq!(said(Span::months(1) + Span::days(14)), "1 month and 14 days");
    }
}
