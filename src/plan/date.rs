//! Dates as people write them: `2011-05-01` and `01.05.2011`.

use chrono::NaiveDate;
use thiserror::Error;

/// A text that is no date.
#[derive(Debug, Error)]
#[error("`{0}` is no date")]
pub struct DateError(String);

/// Reads a date in either notation.
///
/// # Errors
/// If the text is no date of the calendar.
pub fn read_date(text: &str) -> Result<NaiveDate, DateError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(text, "%d.%m.%Y"))
        .map_err(|_| DateError(text.to_owned()))
}
