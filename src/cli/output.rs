//! What commands print: rows as a table, JSON, JSON lines or CSV, from one place.
//! What stands in the rows is computed in `commands`; findings as people read them are printed by `report`.

mod cells;
mod lines;
mod people;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufWriter, Write};

use chrono::NaiveDate;
use clap::ValueEnum;
use comfy_table::presets;
use comfy_table::{ContentArrangement, Table};
use serde::{Serialize, Serializer};

use super::commands::{At, Due};
use crate::finding::visible;
use crate::notice::Why;

use cells::cell;

pub(crate) use cells::write_json;
pub(crate) use lines::print_lines;
pub(crate) use people::for_people;

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table for people.
    Table,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a heading.
    Csv,
    /// SARIF 2.1.0, for programs that show findings; of `check` only.
    #[value(hide = true)]
    Sarif,
    /// Annotations of GitHub's workflows; of `check` only.
    #[value(hide = true)]
    Github,
}

impl Format {
    /// Tells whether only findings can be printed so.
    pub(super) fn is_for_findings(self) -> bool {
        matches!(self, Self::Sarif | Self::Github)
    }
}

/// Something that a command prints a line of.
pub(crate) trait Row: Serialize {
    /// The names of all columns, as in JSON.
    const COLUMNS: &'static [&'static str];
    /// The headings of the table, which shows less.
    const HEADINGS: &'static [&'static str];
    /// The cells under the headings.
    fn cells(&self) -> Vec<String>;
}

/// Prints `rows`.
///
/// # Errors
/// If standard output cannot be written; a reader that has gone away is one of these.
pub(crate) fn print<R: Row>(format: Format, rows: impl Iterator<Item = R>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match format {
        Format::Table => {
            let mut table = Table::new();
            table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
            table.set_header(R::HEADINGS);
            for row in rows {
                table.add_row(row.cells().iter().map(|cell| visible(cell).into_owned()));
            }
            for line in table.lines() {
                writeln!(out, "{}", line.trim_end())?;
            }
        }
        Format::Json => {
            let mut first = true;
            for row in rows {
                out.write_all(if first { b"[\n" } else { b",\n" })?;
                first = false;
                write_json(&mut out, &row)?;
            }
            out.write_all(if first { b"[]\n" } else { b"\n]\n" })?;
        }
        Format::Jsonl => {
            for row in rows {
                write_json(&mut out, &row)?;
                out.write_all(b"\n")?;
            }
        }
        // Refused before a command that prints rows begins.
        Format::Sarif | Format::Github => return Err(io::ErrorKind::Unsupported.into()),
        Format::Csv => {
            let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(&mut out);
            csv.write_record(R::COLUMNS)?;
            for row in rows {
                let value = serde_json::to_value(&row)?;
                csv.write_record(R::COLUMNS.iter().map(|column| cell(&value[*column])))?;
            }
            csv.flush()?;
        }
    }
    out.flush()
}

/// Something that is printed as it displays, without a text in between.
#[derive(Debug)]
pub(crate) struct Text<T>(pub(crate) T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

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

/// Shortens `2011-04-01T08:00:00+02:00` to `2011-04-01 08:00`.
pub(crate) fn short(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}
