//! Single values: ids, free words, dates.

use chrono::NaiveDate;

use crate::finding::{Severity, is_obeyed};
use crate::plan::date::{self, DateError};
use crate::plan::json::file::PeriodFile;
use crate::plan::json::place::{Place, Remarks};
use crate::plan::{DueDate, Period};

/// Tells what keeps a text from being an id.
pub(super) fn check_id(id: &str, place: Place, remarks: &mut Remarks) {
    let may_stand = |char: char| char.is_alphanumeric() || "-_.".contains(char);
    let help = "an id has letters of any script, digits, `-`, `_` and `.`";
    match id.chars().find(|char| !may_stand(*char)) {
        None if id.is_empty() => {
            remarks.error("empty_id", place, "the id is empty", help.to_owned());
        }
        None => {}
        Some(char) => {
            let mended: String =
                id.trim().chars().map(|c| if may_stand(c) { c } else { '-' }).collect();
            let shown = match char {
                ' ' => "space".to_owned(),
                char => format!("`{}`", char.escape_debug()),
            };
            let message =
                format!("`{}` cannot be an id: it has a {shown} in it", id.escape_debug());
            remarks.error("bad_id", place, message, format!("{help}; such as `{mended}`"));
        }
    }
}

/// Tells of a text that says nothing.
pub(super) fn check_text(text: &str, place: Place, remarks: &mut Remarks) {
    if text.trim().is_empty() {
        let message = format!("the {} is empty", place.name());
        remarks.error("empty_text", place, message, None);
    }
    check_characters(text, place, remarks);
}

/// Tells of what cannot be seen and would be obeyed by a terminal, or turn the words around it.
fn check_characters(text: &str, place: Place, remarks: &mut Remarks) {
    let Some(found) = text.chars().find(|c| c.is_control() || is_obeyed(*c)) else { return };
    let shown = match found {
        '\n' | '\r' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        other => format!("a character that cannot be seen (U+{:04X})", u32::from(other)),
    };
    let message = format!("the {} has {shown} in it", place.name());
    let help = "delete it, or type a space in its place; mails are sent without it".to_owned();
    remarks.say(Severity::Warning, "control_character", place, message, help);
}

/// Returns an optional text that says something.
pub(super) fn text(text: Option<&str>, place: Place, remarks: &mut Remarks) -> Option<String> {
    let text = text?;
    if text.trim().is_empty() {
        let message = format!("the {} is empty", place.name());
        remarks.error(
            "empty_text",
            place,
            message,
            "leave the key out if there is nothing to say".to_owned(),
        );
    }
    check_characters(text, place, remarks);
    Some(text.to_owned())
}

/// Reads an optional date.
pub(super) fn date(text: Option<&str>, place: Place, remarks: &mut Remarks) -> Option<NaiveDate> {
    date::parse_date(text?).map_err(|error| no_date(text?, &error, place, remarks)).ok()
}

/// Reads an optional date with or without a time of day.
pub(super) fn due(text: Option<&str>, place: Place, remarks: &mut Remarks) -> Option<DueDate> {
    date::parse(text?).map_err(|error| no_date(text?, &error, place, remarks)).ok()
}

/// Reads a period, whose last day is not before its first.
pub(super) fn period(file: &PeriodFile<'_>, place: Place, remarks: &mut Remarks) -> Option<Period> {
    let from = date(Some(&file.from), place.key("from"), remarks);
    let until = date(Some(&file.until), place.key("until"), remarks);
    let period = Period { from: from?, until: until? };
    in_order(period, place.key("until"), remarks).then_some(period)
}

/// Tells of a last day before the first.
pub(super) fn in_order(period: Period, place: Place, remarks: &mut Remarks) -> bool {
    let Period { from, until } = period;
    if until < from {
        let message = format!("the last day, {until}, is before the first, {from}");
        remarks.error("until_before_from", place, message, None);
    }
    from <= until
}

fn no_date(text: &str, error: &DateError, place: Place, remarks: &mut Remarks) -> Option<()> {
    let message = match error {
        DateError::NoSuchDay { .. } | DateError::NoSuchMonth { .. } => {
            format!("`{text}` does not exist: {error}")
        }
        _ => error.to_string(),
    };
    remarks.error(error.code(), place, message, error.help());
    None
}
