//! Why a unit is told something, in words: its role, the rule, the reason for the date; and why a day is free.
//! What it is told is in `deadline`, `measure` and `plan`.

use crate::calendar::FreeDay;
use crate::mail::line::Line;
use crate::mail::words::Words;
use crate::notice::{Anchor, Event, Role, Why};
use crate::plan::Id;

/// Says why the unit gets this: its role, what the rule says, and what the rule is about.
pub(super) fn told(
    words: &Words,
    as_role: Option<&Role>,
    rule: &Id,
    why: &Why,
    about: Option<&str>,
) -> Line {
    let name = ("rule", rule.into());
    let reason = ("why", reason(words, why).into());
    let says = match about {
        None => words.say("rule-says", [name, reason]),
        Some(about) => words.say("rule-says-about", [name, reason, ("about", about.into())]),
    };
    let Some(stands) = as_role else { return says };
    let stands = words.say("role", [("role", role_key(stands).into())]);
    Line::new(&format!("{stands} {says}"))
}

/// Says the reason for the date, as the end of "the rule tells you …": "30 dager før fristen".
pub(super) fn reason(words: &Words, why: &Why) -> Line {
    match why {
        Why::Offset { span, anchor } => {
            let anchor = match anchor {
                Anchor::Due => "due",
                Anchor::Start => "start",
                Anchor::LastAnswer => "answer",
                Anchor::Adopted => "adopted",
            };
            let side = match span.sign() {
                0 => "on",
                n if n < 0 => "before",
                _ => "after",
            };
            words.say(
                "why-offset",
                [
                    ("anchor", anchor.into()),
                    ("side", side.into()),
                    ("span", words.span(*span).into()),
                ],
            )
        }
        // The expression itself says nothing to a reader who has not written the rule.
        Why::Cron(_) => words.say("why-cron", []),
        Why::On(event) => {
            let event = match event {
                Event::Delivered => "delivered",
                Event::Moved => "moved",
                Event::Asked => "asked",
            };
            words.say("why-on", [("event", event.into())])
        }
        Why::OverdueAtFirst => words.say("why-overdue-at-first", []),
        Why::RuleFailed => words.say("why-rule-failed", []),
    }
}

/// Says why a date is no working day: "Fristen faller på en fridag (Kristi himmelfartsdag)".
pub(super) fn free(words: &Words, free: &FreeDay) -> Line {
    let (key, weekday, name) = match free {
        FreeDay::Weekend(weekday) => {
            ("weekend", i64::from(weekday.number_from_monday()), Line::default())
        }
        FreeDay::Holiday(name) => ("named", 0, words.holiday(name)),
        FreeDay::Extra(Some(name)) => ("named", 0, Line::new(name)),
        FreeDay::Extra(None) => ("unnamed", 0, Line::default()),
    };
    words.say("free", [("free", key.into()), ("weekday", weekday.into()), ("name", name.into())])
}

fn role_key(role: &Role) -> &'static str {
    match role {
        Role::Responsible => "responsible",
        Role::Lead => "lead",
        Role::Helpers => "helpers",
        Role::Owner => "owner",
        Role::Leader => "leader",
        Role::Blocker => "blocker",
        Role::Dependents => "dependents",
        Role::Unit(_) => "unit",
    }
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::{free, reason};
    use crate::calendar::{FreeDay, Span};
    use crate::mail::words::words;
    use crate::notice::{Anchor, Event, Why};
    use crate::plan::Language;

    #[test]
    fn every_reason_reads_in_every_language() {
        let mut said = Vec::new();
        for language in [Language::Bokmal, Language::Nynorsk, Language::English] {
            let mut say = |why: Why| said.push(reason(words(language), &why).to_string());
            for anchor in [Anchor::Due, Anchor::Start, Anchor::LastAnswer, Anchor::Adopted] {
                for days in [-30, 0, 1] {
                    say(Why::Offset { span: Span::days(days), anchor });
                }
            }
            say(Why::Offset { span: Span::workdays(-10), anchor: Anchor::Due });
            say(Why::Cron("0 8 1 * *".into()));
            for event in [Event::Delivered, Event::Moved, Event::Asked] {
                say(Why::On(event));
            }
            say(Why::OverdueAtFirst);
            say(Why::RuleFailed);
        }
        insta::assert_snapshot!(said.join("\n"));
    }

    #[test]
    fn free_days_have_the_language_s_own_names() {
        let said = |day: FreeDay| {
            [Language::Bokmal, Language::Nynorsk, Language::English]
                .map(|language| free(words(language), &day).to_string())
        };
        assert_eq!(
            said(FreeDay::Weekend(Weekday::Sat)),
            [
                "Fristen faller på en lørdag",
                "Fristen fell på ein laurdag",
                "The due date falls on a Saturday"
            ]
        );
        assert_eq!(
            said(FreeDay::Holiday("Ascension Day"))[..2],
            [
                "Fristen faller på en fridag (Kristi himmelfartsdag)",
                "Fristen fell på ein fridag (Kristi himmelfartsdag)"
            ]
        );
        assert_eq!(
            said(FreeDay::Holiday("New Year's Day"))[0],
            "Fristen faller på en fridag (første nyttårsdag)"
        );
        assert_eq!(
            said(FreeDay::Holiday("Bastille Day"))[0],
            "Fristen faller på en fridag (Bastille Day)"
        );
        assert_eq!(said(FreeDay::Extra(None))[1], "Fristen fell på ein fridag i planen");
    }
}
