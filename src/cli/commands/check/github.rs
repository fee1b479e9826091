//! Findings as GitHub's workflows take them from a program's output: one annotation a line.
//! The form is <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>.

use std::io::{self, Write};
use std::path::Path;

use crate::cli::output::for_people;
use crate::finding::{Finding, Severity};

/// Prints one annotation a finding; files are named from where the program was started.
pub(super) fn print(folder: &Path, findings: &[Finding]) -> io::Result<()> {
    let mut out = for_people();
    for finding in findings {
        writeln!(out, "{}", annotation(folder, finding))?;
    }
    Ok(())
}

fn annotation(folder: &Path, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "notice",
    };
    let mut said = finding.message.clone();
    if let Some(help) = &finding.help {
        said.push('\n');
        said.push_str(help);
    }
    let file = super::from_here(folder, &finding.file);
    let (file, title) = (property(&file), property(finding.code));
    let place = format!("file={file},line={},col={},title={title}", finding.line, finding.column);
    format!("::{level} {place}::{}", data(&said))
}

/// Escapes what stands after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_property_or_a_line_is_escaped() {
        let finding = Finding {
            severity: Severity::Hint,
            code: "no_date",
            file: "plans/a,b:c.json".into(),
            span: 0..1,
            line: 3,
            column: 7,
            message: "100% of\r\nit: a, b".to_owned(),
            help: Some("add `due`".to_owned()),
        };
        assert_eq!(
            annotation(Path::new("."), &finding),
            "::notice file=plans/a%2Cb%3Ac.json,line=3,col=7,title=no_date::100%25 of%0D%0Ait: a, b%0Aadd `due`"
        );
        let annotation = annotation(Path::new("oslo"), &finding);
        assert!(annotation.starts_with("::notice file=oslo/plans/"), "{annotation}");
    }
}
