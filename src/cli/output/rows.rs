//! The rows that several commands print, or that have many columns: what stands in them for programs, and in the table.
//! What is in the cells is computed in `commands`; how a table becomes text is in `output`.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Row, Text, short};
use crate::cli::commands::{At, Due};
use crate::notice::Why;

/// A line of `frist forecast`.
#[derive(Debug, Serialize)]
pub(crate) struct ForecastRow<'a> {
    pub(crate) plan: &'a str,
    pub(crate) at: Text<At>,
    pub(crate) deadline: Option<Cow<'a, str>>,
    pub(crate) measure: Option<&'a str>,
    pub(crate) due: Option<Text<Due>>,
    pub(crate) rule: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) to: &'a str,
    pub(crate) nominal: Text<NaiveDate>,
    pub(crate) reason: Text<&'a Why>,
}

/// A line of `frist status`.
#[derive(Debug, Serialize)]
pub(crate) struct StatusRow {
    pub(crate) plan: String,
    pub(crate) deadline: Option<String>,
    pub(crate) measure: String,
    pub(crate) title: String,
    pub(crate) kind: Option<String>,
    pub(crate) due: Option<String>,
    pub(crate) state: String,
    pub(crate) days_left: Option<i64>,
    pub(crate) responsible: Vec<String>,
    pub(crate) last_notice: Option<String>,
    pub(crate) last_answer: Option<String>,
}

/// A line of `frist log`.
#[derive(Debug, Serialize)]
pub(crate) struct LogRow {
    pub(crate) plan: String,
    pub(crate) deadline: Option<String>,
    pub(crate) measure: Option<String>,
    pub(crate) due: Option<String>,
    pub(crate) rule: String,
    pub(crate) kind: &'static str,
    pub(crate) to: Option<String>,
    pub(crate) nominal: String,
    pub(crate) at: String,
    pub(crate) state: &'static str,
    pub(crate) reason: String,
    pub(crate) message_id: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) settled_at: Option<String>,
    pub(crate) reply: Option<String>,
}

/// A line of `frist explain`.
#[derive(Debug, Serialize)]
pub(crate) struct ExplainRow {
    pub(crate) deadline: String,
    pub(crate) due: Option<String>,
    pub(crate) rule: String,
    pub(crate) step: usize,
    pub(crate) kind: String,
    pub(crate) to: Option<String>,
    pub(crate) nominal: String,
    pub(crate) at: String,
    pub(crate) state: String,
    pub(crate) reason: String,
    pub(crate) sentence: String,
    /// The parts of the condition that were false, in words.
    pub(crate) parts: Vec<String>,
}

/// A line of `frist check`.
#[derive(Debug, Serialize)]
pub(crate) struct FindingRow {
    pub(crate) severity: &'static str,
    pub(crate) code: String,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<usize>,
    pub(crate) column: Option<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// A line of `frist test`: one scenario.
#[derive(Debug, Serialize)]
pub(crate) struct ScenarioRow {
    pub(crate) name: Option<String>,
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) passed: bool,
    pub(crate) failures: Vec<FailureRow>,
}

/// An expectation that was not met.
#[derive(Debug, Serialize)]
pub(crate) struct FailureRow {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) message: String,
    pub(crate) why: Option<String>,
    pub(crate) timeline: Vec<String>,
}

/// A line of `--coverage`: a step, or a part of a condition.
#[derive(Debug, Serialize)]
pub(crate) struct CoverageRow {
    pub(crate) rule: String,
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) what: &'static str,
    pub(crate) text: String,
    pub(crate) tests: Tally,
    pub(crate) plan: Tally,
    pub(crate) remark: Option<String>,
}

/// How often a step fired, or a part was true and false.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(crate) struct Tally {
    pub(crate) fired: Option<u64>,
    pub(crate) truths: Option<u64>,
    pub(crate) falsehoods: Option<u64>,
}

/// The summary of a replay.
#[derive(Debug, Serialize)]
pub(crate) struct SummaryRow {
    pub(crate) what: &'static str,
    pub(crate) kind: Option<&'static str>,
    pub(crate) state: Option<&'static str>,
    pub(crate) count: usize,
}

impl Row for ForecastRow<'_> {
    const COLUMNS: &'static [&'static str] =
        &["plan", "at", "deadline", "measure", "due", "rule", "kind", "to", "nominal", "reason"];
    const HEADINGS: &'static [&'static str] = &["at", "what", "due", "kind", "to", "rule", "why"];

    fn cells(&self) -> Vec<String> {
        let what = self.deadline.as_deref().or(self.measure).unwrap_or(self.plan);
        vec![
            short(&self.at.0.to_string()),
            what.to_owned(),
            dash(self.due.as_ref().map(|due| due.0.to_string())),
            self.kind.to_owned(),
            self.to.to_owned(),
            self.rule.to_owned(),
            self.reason.0.to_string(),
        ]
    }
}

impl Row for StatusRow {
    const COLUMNS: &'static [&'static str] = &[
        "plan",
        "deadline",
        "measure",
        "title",
        "kind",
        "due",
        "state",
        "days_left",
        "responsible",
        "last_notice",
        "last_answer",
    ];
    const HEADINGS: &'static [&'static str] = &[
        "what",
        "title",
        "due",
        "state",
        "days left",
        "responsible",
        "last notice",
        "last answer",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.deadline.clone().unwrap_or_else(|| self.measure.clone()),
            self.title.clone(),
            dash(self.due.clone()),
            self.state.replace('_', " "),
            dash(self.days_left.map(|days| days.to_string())),
            if self.responsible.is_empty() { "-".to_owned() } else { self.responsible.join(", ") },
            dash(self.last_notice.as_deref().map(short)),
            dash(self.last_answer.clone()),
        ]
    }
}

impl Row for LogRow {
    const COLUMNS: &'static [&'static str] = &[
        "plan",
        "deadline",
        "measure",
        "due",
        "rule",
        "kind",
        "to",
        "nominal",
        "at",
        "state",
        "reason",
        "message_id",
        "attempts",
        "settled_at",
        "reply",
    ];
    const HEADINGS: &'static [&'static str] = &["at", "what", "kind", "to", "state", "why", "rule"];

    fn cells(&self) -> Vec<String> {
        vec![
            short(&self.at),
            self.deadline
                .clone()
                .or_else(|| self.measure.clone())
                .unwrap_or_else(|| self.plan.clone()),
            self.kind.to_owned(),
            dash(self.to.clone()),
            self.state.replace('_', " "),
            self.reason.clone(),
            self.rule.clone(),
        ]
    }
}

impl Row for ExplainRow {
    const COLUMNS: &'static [&'static str] = &[
        "deadline", "due", "rule", "step", "kind", "to", "nominal", "at", "state", "reason",
        "sentence", "parts",
    ];
    const HEADINGS: &'static [&'static str] = &["state", "what happened, or will"];

    fn cells(&self) -> Vec<String> {
        vec![self.state.replace('_', " "), self.sentence.clone()]
    }
}

impl Row for FindingRow {
    const COLUMNS: &'static [&'static str] =
        &["severity", "code", "file", "line", "column", "message", "help"];
    const HEADINGS: &'static [&'static str] = &["severity", "where", "message", "help"];

    fn cells(&self) -> Vec<String> {
        let place = [
            self.file.clone(),
            self.line.map(|line| line.to_string()),
            self.column.map(|at| at.to_string()),
        ];
        let place: Vec<String> = place.into_iter().flatten().collect();
        vec![
            self.severity.to_owned(),
            place.join(":"),
            self.message.clone(),
            dash(self.help.clone()),
        ]
    }
}

impl Row for ScenarioRow {
    const COLUMNS: &'static [&'static str] = &["name", "file", "line", "passed", "failures"];
    const HEADINGS: &'static [&'static str] = &["scenario", "where", "passed"];

    fn cells(&self) -> Vec<String> {
        vec![
            dash(self.name.clone()),
            format!("{}:{}", self.file, self.line),
            self.passed.to_string(),
        ]
    }
}

impl Row for CoverageRow {
    const COLUMNS: &'static [&'static str] =
        &["rule", "file", "line", "what", "text", "tests", "plan", "remark"];
    const HEADINGS: &'static [&'static str] =
        &["rule", "step or part of a condition", "in the tests", "on the plan", "remark"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.rule.clone(),
            self.text.clone(),
            self.tests.to_string(),
            self.plan.to_string(),
            self.remark.clone().unwrap_or_default(),
        ]
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.fired, self.truths, self.falsehoods) {
            (Some(fired), ..) => write!(f, "fired {fired}"),
            (None, Some(truths), Some(falsehoods)) => {
                write!(f, "true {truths}, false {falsehoods}")
            }
            _ => f.write_str("-"),
        }
    }
}

impl Row for SummaryRow {
    const COLUMNS: &'static [&'static str] = &["what", "kind", "state", "count"];
    const HEADINGS: &'static [&'static str] = &["what", "kind", "state", "count"];

    fn cells(&self) -> Vec<String> {
        let words = |word: Option<&str>| word.unwrap_or_default().replace('_', " ");
        vec![self.what.to_owned(), words(self.kind), words(self.state), self.count.to_string()]
    }
}

fn dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "-".to_owned())
}
