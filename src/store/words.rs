//! How values stand in the ledger: instants as milliseconds, dates as ISO text, choices as words.
//! The tables are in `migrations`; nothing here knows a database but for its error.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use thiserror::Error;

use crate::history::Says;
use crate::notice::{About, Verdict};
use crate::plan::{DueDate, Id};

/// A word in the ledger that this program cannot read.
#[derive(Debug, Error)]
#[error("`{word}` is no {what}")]
struct Unreadable {
    what: &'static str,
    word: String,
}

/// Answers `value`, or that `word` is no `what`.
pub(super) fn known<T>(value: Option<T>, what: &'static str, word: &str) -> sqlx::Result<T> {
    value.ok_or_else(|| sqlx::Error::Decode(Box::new(Unreadable { what, word: word.to_owned() })))
}

/// Reads an instant; finer than milliseconds the ledger does not keep.
pub(super) fn instant(millis: i64) -> sqlx::Result<DateTime<Utc>> {
    known(DateTime::from_timestamp_millis(millis), "instant", "out of range")
}

/// Reads a date, `2011-05-01`.
pub(super) fn date(text: &str) -> sqlx::Result<NaiveDate> {
    known(text.parse().ok(), "date", text)
}

/// Writes a due date, `2011-05-01` or `2011-05-01T12:00:00`: to the second, unlike what people read.
pub(super) fn due_text(due: DueDate) -> String {
    match due.time {
        None => due.date.to_string(),
        Some(time) => format!("{}T{time}", due.date),
    }
}

/// Reads a due date.
pub(super) fn due(text: &str) -> sqlx::Result<DueDate> {
    match text.split_once('T') {
        None => Ok(DueDate { date: date(text)?, time: None }),
        Some((day, time)) => {
            let time = known(time.parse().ok(), "time of day", time)?;
            Ok(DueDate { date: date(day)?, time: Some(time) })
        }
    }
}

/// Reads what an answer says.
pub(super) fn says(word: &str, date: Option<NaiveDate>) -> sqlx::Result<Says> {
    let says = match (word, date) {
        ("acknowledged", _) => Some(Says::Acknowledged),
        ("progress", silent_until) => Some(Says::Progress { silent_until }),
        ("delivered", Some(date)) => Some(Says::Delivered(date)),
        ("asked", Some(date)) => Some(Says::Asked(date)),
        ("not_ours", _) => Some(Says::NotOurs),
        _ => None,
    };
    known(says, "answer", word)
}

/// Splits what a notice is about into a word, the id of the subject and the rule that belongs to the key.
pub(super) fn about_words(about: &About) -> (&'static str, &str, &str) {
    match about {
        About::Deadline(deadline) => ("deadline", deadline, ""),
        About::Measure { measure, rule } => ("measure", measure, rule),
        About::Plan { rule } => ("plan", "", rule),
    }
}

/// Reads what a notice is about.
pub(super) fn about(word: &str, subject: Id, rule: Id) -> sqlx::Result<About> {
    let about = match word {
        "deadline" => Some(About::Deadline(subject)),
        "measure" => Some(About::Measure { measure: subject, rule }),
        "plan" => Some(About::Plan { rule }),
        _ => None,
    };
    known(about, "subject of a notice", word)
}

/// Splits a verdict into its word, the code of its reason and the reason in words.
pub(super) fn verdict_words(
    verdict: &Verdict,
) -> (&'static str, Option<&'static str>, Option<String>) {
    match verdict {
        Verdict::Send => ("send", None, None),
        Verdict::Superseded { by, nominal } => {
            let reason = format!("superseded by the newer {} of {nominal}", by.word());
            ("superseded", Some("superseded"), Some(reason))
        }
        Verdict::NotSent(reason) => ("not_sent", Some(reason.code()), Some(reason.to_string())),
    }
}

/// The ids that were read so far, so that a million rows share the few hundred that there are.
#[derive(Debug, Default)]
pub(super) struct Ids(HashSet<Id>);

impl Ids {
    /// Returns the one copy of `text`.
    pub(super) fn id(&mut self, text: &str) -> Id {
        if let Some(id) = self.0.get(text) {
            return Arc::clone(id);
        }
        let id: Id = Arc::from(text);
        self.0.insert(Arc::clone(&id));
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_dates_and_instants_come_back_as_they_went_in() {
        for text in ["2011-05-01", "2011-05-01T12:00:00", "2011-05-01T23:59:30"] {
            assert_eq!(due_text(due(text).unwrap()), text);
        }
        let at = "2011-05-01T06:00:00.123Z".parse::<DateTime<Utc>>().unwrap();
        assert_eq!(instant(at.timestamp_millis()).unwrap(), at);
    }

    #[test]
    fn a_word_of_another_frist_is_named() {
        let error = says("shrugged", None).unwrap_err();
        assert!(error.to_string().ends_with("`shrugged` is no answer"), "{error}");
        assert!(due("soon").is_err());
    }
}
