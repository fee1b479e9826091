//! Times on the command line: a date, a time in the plan's zone, or RFC 3339.
//! Dates in plans and rules are read by `plan::date`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::calendar::moment::instant;
use crate::plan::date::parse_date;

/// A time as somebody wrote it; which instant it is depends on the plan's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// The first instant of a date.
    Date(NaiveDate),
    /// A local time.
    Local(NaiveDateTime),
    /// An instant.
    Instant(DateTime<Utc>),
}

impl When {
    /// Returns the instant in `zone`; a time that a clock change skips is the first valid instant after it.
    pub(super) fn resolve(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Date(date) => instant(zone, date.and_time(NaiveTime::MIN)),
            Self::Local(local) => instant(zone, local),
            Self::Instant(at) => at,
        }
    }
}

/// Reads a time.
pub(super) fn read_when(text: &str) -> Result<When, String> {
    if let Ok(date) = parse_date(text) {
        return Ok(When::Date(date));
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(When::Instant(at.to_utc()));
    }
    for format in ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(text, format) {
            return Ok(When::Local(local));
        }
    }
    Err("write a date, as 2011-04-01 or 01.04.2011, or a time, as 2011-04-01T08:00".to_owned())
}

/// Reads a date.
pub(super) fn read_day(text: &str) -> Result<NaiveDate, String> {
    parse_date(text)
        .map_err(|_| "write a date of the calendar, as 2011-04-01 or 01.04.2011".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_each_notation() {
        let read = |text| {
            read_when(text)
                .map(|when| when.resolve(chrono_tz::Europe::Oslo).to_rfc3339())
                .unwrap_or_default()
        };
        assert_eq!(read("2011-04-01"), "2011-03-31T22:00:00+00:00");
        assert_eq!(read("01.04.2011"), "2011-03-31T22:00:00+00:00");
        assert_eq!(read("2011-04-01T08:00"), "2011-04-01T06:00:00+00:00");
        assert_eq!(read("2011-04-01T08:00:00+02:00"), "2011-04-01T06:00:00+00:00");
        assert_eq!(read("2011-03-27T02:30"), "2011-03-27T01:00:00+00:00");
        assert_eq!(read("2011-02-30"), "");
    }
}
