//! A rule's own subject and text: templates with values of the item, filled in here and nowhere else.
//! What they can ask for is in `variables`; which rule has which template in `rules`; the built-in words that stand in for one that fails are in `words`.

mod variables;

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};

use crate::mail::line::Line;
use crate::mail::words::words;
use crate::plan::Id;

pub(super) use variables::variables;
pub use variables::{VARIABLES, Variable};

/// How much work a template may make; the built-in layout, the largest there is, takes a few thousand.
const FUEL: u64 = 50_000;
/// What the engine passes on when a template prints nothing.
const NO_VALUE: &str = "no value";
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
    /// There is nothing of this name in a variable.
    #[error("there is no `{expression}`")]
    Undefined {
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

/// Puts what the template engine says about a slip of the pen into words that say what to write.
fn in_our_words(detail: &str) -> String {
    if detail.contains("end of variable block") {
        "this is not closed: a name stands in `{{ … }}`".to_owned()
    } else if detail.contains("end of block") {
        "this is not closed: `if` and `for` stand in `{% … %}`".to_owned()
    } else if detail.contains("unexpected end of input") || detail.contains("end of raw block") {
        "the template ends in the middle: `{% if … %}` ends with `{% endif %}`, `{% for … %}` with `{% endfor %}`".to_owned()
    } else if let Some(sign) =
        detail.strip_prefix("unexpected ").and_then(|rest| rest.split(',').next())
    {
        format!("{sign} cannot stand here; a name stands in `{{{{ … }}}}`")
    } else {
        detail.to_owned()
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
    let (letter, item) = variables::made_up();
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
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(|out, state, value| {
        if value.is_none() {
            return Err(Error::new(ErrorKind::InvalidOperation, NO_VALUE));
        }
        minijinja::escape_formatter(out, state, value)
    });
    let template =
        environment.template_from_named_str("template", source).map_err(|error| fault(&error))?;
    let known = |name: &str| VARIABLES.iter().any(|variable| variable.name == name);
    let global = |name: &str| environment.globals().any(|(global, _)| global == name);
    let unknown = template.undeclared_variables(false);
    let unknown = unknown.into_iter().filter(|name| !known(name) && !global(name));
    // The engine answers a set; the first in the text is the one to tell.
    if let Some((line, name)) = unknown.map(|name| (line_of(source, &name), name)).min() {
        let problem = TemplateProblem::UnknownVariable { meant: nearest(&name), name };
        return Err(TemplateFault { of: None, line, problem });
    }
    template.render(variables.clone()).map_err(|error| fault(&error))
}

/// Takes a filled-in text apart: paragraphs between blank lines, each with its lines.
pub(super) fn paragraphs(text: &str) -> Vec<Vec<Line>> {
    let lines: Vec<Line> = text.lines().map(Line::new).collect();
    lines.split(Line::is_empty).filter(|lines| !lines.is_empty()).map(<[Line]>::to_vec).collect()
}

fn fault(error: &Error) -> TemplateFault {
    let line = error.line().unwrap_or(1);
    let expression = error
        .template_source()
        .zip(error.range())
        .and_then(|(source, range)| source.get(range))
        .map(|expression| expression.trim_matches(|c: char| c.is_whitespace() || "{}".contains(c)));
    let problem = match (error.kind(), expression) {
        (ErrorKind::OutOfFuel, _) => TemplateProblem::TooMuch,
        (ErrorKind::UndefinedError, Some(expression)) => {
            TemplateProblem::Undefined { expression: expression.to_owned() }
        }
        (_, Some(expression)) if error.detail() == Some(NO_VALUE) => {
            TemplateProblem::NoValue { expression: expression.to_owned() }
        }
        (kind, _) => TemplateProblem::Faulty {
            detail: error.detail().map_or_else(|| kind.to_string(), in_our_words),
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
        .map(|variable| variable.name)
        .filter(|variable| near(variable) > 0.8)
        .max_by(|a, b| near(a).total_cmp(&near(b)))
}

#[cfg(test)]
mod tests {
    use super::{Line, VARIABLES, Variable, check_template, paragraphs};

    fn said(source: &str) -> String {
        check_template(source).map_or_else(|fault| fault.to_string(), |()| "fine".to_owned())
    }

    #[test]
    fn every_documented_variable_can_be_printed_but_the_goal() {
        for Variable { name, .. } in VARIABLES.iter().filter(|variable| variable.name != "goal") {
            assert_eq!(said(&format!("{{{{ {name} }}}}")), "fine", "{name}");
        }
        assert_eq!(said("{% if goal %}{{ goal }}{% endif %}"), "fine");
        assert!(
            VARIABLES.is_sorted_by_key(|variable| variable.name),
            "the table is read by people"
        );
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
            text.iter().map(|lines| lines.iter().map(Line::as_str).collect()).collect();
        assert_eq!(text, [vec!["a", "b"], vec!["c"]]);
    }
}
