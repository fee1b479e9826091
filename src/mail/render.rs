//! Putting a letter into words: subject, plain text and HTML, in the letter's language.
//! The words themselves are in `words/*.ftl`, the subject in `subject`, the MIME form in `mime`; which notices a letter
//! carries is decided in `schedule`.

mod deadline;
mod html;
mod measure;
mod news;
mod page;
mod plan;
mod template;
mod text;
mod why;

pub use template::{Part, TemplateFault, TemplateProblem, VARIABLES, Variable, check_template};

pub(super) use news::stale_heading;

use super::letter::{Item, Letter};
use super::line::Line;
use super::subject;
use super::words::words;
use crate::plan::Id;

/// A letter in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject: one line of at most 150 characters, unencoded.
    pub subject: String,
    /// The plain text, wrapped at 76 columns, lines ended by `\n`.
    pub text: String,
    /// The HTML document; it needs nothing from outside.
    pub html: String,
    /// What is wrong with the rules' own templates. Where one failed, the built-in words stand instead.
    pub faults: Vec<TemplateFault>,
}

/// Puts `letter` into words. Never fails: a rule's own template that does is reported in [`Rendered::faults`].
pub fn render(letter: &Letter) -> Rendered {
    let mut faults = Vec::new();
    let items: Vec<Spoken<'_>> =
        sorted(letter).into_iter().map(|item| Spoken::new(letter, item, &mut faults)).collect();
    let subject = subject::subject(letter, &items);
    let page = page::page(letter, &subject, &items);
    Rendered {
        subject: subject.to_string(),
        text: exactly(&text::text(&page)),
        html: exactly(&html::html(&page)),
        faults,
    }
}

/// An item with what its rule says about it in words of its own.
pub(super) struct Spoken<'a> {
    /// The item.
    pub(super) item: &'a Item,
    /// The part of the letter that it belongs to.
    pub(super) section: Section,
    /// The rule's own subject.
    pub(super) subject: Option<Line>,
    /// The rule's own text: paragraphs of lines.
    pub(super) text: Option<Vec<Vec<Line>>>,
}

/// The parts of a letter, in their order: what is most urgent comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    /// Deadlines that have passed.
    Overdue,
    /// Deadlines today and later.
    Coming,
    /// Deadlines without a date.
    Undated,
    /// Deadlines that were delivered.
    Delivered,
    /// What went wrong.
    Fault,
    /// Measures that lack something.
    Gap,
    /// Measures that run without a date of their own.
    Running,
    /// The state of the plan.
    Overview,
}

impl Section {
    /// Returns the part of a letter that `item` belongs to.
    fn of(item: &Item) -> Self {
        match item {
            Item::Deadline(item) if item.delivered.is_some() => Self::Delivered,
            Item::Deadline(item) => match item.days_left {
                None => Self::Undated,
                Some(days) if days < 0 => Self::Overdue,
                Some(_) => Self::Coming,
            },
            Item::Measure(item)
                if item.nobody_responsible || item.no_deadline || !item.undated.is_empty() =>
            {
                Self::Gap
            }
            Item::Measure(_) => Self::Running,
            Item::Overview(_) | Item::Weekly(_) => Self::Overview,
            Item::Stale(_) => Self::Gap,
            Item::Fault(_) => Self::Fault,
        }
    }

    /// Returns the section's name in the words and in the page's style.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Coming => "coming",
            Self::Undated => "undated",
            Self::Delivered => "delivered",
            Self::Fault => "fault",
            Self::Gap => "gap",
            Self::Running => "running",
            Self::Overview => "overview",
        }
    }
}

impl<'a> Spoken<'a> {
    fn new(letter: &Letter, item: &'a Item, faults: &mut Vec<TemplateFault>) -> Self {
        let section = Section::of(item);
        let Some((rule, subject, text)) = own_templates(item) else {
            return Self { item, section, subject: None, text: None };
        };
        let mut fill = |source: Option<&str>, part: Part| {
            let variables = template::variables(letter, item, words(letter.language));
            template::fill(source?, &variables)
                .map_err(|fault| faults.push(fault.of(rule, part)))
                .ok()
                .filter(|filled| !filled.trim().is_empty())
        };
        let subject = fill(subject, Part::Subject).map(|filled| Line::new(&filled));
        let text = fill(text, Part::Text).map(|filled| template::paragraphs(&filled));
        Self { item, section, subject, text }
    }
}

/// Returns the letter's items by section, within each in the letter's order.
fn sorted(letter: &Letter) -> Vec<&Item> {
    let mut items: Vec<&Item> = letter.items.iter().collect();
    items.sort_by_key(|item| Section::of(item));
    items
}

/// Returns a text without the room that it had to grow: after an outage many long ones are held at once. A copy takes just what it
/// needs, and leaves the room in one piece to the next; a text that is shrunk would leave a gap behind each.
fn exactly(text: &str) -> String {
    text.to_owned()
}

/// Returns the item's rule with its own subject and text, where it has one.
fn own_templates(item: &Item) -> Option<(&Id, Option<&str>, Option<&str>)> {
    let (rule, subject, text) = match item {
        Item::Deadline(item) => (&item.rule, &item.subject, &item.text),
        Item::Measure(item) => (&item.rule, &item.subject, &item.text),
        Item::Overview(item) => (&item.rule, &item.subject, &item.text),
        Item::Fault(_) | Item::Weekly(_) | Item::Stale(_) => return None,
    };
    (subject.is_some() || text.is_some()).then_some((rule, subject.as_deref(), text.as_deref()))
}
