//! The words of mails in three languages, out of `words/*.ftl`: what belongs to the language is there and only there.
//! What a mail says is decided in `render` and `subject`.

use std::sync::{Arc, LazyLock};

use chrono::{Datelike, NaiveDate, Timelike};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::line::Line;
use crate::calendar::Span;
use crate::plan::{DueDate, Language};

const BOKMAL: &str = include_str!("words/nb.ftl");
const NYNORSK: &str = include_str!("words/nn.ftl");
const ENGLISH: &str = include_str!("words/en.ftl");

/// The words of one language.
pub(crate) struct Words {
    bundle: FluentBundle<FluentResource>,
}

/// What a message has a place for: clean text, or a number.
#[derive(Debug, Clone)]
pub(crate) enum Argument {
    Text(Line),
    Number(i64),
}

/// Returns the words of `language`.
pub(crate) fn words(language: Language) -> &'static Words {
    static BOKMAL_WORDS: LazyLock<Words> = LazyLock::new(|| Words::new(Language::Bokmal, BOKMAL));
    static NYNORSK_WORDS: LazyLock<Words> =
        LazyLock::new(|| Words::new(Language::Nynorsk, NYNORSK));
    static ENGLISH_WORDS: LazyLock<Words> =
        LazyLock::new(|| Words::new(Language::English, ENGLISH));
    match language {
        Language::Bokmal => &BOKMAL_WORDS,
        Language::Nynorsk => &NYNORSK_WORDS,
        Language::English => &ENGLISH_WORDS,
    }
}

impl Words {
    fn new(language: Language, source: &str) -> Self {
        let language: LanguageIdentifier =
            language.code().parse().expect("the codes of languages are well formed");
        let resource = FluentResource::try_new(source.to_owned())
            .expect("the words are part of the program and a test reads them");
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Names are cleaned of everything that turns the direction around, so they need no invisible fences.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).expect("no message stands twice, which a test holds");
        Self { bundle }
    }

    /// Returns the words of mails in `language` and, beside them, those of a page that is no mail.
    pub(crate) fn with(language: Language, own: &str) -> Self {
        let mails = match language {
            Language::Bokmal => BOKMAL,
            Language::Nynorsk => NYNORSK,
            Language::English => ENGLISH,
        };
        Self::new(language, &format!("{mails}\n{own}"))
    }

    /// Says the message with this id. The id itself stands in for a message that is missing, which tests rule out.
    pub(crate) fn say<const N: usize>(
        &self,
        id: &str,
        arguments: [(&'static str, Argument); N],
    ) -> Line {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return Line::new(id);
        };
        let arguments: FluentArgs<'_> = arguments
            .into_iter()
            .map(|(name, argument)| match argument {
                Argument::Text(line) => (name, FluentValue::from(line.into_text())),
                Argument::Number(number) => (name, FluentValue::from(number)),
            })
            .collect();
        let mut errors = Vec::new();
        let said = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        debug_assert!(errors.is_empty(), "message {id}: {errors:?}");
        Line::new(&said)
    }

    /// Writes a date: "1. mai 2011".
    pub(crate) fn date(&self, date: NaiveDate) -> Line {
        self.say("date", date_arguments(date))
    }

    /// Writes a date without its year where that is this year: "1. mai".
    pub(super) fn date_near(&self, date: NaiveDate, today: NaiveDate) -> Line {
        let id = if date.year() == today.year() { "day-and-month" } else { "date" };
        self.say(id, date_arguments(date))
    }

    /// Writes a date with its day of the week: "søndag 1. mai 2011".
    pub(crate) fn weekday_and_date(&self, date: NaiveDate) -> Line {
        self.say("weekday-and-date", date_arguments(date))
    }

    /// Writes a due date with its day of the week and its time of day, if it has one.
    pub(super) fn due(&self, due: DueDate) -> Line {
        self.with_time(self.weekday_and_date(due.date), due)
    }

    /// Writes a due date without its day of the week: "1. mai 2011 kl. 12.00".
    pub(super) fn due_date(&self, due: DueDate) -> Line {
        self.with_time(self.date(due.date), due)
    }

    fn with_time(&self, date: Line, due: DueDate) -> Line {
        let Some(time) = due.time else { return date };
        let hour = format!("{:02}", time.hour());
        let minute = format!("{:02}", time.minute());
        self.say(
            "date-and-time",
            [("date", date.into()), ("hour", hour.into()), ("minute", minute.into())],
        )
    }

    /// Writes a length of time without its direction: "1 måned og 14 dager".
    pub(super) fn span(&self, span: Span) -> Line {
        let (years, months) = (span.months / 12, span.months % 12);
        let parts = [
            ("years", years),
            ("months", months),
            ("days", span.days),
            ("workdays", span.workdays),
        ];
        let parts = parts.into_iter().filter(|(_, n)| *n != 0);
        let parts = parts.map(|(unit, n)| self.say(unit, [("n", i64::from(n).abs().into())]));
        self.list(&parts.collect::<Vec<_>>())
    }

    /// Writes a list: "A, B og C"; nothing for an empty one.
    pub(crate) fn list(&self, items: &[Line]) -> Line {
        match items {
            [] => Line::default(),
            [one] => one.clone(),
            [first @ .., last] => {
                let first = first.iter().map(Line::as_str).collect::<Vec<_>>().join(", ");
                self.say("and", [("first", first.into()), ("last", last.into())])
            }
        }
    }

    /// Writes a measure's name: "1a Differensierte botilbud".
    pub(super) fn measure(&self, id: &str, title: &str) -> Line {
        if title.trim().is_empty() {
            return self.say("measure-named", [("id", id.into())]);
        }
        self.say("measure", [("id", id.into()), ("title", title.into())])
    }

    /// Translates a holiday by its English name; one that the words do not know keeps it.
    pub(crate) fn holiday(&self, name: &str) -> Line {
        let key = name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-");
        self.say("holiday", [("holiday", key.into()), ("name", name.into())])
    }

    /// Writes a kind of deadline: "oppsummering"; one that the words do not know stays as it is.
    pub(super) fn kind(&self, kind: &str) -> Line {
        self.say("kind", [("kind", kind.into())])
    }

    /// Writes a list of names.
    pub(super) fn names(&self, names: &[String]) -> Line {
        self.list(&names.iter().map(|name| Line::new(name)).collect::<Vec<_>>())
    }
}

/// Returns what a message needs to write a date.
pub(crate) fn date_arguments(date: NaiveDate) -> [(&'static str, Argument); 4] {
    [
        ("day", i64::from(date.day()).into()),
        ("month", i64::from(date.month()).into()),
        ("year", i64::from(date.year()).into()),
        ("weekday", i64::from(date.weekday().number_from_monday()).into()),
    ]
}

impl From<Line> for Argument {
    fn from(line: Line) -> Self {
        Self::Text(line)
    }
}

impl From<&Line> for Argument {
    fn from(line: &Line) -> Self {
        Self::Text(line.clone())
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(Line::new(text))
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(Line::new(&text))
    }
}

impl From<&String> for Argument {
    fn from(text: &String) -> Self {
        Self::Text(Line::new(text))
    }
}

impl From<&Arc<str>> for Argument {
    fn from(text: &Arc<str>) -> Self {
        Self::Text(Line::new(text))
    }
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Argument {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests;
