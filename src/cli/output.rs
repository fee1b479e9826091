//! What commands print: rows as a table, JSON, JSON lines or CSV, from one place.
//! Which columns rows have is in `rows`; what stands in them is computed in `commands`; findings as people read them are printed by `report`.

mod cells;
mod lines;
mod people;
mod rows;

use std::fmt;
use std::io::{self, BufWriter, Write};

use clap::ValueEnum;
use comfy_table::presets;
use comfy_table::{ContentArrangement, Table};
use serde::{Serialize, Serializer};

use crate::finding::visible;

use cells::cell;

pub(crate) use cells::write_json;
pub(crate) use lines::print_lines;
pub(crate) use people::for_people;
pub(crate) use rows::{
    CoverageRow, ExplainRow, FailureRow, FindingRow, ForecastRow, LogRow, ScenarioRow, StatusRow,
    SummaryRow, Tally,
};

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

/// Shortens `2011-04-01T08:00:00+02:00` to `2011-04-01 08:00`.
pub(crate) fn short(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}
