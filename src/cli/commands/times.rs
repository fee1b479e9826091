//! Instants and due dates as every command writes them: RFC 3339 with the plan's offset, dates ISO 8601.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;

use crate::calendar::moment::instant;
use crate::plan::DueDate;

/// Writes an instant with the plan's offset, `2011-04-01T08:00:00+02:00`.
pub(super) fn rfc3339(zone: Tz, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// Writes a due date: a date, or an instant where a time of day was decided.
pub(super) fn due_text(zone: Tz, due: DueDate) -> String {
    match due.time {
        None => due.date.to_string(),
        Some(time) => rfc3339(zone, instant(zone, due.date.and_time(time))),
    }
}
