//! Findings as people read them: file, line and column, the line itself with the place underlined, what is wrong, and help.
//! What is found is decided in `plan::json`, `rules` and `config`; as JSON, findings are printed in `cli`.

mod excerpt;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::finding::{Finding, Severity, visible};
use excerpt::Excerpt;

/// Writes findings for people, in their order, with a line that counts them.
///
/// `source_of` returns the text of a file; without it a finding is told without its line. Nothing is written for no
/// findings.
pub fn render(
    findings: &[Finding],
    source_of: impl Fn(&str) -> Option<String>,
    colour: bool,
) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut report = String::new();
    // Findings come file by file, so that each text is asked for once.
    for findings in findings.chunk_by(|one, next| one.file == next.file) {
        let source = source_of(&findings[0].file);
        let mut lines = source.as_deref().map(excerpt::Lines::new);
        for finding in findings {
            let excerpt = lines.as_mut().map(|lines| lines.excerpt(finding));
            let shown = shown(finding);
            report.push_str(&renderer.render(&[group(&shown, excerpt.as_ref())]));
            report.push_str("\n\n");
        }
    }
    if !findings.is_empty() {
        report.push_str(&summary(findings));
        report.push('\n');
    }
    report
}

/// Counts findings: "2 errors, 1 warning"; "no faults" for none.
pub fn summary(findings: &[Finding]) -> String {
    let kinds = [Severity::Error, Severity::Warning, Severity::Hint];
    let counts =
        kinds.map(|kind| findings.iter().filter(|finding| finding.severity == kind).count());
    let parts: Vec<_> = counts
        .into_iter()
        .zip(kinds)
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| {
            format!("{count} {}{}", kind.word(), if count == 1 { "" } else { "s" })
        })
        .collect();
    if parts.is_empty() { "no faults".to_owned() } else { parts.join(", ") }
}

/// What people are shown of a finding: its words may repeat what stands in the file. An excerpt of the file is the renderer's
/// to show.
fn shown(finding: &Finding) -> Finding {
    Finding {
        // A file's name is one line, whatever is in it.
        file: visible(&finding.file).replace('\n', "␊").into(),
        message: visible(&finding.message).into_owned(),
        help: finding.help.as_deref().map(|help| visible(help).into_owned()),
        ..finding.clone()
    }
}

fn group<'a>(finding: &'a Finding, excerpt: Option<&'a Excerpt>) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    let title = level.primary_title(&*finding.message).id(finding.code);
    let origin = Origin::path(&*finding.file).line(finding.line).char_column(finding.column);
    let group = match excerpt {
        None => title.element(origin),
        Some(excerpt) => {
            let place = AnnotationKind::Primary.span(excerpt.span.clone());
            let snippet =
                Snippet::source(&*excerpt.text).line_start(finding.line).annotation(place);
            if excerpt.is_cut {
                title.element(origin).element(snippet)
            } else {
                title.element(snippet.path(&*finding.file))
            }
        }
    };
    match &finding.help {
        Some(help) => group.element(Level::HELP.message(&**help)),
        None => group,
    }
}
