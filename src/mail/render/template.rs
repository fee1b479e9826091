//! A rule's own subject and text: templates with values of the item, filled in here and nowhere else.
//! Which rule has which template is in `rules`; the built-in words that stand in for one that fails are in `words`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::deadline;
use super::why;
use crate::calendar::Span;
use crate::mail::letter::{DeadlineItem, Item, Letter};
use crate::mail::line::Line;
use crate::mail::words::{Words, words};
use crate::notice::{Anchor, Kind, Role, Why};
use crate::plan::{DueDate, Id, Language};

/// What a template sees: each variable with what it holds. Names and dates are in the words of the mail's language.
///
/// A variable that has nothing to say about an item is `none`: `{% if helpers %}…{% endif %}` asks for that, and
/// printing it is a fault. All are there for a deadline; those for a measure and a plan are marked.
pub const VARIABLES: &[(&str, &str)] = &[
    ("about", "what the rule is about (also for measures and plans)"),
    ("days_left", "calendar days until the due date, a number; negative when overdue"),
    ("days_overdue", "calendar days since the due date, a number; 0 until then"),
    ("deadline_title", "the deadline's own title"),
    ("decided_as", "the words of the decision where it was not decided as a date"),
    ("deliver_to", "who receives what is due"),
    ("due", "the due date: `søndag 1. mai 2011`"),
    ("due_date", "the due date without its day of the week: `1. mai 2011`"),
    ("goal", "the goal's title (only for measures)"),
    ("helpers", "the helping units: `A, B og C` (also for measures)"),
    ("id", "the deadline's id, `1a/summary`, or the measure's (also for measures)"),
    ("kind", "what is due: `oppsummering`"),
    ("last_answer", "what was answered last"),
    ("last_workday", "the last working day before the due date, if that is none"),
    ("measure", "the measure's id and title: `1a Differensierte botilbud` (also for measures)"),
    ("measure_id", "the measure's id, `1a` (also for measures)"),
    ("owner", "the plan's owner (also for measures and plans)"),
    ("plan", "the plan's title (also for measures and plans)"),
    ("recipient", "who gets the mail (also for measures and plans)"),
    ("responsible", "the responsible units, the lead first: `A, B og C` (also for measures)"),
    ("rule", "the rule's name (also for measures and plans)"),
    ("title", "the measure's title (also for measures)"),
    ("today", "the date of writing: `1. april 2011` (also for measures and plans)"),
    ("waits_for", "the measures that the deadline waits for: `A, B og C`"),
    ("why", "why it is told now: `30 dager før fristen` (also for measures and plans)"),
    ("workdays_left", "working days until the due date, a number; 0 when overdue"),
];

/// How much work a template may make; the built-in layout, the largest there is, takes a few thousand.
const FUEL: u64 = 50_000;
/// The most bytes of a template.
const LONGEST: usize = 20_000;

/// What is wrong with a rule's own subject or text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}line {line}: {problem}", place(.of.as_ref()))]
pub struct TemplateFault {
    /// The rule and the part of its mail; `None` where a template was checked by itself.
    pub of: Option<(Id, Part)>,
    /// The line of the template, from 1.
    pub line: usize,
    /// What is wrong there.
    #[source]
    pub problem: TemplateProblem,
}

/// Which of a rule's templates is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its `.subject`.
    Subject,
    /// Its `.text`.
    Text,
}

/// What can be wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateProblem {
    /// There is no such variable.
    #[error("there is no variable `{name}`{}", did_you_mean(*.meant))]
    UnknownVariable {
        /// The name in the template.
        name: String,
        /// The variable with the nearest name, if one is near.
        meant: Option<&'static str>,
    },
    /// A variable, or an expression, that has no value for this item is printed.
    #[error("`{expression}` has no value here; ask with `{{% if {expression} %}}` first")]
    NoValue {
        /// The expression in the template.
        expression: String,
    },
    /// It makes too much work, or is too long.
    #[error("the template is too long or makes too much work")]
    TooMuch,
    /// Anything else that the template engine does not understand.
    #[error("{detail}")]
    Faulty {
        /// What the engine says.
        detail: String,
    },
}

impl TemplateFault {
    /// Returns the fault with the place that it belongs to.
    pub(super) fn of(mut self, rule: &Id, part: Part) -> Self {
        self.of = Some((rule.clone(), part));
        self
    }
}

fn place(of: Option<&(Id, Part)>) -> String {
    match of {
        None => String::new(),
        Some((rule, Part::Subject)) => format!("rule `{rule}`: subject, "),
        Some((rule, Part::Text)) => format!("rule `{rule}`: text, "),
    }
}

fn did_you_mean(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// Fills a rule's subject or text in for a made-up deadline, so that mistakes come out before anything is sent.
///
/// # Errors
/// The first fault, with its line. A variable that does not exist is found even where it would not be printed.
pub fn check_template(source: &str) -> Result<(), TemplateFault> {
    let (letter, item) = made_up();
    fill(source, &variables(&letter, &item, words(letter.language))).map(drop)
}

/// Fills a template in.
pub(super) fn fill(source: &str, variables: &Value) -> Result<String, TemplateFault> {
    if source.len() > LONGEST {
        return Err(TemplateFault { of: None, line: 1, problem: TemplateProblem::TooMuch });
    }
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    // Faults name the expression that they are about.
    environment.set_debug(true);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_formatter(|out, state, value| {
        if value.is_none() {
            return Err(Error::from(ErrorKind::UndefinedError));
        }
        minijinja::escape_formatter(out, state, value)
    });
    let template = environment.template_from_named_str("template", source).map_err(fault)?;
    let known = |name: &str| VARIABLES.iter().any(|(variable, _)| *variable == name);
    let global = |name: &str| environment.globals().any(|(global, _)| global == name);
    let unknown = template.undeclared_variables(false);
    let unknown = unknown.into_iter().filter(|name| !known(name) && !global(name));
    // The engine answers a set; the first in the text is the one to tell.
    if let Some((line, name)) = unknown.map(|name| (line_of(source, &name), name)).min() {
        let problem = TemplateProblem::UnknownVariable { meant: nearest(&name), name };
        return Err(TemplateFault { of: None, line, problem });
    }
    template.render(variables.clone()).map_err(fault)
}

/// Takes a filled-in text apart: paragraphs between blank lines, each with its lines.
pub(super) fn paragraphs(text: &str) -> Vec<Vec<Line>> {
    let lines: Vec<Line> = text.lines().map(Line::new).collect();
    lines.split(Line::is_empty).filter(|lines| !lines.is_empty()).map(<[Line]>::to_vec).collect()
}

fn fault(error: Error) -> TemplateFault {
    let line = error.line().unwrap_or(1);
    let expression = error
        .template_source()
        .zip(error.range())
        .and_then(|(source, range)| source.get(range))
        .map(|expression| expression.trim_matches(|c: char| c.is_whitespace() || "{}".contains(c)));
    let problem = match (error.kind(), expression) {
        (ErrorKind::OutOfFuel, _) => TemplateProblem::TooMuch,
        (ErrorKind::UndefinedError, Some(expression)) => {
            TemplateProblem::NoValue { expression: expression.to_owned() }
        }
        (kind, _) => TemplateProblem::Faulty {
            detail: error.detail().map_or_else(|| kind.to_string(), str::to_owned),
        },
    };
    TemplateFault { of: None, line, problem }
}

/// Returns the line on which a name stands for the first time as a word of its own.
fn line_of(source: &str, name: &str) -> usize {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    let stands_alone = |at: usize| {
        !source[..at].ends_with(in_name) && !source[at + name.len()..].starts_with(in_name)
    };
    let at = source.match_indices(name).map(|(at, _)| at).find(|at| stands_alone(*at));
    1 + source[..at.unwrap_or_default()].matches('\n').count()
}

fn nearest(name: &str) -> Option<&'static str> {
    let near = |variable: &str| strsim::jaro_winkler(&name.to_lowercase(), variable);
    VARIABLES
        .iter()
        .map(|(variable, _)| *variable)
        .filter(|variable| near(variable) > 0.8)
        .max_by(|a, b| near(a).total_cmp(&near(b)))
}

/// Returns the values of all variables for an item.
pub(super) fn variables(letter: &Letter, item: &Item, words: &Words) -> Value {
    let mut values: BTreeMap<&'static str, Value> =
        VARIABLES.iter().map(|(name, _)| (*name, Value::from(()))).collect();
    let mut set = |name: &'static str, value: Line| {
        if !value.is_empty() {
            values.insert(name, Value::from(value.as_str()));
        }
    };
    set("owner", Line::new(letter.owner.as_deref().unwrap_or_default()));
    set("plan", Line::new(&letter.plan));
    set("recipient", Line::new(&letter.to));
    set("today", words.date(letter.today));
    let rule = match item {
        Item::Deadline(item) => Some((&item.rule, &item.rule_about, &item.why)),
        Item::Measure(item) => Some((&item.rule, &item.rule_about, &item.why)),
        Item::Overview(item) => Some((&item.rule, &item.rule_about, &item.why)),
        Item::Fault(_) => None,
    };
    if let Some((rule, about, why)) = rule {
        set("rule", Line::new(rule));
        set("about", Line::new(about.as_deref().unwrap_or_default()));
        set("why", why::reason(words, why));
    }
    match item {
        Item::Deadline(item) => {
            set_deadline(&mut set, item, words);
            values.extend(numbers(item));
        }
        Item::Measure(item) => {
            set("id", Line::new(&item.measure));
            set("measure", words.measure(&item.measure, &item.title));
            set("measure_id", Line::new(&item.measure));
            set("title", Line::new(&item.title));
            set("goal", Line::new(&item.goal));
            set("responsible", words.names(&item.responsible));
            set("helpers", words.names(&item.helpers));
        }
        Item::Overview(_) | Item::Fault(_) => {}
    }
    Value::from(values)
}

fn set_deadline(set: &mut impl FnMut(&'static str, Line), item: &DeadlineItem, words: &Words) {
    let optional = |text: &Option<String>| Line::new(text.as_deref().unwrap_or_default());
    set("id", Line::new(&item.id));
    set("measure", words.measure(&item.measure, &item.measure_title));
    set("measure_id", Line::new(&item.measure));
    set("title", Line::new(&item.measure_title));
    set("deadline_title", optional(&item.title));
    set("kind", words.kind(&item.kind));
    set("due", deadline::due(words, item).unwrap_or_default());
    set("due_date", item.due.map(|due| words.due_date(due)).unwrap_or_default());
    set("decided_as", optional(&item.decided_as));
    set("deliver_to", optional(&item.deliver_to));
    let last_workday = item.free.as_ref().map(|(_, date)| words.weekday_and_date(*date));
    set("last_workday", last_workday.unwrap_or_default());
    set("last_answer", Line::new(item.last_answer.as_ref().map_or("", |(_, said)| said)));
    set("responsible", words.names(&item.responsible));
    set("helpers", words.names(&item.helpers));
    let waits_for = item.waits_for.iter().map(|(id, title, _)| words.measure(id, title));
    set("waits_for", words.list(&waits_for.collect::<Vec<_>>()));
}

fn numbers(item: &DeadlineItem) -> impl Iterator<Item = (&'static str, Value)> {
    let numbers = [
        ("days_left", item.days_left),
        ("days_overdue", item.days_left.map(|days| days.min(0).saturating_abs())),
        ("workdays_left", item.workdays_left),
    ];
    numbers.into_iter().filter_map(|(name, number)| Some((name, Value::from(number?))))
}

/// Makes up a deadline that has everything a template can ask for.
fn made_up() -> (Letter, Item) {
    let date = |day| NaiveDate::from_ymd_opt(2011, 5, day).expect("the month has these days");
    let item = Item::Deadline(Box::new(DeadlineItem {
        id: "1a/summary".to_owned(),
        measure: "1a".into(),
        measure_title: "A measure".to_owned(),
        kind: "summary".into(),
        title: Some("A deadline".to_owned()),
        due: Some(DueDate { date: date(15), time: None }),
        decided_as: Some("mid-May".to_owned()),
        free: Some((crate::calendar::FreeDay::Weekend(chrono::Weekday::Sun), date(13))),
        days_left: Some(14),
        workdays_left: Some(9),
        delivered: None,
        step: Kind::Remind,
        why: Why::Offset { span: Span::days(-14), anchor: Anchor::Due },
        role: Role::Responsible,
        rule: "rule".into(),
        rule_about: Some("What the rule is about".to_owned()),
        late_since: None,
        responsible: vec!["A unit".to_owned()],
        helpers: vec!["Another unit".to_owned()],
        deliver_to: Some("The committee".to_owned()),
        waits_for: vec![("1b".into(), "Another measure".to_owned(), None)],
        last_answer: Some((date(1), "An answer".to_owned())),
        next: None,
        subject: None,
        text: None,
    }));
    let letter = Letter {
        language: Language::English,
        plan: "A plan".to_owned(),
        to: "A unit".to_owned(),
        owner: Some("The owner".to_owned()),
        today: date(1),
        items: Vec::new(),
    };
    (letter, item)
}

#[cfg(test)]
mod tests {
    use super::{VARIABLES, check_template, paragraphs};

    fn said(source: &str) -> String {
        check_template(source).map_or_else(|fault| fault.to_string(), |()| "fine".to_owned())
    }

    #[test]
    fn every_documented_variable_can_be_printed_but_the_goal() {
        for (name, _) in VARIABLES.iter().filter(|(name, _)| *name != "goal") {
            assert_eq!(said(&format!("{{{{ {name} }}}}")), "fine", "{name}");
        }
        assert_eq!(said("{% if goal %}{{ goal }}{% endif %}"), "fine");
        assert!(VARIABLES.is_sorted(), "the table is read by people");
    }

    #[test]
    fn a_misspelt_variable_is_told_with_its_line_and_the_one_that_was_meant() {
        assert_eq!(
            said("Hei {{ recipient }}\n{{ mesure }} har frist"),
            "line 2: there is no variable `mesure`; did you mean `measure`?"
        );
        assert_eq!(
            said("{% if false %}{{ daysleft }}{% endif %}"),
            "line 1: there is no variable `daysleft`; did you mean `days_left`?"
        );
        assert_eq!(said("{{ xyzzy }}"), "line 1: there is no variable `xyzzy`");
    }

    #[test]
    fn what_is_no_template_is_told_with_its_line() {
        insta::assert_snapshot!(
            [
                "{{ measure",
                "\n{% if due %}",
                "{{ due | shout }}",
                "{{ measure.title }}",
                "\n{{ goal }}"
            ]
            .map(said)
            .join("\n")
        );
    }

    #[test]
    fn a_template_that_would_never_end_or_fill_the_memory_is_stopped() {
        let nested =
            "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
        let doubled = format!("{{% set a = plan %}}{}", "{% set a = a ~ a %}".repeat(60));
        let repeated = "{{ plan * 90000000 }}";
        for source in [nested, &doubled, repeated, &"x".repeat(30_000)] {
            assert_eq!(said(source), "line 1: the template is too long or makes too much work");
        }
    }

    #[test]
    fn blank_lines_part_paragraphs_and_line_breaks_are_kept() {
        let text = paragraphs("\n a \n b\r\n\n\n c\n");
        let text: Vec<Vec<&str>> =
            text.iter().map(|lines| lines.iter().map(|line| line.as_str()).collect()).collect();
        assert_eq!(text, [vec!["a", "b"], vec!["c"]]);
    }
}
