//! Dates, times of day and distances as people write them in plans and rules: `2011-05-01`, `01.05.2011 12:00`, `3 months`.
//! Arithmetic with them is in `calendar`.

use chrono::{Datelike, NaiveDate, NaiveTime};
use thiserror::Error;

use super::DueDate;
use crate::calendar::Span;

/// The first and the last year that a date may have.
///
/// The calendars of holidays are right from 1950 to 2100; what lies far outside is a slip of the pen.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// The greatest distance between two occurrences, in years.
const MOST_YEARS: i32 = 100;

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DateError {
    /// It is written in no known way.
    #[error("`{0}` is not a date")]
    NotADate(String),
    /// The month does not exist.
    #[error("there is no month {month}")]
    NoSuchMonth {
        /// The month's number.
        month: u32,
        /// The date that was meant if day and month were swapped.
        swapped: Option<NaiveDate>,
    },
    /// The month has fewer days.
    #[error("{} {year} has {days} days", month_name(*.month))]
    NoSuchDay {
        /// The year.
        year: i32,
        /// The month, 1 to 12.
        month: u32,
        /// How many days it has.
        days: u32,
    },
    /// The year is far from ours.
    #[error("the year {0} is outside 1900 to 2199")]
    FarYear(i32),
    /// The time of day does not exist.
    #[error("there is no time of day `{0}`")]
    NoSuchTime(String),
    /// It carries a zone or an offset of its own.
    #[error("`{0}` carries a zone of its own")]
    OwnZone(String),
    /// It has a time of day where only a date makes sense.
    #[error("`{0}` has a time of day")]
    WithTime(String),
}

/// Why a text is no distance between occurrences.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EveryError {
    /// It is written in no known way.
    #[error("`{0}` is no distance between two occurrences")]
    NotASpan(String),
    /// It is nothing.
    #[error("`{0}` is no distance: the occurrences would all fall on one day")]
    Nothing(String),
    /// It is more than a hundred years.
    #[error("`{0}` is more than {MOST_YEARS} years")]
    TooLong(String),
    /// Working days are not counted here.
    #[error("occurrences are not counted in working days")]
    Workdays,
}

impl DateError {
    /// Returns the fault's code: `impossible_date` for a day that does not exist, else `bad_date`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchMonth { .. } | Self::NoSuchDay { .. } | Self::NoSuchTime(_) => {
                "impossible_date"
            }
            Self::NotADate(_) | Self::FarYear(_) | Self::OwnZone(_) | Self::WithTime(_) => {
                "bad_date"
            }
        }
    }

    /// Says what to write instead, where there is more to say.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NotADate(_) => Some(
                "write `2011-05-01` or `01.05.2011`; with a time of day `2011-05-01T12:00` or `01.05.2011 12:00`"
                    .into(),
            ),
            Self::NoSuchMonth { swapped, .. } => {
                swapped.map(|date| format!("day and month are swapped: did you mean `{date}`?"))
            }
            Self::OwnZone(_) => {
                Some("dates and times are meant in the plan's `zone`; leave the offset out".into())
            }
            Self::WithTime(_) => Some("a date alone belongs here".into()),
            Self::NoSuchTime(_) => Some("the day goes from `00:00` to `23:59`".into()),
            Self::NoSuchDay { .. } | Self::FarYear(_) => None,
        }
    }
}

impl EveryError {
    /// Says what to write instead.
    pub fn help(&self) -> &'static str {
        "write a number and `days`, `weeks`, `months` or `years`, such as `3 months`"
    }
}

/// Reads a date, or a date and a time of day: `2011-05-01`, `01.05.2011`, `2011-05-01T12:00`, `01.05.2011 12:00`.
///
/// In the dotted notation day and month may have one digit; the time may have seconds, and a space in place of the `T`.
///
/// # Errors
/// `DateError` tells what is wrong with it.
pub fn parse(text: &str) -> Result<DueDate, DateError> {
    let text = text.trim();
    let not_a_date = || DateError::NotADate(text.to_owned());
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time.trim_start())),
        None => (text, None),
    };
    let [year, month, day] = numbers_of_date(date).ok_or_else(not_a_date)?;
    let date = civil(i32::try_from(year).map_err(|_| not_a_date())?, month, day)?;
    let time = time.map(|time| time_of_day(time, text)).transpose()?;
    Ok(DueDate { date, time })
}

/// Reads a date alone.
///
/// # Errors
/// `DateError` tells what is wrong with it; `WithTime` if it has a time of day.
pub fn parse_date(text: &str) -> Result<NaiveDate, DateError> {
    let DueDate { date, time } = parse(text)?;
    if time.is_some() { Err(DateError::WithTime(text.to_owned())) } else { Ok(date) }
}

/// Reads the distance between two occurrences: `3 months`, `1 week`, `10 days`, `1 year`.
///
/// # Errors
/// `EveryError` if it is written otherwise, is nothing, or is more than a hundred years.
pub fn parse_every(text: &str) -> Result<Span, EveryError> {
    let trimmed = text.trim();
    let not_a_span = || EveryError::NotASpan(text.to_owned());
    let digits = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = trimmed.split_at(digits);
    if number.is_empty() {
        return Err(not_a_span());
    }
    let (span, most): (fn(i32) -> Span, i32) = match unit.trim() {
        "day" | "days" => (Span::days, MOST_YEARS * 366),
        "week" | "weeks" => (|n| Span::days(7 * n), MOST_YEARS * 52),
        "month" | "months" => (Span::months, MOST_YEARS * 12),
        "year" | "years" => (|n| Span::months(12 * n), MOST_YEARS),
        "workday" | "workdays" | "working day" | "working days" => {
            return Err(EveryError::Workdays);
        }
        _ => return Err(not_a_span()),
    };
    match number.parse() {
        Ok(0) => Err(EveryError::Nothing(text.to_owned())),
        Ok(n) if n <= most => Ok(span(n)),
        _ => Err(EveryError::TooLong(text.to_owned())),
    }
}

/// Takes a date in either notation apart: year, month, day.
fn numbers_of_date(text: &str) -> Option<[u32; 3]> {
    let dotted = text.contains('.');
    let mut parts = text.split(if dotted { '.' } else { '-' });
    let (first, month, last) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, day, shortest) = if dotted { (last, first, 1) } else { (first, last, 2) };
    Some([number(year, 4..=4)?, number(month, shortest..=2)?, number(day, shortest..=2)?])
}

/// Reads digits, if there are as many as there should be.
fn number(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let digits = lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn civil(year: i32, month: u32, day: u32) -> Result<NaiveDate, DateError> {
    if !YEARS.contains(&year) {
        return Err(DateError::FarYear(year));
    }
    let Some(first) = NaiveDate::from_ymd_opt(year, month, 1) else {
        let swapped = NaiveDate::from_ymd_opt(year, day, month);
        return Err(DateError::NoSuchMonth { month, swapped });
    };
    let days = u32::from(first.num_days_in_month());
    NaiveDate::from_ymd_opt(year, month, day).ok_or(DateError::NoSuchDay { year, month, days })
}

/// Reads `12:00` or `12:00:00`; `whole` is the text that it stands in.
fn time_of_day(text: &str, whole: &str) -> Result<NaiveTime, DateError> {
    let mut parts = text.split(':').map(|part| number(part, 2..=2));
    let parts = [parts.next(), parts.next(), parts.next().or(Some(Some(0))), parts.next()];
    let [Some(Some(hours)), Some(Some(minutes)), Some(Some(seconds)), None] = parts else {
        let has_zone =
            text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['Z', 'z', '+', '-']);
        let error = if has_zone { DateError::OwnZone } else { DateError::NotADate };
        return Err(error(whole.to_owned()));
    };
    NaiveTime::from_hms_opt(hours, minutes, seconds)
        .ok_or_else(|| DateError::NoSuchTime(text.to_owned()))
}

fn month_name(month: u32) -> &'static str {
    let month = u8::try_from(month).ok().and_then(|month| chrono::Month::try_from(month).ok());
    month.map_or("the month", |month| month.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match parse(text) {
            Ok(due) => due.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn both_notations_are_read_with_and_without_a_time() {
        let table = [
            ("2011-05-01", "2011-05-01"),
            ("01.05.2011", "2011-05-01"),
            ("1.5.2011", "2011-05-01"),
            ("2011-05-01T12:00", "2011-05-01T12:00"),
            ("2011-05-01 12:00:00", "2011-05-01T12:00"),
            ("01.05.2011 12:00", "2011-05-01T12:00"),
            ("2012-02-29", "2012-02-29"),
        ];
        for (text, due) in table {
            assert_eq!(read(text), due, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        let table = [
            ("2011-02-30", "February 2011 has 28 days"),
            ("31.04.2011", "April 2011 has 30 days"),
            ("2011-05-00", "May 2011 has 31 days"),
            ("2011-31-12", "there is no month 31"),
            ("0211-05-01", "the year 211 is outside 1900 to 2199"),
            ("2011-05-01T24:00", "there is no time of day `24:00`"),
            ("2011-05-01T12:00Z", "`2011-05-01T12:00Z` carries a zone of its own"),
            ("2011-05-01T12:00+02:00", "`2011-05-01T12:00+02:00` carries a zone of its own"),
            ("2011-5-1", "`2011-5-1` is not a date"),
            ("05/01/2011", "`05/01/2011` is not a date"),
            ("01.05.11", "`01.05.11` is not a date"),
            ("1.5.2011.", "`1.5.2011.` is not a date"),
            ("2011-05-01T", "`2011-05-01T` is not a date"),
            ("2011-05-01Tnoon", "`2011-05-01Tnoon` is not a date"),
            ("våren 2011", "`våren 2011` is not a date"),
            ("", "`` is not a date"),
        ];
        for (text, message) in table {
            assert_eq!(read(text), message, "{text}");
        }
        let swapped = parse("2011-31-12").unwrap_err().help();
        assert_eq!(
            swapped.as_deref(),
            Some("day and month are swapped: did you mean `2011-12-31`?")
        );
        assert!(parse_date("2011-05-01T12:00").is_err());
    }

    #[test]
    fn distances_are_a_number_and_a_unit() {
        let table = [
            ("3 months", Ok(Span::months(3))),
            ("1 month", Ok(Span::months(1))),
            ("2 weeks", Ok(Span::days(14))),
            ("10days", Ok(Span::days(10))),
            ("1 year", Ok(Span::months(12))),
            ("0 days", Err(EveryError::Nothing("0 days".into()))),
            ("101 years", Err(EveryError::TooLong("101 years".into()))),
            ("99999999999 days", Err(EveryError::TooLong("99999999999 days".into()))),
            ("5 workdays", Err(EveryError::Workdays)),
            ("month", Err(EveryError::NotASpan("month".into()))),
            ("-1 month", Err(EveryError::NotASpan("-1 month".into()))),
            ("3 måneder", Err(EveryError::NotASpan("3 måneder".into()))),
        ];
        for (text, span) in table {
            assert_eq!(parse_every(text), span, "{text}");
        }
    }
}
