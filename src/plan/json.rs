//! Reading `plan.json`: from text to a plan, or to all its faults at once.
//!
//! A file without fault goes straight through `serde_json` into the types of `file`, and `build` makes a plan of it. Only
//! where there is something to tell is the text scanned into a `tree` of places: `shape` then finds what does not fit the
//! schema and mends it, so that `build` can go on and all faults come in one answer. What a plan *is* is in `plan`.

mod build;
mod data;
mod file;
mod place;
mod scan;
mod shape;
mod text;
mod tree;

use serde::Deserialize;

use self::file::PlanFile;
pub use self::place::{Part, Place, Remarks};
use self::place::{Places, Remark};
use self::shape::Repairs;
use crate::finding::{self, Fault, Finding, Severity};
use crate::plan::Plan;

/// What came of reading a file.
#[derive(Debug)]
pub struct Reading {
    /// The plan; `None` if there is an error among the findings.
    pub plan: Option<Plan>,
    /// All that is to be said about the file, in its order.
    pub findings: Vec<Finding>,
}

/// Reads a plan from the bytes of a file, which people know as `file`.
pub fn read_bytes(bytes: &[u8], file: &str) -> Reading {
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text, file),
        Err(error) => {
            let start = error.valid_up_to();
            let text = String::from_utf8_lossy(bytes);
            let message = "the file is not UTF-8: this byte means nothing in it";
            let fault = Fault::error("not_utf8", start..start + 1, message)
                .help("save the file as UTF-8; it may be Latin-1 or Windows-1252".to_owned());
            Reading { plan: None, findings: finding::locate(file, &text, vec![fault]) }
        }
    }
}

/// Reads a plan from the text of a file, which people know as `file`.
pub fn read(text: &str, file: &str) -> Reading {
    if u32::try_from(text.len()).is_err() {
        let fault = Fault::error("too_large", 0..0, "the file has 4 GiB or more");
        return Reading { plan: None, findings: finding::locate(file, text, vec![fault]) };
    }
    // Windows editors put a byte order mark before the text.
    let json = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (plan, mut faults) = match serde_json::from_str::<PlanFile>(json) {
        Ok(shape) => {
            let (plan, remarks) = build::build(&shape);
            (Some(plan), faults_of(json, remarks.0))
        }
        Err(error) => mend(json, &error),
    };
    let mark = text.len() - json.len();
    for fault in &mut faults {
        fault.span = fault.span.start + mark..fault.span.end + mark;
    }
    let is_faulty = faults.iter().any(|fault| fault.severity == Severity::Error);
    Reading { plan: plan.filter(|_| !is_faulty), findings: finding::locate(file, text, faults) }
}

/// Finds the places of what others have to say about a plan, whose file has this text and no fault.
pub fn remarked(file: &str, text: &str, remarks: Remarks) -> Vec<Finding> {
    finding::locate(file, text, faults_of(text, remarks.0))
}

/// The schema of the whole file.
pub(super) fn schema() -> schemars::Schema {
    let settings = schemars::generate::SchemaSettings::default();
    let settings = settings.with_transform(schemars::transform::RecursiveTransform(unwrap_lines));
    settings.into_generator().into_root_schema_for::<PlanFile<'static>>()
}

/// Makes one line of a description: where a comment's lines end is of no interest to those who write a plan.
fn unwrap_lines(schema: &mut schemars::Schema) {
    if let Some(serde_json::Value::String(description)) = schema.get_mut("description") {
        *description = description.replace('\n', " ");
    }
}

/// Finds the places of remarks about a file whose shape is right.
fn faults_of(json: &str, remarks: Vec<Remark>) -> Vec<Fault> {
    if remarks.is_empty() {
        return Vec::new();
    }
    let (tree, slips) = scan::scan(json);
    let Some(tree) = tree else { return slips };
    let repairs = Repairs::default();
    let places = Places::new(&tree, &repairs);
    remarks.into_iter().filter_map(|remark| places.fault(remark)).collect()
}

/// Finds all that is wrong with a file that `serde_json` refuses for the first fault.
fn mend(json: &str, error: &serde_json::Error) -> (Option<Plan>, Vec<Fault>) {
    let (tree, mut faults) = scan::scan(json);
    if let Some(tree) = tree {
        let schema = schema();
        let mended = shape::mend(&tree, schema.as_value());
        faults.extend(mended.faults);
        if let Ok(shape) = PlanFile::deserialize(&mended.value) {
            let (_, remarks) = build::build(&shape);
            let places = Places::new(&tree, &mended.repairs);
            faults.extend(remarks.0.into_iter().filter_map(|remark| places.fault(remark)));
        }
    }
    // Whatever `serde_json` refuses must be an error, even if nobody here understands it.
    if !faults.iter().any(|fault| fault.severity == Severity::Error) {
        faults.push(unexplained(json, error));
    }
    (None, faults)
}

/// Tells what `serde_json` tells.
fn unexplained(json: &str, error: &serde_json::Error) -> Fault {
    let line_start: usize =
        json.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let start = (line_start + error.column().saturating_sub(1)).min(json.len());
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    Fault::error("syntax", start..start, message)
}
