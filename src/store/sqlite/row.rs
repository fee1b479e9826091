//! Values as they stand in a row: instants as milliseconds UTC, dates as ISO text, nothing as an empty text.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::notice::{About, NoticeKey};
use crate::plan::DueDate;

/// The key's columns: deadline, measure, due.
pub(super) fn about_columns(key: &NoticeKey, measure: Option<&str>) -> (String, String, String) {
    let due = key.due.map(|due| due.to_string()).unwrap_or_default();
    match &key.about {
        About::Deadline(id) => (id.to_string(), measure.unwrap_or_default().to_owned(), due),
        About::Measure { measure, .. } => (String::new(), measure.to_string(), due),
        About::Plan { .. } => (String::new(), String::new(), due),
    }
}

pub(super) fn instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

pub(super) fn due_date(text: &str) -> Option<DueDate> {
    match text.split_once('T') {
        None => text.parse::<NaiveDate>().ok().map(|date| DueDate { date, time: None }),
        Some(_) => {
            let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
            Some(DueDate { date: at.date(), time: Some(at.time()) })
        }
    }
}

/// Turns an empty text into nothing.
pub(super) fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
