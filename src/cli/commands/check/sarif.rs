//! Findings in SARIF 2.1.0, the form in which editors and code hosts take them from any checker.
//! The standard is <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::codes;
use crate::finding::{Finding, Severity};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Prints one log of one run; files are named from where the program was started.
pub(super) fn print(
    folder: &Path,
    findings: &[Finding],
    texts: &BTreeMap<String, String>,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &log(folder, findings, texts))?;
    writeln!(out)
}

fn log(folder: &Path, findings: &[Finding], texts: &BTreeMap<String, String>) -> Value {
    // A code is described once, and each result says which description is its own.
    let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let text = texts.get(&*finding.file).map(String::as_str);
            result(folder, finding, text, codes.binary_search(&finding.code).unwrap_or_default())
        })
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "frist",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| description(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn description(code: &str) -> Value {
    let Some(known) = codes::find(code) else { return json!({ "id": code }) };
    json!({
        "id": code,
        "shortDescription": { "text": known.title },
        "fullDescription": { "text": format!("{}\n{}", known.title, known.meaning).trim() },
        "help": { "text": format!("Before:\n{}\n\nAfter:\n{}", known.before, known.after) },
    })
}

fn result(folder: &Path, finding: &Finding, text: Option<&str>, place: usize) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    };
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": place,
        "level": level,
        "message": { "text": message },
    });
    // What stands in the environment or on the command line is in no file.
    if let Some(text) = text {
        let file = super::from_here(folder, &finding.file);
        result["locations"] = json!([{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&file) },
            "region": region(finding, text),
        } }]);
    }
    result
}

/// Returns where a finding stands; its end is the column after its last character.
fn region(finding: &Finding, text: &str) -> Value {
    let mut region = json!({ "startLine": finding.line, "startColumn": finding.column });
    let marked = text.get(finding.span.clone()).unwrap_or_default();
    let marked = marked.lines().next().unwrap_or_default();
    if !marked.is_empty() {
        region["endColumn"] = json!(finding.column + marked.chars().count());
    }
    region
}

/// Writes a path as a relative reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if plain {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}"); // A String takes everything.
        }
    }
    // A first part with a colon would be a scheme, which the escape above rules out; a full path is one of this machine.
    if path.starts_with('/') { format!("file://{uri}") } else { uri }
}
